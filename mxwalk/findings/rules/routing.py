"""Where the mail goes: the MX records of the recipient domain and what is wrong with them.

RFC 5321 5.1 (MX, implicit MX), RFC 7505 (null MX), RFC 2181 10.3 (no alias as MX target).  The
addresses behind the names are judged in ``addresses``.
"""

from collections.abc import Iterator

from mxwalk.delivery.model import Delivery, HostOrigin
from mxwalk.dns.names import MxRecord, parse_mx
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.findings.commands import dig
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.raising import (
    Where,
    at_step,
    domain_shown,
    entry,
    found,
    resolver_of,
    show,
)
from mxwalk.findings.rules.resolver import extended, server_of
from mxwalk.language import say, say_many
from mxwalk.limits import MX_HOSTS
from mxwalk.names import InvalidNameError, is_address, parse_name

MANY_MX_HOSTS = 10

_DNS = Owner.RECEIVER_DNS
NULL_MX = entry("ROUTE001", Severity.ERROR, _DNS, "the domain accepts no mail", "RFC 7505 3")
IMPLICIT = entry(
    "ROUTE002", Severity.NOTICE, _DNS, "no MX record: the domain itself is used", "RFC 5321 5.1"
)
NO_DOMAIN = entry("ROUTE003", Severity.ERROR, _DNS, "the domain does not exist", "RFC 1035 4.1.1")
MX_FAILED = entry("ROUTE004", Severity.ERROR, _DNS, "the MX lookup fails", "RFC 5321 5.1")
MX_UNANSWERED = entry(
    "ROUTE005", Severity.WARNING, Owner.YOU, "no usable answer to the MX question", "RFC 5321 5.1"
)
NULL_MX_MIXED = entry(
    "ROUTE006", Severity.WARNING, _DNS, "a null MX beside other MX records", "RFC 7505 3"
)
MX_LITERAL = entry(
    "ROUTE007", Severity.ERROR, _DNS, "an MX record names an address", "RFC 5321 5.1"
)
MX_NOT_A_HOST = entry(
    "ROUTE008", Severity.WARNING, _DNS, "an MX target is no host name", "RFC 5321 2.3.5"
)
MX_LOOP = entry("ROUTE009", Severity.ERROR, _DNS, "a CNAME loop", "RFC 1034 3.6.2")
MX_TWICE = entry("ROUTE010", Severity.NOTICE, _DNS, "an MX host appears twice", "RFC 5321 5.1")
MANY_HOSTS = entry("ROUTE011", Severity.NOTICE, _DNS, "many MX hosts", "RFC 5321 5.1")
IDN = entry(
    "ROUTE012",
    Severity.NOTICE,
    Owner.NOBODY,
    "an internationalized domain name",
    "RFC 5891 5.5",
)
MX_FOUND = entry("ROUTE013", Severity.OK, Owner.NOBODY, "MX hosts found", "RFC 5321 5.1")

ENTRIES = (
    NULL_MX,
    IMPLICIT,
    NO_DOMAIN,
    MX_FAILED,
    MX_UNANSWERED,
    NULL_MX_MIXED,
    MX_LITERAL,
    MX_NOT_A_HOST,
    MX_LOOP,
    MX_TWICE,
    MANY_HOSTS,
    IDN,
    MX_FOUND,
)


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the recipient domain's MX answer shows."""
    yield from _idn(delivery)
    if delivery.mx is None:
        return
    answer = delivery.mx.answer
    where = at_step(delivery.mx_step)
    command = dig(delivery.mx.domain, "MX", resolver_of(delivery, answer))
    if answer.status is DnsStatus.OK:
        yield from _records(delivery, where, command)
    else:
        yield from _no_records(delivery, where, command)


