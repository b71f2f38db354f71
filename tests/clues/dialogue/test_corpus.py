"""Every form of a pasted dialogue gives the steps, the host and the findings that it tells of."""

import pytest

from mxwalk.clues.dialogue.reading import lead_of, read_dialogue
from mxwalk.clues.model import Form, Standing
from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.status import status
from mxwalk.evidence.connection import Exchanged
from mxwalk.evidence.journal import dump_trace, read_trace
from mxwalk.evidence.redact import redact
from mxwalk.findings.registry import check
from mxwalk.reports.render import render
from mxwalk.senders.model import Outcome
from mxwalk.senders.registry import profiles
from mxwalk.walk.model import NodeState, PlanNode
from mxwalk.walk.order import next_item
from mxwalk.walk.plan import outline
from tests.clues.dialogue.corpus import CASES, SWAKS_DATA, Case

# What a pasted text cannot be blamed for: how its lines ended.
LINE_ENDS = frozenset({"SMTP001", "SMTP002"})


@pytest.fixture(params=CASES, ids=[case.name for case in CASES])
def case(request: pytest.FixtureRequest) -> Case:
    return request.param


def _read(case: Case):
    found = read_dialogue(case.text)
    assert found is not None
    return found


def test_the_steps_and_the_place_are_those_of_the_text(case):
    trace, clues = _read(case)
    assert tuple(step.kind for step in trace.steps) == case.kinds
    scope = trace.steps[0].scope
    domain = trace.header.target.domain
    assert (domain.ascii if domain else "") == case.host
    assert (scope.address, scope.port) == (case.address, case.port)
    assert {clue.product for clue in clues} == {case.product}
    assert all(clue.form is Form.DIALOGUE for clue in clues)


def test_clues_point_into_the_text(case):
    _, clues = _read(case)
    assert clues
    for clue in clues:
        assert 0 <= clue.start <= clue.end <= len(case.text)
        assert clue.meaning
        assert clue.quoted.isprintable()


def test_every_step_is_in_its_place_and_has_a_status(case):
    trace, _ = _read(case)
    delivery = build_delivery(trace)
    [attempt] = delivery.attempts
    assert attempt.steps == trace.steps
    assert all(status(step, delivery).summary for step in trace.steps)


def test_the_findings_are_those_the_dialogue_proves(case):
    trace, _ = _read(case)
    raised = {finding.code for finding in check(build_delivery(trace))}
    assert case.codes <= raised
    assert not raised & case.never


def test_commands_and_replies_end_in_crlf(case):
    trace, _ = _read(case)
    for step in trace.steps:
        if isinstance(step.evidence, Exchanged):
            for sent in (step.evidence.command, step.evidence.reply):
                assert sent.count(b"\n") == sent.count(b"\r\n")


def test_no_sender_delivers_to_a_verified_host_without_certificates(case):
    trace, _ = _read(case)
    delivery = build_delivery(trace)
    for profile in profiles():
        assert profile.judge(delivery).outcome is not Outcome.DELIVERED_VERIFIED


def _leaves(node: PlanNode):
    if not node.children:
        yield node
    for child in node.children:
        yield from _leaves(child)


def test_nothing_comes_next_and_what_was_not_looked_up_says_so(case):
    trace, _ = _read(case)
    delivery = build_delivery(trace)
    assert next_item(delivery) is None
    leaves = list(_leaves(outline(delivery)))
    assert {leaf.state for leaf in leaves} <= {NodeState.DONE, NodeState.NOT_NEEDED}
    asked = {"resolver", "ptr", "address", "tlsa"}
    for leaf in leaves:
        if leaf.kind is not None and leaf.kind.value in asked:
            assert leaf.note == "not looked up: the text was pasted"


def test_it_is_saved_read_again_and_redacted(case):
    trace, _ = _read(case)
    from io import BytesIO

    assert read_trace(BytesIO(dump_trace(trace))) == trace
    again = read_trace(BytesIO(dump_trace(redact(trace))))
    assert [step.kind for step in again.steps] == [step.kind for step in trace.steps]
    assert again.header.pasted is trace.header.pasted


@pytest.mark.parametrize("fmt", ["text", "markdown", "html", "json", "trace"])
def test_every_report_is_written(case, fmt):
    trace, _ = _read(case)
    for sender in ("esa:5", "rfc7672"):
        written = render(trace, fmt, sender=sender)
        assert written
        if fmt == "text":
            assert "from a pasted " in written


def test_a_lead_leads_to_the_host_that_is_named(case):
    trace, _ = _read(case)
    lead = lead_of(trace)
    assert lead is not None
    assert (case.host or case.address) in lead.target


def test_a_refused_message_says_that_the_verdict_does_not_count_it():
    found = read_dialogue(SWAKS_DATA)
    assert found is not None
    (refused,) = [one for one in found[1] if one.standing is Standing.BOUNCED]
    assert "554 5.7.1" in refused.meaning
    assert "its verdict does not count this answer" in refused.meaning
    taken = read_dialogue(
        SWAKS_DATA.replace("<** 554 5.7.1 Message refused", "<-  250 2.0.0 Taken")
    )
    assert taken is not None
    assert not any("does not count" in one.meaning for one in taken[1])
