"""The validations of a trace: shared while it grows, judged anew where an answer changed."""

from msgspec import structs

from mxwalk.delivery import security
from mxwalk.delivery.build import build_delivery
from mxwalk.evidence.lookups import MxLookedUp
from mxwalk.evidence.step import DecisionKind, StepKind
from mxwalk.evidence.trace import Trace
from tests.walk.harness import lab_walk, run, step_to


def _statuses(trace: Trace) -> list[object]:
    delivery = build_delivery(trace)
    found: list[object] = [delivery.mx_validation and delivery.mx_validation.status]
    return found + [host.dane and (host.dane.standing, host.dane.reason) for host in delivery.hosts]


async def test_every_state_of_a_walk_is_judged_as_it_would_be_alone() -> None:
    async with lab_walk("dane-all-but-one-mx") as walk:
        await run(walk)
        trace = walk.trace
    lengths = range(len(trace.steps) + 1)
    states = [structs.replace(trace, steps=trace.steps[:length]) for length in lengths]
    security._cache.clear()
    growing = [_statuses(state) for state in states]
    alone = []
    for state in states:
        security._cache.clear()
        alone.append(_statuses(state))
    assert growing == alone
    assert growing[0] != growing[-1]


async def test_a_longer_trace_checks_only_what_is_new() -> None:
    async with lab_walk("dane-good") as walk:
        await run(walk)
        trace = walk.trace
    mx = next(n for n, step in enumerate(trace.steps, 1) if step.kind is StepKind.MX)
    security._cache.clear()
    before = security.security_of(structs.replace(trace, steps=trace.steps[:mx]))
    answer = trace.steps[mx - 1].evidence.answer
    known = before.of(answer)
    assert security.security_of(trace).of(answer) is known


async def test_an_answer_asked_again_is_judged_anew() -> None:
    async with lab_walk("dane-good") as walk:
        await step_to(walk, "policy-records")
        first = walk.trace
        assert walk.retry() is not None
        await walk.step()
        again = walk.trace
    assert again.steps[-2].evidence.decision is DecisionKind.RETRY
    answer = again.steps[-1].evidence.answer
    bad = structs.replace(answer, wire=answer.wire[:-40] + bytes(40))
    spoilt = MxLookedUp(domain="example.com", answer=bad, support=again.steps[-1].evidence.support)
    step = structs.replace(again.steps[-1], evidence=spoilt)
    assert _statuses(first)[0] is not None
    assert _statuses(first)[0].value == "secure"
    later = structs.replace(again, steps=(*again.steps[:-1], step))
    assert _statuses(later)[0].value != "secure"


async def test_another_header_is_another_trace() -> None:
    async with lab_walk("dane-good") as walk:
        await step_to(walk, "address")
        trace = walk.trace
    header = structs.replace(trace.header, started_at="2040-01-01T00:00:00Z")
    later = structs.replace(trace, header=header)
    assert _statuses(trace)[0].value == "secure"
    assert _statuses(later)[0].value == "bogus"
