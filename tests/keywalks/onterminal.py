"""Checks on a real terminal: what ends the interface, what it is drawn on, where it cannot be saved.

Each check runs ``mxwalk`` on a pseudo-terminal and returns what was wrong, in words.
"""

import random
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from mxwalk.evidence.journal import read_trace
from tests.keywalks.broken import PLACES
from tests.keywalks.terminal import ROOT, Terminal, plain, terminal

SCENARIO = "mx-null"  # short, and judged without a connection
FIRST = "DNSKEY"  # its first step asks for these records
BROKEN = (sys.executable, str(Path(__file__).with_name("broken.py")))
_STORM = 200
# Of xterm's 256 colours the greys of the cube and of the ramp, black, white and their bright ones.
_GREYS_OF_256 = frozenset({0, 7, 8, 15, *range(16, 232, 43), *range(232, 256)})
_COLOURS_OF_16 = frozenset(
    base + colour for base in (30, 40, 90, 100) for colour in range(1, 7)
)  # black and white are none
_FAULT = "a fault of mxwalk itself: ValueError: broken on purpose"

Check = Callable[[Path], list[str]]


def _opened(here: Terminal) -> None:
    here.until_shown(FIRST)


def _ended(here: Terminal, how: str) -> list[str]:
    said = here.until_said(how.split(maxsplit=1)[0])
    return ([] if said == how else [f"{said}, not {how}"]) + here.wrong()


def _traces(home: Path) -> list[Path]:
    return sorted(home.rglob("*.mxtrace"))


def quitting(home: Path) -> list[str]:
    """q, after the walk."""
    with terminal("lab", SCENARIO, home=home) as here:
        _opened(here)
        here.type("c")
        here.until_shown("done:")
        here.type("q")
        return _ended(here, "exited 0")


def interrupting(home: Path) -> list[str]:
    """Ctrl+C says what leaves; nothing ends."""
    with terminal("lab", SCENARIO, home=home) as here:
        _opened(here)
        here.type("\x03")
        here.until_shown("q leaves")
        here.type("q")
        return _ended(here, "exited 0")


def _by(number: signal.Signals) -> Check:
    def check(home: Path) -> list[str]:
        with terminal("lab", SCENARIO, home=home) as here:
            _opened(here)
            here.type("n")
            here.until_gone(FIRST)
            here.signal(number)
            wrong = _ended(here, f"killed {number.value}")
        return wrong + _not_kept(home)

    check.__doc__ = f"{number.name}: left in order, then the signal takes effect; the walk is kept."
    return check


def suspending(home: Path) -> list[str]:
    """Ctrl+Z and SIGTSTP give the terminal back; going on draws everything again."""
    wrong = []
    with terminal("lab", SCENARIO, home=home) as here:
        _opened(here)
        for by_key in (True, False):
            if by_key:
                here.type("\x1a")
            else:
                here.signal(signal.SIGTSTP)
            here.until_said("stopped")
            wrong += [f"while stopped: {each}" for each in here.wrong()]
            here.resize(100, 30)  # nothing is known to be on the screen
            here.go_on()
            here.until_shown(FIRST)
            here.until_shown("findings")
        here.type("q")
        return wrong + _ended(here, "exited 0")


def _hung_up(told: str) -> Check:
    def check(home: Path) -> list[str]:
        with terminal("lab", SCENARIO, home=home, env={"HANGUP": told}) as here:
            _opened(here)
            here.type("n")
            here.until_gone(FIRST)
            here.hang_up()
            wrong = [] if here.until_said("killed") == "killed 1" else [here.said]
        return wrong + _not_kept(home)

    check.__doc__ = f"The terminal goes away ({told or 'nobody says so'}): the program ends, too."
    return check


def _not_kept(home: Path) -> list[str]:
    kept = _traces(home)
    return [] if len(kept) == 1 and read_trace(kept[0]).steps else ["the walk is not kept"]


