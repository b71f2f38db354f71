"""The delivery hosts' names and addresses: what they resolve to.

RFC 5321 5.1 and RFC 2181 10.3 (no alias), RFC 6890 (special-purpose addresses).  Documentation
addresses are taken for real ones, as the lab uses them.
"""

import ipaddress
from collections.abc import Iterator
from dataclasses import replace

from mxwalk.delivery.model import Delivery, Host
from mxwalk.delivery.route import HostOrigin
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.told import no_answer_words
from mxwalk.findings.commands import dig
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.raising import (
    VALUE_CHARS,
    Where,
    at_step,
    entry,
    found,
    resolver_of,
    show,
)
from mxwalk.findings.rules.resolver import extended
from mxwalk.language import noted, say
from mxwalk.limits import ADDRESSES_PER_HOST, ADDRESSES_PER_WALK

_DNS = Owner.RECEIVER_DNS
ALIAS = entry("ROUTE020", Severity.WARNING, _DNS, "an MX target is an alias", "RFC 2181 10.3")
NO_ADDRESS = entry(
    "ROUTE021", Severity.ERROR, _DNS, "a delivery host has no address", "RFC 5321 5.1"
)
LOOKUPFAILED = entry("ROUTE022", Severity.WARNING, _DNS, "an address lookup fails", "RFC 5321 5.1")
HOST_LOOP = entry(
    "ROUTE023", Severity.ERROR, _DNS, "a CNAME loop at an MX target", "RFC 1034 3.6.2"
)
SPECIAL = entry(
    "ROUTE024", Severity.ERROR, _DNS, "an MX host has an address for private use", "RFC 6890 2.2.2"
)
SHARED = entry(
    "ROUTE025", Severity.NOTICE, Owner.NOBODY, "delivery hosts share an address", "RFC 5321 5.1"
)
MERGED = entry(
    "ROUTE026", Severity.NOTICE, Owner.NOBODY, "routes lead to one address", "RFC 5321 5.1"
)
LEFT_OUT = entry(
    "ROUTE032", Severity.NOTICE, Owner.NOBODY, "addresses are left out", "RFC 5321 5.1"
)

ENTRIES = (
    ALIAS,
    NO_ADDRESS,
    LOOKUPFAILED,
    HOST_LOOP,
    SPECIAL,
    SHARED,
    MERGED,
    LEFT_OUT,
)

# RFC 6890 and its successors, without the documentation blocks: no mail host can be reached there
# from the Internet.
_SPECIAL = tuple(
    (ipaddress.ip_network(net), use)
    for net, use in (
        ("0.0.0.0/8", noted("this network")),
        ("10.0.0.0/8", noted("private use")),
        ("100.64.0.0/10", noted("shared address space")),
        ("127.0.0.0/8", noted("loopback")),
        ("169.254.0.0/16", noted("link local")),
        ("172.16.0.0/12", noted("private use")),
        ("192.0.0.0/24", noted("protocol assignments")),
        ("192.168.0.0/16", noted("private use")),
        ("198.18.0.0/15", noted("benchmarks")),
        ("224.0.0.0/3", noted("multicast or reserved")),
        ("::/128", noted("unspecified")),
        ("::1/128", noted("loopback")),
        ("::ffff:0:0/96", noted("IPv4-mapped")),
        ("fc00::/7", noted("unique local")),
        ("fe80::/10", noted("link local")),
        ("ff00::/8", noted("multicast")),
    )
)
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052 2.1
FAILED = (
    DnsStatus.SERVFAIL,
    DnsStatus.REFUSED,
    DnsStatus.OTHER_RCODE,
    DnsStatus.TIMEOUT,
    DnsStatus.UNREACHABLE,
    DnsStatus.MALFORMED,
)


def special_use(address: str) -> str:
    """Return what the special-purpose address is for; empty for one that can be reached."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    forms = (parsed, _carried(parsed) or parsed)
    return next((say(use) for net, use in _SPECIAL if any(one in net for one in forms)), "")


def _carried(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address at which packets to an IPv6 address come out, if there is one."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.sixtofour


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the look-ups of hosts and addresses show."""
    for host in delivery.hosts:
        yield from _lookup(delivery, host)
        yield from _special(host)
        yield from _left_out(host)
        for address, other in host.merged:
            yield found(
                MERGED,
                replace(at_step(host.address_step), host=host.planned.name, address=address),
                say(
                    "the route {host} leads to {address} like {other}: one connection serves"
                    " both, the certificate may match either name",
                    host=show(host.planned.display),
                    address=show(address),
                    other=show(other),
                ),
                say("nothing to do"),
            )
    yield from _shared(delivery)


