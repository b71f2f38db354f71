"""The catalogue's screen: a code is typed at once, and Enter reads it."""

from tui.app import MxwalkApp
from tui.screens.catalogue import CatalogueScreen, CodeList
from tui.screens.explain import EntryScreen


async def test_a_code_typed_in_the_catalogue_filters_it_and_enter_reads_it():
    app = MxwalkApp(None)
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(CatalogueScreen())
        await pilot.pause()
        await pilot.press("D", "N", "S", "0")
        codes = app.screen.query_one(CodeList)
        assert codes.filter.text == "DNS0"
        first = next(row.key for row in codes.rows if row.stop)
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, EntryScreen)
        assert str(first).startswith("DNS0")
