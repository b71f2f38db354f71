"""Where a walk stands when its trace ends: over, broken off, left by a person, or damaged."""

import asyncio
import io

import pytest

from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.journal import dump_trace, read_trace
from mxwalk.evidence.step import DecisionKind, StepKind
from mxwalk.evidence.trace import Trace
from mxwalk.reports.render import render
from mxwalk.senders.registry import profiles
from mxwalk.walk.ending import End, end_of, is_unfinished, why_open
from tests.lab.walks import walked
from tests.walk.harness import lab_walk, step_to


async def left(name: str, kind: str) -> Delivery:
    """Leave a walk where a step of this kind is pending, as the interface does."""
    async with lab_walk(name) as walk:
        await step_to(walk, kind)
        await walk.close()
        return walk.delivery


def said(delivery: Delivery) -> str:
    return " ".join(render(delivery.trace, "text", sender="esa:2").split())


@pytest.mark.parametrize(
    ("kind", "before"),
    [
        ("greeting", "greeting"),
        ("ehlo", "EHLO"),
        ("starttls", "STARTTLS"),
        ("handshake", "TLS handshake"),
        ("identity", "identity"),
        ("ehlo-tls", "EHLO inside TLS"),
    ],
)
async def test_a_walk_left_midway_is_unfinished_although_quit_was_sent(
    kind: str, before: str
) -> None:
    delivery = await left("pkix-good", kind)
    assert end_of(delivery) is End.LEFT
    assert why_open(delivery) == f"the walk was ended by decision before {before}"
    assert "what would have come next (the walk was ended by decision)" in said(delivery)


async def test_a_walk_left_before_its_own_quit_was_over() -> None:
    delivery = await left("pkix-good", "quit")
    assert delivery.trace.steps[-2].kind is StepKind.DECISION
    assert end_of(delivery) is End.OVER
    assert "what would have come next" not in said(delivery)


async def test_a_walk_left_before_the_quit_to_its_first_host_is_unfinished() -> None:
    async with lab_walk("mx-many") as walk:
        await step_to(walk, "quit")
        await walk.close()
    assert end_of(walk.delivery) is End.LEFT


async def test_a_walk_left_in_its_only_step_under_way_is_unfinished() -> None:
    async with lab_walk("silent") as walk:
        await step_to(walk, "greeting")
        waiting = asyncio.ensure_future(walk.step())
        while not walk.busy:
            await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await walk.close()
    delivery = walk.delivery
    assert end_of(delivery) is End.IN_STEP
    assert is_unfinished(delivery)
    assert why_open(delivery).startswith("the walk was broken off in step ")
    assert "To find out, walk to the end." in said(delivery)


async def test_of_a_walk_that_was_left_quit_decides_no_verdict() -> None:
    delivery = await left("pkix-good", "ehlo")
    assert delivery.trace.steps[-1].kind is StepKind.QUIT
    decided = {profile.id: profile.judge(delivery).step for profile in profiles()}
    assert decided["esa:2"] is None
    look_ups = {step.seq for step in delivery.trace.steps if not step.scope.attempt}
    assert set(decided.values()) <= {None, *look_ups}
    assert "To find out, walk to the end." in said(delivery)


async def test_a_walk_that_had_enough_is_over() -> None:
    async with lab_walk("mx-many", enough=lambda _: True) as walk:
        while await walk.step() is not None:
            pass
    decided = [step.evidence.decision for step in walk.delivery.decisions]
    assert decided == [DecisionKind.ENOUGH]
    assert end_of(walk.delivery) is End.OVER


async def test_a_trace_that_is_damaged_in_its_middle_is_not_called_broken_off() -> None:
    lines = dump_trace((await walked("pkix-good")).trace).splitlines(keepends=True)
    lines[6] = lines[6][:40] + b"\xff\xfe" + lines[6][42:]
    trace = read_trace(io.BytesIO(b"".join(lines)))
    delivery = build_delivery(trace)
    assert end_of(delivery) is End.DAMAGED
    assert not is_unfinished(delivery)
    text = said(delivery)
    assert f"lines 8 to {len(lines)} are not used" in text
    assert "the trace is damaged after step 5 (TLSA)" in text
    for word in ("breaks off", "before the walk was over", "walk to the end", "not decided yet"):
        assert word not in text.partition("SENDERS")[0]
    cut = read_trace(io.BytesIO(b"".join(lines[:7])[:-20]))
    assert end_of(build_delivery(cut)) is End.BROKEN_OFF


async def test_a_trace_that_just_ends_is_broken_off() -> None:
    whole = (await walked("pkix-good")).trace
    assert end_of(build_delivery(whole)) is End.OVER
    cut = build_delivery(Trace(header=whole.header, steps=whole.steps[:8]))
    assert end_of(cut) is End.BROKEN_OFF
    assert why_open(cut) == "the trace breaks off after step 8 (greeting)"