def _lookup(delivery: Delivery, host: Host) -> Iterator[Finding]:
    lookup = host.lookup
    if lookup is None or not lookup.answers:
        return
    where = at_step(host.address_step)
    name, answers = show(host.planned.display), lookup.answers
    is_mx = host.planned.origin is HostOrigin.MX
    alias = next((a for a in answers if a.cname_hops and a.status is DnsStatus.OK), None)
    if is_mx and alias is not None:
        # RFC 2181 10.3, RFC 5321 5.1: the name in an MX record must have addresses itself
        yield found(
            ALIAS,
            where,
            say(
                "the MX target {name} is an alias (CNAME) of {cname_hops}",
                name=name,
                cname_hops=show(alias.cname_hops[-1]),
            ),
            say(
                "name the host itself: {domain}. IN MX {preference} {cname_hops}.",
                domain=delivery.domain,
                preference=host.planned.preference,
                cname_hops=show(alias.cname_hops[-1]).rstrip("."),
            ),
            dig(host.planned.name, alias.rtype, resolver_of(delivery, alias)),
        )
    others = any(h.addresses for h in delivery.hosts if h is not host)
    loops = [a for a in answers if a.status is DnsStatus.LOOP]
    failed = [a for a in answers if a.status in FAILED]
    if loops:
        yield found(
            HOST_LOOP,
            where,
            say(
                "the CNAME records of {name} lead back to themselves, it has no address", name=name
            ),
            say("replace the CNAME record at {host}. by an A record", host=show(host.planned.name)),
            dig(host.planned.name, loops[0].rtype, resolver_of(delivery, loops[0])),
            Severity.WARNING if others else None,
        )
    for answer in failed:
        yield _lookup_failed(delivery, host, answer, where)
    missing = all(a.status in (DnsStatus.NODATA, DnsStatus.NXDOMAIN) for a in answers)
    if missing and not host.addresses:
        yield _no_address(delivery, host, where, others=others)


def _lookup_failed(delivery: Delivery, host: Host, answer: DnsAnswer, where: Where) -> Finding:
    reason = no_answer_words(answer.error or answer.rcode or answer.status.value, VALUE_CHARS)
    return found(
        LOOKUPFAILED,
        where,
        say(
            "the {rtype} question for {host} failed: {reason}{extended}",
            rtype=answer.rtype,
            host=show(host.planned.display),
            reason=reason,
            extended=extended(answer),
        ),
        say(
            "the zone's name servers must answer for the host; compare with another resolver"
            " (--resolver ADDRESS[:PORT])"
        ),
        dig(host.planned.name, answer.rtype, resolver_of(delivery, answer), dnssec=True),
        None if host.addresses else Severity.ERROR,
    )


def _no_address(delivery: Delivery, host: Host, where: Where, *, others: bool) -> Finding:
    assert host.lookup is not None
    answers = host.lookup.answers
    types = say(" and ").join(answer.rtype for answer in answers)
    gone = answers[0].status is DnsStatus.NXDOMAIN
    what = say("does not exist (NXDOMAIN)") if gone else say("has no {types} record", types=types)
    return found(
        NO_ADDRESS,
        where,
        say("{host} {what}: nobody can connect to it", host=show(host.planned.display), what=what),
        say(
            "{host}. IN A <address of the mail host>, or remove the name from the MX records"
            " or the routes",
            host=show(host.planned.name),
        ),
        dig(host.planned.name, answers[0].rtype, resolver_of(delivery, answers[0])),
        Severity.WARNING if others else None,
    )


def _left_out(host: Host) -> Iterator[Finding]:
    if host.left_out:
        where = at_step(host.address_step)
        yield found(
            LEFT_OUT,
            replace(where, host=host.planned.name),
            say(
                "{host}: {left_out} of its addresses are not connected to; a walk takes"
                " {addresses_per_host} of a host and {addresses_per_walk} in all",
                host=show(host.planned.display),
                left_out=host.left_out,
                addresses_per_host=ADDRESSES_PER_HOST,
                addresses_per_walk=ADDRESSES_PER_WALK,
            ),
            say("walk to the host itself to see its addresses"),
            dig(host.planned.name, "A"),
        )


def _special(host: Host) -> Iterator[Finding]:
    if host.planned.origin not in (HostOrigin.MX, HostOrigin.IMPLICIT):
        return  # a route or a target inside one's own network is nothing to object to
    for address in host.addresses:
        use = special_use(address)
        if use:
            yield found(
                SPECIAL,
                at_step(host.address_step) if host.address_step else Where(host=host.planned.name),
                say(
                    "{host} has the address {address} ({use}): nobody outside reaches it, or"
                    " it loops back to the sender",
                    host=show(host.planned.display),
                    address=show(address),
                    use=use,
                ),
                f"{show(host.planned.name)}. IN A <public address of the mail host>",
                dig(host.planned.name, "AAAA" if ":" in address else "A"),
            )


def _shared(delivery: Delivery) -> Iterator[Finding]:
    owners: dict[str, list[Host]] = {}
    for host in delivery.hosts:
        if not host.merged:
            for address in host.addresses:
                owners.setdefault(address, []).append(host)
    for address, hosts in owners.items():
        if len(hosts) > 1:
            names = ", ".join(show(host.planned.display, 80) for host in hosts[:4])
            yield found(
                SHARED,
                at_step(hosts[1].address_step),
                say(
                    "{names} share the address {address}: as many MX hosts, one server",
                    names=names,
                    address=show(address),
                ),
                say(
                    "give each delivery host a machine of its own if the second is meant as a"
                    " reserve"
                ),
                dig(hosts[1].planned.name, "AAAA" if ":" in address else "A"),
            )
