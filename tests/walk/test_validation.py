"""Validation within the look-up steps: cancelled, repeated, and without what it needs."""

import asyncio
import io
from datetime import UTC, datetime

import pytest
from msgspec import structs

from mxwalk.clock import FixedClock, SystemClock
from mxwalk.dane.model import Standing
from mxwalk.delivery.build import build_delivery
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.journal import dump_trace, read_trace
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.trace import Trace
from mxwalk.findings.registry import check
from mxwalk.lab.lab import Lab
from mxwalk.lab.scenario import load_scenario
from mxwalk.senders.model import Outcome
from mxwalk.senders.registry import profile
from mxwalk.walk.live import ValidationTools
from mxwalk.walk.walker import Walk
from tests.walk.harness import lab_walk, run, step_to

DANE = ("rfc7672", "exchange-online", "postfix:dane", "exim:try-dane")


class Silent:
    """A resolver that never answers."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    async def query(self, qname: str, rtype: str) -> DnsAnswer:
        self.asked.set()
        await asyncio.Event().wait()
        raise AssertionError((qname, rtype))

    def forget(self) -> None:
        pass


async def test_an_answer_stays_when_its_validation_is_cancelled() -> None:
    silent = Silent()
    async with Lab(load_scenario("dane-good")) as lab:
        walk = Walk(
            lab.target, lab.options, dialer=lab.dialer, resolver=lab.resolver, store=lab.store,
            validation=ValidationTools(silent, lab.validation.anchors), clock=SystemClock(),
        )  # fmt: skip
        await walk.step()
        task = asyncio.create_task(walk.step())
        await silent.asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        trace = walk.trace
        await walk.close()
    step = trace.steps[-1]
    assert step.cancelled
    assert step.evidence.answer.status is DnsStatus.OK
    delivery = build_delivery(trace)
    assert delivery.mx_validation is None
    assert [host.dane.mx_secure for host in delivery.hosts] == [False]


def _with(trace: Trace, kind: StepKind, **evidence: object) -> Trace:
    """Return the trace with something else in the step of a kind."""
    steps = tuple(
        structs.replace(step, evidence=structs.replace(step.evidence, **evidence))
        if step.kind is kind
        else step
        for step in trace.steps
    )
    return structs.replace(trace, steps=steps)


async def test_a_cancelled_tlsa_look_up_is_held_against_no_zone() -> None:
    async with lab_walk("dane-good") as walk:
        await run(walk)
        trace = walk.trace
    tlsa = next(step for step in trace.steps if step.kind is StepKind.TLSA).evidence
    none = DnsAnswer(
        qname=tlsa.answers[0].qname, rtype="TLSA", status=DnsStatus.CANCELLED,
        error="cancelled before an answer",
    )  # fmt: skip
    delivery = build_delivery(_with(trace, StepKind.TLSA, answers=(none,)))
    assert delivery.hosts[0].dane.standing is Standing.UNDECIDED
    assert not [one for one in check(delivery) if one.code == "DANE010"]
    for sender in DANE:
        assert profile(sender).judge(delivery).outcome is Outcome.UNKNOWN


async def test_an_mx_answer_that_was_not_kept_is_not_taken_for_a_secure_one() -> None:
    async with lab_walk("dane-good") as walk:
        await run(walk)
        trace = walk.trace
    mx = next(step for step in trace.steps if step.kind is StepKind.MX).evidence
    delivery = build_delivery(
        _with(trace, StepKind.MX, answer=structs.replace(mx.answer, wire=b""))
    )
    assert delivery.hosts[0].dane.at_host is Standing.USABLE
    assert delivery.hosts[0].dane.standing is Standing.UNDECIDED
    for sender in DANE:
        verdict = profile(sender).judge(delivery)
        assert verdict.outcome is Outcome.UNKNOWN
        assert "MX answer cannot be validated" in verdict.reason


@pytest.mark.parametrize("kind", ["address", "tlsa", "ptr"])
async def test_a_look_up_repeated_is_validated_again(kind: str) -> None:
    async with lab_walk("dane-good") as walk:
        await step_to(walk, kind)
        assert walk.retry() is not None
        await run(walk)
        delivery = walk.delivery
    saved = build_delivery(read_trace(io.BytesIO(dump_trace(delivery.trace))))
    assert saved.mx_validation == delivery.mx_validation
    assert saved.hosts[0].dane == delivery.hosts[0].dane
    assert delivery.hosts[0].dane.standing is Standing.USABLE
    assert profile("rfc7672").judge(saved).outcome is Outcome.DELIVERED_VERIFIED


@pytest.mark.parametrize("year", [2020, 2040])
async def test_a_clock_no_root_signature_fits_is_held_against_no_zone(year: int) -> None:
    """Verdicts and findings agree: it is our clock, and nothing is known of the zones."""
    async with lab_walk("dane-good", clock=FixedClock(datetime(year, 1, 1, tzinfo=UTC))) as walk:
        await run(walk)
        delivery = walk.delivery
    assert "DNSSEC024" in {one.code for one in check(delivery)}
    assert delivery.hosts[0].dane.standing is Standing.UNDECIDED
    for sender in DANE:
        assert profile(sender).judge(delivery).outcome is Outcome.UNKNOWN


async def test_a_trust_anchor_that_does_not_fit_is_held_against_no_zone() -> None:
    async with lab_walk("dane-good") as walk:
        await run(walk)
        trace = walk.trace
    other = ". IN DS 20326 8 2 e06d44b80b8f1d39a95c0b0d7c65d08458e880409bbc683457104237c7f8ec8d"
    options = structs.replace(trace.header.options, trust_anchor=other)
    header = structs.replace(trace.header, options=options)
    delivery = build_delivery(structs.replace(trace, header=header))
    assert "DNSSEC022" in {one.code for one in check(delivery)}
    for sender in DANE:
        assert profile(sender).judge(delivery).outcome is Outcome.UNKNOWN
