"""A trace inside all bounds is read in a time that grows with its length, not with its square."""

import cProfile
import pstats
from collections.abc import Callable

import msgspec
import pytest

from mxwalk.delivery.build import build_delivery
from mxwalk.evidence.step import Decided, DecisionKind, Step, StepKind
from mxwalk.evidence.trace import Trace
from mxwalk.reports.render import render
from tests.reports.samples import lab_trace

_SHORT, _LONG = 200, 800


def of_connections(trace: Trace, number: int) -> Step:
    """The connections of the walk again and again, each a new attempt."""
    step = trace.steps[number % len(trace.steps)]
    again = number // len(trace.steps) + 1
    if not step.scope.attempt:
        return step
    return msgspec.structs.replace(step, scope=msgspec.structs.replace(step.scope, attempt=again))


def of_decisions(trace: Trace, number: int) -> Step:
    """Attempts to connect, and STARTTLS left out on each."""
    connect = next(step for step in trace.steps if step.kind is StepKind.CONNECT)
    scope = msgspec.structs.replace(connect.scope, attempt=number // 2 + 1)
    if number % 2:
        decided = Decided(decision=DecisionKind.SKIP_STEP, step_kind=StepKind.STARTTLS)
        return Step(
            seq=1, kind=StepKind.DECISION, scope=scope, started_s=1, elapsed_s=0, evidence=decided
        )
    return msgspec.structs.replace(connect, scope=scope)


def of_the_same(trace: Trace, number: int) -> Step:
    """The steps of the walk again and again."""
    return trace.steps[number % len(trace.steps)]


Grown = Callable[[Trace, int], Step]


def long(name: str, grown: Grown, count: int) -> Trace:
    base = lab_trace(name)
    more = (grown(base, number) for number in range(count - len(base.steps)))
    steps = (*base.steps, *more)
    return Trace(
        header=base.header,
        steps=tuple(
            msgspec.structs.replace(step, seq=seq) for seq, step in enumerate(steps, start=1)
        ),
    )


def calls(trace: Trace, form: str) -> int:
    """Return how many functions are called to render a trace, a second time."""
    render(trace, form, sender="esa:5")
    profile = cProfile.Profile()
    profile.enable()
    render(trace, form, sender="esa:5")
    profile.disable()
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize(
    ("name", "grown"),
    [
        ("esa-san", of_connections),
        ("esa-san", of_decisions),
        ("dkim-seven-signatures", of_the_same),
        ("domain-complete", of_the_same),
    ],
)
def test_four_times_the_steps_are_no_more_than_five_times_the_work(
    name: str, grown: Grown, form: str
) -> None:
    short, longer = (calls(long(name, grown, count), form) for count in (_SHORT, _LONG))
    assert longer <= 5 * short


def test_a_step_finds_its_connection_and_host_and_another_traces_step_finds_none() -> None:
    delivery = build_delivery(lab_trace("mx-many"))
    for host in delivery.hosts:
        for attempt in host.attempts:
            for step in attempt.steps:
                assert delivery.attempt_of(step) is attempt
                assert delivery.host_of(step) is host
    other = msgspec.structs.replace(delivery.attempts[0].steps[0], started_s=99.0)
    assert delivery.attempt_of(other) is None
    assert delivery.host_of(other) is None
    assert delivery.resolver_step is not None
    assert delivery.attempt_of(delivery.resolver_step) is None
