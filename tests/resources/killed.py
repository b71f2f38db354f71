"""Kill walks with SIGKILL at random moments, and open what they saved.

``python -m tests.resources.killed [--walks N] [--seed N]``: walks as processes of their own, of the
command line (``check --save``) and of the interface's recorder (``shown_walk``), are killed once they
have told a random number of steps and a random time has passed.  A step counts as completed once it
was told: printed, or drawn on the screen.  Every file must open, hold at least those steps, be for
its owner alone, and take a note; its damage may be no more than a last line that is cut off.  A walk that
ends by itself must end with a code of ``check``; what it wrote to standard error is told otherwise.
"""

import argparse
import asyncio
import collections
import importlib
import os
import random
import re
import signal
import stat
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from mxwalk.cli import main as main_of_mxwalk
from mxwalk.errors import TraceError
from mxwalk.evidence.journal import read_trace
from mxwalk.evidence.journal_writer import append_steps
from mxwalk.evidence.notes import note_step
from mxwalk.evidence.trace import Trace
from tests.resources.caches import OURS
from tests.resources.shown_walk import show

SCENARIOS = (
    "esa-hosted",
    "dane-good",
    "sts-and-dane",
    "mx-dead-first",
    "dmarc-arc",
    "domain-complete",
    "revoked-ocsp",
    "hostile-escapes",
    "starttls-broken",
)
_BEFORE = b"a trace of yesterday\n"
_STEP = re.compile(rb"^(?:  +|drawn )(\d+)(?:  \S+ .*)?$", re.MULTILINE)
_ROOT = Path(__file__).parents[2]
_TOLD_AT_LEAST = 0.5  # of the kills that wait for a step: so many must have seen it
_BY_SIGNAL = -1  # any but ours
_SIGNALLED = " (another signal than ours)"
_CODES = range(5)  # what a walk ends with (docs of ``check``)
_LONGEST_S = 0.03  # after the step that is waited for: a few steps' time
_WORDS = 20_000  # of what a walk wrote to standard error, its end


@dataclass(frozen=True, slots=True)
class Killing:
    """One walk to be killed: how it is run, after which step, and how long after it.

    ``anew`` starts an interpreter for it; the others are forks of this process, which has read the
    modules already.  ``replaces`` has a trace that is to be replaced in its place: until a step was
    told that one must be there, afterwards the new one.
    """

    number: int
    scenario: str
    drawn: bool
    anew: bool
    after: int
    pause_s: float
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class Killed:
    """What was told before the kill, and what the file held."""

    told: int
    kept: int | None  # None: the file had not been made
    cut: bool
    over: bool  # the walk was quicker
    fault: str = ""


def killing(number: int, seed: int) -> Killing:
    """Draw the kill of this number."""
    chance = random.Random(f"{seed}/{number}")
    return Killing(
        number=number,
        scenario=chance.choice(SCENARIOS),
        drawn=number % 4 == 3,
        anew=number % 10 == 0,
        after=chance.choice((-1, *range(18))),
        pause_s=chance.uniform(0, _LONGEST_S),
        replaces=number % 4 == 1,
    )


def kill(one: Killing, directory: Path) -> Killed:
    """Start the walk, kill it, and look at its file."""
    state = directory / f"state-{one.number}"
    path = directory / f"walk-{one.number}.mxtrace"
    if one.replaces:
        path.write_bytes(_BEFORE)
    told, code = _run(one, path, state, directory / f"words-{one.number}")
    over = code is not None
    if over and (code not in _CODES or not told):
        return Killed(told, None, False, over, _of_itself(code, directory / f"words-{one.number}"))
    if one.drawn:
        saved = sorted((state / "mxwalk" / "traces").glob("*.mxtrace"))
        if len(saved) > 1:
            return Killed(told, None, False, over, f"{len(saved)} files of one walk")
        path = saved[0] if saved else path
    if not path.exists() or path.read_bytes() == _BEFORE:
        fault = "no file of the walk" if told or over else ""
        fault = fault or ("the trace before it is lost" * (one.replaces and not path.exists()))
        return Killed(told, None, False, over, fault)
    return _look(path, told, over=over)


def _of_itself(code: int | None, words: Path) -> str:
    told = words.read_text("utf-8", "replace")[-_WORDS:]
    return f"the walk itself ended with code {code}{_SIGNALLED * (code == _BY_SIGNAL)}\n{told}"


def _run(one: Killing, path: Path, state: Path, words: Path) -> tuple[int, int | None]:
    """Run until the step was told and the time has passed, and kill.

    Returns the last step that was told, and the exit code of a walk that was quicker.
    """
    reading, writing = os.pipe()
    process = os.fork()
    if not process:
        _be(one, path, state, (writing, words))
    os.close(writing)
    with open(reading, "rb", buffering=0) as out:  # noqa: PTH123 - a descriptor has no Path
        output = b""
        try:
            while one.after >= 0 and _told(output) < one.after and (more := out.read(65_536)):
                output += more
            time.sleep(one.pause_s)
        finally:
            os.kill(process, signal.SIGKILL)
            _, status = os.waitpid(process, 0)
        output += out.readall()
    return _told(output), _code(status)


def _code(status: int) -> int | None:
    """Return the exit code of a walk, ``None`` for one that was ended by our own SIGKILL."""
    if os.WIFEXITED(status):
        return os.WEXITSTATUS(status)
    return None if os.WTERMSIG(status) == signal.SIGKILL else _BY_SIGNAL