def _no_records(delivery: Delivery, where: Where, command: str) -> Iterator[Finding]:
    assert delivery.mx is not None
    answer, domain = delivery.mx.answer, domain_shown(delivery)
    match answer.status:
        case DnsStatus.NODATA:
            yield found(
                IMPLICIT,
                where,
                say(
                    "{domain} has no MX record: senders use its own A and AAAA records",
                    domain=domain,
                ),
                say(
                    "{zone}. IN MX 10 mail.{zone}. (or the null MX {zone}. IN MX 0 . if it takes no"
                    " mail)",
                    zone=delivery.mx.domain,
                ),
                command,
            )
        case DnsStatus.NXDOMAIN if delivery.resolver_denies_root:
            return  # DNS002 tells of the resolver; the domain is not to blame
        case DnsStatus.NXDOMAIN:
            yield found(
                NO_DOMAIN,
                where,
                say("{domain} does not exist in DNS (NXDOMAIN): mail to it bounces", domain=domain),
                say(
                    "check the spelling of the address; if it is right, the owner must"
                    " register or delegate the domain again"
                ),
                command,
            )
        case DnsStatus.SERVFAIL:
            yield found(
                MX_FAILED,
                where,
                say(
                    "the MX question for {domain} ends in SERVFAIL{extended}: senders queue"
                    " the mail and give up after days",
                    domain=domain,
                    extended=extended(answer),
                ),
                say(
                    "mend the zone: its name servers must answer and its DNSSEC signatures be valid"
                ),
                dig(delivery.mx.domain, "MX", resolver_of(delivery, answer), dnssec=True),
            )
        case DnsStatus.LOOP:
            yield found(
                MX_LOOP,
                where,
                say(
                    "the CNAME records of {domain} lead back to themselves: {hops}",
                    domain=domain,
                    hops=_hops(answer),
                ),
                say(
                    "remove the CNAME record at {domain}. and publish MX records there",
                    domain=delivery.mx.domain,
                ),
                command,
            )
        case DnsStatus.CANCELLED:
            return
        case _:
            yield found(
                MX_UNANSWERED,
                where,
                say(
                    "{server_of} gave no usable answer to the MX question for {domain}:"
                    " {error}{extended}",
                    server_of=server_of(answer),
                    domain=domain,
                    error=show(answer.error or answer.rcode or answer.status.value),
                    extended=extended(answer),
                ),
                say(
                    "ask again, or another resolver (--resolver ADDRESS[:PORT]), before you"
                    " blame the receiver"
                ),
                command,
            )


def _hops(answer: DnsAnswer) -> str:
    names = [show(name, 80) for name in answer.cname_hops[:6]]
    return " -> ".join(names) if names else show(answer.qname)


def _records(delivery: Delivery, where: Where, command: str) -> Iterator[Finding]:
    assert delivery.mx is not None
    domain, zone = domain_shown(delivery), delivery.mx.domain
    parsed = (parse_mx(record) for record in delivery.mx.answer.records("MX"))
    records = [record for record in parsed if record is not None]
    named = [record for record in records if record.host != "."]
    if len(named) < len(records):
        yield from _null_mx(delivery, where, command, len(named))
    for record in dict.fromkeys(named[:MX_HOSTS]):
        alone = all(is_address(other.host) for other in named)
        yield from _target(record, zone, where, command, alone=alone)
    exchanges = [record.host for record in named]
    for name in sorted({name for name in exchanges if exchanges.count(name) > 1}):
        yield found(
            MX_TWICE,
            where,
            say(
                "{name} appears {count} times among the MX records of {domain}",
                name=show(name),
                count=exchanges.count(name),
                domain=domain,
            ),
            say("keep one MX record for {name} in the zone {zone}.", name=show(name), zone=zone),
            command,
        )
    if len(set(exchanges)) > MANY_MX_HOSTS:
        yield found(
            MANY_HOSTS,
            where,
            say(
                "{domain} has {exchanges} MX hosts: senders try only the first few before"
                " they defer",
                domain=domain,
                exchanges=len(set(exchanges)),
            ),
            say("a few MX names with several addresses each serve the same purpose"),
            command,
        )
    usable = [name for name in dict.fromkeys(exchanges) if not is_address(name)]
    if usable:
        first = ", ".join(show(name, 80) for name in usable[:3])
        more = say(" and {usable} more", usable=len(usable) - 3) if len(usable) > 3 else ""
        yield found(
            MX_FOUND,
            where,
            say(
                "{domain} names {usable}: {first}{more}",
                domain=domain,
                usable=say_many("{n} MX host", "{n} MX hosts", len(usable)),
                first=first,
                more=more,
            ),
            say("nothing to do"),
            command,
        )


