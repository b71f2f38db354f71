"""What is not kept and what is not whole is said as long as it holds, at every size."""

import asyncio
import threading
from pathlib import Path

import msgspec
import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

import tui.saved_words
import tui.screens.start
from mxwalk.delivery.notes import notes_of
from mxwalk.errors import UsageError
from mxwalk.evidence.journal import dump_trace, read_trace
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.target import Options
from mxwalk.evidence.trace import Trace
from mxwalk.files import make_directory
from mxwalk.saved import same_target
from mxwalk.session import traces_directory
from mxwalk.walk.target import parse_target
from tests.lab.walks import walked
from tests.resources.full import full_after
from tests.tui.driving import app_for, picture, screen_of, until_paused, until_shown
from tui.app import MxwalkApp
from tui.bridge import Phase
from tui.first_hints import end_lines, walk_lines
from tui.request import Request
from tui.saved_words import came_of, name_of, not_saved, told_of
from tui.screens.export import ExportScreen
from tui.screens.leave_unsaved import LeaveUnsavedScreen
from tui.screens.walk_base import WalkBase
from tui.settings import Settings
from tui.walk_options import options_from
from widgets.text_pane import Choice
from widgets.wire_view import WireView

SIZES = [(60, 18), (80, 24), (120, 36), (200, 60)]


def flat(pilot: Pilot[None]) -> str:
    """Return the screen's words on one line: where they are wrapped is no matter."""
    return " ".join(picture(pilot).split())


def words_of(pilot: Pilot[None]) -> str:
    """Return the question of the window that is open."""
    return str(pilot.app.screen.query(Static).first().content)


@pytest.fixture
def no_folder(tmp_path: Path) -> Path:
    """A file where the folder of saved walks would be: root can write everywhere else."""
    (tmp_path / "state").write_text("no folder\n")
    return tmp_path


async def leave(pilot: Pilot[None]) -> None:
    await pilot.press("q")
    async with asyncio.timeout(20):
        while isinstance(pilot.app.screen, WalkBase) and pilot.app.is_running:
            await pilot.pause(0.02)