def _be(one: Killing, path: Path, state: Path, out: tuple[int, Path]) -> NoReturn:
    """Be the walk: its output goes to the pipe, its words to a file, its files to a home of its own."""
    code: object = 70
    try:
        for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "HOME"):
            os.environ[name] = str(state)
        os.environ.update(LC_ALL="C.UTF-8", MXWALK_LANGUAGE="en")
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(out[0], 1)
        os.dup2(os.open(out[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), 2)
        walk = ["check", "--lab", one.scenario, "--save", str(path)]
        walk += ["--force"] * one.replaces
        if one.anew:
            shown = ["-m", "tests.resources.shown_walk", one.scenario]
            command = shown if one.drawn else ["-m", "mxwalk", *walk]
            os.chdir(_ROOT)
            os.execv(sys.executable, [sys.executable, *command])
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        if one.drawn:
            asyncio.run(show(one.scenario))
            code = 0
        else:
            sys.argv = ["mxwalk", *walk]
            main_of_mxwalk()
    except SystemExit as ended:
        code = ended.code
    except BaseException:  # noqa: BLE001 - the fork must not go on as its parent
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(code if isinstance(code, int) else 70)


def _told(output: bytes) -> int:
    """Return the number of the last step that was told in a whole line."""
    whole = output[: output.rfind(b"\n") + 1]
    return max((int(found[1]) for found in _STEP.finditer(whole)), default=0)


def _look(path: Path, told: int, *, over: bool) -> Killed:
    mode = stat.S_IMODE(path.stat().st_mode)
    try:
        trace = read_trace(path)
    except TraceError as error:
        whole_header = path.read_bytes().endswith(b"\n")
        fault = str(error) if told or whole_header else ""
        return Killed(told, 0, True, over, fault)
    kept, cut = len(trace.steps), bool(trace.damage)
    fault = ""
    if kept < told:
        fault = f"{told} steps were told, {kept} are in the file ({trace.damage})"
    elif cut and "it is cut off" not in trace.damage:
        fault = trace.damage
    elif mode != 0o600:
        fault = f"mode {mode:o}"
    elif kept and not cut:
        fault = _noted(path, trace)
    return Killed(told, kept, cut, over, fault)


def _noted(path: Path, trace: Trace) -> str:
    """Write a note into the file, as whoever finds it may; return what is wrong with that."""
    step = note_step(trace, 1, "the program was killed", trace.steps[-1].started_s)
    append_steps(path, trace, (step,))
    return "" if read_trace(path).steps[-1] == step else "the note is not in the file"


def load_everything() -> None:
    """Import the product, so that no fork has to, whatever becomes of the files meanwhile."""
    for package in OURS:
        for path in sorted((_ROOT / package).rglob("*.py")):
            if path.name not in ("__main__.py", "__init__.py"):
                importlib.import_module(".".join(path.relative_to(_ROOT).with_suffix("").parts))


def main() -> int:
    """Kill the walks asked for; print the figures; return 1 when anything was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.resources.killed", description=__doc__)
    parser.add_argument("--walks", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=int, help="the kill of this number alone")
    asked = parser.parse_args()
    load_everything()
    numbers = range(asked.walks) if asked.only is None else [asked.only]
    figures: collections.Counter[str] = collections.Counter()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as directory:
        for number in numbers:
            one = killing(number, asked.seed)
            came = kill(one, Path(directory))
            _count(figures, one, came)
            if came.fault:
                print(f"{one}: {came.fault}")
                print(f"  python -m tests.resources.killed --seed {asked.seed} --only {number}")
            if number % 25 == 24:
                print(f"{number + 1} killed", file=sys.stderr, flush=True)
    for name in ("killed", "on the screen", "before the file was made", "over before the kill"):
        print(f"{name}: {figures[name]:,}")
    print(f"steps told before the kill: {figures['told']:,}")
    print(f"steps in the files: {figures['kept']:,}")
    print(f"files whose last line is cut off: {figures['cut']:,}")
    print(f"files that lost a step or do not open: {figures['faults']:,}")
    print(f"seed {asked.seed}; {time.monotonic() - begun:.0f} s", file=sys.stderr)
    idle = too_idle(figures)
    if idle:
        print(idle)
    return 1 if figures["faults"] or idle else 0


def too_idle(figures: "collections.Counter[str]") -> str:
    """Say that these kills prove nothing: there were none, or the walks had told too little before."""
    if not figures["killed"]:
        return "NOTHING was killed"
    if figures["waited"] and not figures["told"]:
        return "NO STEP was told before any kill"
    if figures["reached"] < figures["waited"] * _TOLD_AT_LEAST:
        return (
            f"only {figures['reached']:,} of {figures['waited']:,} walks told the step waited for"
        )
    return ""


def _count(figures: "collections.Counter[str]", one: Killing, came: Killed) -> None:
    figures["killed"] += 1
    figures["waited"] += one.after > 0
    figures["reached"] += one.after > 0 and (
        came.told >= one.after or (came.over and came.told > 0)
    )
    figures["on the screen"] += one.drawn
    figures["before the file was made"] += came.kept is None
    figures["over before the kill"] += came.over
    figures["told"] += came.told
    figures["kept"] += came.kept or 0
    figures["cut"] += came.cut
    figures["faults"] += bool(came.fault)


if __name__ == "__main__":
    sys.exit(main())
