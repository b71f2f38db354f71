"""Whether the certificate names what the sender looks for, in the two identity flows of the ESA.

RFC 6125, RFC 9525.  The flows are evaluated by ``mxwalk.identity``; here their outcome gets codes, and
each failure the names that would have to be in the certificate.
"""

from collections.abc import Iterator

from mxwalk.delivery.model import Delivery
from mxwalk.findings.identity_case import IdentityCase, cases
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.raising import entry, found, show
from mxwalk.identity.model import PresentedKind, ReferenceKind
from mxwalk.language import say

_R = Owner.RECEIVER
NO_MATCH_VERIFY = entry(
    "IDENT001", Severity.ERROR, _R, "no name matches under Verify", "RFC 6125 6.4"
)
NO_MATCH_HOSTED = entry(
    "IDENT002", Severity.ERROR, _R, "no name matches under Verify Hosted Domains", "RFC 6125 6.4"
)
BY_CN = entry("IDENT003", Severity.WARNING, _R, "verified by the CN only", "RFC 9525 2")
BY_PTR = entry("IDENT004", Severity.WARNING, _R, "verified by the PTR name only", "RFC 6125 6.2.1")
FIVE_NOT_SIX = entry("IDENT010", Severity.NOTICE, _R, "5 delivers, 6 does not", "RFC 6125 6.2")
SIX_NOT_FIVE = entry("IDENT011", Severity.NOTICE, _R, "6 delivers, 5 does not", "RFC 6125 6.2")
MATCHES = entry(
    "IDENT012", Severity.OK, Owner.NOBODY, "the names match in every flow", "RFC 6125 6.4"
)

ENTRIES = (NO_MATCH_VERIFY, NO_MATCH_HOSTED, BY_CN, BY_PTR, FIVE_NOT_SIX, SIX_NOT_FIVE, MATCHES)


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the comparison of names shows for each connection with TLS."""
    for case in cases(delivery):
        yield from _flows(case)


def _flows(case: IdentityCase) -> Iterator[Finding]:
    if not case.gathered.recipient_domain:
        return  # an address as target: there is no name to look for
    five, six = case.verify, case.hosted
    # One flow that verifies is a way for the mail: the other's failure is no error then.
    severity = Severity.WARNING if five.verified or six.verified else None
    if not five.verified:
        yield found(
            NO_MATCH_VERIFY,
            case.where,
            say(
                "under Verify (ESA settings 4 and 5) the identity of {where} fails: {summary}",
                where=case.where.name,
                summary=show(five.summary, 400),
            ),
            case.san,
            case.command,
            severity,
        )
    if not six.verified:
        yield found(
            NO_MATCH_HOSTED,
            case.where,
            say(
                "under Verify Hosted Domains (ESA setting 6) the identity of {where} fails:"
                " {summary}",
                where=case.where.name,
                summary=show(six.summary, 400),
            ),
            case.san,
            case.command,
            severity,
        )
    yield from _weak_match(case)
    if (
        case.attempt.chain is not None
        and case.attempt.chain.errors
        and five.verified != six.verified
    ):
        return  # without a trusted chain neither setting delivers
    if five.verified and not six.verified:
        cell = five.deciding
        by = (
            f"{cell.presented.kind.value} {show(cell.presented.text, 80)}"
            if cell
            else say("a name")
        )
        against = (
            say(
                "the {kind} {reference}",
                kind=cell.reference.kind.value,
                reference=show(cell.reference.text, 80),
            )
            if cell
            else say("it")
        )
        yield found(
            FIVE_NOT_SIX,
            case.where,
            say(
                "ESA setting 5 delivers to {where} ({by} against {against}), setting 6 does"
                " not: it knows neither PTR names nor a CN beside dNSNames",
                where=case.where.name,
                by=by,
                against=against,
            ),
            case.san,
            case.command,
        )
    elif six.verified and not five.verified:
        cell = six.deciding
        ref = (
            f"{cell.reference.kind.value} {show(cell.reference.text, 80)}"
            if cell
            else say("a name")
        )
        yield found(
            SIX_NOT_FIVE,
            case.where,
            say(
                "ESA setting 6 delivers to {where} (by the {ref}), setting 5 does not: it"
                " knows neither MX hosts nor routes",
                where=case.where.name,
                ref=ref,
            ),
            say(
                "sender: destconfig, TLS Required - Verify Hosted Domains for"
                " {recipient_domain}; or receiver: {san}",
                recipient_domain=show(case.gathered.recipient_domain),
                san=case.san,
            ),
            case.command,
        )
    elif five.verified and six.verified:
        yield found(
            MATCHES,
            case.where,
            f"{case.where.name}: {show(five.summary, 300)}",
            say("nothing to do"),
            case.command,
        )


def _weak_match(case: IdentityCase) -> Iterator[Finding]:
    cell = case.verify.deciding
    if cell is None or cell.presented.kind is not PresentedKind.CN_ID:
        return
    if cell.reference.kind is ReferenceKind.PTR_HOST:
        yield found(
            BY_PTR,
            case.where,
            say(
                "{where} is verified only because its CN {presented} matches the PTR name"
                " {reference}: fragile, reverse DNS can be forged",
                where=case.where.name,
                presented=show(cell.presented.text, 80),
                reference=show(cell.reference.text, 80),
            ),
            case.san,
            case.command,
        )
    else:
        yield found(
            BY_CN,
            case.where,
            say(
                "{where} is verified only by its CN {presented}: modern senders ignore the CN",
                where=case.where.name,
                presented=show(cell.presented.text, 80),
            ),
            case.san,
            case.command,
        )
