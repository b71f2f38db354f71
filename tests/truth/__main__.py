"""Take every piece of evidence out of the walk of every scenario, one at a time (``make truth``).

``python -m tests.truth [SCENARIO…]`` prints each verdict that became better than its evidence, and the
figures; the exit code is 1 when there is one.
"""

import asyncio
import concurrent.futures
import os
import sys
import time
from dataclasses import dataclass

from mxwalk.lab.scenario import scenario_names
from tests.lab.walks import walked
from tests.truth.check import lies, undecided
from tests.truth.pieces import losses


@dataclass(frozen=True, slots=True)
class Swept:
    """One scenario: pieces taken away, judgements made, and what was wrong."""

    name: str
    pieces: int
    judgements: int
    wrong: tuple[str, ...]


def sweep(name: str) -> Swept:
    """Take every piece out of one scenario's walk."""
    delivery = asyncio.run(walked(name))
    watched = undecided(delivery)
    pieces, wrong = 0, []
    for loss in losses(delivery.trace):
        pieces += 1
        if watched:
            wrong += [f"{name}: {one}" for one in lies(loss, watched)]
    return Swept(name, pieces, pieces * len(watched), tuple(wrong))


def main(names: list[str]) -> int:
    """Sweep the named scenarios, or all, and print the figures."""
    started = time.monotonic()
    swept = []
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as pool:
        for one in pool.map(sweep, names or scenario_names()):
            swept.append(one)
            print(f"{one.name}: {one.pieces} pieces", file=sys.stderr, flush=True)
            for line in one.wrong:
                print(line)
    wrong = sum(len(one.wrong) for one in swept)
    print(f"scenarios: {len(swept)}")
    print(f"pieces of evidence taken away, one at a time: {sum(one.pieces for one in swept):,}")
    print(f"judgements: {sum(one.judgements for one in swept):,}")
    print(f"failures or unknowns that became a success: {wrong}")
    print(f"{time.monotonic() - started:.0f} s", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
