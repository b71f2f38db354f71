"""Walk a thousand times in one process, and see that nothing is left of them.

``python -m tests.resources.soak [--walks N] [--seed N]`` prints what the process holds after every
hundred walks, and a verdict; the exit code is 1 when something grows.  Tasks, temporary files and
containers of modules must be what they were, descriptors and threads may rise no further than the
loop's own pool.  Memory, with the caches emptied, may not rise by more than ``KIB_PER_WALK`` a walk by
the line of least squares from the second look on; caches must have a maximum and keep it.  Two rounds
more over the scenarios are traced, and say by files where memory grew.
"""

import argparse
import asyncio
import collections
import gc
import os
import sys
import tempfile
import time
import tracemalloc
from contextlib import ExitStack
from pathlib import Path
from unittest import mock

from mxwalk.delivery import security
from tests.resources.caches import (
    Remembered,
    caches,
    containers,
    forget,
    overfull,
    unbounded,
)
from tests.resources.measured import Held, held, slope
from tests.resources.mixed import SCENARIOS, Made, make_walk

EVERY = 100
# What the allocator's fragments come to; one trace that is kept of each walk is 50 KiB at least.
KIB_PER_WALK = 4.0
# ThreadPoolExecutor's own maximum (``asyncio.to_thread``), and the main thread.
THREADS = min(32, (os.cpu_count() or 1) + 4) + 1
_TURNS = 20
# Memories that are no function caches, and how much they keep.
_KEPT = {"mxwalk.delivery.security._cache": security._KEPT}
_OURS = ("*/mxwalk/*", "*/tui/*", "*/widgets/*", "*/dns/*", "*/OpenSSL/*", "*/cryptography/*")


