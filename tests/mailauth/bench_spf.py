"""SPF evaluations a second against pyspf on the same canned DNS: ``python -m tests.mailauth.bench_spf``.

Both get the same random records, zones and clients; DNS costs both a dictionary.  Ours builds the whole
tree besides.  Ends after about twenty seconds whatever the machine.
"""

import gc
import random
import time
from collections.abc import Callable

import spf as pyspf

from mxwalk.mailauth.spf import evaluate
from tests.mailauth.spf.peer import Case, lookup_in, random_case
from tests.mailauth.spf.zone import run

CASES = 400
SECONDS = 16.0
ROUNDS = 12


def ours(case: Case) -> None:
    """Evaluate with mxwalk."""
    run(evaluate(case.ip, case.domain, case.sender, case.helo), case.zone)


def theirs(case: Case) -> None:
    """Evaluate with pyspf."""
    pyspf.DNSLookup = lookup_in(case.zone)
    pyspf.query(i=case.ip, s=case.sender, h=case.helo, querytime=20).check()


def rate(one: Callable[[Case], None], cases: list[Case]) -> float:
    """Return the rate of one round a second of processor time."""
    gc.collect()
    started = time.process_time()
    for case in cases:
        one(case)
        case.zone.asked.clear()
    return len(cases) / (time.process_time() - started)


def measure() -> dict[str, float]:
    """Return the best rounds of both, taken in turn, and their ratio."""
    cases = [random_case(random.Random(seed)) for seed in range(CASES)]
    mine, peer, until = 0.0, 0.0, time.perf_counter() + SECONDS
    for _ in range(ROUNDS):
        mine = max(mine, rate(ours, cases))
        peer = max(peer, rate(theirs, cases))
        if time.perf_counter() > until:
            break
    return {
        "spf_evaluations_per_s": round(mine, 1),
        "pyspf_evaluations_per_s": round(peer, 1),
        "spf_ratio_to_pyspf": round(mine / peer, 2),
    }


if __name__ == "__main__":
    for name, value in measure().items():
        print(f"{name:28} {value:>12,}")
