"""The hints of the first start and the first walk: shown until put away, and then never again."""

from pathlib import Path

import pytest

import tui.first_hints
from tests.tui.driving import app_for, picture, until_paused, until_shown
from tui.app import MxwalkApp
from tui.first_time import put_away, seen
from tui.settings import Settings
from widgets.text_pane import ChoiceList


@pytest.fixture(autouse=True)
def nothing_seen(own_folders: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tui.first_hints, "seen", seen)
    return own_folders / "state" / "hints-seen.json"


async def test_the_start_tells_what_to_do_until_it_is_put_away() -> None:
    async with MxwalkApp(None, Settings(glyphs="unicode")).run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.1)
        assert "F7 puts this away" in picture(pilot)
        await pilot.press("f7")
        await pilot.pause()
        assert "F7" not in picture(pilot)
    async with MxwalkApp(None, Settings(glyphs="unicode")).run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.1)
        assert "F7" not in picture(pilot)


async def test_the_first_start_leaves_the_list_room() -> None:
    async with MxwalkApp(None, Settings(glyphs="unicode")).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "esa-hosted")  # the list is read beside the first frame
        choices = pilot.app.screen.query_one("#choices", ChoiceList)
        assert sum(choices.rows[at].stop for at, _ in choices.rows_in_view()) >= 4


async def test_the_first_walk_has_its_own_hint() -> None:
    put_away("start")
    async with app_for(scenario="esa-hosted").run_test(size=(80, 24)) as pilot:
        await until_paused(pilot)
        assert "performs the next step" in picture(pilot)
        await pilot.press("f7")
        await pilot.pause()
        assert "performs the next step" not in picture(pilot)
    assert seen() == {"start", "walk"}


@pytest.mark.parametrize("content", ["", "{}", "[1, null]", "\x00", "[" * 60_000])
def test_a_file_that_cannot_be_read_shows_the_hints_again(nothing_seen: Path, content: str) -> None:
    nothing_seen.parent.mkdir()
    nothing_seen.write_text(content)
    assert not seen()
