"""A seeded sample of the sweep: the edges of what is said, some of what lies between, each kind of question."""

import hashlib
import heapq
from collections.abc import Iterable, Iterator

import pytest

from tests.torture.dns_faults import DnsFault
from tests.torture.faults import Case
from tests.torture.figures import Figures
from tests.torture.jumping import run_jumping
from tests.torture.plan import cases_on, dns_cases
from tests.torture.stage import staged
from tests.torture.sweep import Bench, Result
from tests.torture.walks import WALKS, Tortured

SEED = 8
EDGES = 8
BETWEEN = 4
ON_DNS = 5
# What leaves a question without an answer, however often it is asked.
_UNANSWERED = frozenset(
    one.value
    for one in (DnsFault.LOSE, DnsFault.WRONG_ID, DnsFault.WRONG_QUESTION, DnsFault.GARBAGE)
)


def _some(cases: Iterable[Case], count: int) -> list[Case]:
    """Pick by name, so that a record that is an octet longer today changes little."""

    def order(case: Case) -> bytes:
        return hashlib.blake2s(f"{SEED} {case}".encode()).digest()

    return heapq.nsmallest(count, cases, key=order)


def _of_each_type(cases: Iterable[Case]) -> Iterator[Case]:
    """Yield a case for each type that is asked for, for whose answers a sender waits, too."""
    unanswered: dict[str, list[Case]] = {}
    for case in cases:
        _, _, rtype, *checking = case.wire.split(":")
        if case.fault in _UNANSWERED and not checking:
            unanswered.setdefault(rtype, []).append(case)
    for alike in unanswered.values():
        yield from _some(alike, 1)


def _sample(bench: Bench, walk: Tortured) -> list[Case]:
    cases = [(wire, case) for wire in bench.wires for case in cases_on(walk, wire)]
    edges = (case for wire, case in cases if wire.is_edge(case.position))
    between = (case for wire, case in cases if not wire.is_edge(case.position))
    on_dns = list(dns_cases(walk, bench.asked)) if walk.on_dns else []
    return [
        *_some(edges, EDGES),
        *_some(between, BETWEEN),
        *_some(on_dns, ON_DNS),
        *_of_each_type(on_dns),
    ]


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.name)
def test_a_fault_at_any_octet_ends_in_evidence_and_no_verdict_is_better_than_it(walk):
    async def run() -> list[Result]:
        async with staged(walk) as stage:
            bench = await Bench.on(stage)
            return [await bench.run(case) for case in _sample(bench, walk)]

    results = run_jumping(run)
    wrong = {str(result.case): result.wrong for result in results if result.wrong}
    assert not wrong, f"replay with: python -m tests.torture --replay {next(iter(wrong))!r}"
    figures = Figures()
    for result in results:
        figures.add(result)
    assert not figures.faults_of_sweep()