@pytest.mark.parametrize("size", SIZES)
async def test_a_walk_that_is_not_saved_says_so_lastingly(
    no_folder: Path, size: tuple[int, int]
) -> None:
    async with app_for(scenario="pkix-good").run_test(size=size) as pilot:
        await until_paused(pilot)
        pilot.app.clear_notifications()
        await pilot.press("n")
        await until_paused(pilot)
        assert "This walk is not saved: leaving loses it. x writes it to a file." in flat(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_before_the_first_step_it_is_said_already_that_none_is_saved(
    no_folder: Path, size: tuple[int, int]
) -> None:
    async with app_for(scenario="pkix-good").run_test(size=size) as pilot:
        await until_paused(pilot)
        pilot.app.clear_notifications()
        await pilot.pause()
        said = flat(pilot)
        assert "This walk is not saved: cannot make the directory" in said
        assert "a file is in the way" in said
        assert "is kept" not in said
        await leave(pilot)
        assert not isinstance(pilot.app.screen, LeaveUnsavedScreen)  # nothing is lost


def test_a_file_in_the_place_of_the_folder_is_named(
    no_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = not_saved()
    assert said == f"walks are not saved: a file is in the way ({no_folder / 'state'})"
    monkeypatch.setenv("HOME", str(no_folder))
    assert not_saved() == "walks are not saved: a file is in the way (~/state)"
    with pytest.raises(OSError, match="a file is in the way") as caught:
        make_directory(traces_directory())
    assert caught.value.filename == str(no_folder / "state")


async def test_leaving_a_walk_that_is_not_saved_asks_and_says_why(no_folder: Path) -> None:
    async with app_for(scenario="pkix-good").run_test(size=(80, 24)) as pilot:
        await until_paused(pilot)
        await pilot.press("n")
        await until_paused(pilot)
        await leave(pilot)
        assert isinstance(pilot.app.screen, LeaveUnsavedScreen)
        assert "This walk is not saved: " in words_of(pilot)
        assert "Leaving loses it." in words_of(pilot)
        assert words_of(pilot).count("not saved") == 1
        assert "s saves it elsewhere" in picture(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(pilot.app.screen, WalkBase)


async def test_quitting_from_anywhere_asks_before_a_walk_that_is_not_saved_is_lost(
    no_folder: Path,
) -> None:
    async with app_for(scenario="pkix-good").run_test(size=(80, 24)) as pilot:
        await until_paused(pilot)
        await pilot.press("n")
        await until_paused(pilot)
        await pilot.press("ctrl+q")
        await pilot.pause()
        assert isinstance(pilot.app.screen, LeaveUnsavedScreen)
        assert "This walk is not saved: " in words_of(pilot)
        assert "Leaving loses it." in words_of(pilot)
        await pilot.press("s")
        await until_shown(pilot, "export")
        assert isinstance(pilot.app.screen, ExportScreen)


async def test_a_walk_that_is_not_saved_is_saved_elsewhere_and_left_unasked(
    no_folder: Path,
) -> None:
    target = no_folder / "mine.mxtrace"
    async with app_for(scenario="pkix-good").run_test(size=(80, 24)) as pilot:
        await until_paused(pilot)
        await pilot.press("n")
        await until_paused(pilot)
        await leave(pilot)
        await pilot.press("s")
        await until_shown(pilot, "export")
        assert isinstance(pilot.app.screen, ExportScreen)
        pilot.app.screen.query_one("#path", Input).value = str(target)
        await pilot.pause()
        await pilot.press("ctrl+s")
        async with asyncio.timeout(20):
            while isinstance(pilot.app.screen, ExportScreen):
                await pilot.pause(0.02)
        assert len(read_trace(target).steps) == 1
        await pilot.pause()
        assert "not saved" not in screen_of(pilot).bridge.loses
        assert not screen_of(pilot).bridge.unsaved
        await pilot.press("n")
        await until_paused(pilot)
        assert screen_of(pilot).bridge.unsaved  # what came since is in no file


async def test_a_disk_that_fills_is_said_lastingly_and_leaves_an_unfinished_walk() -> None:
    with full_after(6_000):
        async with app_for(scenario="dane-good").run_test(size=(80, 24)) as pilot:
            await until_paused(pilot)
            await pilot.press("c")
            await until_paused(pilot)
            assert screen_of(pilot).bridge.phase is Phase.OVER
            pilot.app.clear_notifications()
            await pilot.pause()
            assert "This walk is no longer saved: leaving loses what came since." in flat(pilot)
    (path,) = traces_directory().iterdir()
    async with app_for().run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "unfinished: ")
        assert "dane-good" in picture(pilot)
    assert came_of(read_trace(path)).plain.startswith("unfinished: ")


async def test_a_start_that_cannot_save_promises_nothing(no_folder: Path) -> None:
    async with app_for().run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "walks are not saved: ")
        assert "every walk is saved" not in picture(pilot)


def test_the_first_hint_says_that_a_walk_is_kept_only_where_it_is() -> None:
    for kept in (True, False):
        for lines in (walk_lines(kept=kept), end_lines(writes=False, kept=kept)):
            said = " ".join(one.plain for one in lines)
            assert ("the walk is kept" in said) is kept
            assert ("it is not saved" in said) is not kept
            assert all(one.cell_length <= 48 for one in lines[-1:])  # its end is F7's, at 80


@pytest.mark.parametrize("size", SIZES)
async def test_a_trace_cut_in_its_last_line_shows_its_damage_at_once(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    path = tmp_path / "cut.mxtrace"
    path.write_bytes(dump_trace((await walked("pkix-good")).trace)[:-20])
    trace = read_trace(path)
    async with app_for(trace=trace).run_test(size=size) as pilot:
        await until_paused(pilot)
        assert f"This trace is damaged: {trace.damage}." in flat(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_trace_damaged_in_its_middle_is_not_called_unfinished(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    lines = dump_trace((await walked("pkix-good")).trace).splitlines(keepends=True)
    lines[6] = b"?" + lines[6][1:]
    path = tmp_path / "bad.mxtrace"
    path.write_bytes(b"".join(lines))
    async with app_for(trace=read_trace(path)).run_test(size=size) as pilot:
        await until_paused(pilot)
        said = flat(pilot)
        assert f"lines 8 to {len(lines)} are not used" in said
        assert "nfinished" not in said
        assert "broken off" not in said
        check_head(pilot, size, "damaged here: ? inconclusive", "damaged: ? inconclusive")
    assert came_of(read_trace(path)).plain.startswith("damaged: ")


def check_head(pilot: Pilot[None], size: tuple[int, int], words: str, fewer: str) -> None:
    """At 80 columns a notice, as of a slow machine, leaves room for fewer words, and nothing else does."""
    head = picture(pilot).splitlines()[0]
    assert (fewer if size[0] == 80 and "notice" in head else f", {words}") in head


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_walk_left_midway_is_shown_as_one(size: tuple[int, int]) -> None:
    async with app_for(scenario="pkix-good").run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        while screen_of(pilot).bridge.pending.kind is not StepKind.EHLO:
            await pilot.press("n")
            await until_paused(pilot)
        await leave(pilot)
        await pilot.press("tab", "enter")  # leaving sends QUIT
        async with asyncio.timeout(20):
            while pilot.app.is_running:
                await pilot.pause(0.02)
    (path,) = traces_directory().iterdir()
    trace = read_trace(path)
    assert trace.steps[-1].kind is StepKind.QUIT
    assert came_of(trace).plain == "unfinished: ? inconclusive"
    async with app_for(trace=trace).run_test(size=size) as pilot:
        await until_paused(pilot)
        assert "Unfinished: the walk was ended by decision before EHLO." in flat(pilot)
        check_head(pilot, size, "ended here: ? inconclusive", "ended early: ? inconclusive")


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_the_header_says_at_every_width_that_a_delivered_walk_is_broken_off(
    size: tuple[int, int],
) -> None:
    whole = (await walked("pkix-good")).trace
    async with app_for(trace=Trace(header=whole.header, steps=whole.steps[:-1])).run_test(
        size=size
    ) as pilot:
        await until_paused(pilot)
        head = picture(pilot).splitlines()[0]
        assert ("broken off here: " if size[0] > 80 else "broken off: ") + "✓ deliv" in head


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_line_of_a_saved_walk_is_neither_glued_nor_clipped(size: tuple[int, int]) -> None:
    whole = (await walked("pkix-good")).trace
    long = headed(whole, "user@nonexistent.example")
    traces_directory().mkdir(parents=True)
    for name, trace in (
        ("long", long),
        ("cut", Trace(header=whole.header, steps=whole.steps[:-1])),
    ):
        (traces_directory() / f"20261122T100000Z-{name}.mxtrace").write_bytes(dump_trace(trace))
    async with app_for().run_test(size=size) as pilot:
        await until_shown(pilot, "unfinished: ✓")
        lines = picture(pilot).splitlines()
        assert any("user@nonexistent.example 20" in one for one in lines)
        (cut,) = (one for one in lines if "unfinished: ✓" in one)
        assert "…" not in cut.split("│")[0]


@pytest.mark.parametrize("size", SIZES)
async def test_two_traces_in_one_file_show_the_damage_at_once(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    path = tmp_path / "two.mxtrace"
    path.write_bytes(dump_trace((await walked("pkix-good")).trace) * 2)
    async with app_for(trace=read_trace(path)).run_test(size=size) as pilot:
        await until_paused(pilot)
        assert "This trace is damaged: line " in flat(pilot)
        assert "unfinished" not in flat(pilot)
    assert came_of(read_trace(path)).plain.startswith("damaged: ")


@pytest.mark.parametrize("size", SIZES)
async def test_a_trace_that_was_broken_off_says_after_which_step(size: tuple[int, int]) -> None:
    whole = (await walked("pkix-good")).trace
    cut = Trace(header=whole.header, steps=whole.steps[:7])
    async with app_for(trace=cut).run_test(size=size) as pilot:
        await until_paused(pilot)
        assert "Unfinished: broken off after step 7 (" in flat(pilot)
        assert "inconclusive so far" not in flat(pilot)  # it cannot go on
    async with app_for(trace=whole).run_test(size=size) as pilot:
        await until_paused(pilot)
        assert "Unfinished" not in flat(pilot)


async def test_what_an_unfinished_trace_does_not_have_is_not_still_to_come() -> None:
    whole = (await walked("pkix-good")).trace
    at = next(step.seq for step in whole.steps if step.kind.value == "greeting")
    cut = Trace(header=whole.header, steps=whole.steps[:at])
    async with app_for(trace=cut).run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        for key, nothing in (("3", "No TLS"), ("4", "No certificates"), ("5", "No names")):
            await pilot.press(key)
            await pilot.pause()
            assert f"the trace breaks off after step {at} (greeting)." in flat(pilot)
            assert nothing in picture(pilot)
            assert " yet" not in picture(pilot).split("findings")[0]


async def test_what_a_dead_connection_does_not_have_says_where_it_ended() -> None:
    async with app_for(trace=(await walked("reset")).trace).run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        for key in "345":
            await pilot.press(key)
            await pilot.pause()
            assert "the connection ended in step " in flat(pilot)
            assert "yet" not in picture(pilot).split("findings")[0]


async def test_a_walk_to_an_address_says_that_there_is_nothing_to_validate() -> None:
    whole = (await walked("pkix-good")).trace
    header = msgspec.structs.replace(whole.header, target=parse_target("[127.0.0.1]:2602"))
    async with app_for(trace=Trace(header=header, steps=whole.steps[:1])).run_test(
        size=(120, 36)
    ) as pilot:
        await until_paused(pilot)
        await pilot.press("7")
        await pilot.pause()
        assert "Nothing to validate: an address was named" in flat(pilot)
        assert "has not looked anything up" not in flat(pilot)


def test_the_wire_says_that_the_step_at_hand_is_shown_when_it_ends() -> None:
    wire = WireView()
    wire.show((), None, "wait for the greeting")
    said = " ".join(part.plain for row in wire.rows_for(80) for part in row.lines)
    assert said.startswith("wait for the greeting: what this step sends and receives is shown")
    wire.show((), None)
    assert not list(wire.rows_for(80))


async def test_the_wire_of_a_walk_that_is_over_has_no_yet() -> None:
    whole = (await walked("pkix-good")).trace
    async with app_for(trace=Trace(header=whole.header, steps=whole.steps[:1])).run_test(
        size=(120, 36)
    ) as pilot:
        await until_paused(pilot)
        assert "Nothing was sent or received." in picture(pilot)


def headed(whole: Trace, target: str, port: int = 25) -> Trace:
    header = msgspec.structs.replace(
        whole.header,
        target=parse_target(target),
        scenario="",
        options=msgspec.structs.replace(whole.header.options, port=port),
    )
    return Trace(header=header, steps=whole.steps)


async def test_walks_of_one_address_are_told_apart_by_port_verdict_and_end() -> None:
    whole = (await walked("pkix-good")).trace
    one, other = headed(whole, "[127.0.0.1]:2607"), headed(whole, "[127.0.0.1]:2611")
    assert name_of(one.header) == "[127.0.0.1]:2607"
    assert name_of(headed(whole, "example.com", 2525).header) == "example.com :2525"
    assert name_of(headed(whole, "example.com").header) == "example.com"
    assert came_of(whole).plain == "✓ delivered, verified"
    assert came_of(Trace(header=whole.header, steps=whole.steps[:5])).plain.startswith(
        "unfinished: "
    )
    assert same_target(one.header, one.header)
    assert not same_target(one.header, other.header)
    assert not same_target(
        headed(whole, "example.com", 2525).header, headed(whole, "example.com").header
    )


async def test_the_start_list_names_port_and_verdict() -> None:
    whole = (await walked("pkix-good")).trace
    traces_directory().mkdir(parents=True)
    saved = (headed(whole, "[127.0.0.1]:2607"), headed(whole, "[127.0.0.1]:2611"), whole)
    for number, trace in enumerate(saved):
        path = traces_directory() / f"20261122T10000{number}Z-127.0.0.1.mxtrace"
        path.write_bytes(dump_trace(trace))
    async with app_for().run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "delivered, verified")
        lines = picture(pilot).splitlines()
        assert any("pkix-good" in one and "✓ delivered, verified" in one for one in lines)
        assert any("[127.0.0.1]:2607" in one and "unfinished: " in one for one in lines)
        assert any("[127.0.0.1]:2611" in one for one in lines)


async def test_a_saved_walk_is_judged_for_the_start_list_up_to_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "walk.mxtrace"
    path.write_bytes(dump_trace((await walked("pkix-good")).trace))
    size = path.stat().st_size
    monkeypatch.setattr(tui.saved_words, "SAVED_WALK_TOLD_BYTES", size)
    told = told_of(path)
    assert told is not None
    assert told.came.plain == "✓ delivered, verified"
    monkeypatch.setattr(tui.saved_words, "SAVED_WALK_TOLD_BYTES", size - 1)
    assert told_of(path) is None


def test_a_fault_in_a_field_of_the_start_names_the_field_and_no_option() -> None:
    for name, value, label in (
        ("route", "mx.example.net:0", "SMTP routes mx.example.net:0: "),
        ("resolver", "nowhere", "resolver nowhere: "),
        ("helo", "[x]", "HELO name"),
        ("port", "0", "port: "),
    ):
        with pytest.raises(UsageError) as told:
            options_from({name: value}, Options())
        assert not str(told.value).startswith("--")
        assert str(told.value).startswith(label) or label == "HELO name"


async def test_a_notice_leaves_hint_and_footer_in_view(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.first_hints.seen", frozenset)
    async with app_for(scenario="pkix-good").run_test(size=(80, 24), notifications=True) as pilot:
        await until_paused(pilot)
        pilot.app.notify("a notice that has more words than there is room for " * 3, timeout=60)
        await until_shown(pilot, "a notice that")
        await pilot.pause()
        await pilot.pause()
        assert "puts this away for good" in flat(pilot)
        assert "1-9 choose a view" in picture(pilot)


async def test_a_second_ctrl_q_is_no_answer_to_the_question(no_folder: Path) -> None:
    async with app_for(scenario="pkix-good").run_test(size=(80, 24)) as pilot:
        await until_paused(pilot)
        await pilot.press("n")
        await until_paused(pilot)
        for key in ("q", "ctrl+q"):
            await pilot.press(key)
            await until_shown(pilot, "Leaving loses it.")
            await pilot.press("ctrl+q", "ctrl+q")
            await pilot.pause()
            assert isinstance(pilot.app.screen, LeaveUnsavedScreen)
            assert sum(isinstance(one, LeaveUnsavedScreen) for one in pilot.app.screen_stack) == 1
            told = [one.message for one in pilot.app._notifications]
            assert "This is asked first: Tab, then Enter, loses it; Esc stays." in told
            await pilot.press("escape")
            await pilot.pause()
            assert isinstance(pilot.app.screen, WalkBase)
        await pilot.press("ctrl+q")
        await pilot.pause()
        await pilot.press("tab", "enter")
        await pilot.pause()
        assert pilot.app._exit


@pytest.mark.parametrize("size", SIZES)
async def test_a_note_that_no_file_has_is_said_as_long_as_it_holds_and_leaving_asks(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    trace, target = (await walked("pkix-good")).trace, tmp_path / "mine.mxtrace"
    async with app_for(trace=trace).run_test(size=size) as pilot:
        screen = await until_paused(pilot)
        assert not screen.bridge.unsaved
        await pilot.press("N")
        await pilot.pause()
        await pilot.press(*"odd", "ctrl+s")
        await until_paused(pilot)
        told = [one.message for one in pilot.app._notifications]
        assert any(one.startswith("The note is in no file: the trace did not") for one in told)
        assert any("Leaving loses it" in one for one in told)
        pilot.app.clear_notifications()
        await pilot.pause()
        banner = "What you noted is in no file: leaving loses it. x writes it to a file."
        assert banner in flat(pilot)
        for key in ("q", "ctrl+q"):
            await pilot.press(key)
            await until_shown(pilot, "Leaving")
            assert isinstance(pilot.app.screen, LeaveUnsavedScreen)
            assert words_of(pilot) == (
                "What you noted is in no file: the trace did not come from a file."
                " Leaving loses it."
            )
            await pilot.press("escape")
            await pilot.pause()
        await leave(pilot)
        await pilot.press("s")
        await until_shown(pilot, "export")
        pilot.app.screen.query_one("#path", Input).value = str(target)
        await pilot.pause()
        await pilot.press("ctrl+s")
        async with asyncio.timeout(20):
            while isinstance(pilot.app.screen, ExportScreen):
                await pilot.pause(0.02)
        assert [*notes_of(read_trace(target)).values()] == ["odd"]
        await pilot.pause()
        assert not screen.bridge.unsaved
        assert banner not in flat(pilot)
        await leave(pilot)
        assert not pilot.app.is_running or not isinstance(pilot.app.screen, LeaveUnsavedScreen)


async def test_notes_that_did_not_fit_come_into_the_file_with_the_next_one(tmp_path: Path) -> None:
    path = tmp_path / "walk.mxtrace"
    path.write_bytes(dump_trace((await walked("pkix-good")).trace))
    app = MxwalkApp(Request(trace=read_trace(path), path=path), Settings(glyphs="unicode"))
    async with app.run_test(size=(80, 24)) as pilot:
        bridge = (await until_paused(pilot)).bridge
        with full_after(path.stat().st_size + 10):
            assert bridge.note(1, "one").startswith("The note is in no file: ")
        assert bridge.unsaved
        assert bridge.note(2, "two") == ""
        assert not bridge.unsaved
        assert bridge.trace == read_trace(path)
    assert notes_of(read_trace(path)) == {1: "one", 2: "two"}


async def test_a_note_that_is_taken_back_is_not_lost(tmp_path: Path) -> None:
    async with app_for(trace=(await walked("pkix-good")).trace).run_test(size=(80, 24)) as pilot:
        bridge = (await until_paused(pilot)).bridge
        bridge.note(1, "one")
        assert bridge.unsaved
        bridge.note(1, "")
        assert not bridge.unsaved


async def test_the_wire_of_a_walk_that_goes_on_again_has_its_yet_again() -> None:
    async with app_for(scenario="refused").run_test(size=(120, 36)) as pilot:
        screen = await until_paused(pilot)
        assert "Nothing was sent or received yet." in picture(pilot)
        await pilot.press("c")
        await until_paused(pilot)
        assert screen.bridge.phase is Phase.OVER
        assert "Nothing was sent or received." in picture(pilot)
        assert screen.moment is not None
        steps = screen.moment.trace.steps
        screen.select(next(step for step in steps if step.kind is StepKind.CONNECT))
        await pilot.press("r")
        await until_paused(pilot)
        assert screen.bridge.is_going
        assert "Nothing was sent or received yet." in picture(pilot)


async def test_saved_walks_are_judged_once_and_leaving_does_not_wait_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = (await walked("pkix-good")).trace
    traces_directory().mkdir(parents=True)
    path = traces_directory() / "20261122T100000Z-example.com.mxtrace"
    path.write_bytes(dump_trace(whole))
    read: list[Path] = []

    def counted(given: Path) -> Trace:
        read.append(given)
        return read_trace(given)

    monkeypatch.setattr(tui.saved_words, "read_trace", counted)
    for _ in range(3):
        assert told_of(path) == told_of(path)
    assert read == [path]
    path.write_bytes(dump_trace(Trace(header=whole.header, steps=whole.steps[:5])))
    again = told_of(path)
    assert again is not None
    assert again.came.plain.startswith("unfinished: ")
    assert len(read) == 2

    started, go_on = threading.Event(), threading.Event()

    def slow(choices: list[Choice]) -> list[Choice]:
        started.set()
        go_on.wait(60)
        return choices

    monkeypatch.setattr(tui.screens.start, "with_what_came", slow)
    app = app_for()
    loop = asyncio.get_running_loop()
    try:
        async with app.run_test(size=(80, 24)) as pilot:
            async with asyncio.timeout(20):
                while not started.is_set():
                    await pilot.pause(0.02)
        async with asyncio.timeout(5):  # what the end of a program waits for
            await loop.shutdown_default_executor()
    finally:
        go_on.set()
