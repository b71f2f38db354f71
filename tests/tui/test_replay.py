"""A saved walk behaves like a live one, with a cursor that goes both ways."""

from mxwalk.evidence.journal import read_trace
from mxwalk.evidence.step import StepKind
from mxwalk.session import traces_directory
from tests.tui.driving import app_for, picture, until_paused
from tests.widgets.samples import EHLO_1869, sample_trace


async def test_a_saved_walk_opens_at_its_end_with_the_same_picture() -> None:
    async with app_for(scenario="esa-hosted").run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        await pilot.press("c", "5")
        await until_paused(pilot)
        await pilot.press("5")
        await pilot.pause()
        live = picture(pilot).splitlines()
    (saved,) = traces_directory().iterdir()
    async with app_for(trace=read_trace(saved)).run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        await pilot.press("5")
        await pilot.pause()
        replayed = picture(pilot).splitlines()
    assert "replay 29/29" in replayed[0]
    assert live[1:27] == replayed[1:27]  # the wire below may stand at another line


async def test_replay_steps_back_and_forth_and_to_both_ends() -> None:
    trace = sample_trace()
    async with app_for(trace=trace).run_test(size=(120, 36)) as pilot:
        screen = await until_paused(pilot)
        end = len(trace.steps)
        assert screen.bridge.position == (end, end)
        await pilot.press("p", "p")
        await pilot.pause()
        assert screen.bridge.position == (end - 2, end)
        assert screen.selected is trace.steps[end - 3]
        await pilot.press("n")
        await pilot.pause()
        assert screen.bridge.position == (end - 1, end)
        await pilot.press("home")
        await pilot.pause()
        assert screen.bridge.position == (0, end)
        assert "next: resolver" in picture(pilot)
        await pilot.press("end")
        await pilot.pause()
        assert screen.bridge.position == (end, end)


async def test_braces_move_the_replay_to_the_next_and_previous_problem() -> None:
    async with app_for(trace=sample_trace(ehlo=EHLO_1869)).run_test(size=(120, 36)) as pilot:
        screen = await until_paused(pilot)
        await pilot.press("home", "right_curly_bracket", "right_curly_bracket")
        await pilot.pause()
        assert screen.selected is not None
        assert screen.selected.kind is StepKind.EHLO
        await pilot.press("end", "left_curly_bracket")
        await pilot.pause()
        assert screen.selected is not None
        assert screen.selected.kind is StepKind.EHLO


async def test_keys_that_steer_a_live_walk_do_nothing_in_a_replay() -> None:
    trace = sample_trace()
    async with app_for(trace=trace).run_test(size=(120, 36)) as pilot:
        screen = await until_paused(pilot)
        await pilot.press("e", "r", "s", "b")
        await pilot.pause()
        assert pilot.app.screen is screen
        assert screen.bridge.trace == trace


async def test_hostile_trace_is_shown_in_every_view_without_harm() -> None:
    for spoil in (b"\x1b]0;x\x07[/x][@click=app.quit]\xe2\x80\xae", b"\xff\x00\x9b2J", b"[bold"):
        async with app_for(trace=sample_trace(spoil)).run_test(size=(80, 24)) as pilot:
            await until_paused(pilot)
            for key in "123459":
                await pilot.press(key)
                await pilot.pause()
                assert all(line.isprintable() for line in picture(pilot).splitlines())
