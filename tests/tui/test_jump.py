"""Jump mode: labels on what is in view, and where they lead."""

import asyncio

import pytest

from tests.tui.driving import app_for, picture, until_paused
from tests.widgets.samples import sample_trace
from tui.app import MxwalkApp
from tui.jumping import LETTERS, labels, places
from tui.screens.jump import JumpScreen
from tui.settings import Settings
from widgets.findings_list import FindingsList
from widgets.steps_tree import StepsTree


@pytest.mark.parametrize("count", [0, 1, 26, 27, 60, 300])
def test_no_label_is_the_beginning_of_another(count: int) -> None:
    found = labels(count)
    assert len(found) == len(set(found)) == count
    assert not any(a != b and b.startswith(a) for a in found for b in found)
    assert set("".join(found)) <= set(LETTERS)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (40, 12)])
async def test_each_label_lies_on_the_screen_and_leads_to_its_place(size: tuple[int, int]) -> None:
    async with app_for(trace=sample_trace()).run_test(size=size) as pilot:
        screen = await until_paused(pilot)
        found = places(screen)
        assert all(0 <= place.x < size[0] and 0 <= place.y < size[1] for place in found)
        at = next(i for i, one in enumerate(found) if one.row and isinstance(one.widget, StepsTree))
        await pilot.press("semicolon")
        await pilot.pause()
        assert isinstance(pilot.app.screen, JumpScreen)
        await pilot.press(*labels(len(found))[at])
        await pilot.pause()
        tree = screen.query_one(StepsTree)
        assert pilot.app.screen is screen
        assert tree.has_focus
        assert tree.cursor_index == found[at].row


async def test_a_tab_and_back_again() -> None:
    async with app_for(trace=sample_trace()).run_test(size=(120, 36)) as pilot:
        screen = await until_paused(pilot)
        found = places(screen)
        at = next(i for i, one in enumerate(found) if "tlsa" in one.action)
        await pilot.press("ctrl+o", *labels(len(found))[at])
        await pilot.pause()
        assert screen.view.id == "tlsa"
        await pilot.press("less_than_sign")
        await pilot.pause()
        assert screen.view.id == "verdicts"


async def test_labels_follow_a_new_size_and_escape_stays() -> None:
    async with app_for(trace=sample_trace()).run_test(size=(120, 36)) as pilot:
        screen = await until_paused(pilot)
        screen.query_one(FindingsList).focus()
        await pilot.press("semicolon")
        await pilot.pause()
        await pilot.resize_terminal(80, 24)
        tags = pilot.app.screen.query(".label")
        async with asyncio.timeout(20):  # the labels are placed once the screen below has settled
            while len(tags) != len(places(screen)) or any(tag.region.right > 80 for tag in tags):
                await pilot.pause(0.02)
                tags = pilot.app.screen.query(".label")
        assert all(tag.region.right <= 80 and tag.region.bottom <= 24 for tag in tags)
        await pilot.press("escape")
        await pilot.pause()
        assert pilot.app.screen is screen
        assert screen.query_one(FindingsList).has_focus


async def test_jump_mode_reaches_the_field_of_the_start_screen_and_its_lists() -> None:
    async with MxwalkApp(None, Settings(glyphs="unicode")).run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.2)
        await pilot.press("down", "semicolon")
        await pilot.pause()
        assert isinstance(pilot.app.screen, JumpScreen)
        await pilot.press("a")
        await pilot.pause()
        assert pilot.app.focused is not None
        assert pilot.app.focused.id == "target"
        assert "what shall be walked" in picture(pilot)
