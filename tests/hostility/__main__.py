"""Try the table: ``python -m tests.hostility``; see ``--help``."""

import argparse
import multiprocessing
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from tests.hostility import browser
from tests.hostility.doors import DOORS
from tests.hostility.played import PLAYS
from tests.hostility.table import PARTS, TEXTS, Case, cases, tried
from tests.hostility.ways import WAYS

_SHOWN = 5
_OF_A_PROCESS = 200  # cases


def main() -> int:
    """Try the cases asked for; print the figures; return 1 when anything was wrong."""
    asked = _arguments()
    if asked.replay:
        return _told(asked.replay, tried(Case.parse(asked.replay)))
    parts = [part for part in PARTS if asked.part in ("", part)]
    if "browser" in parts and not browser.CHROMIUM:
        parts.remove("browser")
        print("no Chromium is installed: pages are not opened", file=sys.stderr)
    every = [case for part in parts for case in _chosen(part, asked.every, asked.seed)]
    started, counted, wrong = time.monotonic(), Counter[str](), 0
    print(f"{len(every):,} cases, every {asked.every}, seed {asked.seed}", file=sys.stderr)
    for case, found in _tried(every, asked.processes):
        counted[case.part] += 1
        wrong += _told(str(case), found)
        if not counted.total() % 250:
            seconds = time.monotonic() - started
            print(f"{counted.total():,} cases, {seconds:.0f} s: {case}", file=sys.stderr)
    ways = Counter(way.takes for way in WAYS)
    print(
        f"texts: {len(TEXTS)}; doors: {len(DOORS)}; ways of documents: {len(WAYS)}; plays: {len(PLAYS)}"
    )
    print(
        f"ways of what a door brings: {', '.join(f'{kind.value} {n}' for kind, n in ways.items())}"
    )
    for part, count in counted.items():
        print(f"{part}: {count:,} cases")
    print(f"cases in which something else than visible text arrived: {wrong}")
    print(f"every {asked.every}, seed {asked.seed}; {time.monotonic() - started:.0f} s")
    return 1 if wrong else 0


def _tried(every: list[Case], processes: int) -> Iterator[tuple[Case, list[str]]]:
    """Try the cases in processes that are new now and then, so that none keeps what it remembers.

    Not by ``max_tasks_per_child``: an executor whose last process has gone waits for ever (CPython 3.11).
    """
    context = multiprocessing.get_context("spawn")
    done = 0
    while some := every[done : done + _OF_A_PROCESS * processes]:
        with ProcessPoolExecutor(processes, mp_context=context) as pool:
            found = pool.map(tried, some)
            try:
                for case, wrong in zip(some, found, strict=True):
                    done += 1
                    yield case, wrong
            except BrokenProcessPool:
                done += 1
                yield (
                    every[done - 1],
                    [f"a process ended at it, or at the {processes - 1} beside it"],
                )


def _chosen(part: str, every: int, seed: int) -> list[Case]:
    found = list(cases(part))
    return random.Random(f"{seed} {part}").sample(found, max(1, len(found) // every))


def _told(name: str, found: list[str]) -> int:
    if found:
        print(f"WRONG {name}: python -m tests.hostility --replay {name!r}", flush=True)
    for one in found[:_SHOWN]:
        print(f"    {one[:600]}", flush=True)
    return bool(found)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.hostility", description=__doc__)
    parser.add_argument("--part", default="", choices=("", *PARTS), help="this part only")
    parser.add_argument("--every", type=int, default=1, help="one case in N")
    parser.add_argument("--seed", type=int, default=8, help="which of them")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--replay", metavar="CASE", help="one case, PART/DOOR/TEXT")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
