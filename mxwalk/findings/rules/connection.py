"""The TCP connection: refused, silent, unreachable, ended while it was made.

RFC 5321 4.5.4.1 and 5.1.  A time-out says nothing about the receiver's TLS: it is inconclusive.  Where
no address at all answers, or none of its family, the sender's own side is the first suspect.
"""

from collections.abc import Iterator

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.connection import Connected
from mxwalk.evidence.step import Step
from mxwalk.evidence.told import how_it_ended
from mxwalk.evidence.wire import Ending, EndingKind
from mxwalk.findings.commands import nc
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.raising import (
    VALUE_CHARS,
    at_attempt,
    current,
    entry,
    family_answers,
    found,
    grave_unless_others,
    show,
)
from mxwalk.language import say

_THEY, _YOU = Owner.RECEIVER, Owner.YOU
REFUSED = entry("CONN001", Severity.ERROR, _THEY, "connection refused", "RFC 5321 4.5.4.1")
TIMEOUT = entry("CONN002", Severity.WARNING, _THEY, "no answer from an address", "RFC 5321 4.5.4.1")
ALL_TIMEOUT = entry(
    "CONN003", Severity.WARNING, _YOU, "no address answers: port 25 out?", "RFC 5321 4.5.4.1"
)
UNREACHABLE = entry("CONN004", Severity.WARNING, _YOU, "no route to an address", "RFC 5321 5.1")
RESET = entry("CONN005", Severity.ERROR, _THEY, "connection reset at the start", "RFC 5321 3.8")
LOCAL = entry("CONN013", Severity.ERROR, _YOU, "our own side failed", "RFC 5321 4.5.4.1")

ENTRIES = (
    REFUSED,
    TIMEOUT,
    ALL_TIMEOUT,
    UNREACHABLE,
    RESET,
    LOCAL,
)


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the attempts to connect show."""
    for attempt in current(delivery):
        for step in attempt.steps:
            match step.evidence:
                case Connected(ending=Ending() as ending):
                    yield from _connect(delivery, attempt, step, ending)
                case _:
                    pass


def _no_address_answers(delivery: Delivery) -> bool:
    endings = [a.connected.ending for a in current(delivery) if a.connected is not None]
    silent = (EndingKind.TIMEOUT, EndingKind.UNREACHABLE)
    return all(ending is not None and ending.kind in silent for ending in endings)


def _connect(delivery: Delivery, attempt: Attempt, step: Step, ending: Ending) -> Iterator[Finding]:
    where = at_attempt(attempt, step)
    command = nc(attempt.place, attempt.port)
    listen = say(
        "let the mail server listen on {where} and the firewall accept it", where=where.name
    )
    match ending.kind:
        case EndingKind.REFUSED:
            yield found(
                REFUSED,
                where,
                say(
                    "{where} refuses the connection: nothing listens there, or a firewall rejects",
                    where=where.name,
                ),
                listen,
                command,
                grave_unless_others(delivery, attempt),
            )
        case EndingKind.TIMEOUT if _no_address_answers(delivery):
            yield found(
                ALL_TIMEOUT,
                where,
                say(
                    "{where} did not answer within {after_s:.0f} s, like every address tried"
                    " so far: is TCP port {port} blocked on your way out?",
                    where=where.name,
                    after_s=ending.after_s,
                    port=attempt.port,
                ),
                say(
                    "see first whether your own side gets out: mxwalk self --egress; then check from"
                    " another network, and ask your provider for outgoing TCP {port}",
                    port=attempt.port,
                ),
                command,
            )
        case EndingKind.TIMEOUT if not family_answers(delivery, attempt.address):
            family = "IPv6" if ":" in attempt.address else "IPv4"
            yield found(
                TIMEOUT,
                where,
                say(
                    "{where} did not answer within {after_s:.0f} s, and nothing in this walk"
                    " answered over {family}: inconclusive, it may be your own network",
                    where=where.name,
                    after_s=ending.after_s,
                    family=family,
                ),
                say(
                    "see whether another host answers over {family} on TCP port {port}, and"
                    " walk again from another network; only if it fails there too, the"
                    " receiver must act",
                    family=family,
                    port=attempt.port,
                ),
                command,
                Severity.NOTICE,
                Owner.YOU,
            )
        case EndingKind.TIMEOUT:
            yield found(
                TIMEOUT,
                where,
                say(
                    "{where} did not answer within {after_s:.0f} s while another address"
                    " does: inconclusive about its TLS",
                    where=where.name,
                    after_s=ending.after_s,
                ),
                listen,
                command,
            )
        case EndingKind.UNREACHABLE:
            v6 = ":" in attempt.address
            yield found(
                UNREACHABLE,
                where,
                say(
                    "there is no route to {where} ({ending})",
                    where=where.name,
                    ending=how_it_ended(ending, VALUE_CHARS),
                )
                + (say(": your side may have no IPv6, or theirs is cut off") if v6 else ""),
                say(
                    "leave IPv6 out: --ipv4, or mend your IPv6 default route (ip -6 route);"
                    " if other hosts answer over IPv6, the receiver's network or AAAA record"
                    " is at fault"
                )
                if v6
                else say("check your route: ip route get {address}", address=show(attempt.address)),
                command,
                Severity.NOTICE if v6 else None,
            )
        case EndingKind.LOCAL:
            yield local_fault(attempt, step, ending)
        case EndingKind.CANCELLED:
            return
        case _:
            yield found(
                RESET,
                where,
                say(
                    "{where} ended the connection while it was made ({ending})",
                    where=where.name,
                    ending=how_it_ended(ending, VALUE_CHARS),
                ),
                listen,
                command,
                grave_unless_others(delivery, attempt),
            )


def local_fault(attempt: Attempt, step: Step, ending: Ending) -> Finding:
    """Return the finding on an ending that our own system brought about."""
    where = at_attempt(attempt, step)
    return found(
        LOCAL,
        where,
        say(
            "our own side failed at {where}: {ending}",
            where=where.name,
            ending=how_it_ended(ending, VALUE_CHARS),
        ),
        say(
            "look at your own machine first: addresses, file descriptors (ulimit -n), local"
            " firewall"
        ),
        nc(attempt.place, attempt.port),
    )
