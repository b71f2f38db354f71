"""A message walk and a survey are walks like any other: stepped, skipped, repeated, cut off, replayed."""

import asyncio
import io

import msgspec
import pytest

from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.mark import Mark
from mxwalk.delivery.status import status
from mxwalk.evidence.journal import dump_trace, read_trace
from mxwalk.evidence.mailauth import DkimChecked, MessageInput, SpfChecked, SpfIdentity
from mxwalk.evidence.step import Decided, StepKind
from mxwalk.evidence.target import TargetKind
from mxwalk.evidence.trace import Purpose
from mxwalk.mailauth.dkim.model import Reason
from mxwalk.mailauth.dmarc.model import DmarcResult
from mxwalk.mailauth.spf.model import SpfResult
from mxwalk.receivers.registry import judges
from mxwalk.session import Saving, lab_options, open_walk
from mxwalk.walk.model import NodeState
from mxwalk.walk.plan import outline


def opened(name):
    return open_walk(None, lab_options(name), scenario=name, save=Saving.NOWHERE)


async def to_the_end(walk):
    while await walk.step() is not None:
        pass
    return walk.delivery


def kinds(delivery):
    return [step.kind for step in delivery.trace.steps]


async def test_a_message_is_read_before_anything_is_asked():
    async with opened("dkim-good") as walk:
        assert walk.pending.kind is StepKind.MESSAGE
        assert not walk.pending.editable
        assert walk.trace.header.purpose is Purpose.MESSAGE
        assert walk.trace.header.target.kind is TargetKind.MESSAGE
        assert walk.delivery.message.verdicts[0].reason is Reason.NOT_DONE
        assert walk.delivery.message.mailfrom is None
        assert walk.delivery.message.assessment() is None


async def test_the_steps_come_in_the_order_of_a_receiver():
    async with opened("dkim-good") as walk:
        delivery = await to_the_end(walk)
    assert kinds(delivery) == [
        StepKind.MESSAGE,
        StepKind.RESOLVER,
        StepKind.SPF_MAILFROM,
        StepKind.SPF_HELO,
        StepKind.DKIM,
        StepKind.DMARC,
        StepKind.ALIGNMENT,
        StepKind.DISPOSITION,
        StepKind.RESULT_HEADERS,
    ]
    assert delivery.message.assessment().result is DmarcResult.PASS
    assert not walk.is_connected


async def test_a_trace_gives_the_same_case_again():
    async with opened("dmarc-mailing-list") as walk:
        delivery = await to_the_end(walk)
    again = build_delivery(read_trace(io.BytesIO(dump_trace(walk.trace))))
    assert again.message.verdicts == delivery.message.verdicts
    assert again.message.assessments == delivery.message.assessments
    assert again.message.spf == delivery.message.spf
    assert again.message.written == delivery.message.written
    everyone = judges(Purpose.MESSAGE)
    assert [one.judge(again) for one in everyone] == [one.judge(delivery) for one in everyone]


async def test_a_step_left_out_is_said_to_be_left_out_and_decides_nothing():
    async with opened("dkim-good") as walk:
        while walk.pending.kind is not StepKind.DKIM:
            await walk.step()
        decided = walk.skip_step()
        assert isinstance(decided.evidence, Decided)
        delivery = await to_the_end(walk)
    assert StepKind.DKIM not in kinds(delivery)
    assert delivery.message.verdicts[0].reason is Reason.NOT_DONE
    leaf = next(node for node in outline(delivery).walk() if node.kind is StepKind.DKIM)
    assert leaf.state is NodeState.NOT_NEEDED
    assert "decision" in leaf.note


async def test_a_look_up_is_repeated_on_demand():
    async with opened("spf-pass") as walk:
        delivery = await to_the_end(walk)
        step = next(s for s in delivery.trace.steps if s.kind is StepKind.SPF_MAILFROM)
        walk.retry(step)
        assert walk.pending.kind is StepKind.SPF_MAILFROM
        delivery = await to_the_end(walk)
    made = [s for s in delivery.trace.steps if s.kind is StepKind.SPF_MAILFROM]
    assert len(made) == 2
    assert status(made[0], delivery).summary == "asked again later"
    assert delivery.message.mailfrom.step == made[1].seq


async def test_a_walk_that_is_ended_asks_no_more():
    async with opened("dkim-good") as walk:
        await walk.step()
        walk.stop()
        assert walk.pending is None
        assert await walk.step() is None


async def test_what_is_broken_off_is_unknown_and_no_result():
    async with opened("spf-pass") as walk:
        while walk.pending.kind is not StepKind.SPF_MAILFROM:
            await walk.step()
        running = asyncio.ensure_future(walk.step())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        last = walk.trace.steps[-1]
        assert last.cancelled
        assert isinstance(last.evidence, SpfChecked)
        assert walk.delivery.message.spf_result is SpfResult.TEMPERROR
        assert status(last, walk.delivery).mark is Mark.UNKNOWN


async def test_evidence_that_is_taken_away_makes_no_result_better():
    async with opened("dkim-good") as walk:
        await to_the_end(walk)
    steps = tuple(
        msgspec.structs.replace(step, evidence=without_answers(step.evidence))
        for step in walk.trace.steps
    )
    bare = build_delivery(msgspec.structs.replace(walk.trace, steps=steps))
    assert bare.message.spf_result is SpfResult.TEMPERROR
    assert bare.message.assessment().result in (DmarcResult.TEMPERROR, DmarcResult.NONE)
    assert not any(
        one.judge(bare).outcome.value == "accepted-authentic" for one in judges(Purpose.MESSAGE)
    )


def without_answers(evidence):
    if isinstance(evidence, DkimChecked):
        return msgspec.structs.replace(evidence, key=None)
    if hasattr(evidence, "answers"):
        return msgspec.structs.replace(evidence, answers=())
    return evidence


async def test_spf_is_asked_for_the_helo_name_when_the_reverse_path_is_null():
    # RFC 7208 2.4: "postmaster" and the HELO identity
    async with opened("spf-null-sender") as walk:
        delivery = await to_the_end(walk)
    case = delivery.message
    assert case.arrival.null_sender
    assert case.mailfrom_domain == case.helo_domain
    assert case.spf[SpfIdentity.MAILFROM].evaluation.sender.startswith("postmaster@")


async def test_a_survey_connects_to_no_mail_server():
    async with opened("domain-complete") as walk:
        assert walk.trace.header.purpose is Purpose.DOMAIN
        delivery = await to_the_end(walk)
    made = set(kinds(delivery))
    assert StepKind.CONNECT not in made
    assert {StepKind.SPF_RECORD, StepKind.DMARC, StepKind.DKIM_KEYS, StepKind.TLSA} <= made
    assert {StepKind.POLICY_RECORDS, StepKind.STS_POLICY} <= made
    assert delivery.survey.plan.current == 8


async def test_a_message_larger_than_a_trace_can_hold_is_refused_with_its_size():
    from mxwalk.errors import TraceError
    from mxwalk.limits import MESSAGE_BYTES

    async with opened("dkim-good") as walk:
        header = walk.trace.header
    large = MessageInput(raw=b"x" * (MESSAGE_BYTES + 1))
    trace = msgspec.structs.replace(
        walk.trace, header=msgspec.structs.replace(header, message=large)
    )
    with pytest.raises(TraceError, match=r"message\.raw|first line"):
        read_trace(io.BytesIO(dump_trace(trace)))
