"""Which replies of a connection belong to the commands that they follow on the wire.

RFC 5321 4.3.1: client and server take turns, and each command has one reply.  What came behind a
reply, before the next command was sent, answers nothing; a client in lock-step takes it as the answer
to its next command, and from there on every reply may be another command's.  TLS begins anew.  A 421
counts wherever it comes (RFC 5321 3.8).
"""

from dataclasses import replace

from mxwalk.delivery.attempt import Attempt
from mxwalk.evidence.connection import Exchanged, Handshaken
from mxwalk.evidence.step import Step, StepKind
from mxwalk.evidence.wire import EndingKind
from mxwalk.smtp.model import SERVICE_CLOSING, Reply
from mxwalk.smtp.replies import parse_reply

# RFC 5321 4.3.2, RFC 3207 4: the one code of success of each.
_SUCCESS = {
    StepKind.GREETING: 220,
    StepKind.EHLO: 250,
    StepKind.HELO: 250,
    StepKind.STARTTLS: 220,
    StepKind.EHLO_TLS: 250,
}


def taken_early(attempt: Attempt) -> tuple[Step, Step] | None:
    """Return the first step whose reply had come before its command was sent, and the one behind it.

    The second is the step behind whose reply it came.
    """
    before: Step | None = None
    for step in attempt.steps:
        match step.evidence:
            case Handshaken():
                before = None
            case Exchanged() as exchange:
                if before is not None and _came_behind(before, exchange):
                    return step, before
                before = step
            case _:
                continue
    return None


def _came_behind(before: Step, exchange: Exchanged) -> bool:
    assert isinstance(before.evidence, Exchanged)
    behind = before.evidence.trailing
    if not behind or not exchange.command or not exchange.reply or exchange.ending is not None:
        return False
    if parse_reply(exchange.reply).code == SERVICE_CLOSING:
        return False
    return exchange.reply.startswith(behind) or behind.startswith(exchange.reply)


def spoke_unasked(step: Step) -> bool:
    """Say whether the server spoke in a pause, so that the walk kept its command back and left."""
    exchange = step.evidence
    return (
        isinstance(exchange, Exchanged)
        and step.kind is not StepKind.GREETING
        and not exchange.command
        and exchange.ending is not None
        and exchange.ending.kind is EndingKind.CLOSED
        and bool(exchange.reply)
        and not _closes(exchange)
    )


def out_of_step(attempt: Attempt) -> tuple[Step, ...]:
    """Return the steps whose replies may be those of other commands, in order; mostly none."""
    early = taken_early(attempt)
    found, begun = [], False
    for step in attempt.steps:
        begun = begun or (early is not None and step is early[0]) or spoke_unasked(step)
        if isinstance(step.evidence, Handshaken):
            begun = False
        if begun and isinstance(step.evidence, Exchanged) and not _closes(step.evidence):
            found.append(step)
    return tuple(found)


def _closes(exchange: Exchanged) -> bool:
    return parse_reply(exchange.reply).code == SERVICE_CLOSING


def in_step(attempt: Attempt) -> Attempt:
    """Return the connection without the steps whose replies may be those of other commands."""
    left_out = out_of_step(attempt)
    if not left_out:
        return attempt
    return replace(attempt, steps=tuple(step for step in attempt.steps if step not in left_out))


def answers(kind: StepKind, reply: Reply) -> bool:
    """Say whether a code can be an answer: one of success is not, where another has that meaning."""
    wanted = _SUCCESS.get(kind)
    return wanted is None or reply.code // 100 != 2 or reply.code == wanted
