"""The waits on a connection that stands: for the greeting and for replies; silent, slow, lost.

RFC 5321 3.8 and 4.5.3.2.  A wait that ends without a reply is inconclusive; how it ended (closed,
reset, closed on one side) tells where to look.
"""

from collections.abc import Iterator

from mxwalk.delivery.model import Attempt, Delivery
from mxwalk.evidence.step import Exchanged, Step, StepKind
from mxwalk.evidence.wire import Direction, Ending, EndingKind
from mxwalk.findings.again import again
from mxwalk.findings.commands import nc, s_client_implicit
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.raising import at_attempt, current, entry, found, grave_unless_others, show
from mxwalk.findings.rules.connection import RESET, local_fault
from mxwalk.smtp.model import IMPLICIT_TLS_PORT

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
    if ending is None or step.kind is StepKind.QUIT:
        return
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
            f"{where.name} closed its sending side {_when(exchange)}, yet still takes what we send",
            "the server must reply 421 before it closes (RFC 5321 3.8); look at proxies before it",
            again(attempt, step),
            grave_unless_others(delivery, attempt),
        )
    elif greeting:
        yield from _greeting(delivery, attempt, step, exchange)
    elif ending.kind in (EndingKind.CLOSED, EndingKind.RESET):
        yield _lost(delivery, attempt, step, exchange)
    elif ending.kind is EndingKind.TIMEOUT:
        where = at_attempt(attempt, step)
        yield found(
            NO_REPLY,
            where,
            f"{where.name} sent no complete reply {_when(exchange)} within {ending.after_s:.0f} s",
            "look into the server's log for this session; a content filter or a DNS look-up of it"
            " may hang",
            again(attempt, step),
        )


def _implicit(attempt: Attempt, step: Step, ending: Ending) -> Iterator[Finding]:
    if ending.kind is EndingKind.CANCELLED:
        return
    where = at_attempt(attempt, step)
    silent = ending.kind is EndingKind.TIMEOUT
    how = "stays silent" if silent else "ends the connection without a greeting"
    yield found(
        IMPLICIT,
        where,
        f"{where.name} {how}: this port speaks TLS from the first byte; mxwalk walks STARTTLS",
        "walk to port 25, where mail is delivered; look at this port with openssl s_client -connect",
        s_client_implicit(attempt.address, attempt.port, attempt.host.name),
    )


def _when(exchange: Exchanged) -> str:
    command = exchange.command.rstrip(b"\r\n")
    return f"after {show(command, 80)}" if command else "before the greeting was complete"


def _greeting(
    delivery: Delivery, attempt: Attempt, step: Step, exchange: Exchanged
) -> Iterator[Finding]:
    where, ending = at_attempt(attempt, step), exchange.ending
    assert ending is not None
    command = nc(attempt.address, attempt.port)
    partly = " a part of" if exchange.reply else ""
    match ending.kind:
        case EndingKind.TIMEOUT:
            sent = "sent only a part of its greeting" if exchange.reply else "sent nothing"
            yield found(
                SILENT,
                where,
                f"{where.name} took the connection but {sent} within {ending.after_s:.0f} s:"
                " inconclusive",
                "the server should greet within seconds; look at its connection limits and DNS"
                " look-ups",
                command,
            )
        case EndingKind.CLOSED:
            yield found(
                CLOSED,
                where,
                f"{where.name} closed the connection after{partly or ' no'} greeting: an access list,"
                " a full server, or a middlebox",
                "answer 554 or 421 with a reason instead of closing (RFC 5321 3.1)",
                command,
                grave_unless_others(delivery, attempt),
            )
        case EndingKind.RESET:
            yield found(
                RESET,
                where,
                f"{where.name} reset the connection before the greeting ({show(ending.detail)})",
                "answer 554 or 421 with a reason instead of a reset (RFC 5321 3.1)",
                command,
                grave_unless_others(delivery, attempt),
            )
        case _:
            return


def _lost(delivery: Delivery, attempt: Attempt, step: Step, exchange: Exchanged) -> Finding:
    where, ending = at_attempt(attempt, step), exchange.ending
    assert ending is not None
    how = "reset" if ending.kind is EndingKind.RESET else "closed"
    return found(
        LOST,
        where,
        f"{where.name} {how} the connection {_when(exchange)} without a reply",
        "a server that closes must say 421 first (RFC 5321 3.8); look for a crash or a middlebox",
        again(attempt, step),
        grave_unless_others(delivery, attempt),
    )


def _pace(attempt: Attempt) -> Iterator[Finding]:
    exchange = attempt.exchange(StepKind.GREETING)
    command = nc(attempt.address, attempt.port)
    if exchange is not None and exchange.reply and exchange.first_byte_s >= SLOW_S:
        where = at_attempt(attempt, StepKind.GREETING)
        very = exchange.first_byte_s >= VERY_SLOW_S
        yield found(
            SLOW,
            where,
            f"{where.name} greeted only after {exchange.first_byte_s:.1f} s: "
            + ("many senders give up before that" if very else "a delay against spam, or DNS"),
            "Postfix: postscreen_greet_wait; sendmail: FEATURE(`greet_pause'); Exim: delay in"
            " acl_smtp_connect; else the server's DNS",
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
                f"{where.name} sent {total} bytes in {len(received)} pieces over"
                f" {step.elapsed_s:.1f} s: a tarpit",
                "take the sender off the tarpit list (OpenBSD spamd, LaBrea, TARPIT targets of a"
                " firewall)",
                command,
            )
            return
