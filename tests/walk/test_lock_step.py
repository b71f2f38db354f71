"""Servers that answer twice, late, or without a code: nobody is said to have refused what nobody asked."""

import asyncio

import pytest

from mxwalk.delivery.mark import Mark
from mxwalk.delivery.status import status
from mxwalk.evidence.step import StepKind
from mxwalk.findings.model import Severity
from mxwalk.findings.registry import check
from mxwalk.language import speaking
from mxwalk.senders.model import Outcome
from mxwalk.senders.registry import profile, profiles
from tests.walk.harness import run, step_to
from tests.walk.test_odd_peers import speaking as answering
from tests.walk.test_odd_peers import walking

GREETING = b"220 mx.example.com ESMTP\r\n"
EHLO = b"250-mx.example.com\r\n250 STARTTLS\r\n"
BYE = b"221 bye\r\n"
ACCUSING = {"EHLO020", "EHLO021", "STLS001", "STLS002", "STLS003", "ENV001", "ENV002", "ENV004"}
ALL_TWICE = (GREETING * 2, EHLO * 2, b"250 ok\r\n" * 2)
BUT_GREETING = (GREETING, EHLO * 2, b"220 go\r\n" * 2, BYE * 2)


def _marks(delivery):
    return {step.kind: status(step, delivery).mark for step in delivery.trace.steps}


@pytest.mark.parametrize("answers", [ALL_TWICE, BUT_GREETING])
async def test_a_server_that_answers_twice_is_out_of_step_and_accused_of_nothing_else(answers):
    async with walking(answering(*answers)) as walk:
        await run(walk)
        found = {finding.code: finding for finding in check(walk.delivery)}
        verdicts = [profile(name).judge(walk.delivery) for name in ("esa:3", "postfix:encrypt")]
        marks = _marks(walk.delivery)
    assert ACCUSING.isdisjoint(found)
    assert found["RPLY008"].level is Severity.ERROR
    assert "which had not been sent" in found["RPLY008"].sentence
    for verdict in verdicts:
        assert (verdict.outcome, verdict.log) == (Outcome.UNKNOWN, "")
        assert "speaks before it is asked" in verdict.reason
    misread = StepKind.EHLO if answers is ALL_TWICE else StepKind.STARTTLS
    assert {marks[misread], marks[StepKind.QUIT]} == {Mark.UNKNOWN}


async def test_what_goes_in_clear_is_unknown_too_where_replies_are_out_of_step():
    async with walking(answering(*BUT_GREETING)) as walk:
        await run(walk)
        for name in ("esa:1", "postfix:none", "exim:try-dane", "rfc7672"):
            assert profile(name).judge(walk.delivery).outcome is Outcome.UNKNOWN, name


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ((GREETING, GREETING, BYE), StepKind.EHLO),
        ((GREETING, EHLO, EHLO, BYE), StepKind.STARTTLS),
    ],
)
async def test_a_code_of_success_that_answers_another_command_is_no_refusal(answers, kind):
    async with walking(answering(*answers)) as walk:
        await run(walk)
        found = {finding.code for finding in check(walk.delivery)}
        marks = _marks(walk.delivery)
    assert ACCUSING.isdisjoint(found)
    assert "RPLY024" in found
    assert marks[kind] is Mark.FAIL
    assert marks[StepKind.QUIT] is Mark.OK


async def test_what_comes_in_a_pause_is_no_end_of_the_connection():
    paused, spoken = asyncio.Event(), asyncio.Event()

    async def twice(reader, writer):
        writer.write(GREETING)
        await paused.wait()
        writer.write(GREETING)
        await writer.drain()
        spoken.set()
        await reader.read()

    async with walking(twice) as walk:
        await step_to(walk, "ehlo")
        paused.set()
        await spoken.wait()
        for _ in range(20):  # what has come is read when the loop turns
            await asyncio.sleep(0)
        await run(walk)
        found = {finding.code: finding for finding in check(walk.delivery)}
        verdict = profile("postfix:may").judge(walk.delivery)
        assert _marks(walk.delivery)[StepKind.EHLO] is Mark.UNKNOWN
    assert (verdict.outcome, verdict.log) == (Outcome.UNKNOWN, "")
    assert "CONN011" not in found
    assert "kept its next command back" in found["RPLY008"].sentence


async def test_an_answer_to_quit_with_another_code_is_no_success():
    async with walking(answering(GREETING, b"250 mx.example.com\r\n", b"220 go\r\n")) as walk:
        await run(walk)
        found = {finding.code: finding for finding in check(walk.delivery)}
        assert _marks(walk.delivery)[StepKind.QUIT] is Mark.WARN
    assert "answers QUIT with 220 go instead of 221" in found["ENV004"].sentence


@pytest.mark.parametrize(
    "line", ["HTTP/1.1 400 Bad Request", "* OK IMAP4rev1 ready", "\u00e9\u00ff\u0001"]
)
@pytest.mark.parametrize("language", ["en", "ko"])
async def test_what_came_without_a_code_is_shown_without_one(line, language):
    async with walking(answering(line.encode("latin-1") + b"\r\n", b"+OK bye\r\n")) as walk:
        await run(walk)
        with speaking(language):
            findings = check(walk.delivery)
            verdicts = [one.judge(walk.delivery) for one in profiles()]
            marks = [status(step, walk.delivery).summary for step in walk.trace.steps]
            sentences = [one.sentence for one in findings]
            said = [text for one in verdicts for text in (one.reason, one.log)]
    for text in (*marks, *sentences, *said):
        assert not any(f"{zero} {start}" in text for zero in ("0", "000") for start in "H*+")
        assert "'0'" not in text
