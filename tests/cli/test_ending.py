"""Signals that ask a walk on the command line to end: what was seen is kept, and the code says why."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mxwalk.commands.ending import Ended, exit_code_of, run
from mxwalk.commands.streams import OutputLost, ReaderGone
from mxwalk.evidence.journal import read_trace
from mxwalk.evidence.step import StepKind

_WAIT_S = 60


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A mail server's place on loopback."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(_WAIT_S)
        yield server


def _begun(server: socket.socket, *more: str) -> tuple[subprocess.Popen[str], socket.socket]:
    """Start a walk and lead it up to where the server says nothing more."""
    port = server.getsockname()[1]
    walk = subprocess.Popen(
        [
            *(sys.executable, "-m", "mxwalk", "check", f"[127.0.0.1]:{port}"),
            *("--resolver", "127.0.0.1:1", "--ca-file", "certifi", *more),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "MXWALK_LANGUAGE": "en"},
    )
    peer = server.accept()[0]
    peer.settimeout(_WAIT_S)
    peer.sendall(b"220 mx.example.com ESMTP\r\n")
    assert peer.recv(1_000).startswith(b"EHLO")
    return walk, peer


@pytest.mark.parametrize(
    ("by", "redacted"),
    [
        (signal.SIGTERM, True),
        (signal.SIGTERM, False),
        (signal.SIGHUP, True),
        (signal.SIGINT, True),
    ],
)
def test_a_signal_ends_the_walk_in_order_and_what_was_seen_is_saved(
    by: signal.Signals, redacted: bool, silent: socket.socket, tmp_path: Path
) -> None:
    path = tmp_path / "walk.mxtrace"
    walk, peer = _begun(silent, "--save", str(path), *(["--redact"] if redacted else []))
    with peer:
        walk.send_signal(by)
        if by is not signal.SIGINT:
            walk.send_signal(by)  # as timeout(1) does
        rest = peer.recv(1_000)
        told = walk.communicate(timeout=_WAIT_S)[1]
    assert walk.returncode == 128 + by, told
    words = "interrupted" if by is signal.SIGINT else f"ended by {by.name}"
    assert told.splitlines()[-1] == f"mxwalk: {words}"
    assert rest == b"QUIT\r\n" or not rest
    trace = read_trace(path)
    assert not trace.damage
    assert StepKind.GREETING in {step.kind for step in trace.steps}


def test_who_was_started_to_live_on_without_a_terminal_does(
    silent: socket.socket, tmp_path: Path
) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup(1) does
    try:
        walk, peer = _begun(silent, "--save", str(tmp_path / "walk.mxtrace"))
    finally:
        signal.signal(signal.SIGHUP, before)
    with peer:
        walk.send_signal(signal.SIGHUP)
        peer.sendall(b"250 mx.example.com\r\n")
        assert peer.recv(1_000) == b"QUIT\r\n"
        peer.sendall(b"221 bye\r\n")
        walk.communicate(timeout=_WAIT_S)
    assert walk.returncode == 3  # the sender wants TLS


def test_a_watch_ends_with_its_summary(silent: socket.socket) -> None:
    port = silent.getsockname()[1]
    watch = subprocess.Popen(
        [
            *(sys.executable, "-m", "mxwalk", "watch", f"[127.0.0.1]:{port}"),
            *("--resolver", "127.0.0.1:1", "--ca-file", "certifi"),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "MXWALK_LANGUAGE": "en"},
    )
    with silent.accept()[0]:
        watch.terminate()
        said, told = watch.communicate(timeout=_WAIT_S)
    assert watch.returncode == 143, told
    assert said.splitlines()[-1] == "0 rounds; interrupted"


@pytest.mark.parametrize("fault", [OutputLost("the terminal is gone"), ReaderGone()])
def test_a_terminal_that_is_gone_ends_by_the_signal_and_not_by_what_cannot_be_printed(
    fault: Exception,
) -> None:
    async def work() -> None:
        os.kill(os.getpid(), signal.SIGHUP)
        raise fault

    with pytest.raises(Ended) as ended:
        run(work())
    assert exit_code_of(ended.value) == 129
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_DFL


def test_what_ends_by_itself_is_given_back_and_faults_are_raised() -> None:
    async def work(fault: Exception | None) -> int:
        if fault is not None:
            raise fault
        return 7

    assert run(work(None)) == 7
    with pytest.raises(OutputLost):
        run(work(OutputLost("full")))
    assert exit_code_of(KeyboardInterrupt()) == 130
