"""The envelope and the end: MAIL, RCPT, QUIT, a 421 on the way, and what the administrator did.

RFC 5321 3.3, 3.8, 4.1.1.10; RFC 3463 for the enhanced codes.
"""

from collections.abc import Iterator

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.envelope import lacks_utf8
from mxwalk.delivery.lockstep import in_step
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.connection import Exchanged
from mxwalk.evidence.step import Step, StepKind
from mxwalk.evidence.told import how_it_ended
from mxwalk.findings.again import again
from mxwalk.findings.commands import swaks
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.raising import (
    Where,
    at_attempt,
    at_step,
    current,
    domain_shown,
    entry,
    explained,
    found,
    show,
)
from mxwalk.language import say
from mxwalk.senders.situation import words
from mxwalk.smtp.model import SERVICE_CLOSING
from mxwalk.smtp.replies import parse_reply
from mxwalk.text import excerpt

_R = Owner.RECEIVER
MAIL_REFUSED = entry("ENV001", Severity.ERROR, _R, "the sender is refused", "RFC 5321 3.3")
RCPT_REFUSED = entry("ENV002", Severity.ERROR, _R, "the recipient is refused", "RFC 5321 3.3")
SHUT_DOWN = entry("ENV003", Severity.WARNING, _R, "421 in the middle", "RFC 5321 3.8")
QUIT = entry("ENV004", Severity.NOTICE, _R, "QUIT is not answered with 221", "RFC 5321 4.1.1.10")
EDITED = entry("ENV005", Severity.NOTICE, Owner.YOU, "a command was edited", "RFC 5321 4.1.1")
CANCELLED = entry("ENV006", Severity.NOTICE, Owner.YOU, "a step was cancelled", "RFC 5321 4.5.3.2")
ACCEPTED = entry("ENV007", Severity.OK, Owner.NOBODY, "the recipient is accepted", "RFC 5321 3.3")
UTF8 = entry("ENV008", Severity.ERROR, _R, "SMTPUTF8 is needed and not offered", "RFC 6531 3.1")
UNSENT = entry("ENV009", Severity.ERROR, Owner.YOU, "a command is not sent", "RFC 5321 4.1.1")

ENTRIES = (
    MAIL_REFUSED,
    RCPT_REFUSED,
    SHUT_DOWN,
    QUIT,
    EDITED,
    CANCELLED,
    ACCEPTED,
    UTF8,
    UNSENT,
)


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the envelope, the end and the administrator's hand show."""
    for attempt in current(delivery):
        yield from _refused(delivery, in_step(attempt))
        yield from _quit(in_step(attempt))
        for step in attempt.steps:
            if isinstance(step.evidence, Exchanged):
                yield from _closing(attempt, step, step.evidence)
                yield from _edited(attempt, step, step.evidence)
                yield from _unsent(delivery, attempt, step, step.evidence)
    for step in delivery.trace.steps:
        if step.cancelled:
            where = at_step(step)
            yield found(
                CANCELLED,
                where,
                _broken_off(step, where),
                say("walk again, or retry the step"),
            )


def _broken_off(step: Step, where: Where) -> str:
    kind, place, after_s = step.kind.value, where.name, step.elapsed_s
    if where.host:
        return say(
            "the step {kind} at {place} was cancelled after {after_s:.1f} s: what follows from it is"
            " unknown",
            kind=kind,
            place=place,
            after_s=after_s,
        )
    return say(
        "the step {kind} was cancelled after {after_s:.1f} s: what follows from it is unknown",
        kind=kind,
        after_s=after_s,
    )


def _options(attempt: Attempt) -> tuple[tuple[str, str], ...]:
    mail, rcpt = attempt.exchange(StepKind.MAIL), attempt.exchange(StepKind.RCPT)
    pairs = [("--from", _path(mail)), ("--to", _path(rcpt))]
    tls = [("--tls", "")] if attempt.tls_is_up else []
    last = "RCPT" if pairs[1][1] else "MAIL"  # without --to, swaks would ask for it
    return (*tls, *[p for p in pairs if p[1]], ("--quit-after", last))


def _path(exchange: Exchanged | None) -> str:
    """Return what stands between the angle brackets of MAIL or RCPT; ``<>`` for the null path."""
    if exchange is None:
        return ""
    _, _, rest = exchange.command.partition(b"<")
    path, bracket, _ = rest.partition(b">")
    return (path.decode("utf-8", "backslashreplace") or "<>") if bracket else ""


