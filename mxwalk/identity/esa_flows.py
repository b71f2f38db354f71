"""The two identity flows of the Cisco ESA, as the whole matrix of comparisons with its order.

Flow A, "Verify": every DNS-ID against the recipient domain; then the CN against the recipient domain
and against each forward-confirmed PTR name of the connected address.  Flow B, "Verify Hosted
Domains": the DNS-IDs (the CN only when there is none) against the recipient domain and the SMTP
routes or MX host.  Both stop at the first match.  Source: the ESA's TLS verification document.
"""

from collections.abc import Iterator
from functools import partial
from typing import assert_never

from mxwalk.evidence.connection import IdentityGathered
from mxwalk.identity.matrix import Plan, evaluate
from mxwalk.identity.model import (
    IdentityResult,
    PresentedId,
    PresentedKind,
    ReferenceId,
    ReferenceKind,
)
from mxwalk.identity.patterns import quoted
from mxwalk.identity.references import connected_to, references
from mxwalk.language import say

VERIFY = "Verify"
VERIFY_HOSTED = "Verify Hosted Domains"

_Pair = tuple[PresentedId, ReferenceId]


def verify(
    presented: tuple[PresentedId, ...], gathered: IdentityGathered, address: str = ""
) -> IdentityResult:
    """Evaluate flow A (settings 4 and 5): SAN and CN, recipient domain and PTR, never MX."""
    candidates = references(gathered, address)
    return evaluate(
        Plan(
            flow=VERIFY,
            presented=presented,
            references=candidates,
            order=_verify_order(presented, candidates),
            why_not=_verify_why_not,
            note=_verify_note(presented, candidates),
        )
    )


def _verify_order(
    presented: tuple[PresentedId, ...], candidates: tuple[ReferenceId, ...]
) -> Iterator[_Pair]:
    domain = [ref for ref in candidates if ref.kind is ReferenceKind.RECIPIENT_DOMAIN]
    confirmed = [ref for ref in candidates if ref.kind is ReferenceKind.PTR_HOST and ref.usable]
    yield from ((p, ref) for p in presented if p.kind is PresentedKind.DNS_ID for ref in domain)
    cn_ids = [p for p in presented if p.kind is PresentedKind.CN_ID]
    yield from ((p, ref) for p in cn_ids for ref in (*domain, *confirmed))


def _verify_note(presented: tuple[PresentedId, ...], candidates: tuple[ReferenceId, ...]) -> str:
    ptr = [ref for ref in candidates if ref.kind is ReferenceKind.PTR_HOST]
    if ptr and not any(p.kind is PresentedKind.CN_ID for p in presented):
        return say("there is no CN to compare with the PTR host")
    unconfirmed = next((ref for ref in ptr if not ref.usable), None)
    if unconfirmed is not None:
        return say(
            "the PTR host {unconfirmed} is not forward-confirmed and does not count",
            unconfirmed=quoted(unconfirmed.text),
        )
    return ""


def _verify_why_not(presented: PresentedId, reference: ReferenceId) -> str:
    match reference.kind:
        case ReferenceKind.SMTP_ROUTE:
            return say("no SMTP route in this flow: a route is never a reference identifier here")
        case ReferenceKind.MX_HOST:
            return say("no MX in this flow: an MX host is never a reference identifier here")
        case ReferenceKind.PTR_HOST if presented.kind is PresentedKind.DNS_ID:
            return say("PTR names are compared with the CN only")
        case ReferenceKind.PTR_HOST if not reference.usable:
            return say(
                "PTR is not forward-confirmed: the addresses of {reference} do not"
                " include the connected one",
                reference=quoted(reference.text),
            )
        case ReferenceKind.PTR_HOST | ReferenceKind.RECIPIENT_DOMAIN:
            return ""
    assert_never(reference.kind)


def verify_hosted(
    presented: tuple[PresentedId, ...], gathered: IdentityGathered, address: str = ""
) -> IdentityResult:
    """Evaluate flow B (setting 6): SAN, or the CN without one; routes or MX, never PTR."""
    candidates = references(gathered, address)
    has_dns_id = any(p.kind is PresentedKind.DNS_ID for p in presented)
    names = [p for p in presented if p.kind is PresentedKind.DNS_ID or not has_dns_id]
    accepted = [ref for ref in candidates if _hosted_accepts(ref, gathered)]
    return evaluate(
        Plan(
            flow=VERIFY_HOSTED,
            presented=presented,
            references=candidates,
            order=((p, ref) for ref in accepted for p in names),
            why_not=partial(_hosted_why_not, gathered=gathered, has_dns_id=has_dns_id),
        )
    )


def _hosted_accepts(reference: ReferenceId, gathered: IdentityGathered) -> bool:
    match reference.kind:
        case ReferenceKind.RECIPIENT_DOMAIN:
            return True
        case ReferenceKind.SMTP_ROUTE:
            return gathered.any_fqdn_route
        case ReferenceKind.MX_HOST if gathered.any_fqdn_route:
            return False
        case ReferenceKind.MX_HOST:
            # Without a host connected to, the connection follows a route given as an address.
            return not gathered.mx_host or connected_to(reference, gathered)
        case ReferenceKind.PTR_HOST:
            return False
    assert_never(reference.kind)


def _hosted_why_not(
    presented: PresentedId, reference: ReferenceId, gathered: IdentityGathered, *, has_dns_id: bool
) -> str:
    if reference.kind is ReferenceKind.PTR_HOST:
        return say("no PTR in this flow: PTR names are never examined")
    if reference.kind is ReferenceKind.MX_HOST and gathered.any_fqdn_route:
        return say("no MX in this flow: an FQDN SMTP route replaces the MX host names")
    if reference.kind is ReferenceKind.MX_HOST and not _hosted_accepts(reference, gathered):
        return say("not the MX host connected to")
    if reference.kind is ReferenceKind.SMTP_ROUTE and not gathered.any_fqdn_route:
        return say("the domain has no FQDN SMTP route")
    if presented.kind is PresentedKind.CN_ID and has_dns_id:
        return say("CN is ignored: a dNSName is present")
    return ""
