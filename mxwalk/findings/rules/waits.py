"""The waits on a connection that stands: for the greeting and for replies; silent, slow, lost.

RFC 5321 3.8 and 4.5.3.2.  A wait that ends without a reply is inconclusive; how it ended (closed,
reset, closed on one side) tells where to look.
"""

from collections.abc import Iterator

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.lockstep import spoke_unasked
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.connection import Exchanged
from mxwalk.evidence.step import Step, StepKind
from mxwalk.evidence.told import how_it_ended
from mxwalk.evidence.wire import Direction, Ending, EndingKind
from mxwalk.findings.again import again
from mxwalk.findings.commands import nc, s_client_implicit
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.raising import (
    VALUE_CHARS,
    at_attempt,
    current,
    entry,
    found,
    grave_unless_others,
    show,
)
from mxwalk.findings.rules.connection import RESET, local_fault
from mxwalk.language import noted, say
from mxwalk.smtp.model import IMPLICIT_TLS_PORT
from mxwalk.smtp.replies import parse_reply

SLOW_S = 5.0
VERY_SLOW_S = 30.0
DRIP_CHUNKS = 10
DRIP_MEAN_BYTES = 4

_THEY, _YOU = Owner.RECEIVER, Owner.YOU
CLOSED = entry("CONN006", Severity.ERROR, _THEY, "closed before the greeting", "RFC 5321 3.1")
HALF_CLOSED = entry(
    "CONN007", Severity.WARNING, _THEY, "the server closed its side only", "RFC 5321 3.8"
)
SLOW = entry("CONN008", Severity.NOTICE, _THEY, "a slow greeting", "RFC 5321 4.5.3.2.1")
DRIP = entry("CONN009", Severity.WARNING, _THEY, "replies drip in", "RFC 5321 4.5.3.2")
SILENT = entry("CONN010", Severity.WARNING, _THEY, "no greeting comes", "RFC 5321 4.5.3.2.1")
LOST = entry("CONN011", Severity.ERROR, _THEY, "the connection was lost", "RFC 5321 3.8")
NO_REPLY = entry("CONN012", Severity.WARNING, _THEY, "no reply to a command", "RFC 5321 4.5.3.2")
IMPLICIT = entry("CONN014", Severity.NOTICE, _YOU, "a port of implicit TLS", "RFC 8314 3.3")

ENTRIES = (
    CLOSED,
    HALF_CLOSED,
    SLOW,
    DRIP,
    SILENT,
    LOST,
    NO_REPLY,
    IMPLICIT,
)

