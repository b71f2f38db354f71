"""A long file in the start field: no key waits until it is understood, and Enter waits for it alone."""

import threading
import time
from pathlib import Path

import pytest
from textual.widgets import Input

from mxwalk.limits import CLUE_CHARS, TYPED_CLUE_CHARS
from tests.tui.driving import app_for
from tui import understand as module
from tui.aside import Later, aside
from tui.meaning import Meaning
from tui.screens.clues import CluesScreen
from tui.screens.paste import PasteScreen
from tui.screens.start import StartScreen
from tui.understand import understand

_LINE = (
    "Nov 22 12:00:00 mx postfix/smtp[1]: 4F1: to=<user@example.com>, relay=mx.example.com"
    "[192.0.2.1]:25, delay=1, dsn=5.7.1, status=bounced (host mx.example.com said: 550 5.7.1 no)\n"
)


def _log(path: Path, octets: int) -> Path:
    path.write_text(_LINE * (octets // len(_LINE)))
    return path


def test_a_short_file_is_understood_at_once_a_long_one_when_it_is_asked_for(tmp_path: Path) -> None:
    assert understand(str(_log(tmp_path / "short.log", TYPED_CLUE_CHARS))).clues is not None
    long = str(_log(tmp_path / "long.log", 4 * TYPED_CLUE_CHARS))
    meaning = understand(long)
    assert (meaning.later, meaning.usable, meaning.problem) == (True, False, "")
    assert meaning.hint
    assert understand(long, whole=True).clues is not None


def test_what_is_said_for_a_key_reads_no_long_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _log(tmp_path / "long.log", CLUE_CHARS - 1)

    def never(*_: object, **__: object) -> None:
        raise AssertionError("a long file was read")

    monkeypatch.setattr("tui.pasted_clues.clues_of_file", never)
    assert understand(str(path)).later
    assert understand(f"message: {path}").problem


async def test_a_long_file_is_explained_when_it_is_read_and_enter_waits_for_it(
    tmp_path: Path,
) -> None:
    path = _log(tmp_path / "long.log", 4 * TYPED_CLUE_CHARS)
    async with app_for().run_test(size=(100, 30)) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, StartScreen)
        screen.query_one("#target", Input).value = str(path)
        await pilot.pause()
        await pilot.press("enter")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert isinstance(pilot.app.screen, CluesScreen)


def _read_later(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Let whole files be read once the event is set, which is returned."""
    go_on, before = threading.Event(), module._file

    def slow(text: str, *, whole: bool = True, told: bool = True) -> Meaning:
        if whole:
            go_on.wait(60)
        return before(text, whole=whole, told=told)

    monkeypatch.setattr(module, "_file", slow)
    return go_on


async def test_what_is_typed_meanwhile_is_what_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, go_on = _log(tmp_path / "long.log", 4 * TYPED_CLUE_CHARS), _read_later(monkeypatch)
    async with app_for().run_test(size=(100, 30)) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, StartScreen)
        field = screen.query_one("#target", Input)
        field.value = str(path)
        await pilot.pause()
        await pilot.press("enter")
        field.value = "user@example.com"  # while it is being read
        await pilot.pause()
        go_on.set()
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert screen.meaning.target == "user@example.com"
        assert pilot.app.screen is screen


async def test_what_was_opened_meanwhile_is_not_covered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, go_on = _log(tmp_path / "long.log", 4 * TYPED_CLUE_CHARS), _read_later(monkeypatch)
    async with app_for().run_test(size=(100, 30)) as pilot:
        start = pilot.app.screen
        assert isinstance(start, StartScreen)
        start.query_one("#target", Input).value = str(path)
        await pilot.pause()
        await pilot.press("enter", "f5")
        await pilot.pause()
        assert isinstance(pilot.app.screen, PasteScreen)
        go_on.set()
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert isinstance(pilot.app.screen, PasteScreen)
        assert start.meaning.clues is not None
        await pilot.press("escape", "enter")  # what was read waits below it
        await pilot.pause()
        assert isinstance(pilot.app.screen, CluesScreen)


async def test_a_fault_while_understanding_makes_no_key_wait() -> None:
    told: list[Meaning] = []
    later = Later(told.append)
    later.ask(lambda: Meaning(words=str(1 // 0)))
    with pytest.raises(ZeroDivisionError):
        await later.run()
    assert not later.awaited
    later.ask(lambda: Meaning(words="more"))
    await later.run()
    assert [one.words for one in told] == ["more"]


async def test_one_text_at_a_time_is_understood_and_the_last_one_is_told() -> None:
    told: list[Meaning] = []
    later = Later(told.append)
    under_way: list[int] = []
    most: list[int] = []

    def work(number: int) -> Meaning:
        under_way.append(number)
        most.append(len(under_way))
        time.sleep(0.01)
        under_way.remove(number)
        return Meaning(words=str(number))

    first = Meaning(words="0")

    def asks_more() -> Meaning:
        for number in range(1, 5):
            later.ask(lambda number=number: work(number))  # type: ignore[misc]
        return first

    later.ask(asks_more)
    await later.run()
    assert [one.words for one in told] == ["4"]
    assert max(most) == 1
    assert not later.awaited


async def test_what_goes_wrong_aside_is_raised_where_it_is_awaited() -> None:
    with pytest.raises(ZeroDivisionError):
        await aside(lambda: 1 // 0)
