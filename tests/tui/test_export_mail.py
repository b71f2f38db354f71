"""The export of a message walk: the formats it has, and a redacted preview."""

import asyncio
import os
from pathlib import Path

import pytest
from textual.widgets import Input

from tests.reports.samples import lab_trace
from tests.tui.driving import app_for, picture
from tui.screens.export import ExportScreen


@pytest.mark.parametrize(("name", "offered"), [("dkim-good", False), ("esa-san", True)])
async def test_a_tls_report_is_offered_for_deliveries_only(name: str, offered: bool) -> None:
    trace = await asyncio.to_thread(lab_trace, name)
    async with app_for().run_test(size=(120, 40)) as pilot:
        await pilot.app.push_screen(ExportScreen(trace, "", None))
        await pilot.pause()
        assert ("tlsrpt" in picture(pilot)) is offered
        assert "markdown" in picture(pilot)


async def test_a_message_walk_is_written_redacted(tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    trace = await asyncio.to_thread(lab_trace, "dkim-good")
    async with app_for().run_test(size=(120, 40)) as pilot:
        await pilot.app.push_screen(ExportScreen(trace, "", None))
        await pilot.pause()
        await pilot.press("r")
        await pilot.pause()
        pilot.app.screen.query_one("#path", Input).value = str(path)
        await pilot.press("ctrl+s")
        await pilot.app.workers.wait_for_complete()
    text = path.read_text("utf-8")
    assert text.startswith("# Message `message.eml` from `example.com`")
    assert "redacted" in text
    assert "anna@" not in text


async def test_a_pipe_that_nobody_reads_does_not_hold_up_the_interface(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    trace = await asyncio.to_thread(lab_trace, "dkim-good")
    async with app_for().run_test(size=(120, 40)) as pilot:
        screen = ExportScreen(trace, "", None)
        await pilot.app.push_screen(screen)
        screen.query_one("#path", Input).value = str(path)
        await pilot.press("ctrl+s")
        await pilot.app.workers.wait_for_complete()
        (told,) = [notice.message for notice in pilot.app._notifications]
        assert told == f"{path} was not written: neither a file nor a new name"
        assert pilot.app.screen is screen
    assert path.is_fifo()


async def test_enter_writes_at_once_and_escape_does_not_lose_the_file(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    trace = await asyncio.to_thread(lab_trace, "dkim-good")
    async with app_for().run_test(size=(120, 40)) as pilot:
        screen = ExportScreen(trace, "", None)
        await pilot.app.push_screen(screen)
        await pilot.press("down", "space")
        screen.query_one("#path", Input).value = str(path)
        await pilot.press("enter", "escape", "enter", "escape")
        for _ in range(500):
            await pilot.pause(0.02)
            if pilot.app.screen is not screen:
                break
        assert pilot.app.screen is not screen
    assert path.read_text("utf-8").startswith("<!DOCTYPE html>")


async def test_the_preview_of_html_is_text(tmp_path: Path) -> None:
    trace = await asyncio.to_thread(lab_trace, "dkim-good")
    async with app_for().run_test(size=(120, 40)) as pilot:
        await pilot.app.push_screen(ExportScreen(trace, "", None))
        await pilot.press("down")
        for _ in range(500):
            await pilot.pause(0.02)
            if "what the HTML file says" in picture(pilot):
                break
        assert "Content-Security-Policy" not in picture(pilot)
        assert "SPF" in picture(pilot)
