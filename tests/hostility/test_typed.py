"""What a person pastes into a field is no evidence, and acts on the terminal as little."""

from textual import events
from textual.pilot import Pilot
from textual.widgets import Input, Static, TextArea

from tests.hostile import BUNDLES, CORPUS
from tests.hostility.screens import acting
from tests.hostility.seen import unseen
from tests.keywalks.sealed import sealed
from tests.keywalks.watched import WatchedApp, settle
from tests.widgets.samples import sample_trace
from tui.request import Request
from tui.screens.clues import CluesScreen
from tui.settings import Settings
from widgets.only_visible import OnlyVisible

_TEXTS = [*BUNDLES.values(), *(one.octets[:400] for one in CORPUS[::8])]


async def _paste(app: WatchedApp, pilot: Pilot[None], text: str) -> None:
    assert app.focused is not None
    app.focused.post_message(events.Paste(text))
    assert await settle(pilot, app)


async def _pasted_as_text(app: WatchedApp, pilot: Pilot[None]) -> None:
    for raw in _TEXTS:
        await _paste(app, pilot, raw.decode("utf-8", "replace"))
        assert list(acting(app)) == []
        field = app.focused
        if isinstance(field, Input):
            field.value = ""
        elif isinstance(field, TextArea):
            field.text = ""
        elif isinstance(app.screen, CluesScreen):  # it was understood
            await pilot.press("escape")
            await settle(pilot, app)


async def test_the_start_screen_shows_what_was_pasted_as_text() -> None:
    with sealed():
        app = WatchedApp(None, Settings())
        async with app.run_test(size=(100, 30), message_hook=app.hook) as pilot:
            await settle(pilot, app)
            await _pasted_as_text(app, pilot)
            await pilot.press("f5")
            await settle(pilot, app)
            assert isinstance(app.focused, TextArea)
            await _pasted_as_text(app, pilot)
            assert app.failed == []


async def test_the_fields_of_a_walk_show_what_was_pasted_as_text() -> None:
    with sealed():
        app = WatchedApp(Request(trace=sample_trace()), Settings())
        async with app.run_test(size=(100, 30), message_hook=app.hook) as pilot:
            await settle(pilot, app)
            for key in ("slash", "colon", "N", "x"):
                await pilot.press(key)
                await settle(pilot, app)
                if key == "x":
                    app.screen.query_one("#path").focus()
                for raw in BUNDLES.values():
                    await _paste(app, pilot, raw.decode("utf-8", "replace"))
                    assert list(acting(app)) == []
                await pilot.press("escape", "escape")
                await settle(pilot, app)
            assert app.failed == []


async def test_notices_and_copies_are_made_visible_and_lines_have_a_last_guard() -> None:
    with sealed():
        app = WatchedApp(Request(trace=sample_trace()), Settings())
        async with app.run_test(size=(100, 30), notifications=True) as pilot:
            await settle(pilot, app)
            for raw in BUNDLES.values():
                text = raw.decode("utf-8", "replace")
                app.notify(text, title=text, markup=False)
                app.copy_to_clipboard(text)
                await settle(pilot, app)
                assert list(unseen(app.clipboard)) == []
                assert list(acting(app)) == []
            await app.screen.mount(
                Static("a\x1b]0;x\x07\u202e\u3164\ufe0f b\u200b\u3000c", markup=False)
            )
            await settle(pilot, app)
            assert any(
                "a]0;x b??c" in strip.text for strip in app.screen._compositor.render_strips()
            )
            app._filters = [one for one in app._filters if not isinstance(one, OnlyVisible)]
            app.refresh(layout=True)
            app.screen.query(Static).last().refresh(layout=True)
            await settle(pilot, app)
            assert list(acting(app))
