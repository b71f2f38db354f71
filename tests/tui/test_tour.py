"""The guided tour on screen: the bar follows what is done, and its keys lead from stop to stop."""

import asyncio

import pytest
from textual.pilot import Pilot

from mxwalk.lab.tour import stops
from mxwalk.language import speaking
from tests.tui.driving import picture, until_shown
from tui.app import MxwalkApp
from tui.bridge import Phase
from tui.request import Request
from tui.screens.walk import Walking
from tui.settings import Settings
from tui.touring import AtStop, Seen, bar_state, request_for
from widgets.tour_bar import TourBar, tour_lines


def touring(number: int = 0) -> MxwalkApp:
    return MxwalkApp(request_for(number), Settings(glyphs="unicode"))


async def settled(pilot: Pilot[None]) -> Walking:
    async with asyncio.timeout(20):
        while True:
            await pilot.pause(0.02)
            screen = pilot.app.screen
            if isinstance(screen, Walking) and screen.bridge.phase not in (
                Phase.OPENING,
                Phase.RUNNING,
            ):
                await pilot.pause()
                return screen


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_doing_what_is_asked_tells_what_there_is_to_see(size: tuple[int, int]) -> None:
    async with touring(1).run_test(size=size) as pilot:
        await settled(pilot)
        await until_shown(pilot, "tour 2 of 12  STARTTLS that is there and is not")
        assert "c all steps" in picture(pilot)
        await pilot.press("c")
        await settled(pilot)
        await until_shown(pilot, "✓ c all steps")
        await pilot.press("2")
        await until_shown(pilot, "stands where the greeting belongs")
        await pilot.press("t")
        await until_shown(pilot, "Setting 5 requires TLS")
        await pilot.press("t")
        await until_shown(pilot, "It delivers in clear")
        await pilot.press("T")
        await until_shown(pilot, "Setting 5 requires TLS")


async def test_behind_the_answer_comes_the_next_stop_in_the_place_of_this_one() -> None:
    async with touring().run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        depth = len(pilot.app.screen_stack)
        for _ in range(4):
            await pilot.press("t")
        await until_shown(pilot, "tour 2 of 12")
        screen = await settled(pilot)
        assert screen.request.scenario == "ehlo-1869"
        assert len(pilot.app.screen_stack) == depth
        await pilot.press("T")
        await until_shown(pilot, "tour 1 of 12")


async def test_leaving_the_tour_stays_in_the_walk() -> None:
    async with touring(2).run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("f9")
        await pilot.pause()
        assert "tour" not in picture(pilot)
        screen = await settled(pilot)
        assert not screen.check_action("tour_next", ())
        await pilot.press("t")
        assert screen.request.scenario == "esa-hosted"


async def test_other_walks_have_no_tour() -> None:
    app = MxwalkApp(Request(scenario="pkix-good"), Settings(glyphs="unicode"))
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await settled(pilot)
        assert not screen.query("#tour")
        assert not screen.check_action("tour_next", ())


async def test_the_start_screen_leads_to_the_tour_by_its_key() -> None:
    async with MxwalkApp(None, Settings(glyphs="unicode")).run_test(size=(120, 36)) as pilot:
        await pilot.press("f9")
        await until_shown(pilot, "tour 1 of 12")
        await settled(pilot)
        await pilot.press("q")
        await until_shown(pilot, "what shall be walked?")


async def test_the_start_screen_leads_to_the_tour_by_its_row_which_tells_the_stops() -> None:
    async with MxwalkApp(None, Settings(glyphs="unicode")).run_test(size=(120, 36)) as pilot:
        await until_shown(pilot, "the guided tour")
        await pilot.press("down")
        await until_shown(pilot, "One step at a time")
        await pilot.press("enter")
        await until_shown(pilot, "tour 1 of 12")


async def test_the_end_of_the_tour_leaves_the_walk_as_it_is() -> None:
    last = len(stops()) - 1
    async with touring(last).run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for _ in range(4):
            await pilot.press("t")
        await pilot.pause(0.1)
        screen = await settled(pilot)
        assert not screen.query("#tour")


@pytest.mark.parametrize("width", [77, 117])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_bar_shows_all_its_lines(language: str, width: int) -> None:
    with speaking(language):
        for number in range(len(stops())):
            place = AtStop(number)
            while place is not None and place.number == number:
                lines = tour_lines(bar_state(place, {}), width)
                assert sum(len(piece.wrap(width)) for piece in lines) <= 7
                place = place.onward()


async def test_the_bar_is_as_high_as_its_lines() -> None:
    async with touring(0).run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        bar = pilot.app.screen.query_one(TourBar)
        for size in ((120, 36), (80, 24), (60, 24)):
            await pilot.resize_terminal(*size)
            async with asyncio.timeout(10):
                while bar.content_size.height != lines_of(bar, size[0] - 3):  # edge and padding
                    await pilot.pause(0.05)


def lines_of(bar: TourBar, width: int) -> int:
    assert bar.state is not None
    return sum(len(one.wrap(width)) for one in tour_lines(bar.state, width))


def test_tasks_count_in_their_order_only() -> None:
    place = AtStop(1).seeing(Seen(view="ehlo"))
    assert place.done == frozenset()
    place = place.seeing(Seen(view="ehlo", is_over=True))
    assert place.done == {0, 1}
    assert place.part == 1


def test_keys_are_shown_as_mapped() -> None:
    state = bar_state(AtStop(0), {"walk.next": "space", "tour.next": "f12"})
    assert state.to_do[0].key == "Space"
    assert state.keys[0][0] == "F12"


async def test_in_a_low_terminal_the_pane_in_use_has_the_room_that_the_bar_leaves() -> None:
    async with touring(1).run_test(size=(60, 18)) as pilot:
        screen = await settled(pilot)
        await pilot.press("2")
        await pilot.pause()
        assert screen.has_class("-tiny")
        assert screen.query_one("#view-ehlo").region.height >= 4
