"""The golden table: every scenario walked with the real engine, against what its file expects.

What holds for the walk holds for its saved trace, and the verdicts for the redacted one.  Deliveries are
judged by senders, messages by receivers, and what a domain publishes by the roll-out.
"""

import io

import pytest

from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.redaction import redact
from mxwalk.evidence.journal import dump_trace, read_trace
from mxwalk.findings.registry import check
from mxwalk.lab.scenario import load_scenario, scenario_names
from mxwalk.receivers.registry import judges
from tests.lab.walks import walked


@pytest.mark.parametrize("name", scenario_names())
async def test_every_verdict_and_every_finding_is_as_the_scenario_says(name):
    expect = load_scenario(name).expect
    delivery = await walked(name)
    assert outcomes(delivery) == expect.verdicts
    verdicts = {one.id: one.judge(delivery) for one in judges(delivery.trace.header.purpose)}
    assert {sender: verdicts[sender].code for sender in expect.codes} == expect.codes
    steps = {step.seq: step.kind for step in delivery.trace.steps}
    deciding = {
        sender: steps.get(verdicts[sender].step if verdicts[sender].step is not None else -1)
        for sender in expect.deciding
    }
    assert deciding == expect.deciding
    assert findings(delivery) == set(expect.findings)
    saved = build_delivery(read_trace(io.BytesIO(dump_trace(delivery.trace))))
    assert (outcomes(saved), findings(saved)) == (expect.verdicts, set(expect.findings))
    redacted = build_delivery(redact(delivery.trace))
    assert outcomes(redacted) == expect.verdicts


def outcomes(delivery):
    """Return what everyone who judges such walks makes of this one."""
    purpose = delivery.trace.header.purpose
    return {one.id: one.judge(delivery).outcome for one in judges(purpose)}


def findings(delivery):
    """Return the codes of all findings."""
    return {finding.code for finding in check(delivery)}