def _refused(delivery: Delivery, attempt: Attempt) -> Iterator[Finding]:
    for kind, what in ((StepKind.MAIL, MAIL_REFUSED), (StepKind.RCPT, RCPT_REFUSED)):
        reply, exchange = attempt.reply(kind), attempt.exchange(kind)
        if reply is None or exchange is None or not reply.complete or reply.code in (0, 421):
            continue
        where = at_attempt(attempt, kind)
        command = swaks(attempt.place, attempt.port, *_options(attempt))
        path = show(_path(exchange) or exchange.command, 100)
        said = excerpt(reply.said)
        if 200 <= reply.code < 300:
            if kind is StepKind.RCPT:
                yield found(
                    ACCEPTED,
                    where,
                    say(
                        "{where} accepts mail for {path}: {said}",
                        where=where.name,
                        path=path,
                        said=said,
                    ),
                    say("nothing to do"),
                    command,
                )
            continue
        passing = 400 <= reply.code < 500
        yield found(
            what,
            where,
            say(
                "{where} refuses {path}: {said}{explained}",
                where=where.name,
                path=path,
                said=said,
                explained=explained(reply),
            )
            + (say(" (for now: greylisting, or a passing state)") if passing else ""),
            say(
                "the postmaster of {domain_shown} finds the reason under this text in the"
                " server's log",
                domain_shown=domain_shown(delivery),
            )
            if kind is StepKind.RCPT
            else say(
                "mend what the text names (SPF, reverse DNS, block list), or take the"
                " sender off the list"
            ),
            command,
            Severity.WARNING if passing else None,
        )


def _closing(attempt: Attempt, step: Step, exchange: Exchanged) -> Iterator[Finding]:
    # nothing follows QUIT that could be missed
    if step.kind in (StepKind.GREETING, StepKind.QUIT) or not exchange.reply:
        return
    reply = parse_reply(exchange.reply)
    if reply.code == SERVICE_CLOSING and reply.complete:
        where = at_attempt(attempt, step)
        yield found(
            SHUT_DOWN,
            where,
            _says_it_closes(where, step, exchange, excerpt(reply.said)),
            say(
                "the server is busy, limits this sender, or is being stopped: see its log;"
                " the sender tries again later"
            ),
            again(attempt, step),
        )


def _says_it_closes(where: Where, step: Step, exchange: Exchanged, reply: str) -> str:
    """Tell of a 421 as what it says (RFC 5321 4.2.2): the walk leaves then, whoever closes first."""
    if not exchange.command:
        return say(
            "{where} says before {kind} that it closes: {reply}; what would follow is unknown",
            where=where.name,
            kind=words(step.kind),
            reply=reply,
        )
    return say(
        "{where} says after {command} that it closes: {reply}; what would follow is unknown",
        where=where.name,
        command=show(exchange.command.rstrip(), 80),
        reply=reply,
    )


def _quit(attempt: Attempt) -> Iterator[Finding]:
    exchange, reply = attempt.exchange(StepKind.QUIT), attempt.reply(StepKind.QUIT)
    if (
        exchange is None
        or exchange.unsent
        or (reply is not None and reply.complete and reply.code == 221)
    ):
        return
    step = attempt.step(StepKind.QUIT)
    if step is not None and step.cancelled:
        return
    where = at_attempt(attempt, StepKind.QUIT)
    said = (
        say(
            "{where} says before QUIT that it closes: {reply}",
            where=where.name,
            reply=excerpt(reply.said),
        )
        if reply and reply.code == SERVICE_CLOSING and not exchange.command
        else say(
            "{where} answers QUIT with {reply} instead of 221",
            where=where.name,
            reply=excerpt(reply.said),
        )
        if reply
        else say("{where} does not answer QUIT, where 221 is due", where=where.name)
    )
    yield found(
        QUIT,
        where,
        said,
        say("harmless for delivery; the server must answer 221 and then close"),
        swaks(attempt.place, attempt.port, ("--quit-after", "EHLO")),
    )


def _unsent(
    delivery: Delivery, attempt: Attempt, step: Step, exchange: Exchanged
) -> Iterator[Finding]:
    if not exchange.unsent or exchange.ending is None or step.kind is StepKind.GREETING:
        return
    where = at_attempt(attempt, step)
    if step.kind is StepKind.MAIL and lacks_utf8(delivery, attempt):
        yield found(
            UTF8,
            where,
            say(
                "{where} does not offer SMTPUTF8, and an address of the envelope has"
                " characters beyond ASCII: a sender must not send it there and bounces"
                " (5.6.7)",
                where=where.name,
            ),
            say(
                "the postmaster of {domain_shown} switches SMTPUTF8 on (Postfix:"
                " smtputf8_enable = yes), or give an address in ASCII (--from, --to)",
                domain_shown=domain_shown(delivery),
            ),
            swaks(attempt.place, attempt.port, ("--quit-after", "EHLO")),
        )
        return
    yield found(
        UNSENT,
        where,
        say(
            "{kind} at {where}: {ending}",
            kind=step.kind.value,
            where=where.name,
            ending=how_it_ended(exchange.ending),
        ),
        say("mend what was given (--helo, --from, --to) or the edit, and walk again"),
    )


def _edited(attempt: Attempt, step: Step, exchange: Exchanged) -> Iterator[Finding]:
    if exchange.command and exchange.planned and exchange.planned != exchange.command:
        yield found(
            EDITED,
            at_attempt(attempt, step),
            say(
                "the administrator sent {command} where {exchange} was planned",
                command=show(exchange.command, 120),
                exchange=show(exchange.planned, 120),
            ),
            say("judge what follows with that in mind; retry the step to send what was planned"),
        )
