"""The format of a file changes by choice alone, and a name that was typed is kept."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from mxwalk.compare.side import Side
from mxwalk.evidence.trace import Trace
from tests.reports.samples import lab_trace
from tests.tui.driving import app_for, picture
from tui.screens.compare_export import CompareExportScreen
from tui.screens.export import ExportScreen
from tui.screens.file_dialog import FileDialog
from widgets.format_list import FormatList


@pytest.fixture
async def trace() -> Trace:
    return await asyncio.to_thread(lab_trace, "esa-san")


def export(trace: Trace, **more: object) -> ExportScreen:
    return ExportScreen(trace, "esa:5", trace.steps[3], lambda: None, **more)  # type: ignore[arg-type]


async def opened(pilot: Pilot[None], screen: FileDialog) -> Input:
    await pilot.app.push_screen(screen)
    await pilot.pause()
    return screen.query_one("#path", Input)


async def pressed(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await pilot.pause()


async def test_going_to_a_switch_and_ticking_it_changes_no_format(trace: Trace) -> None:
    screen = export(trace, form="trace")
    async with app_for().run_test(size=(120, 40)) as pilot:
        path = await opened(pilot, screen)
        name = path.value
        assert name.endswith(".mxtrace")
        rows = screen.query_one(FormatList)
        for switch in ("redact", "part"):
            while rows.cursor_row is None or rows.cursor_row.key != switch:
                await pressed(pilot, "down")
            await pressed(pilot, "enter")
        assert path.value == name
        assert "▸ trace" in picture(pilot)
        assert picture(pilot).count("[✓]") == 2


@pytest.mark.parametrize("key", ["enter", "space"])
async def test_a_format_is_taken_by_a_key_and_the_name_follows(key: str, trace: Trace) -> None:
    screen = export(trace)
    async with app_for().run_test(size=(120, 40)) as pilot:
        path = await opened(pilot, screen)
        await pressed(pilot, "down")
        assert path.value.endswith(".md")
        await pressed(pilot, key)
        assert path.value.endswith(".html")
        assert screen.is_current


async def test_a_click_takes_a_format(trace: Trace) -> None:
    for screen in (export(trace), CompareExportScreen(Side(trace=trace), Side(trace=trace), "")):
        async with app_for().run_test(size=(120, 40)) as pilot:
            path = await opened(pilot, screen)
            await pilot.click("#formats", offset=(5, 3))
            await pilot.pause()
            assert path.value.endswith(".json")


async def test_a_typed_name_keeps_its_folder_and_its_ending_follows(
    trace: Trace, tmp_path: Path
) -> None:
    screen = export(trace)
    async with app_for().run_test(size=(120, 40)) as pilot:
        path = await opened(pilot, screen)
        path.value = str(tmp_path / "mine.md")
        await pressed(pilot, "down", "enter")
        assert path.value == str(tmp_path / "mine.html")
        path.value = str(tmp_path / "other.name")
        await pressed(pilot, "down", "enter")
        assert path.value == str(tmp_path / "other.name")


async def test_saved_elsewhere_begins_in_the_name(trace: Trace, tmp_path: Path) -> None:
    target = tmp_path / "a.mxtrace"
    screen = export(trace, form="trace")
    screen.at_name = True
    async with app_for().run_test(size=(120, 40)) as pilot:
        path = await opened(pilot, screen)
        assert path.has_focus
        await pilot.press(*(("slash" if char == "/" else char) for char in str(target)))
        await pilot.press("enter")
        await pilot.app.workers.wait_for_complete()
    assert target.exists()


async def test_the_footer_says_what_enter_does_where_the_focus_is(trace: Trace) -> None:
    screen = export(trace)
    async with app_for().run_test(size=(120, 40)) as pilot:
        await opened(pilot, screen)
        assert "Enter writes the file" in picture(pilot)
        await pressed(pilot, "down")
        assert "Enter takes this format" in picture(pilot)
        screen.query_one(FormatList).move_to("letter")
        await pressed(pilot, "down")
        assert "Enter switches" in picture(pilot)
        await pressed(pilot, "up")
        assert "Enter opens the message" in picture(pilot)
        await pressed(pilot, "tab")
        assert "y copies the preview" in picture(pilot)
        assert "Enter" not in picture(pilot)
        await pressed(pilot, "tab")
        assert "Enter writes the file" in picture(pilot)
        assert "copies the preview" not in picture(pilot)