def storm(home: Path) -> list[str]:
    """Two hundred changes of size while a walk runs, down to one cell; the last picture is right."""
    drawn = random.Random(8)
    with terminal("lab", "esa-hosted", home=home) as here:
        _opened(here)
        here.type("c")
        for number in range(_STORM):
            size = (1, 1) if number % 20 == 7 else (drawn.randint(1, 220), drawn.randint(1, 70))
            here.resize(*size)
            here.read(0.01)
        here.resize(119, 36)
        here.until_shown("done:")
        here.resize(120, 36)
        for words in ("done:", "findings (", "verdicts", "steps", "quit"):
            here.until_shown(words)
        here.read(0.5)
        last = here.grid.text()
        here.type("q")
        wrong = _ended(here, "exited 0")
    frame = last.splitlines()
    if len(frame) != 36 or not all(frame):
        wrong.append(f"the last picture is not whole: {last}")
    return wrong


def _failing(place: str, keys: str, told: str) -> Check:
    """A fault that ends the interface."""

    def check(home: Path) -> list[str]:
        with terminal(place, "lab", SCENARIO, home=home, program=BROKEN) as here:
            _opened(here)
            for each in keys:
                here.type(each)
                if each == "n":
                    here.until_gone(FIRST)
            wrong = _ended(here, "exited 70")
            last = here.text[here.text.rfind("\x1b[?1049l") :]
        if told not in plain(last) or "Traceback" in last or len(last.splitlines()) > 8:
            wrong.append(f"not one sentence: {plain(last)[-300:]!r}")
        if "\x1b]0;title" in last:
            wrong.append("the error's own words act on the terminal")
        kept = _traces(home)
        if len(kept) != 1 or str(kept[0]) not in last.replace("\r\n", ""):
            wrong.append(f"it is not said where the walk is kept: {plain(last)[-300:]!r}")
        elif not read_trace(kept[0]).steps:
            wrong.append("what was walked is not kept")
        return wrong

    check.__doc__ = f"{PLACES[place].__doc__} One sentence, where the walk is, exit code 70."
    return check


def failing_step(home: Path) -> list[str]:
    """The worker that walks fails: it is told on the screen, and the rest goes on."""
    with terminal("step", "lab", "esa-hosted", home=home, program=BROKEN) as here:
        _opened(here)
        here.type("c")
        here.until_shown("A fault of mxwalk itself: ValueError: broken on purpose")
        here.type("x")
        here.until_shown("Esc closes")
        here.until_quiet()
        here.type("\x1b")
        here.until_gone("Esc closes")
        here.until_quiet()
        here.type("q")
        wrong = _ended(here, "exited 0")
    kept = _traces(home)
    if len(kept) != 1 or len(read_trace(kept[0]).steps) != 2:
        wrong.append("the two steps before it are not kept")
    return wrong


def _drawn(name: str, without: tuple[str, ...] = (), *more: str, **env: str) -> Check:
    def check(home: Path) -> list[str]:
        with terminal("lab", SCENARIO, *more, home=home, env=env, without=without) as here:
            _opened(here)
            here.type("c")
            here.until_shown("done:")
            here.type("?")
            here.until_shown("Esc closes")
            here.type("q")  # Escape and a letter behind it would be another key
            here.until_gone("Esc closes")
            here.type("q")
            wrong = _ended(here, "exited 0")
            text = here.text
        if "ascii" in name and not plain(text).isascii():
            wrong.append(f"not ASCII: {sorted({c for c in plain(text) if not c.isascii()})[:9]}")
        if "16" in name and ("8;2;" in text or "8;5;" in text):
            wrong.append("more than 16 colours are asked for")
        if _coloured(text) is (name == "NO_COLOR"):
            wrong.append("drawn in colours" if name == "NO_COLOR" else "drawn without colours")
        return wrong

    check.__doc__ = f"Drawn on {name}."
    return check


def _coloured(text: str) -> bool:
    """Say whether any colour is other than a grey, in whatever number of colours it is asked for."""
    for asked in re.findall(r"\x1b\[([\d;]*)m", text):
        numbers = iter([int(one or 0) for one in asked.split(";")])
        for number in numbers:
            if number in (38, 48) and next(numbers, 0) == 5:
                if next(numbers, 0) not in _GREYS_OF_256:
                    return True
            elif number in (38, 48):
                if len({next(numbers, 0) for _ in range(3)}) > 1:
                    return True
            elif number in _COLOURS_OF_16:
                return True
    return False


