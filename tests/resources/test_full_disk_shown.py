"""The interface on a full disk and without a home: it walks, says that nothing is saved, and exports nothing half."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from mxwalk.evidence.journal import dump_trace, read_trace
from mxwalk.session import traces_directory
from tests.lab.walks import walked
from tests.resources.full import WHY, full_after
from tests.tui.driving import app_for, screen_of, until_paused
from tui.bridge import Phase
from widgets.glyphs import use_glyphs


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    use_glyphs("unicode")
    yield tmp_path / "home"
    use_glyphs("unicode")


def notices(pilot: Pilot[None]) -> list[str]:
    return [one.message for one in pilot.app._notifications]


async def walk_to_the_end(pilot: Pilot[None]) -> None:
    await until_paused(pilot)
    await pilot.press("c")
    await until_paused(pilot)
    assert screen_of(pilot).bridge.phase is Phase.OVER


async def test_a_walk_on_a_full_disk_goes_on_and_says_that_it_is_no_longer_saved() -> None:
    with full_after(6_000):
        async with app_for(scenario="dane-good").run_test(size=(120, 36)) as pilot:
            await walk_to_the_end(pilot)
            told = [one for one in notices(pilot) if "no longer saved" in one]
            trace = screen_of(pilot).bridge.trace
    assert len(told) == 1
    assert WHY in told[0]
    (path,) = traces_directory().iterdir()
    kept = read_trace(path)
    assert trace is not None
    assert kept.steps == trace.steps[: len(kept.steps)]
    assert len(kept.steps) < len(trace.steps)


async def test_a_walk_without_a_home_goes_on_and_says_that_it_is_not_saved(home: Path) -> None:
    home.write_text("a file where the home would be\n")
    async with app_for(scenario="dane-good").run_test(size=(120, 36)) as pilot:
        await walk_to_the_end(pilot)
        assert any(one.startswith("this walk is not saved: ") for one in notices(pilot))


async def test_an_export_on_a_full_disk_says_so_and_leaves_no_half_file(tmp_path: Path) -> None:
    trace = (await walked("dane-good")).trace
    target = tmp_path / "report.html"
    async with app_for(trace=trace).run_test(size=(120, 36)) as pilot:
        await until_paused(pilot)
        await pilot.press("x")
        await pilot.pause()
        pilot.app.screen.query_one("#path", Input).value = str(target)
        await pilot.pause()
        with full_after(1_000):
            await pilot.press("enter")
            for _ in range(200):
                if any("was not written" in one for one in notices(pilot)):
                    break
                await pilot.pause(0.02)
        told = [one for one in notices(pilot) if "was not written" in one]
    assert told == [f"{target} was not written: {WHY}"]
    assert not list(tmp_path.glob("*report*"))
    assert not list(tmp_path.glob(".mxwalk*"))


async def test_a_note_on_a_full_disk_is_shown_and_said_not_to_be_in_the_file(
    tmp_path: Path,
) -> None:
    trace = (await walked("dane-good")).trace
    path = tmp_path / "walk.mxtrace"
    path.write_bytes(dump_trace(trace))
    app = app_for(trace=trace)
    assert app._request is not None
    async with app.run_test(size=(120, 36)) as pilot:
        screen = await until_paused(pilot)
        screen.bridge._request = type(app._request)(
            trace=trace, sender=app._request.sender, path=path
        )
        with full_after(path.stat().st_size + 10):
            said = screen.bridge.note(1, "words of a person")
        shown = screen.bridge.trace
    assert said.startswith("The note is in no file: ")
    assert WHY in said
    assert shown is not None
    assert read_trace(path) == trace