def _null_mx(delivery: Delivery, where: Where, command: str, others: int) -> Iterator[Finding]:
    assert delivery.mx is not None
    domain, zone = domain_shown(delivery), delivery.mx.domain
    if others:
        # RFC 7505 3: a domain with a null MX must have no other MX record
        yield found(
            NULL_MX_MIXED,
            where,
            say(
                "{domain} publishes the null MX '.' beside {others}: some senders bounce,"
                " some deliver",
                domain=domain,
                others=say_many("{n} other MX record", "{n} other MX records", others),
            ),
            say("remove the record {zone}. IN MX 0 .", zone=zone),
            command,
        )
        return
    yield found(
        NULL_MX,
        where,
        say(
            "{domain} publishes the null MX (MX 0 .): it accepts no mail, senders bounce at once",
            domain=domain,
        ),
        say("if {zone} is to receive mail: {zone}. IN MX 10 <your mail host>.", zone=zone),
        command,
        Severity.NOTICE if delivery.survey else None,  # no mail is to be delivered there
        Owner.NOBODY if delivery.survey else None,
    )


def _target(
    record: MxRecord, zone: str, where: Where, command: str, *, alone: bool
) -> Iterator[Finding]:
    name = record.host
    if is_address(name):
        # RFC 5321 5.1: the exchange is a domain name; an address there is a name that cannot exist
        yield found(
            MX_LITERAL,
            where,
            say(
                "the MX record {preference} {name} names an address; it must name a host",
                preference=record.preference,
                name=show(name),
            ),
            f"mail.{zone}. IN A {show(name)}; {zone}. IN MX {record.preference} mail.{zone}."
            if "." in name
            else f"mail.{zone}. IN AAAA {show(name)}; {zone}. IN MX"
            f" {record.preference} mail.{zone}.",
            command,
            None if alone else Severity.WARNING,
        )
        return
    problem = say("an underscore is not allowed in a host name") if "_" in name else ""
    try:
        parse_name(name)
    except InvalidNameError as error:
        problem = str(error)
    if problem:
        yield found(
            MX_NOT_A_HOST,
            where,
            say(
                "the MX target {name} is no host name: {problem}",
                name=show(name),
                problem=show(problem),
            ),
            say(
                "give the host a name of letters, digits and hyphens and name that in the MX record"
            ),
            command,
        )


def _idn(delivery: Delivery) -> Iterator[Finding]:
    domain = delivery.target.domain
    where = at_step(delivery.mx_step)
    names = [(domain.unicode, domain.ascii)] if domain else []
    names += [
        (host.planned.display, host.planned.name)
        for host in delivery.hosts
        if host.planned.origin is not HostOrigin.TARGET
    ]
    shown = {ascii_: text for text, ascii_ in names if text != ascii_ and "xn--" in ascii_}
    for ascii_form, text in shown.items():
        yield found(
            IDN,
            where,
            say(
                "{text} is {ascii_form} in DNS, in SNI and in certificates",
                text=show(text),
                ascii_form=show(ascii_form),
            ),
            say(
                "write {ascii_form} into configurations that know ASCII names only",
                ascii_form=show(ascii_form),
            ),
            dig(ascii_form, "MX") if domain and ascii_form == domain.ascii else "",
        )
