"""Sweep the faults: ``python -m tests.torture``; see ``--help``."""

import argparse
import concurrent.futures
import itertools
import math
import multiprocessing
import random
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from tests.torture.dns_faults import DnsFault
from tests.torture.faults import Case, Fault
from tests.torture.figures import Figures, told_of
from tests.torture.jumping import run_jumping
from tests.torture.plan import chosen
from tests.torture.stage import staged
from tests.torture.sweep import Bench, Result, end_with_parent, run_batch
from tests.torture.walks import WALKS, walk_named

_BATCH = 1_600  # a batch has a lab of its own, whose keys and faultless walks take a second
_FAULTS = sorted({fault.value for fault in (*Fault, *DnsFault)})
_REPORT_S = 30.0


def main() -> int:
    """Run the cases asked for; print the figures; return 1 when anything was wrong."""
    asked = _arguments()
    if asked.replay:
        return _replay(Case.parse(asked.replay))
    figures = Figures()
    batches = list(_batches(asked, figures))
    total, begun, told = sum(map(len, batches)), time.monotonic(), time.monotonic()
    figures.asked = total
    print(f"{total:,} cases, every {asked.every}, seed {asked.seed}", file=sys.stderr)
    for results in _results(asked, batches):
        for result in results:
            figures.add(result)
            for line in told_of(result) if result.wrong else ():
                print(line, file=sys.stderr)
        if time.monotonic() - told > _REPORT_S:
            told = time.monotonic()
            done = figures.cases.total()
            left_s = (told - begun) / done * (total - done)
            wrong = len(figures.wrong)
            print(
                f"{done:,} of {total:,}, {wrong} wrong, {left_s / 60:.0f} min left", file=sys.stderr
            )
    for line in figures.lines():
        print(line)
    seconds = time.monotonic() - begun
    print(f"every {asked.every}, seed {asked.seed}; {seconds:.0f} s, {asked.processes} processes")
    return 1 if figures.wrong or figures.faults_of_sweep() else 0


def _results(asked: argparse.Namespace, batches: list[list[Case]]) -> Iterator[list[Result]]:
    """Yield the results of the batches as they come, until the time asked for is over."""
    until = time.monotonic() + 60 * asked.minutes if asked.minutes else math.inf
    random.Random(asked.seed).shuffle(batches)  # a part of them is of all walks
    waiting = iter(batches)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(asked.processes, context, end_with_parent) as pool:
        running = {
            pool.submit(run_batch, each) for each in itertools.islice(waiting, asked.processes)
        }
        while running:
            done, running = concurrent.futures.wait(running, return_when="FIRST_COMPLETED")
            for future in done:
                yield future.result()
            if time.monotonic() < until:
                running |= {
                    pool.submit(run_batch, one) for one in itertools.islice(waiting, len(done))
                }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="one case in N, by its name")
    parser.add_argument("--seed", type=int, default=0, help="which of the N parts (0 to N-1)")
    parser.add_argument("--walk", choices=[walk.name for walk in WALKS], help="this walk only")
    parser.add_argument("--wire", default="", help="wires whose names begin so (smtp1, dns, https)")
    parser.add_argument("--fault", choices=_FAULTS, help="this fault only")
    parser.add_argument("--minutes", type=float, default=0, help="begin nothing new after so many")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--replay", metavar="CASE", help="one case, with all that came of it")
    return parser.parse_args()


def _batches(asked: argparse.Namespace, figures: Figures) -> Iterator[list[Case]]:
    for walk in WALKS:
        if asked.walk not in (None, walk.name):
            continue
        cases = run_jumping(partial(_cases, walk.name))
        figures.whole[walk.name] = len(cases)
        mine = [
            case
            for case in chosen(cases, asked.every, asked.seed)
            if case.wire.startswith(asked.wire) and asked.fault in (None, case.fault)
        ]
        size = min(_BATCH, math.ceil(len(mine) / asked.processes) or 1)
        for at in range(0, len(mine), size):
            yield mine[at : at + size]


async def _cases(name: str) -> list[Case]:
    async with staged(walk_named(name)) as stage:
        bench = await Bench.on(stage)
        return list(bench.cases())


def _replay(case: Case) -> int:
    async def run() -> Result:
        async with staged(walk_named(case.walk)) as stage:
            bench = await Bench.on(stage)
            ran = await stage.run(case)
            for step in ran.trace.steps:
                ending = getattr(step.evidence, "ending", None)
                reply = getattr(step.evidence, "reply", b"")
                print(
                    f"{step.seq:3} {step.kind.value:15} {reply!r} {ending.detail if ending else ''}"
                )
            for sender, verdict in bench.judges.judge(ran.trace).verdicts.items():
                was = bench.faultless.outcome(sender).value
                print(
                    f"{sender:20} {was} -> {verdict.outcome.value}, {verdict.step}: {verdict.reason}"
                )
            return await bench.run(case)

    result = run_jumping(run)
    print(f"{case}: {'hit' if result.hit else 'missed'}, {result.ends}, {result.elapsed_s:.1f} s")
    for sentence in result.wrong:
        print(f"WRONG {sentence}")
    return 1 if result.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
