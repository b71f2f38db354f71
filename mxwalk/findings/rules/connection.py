"""The TCP connection and the waits on it: refused, silent, slow, lost.

RFC 5321 3.8 and 4.5.3.2.  A time-out says nothing about the receiver's TLS: it is inconclusive, and
where no address at all answers the sender's own side is the first suspect.
"""

from collections.abc import Iterator

from mxwalk.delivery.model import Attempt, Delivery
from mxwalk.evidence.step import Connected, Exchanged, Step, StepKind
from mxwalk.evidence.wire import Direction, Ending, EndingKind
from mxwalk.findings.again import again
from mxwalk.findings.commands import nc, s_client_implicit
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.raising import (
    at_attempt,
    current,
    entry,
    found,
    grave_unless_others,
    show,
)
from mxwalk.smtp.model import IMPLICIT_TLS_PORT

SLOW_S = 5.0
VERY_SLOW_S = 30.0
DRIP_CHUNKS = 10
DRIP_MEAN_BYTES = 4

_THEY, _YOU = Owner.RECEIVER, Owner.YOU
REFUSED = entry("CONN001", Severity.ERROR, _THEY, "connection refused", "RFC 5321 4.5.4.1")
TIMEOUT = entry("CONN002", Severity.WARNING, _THEY, "no answer from an address", "RFC 5321 4.5.4.1")
ALL_TIMEOUT = entry(
    "CONN003", Severity.WARNING, _YOU, "no address answers: port 25 out?", "RFC 5321 4.5.4.1"
)
UNREACHABLE = entry("CONN004", Severity.WARNING, _YOU, "no route to an address", "RFC 5321 5.1")
RESET = entry("CONN005", Severity.ERROR, _THEY, "connection reset at the start", "RFC 5321 3.8")
CLOSED = entry("CONN006", Severity.ERROR, _THEY, "closed before the greeting", "RFC 5321 3.1")
HALF_CLOSED = entry(
    "CONN007", Severity.WARNING, _THEY, "the server closed its side only", "RFC 5321 3.8"
)
SLOW = entry("CONN008", Severity.NOTICE, _THEY, "a slow greeting", "RFC 5321 4.5.3.2.1")
DRIP = entry("CONN009", Severity.WARNING, _THEY, "replies drip in", "RFC 5321 4.5.3.2")
SILENT = entry("CONN010", Severity.WARNING, _THEY, "no greeting comes", "RFC 5321 4.5.3.2.1")
LOST = entry("CONN011", Severity.ERROR, _THEY, "the connection was lost", "RFC 5321 3.8")
NO_REPLY = entry("CONN012", Severity.WARNING, _THEY, "no reply to a command", "RFC 5321 4.5.3.2")
LOCAL = entry("CONN013", Severity.ERROR, _YOU, "our own side failed", "RFC 5321 4.5.4.1")
IMPLICIT = entry("CONN014", Severity.NOTICE, _YOU, "a port of implicit TLS", "RFC 8314 3.3")

ENTRIES = (
    REFUSED,
    TIMEOUT,
    ALL_TIMEOUT,
    UNREACHABLE,
    RESET,
    CLOSED,
    HALF_CLOSED,
    SLOW,
    DRIP,
    SILENT,
    LOST,
    NO_REPLY,
    LOCAL,
    IMPLICIT,
)


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the connections and the waits show."""
    for attempt in current(delivery):
        for step in attempt.steps:
            match step.evidence:
                case Connected(ending=Ending() as ending):
                    yield from _connect(delivery, attempt, step, ending)
                case Exchanged() as exchange:
                    yield from _exchange(delivery, attempt, step, exchange)
                case _:
                    pass
        yield from _pace(attempt)


def _no_address_answers(delivery: Delivery) -> bool:
    endings = [a.connected.ending for a in current(delivery) if a.connected is not None]
    return all(ending is not None and ending.kind is EndingKind.TIMEOUT for ending in endings)


def _connect(delivery: Delivery, attempt: Attempt, step: Step, ending: Ending) -> Iterator[Finding]:
    where = at_attempt(attempt, step)
    command = nc(attempt.address, attempt.port)
    listen = f"let the mail server listen on {where.name} and the firewall accept it"
    match ending.kind:
        case EndingKind.REFUSED:
            yield found(
                REFUSED,
                where,
                f"{where.name} refuses the connection: nothing listens there, or a firewall rejects",
                listen,
                command,
                grave_unless_others(delivery, attempt),
            )
        case EndingKind.TIMEOUT if _no_address_answers(delivery):
            yield found(
                ALL_TIMEOUT,
                where,
                f"{where.name} did not answer within {ending.after_s:.0f} s, like every address"
                f" tried so far: is TCP port {attempt.port} blocked on your way out?",
                f"check from another network, and ask your provider for outgoing TCP {attempt.port}",
                command,
            )
        case EndingKind.TIMEOUT:
            yield found(
                TIMEOUT,
                where,
                f"{where.name} did not answer within {ending.after_s:.0f} s while another address"
                " does: inconclusive about its TLS",
                listen,
                command,
            )
        case EndingKind.UNREACHABLE:
            v6 = ":" in attempt.address
            yield found(
                UNREACHABLE,
                where,
                f"there is no route to {where.name} ({show(ending.detail)})"
                + (": your side may have no IPv6, or theirs is cut off" if v6 else ""),
                "leave IPv6 out: --ipv4, or mend your IPv6 default route (ip -6 route); if other"
                " hosts answer over IPv6, the receiver's network or AAAA record is at fault"
                if v6
                else f"check your route: ip route get {show(attempt.address)}",
                command,
                Severity.NOTICE if v6 else None,
            )
        case EndingKind.LOCAL:
            yield _local(attempt, step, ending)
        case EndingKind.CANCELLED:
            return
        case _:
            yield found(
                RESET,
                where,
                f"{where.name} ended the connection while it was made ({show(ending.detail)})",
                listen,
                command,
                grave_unless_others(delivery, attempt),
            )


def _local(attempt: Attempt, step: Step, ending: Ending) -> Finding:
    where = at_attempt(attempt, step)
    return found(
        LOCAL,
        where,
        f"our own side failed at {where.name}: {show(ending.detail)}",
        "look at your own machine first: addresses, file descriptors (ulimit -n), local firewall",
        nc(attempt.address, attempt.port),
    )


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
        yield _local(attempt, step, ending)
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
