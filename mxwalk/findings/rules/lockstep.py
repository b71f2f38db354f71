"""Command and reply in turn (RFC 5321 4.3.1): what came unasked, and codes that answer nothing.

What stands as the answer to a command may have come before the command was sent.  Then nobody refused
anything, and no other rule tells what such a reply seems to say.
"""

from collections.abc import Iterator

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.lockstep import answers, out_of_step, spoke_unasked, taken_early
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.connection import Exchanged
from mxwalk.evidence.step import Step, StepKind
from mxwalk.findings.again import again
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.raising import (
    at_attempt,
    current,
    entry,
    found,
    grave_unless_others,
    show,
)
from mxwalk.findings.rules.replies_codes import TRAILING
from mxwalk.language import say, say_many
from mxwalk.smtp.replies import parse_reply
from mxwalk.text import excerpt

OTHER_CODE = entry(
    "RPLY024",
    Severity.ERROR,
    Owner.RECEIVER,
    "a code that answers another command",
    "RFC 5321 4.3.2",
)
ENTRIES = (OTHER_CODE,)


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what came out of turn, once for each step."""
    for attempt in current(delivery):
        early, misread = taken_early(attempt), out_of_step(attempt)
        told: set[bytes] = set()
        before: Step | None = None
        for step in attempt.steps:
            exchange = step.evidence
            if before is not None and spoke_unasked(step):
                yield _in_a_pause(delivery, attempt, step, before)
            before = step if isinstance(exchange, Exchanged) else before
            if step in misread or not isinstance(exchange, Exchanged):
                continue
            if exchange.trailing not in {b"", *told} and step.kind is not StepKind.STARTTLS:
                told.add(exchange.trailing)  # the EHLO response inside TLS mostly repeats the other
                taken_by = early[0] if early is not None and early[1] is step else None
                if taken_by is not None and taken_by.kind is StepKind.QUIT:
                    taken_by = None  # nothing rests on that answer
                yield _unasked(delivery, attempt, step, taken_by)
            yield from _other_code(delivery, attempt, step, exchange)


def _unasked(delivery: Delivery, attempt: Attempt, step: Step, taken_by: Step | None) -> Finding:
    exchange = step.evidence
    assert isinstance(exchange, Exchanged)
    where = at_attempt(attempt, step)
    told = say(
        "{trailing} came unasked behind {subject}: {trailing_2}",
        trailing=say_many("{n} byte", "{n} bytes", len(exchange.trailing)),
        subject=subject(where.name, exchange),
        trailing_2=excerpt(exchange.trailing),
    )
    if taken_by is not None and isinstance(taken_by.evidence, Exchanged):
        told += say(
            "; a client takes them as the answer to {command}, which had not been sent: from there on"
            " its commands and the replies are out of step",
            command=show(taken_by.evidence.command.rstrip(), 80),
        )
    return found(
        TRAILING,
        where,
        told,
        say("one reply to each command, and nothing before the next command"),
        again(attempt, step),
        grave_unless_others(delivery, attempt) if taken_by is not None else None,
    )


def _in_a_pause(delivery: Delivery, attempt: Attempt, step: Step, before: Step) -> Finding:
    exchange, asked = step.evidence, before.evidence
    assert isinstance(exchange, Exchanged)
    assert isinstance(asked, Exchanged)
    where = at_attempt(attempt, step)
    return found(
        TRAILING,
        where,
        say(
            "{trailing} came unasked behind {subject}: {trailing_2}",
            trailing=say_many("{n} byte", "{n} bytes", len(exchange.reply)),
            subject=subject(where.name, asked),
            trailing_2=show(exchange.reply, 80),
        )
        + say("; so mxwalk kept its next command back and left"),
        say("one reply to each command, and nothing before the next command"),
        again(attempt, before),
        grave_unless_others(delivery, attempt) if step.kind is not StepKind.QUIT else None,
    )


def subject(where: str, exchange: Exchanged) -> str:
    """Return a reply in words, as the subject of a sentence."""
    if not exchange.command:
        return say("the greeting of {where}", where=where)
    return say(
        "the reply of {where} to {command}",
        where=where,
        command=show(exchange.command.rstrip(), 60),
    )


def _other_code(
    delivery: Delivery, attempt: Attempt, step: Step, exchange: Exchanged
) -> Iterator[Finding]:
    reply = parse_reply(exchange.reply)
    if not exchange.command or not reply.complete or answers(step.kind, reply):
        return
    where = at_attempt(attempt, step)
    yield found(
        OTHER_CODE,
        where,
        say(
            "{where} answers {command} with {said}: that is no answer to this command, neither a yes"
            " nor a no, and senders differ in what they make of it",
            where=where.name,
            command=show(exchange.command.rstrip(), 80),
            said=excerpt(reply.said),
        ),
        say(
            "answer EHLO and HELO with 250 and STARTTLS with 220; where the code is that of another"
            " command, look for something that answers once more, or late"
        ),
        again(attempt, step),
        grave_unless_others(delivery, attempt),
    )
