"""What is named to be read may be a pipe, a device or nothing: it ends, and what is said is true."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from mxwalk import reading
from mxwalk.commands import clue, message, tlsa, traces
from mxwalk.errors import MxwalkError, TraceError
from mxwalk.evidence.journal import read_header, read_trace
from mxwalk.reading import open_file, why_no_file
from mxwalk.saved import saved_walks
from mxwalk.session import traces_directory
from tests.keywalks.terminal import terminal
from tui.own_files import UNREADABLE, read_own
from tui.understand import understand

_WAIT_S = 60
_DIALOGUE = "220 mx.example.com ESMTP\nEHLO a.example.net\n250-mx.example.com\n250 STARTTLS\nQUIT\n221 bye\n"


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    """A pipe that nobody writes to."""
    path = tmp_path / "pipe.mxtrace"
    os.mkfifo(path)
    return path


def _run(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run mxwalk; the word ``PIPE`` becomes the name of a pipe with ``given`` in it, as ``<(...)``."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as file:
        file.write(given)
    try:
        return subprocess.run(
            [
                *(sys.executable, "-m", "mxwalk"),
                *(f"/dev/fd/{reading}" if word == "PIPE" else word for word in words),
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_WAIT_S,
            pass_fds=(reading,),
            env={**os.environ, "MXWALK_LANGUAGE": "en"},
            check=False,
        )
    finally:
        os.close(reading)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("report", "PIPE"), "VERDICT"),
        (("clue", "PIPE"), "dialogue"),
        (("letter", "PIPE"), "mx.example.com"),
        (("diff", "PIPE", "PIPE"), "the trace is empty"),  # what was read of it is gone
    ],
)
def test_a_pipe_is_read_as_standard_input_is(words: tuple[str, ...], told: str) -> None:
    done = _run(*words, given=_DIALOGUE)
    assert told in done.stdout + done.stderr
    assert done.returncode != 70


def test_a_pipe_that_was_named_and_that_nobody_writes_to_is_told(pipe: Path) -> None:
    done = _run("report", str(pipe))
    assert "it is a pipe, and nobody opened it to write within 5 seconds" in done.stderr
    assert done.returncode == 2


@pytest.mark.parametrize(
    "read", [clue.read, tlsa.read_chain, tlsa.read_anchor_file, message.read_input, traces.load]
)
def test_every_reader_gives_such_a_pipe_up(
    read: Callable[[str], object], pipe: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_WRITER_S", 0.05)
    with pytest.raises(MxwalkError, match="it is a pipe, and nobody opened it"):
        read(str(pipe))


def test_a_pipe_with_a_name_is_read_when_somebody_writes(pipe: Path) -> None:
    writing = threading.Thread(target=pipe.write_text, args=(_DIALOGUE,), daemon=True)
    writing.start()
    assert "VERDICT" in _run("report", str(pipe)).stdout
    writing.join(_WAIT_S)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("check", "a.example", "--ca-file", "PIPE"), "it is a pipe, not a file"),
        (("check", "a.example", "--trust-anchor", "PIPE"), "it is a pipe, not a file"),
        (("check", "a.example", "--ca-file", "/dev/zero"), "it is a device, not a file"),
        (("check", "a.example", "--ca-file", "/nowhere"), "there is no such file"),
        (("check", "a.example", "--ca-file", "/"), "it is a directory"),
        (("dmarc", "/dev/zero"), "it is a device, not a file"),
        (("tlsrpt", "/nowhere"), "there is no such file"),
        (("message", "/dev/zero"), "more than a message is read for"),
        (("tlsa", "/dev/zero"), "is longer than"),
        (("report", "/dev/zero"), "its first line is over"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(words: tuple[str, ...], told: str) -> None:
    done = _run(*words)
    assert told in done.stdout + done.stderr
    assert done.returncode == 2


def test_a_text_without_an_end_is_read_as_far_as_the_bound_and_that_is_said() -> None:
    done = _run("clue", "/dev/zero")
    assert done.returncode == clue.NOTHING
    assert "Nothing was recognised" in done.stdout
    assert "longer than what is read" in done.stdout


def test_nothing_of_ours_waits_for_a_writer(
    pipe: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UNREADABLE):
        read_own(pipe)
    with pytest.raises(TraceError, match="it is a pipe, not a file"):
        read_trace(pipe)
    with pytest.raises(TraceError, match="it is a pipe, not a file"):
        read_header(pipe)
    assert understand(str(pipe)).problem == "it is a pipe, not a file"
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    traces_directory().mkdir(parents=True)
    os.mkfifo(traces_directory() / "20260101T000000Z-example.com.mxtrace")
    (traces_directory() / "20260101T000000Z-example.net.mxtrace").mkdir()
    (traces_directory() / "20260101T000000Z-example.org.mxtrace").write_text("")
    assert [path.name[17:] for path in saved_walks()] == ["example.org.mxtrace"]


def test_what_takes_the_place_of_a_file_at_the_last_moment_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("mouse = true")
    before = os.open

    def swapped(name: object, *more: int) -> int:
        path.unlink()
        os.mkfifo(path)
        return before(path, *more)

    monkeypatch.setattr(os, "open", swapped)
    with pytest.raises(OSError, match="it is a pipe"):
        open_file(path)


def test_a_path_that_leads_in_a_circle_is_not_called_missing(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert "no such file" not in why_no_file(tmp_path / "a")
    assert why_no_file(tmp_path / "a")
    assert why_no_file(tmp_path / "c") == "there is no such file"
    assert why_no_file(tmp_path / "a\0") == "there is no such file"


@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_the_interface_starts_whatever_stands_in_the_place_of_its_settings(
    kind: str, tmp_path: Path
) -> None:
    settings = tmp_path / ".config" / "mxwalk" / "settings.toml"
    settings.parent.mkdir(parents=True)
    if kind == "pipe":
        os.mkfifo(settings)
    else:
        settings.symlink_to("/dev/zero")
    with terminal(home=tmp_path) as here:
        here.until_shown("what shall be walked?")
        here.until_shown("the settings file cannot be read")
        here.type("\x1b")
        here.until_said("exited 0")