def _refused(**env: str) -> Check:
    """A terminal that cannot be drawn on gets a sentence."""

    def check(home: Path) -> list[str]:
        without = () if env else ("TERM",)
        with terminal("lab", SCENARIO, home=home, env=env, without=without) as here:
            wrong = _ended(here, "exited 2")
            if "cannot be drawn on this terminal" not in plain(here.text):
                wrong.append(f"no sentence: {here.text!r}")
            if "\x1b" in here.text:
                wrong.append("control sequences all the same")
        return wrong

    check.__doc__ = f"TERM={env.get('TERM', '')}: a sentence and exit code 2."
    return check


def no_terminal(home: Path) -> list[str]:
    """Neither standard input nor output is a terminal: lines are printed, and no screen is drawn."""
    wrong = []
    for arguments, code in ((("lab", SCENARIO), None), ((), 2), (("walk",), 2)):
        done = subprocess.run(
            [sys.executable, "-m", "mxwalk", *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={"HOME": str(home), "PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
            timeout=120,
            check=False,
        )
        said = done.stdout + done.stderr
        if b"Traceback" in said or b"\x1b" in said or not said.strip():
            wrong.append(f"{arguments}: {said[-300:]!r}")
        if code is not None and done.returncode != code:
            wrong.append(f"{arguments}: exit code {done.returncode}, not {code}")
    return wrong


def _nowhere(home: Path, kind: str) -> str:
    if kind == "a file":
        (home / "file").write_text("no directory", encoding="ascii")
        return str(home / "file" / "home")
    return "/proc/self/nowhere"


def _read_only(kind: str) -> Check:
    def check(home: Path) -> list[str]:
        with terminal("lab", SCENARIO, home=_nowhere(home, kind)) as here:
            here.until_shown("this walk is not saved")
            here.type("c")
            here.until_shown("done:")
            here.type("q")
            here.until_shown("Lose it")
            here.type("\t\r")
            wrong = _ended(here, "exited 0")
            if "Traceback" in here.text:
                wrong.append("a traceback")
        return wrong

    check.__doc__ = (
        f"A home directory that cannot be written ({kind}): said, and walked all the same."
    )
    return check


def _full(home: Path) -> list[str]:
    """A full disk: the walk goes on, and the screen says that it is not saved."""
    with terminal("full", "lab", SCENARIO, home=home, program=BROKEN) as here:
        _opened(here)
        here.type("c")
        here.until_shown("File too large")
        here.until_shown("done:")
        here.type("q")
        here.until_shown("Lose it")
        here.type("\t\r")
        return _ended(here, "exited 0")


CHECKS: dict[str, Check] = {
    "quit": quitting,
    "ctrl-c": interrupting,
    "sigterm": _by(signal.SIGTERM),
    "sighup": _by(signal.SIGHUP),
    "sigint": _by(signal.SIGINT),
    "sigquit": _by(signal.SIGQUIT),
    "sigabrt": _by(signal.SIGABRT),
    "sigusr1": _by(signal.SIGUSR1),
    "sigalrm": _by(signal.SIGALRM),
    "sigxcpu": _by(signal.SIGXCPU),
    "suspend": suspending,
    "hang-up": _hung_up("by the shell"),
    "hang-up-untold": _hung_up(""),
    "storm": storm,
    "fault-drawing": _failing("drawing", "c", _FAULT),
    "fault-line": _failing("line", "c", _FAULT),
    "fault-key": _failing("key", "nb", _FAULT),
    "fault-window": _failing("window", "nD", _FAULT),
    "fault-step": failing_step,
    "xterm-16color": _drawn("16 colours", (), TERM="xterm-16color"),
    "screen": _drawn("screen", (), TERM="screen"),
    "linux": _drawn("ascii on linux", (), TERM="linux"),
    "no-color": _drawn("NO_COLOR", (), NO_COLOR="1"),
    "no-color-true": _drawn("NO_COLOR", (), NO_COLOR="1", COLORTERM="truecolor"),
    "no-color-16": _drawn("NO_COLOR", (), NO_COLOR="1", TERM="xterm-16color"),
    "ascii": _drawn("ascii asked for", (), "--ascii"),
    "lang-c": _drawn("ascii of LANG=C", (), LANG="C", LC_ALL="C", PYTHONUTF8="0"),
    "dumb": _refused(TERM="dumb"),
    "no-term": _refused(),
    "no-terminal": no_terminal,
    "home-file": _read_only("a file"),
    "home-proc": _read_only("/proc"),
    "full-disk": _full,
}
