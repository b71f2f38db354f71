"""The names in MX records: what stands there in place of a host name, and internationalized ones."""

from collections.abc import Iterator

from mxwalk.delivery.model import Delivery
from mxwalk.delivery.route import HostOrigin
from mxwalk.dns.names import MxRecord
from mxwalk.findings.commands import dig
from mxwalk.findings.model import Finding, Severity
from mxwalk.findings.raising import (
    Where,
    at_step,
    found,
    show,
)
from mxwalk.findings.rules.routing_codes import (
    IDN,
    MX_LITERAL,
    MX_NOT_A_HOST,
)
from mxwalk.language import say
from mxwalk.names import InvalidNameError, is_address, parse_name


def target(
    record: MxRecord, zone: str, where: Where, command: str, *, alone: bool
) -> Iterator[Finding]:
    """Yield what is wrong with the host an MX record names; ``alone`` where no record names a host."""
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


def internationalized(delivery: Delivery) -> Iterator[Finding]:
    """Yield the names of the target and of its hosts that are written otherwise in DNS (RFC 5891)."""
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
