"""The way back from an address to a name: PTR records and their forward confirmation.

RFC 1912 2.1.  Receiving mail needs none of it; the ESA's settings 4 and 5 compare the certificate's CN
with PTR names that lead back to the connected address.
"""

from collections.abc import Iterator

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.told import no_answer_words
from mxwalk.findings.commands import dig
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.raising import (
    VALUE_CHARS,
    Where,
    at_attempt,
    current,
    entry,
    found,
    resolver_of,
    server_name,
    show,
)
from mxwalk.findings.rules.addresses import FAILED
from mxwalk.findings.rules.resolver import extended
from mxwalk.language import say

_DNS = Owner.RECEIVER_DNS
NO_PTR = entry("ROUTE029", Severity.NOTICE, _DNS, "an address without PTR record", "RFC 1912 2.1")
PTR_UNCONFIRMED = entry(
    "ROUTE030", Severity.NOTICE, _DNS, "a PTR name that does not lead back", "RFC 1912 2.1"
)
PTR_FAILED = entry("ROUTE031", Severity.NOTICE, _DNS, "a PTR lookup fails", "RFC 1912 2.1")

ENTRIES = (NO_PTR, PTR_UNCONFIRMED, PTR_FAILED)


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the reverse look-ups show, once for each address."""
    seen: set[str] = set()
    for attempt in current(delivery):
        if attempt.address not in seen:
            seen.add(attempt.address)
            yield from _reverse(delivery, attempt)


def _ptr_target(attempt: Attempt) -> str:
    """Return the name to point at; a host given by its address has none that is known."""
    return f"{server_name(attempt.host.name)}."


def _forward_failed(
    answer: DnsAnswer, where: Where, name: str, address: str, server: str
) -> Finding:
    return found(
        PTR_FAILED,
        where,
        say(
            "{address} points back to {name}, and whether that name leads back is not known: {error}",
            address=address,
            name=name,
            error=no_answer_words(answer.error or answer.rcode or answer.status.value, VALUE_CHARS),
        ),
        say("the name servers of {name} must answer; then walk again", name=name),
        dig(name, answer.rtype, server),
    )


def _reverse(delivery: Delivery, attempt: Attempt) -> Iterator[Finding]:
    ptr = attempt.ptr
    if ptr is None:
        return
    where, answer = at_attempt(attempt, attempt.ptr_step), ptr.answer
    address, server = show(ptr.address), resolver_of(delivery, answer)
    command = dig(ptr.address, "PTR", server)
    if answer.status in (DnsStatus.NXDOMAIN, DnsStatus.NODATA):
        yield found(
            NO_PTR,
            where,
            say(
                "{address} has no PTR record: no PTR name can verify its certificate",
                address=address,
            ),
            f"{show(answer.qname)}. IN PTR {_ptr_target(attempt)}",
            command,
        )
    elif answer.status in FAILED or answer.status is DnsStatus.LOOP:
        yield found(
            PTR_FAILED,
            where,
            say(
                "the PTR question for {address} failed: {error}{extended}",
                address=address,
                error=no_answer_words(
                    answer.error or answer.rcode or answer.status.value, VALUE_CHARS
                ),
                extended=extended(answer),
            ),
            say(
                "the holder of the address block must delegate the reverse zone to name"
                " servers that answer"
            ),
            command,
        )
    for name in ptr.names:
        if name.confirmed:
            continue
        addresses = [r for a in name.answers for r in a.records()][:4]
        failed = next((a for a in name.answers if a.status in FAILED), None)
        if failed is not None and not addresses:
            yield _forward_failed(failed, where, show(name.name), address, server)
            continue
        has = (
            say("has {a}", a=", ".join(show(a, 60) for a in addresses))
            if addresses
            else say("has no address")
        )
        yield found(
            PTR_UNCONFIRMED,
            where,
            say(
                "{address} points back to {name}, but that name {has}: the PTR name does not count",
                address=address,
                name=show(name.name),
                has=has,
            ),
            f"{show(name.name).rstrip('.')}. IN {'AAAA' if ':' in ptr.address else 'A'} {address}",
            dig(name.name, "AAAA" if ":" in ptr.address else "A", server),
        )
