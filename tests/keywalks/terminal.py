"""A pseudo-terminal with a program on it, and how the terminal is left when the program is gone."""

import codecs
import contextlib
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.keywalks.grid import Grid

ROOT = Path(__file__).parents[2]
SHELL = Path(__file__).with_name("shell.py")
PATIENCE_S = 120.0
_QUIET_S = 0.2
_MODE = re.compile(r"\x1b\[\?([\d;]+)([hl])")
_KEYBOARD = re.compile(r"\x1b\[([<>])\d*u")
# Modes that must be as before when nobody runs: alternate screen, mouse, focus, pastes, sizes.
_TAKEN = {"1049", "47", "1047", "1000", "1002", "1003", "1006", "1015", "1004", "2004", "2048"}
_GIVEN = {"25", "7"}  # cursor seen, lines wrapped


@dataclass
class Terminal:
    """A terminal; ``text`` is all that was written on it."""

    master: int
    slave: int
    report: int
    shell: subprocess.Popen[bytes]
    before: list[object]
    grid: Grid
    text: str = ""
    said: str = ""
    pid: int = 0
    _decoder: codecs.IncrementalDecoder = field(
        default_factory=lambda: codecs.getincrementaldecoder("utf-8")("replace")
    )

    def read(self, seconds: float = 0.05) -> None:
        """Take what was written meanwhile."""
        both = [each for each in (self.master, self.report) if each >= 0]
        ready, _, _ = select.select(both, [], [], seconds)
        if self.master in ready:
            with contextlib.suppress(OSError):
                new = self._decoder.decode(os.read(self.master, 1 << 16))
                self.text += new
                self.grid.feed(new)
        if self.report in ready:
            self.said += os.read(self.report, 4096).decode()
            if not self.pid and (found := re.search(r"started (\d+)\n", self.said)):
                self.pid = int(found[1])

    def until(self, came: Callable[[], bool], what: str) -> None:
        """Read until something came; fail with the end of the text when it does not."""
        end = time.monotonic() + PATIENCE_S
        while not came():
            if time.monotonic() > end:
                raise AssertionError(
                    f"waited for {what}; last: {self.text[-300:]!r} {self.said}\n{self.grid.text()}"
                )
            self.read()

    def until_shown(self, words: str) -> None:
        """Wait for words on the screen; where a line is too short for them, they are on two."""
        self.until(lambda: words in self.shown(), repr(words))

    def until_gone(self, words: str) -> None:
        """Wait until words are no longer on the screen."""
        self.until(lambda: words not in self.shown(), f"no {words!r}")

    def until_quiet(self) -> None:
        """Wait until nothing more is written, or for as long as a clock on the screen lets us."""
        for _ in range(8):
            written = len(self.text)
            self.read(_QUIET_S)
            if written == len(self.text):
                break

    def shown(self) -> str:
        """Return what is on the screen, with single spaces."""
        return re.sub(r"\s+", " ", self.grid.text())

    def until_said(self, words: str) -> str:
        """Wait for what the shell says of the program; return that line."""
        self.until(lambda: words in self.said, words)
        self.read(0.2)
        return next(line for line in self.said.splitlines() if words in line)

    def type(self, keys: str) -> None:
        """Type."""
        os.write(self.master, keys.encode())

    def resize(self, columns: int, rows: int) -> None:
        """Change the size; the kernel sends SIGWINCH to who is in front."""
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.grid.resize(columns, rows)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        os.kill(self.pid, number)

    def hang_up(self) -> None:
        """Take the terminal away."""
        os.close(self.slave)
        os.close(self.master)
        self.master = self.slave = -1

    def go_on(self) -> None:
        """Bring the program to the front again, as ``fg`` does."""
        self.said = self.said.replace("stopped\n", "")
        os.kill(self.shell.pid, signal.SIGUSR1)

    def wrong(self) -> list[str]:
        """Return what is not as it was before the program ran."""
        self.read(0.2)
        wrong = []
        now = termios.tcgetattr(self.slave)
        if now != self.before:
            names = ("iflag", "oflag", "cflag", "lflag", "ispeed", "ospeed", "cc")
            wrong += [
                f"termios {name}"
                for name, a, b in zip(names, self.before, now, strict=True)
                if a != b
            ]
        modes: dict[str, str] = {}
        for numbers, state in _MODE.findall(self.text):
            modes.update(dict.fromkeys(numbers.split(";"), state))
        wrong += [f"mode {mode} is on" for mode in sorted(_TAKEN) if modes.get(mode) == "h"]
        wrong += [f"mode {mode} is off" for mode in sorted(_GIVEN) if modes.get(mode) == "l"]
        pushed = _KEYBOARD.findall(self.text)
        if pushed.count(">") > pushed.count("<"):
            wrong.append("the keyboard protocol is on")
        return wrong


def plain(text: str) -> str:
    """Return text without control sequences, with a space where the cursor was placed anew."""
    text = re.sub(r"\x1b\[[\d;]*[HfGd]", " ", text)
    text = re.sub(r"\x1b\[[<-?]?[\d;:$]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)", "", text)
    return re.sub(r"\s+", " ", text)


@contextlib.contextmanager
def terminal(
    *arguments: str,
    size: tuple[int, int] = (100, 30),
    env: Mapping[str, str] | None = None,
    without: tuple[str, ...] = (),
    home: Path | str,
    program: tuple[str, ...] = (sys.executable, "-m", "mxwalk"),
) -> Iterator[Terminal]:
    """Run mxwalk (or ``program``) with arguments on a terminal; it is ended with the context."""
    master, slave = os.openpty()
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    taken, told = os.pipe()
    kept = ("PATH", "PYTHONPATH", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "SYSTEMROOT")
    full = {name: os.environ[name] for name in kept if name in os.environ}
    full |= {"TERM": "xterm-256color", "LANG": "C.UTF-8", "HOME": str(home), **(env or {})}
    full["PYTHONPATH"] = str(ROOT)
    for name in without:
        full.pop(name, None)
    before = termios.tcgetattr(slave)
    shell = subprocess.Popen(
        [sys.executable, str(SHELL), str(told), *program, *arguments],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=full,
        pass_fds=(told,),
        start_new_session=True,
        cwd=str(home) if Path(home).is_dir() else "/",
    )
    os.close(told)
    here = Terminal(master, slave, taken, shell, before, Grid(*size))
    try:
        yield here
    finally:
        with contextlib.suppress(ProcessLookupError):
            if here.pid and "exited" not in here.said and "killed" not in here.said:
                os.kill(here.pid, signal.SIGKILL)
        shell.kill()
        shell.wait()
        for each in (master, slave, taken):
            with contextlib.suppress(OSError):
                os.close(each)
