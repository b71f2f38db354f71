"""A key that can do nothing says why; a worker that fails is told, and so is a fault's place."""

import pytest

from tests.lab.walks import walked
from tests.tui.driving import app_for, until_paused
from tui.app import MxwalkApp
from tui.faults import FaultsTold


async def _told(name: str, keys: list[str]) -> str:
    trace = (await walked(name)).trace
    app = app_for(trace=trace)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await until_paused(pilot)
        await pilot.press(*keys)
        await pilot.pause()
        return " ".join(note.message for note in app._notifications)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (["s"], "saved one"),
        (["S"], "saved one"),
        (["r"], "saved one"),
        (["b"], "saved one"),
        (["t"], "no stop of the tour"),
        (["f7"], "no hint"),
        (["9", "g", "space", "space"], "judges already"),
        (["3", "o"], "no other handshake"),
        (["2", "l"], "Both readings"),
        (["right_curly_bracket", "left_curly_bracket"], "only problem"),
    ],
)
async def test_a_key_that_does_nothing_here_says_why(keys: list[str], words: str) -> None:
    assert words in await _told("mx-null", keys)


async def test_a_survey_is_watched_under_the_name_of_its_own_judge() -> None:
    app = app_for(trace=(await walked("domain-nothing")).trace)
    async with app.run_test(size=(100, 30)) as pilot:
        await until_paused(pilot)
        await pilot.press("W")
        await pilot.pause()
        assert type(app.screen).__name__ == "WatchScreen"
        await pilot.press("q")


async def test_a_worker_that_fails_is_told_with_its_words_made_visible() -> None:
    app = app_for(trace=(await walked("mx-null")).trace)

    async def fail() -> None:
        raise ValueError("broken \x1b[2J on purpose")

    async with app.run_test(notifications=True) as pilot:
        await until_paused(pilot)
        app.screen.run_worker(fail(), exit_on_error=False)
        await pilot.pause()
        await pilot.pause()
        (note,) = app._notifications
    assert note.message == "A fault of mxwalk itself: ValueError: broken \\x1b[2J on purpose"


async def test_a_fault_names_the_file_of_the_walk(tmp_path) -> None:
    app: FaultsTold = MxwalkApp()
    app._exception, app.kept_in = ValueError("broken"), tmp_path / "one.mxtrace"
    fault = app.fault()
    assert isinstance(fault, ValueError)
    assert f"The walk so far is kept in {tmp_path / 'one.mxtrace'}" in fault.__notes__
