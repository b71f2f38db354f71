"""A fault that ends the interface is told to whoever called: one sentence, and an exit code."""

import asyncio
from collections.abc import Callable

import pytest
from textual.app import App

from mxwalk import cli
from tests.reports.samples import lab_trace
from tests.tui.driving import until_paused
from tui.app import MxwalkApp, run_app
from tui.bridge import Bridge
from tui.request import Request
from tui.screens.walk import screen_for
from tui.settings import Settings


def test_a_fault_in_the_interface_ends_with_the_code_of_a_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_self: object, _request: object) -> None:
        raise ValueError("broken on purpose")

    run = App.run
    monkeypatch.setattr(MxwalkApp, "open", fail)
    monkeypatch.setattr(MxwalkApp, "run", lambda app, **_how: run(app, headless=True))
    monkeypatch.setattr(cli, "cli", lambda **_given: run_app())
    monkeypatch.delenv("MXWALK_DEBUG", raising=False)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 70
    assert "a fault of mxwalk itself: ValueError: broken on purpose" in capsys.readouterr().err


def test_leaving_the_interface_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    run = App.run
    monkeypatch.setattr(MxwalkApp, "open", lambda app, _request: app.exit())
    monkeypatch.setattr(MxwalkApp, "run", lambda app, **_how: run(app, headless=True))
    run_app()


def close_screen(app: MxwalkApp) -> None:
    """Take the screen away in the same moment, as is done once it was popped."""
    screen = app.screen
    app.pop_screen()
    screen.remove()


@pytest.mark.parametrize("leave", [close_screen, MxwalkApp.exit])
async def test_a_step_that_is_done_while_its_screen_is_left_is_no_fault(
    leave: Callable[[MxwalkApp], object],
) -> None:
    trace = await asyncio.to_thread(lab_trace, "dmarc-arc")
    app = MxwalkApp(None, Settings(glyphs="unicode"))
    async with app.run_test(size=(100, 30)) as pilot:
        await app.push_screen(screen_for(Request(trace=trace)))
        screen = await until_paused(pilot)
        screen.bridge.seek(1)
        await pilot.pause()
        assert screen.view.id != screen.END_VIEW
        await screen.query_one(f"#view-{screen.END_VIEW}").remove()  # so that it is not shown yet
        screen.bridge.seek(len(trace.steps))
        screen.post_message(Bridge.Changed())  # as the bridge does, and it came before the leaving
        leave(app)
        await pilot.pause()
    assert app._exception is None


@pytest.mark.parametrize("after", range(0, 21, 5))
def test_leaving_while_the_first_screen_is_being_made_is_no_fault(
    monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    run, trace, tasks = App.run, lab_trace("dmarc-arc"), []

    async def leave_after(app: MxwalkApp) -> None:
        for _ in range(after):
            await asyncio.sleep(0)
        app.exit()

    def begin(app: MxwalkApp, _request: object) -> None:
        app.push_screen(screen_for(Request(trace=trace)))
        tasks.append(asyncio.create_task(leave_after(app)))

    monkeypatch.setattr(MxwalkApp, "open", begin)
    monkeypatch.setattr(MxwalkApp, "run", lambda app, **_how: run(app, headless=True))
    run_app()
    assert tasks
