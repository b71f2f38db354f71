"""Where the mail goes: the MX records of the recipient domain and what is wrong with them.

RFC 5321 5.1 (MX, implicit MX), RFC 7505 (null MX), RFC 2181 10.3 (no alias as MX target).  The
addresses behind the names are judged in ``addresses``.
"""

from collections.abc import Iterator

from mxwalk.delivery.model import Delivery
from mxwalk.dns.names import parse_mx
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.told import no_answer_words
from mxwalk.findings.commands import dig
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.raising import (
    VALUE_CHARS,
    Where,
    at_step,
    domain_shown,
    found,
    resolver_of,
    show,
)
from mxwalk.findings.rules.resolver import extended, server_of
from mxwalk.findings.rules.routing_codes import (
    ENTRIES,
    IMPLICIT,
    MANY_HOSTS,
    MX_FAILED,
    MX_FOUND,
    MX_LOOP,
    MX_TWICE,
    MX_UNANSWERED,
    NO_DOMAIN,
    NULL_MX,
    NULL_MX_MIXED,
)
from mxwalk.findings.rules.routing_names import internationalized, target
from mxwalk.language import say, say_many
from mxwalk.limits import MX_HOSTS
from mxwalk.names import is_address

MANY_MX_HOSTS = 10

__all__ = ["ENTRIES", "check"]


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the recipient domain's MX answer shows."""
    yield from internationalized(delivery)
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
                    error=no_answer_words(
                        answer.error or answer.rcode or answer.status.value, VALUE_CHARS
                    ),
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
        yield from target(record, zone, where, command, alone=alone)
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