class Soak:
    """The walks, and what was seen between them."""

    def __init__(self, walks: int, seed: int, *, every: int = EVERY) -> None:
        self.walks = walks
        self.seed = seed
        self.every = every
        self.made: list[Made] = []
        self.table: list[Held] = []
        self._faults: list[str] = []
        self._caches: dict[str, Remembered] = {}
        self._contained: dict[str, int] = {}

    async def run(self, *, told: bool = False) -> None:
        """Walk them all; look at the process after every ``every`` of them."""
        asyncio.get_running_loop().set_exception_handler(self._complain)
        with ExitStack() as stack:
            scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            temporary = scratch / "temporary"
            temporary.mkdir()
            stack.enter_context(mock.patch.object(tempfile, "tempdir", str(temporary)))
            for number in range(self.walks):
                self.made.append(await make_walk(number, self.seed, scratch))
                if (number + 1) % self.every == 0:
                    await _settle()
                    self._look(number + 1)
                    if told:
                        print(self.table[-1].line(), flush=True)

    def _look(self, walks: int) -> None:
        for one in caches():
            if one.name not in self._caches or self._caches[one.name].entries < one.entries:
                self._caches[one.name] = one
        self._faults += [f"{name} holds more than it may" for name in overfull()]
        self.table.append(held(walks))
        contained = dict(containers())
        if len(self.table) == 1:
            self._contained = contained
        elif walks == self.walks:
            self._faults += [
                f"{name} grew from {self._contained.get(name, 0)} to {size}"
                for name, size in contained.items()
                if size > _KEPT.get(name, self._contained.get(name, size))
            ]

    def _complain(self, _loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        self._faults.append(f"{context.get('message')}: {context.get('exception')!r}")

    @property
    def kib_per_walk(self) -> float:
        """How memory grows, without caches."""
        return slope([(one.walks, one.emptied_kib) for one in self.table[1:]])

    def fullest(self) -> list[Remembered]:
        """Return the caches that came nearest to their maximum."""
        found = [one for one in self._caches.values() if one.most]
        return sorted(found, key=lambda one: -one.entries / (one.most or 1))

    def faults(self) -> list[str]:
        """Return what is not as it should be, a sentence each."""
        faults = [*self._faults, *(f"{name} has no maximum" for name in unbounded())]
        for name in ("tasks", "temporary"):
            if len(seen := {getattr(one, name) for one in self.table}) > 1:
                faults.append(f"{name}: {sorted(seen)} at different times")
        if (threads := max(one.threads for one in self.table)) > THREADS:
            faults.append(f"{threads} threads, where the pool has {THREADS - 1}")
        half = len(self.table) // 2
        early, late = self.table[: half or 1], self.table[half:]
        if max(one.descriptors for one in late) > max(one.descriptors for one in early):
            faults.append(f"descriptors: {[one.descriptors for one in self.table]}")
        if len(self.table) > 3 and self.kib_per_walk > KIB_PER_WALK:
            faults.append(f"memory grows by {self.kib_per_walk:.1f} KiB a walk")
        return faults


async def _settle() -> None:
    """Let the loop close what was closed in its last turn: asyncio does so in the next ones."""
    for _ in range(_TURNS):
        await asyncio.sleep(0)


async def traced(seed: int) -> list[str]:
    """Walk each scenario twice; return what the second round left, by files."""
    rounds = []
    tracemalloc.start()
    with tempfile.TemporaryDirectory() as directory:
        for number in range(2 * len(SCENARIOS)):
            await make_walk(number % len(SCENARIOS), seed, Path(directory))
            if number % len(SCENARIOS) == len(SCENARIOS) - 1:
                forget()
                gc.collect()
                rounds.append(tracemalloc.take_snapshot())
    tracemalloc.stop()
    return _grown(*rounds)


def _grown(early: tracemalloc.Snapshot, late: tracemalloc.Snapshot) -> list[str]:
    """Return the files whose allocations grew most, a line each."""
    only = [tracemalloc.Filter(inclusive=True, filename_pattern=pattern) for pattern in _OURS]
    compared = late.filter_traces(only).compare_to(early.filter_traces(only), "filename")
    total = sum(one.size_diff for one in compared)
    lines = [f"left by one round more, our files and their libraries: {total / 1024:+,.0f} KiB"]
    for one in compared[:5]:
        lines.append(f"  {one.size_diff / 1024:+9,.0f} KiB  {_short(one.traceback[0].filename)}")
    return lines


def _short(filename: str) -> str:
    return "/".join(Path(filename).parts[-3:])


def main() -> int:
    """Walk, print the table and the verdict; return 1 when something grows."""
    parser = argparse.ArgumentParser(prog="python -m tests.resources.soak", description=__doc__)
    parser.add_argument("--walks", type=int, default=1_000)
    parser.add_argument("--every", type=int, default=EVERY)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    begun = time.monotonic()
    soak = Soak(asked.walks, asked.seed, every=min(asked.every, asked.walks))
    print(Held.HEAD)
    asyncio.run(soak.run(told=True))
    for line in (*asyncio.run(traced(asked.seed)), *summary(soak)):
        print(line)
    for fault in soak.faults():
        print(f"WRONG: {fault}")
    print(f"seed {asked.seed}; {time.monotonic() - begun:.0f} s", file=sys.stderr)
    return 1 if soak.faults() else 0


def summary(soak: Soak) -> list[str]:
    """Return the figures, a line each."""
    ways = collections.Counter(made.way.value for made in soak.made)
    first, last = soak.table[min(1, len(soak.table) - 1)], soak.table[-1]
    return [
        (
            f"walks: {len(soak.made):,} over {len({made.scenario for made in soak.made})} scenarios,"
            f" {sum(made.steps for made in soak.made):,} steps,"
            f" {sum(made.cancelled for made in soak.made):,} of them cancelled"
        ),
        "ways: " + ", ".join(f"{count} {way}" for way, count in ways.items()),
        (
            f"memory without caches: {first.emptied_kib:,} KiB after {first.walks} walks,"
            f" {last.emptied_kib:,} KiB after {last.walks};"
            f" {soak.kib_per_walk:+.2f} KiB a walk (allowed: {KIB_PER_WALK})"
        ),
        (
            f"descriptors: {first.descriptors} and {last.descriptors}; tasks: {first.tasks} and"
            f" {last.tasks}; threads: at most {max(one.threads for one in soak.table)};"
            f" temporary files: {last.temporary}"
        ),
        f"caches: {len(caches())}, all with a maximum; fullest: "
        + ", ".join(f"{one.name} {one.entries} of {one.most}" for one in soak.fullest()[:3]),
        f"verdict: {'not flat' if soak.faults() else 'flat'}",
    ]


if __name__ == "__main__":
    sys.exit(main())
