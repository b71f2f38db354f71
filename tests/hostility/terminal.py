"""The program on a pseudo-terminal: keys go in, and every octet it writes is kept.

A key is sent once the program tells that it has drawn what the one before led to (``start``), however long
that takes on this machine; what it does not tell in a minute is noted down.  In the end it is left as a
person leaves it; what stays all the same is ended, and that is told by its status.
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

_MOST_S = (
    120.0  # until a key has led to what it leads to; a second, on a machine with nothing else to do
)
# Windows over one another are closed, a question is answered, and the program is left.
_LEAVING = (b"\x1b", b"q", b"\x1b", b"q", b"\r", b"\x1b", b"q", b"\r", b"\x03") * 3
_CHUNK = 65_536
PIPE = "HOSTILITY_PIPE"
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Played:
    """What a run wrote, which screens and views were reached, what did not come, and how it ended."""

    stream: bytes
    reached: frozenset[str]
    missing: tuple[str, ...]
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
) -> Played:
    """Run ``mxwalk WORDS`` on a terminal, press the keys, and return what it wrote."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    attributes = termios.tcgetattr(theirs)
    attributes[3] &= ~termios.ECHO  # what is typed before or after is no output of the program
    termios.tcsetattr(theirs, termios.TCSANOW, attributes)
    told, tells = os.pipe()
    os.set_inheritable(tells, True)
    argv = [os.fsencode(sys.executable), b"-m", b"tests.hostility.start", *map(os.fsencode, words)]
    child = os.fork()
    if child == 0:
        _become(theirs, ours, argv, {**given, PIPE: str(tells)}, folder)
    os.close(theirs)
    os.close(tells)
    run = _Run(ours, told)
    try:
        run.wait("nothing pressed", 0)
        for number, key in enumerate((*keys, *_LEAVING), 1):
            if not run.lives:
                break
            with contextlib.suppress(OSError):
                os.write(ours, key)
            run.wait(f"{key!r:.40}, key {number}", run.pressed + 1)
        run.wait("its end")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        os.close(ours)
        os.close(told)
    reached, missing = frozenset(run.reached), tuple(run.missing)
    return Played(bytes(run.stream), reached, missing, os.waitstatus_to_exitcode(status))


def _become(
    theirs: int, ours: int, argv: list[bytes], given: Mapping[str, str], folder: Path
) -> None:
    """Turn the child into the program, with the terminal and the pipe as all it has."""
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


class _Run:
    """A program under way: what it wrote to the terminal, and what it told."""

    def __init__(self, terminal: int, told: int) -> None:
        self._terminal, self._told = terminal, told
        self._lines = bytearray()
        self.stream = bytearray()
        self.reached: set[str] = set()
        self.missing: list[str] = []
        self.pressed = -1
        self.lives = True

    def wait(self, what: str, pressed: int | None = None) -> None:
        """Read until so much was told to have been pressed, or the program goes; note what did not come."""
        ends = time.monotonic() + _MOST_S
        while self.lives and (pressed is None or self.pressed < pressed):
            left = ends - time.monotonic()
            if left <= 0:
                self.missing.append(what)
                return
            ready, _, _ = select.select([self._terminal, self._told], [], [], left)
            if self._terminal in ready:
                self._read()
            elif ready:
                self._hear()

    def _read(self) -> None:
        try:
            said = os.read(self._terminal, _CHUNK)
        except OSError:  # the program has gone
            said = b""
        self.stream += said
        self.lives = bool(said)

    def _hear(self) -> None:
        heard = os.read(self._told, _CHUNK)
        if not heard:  # the pipe is closed at the end, a moment before the terminal
            self._told = self._terminal
        self._lines += heard
        while b"\n" in self._lines:
            line, _, self._lines = self._lines.partition(b"\n")
            number, *names = line.decode().split()
            self.pressed = int(number)
            self.reached.update(names)
