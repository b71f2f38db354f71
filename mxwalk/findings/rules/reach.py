"""Which of the delivery hosts' addresses serve mail: one family fails, the first host is dead.

RFC 5321 5.1 and 5.2.  What nothing in the walk bears out is not laid at the receiver's door.
"""

from collections.abc import Iterator

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.model import Delivery, Host
from mxwalk.delivery.route import HostOrigin
from mxwalk.evidence.wire import EndingKind
from mxwalk.findings.commands import dig, nc
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.raising import (
    at_attempt,
    current_of,
    domain_shown,
    entry,
    family_answers,
    found,
    greeted,
    show,
)
from mxwalk.language import say

IPV6_BROKEN = entry(
    "ROUTE027", Severity.WARNING, Owner.RECEIVER, "IPv6 fails where IPv4 works", "RFC 5321 5.2"
)
FIRST_DEAD = entry(
    "ROUTE028", Severity.WARNING, Owner.RECEIVER, "the preferred host is dead", "RFC 5321 5.1"
)

ENTRIES = (IPV6_BROKEN, FIRST_DEAD)


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the connections to several addresses show side by side."""
    for host in delivery.hosts:
        yield from _families(delivery, host)
    yield from _first_dead(delivery)


def _families(delivery: Delivery, host: Host) -> Iterator[Finding]:
    works = {a.address: greeted(a) for a in current_of(host) if a.connected is not None}
    if not any(ok for address, ok in works.items() if ":" not in address):
        return
    for address in [a for a, ok in works.items() if ":" in a and not ok]:
        attempt = host.latest(address)
        if attempt is None or attempt.throttled or not attempt.dead or _cut_by_us(attempt):
            continue
        ending = attempt.connected.ending if attempt.connected else None
        # Without a route the fault may be on our own side: CONN004 says it, and nobody is blamed.
        if ending is not None and ending.kind is EndingKind.UNREACHABLE:
            continue
        timed_out = ending is not None and ending.kind is EndingKind.TIMEOUT
        name, where = show(host.planned.display), at_attempt(attempt, attempt.steps[-1])
        if timed_out and not family_answers(delivery, address):
            yield found(
                IPV6_BROKEN,
                where,
                say(
                    "{name} does not answer over IPv6 ({address}) while IPv4 works:"
                    " inconclusive, for nothing in this walk answered over IPv6",
                    name=name,
                    address=show(address),
                ),
                say(
                    "walk again from a network with working IPv6; only if it fails there too,"
                    " the receiver must act"
                ),
                nc(address, attempt.port),
                Severity.NOTICE,
                Owner.NOBODY,
            )
            continue
        yield found(
            IPV6_BROKEN,
            where,
            say(
                "{name} does not serve mail over IPv6 ({address}) while IPv4 works: senders"
                " that prefer IPv6 wait before they fall back",
                name=name,
                address=show(address),
            ),
            say(
                "let the mail server listen on [{address}]:{port} and open the firewall, or"
                " remove {host}. IN AAAA {address}",
                address=show(address),
                port=attempt.port,
                host=show(host.planned.name),
            ),
            nc(address, attempt.port),
        )


def _cut_by_us(attempt: Attempt) -> bool:
    """Say whether a limit of ours ended the connection: the server answers all the same."""
    endings = (getattr(step.evidence, "ending", None) for step in attempt.steps)
    return any(one is not None and one.kind is EndingKind.TOO_LONG for one in endings)


def _first_dead(delivery: Delivery) -> Iterator[Finding]:
    if len(delivery.hosts) < 2:
        return
    first = delivery.hosts[0]
    tried = [a for a in current_of(first) if a.connected is not None]
    if not tried or any(greeted(a) or a.throttled or _cut_by_us(a) for a in tried):
        return
    if not all(a.dead for a in tried):
        return
    good = [h for h in delivery.hosts[1:] if any(greeted(a) for a in current_of(h))]
    if good:
        yield found(
            FIRST_DEAD,
            at_attempt(tried[-1], tried[-1].steps[-1] if tried[-1].steps else None),
            say(
                "{first}, the first delivery host, does not answer; {good} does: every"
                " message tries the dead one first",
                first=show(first.planned.display),
                good=show(good[0].planned.display),
            ),
            say(
                "start the mail server on {first}, or change the priorities of the routes",
                first=show(first.planned.display),
            )
            if first.planned.origin is HostOrigin.ROUTE
            else say(
                "start the mail server on {first}, or give it the highest preference number in the MX"
                " records of {domain}",
                first=show(first.planned.display),
                domain=domain_shown(delivery),
            ),
            dig(delivery.domain, "MX") if delivery.domain else "",
        )