_VERY_SLOW = noted(
    "{where} greeted only after {first_byte_s:.1f} s: many senders give up before that"
)
_SLOW = noted("{where} greeted only after {first_byte_s:.1f} s: a delay against spam, or DNS")


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the waits for replies show."""
    for attempt in current(delivery):
        for step in attempt.steps:
            if isinstance(step.evidence, Exchanged):
                yield from _exchange(delivery, attempt, step, step.evidence)
        yield from _pace(attempt)


def _exchange(
    delivery: Delivery, attempt: Attempt, step: Step, exchange: Exchanged
) -> Iterator[Finding]:
    ending = exchange.ending
    if ending is None or step.kind is StepKind.QUIT or spoke_unasked(step):
        return  # the last is told as RPLY008: the server did not end anything
    greeting = step.kind is StepKind.GREETING
    if exchange.unsent and not greeting:
        return  # the envelope rules tell of it; the connection is as it was
    if ending.kind is EndingKind.LOCAL:
        yield local_fault(attempt, step, ending)
    elif greeting and attempt.port == IMPLICIT_TLS_PORT and not exchange.reply:
        yield from _implicit(attempt, step, ending)
    elif ending.kind is EndingKind.HALF_CLOSED:
        where = at_attempt(attempt, step)
        yield found(
            HALF_CLOSED,
            where,
            say(
                "{where} closed its sending side {when}, yet still takes what we send",
                where=where.name,
                when=_when(exchange),
            ),
            say(
                "the server must reply 421 before it closes (RFC 5321 3.8); look at proxies"
                " before it"
            ),
            again(attempt, step),
            grave_unless_others(delivery, attempt),
        )
    elif greeting:
        yield from _greeting(delivery, attempt, step, exchange)
    elif ending.kind in (EndingKind.CLOSED, EndingKind.RESET):
        yield _lost(delivery, attempt, step, exchange)
    elif ending.kind is EndingKind.TOO_LONG:
        if not parse_reply(exchange.reply).cut:  # else the reply's form tells
            yield found(
                NO_REPLY,
                at_attempt(attempt, step),
                say(
                    "{where} sent no complete reply {when}: {detail}",
                    where=at_attempt(attempt, step).name,
                    when=_when(exchange),
                    detail=how_it_ended(ending),
                ),
                say(
                    "the server, or a proxy before it, must send a reply in a few TLS records;"
                    " look at its padding and at what it writes at a time"
                ),
                again(attempt, step),
            )
    elif ending.kind is EndingKind.TIMEOUT:
        where = at_attempt(attempt, step)
        yield found(
            NO_REPLY,
            where,
            say(
                "{where} sent no complete reply {when} within {after_s:.0f} s",
                where=where.name,
                when=_when(exchange),
                after_s=ending.after_s,
            ),
            say(
                "look into the server's log for this session; a content filter or a DNS"
                " look-up of it may hang"
            ),
            again(attempt, step),
        )


def _implicit(attempt: Attempt, step: Step, ending: Ending) -> Iterator[Finding]:
    if ending.kind is EndingKind.CANCELLED:
        return
    where = at_attempt(attempt, step)
    silent = ending.kind is EndingKind.TIMEOUT
    how = say("stays silent") if silent else say("ends the connection without a greeting")
    yield found(
        IMPLICIT,
        where,
        say(
            "{where} {how}: this port speaks TLS from the first byte; mxwalk walks STARTTLS",
            where=where.name,
            how=how,
        ),
        say(
            "walk to port 25, where mail is delivered; look at this port with openssl"
            " s_client -connect"
        ),
        s_client_implicit(attempt.place, attempt.port, attempt.host.name),
    )


def _when(exchange: Exchanged) -> str:
    command = exchange.command.rstrip(b"\r\n")
    return (
        say("after {command}", command=show(command, 80))
        if command
        else say("before the greeting was complete")
    )


def _greeting(
    delivery: Delivery, attempt: Attempt, step: Step, exchange: Exchanged
) -> Iterator[Finding]:
    where, ending = at_attempt(attempt, step), exchange.ending
    assert ending is not None
    command = nc(attempt.place, attempt.port)
    match ending.kind:
        case EndingKind.TIMEOUT:
            sent = (
                say("sent only a part of its greeting") if exchange.reply else say("sent nothing")
            )
            yield found(
                SILENT,
                where,
                say(
                    "{where} took the connection but {sent} within {after_s:.0f} s: inconclusive",
                    where=where.name,
                    sent=sent,
                    after_s=ending.after_s,
                ),
                say(
                    "the server should greet within seconds; look at its connection limits"
                    " and DNS look-ups"
                ),
                command,
            )
        case EndingKind.CLOSED:
            yield found(
                CLOSED,
                where,
                say(
                    "{where} closed the connection after a part of greeting: an access list, a full"
                    " server, or a middlebox",
                    where=where.name,
                )
                if exchange.reply
                else say(
                    "{where} closed the connection after no greeting: an access list, a full"
                    " server, or a middlebox",
                    where=where.name,
                ),
                say("answer 554 or 421 with a reason instead of closing (RFC 5321 3.1)"),
                command,
                grave_unless_others(delivery, attempt),
            )
        case EndingKind.RESET:
            yield found(
                RESET,
                where,
                say(
                    "{where} reset the connection before the greeting ({ending})",
                    where=where.name,
                    ending=how_it_ended(ending, VALUE_CHARS),
                ),
                say("answer 554 or 421 with a reason instead of a reset (RFC 5321 3.1)"),
                command,
                grave_unless_others(delivery, attempt),
            )
        case _:
            return


def _lost(delivery: Delivery, attempt: Attempt, step: Step, exchange: Exchanged) -> Finding:
    where, ending = at_attempt(attempt, step), exchange.ending
    assert ending is not None
    return found(
        LOST,
        where,
        say(
            "{where} reset the connection {when} without a reply",
            where=where.name,
            when=_when(exchange),
        )
        if ending.kind is EndingKind.RESET
        else say(
            "{where} closed the connection {when} without a reply",
            where=where.name,
            when=_when(exchange),
        ),
        say(
            "a server that closes must say 421 first (RFC 5321 3.8); look for a crash or a"
            " middlebox"
        ),
        again(attempt, step),
        grave_unless_others(delivery, attempt),
    )


def _pace(attempt: Attempt) -> Iterator[Finding]:
    exchange = attempt.exchange(StepKind.GREETING)
    command = nc(attempt.place, attempt.port)
    if exchange is not None and exchange.reply and exchange.first_byte_s >= SLOW_S:
        where = at_attempt(attempt, StepKind.GREETING)
        very = exchange.first_byte_s >= VERY_SLOW_S
        yield found(
            SLOW,
            where,
            say(
                _VERY_SLOW if very else _SLOW,
                where=where.name,
                first_byte_s=exchange.first_byte_s,
            ),
            say(
                "Postfix: postscreen_greet_wait; sendmail: FEATURE(`greet_pause'); Exim:"
                " delay in acl_smtp_connect; else the server's DNS"
            ),
            command,
            Severity.WARNING if very else None,
        )
    for step in attempt.steps:
        received = [c.data for c in step.wire if c.direction is Direction.RECEIVED]
        total = sum(len(data) for data in received)
        if len(received) >= DRIP_CHUNKS and total <= DRIP_MEAN_BYTES * len(received):
            where = at_attempt(attempt, step)
            yield found(
                DRIP,
                where,
                say(
                    "{where} sent {total} bytes in {received} pieces over {elapsed_s:.1f} s:"
                    " a tarpit",
                    where=where.name,
                    total=total,
                    received=len(received),
                    elapsed_s=step.elapsed_s,
                ),
                say(
                    "take the sender off the tarpit list (OpenBSD spamd, LaBrea, TARPIT"
                    " targets of a firewall)"
                ),
                command,
            )
            return
