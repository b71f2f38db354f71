"""The resolver on our own side: does it answer at all, and does it pass what DNSSEC needs?

Everything here is the sender's business (owner ``you``): a dead or filtering resolver must be said
before the receiver is blamed for anything that was looked up (RFC 4035 3, RFC 6840 5).  It has no
part in what a connection showed.
"""

from collections.abc import Iterator

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.findings.commands import dig
from mxwalk.findings.decided import connected
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.raising import (
    at_step,
    entry,
    found,
    resolver_of,
    show,
)
from mxwalk.language import say

NOT_ANSWERING = entry(
    "DNS001",
    Severity.ERROR,
    Owner.YOU,
    "the resolver does not answer",
    "RFC 1035 4.2",
)
FAILS = entry(
    "DNS002",
    Severity.ERROR,
    Owner.YOU,
    "the resolver fails on the root zone",
    "RFC 1035 4.1.1",
)
NO_SIGNATURES = entry(
    "DNS003",
    Severity.WARNING,
    Owner.YOU,
    "the resolver withholds DNSSEC records",
    "RFC 4035 3.2.1",
)
NOT_VALIDATING = entry(
    "DNS004",
    Severity.NOTICE,
    Owner.YOU,
    "the resolver does not validate",
    "RFC 4035 3.2.3",
)
VALIDATING = entry(
    "DNS005", Severity.OK, Owner.NOBODY, "the resolver validates DNSSEC", "RFC 4035 3.2.3"
)

ENTRIES = (NOT_ANSWERING, FAILS, NO_SIGNATURES, NOT_VALIDATING, VALIDATING)


def extended(answer: DnsAnswer) -> str:
    """Return the Extended DNS Errors of an answer in words (RFC 8914), or empty."""
    errors = [
        f"EDE {error.code}" + (f" {show(error.text, 120)}" if error.text else "")
        for error in answer.extended_errors[:5]
    ]
    return f" ({'; '.join(errors)})" if errors else ""


def _how(answer: DnsAnswer) -> str:
    """RFC 6891 6.1.1: an answer without OPT to a question with one is from a server without EDNS."""
    if answer.wire and not answer.edns_payload:
        return say("ignores EDNS and the DO bit")
    return say("removes DNSSEC records")


def server_of(answer: DnsAnswer) -> str:
    """Return the resolver's address for a sentence."""
    return show(answer.server) if answer.server else say("the configured resolver")


def _besides(sentence: str, *, aside: bool) -> str:
    if not aside:
        return sentence
    return say(
        "{fault}; what the connections showed stands, DANE, policies and PTR names cannot be judged",
        fault=sentence,
    )


def passes_dnssec(delivery: Delivery) -> bool:
    """Say whether the resolver check found nothing that explains missing DNSSEC records."""
    checked = delivery.resolver
    return checked is None or (
        checked.answer.status is DnsStatus.OK and bool(checked.answer.records("RRSIG"))
    )


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the resolver check shows."""
    checked = delivery.resolver
    if checked is None:
        return
    answer = checked.answer
    where = at_step(delivery.resolver_step)
    command = dig(".", "DNSKEY", resolver_of(delivery, answer), dnssec=True)
    who = server_of(answer)
    aside = connected(delivery)
    level = Severity.WARNING if aside else None
    match answer.status:
        case DnsStatus.CANCELLED:
            return
        case DnsStatus.TIMEOUT | DnsStatus.UNREACHABLE:
            yield found(
                NOT_ANSWERING,
                where,
                _besides(
                    say(
                        "{who} did not answer the question for the root's keys ({status} after"
                        " {elapsed_s:.1f} s): every look-up will fail",
                        who=who,
                        status=answer.status.value,
                        elapsed_s=answer.elapsed_s,
                    ),
                    aside=aside,
                ),
                say(
                    "name a resolver that answers: --resolver ADDRESS[:PORT], or mend"
                    " /etc/resolv.conf"
                ),
                command,
                level,
            )
            return
        case DnsStatus.OK:
            pass
        case _:
            yield found(
                FAILS,
                where,
                _besides(
                    say(
                        "{who} answered {rcode} to the question for the root's keys{extended}",
                        who=who,
                        rcode=show(answer.rcode or answer.status.value),
                        extended=extended(answer),
                    ),
                    aside=aside,
                ),
                say("use a resolver that resolves the root zone: --resolver ADDRESS[:PORT]"),
                command,
                level,
            )
            return
    if not answer.records("RRSIG"):
        yield found(
            NO_SIGNATURES,
            where,
            say(
                "{who} returned the root's keys without their RRSIG: it {how}, so nothing"
                " signed can be checked through it, and no DANE sender can use it",
                who=who,
                how=_how(answer),
            ),
            say(
                "use a resolver that passes DNSSEC records (unbound, BIND, Knot Resolver on"
                " 127.0.0.1)"
            ),
            command,
        )
    if not answer.authentic:
        yield found(
            NOT_VALIDATING,
            where,
            say(
                "{who} returned the root's keys without the AD bit: it does not validate;"
                " mxwalk does so itself, a mail system behind this resolver would not",
                who=who,
            ),
            say(
                'unbound: module-config: "validator iterator" and auto-trust-anchor-file;'
                " BIND: dnssec-validation auto;"
            ),
            command,
        )
    elif answer.records("RRSIG"):
        yield found(
            VALIDATING,
            where,
            say(
                "{who} answers, passes DNSSEC records and validates (AD) in {elapsed_s:.0f} ms",
                who=who,
                elapsed_s=answer.elapsed_s * 1000,
            ),
            say("nothing to do"),
            command,
        )
