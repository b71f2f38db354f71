"""Texts of a trace that somebody wrote by hand reach no terminal as they are."""

import msgspec
import pytest

from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.status import status
from mxwalk.evidence.trace import Trace
from mxwalk.senders.registry import profiles
from tests.walk.harness import lab_walk, run

ODD = "\x1b[31m\u202e[/x]\n"
_TIMES = ("evaluated_at", "checked_at")


def spoiled(value):
    """Return evidence with this text in the place of every other, times apart."""
    match value:
        case str():
            return ODD
        case tuple():
            return tuple(spoiled(one) for one in value)
        case msgspec.Struct():
            fields = [name for name in value.__struct_fields__ if name not in _TIMES]
            changes = {name: spoiled(getattr(value, name)) for name in fields}
            return msgspec.structs.replace(value, **changes)
        case _:
            return value


async def traces(scenario: str) -> list[Trace]:
    """Walk a scenario; return a trace for each step of TLS, in which that step is spoiled."""
    async with lab_walk(scenario) as walk:
        await run(walk)
        trace = walk.trace
    found = []
    for number, step in enumerate(trace.steps):
        if step.kind.value in {"handshake", "chain", "issuers", "revocation", "identity"} or (
            step.kind.value.endswith("-tls") and step.kind.value != "ehlo-tls"
        ):
            odd = msgspec.structs.replace(step, evidence=spoiled(step.evidence))
            steps = (*trace.steps[:number], odd, *trace.steps[number + 1 :])
            found.append(msgspec.structs.replace(trace, steps=steps))
    return found


@pytest.mark.parametrize("scenario", ["revoked-crl", "pkix-missing-aia", "tls10-only"])
async def test_statuses_and_verdicts_are_printable_whatever_a_trace_holds(scenario):
    spoiled_traces = await traces(scenario)
    assert spoiled_traces
    for trace in spoiled_traces:
        delivery = build_delivery(trace)
        for step in trace.steps:
            assert status(step, delivery).summary.isprintable(), step.kind
        for profile in profiles():
            assert profile.judge(delivery).reason.isprintable(), profile.id


@pytest.mark.parametrize("scenario", ["dane-good", "sts-enforce-good", "domain-complete"])
async def test_status_of_every_kind_of_step_is_printable_whatever_a_trace_holds(scenario):
    async with lab_walk(scenario) as walk:
        await run(walk)
        trace = walk.trace
    for number, step in enumerate(trace.steps):
        odd = msgspec.structs.replace(step, evidence=spoiled(step.evidence))
        steps = (*trace.steps[:number], odd, *trace.steps[number + 1 :])
        delivery = build_delivery(msgspec.structs.replace(trace, steps=steps))
        for each in steps:
            assert status(each, delivery).summary.isprintable(), (step.kind, each.kind)
