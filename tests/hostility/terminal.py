"""The program on a pseudo-terminal: keys go in, and every octet it writes is kept.

A key is sent when the program has come to rest after the one before, which a slow machine only sees less
of.  In the end it is left as a person leaves it; what stays all the same is ended, and that is told by its
status.
"""

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

_REST_S = 0.3
_FIRST_S = 60.0
_KEY_S = 5.0
_END_S = 60.0
_LEFT = b"\x1b[?1049l"  # the alternate screen is left: the program goes
# Windows over one another are closed, a question is answered, and the program is left.
_LEAVING = (b"\x1b", b"q", b"\x1b", b"q", b"\r", b"\x1b", b"q", b"\r", b"\x03") * 3
_CHUNK = 65_536
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Played:
    """What a run wrote, after how many keys something was drawn, and how it ended."""

    stream: bytes
    drawn: int
    status: int


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return the environment of a run: a terminal with all it can do, and folders of its own."""
    return {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(ROOT),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_STATE_HOME": str(home / "state"),
        **more,
    }


def play(
    words: Iterable[str | bytes],
    keys: Iterable[bytes],
    given: Mapping[str, str],
    folder: Path,
    *,
    size: tuple[int, int] = (120, 40),
    module: str = "mxwalk",
) -> Played:
    """Run ``python -m MODULE WORDS`` on a terminal, press the keys, and return what it wrote."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    attributes = termios.tcgetattr(theirs)
    attributes[3] &= ~termios.ECHO  # what is typed before or after is no output of the program
    termios.tcsetattr(theirs, termios.TCSANOW, attributes)
    argv = [os.fsencode(sys.executable), b"-m", module.encode(), *map(os.fsencode, words)]
    child = os.fork()
    if child == 0:
        _become(theirs, ours, argv, given, folder)
    os.close(theirs)
    drawn = 0
    try:
        said, lives = _until_rest(ours, _FIRST_S)
        stream = bytearray(said)
        for key in (*keys, *_LEAVING):
            if not lives:
                break
            with contextlib.suppress(OSError):
                os.write(ours, key)
            said, lives = _until_rest(ours, _KEY_S)
            drawn += bool(said)
            stream += said
            if _LEFT in said:
                break
        while lives:
            said, lives = _until_rest(ours, _END_S)
            stream += said
            if not said:
                break
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        os.close(ours)
    return Played(bytes(stream), drawn, os.waitstatus_to_exitcode(status))


def _become(
    theirs: int, ours: int, argv: list[bytes], given: Mapping[str, str], folder: Path
) -> None:
    """Turn the child into the program, with the terminal as all it has."""
    try:
        os.close(ours)
        os.setsid()
        fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)
        for number in (0, 1, 2):
            os.dup2(theirs, number)
        os.chdir(folder)
        os.execve(argv[0], argv, {os.fsencode(k): os.fsencode(v) for k, v in given.items()})
    finally:
        os._exit(127)


def _until_rest(terminal: int, most_s: float) -> tuple[bytes, bool]:
    """Read until nothing came for a moment after something did; say whether there is more to come."""
    kept, ends = bytearray(), time.monotonic() + most_s
    while (left := ends - time.monotonic()) > 0:
        ready, _, _ = select.select([terminal], [], [], min(left, _REST_S if kept else left))
        if not ready:
            break
        try:
            kept += os.read(terminal, _CHUNK)
        except OSError:  # the program has gone
            return bytes(kept), False
    return bytes(kept), True
