"""Notes on steps, and going back and forward between places."""

from pathlib import Path

from textual.widgets import TextArea

from mxwalk.evidence.journal import dump_trace, read_trace
from mxwalk.evidence.step import StepKind
from mxwalk.session import traces_directory
from tests.tui.driving import app_for, picture, until_paused
from tests.widgets.samples import sample_trace
from tui.app import MxwalkApp
from tui.history import PLACES, History, Place
from tui.request import Request
from tui.settings import Settings
from widgets.findings_list import FindingsList
from widgets.steps_tree import StepsTree


async def test_a_note_written_live_is_saved_at_once_and_shown_at_its_step() -> None:
    async with app_for(scenario="esa-hosted").run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        await pilot.press("n", "n")
        await until_paused(pilot)
        await pilot.press("N")
        await pilot.pause()
        pilot.app.screen.query_one(TextArea).insert("ask [b]Ops[/b] \x1b about it")
        await pilot.press("ctrl+s")
        screen = await until_paused(pilot)
        assert "✎ ask [b]Ops[/b]" in picture(pilot)
        (path,) = traces_directory().iterdir()
        saved = read_trace(path)
        assert saved.steps[-1].kind is StepKind.NOTE
        assert screen.selected is not None
        assert screen.selected.kind is not StepKind.NOTE
        await pilot.press("c")
        await until_paused(pilot)
        assert read_trace(path).damage == ""


async def test_a_note_in_a_replay_is_appended_to_the_file_and_needs_no_step_of_its_own(
    tmp_path: Path,
) -> None:
    path = tmp_path / "walk.mxtrace"
    path.write_bytes(dump_trace(sample_trace()))
    app = MxwalkApp(Request(trace=read_trace(path), path=path), Settings(glyphs="unicode"))
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await until_paused(pilot)
        end = screen.bridge.position
        await pilot.press("p", "p", "N")
        await pilot.pause()
        await pilot.press(*"odd", "ctrl+s")
        await until_paused(pilot)
        assert "✎ odd" in picture(pilot)
        assert read_trace(path).steps[-1].kind is StepKind.NOTE
        at, last = screen.bridge.position
        assert (at, last) == (end[0] - 2, end[1])
        await pilot.press("end")
        await pilot.pause()
        assert screen.bridge.position == end


async def test_a_note_on_a_trace_without_a_file_stays_and_that_is_said() -> None:
    async with app_for(trace=sample_trace()).run_test(size=(120, 36)) as pilot:
        screen = await until_paused(pilot)
        await pilot.press("N")
        await pilot.pause()
        await pilot.press(*"odd", "ctrl+s")
        await until_paused(pilot)
        assert screen.bridge.trace is not None
        assert screen.bridge.trace.steps[-1].kind is StepKind.NOTE
        assert any("The note is in no file: " in one.message for one in pilot.app._notifications)


async def test_back_and_forward_lead_between_the_places_of_jumps() -> None:
    async with app_for(trace=sample_trace()).run_test(size=(120, 36)) as pilot:
        screen = await until_paused(pilot)
        screen.query_one(StepsTree).focus()
        await pilot.press("g", "4", "7")
        await pilot.pause()
        assert screen.view.id == "dnssec"
        await pilot.press("less_than_sign")
        await pilot.pause()
        assert screen.view.id == "chain"
        await pilot.press("less_than_sign")
        await pilot.pause()
        first = screen.here()
        assert screen.query_one(StepsTree).has_focus
        await pilot.press("greater_than_sign", "greater_than_sign")
        await pilot.pause()
        assert screen.view.id == "dnssec"
        screen.query_one(FindingsList).focus()
        await pilot.press("enter", "enter")
        await pilot.pause()
        found = screen.here()
        assert found != first
        await pilot.press("less_than_sign")
        await pilot.pause()
        assert screen.view.id == "dnssec"


def place(number: int) -> Place:
    return Place(view="route", step=number, cursor=None, pane="steps", sender="esa:5")


def test_history_is_bounded_and_a_new_jump_forgets_what_lay_ahead() -> None:
    history = History()
    for number in range(PLACES + 5):
        history.remember(place(number))
    seen = 0
    here = place(-1)
    while (before := history.back(here)) is not None:
        here, seen = before, seen + 1
    assert seen == PLACES
    history.remember(here)
    assert history.forward(here) is None
