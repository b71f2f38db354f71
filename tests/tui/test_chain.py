"""The chain view in the application: its keys, the date dialog, and Escape one level at a time."""

from tests.tui.driving import app_for, picture, screen_of, until_paused
from tests.widgets.samples import sample_trace
from tui.actions import known_ids
from tui.screens.chain_date import ChainDateScreen
from tui.screens.walk import WalkScreen
from widgets.chain_view import ChainView


async def test_a_evaluates_at_another_date_and_escape_goes_back_one_level() -> None:
    async with app_for(trace=sample_trace()).run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        await pilot.press("4")
        assert "✓ TRUSTED by the lab store until 2027-01-20" in picture(pilot)
        await pilot.press("a")
        assert isinstance(pilot.app.screen, ChainDateScreen)
        await pilot.press(*"+61")
        await pilot.pause()
        assert "→ 2027-01-21 20:00 UTC" in picture(pilot)
        await pilot.press("enter")
        await pilot.pause()
        text = picture(pilot)
        assert "! AT 2027-01-21 20:00 UTC: not the walk's verdict" in text
        assert "✗ NOT TRUSTED: the server's certificate expired on 2027-01-20" in text
        assert "at 2027-01-21 20:00 UTC" in text.splitlines()[1]
        await pilot.press("escape")
        assert "✓ TRUSTED by the lab store until 2027-01-20" in picture(pilot)
        assert isinstance(pilot.app.focused, ChainView)
        await pilot.press("escape")  # the next level is the screen's
        assert not isinstance(pilot.app.focused, ChainView)


async def test_no_verdict_changes_by_looking_at_another_date() -> None:
    async with app_for(trace=sample_trace()).run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        await pilot.press("4", "a", *"+900", "enter")
        await pilot.pause()
        assert "✗ NOT TRUSTED" in picture(pilot)
        assert "delivered, verified" in picture(pilot).splitlines()[0]
        await pilot.press("n", "p")
        await pilot.press("4")
        assert "! AT " in picture(pilot)


async def test_the_dialog_says_what_is_no_date_and_stays_open() -> None:
    async with app_for(trace=sample_trace()).run_test(size=(80, 24)) as pilot:
        await until_paused(pilot)
        await pilot.press("4", "a", *"soon", "enter")
        await pilot.pause()
        assert "✗ no date" in picture(pilot)
        assert isinstance(pilot.app.screen, ChainDateScreen)
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, WalkScreen)
        assert "! AT " not in picture(pilot)


async def test_an_empty_field_means_now() -> None:
    async with app_for(trace=sample_trace()).run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        await pilot.press("4", "a", "enter")
        await pilot.pause()
        view = screen_of(pilot).query_one(ChainView)
        assert view.moved_to is not None
        assert view.moved_to.year >= 2026


async def test_y_copies_what_is_under_the_cursor() -> None:
    async with app_for(trace=sample_trace()).run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        await pilot.press("4", "y")
        assert pilot.app.clipboard.startswith("-----BEGIN CERTIFICATE-----\n")
        await pilot.press("l", "y")
        assert pilot.app.clipboard.splitlines()[1:] == [
            "DNS:*.emailhosted.not",
            "DNS:emailhosted.not",
        ]
        await pilot.press("h", "enter", "y")
        assert pilot.app.clipboard == "CN=*.emailhosted.not"


async def test_without_a_chain_a_does_nothing() -> None:
    async with app_for(scenario="pkix-good").run_test(size=(80, 24)) as pilot:
        await until_paused(pilot)
        await pilot.press("4", "a", "l", "j", "enter", "y")
        await pilot.pause()
        assert isinstance(pilot.app.screen, WalkScreen)
        assert "No certificates yet" in picture(pilot)


async def test_help_lists_the_keys_of_the_view_and_settings_may_remap_them() -> None:
    async with app_for(trace=sample_trace()).run_test(size=(120, 60)) as pilot:
        await until_paused(pilot)
        await pilot.press("4", "question_mark")
        await pilot.pause()
        text = picture(pilot)
        assert "Evaluate at another date" in text
        assert "Tab to the right" in text
    assert {"chain.date", "chain.left", "chain.right", "chain.own-time"} <= known_ids()


async def test_everything_is_reached_at_80x24() -> None:
    async with app_for(scenario="pkix-extras").run_test(size=(80, 24)) as pilot:
        await until_paused(pilot)
        await pilot.press("c")
        await until_paused(pilot)
        await pilot.press("4")
        await pilot.pause()
        seen = picture(pilot)
        for _ in range(4):
            await pilot.press("j")
            seen += picture(pilot)
        view = screen_of(pilot).query_one(ChainView)
        assert view.selected == 4
        await pilot.press("enter")
        for _ in range(40):
            seen += picture(pilot)
            await pilot.press("j")
        drawn = "".join(seen.split())
        for row in view.rows:
            for part in row.lines:
                assert "".join(part.plain.split()) in drawn, part.plain
