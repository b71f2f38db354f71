"""Denials of a resolver that denies the DNS root as well: not known, instead of not there.

Such a resolver (of a captive network, or cut off from the DNS) denies anything, so that its "no such
name" and "no such records" say nothing of anybody.  What it does answer counts.  Everything that
judges reads look-ups through here; what is shown of a message itself is what came.
"""

from msgspec import structs

from mxwalk.delivery.route import RouteKind, RoutePlan
from mxwalk.evidence.connection import PolicyFetched, RevocationChecked
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.fetch import NO_ADDRESS, NO_RESOLVER, Fetched
from mxwalk.evidence.lookups import (
    AddressesLookedUp,
    MxLookedUp,
    PtrLookedUp,
    ResolverChecked,
    TlsaLookedUp,
)
from mxwalk.evidence.mailauth import LOOKED_UP, DkimChecked
from mxwalk.evidence.policy import PolicyRecordsLookedUp
from mxwalk.evidence.revocation import RevocationOf
from mxwalk.evidence.step import Evidence
from mxwalk.language import noted, say
from mxwalk.text import visible

WHY = noted("the resolver denies the DNS root as well: what it denies cannot be believed")
DENIED = (DnsStatus.NXDOMAIN, DnsStatus.NODATA)
_RCODES = {DnsStatus.NXDOMAIN: "NXDOMAIN", DnsStatus.NODATA: "NOERROR"}


def denies_root(checked: ResolverChecked | None) -> bool:
    """Say whether the resolver says that the DNS root has no keys."""
    return checked is not None and checked.answer.status in DENIED


def believed_route(route: RoutePlan, domain: str) -> RoutePlan:
    """Return the route by such a resolver; where it rests on a denial, the look-up failed.

    Whether there are MX records is not known then: a sender may have other hosts than the domain
    itself (RFC 5321 5.1), and what a connection to that shows says nothing of the delivery.
    """
    shown = visible(domain, 300)
    if route.kind is RouteKind.NO_DOMAIN:
        problem = say(
            "our resolver says that {domain} does not exist, but it denies the"
            " DNS root as well: a sender asks its own",
            domain=shown,
        )
    elif route.kind is RouteKind.IMPLICIT:
        problem = say(
            "our resolver says that {domain} has no MX record, but it denies the"
            " DNS root as well: a sender asks its own",
            domain=shown,
        )
    else:
        return route
    return RoutePlan(kind=RouteKind.LOOKUP_FAILED, problem=problem)


def unsure(answer: DnsAnswer) -> DnsAnswer:
    """Return the answer; a denial as a look-up that failed on our side (``DnsAnswer.doubted``)."""
    if answer.status not in DENIED:
        return answer
    rcode = answer.rcode or _RCODES[answer.status]
    return structs.replace(answer, status=DnsStatus.OTHER_RCODE, rcode=rcode, error=say(WHY))


def _unsure_fetch(fetched: Fetched) -> Fetched:
    """Return the request; where no address of its host was found, our resolver does not tell them."""
    host, found, _ = fetched.problem.partition(NO_ADDRESS)
    if not found or fetched.status:
        return fetched
    return structs.replace(fetched, problem=f"{NO_RESOLVER}{host}: {say(WHY)}")


def _unsure_of(one: RevocationOf) -> RevocationOf:
    asked = tuple(
        structs.replace(each, fetch=_unsure_fetch(each.fetch)) if each.fetch else each
        for each in one.asked
    )
    return structs.replace(one, asked=asked)


def believed(evidence: Evidence) -> Evidence:
    """Return the evidence of a step with every denial in it unsure."""
    match evidence:
        case DkimChecked(key=DnsAnswer() as key):
            return structs.replace(evidence, key=unsure(key))
        case MxLookedUp():
            return structs.replace(evidence, answer=unsure(evidence.answer))
        case PtrLookedUp():
            names = tuple(
                structs.replace(name, answers=tuple(map(unsure, name.answers)))
                for name in evidence.names
            )
            return structs.replace(evidence, answer=unsure(evidence.answer), names=names)
        case PolicyRecordsLookedUp():
            return structs.replace(
                evidence, sts=unsure(evidence.sts), tls_rpt=unsure(evidence.tls_rpt)
            )
        case PolicyFetched():
            return structs.replace(evidence, fetched=_unsure_fetch(evidence.fetched))
        case RevocationChecked():
            return structs.replace(
                evidence, certificates=tuple(map(_unsure_of, evidence.certificates))
            )
        case AddressesLookedUp() | TlsaLookedUp():
            return structs.replace(evidence, answers=tuple(map(unsure, evidence.answers)))
        case _ if isinstance(evidence, LOOKED_UP):
            return structs.replace(evidence, answers=tuple(map(unsure, evidence.answers)))
        case _:
            return evidence
