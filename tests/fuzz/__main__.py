"""Runs the targets: ``python -m tests.fuzz [NAME...] [--time 60]``, or one input again: ``--replay``.

Each target runs in a process of its own, two at a time, for so many seconds, from its corpus and what
earlier runs kept in ``.fuzz``.  A line for each says what was executed and reached; an input that breaks
the promise is kept in ``tests/fuzz/found`` with the command that runs it again, and the exit code is 1.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.model import run
from tests.fuzz.registry import CORPUS, FOUND, HOME, TARGETS, load

ROOT = HOME.parents[1]
GROWN = ROOT / ".fuzz"
_AT_A_TIME = 2
_RSS_MB = 2_048
# One input; generous, for machines that have much else to do.  Work is bounded by counting calls.
_INPUT_S = 60
# Starting, instrumenting, and the corpus that is run before the clock starts to count.
_START_S = 600
_PROGRESS = re.compile(r"^#\d+\s.*\bcov: (\d+) ft: (\d+)(?: corp: (\d+)/)?", re.MULTILINE)
_EXECUTED = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
_WROTE = re.compile(r"Test unit written to (\S+)")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of one target's run."""

    name: str
    executed: int
    edges: int
    features: int
    kept: int
    found: tuple[Path, ...]
    fault: str = ""

    @property
    def line(self) -> str:
        """One line of plain text."""
        state = self.fault or ("clean" if not self.found else f"{len(self.found)} FOUND")
        return (
            f"{self.name:<16} {self.executed:>9} executions {self.edges:>6} edges "
            f"{self.features:>6} features {self.kept:>5} inputs kept  {state}"
        )


def fuzz(name: str, seconds: int) -> Outcome:
    """Run one target for so many seconds."""
    grown, found = GROWN / name, FOUND / name
    grown.mkdir(parents=True, exist_ok=True)
    corpora = [str(grown), *(str(path) for path in (CORPUS / name, found) if path.is_dir())]
    with tempfile.TemporaryDirectory() as scratch:
        options = [
            f"-max_total_time={seconds}", f"-rss_limit_mb={_RSS_MB}", f"-timeout={_INPUT_S}",
            f"-report_slow_units={_INPUT_S}", "-print_final_stats=1", "-len_control=0",
            f"-artifact_prefix={scratch}/found-",
        ]  # fmt: skip
        command = [sys.executable, "-m", "tests.fuzz.engine", name, scratch, *options, *corpora]
        try:
            done = subprocess.run(
                command, cwd=ROOT, capture_output=True, timeout=seconds + _START_S, check=False
            )
            output = (done.stdout + done.stderr).decode("utf-8", "replace")
            code = done.returncode
        except subprocess.TimeoutExpired as late:
            output = ((late.stdout or b"") + (late.stderr or b"")).decode("utf-8", "replace")
            code = -1
        return _outcome(name, code, output)


def _outcome(name: str, code: int, output: str) -> Outcome:
    kept: list[Path] = []
    for wrote in _WROTE.findall(output):
        FOUND.joinpath(name).mkdir(parents=True, exist_ok=True)
        kept.append(FOUND / name / Path(wrote).name.removeprefix("found-"))
        shutil.copyfile(wrote, kept[-1])
    seen = _PROGRESS.findall(output)
    edges, features, count = seen[-1] if seen else ("0", "0", "0")
    executed = _EXECUTED.findall(output)
    fault = ""
    if kept:
        print(_told(output), flush=True)
    elif code != 0:
        fault = f"ENDED WITH CODE {code}"
        print(output[-4_000:], flush=True)
    return Outcome(
        name=name,
        executed=int(executed[-1]) if executed else 0,
        edges=int(edges),
        features=int(features),
        kept=int(count or 0),
        found=tuple(kept),
        fault=fault,
    )


def _told(output: str) -> str:
    """Return what atheris said of the exception, without libFuzzer's own lines."""
    begin = output.find("=== Uncaught Python exception")
    return output[begin : begin + 6_000].partition("\n==")[0] if begin >= 0 else output[-3_000:]


def replay(name: str, paths: Sequence[Path]) -> None:
    """Run inputs again, in this process, as ``make test`` does."""
    for path in paths:
        calls = run(load(name), path.read_bytes())
        print(f"{path}: as promised, with {calls} function calls")


def main() -> int:
    """Do what the command line says; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("names", nargs="*", help="targets; none means all")
    parser.add_argument("--time", type=int, default=60, metavar="SECONDS", help="for each target")
    parser.add_argument(
        "--replay", type=Path, action="append", metavar="FILE", help="an input of NAME"
    )
    parser.add_argument("--jobs", type=int, choices=(1, 2), default=_AT_A_TIME, help="at a time")
    parser.add_argument("--list", action="store_true", help="say what each target promises")
    given = parser.parse_args()
    names = given.names or TARGETS
    if unknown := [name for name in names if name not in TARGETS]:
        parser.error(f"no target {unknown[0]!r}; there are {', '.join(TARGETS)}")
    if given.list:
        for name in names:
            print(f"{name:<16} {load(name).promise}")
        return 0
    if given.replay:
        replay(names[0], given.replay)
        return 0
    return _all(names, given.time, given.jobs)


def _all(names: Sequence[str], seconds: int, jobs: int) -> int:
    outcomes: list[Outcome] = []
    with ThreadPoolExecutor(jobs) as pool:
        for outcome in pool.map(lambda name: fuzz(name, seconds), names):
            print(outcome.line, flush=True)
            outcomes.append(outcome)
    found = [path for outcome in outcomes for path in outcome.found]
    print(f"\nfuzz: {len(outcomes)} targets, {seconds} s each, at most {jobs} at a time")
    print(f"executions: {sum(outcome.executed for outcome in outcomes)}")
    print(f"edges: {sum(outcome.edges for outcome in outcomes)}")
    print(f"findings: {len(found)}")
    for path in found:
        name = path.parent.name
        print(f"  python -m tests.fuzz {name} --replay {path.relative_to(ROOT)}")
    faults = [outcome.name for outcome in outcomes if outcome.fault]
    if faults:
        print(f"did not run to the end: {', '.join(faults)}")
    return 1 if found or faults else 0


if __name__ == "__main__":
    sys.exit(main())
