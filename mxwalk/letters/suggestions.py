"""Where a letter could go: addresses that standards promise, and those that records name.

None is certain to be read; the sender of the letter chooses.  RFC 2142 names the usual mailboxes, RFC
5321 4.5.1 the one that every domain with mail has, an SOA record that of its zone's keeper, and the
records of TLS-RPT and DMARC where reports go.
"""

import ipaddress
from collections.abc import Iterator

from mxwalk.delivery.model import Delivery
from mxwalk.dns.txt import txt_records
from mxwalk.evidence.dns import DnsAnswer
from mxwalk.findings.model import Finding
from mxwalk.identity.suffixes import organizational_domain
from mxwalk.letters.mailboxes import from_mailto, from_rname, mailbox
from mxwalk.letters.model import Party, Source, Suggestion
from mxwalk.letters.topics import SECURITY, topic
from mxwalk.letters.zones import authorities
from mxwalk.limits import LETTER_ADDRESSES
from mxwalk.tlsrpt.record import read_records

_ABOUT_TLS = ("CERT", "REVO", "IDENT", "STLS", "TLS", "DANE", "STS", "RPT", "EHLO")
_REVERSE = ".arpa"


def suggestions(
    delivery: Delivery,
    party: Party,
    findings: tuple[Finding, ...],
    more: tuple[DnsAnswer, ...] = (),
) -> tuple[Suggestion, ...]:
    """Return the addresses, the likeliest first, each once; ``more`` are answers asked for besides."""
    found: dict[str, Suggestion] = {}
    for one in _suggestions(delivery, party, findings, more):
        if one.mailbox:
            found.setdefault(one.mailbox.lower(), one)
    return tuple(found.values())[:LETTER_ADDRESSES]


def _suggestions(
    delivery: Delivery, party: Party, findings: tuple[Finding, ...], more: tuple[DnsAnswer, ...]
) -> Iterator[Suggestion]:
    match party.key:
        case "receiver":
            yield from _receiver(delivery, party, findings)
        case "dns" | "domain-dns":
            yield from _zone(delivery, party.name, more)
        case "ca":
            return  # an authority's address stands in its practice statement, in no record
        case "forwarder":
            above = organizational_domain(party.name)
            yield _at("postmaster", party.name, Source.HOST_POSTMASTER)
            yield _at("postmaster", above, Source.POSTMASTER)
        case _:
            yield _at("postmaster", party.name, Source.POSTMASTER)
            yield from _dmarc(delivery, party.name)


def _receiver(
    delivery: Delivery, party: Party, findings: tuple[Finding, ...]
) -> Iterator[Suggestion]:
    if not _is_address(party.name):
        yield _at("postmaster", party.name, Source.POSTMASTER)
    for finding in findings:
        if finding.host and not _is_address(finding.host):
            above = organizational_domain(finding.host.lower())
            if above != organizational_domain(party.name):
                yield _at("postmaster", above, Source.HOST_POSTMASTER)
    if any(topic(finding.code) in SECURITY for finding in findings):
        yield _at("security", party.name, Source.SECURITY)
    if any(finding.code.startswith(_ABOUT_TLS) for finding in findings):
        yield from _tls_rpt(delivery)


def _zone(delivery: Delivery, zone: str, more: tuple[DnsAnswer, ...]) -> Iterator[Suggestion]:
    rname = authorities(delivery.trace, more).get(zone, "")
    if rname:
        yield Suggestion(mailbox=from_rname(rname), source=Source.SOA, at=zone)
    if not zone.endswith(_REVERSE):
        yield _at("hostmaster", zone, Source.HOSTMASTER)
        yield _at("postmaster", zone, Source.POSTMASTER)


def _tls_rpt(delivery: Delivery) -> Iterator[Suggestion]:
    looked = delivery.policy_records
    if looked is None:
        return
    read = read_records([b"".join(strings) for strings in txt_records(looked.tls_rpt)])
    for destination in read.record.destinations if read.record else ():
        if destination.usable and destination.scheme == "mailto":
            found = from_mailto(destination.uri)
            yield Suggestion(mailbox=found, source=Source.TLS_RPT, at=delivery.domain)


def _dmarc(delivery: Delivery, domain: str) -> Iterator[Suggestion]:
    """Yield the addresses of the aggregate reports of a domain's own record."""
    found = delivery.discovery(domain)
    for query in found.queries if found is not None else ():
        record = query.record
        if record is None or query.qname.lower() != f"_dmarc.{domain}":
            continue
        for uri in record.aggregate:
            if not uri.problem:
                yield Suggestion(mailbox=mailbox(uri.address), source=Source.DMARC, at=domain)


def _at(local: str, domain: str, source: Source) -> Suggestion:
    return Suggestion(mailbox=mailbox(f"{local}@{domain}"), source=source, at=domain)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True
