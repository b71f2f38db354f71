"""The comparison screen: from a walk and from the start, folding, opening a side, export, nothing."""

import msgspec
import pytest

from mxwalk.compare.side import Side
from mxwalk.evidence.journal import dump_trace
from mxwalk.language import speaking
from tests.reports.samples import lab_trace
from tui.app import MxwalkApp
from tui.request import Request
from tui.screens.compare import CompareScreen
from tui.screens.explain import ExplainScreen
from tui.screens.letter import LetterScreen
from tui.screens.start_compare import compare_saved
from tui.screens.walk_base import WalkBase
from widgets.compare_view import CompareView, DifferenceKey, SectionKey

GOOD, BAD = "pkix-good", "pkix-expired"


@pytest.fixture(autouse=True, scope="module")
def walked() -> None:
    for name in (GOOD, BAD, "starttls-stripped-on-one-mx"):
        lab_trace(name)  # before there is a loop


def app_of(one: str, other: str, **named) -> MxwalkApp:
    before, after = Side(trace=lab_trace(one)), Side(trace=lab_trace(other))
    return MxwalkApp(Request(comparison=(before, after), sender="esa:5"), **named)


async def compared(pilot) -> CompareScreen:
    screen = pilot.app.screen
    for _ in range(200):
        await pilot.pause(0.02)
        if isinstance(screen, CompareScreen) and screen.found is not None:
            break
    await pilot.pause()
    return screen


def text_of(view: CompareView) -> str:
    return "\n".join(content.plain for row in view.rows for content in row.lines)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
@pytest.mark.parametrize("code", ["en", "ko"])
async def test_the_cursor_is_on_what_turned_the_verdict(size, code):
    with speaking(code):
        app = app_of(GOOD, BAD)
        async with app.run_test(size=size) as pilot:
            screen = await compared(pilot)
            view = screen.query_one(CompareView)
            assert view.chosen is not None
            assert view.chosen.decides
            assert all(
                content.cell_length <= view.line_width for row in view.rows for content in row.lines
            )


async def test_values_stand_beside_each_other_where_there_is_room():
    for size, together in (((120, 36), True), ((80, 24), False)):
        app = app_of(GOOD, BAD)
        async with app.run_test(size=size) as pilot:
            screen = await compared(pilot)
            rows = text_of(screen.query_one(CompareView)).split("\n")
            assert any("192.0.2.90" in row and "192.0.2.93" in row for row in rows[:6]) is together


async def test_space_folds_a_section_and_unfolds_it():
    app = app_of(GOOD, BAD)
    async with app.run_test(size=(120, 36)) as pilot:
        view = (await compared(pilot)).query_one(CompareView)
        before = len(view.rows)
        await pilot.press("space")
        assert len(view.rows) < before
        assert isinstance(view.cursor_row.key, SectionKey)
        await pilot.press("enter")
        assert len(view.rows) == before


async def test_enter_opens_the_later_walk_at_the_step_and_q_comes_back():
    app = app_of(GOOD, BAD)
    async with app.run_test(size=(120, 36)) as pilot:
        screen = await compared(pilot)
        view = screen.query_one(CompareView)
        assert isinstance(view.cursor_row.key, DifferenceKey)
        wanted = view.chosen.after.step
        await pilot.press("enter")
        for _ in range(100):
            await pilot.pause(0.02)
            walk = pilot.app.screen
            if isinstance(walk, WalkBase) and walk.selected and walk.selected.seq == wanted:
                break
        assert walk.selected.seq == wanted
        await pilot.press("q")
        await pilot.pause(0.1)
        assert pilot.app.screen is screen


async def test_enter_explains_a_finding_with_its_own_fix_and_enter_again_goes_to_its_step():
    app = app_of(GOOD, BAD)
    async with app.run_test(size=(120, 36)) as pilot:
        view = (await compared(pilot)).query_one(CompareView)
        keys = [row.key for row in view.rows if getattr(row.key, "section", "") == "findings"]
        view.move_to(keys[0])
        wanted = view.chosen.after
        await pilot.press("enter")
        await pilot.pause(0.1)
        told = pilot.app.screen
        assert isinstance(told, ExplainScreen)
        assert told._finding.sentence == wanted.text
        assert told._finding.fix
        await pilot.press("enter")
        for _ in range(100):
            await pilot.pause(0.02)
            walk = pilot.app.screen
            if isinstance(walk, WalkBase) and walk.selected and walk.selected.seq == wanted.step:
                break
        assert walk.selected.seq == wanted.step


async def test_a_letter_is_written_from_a_finding_of_a_comparison():
    app = app_of(GOOD, BAD)
    async with app.run_test(size=(120, 36)) as pilot:
        view = (await compared(pilot)).query_one(CompareView)
        keys = [row.key for row in view.rows if getattr(row.key, "section", "") == "findings"]
        view.move_to(keys[0])
        await pilot.press("enter")
        await pilot.pause(0.1)
        await pilot.press("M")
        for _ in range(500):
            await pilot.pause(0.02)
            if isinstance(pilot.app.screen, LetterScreen):
                break
        assert isinstance(pilot.app.screen, LetterScreen)


