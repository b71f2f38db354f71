"""What is written is what was asked for with the key, whatever is switched while it is made."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from mxwalk.compare.side import Side
from mxwalk.evidence.journal import read_trace
from mxwalk.evidence.trace import Trace
from mxwalk.letters.offered import offered
from tests.reports.samples import lab_trace
from tui.app import MxwalkApp
from tui.screens.compare_export import CompareExportScreen
from tui.screens.confirm import ConfirmScreen
from tui.screens.export import ExportScreen
from tui.screens.file_dialog import FileDialog
from tui.screens.letter import LetterScreen
from tui.screens.letter_desk import Desk
from tui.settings import Settings

_STEP = 4


@pytest.fixture
def trace() -> Trace:
    return lab_trace("esa-hosted")


def meanwhile(monkeypatch: pytest.MonkeyPatch, does: Callable[[], object]) -> None:
    """Do this when the place is known and before the document is made."""
    before = FileDialog.write

    async def write(self: FileDialog, *values: Any, **more: Any) -> bool:
        does()
        return await before(self, *values, **more)

    monkeypatch.setattr(FileDialog, "write", write)


async def opened(pilot: Pilot[None], shown: FileDialog, path: Path) -> None:
    await pilot.app.push_screen(shown)
    await pilot.pause()
    shown.query_one("#path", Input).value = str(path)
    await pilot.pause()


async def written(pilot: Pilot[None]) -> None:
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


@pytest.mark.parametrize("switch", ["redact", "part"])
async def test_a_switch_while_a_trace_is_written_changes_neither_file_nor_what_is_told(
    switch: str, trace: Trace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, kept = tmp_path / "kept.mxtrace", list[Trace]()
    screen = ExportScreen(trace, "esa:5", trace.steps[_STEP - 1], kept=kept.append, form="trace")
    meanwhile(monkeypatch, lambda: screen.action_switch(switch))
    async with MxwalkApp(None, Settings(glyphs="unicode")).run_test(size=(120, 36)) as pilot:
        await opened(pilot, screen, path)
        await pilot.press("ctrl+s")
        await written(pilot)
    assert read_trace(path) == trace
    assert kept == [trace]


@pytest.mark.parametrize("switch", ["redact", "part"])
async def test_what_was_redacted_or_cut_is_never_told_as_the_whole_walk(
    switch: str, trace: Trace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, kept = tmp_path / "less.mxtrace", list[Trace]()
    screen = ExportScreen(trace, "esa:5", trace.steps[_STEP - 1], kept=kept.append, form="trace")
    meanwhile(monkeypatch, lambda: screen.action_switch(switch))
    async with MxwalkApp(None, Settings(glyphs="unicode")).run_test(size=(120, 36)) as pilot:
        await opened(pilot, screen, path)
        screen.action_switch(switch)
        await pilot.press("ctrl+s")
        await written(pilot)
    found = read_trace(path)
    if switch == "redact":
        assert found.header.redacted
        assert kept == []
    else:
        assert len(found.steps) == _STEP
        assert kept == [found]


async def test_a_comparison_is_written_in_the_format_and_with_the_names_it_was_asked_for(
    trace: Trace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "diff.md"
    side = Side(trace=trace)
    screen = CompareExportScreen(side, side, "esa:5")

    def switched() -> None:
        screen.action_redact()
        screen._format = "json"

    meanwhile(monkeypatch, switched)
    async with MxwalkApp(None, Settings(glyphs="unicode")).run_test(size=(120, 36)) as pilot:
        await opened(pilot, screen, path)
        screen.query_one("#path").focus()
        await pilot.press("enter")
        await written(pilot)
    text = path.read_text("utf-8")
    assert text.startswith("#")
    assert "redacted" not in text


async def test_a_letter_that_is_changed_while_it_is_written_is_asked_about(
    trace: Trace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "letter.txt"
    desk = Desk(trace, "esa:5", offered(trace, "esa:5"))
    screen = LetterScreen(desk)
    async with MxwalkApp(None, Settings(glyphs="unicode")).run_test(size=(120, 36)) as pilot:
        await opened(pilot, screen, path)
        await written(pilot)
        body = screen.query_one("#body", TextArea)
        body.insert("first ")
        await pilot.pause()
        before = FileDialog.write

        async def write(self: FileDialog, place: Any, document: Any) -> bool:
            body.insert("second ")
            desk.letter = None  # another one is chosen
            await pilot.pause()
            return await before(self, place, document)

        monkeypatch.setattr(FileDialog, "write", write)
        await pilot.press("ctrl+s")
        await written(pilot)
        text = path.read_text("utf-8")
        assert "Subject: " in text
        assert "first " in text
        assert "second " not in text
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(pilot.app.screen, ConfirmScreen)


async def test_a_letter_that_was_written_as_it_stands_is_left_unasked(
    trace: Trace, tmp_path: Path
) -> None:
    path = tmp_path / "letter.txt"
    screen = LetterScreen(Desk(trace, "esa:5", offered(trace, "esa:5")))
    async with MxwalkApp(None, Settings(glyphs="unicode")).run_test(size=(120, 36)) as pilot:
        await opened(pilot, screen, path)
        await written(pilot)
        screen.query_one("#body", TextArea).insert("first ")
        await pilot.pause()
        await pilot.press("ctrl+s")
        await written(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert not isinstance(pilot.app.screen, LetterScreen | ConfirmScreen)
    assert "first " in path.read_text("utf-8")
