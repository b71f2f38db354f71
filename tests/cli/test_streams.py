"""Standard streams that are full or closed: the exit code stays true, and nothing of ours is lost."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mxwalk.commands import streams
from mxwalk.evidence.journal import read_trace

_FULL = "/dev/full"
_WAIT_S = 60
_LAB = ("check", "--lab", "starttls-missing")
_DEFERRED = 3
_CLOSED = "mxwalk: standard output: Bad file descriptor\n"
pytestmark = pytest.mark.skipif(not Path(_FULL).exists(), reason=f"there is no {_FULL} here")


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def _run(
    *words: str, shell: str = "", cwd: Path | None = None, code: tuple[str, ...] = ("-m", "mxwalk")
) -> subprocess.CompletedProcess[str]:
    """Run mxwalk with what a shell does to its streams before."""
    return subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {shell}', "sh", sys.executable, *code, *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_WAIT_S,
        cwd=cwd,
        env={**os.environ, "MXWALK_LANGUAGE": "en"},
        check=False,
    )


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("walks") / "walk.mxtrace"
    assert _run(*_LAB, "--save", str(path)).returncode == _DEFERRED
    return path


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("report", "nofile"), 2),
        (("check", "--sender", "nonsense", "example.com"), 2),
        (("check", "--no-such-option"), 2),
        (("check", "a..b"), 2),
        (("--version",), 0),
    ],
)
def test_what_cannot_be_told_does_not_change_the_exit_code(
    words: tuple[str, ...], code: int
) -> None:
    assert _run(*words, shell=f"2>{_FULL}").returncode == code


@pytest.mark.parametrize("redacted", [(), ("--redact",)])
def test_a_disk_that_is_full_for_trace_and_notices_stops_no_walk(
    redacted: tuple[str, ...], tmp_path: Path
) -> None:
    done = subprocess.run(
        [
            *("/bin/sh", "-c", f'ulimit -f 8; exec "$@" 2>{_FULL}', "sh"),
            *(sys.executable, "-m", "mxwalk", *_LAB, "--save", "walk.mxtrace", *redacted),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        timeout=_WAIT_S,
        cwd=tmp_path,
        env={**os.environ, "MXWALK_LANGUAGE": "en"},
        check=False,
    )
    assert done.returncode == _DEFERRED
    assert "FINDINGS (1)" in done.stdout


def test_a_fault_of_ours_that_cannot_be_told_ends_with_its_own_code() -> None:
    code = "from mxwalk import cli; cli.cli.callback = None; cli.cli.main = lambda **_: 1 / 0; cli.main()"
    done = _run(shell=f"2>{_FULL}", code=("-c", code))
    assert done.returncode == 70
    assert "ZeroDivisionError" in _run(code=("-c", code)).stderr


@pytest.mark.parametrize(
    ("shell", "told"),
    [(f">{_FULL}", "mxwalk: standard output: No space left on device\n"), (">&-", _CLOSED)],
)
@pytest.mark.parametrize(
    "words",
    [
        *(("--help",), ("--version",), ("completion", "bash"), ("tlsa", "--help"), ("explain",)),
        *(("explain", "CONN010"), ("lab",), ("lab", "starttls-missing"), _LAB),
    ],
)
def test_results_that_cannot_be_written_are_no_fault_of_ours(
    words: tuple[str, ...], shell: str, told: str
) -> None:
    done = _run(*words, shell=shell)
    assert (done.returncode, done.stderr) == (2, told)


@pytest.mark.parametrize("words", [("--help",), ("explain",)])
def test_a_reader_that_goes_away_is_told_as_a_shell_does(words: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "mxwalk", *words],
        stdout=writing,
        stderr=subprocess.PIPE,
        timeout=_WAIT_S,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_walk_that_is_saved_goes_on_where_its_lines_cannot_be_printed(tmp_path: Path) -> None:
    done = _run(*_LAB, "--save", "walk.mxtrace", shell=f">{_FULL}", cwd=tmp_path)
    assert (done.returncode, done.stderr.count("No space left")) == (2, 1)
    assert read_trace(tmp_path / "walk.mxtrace").steps[-1].kind.value == "quit"


def test_walks_that_are_saved_are_watched_on_where_lines_cannot_be_printed(tmp_path: Path) -> None:
    labs = ("--lab", "starttls-missing", "--rounds", "2", "--every", "5s", "--save", "walks")
    done = _run("watch", *labs, shell=">&-", cwd=tmp_path)
    assert (done.returncode, done.stderr.count("standard output: ")) == (2, 1)
    assert len([*(tmp_path / "walks").iterdir()]) == 2


@pytest.mark.parametrize(
    ("shell", "code", "told"),
    [
        (">&-", 2, _CLOSED),
        ("<&- >&- 2>&-", 2, ""),
        ("<&- 2>&-", _DEFERRED, ""),
    ],
)
def test_closed_streams_take_nothing_from_the_walk(
    shell: str, code: int, told: str, tmp_path: Path
) -> None:
    done = _run(*_LAB, "--save", "walk.mxtrace", shell=shell, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (code, told)
    trace = read_trace(tmp_path / "walk.mxtrace")
    assert not trace.damage  # nothing else was printed into it
    assert trace.steps[-1].kind.value == "quit"


@pytest.mark.parametrize(
    ("words", "shell", "code", "told"),
    [
        (("report", "-"), "<&-", 2, "mxwalk: the trace is empty\n"),
        (("message", "-"), "<&-", 2, "mxwalk: standard input is empty; "),
        (("tlsrpt", "-"), "<&-", 2, ""),
        (("dmarc", "-"), "<&-", 2, ""),
        (("clue",), "<&-", 1, ""),
        (("clue",), "0>/dev/null", 2, "mxwalk: standard input: Bad file descriptor\n"),
        (("report", "-"), "0>/dev/null", 2, "mxwalk: standard input: Bad file descriptor\n"),
        (("dmarc", "-"), "0>/dev/null", 2, ""),
    ],
)
def test_standard_input_that_cannot_be_read(
    words: tuple[str, ...], shell: str, code: int, told: str
) -> None:
    done = _run(*words, shell=shell)
    assert done.returncode == code
    assert done.stderr.startswith(told)
    assert "fault of mxwalk" not in done.stderr


@pytest.mark.parametrize("fmt", ["text", "json", "html", "trace"])
def test_a_report_to_a_closed_stream_is_lost_and_that_is_told(fmt: str, saved: Path) -> None:
    done = _run("report", str(saved), "--format", fmt, shell=">&-")
    assert (done.returncode, done.stderr) == (2, _CLOSED)


@pytest.mark.parametrize("output", ["report.txt", os.devnull])
def test_a_report_to_a_file_needs_no_standard_output(
    output: str, saved: Path, tmp_path: Path
) -> None:
    done = _run("report", str(saved), "--output", output, shell=">&-", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (_DEFERRED, "")
    assert output == os.devnull or "VERDICT" in (tmp_path / output).read_text()


def test_a_text_kept_in_memory_is_told_as_any(capsys: pytest.CaptureFixture[str]) -> None:
    streams.note("a \x1b[31msentence")
    streams.ring()
    assert capsys.readouterr().err == "mxwalk: a \\x1b[31msentence\n\a"