async def test_walks_that_do_not_differ_say_so():
    app = app_of(GOOD, GOOD)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await compared(pilot)
        assert "Nothing differs." in text_of(screen.query_one(CompareView))


async def test_a_comparison_is_written_to_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    app = app_of(GOOD, BAD)
    async with app.run_test(size=(120, 36)) as pilot:
        await compared(pilot)
        await pilot.press("x")
        await pilot.pause(0.1)
        await pilot.press("enter")
        for _ in range(100):
            await pilot.pause(0.02)
            if list(tmp_path.glob("*.md")):
                break
    written = next(tmp_path.glob("*.md")).read_text("utf-8")
    assert "certificate has expired" in written


async def test_two_hosts_are_chosen_from_the_walk():
    trace = lab_trace("starttls-stripped-on-one-mx")
    app = MxwalkApp(Request(trace=trace, sender="esa:5"))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause(0.3)
        await pilot.press("D")
        for _ in range(100):
            await pilot.pause(0.02)
            rows = pilot.app.screen.query("#others")
            if rows and rows.first().rows:
                break
        others = rows.first()
        others.move_to(("mx1.example.com", "mx2.example.com"))
        await pilot.press("enter")
        await pilot.pause(0.1)
        screen = await compared(pilot)
        assert isinstance(screen, CompareScreen)
        assert "mx2.example.com" in screen.found.answer


async def test_a_path_that_was_typed_stays_when_something_else_is_chosen(tmp_path):
    from textual.widgets import Input

    app = app_of(GOOD, BAD)
    async with app.run_test(size=(120, 36)) as pilot:
        await compared(pilot)
        await pilot.press("x")
        await pilot.pause()
        path = app.screen.query_one("#path", Input)
        assert path.value.endswith(".md")
        path.value = str(tmp_path / "mine.md")
        await pilot.pause()
        await pilot.press("r", "down")
        await pilot.pause()
        assert path.value == str(tmp_path / "mine.md")


async def picker(pilot):
    await pilot.pause(0.3)
    await pilot.press("D")
    for _ in range(100):
        await pilot.pause(0.02)
        rows = pilot.app.screen.query("#others")
        if rows and rows.first().rows:
            break
    return rows.first()


@pytest.fixture
def saved(monkeypatch, tmp_path):
    def save(name, trace, **header):
        path = tmp_path / f"{name}.mxtrace"
        changed = msgspec.structs.replace(trace.header, **header)
        path.write_bytes(dump_trace(msgspec.structs.replace(trace, header=changed)))
        return path

    monkeypatch.setattr("mxwalk.saved.traces_directory", lambda: tmp_path)
    return save


async def test_the_picker_knows_the_target_the_outcome_and_not_the_walk_itself(saved):
    trace = lab_trace(BAD)
    real = msgspec.structs.replace(trace.header, scenario="")
    trace = msgspec.structs.replace(trace, header=real)
    saved("5-itself", trace)
    saved("4-lab", lab_trace(GOOD), started_at="2026-01-04T00:00:00Z")
    none = msgspec.structs.replace(lab_trace(GOOD), steps=())
    saved("3-none", none, started_at="2026-01-03T00:00:00Z")
    target = msgspec.structs.replace(trace.header.target, text="Other@EXAMPLE.com", local_part="o")
    saved("2-same", lab_trace(GOOD), target=target, started_at="2026-01-02T00:00:00Z", scenario="")
    app = MxwalkApp(Request(trace=trace, sender="esa:5"))
    async with app.run_test(size=(80, 24)) as pilot:
        others = await picker(pilot)
        rows = [row.lines[0].plain for row in others.rows]
        assert "2026-01-02 00:00  Other@EXAMPLE.com" in rows[1]
        assert "delivered" in rows[1]
        assert f"2026-01-04 00:00  {GOOD}" in rows[-2]  # on the lab nothing was sent to that domain
        assert "nothing walked" in rows[-1]
        assert len([row for row in rows if "2026-" in row]) == 3


async def test_the_start_screen_compares_with_the_walk_before_of_the_same_target(saved):
    saved("3-lab", lab_trace(GOOD), started_at="2026-01-03T00:00:00Z")
    saved("2-copied", lab_trace(GOOD), started_at="2026-01-02T00:00:00Z", scenario="")
    latest = saved("4-now", lab_trace(BAD), started_at="2026-01-04T00:00:00Z", scenario="")
    app = MxwalkApp(None)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.1)
        assert compare_saved(app.screen, latest, latest) is None
        screen = await compared(pilot)
        assert screen.found.before.started_at == "2026-01-02T00:00:00Z"


async def test_a_file_is_named_by_its_path(tmp_path):
    path = tmp_path / "mine.mxtrace"
    path.write_bytes(dump_trace(lab_trace(GOOD)))
    app = MxwalkApp(Request(trace=lab_trace(BAD), sender="esa:5"))
    async with app.run_test(size=(80, 24)) as pilot:
        (await picker(pilot)).move_to("typed")
        await pilot.press("enter")
        await pilot.pause()
        app.screen.query_one("#path").value = str(path)
        await pilot.press("enter")
        await pilot.pause(0.1)
        assert isinstance(await compared(pilot), CompareScreen)
