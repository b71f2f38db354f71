"""Some of the kills; and that a trace which lost a step is seen."""

from collections import Counter
from pathlib import Path

import pytest

from mxwalk.evidence.journal import dump_trace, line_of
from tests.lab.walks import walked
from tests.resources import killed
from tests.resources.killed import Killed, Killing, _look, _told, kill, killing, too_idle


@pytest.mark.parametrize("number", range(6))
def test_a_killed_walk_leaves_every_step_that_was_told(number: int, tmp_path: Path) -> None:
    one = killing(number, seed=8)
    came = kill(one, tmp_path)
    assert not came.fault, one


def test_what_a_walk_that_ended_by_itself_said_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(scenario: str) -> None:
        raise RuntimeError(f"no screen for {scenario}")

    monkeypatch.setattr(killed, "show", broken)
    one = Killing(number=3, scenario="dane-good", drawn=True, anew=False, after=1, pause_s=1.0)
    came = kill(one, tmp_path)
    assert came.over
    assert "ended with code 70" in came.fault
    assert "RuntimeError: no screen for dane-good" in came.fault


def test_kills_before_any_step_was_told_prove_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(killed, "kill", lambda *_: Killed(0, None, cut=False, over=False))
    monkeypatch.setattr(killed, "load_everything", lambda: None)
    monkeypatch.setattr("sys.argv", ["killed", "--walks", "20"])
    assert killed.main() == 1
    assert "NO STEP was told before any kill" in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", ["killed", "--walks", "0"])
    assert killed.main() == 1
    figures = Counter(killed=20, waited=16, told=3, reached=3)
    assert too_idle(figures) == "only 3 of 16 walks told the step waited for"
    assert not too_idle(figures + Counter(reached=10))


def test_a_walk_that_ends_by_itself_and_told_nothing_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(killed, "main_of_mxwalk", lambda: None)
    one = Killing(number=2, scenario="dane-good", drawn=False, anew=False, after=3, pause_s=1.0)
    assert "ended with code" in kill(one, tmp_path).fault


async def test_a_trace_that_lost_a_step_is_seen(tmp_path: Path) -> None:
    trace = (await walked("dane-good")).trace
    path = tmp_path / "walk.mxtrace"
    whole = dump_trace(trace)
    path.write_bytes(whole)
    path.chmod(0o600)
    assert not _look(path, len(trace.steps), over=False).fault
    path.write_bytes(whole[:-5])
    assert not _look(path, len(trace.steps) - 1, over=False).fault, "the step under way may be lost"
    assert "are in the file" in _look(path, len(trace.steps), over=False).fault
    path.write_bytes(line_of(trace.header) + b"null\n")
    assert _look(path, 0, over=False).fault, (
        "no line but the last may be broken, and only by its end"
    )


def test_steps_are_counted_where_their_line_is_whole() -> None:
    lines = "    1  ✓ MX   2 ms  x\n         A 192.0.2.1\n   12  • PTR   1 ms  y\n   13  ✗ con"
    assert _told(lines.encode()) == 12
    assert _told(b"drawn 3\ndrawn 5\ndra") == 5
    assert _told(b"") == 0
    assert isinstance(killing(1, 0), Killing)
