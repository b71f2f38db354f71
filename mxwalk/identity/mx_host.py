"""The names of MTA-STS: every DNS-ID against the MX host connected to, and nothing else.

RFC 8461 4.2: the MX host's name must match a dNSName of the certificate, a wildcard standing for the
whole left-most label alone; a common name does not count.  The matrix says whether the certificate
fits; whether that matters is the policy's word.
"""

from dataclasses import replace

from mxwalk.evidence.connection import IdentityGathered
from mxwalk.identity.matrix import Plan, evaluate
from mxwalk.identity.model import (
    IdentityResult,
    PresentedId,
    PresentedKind,
    ReferenceId,
    ReferenceKind,
)
from mxwalk.identity.presented import presented_ids
from mxwalk.identity.references import connected_to, references
from mxwalk.language import noted, per_language, say

MTA_STS = "MTA-STS"
_COUNTS = noted("; this decides where an MTA-STS policy is in force and DANE does not come first")


@per_language(maxsize=128)
def match_mx_host(leaf: bytes, gathered: IdentityGathered, address: str = "") -> IdentityResult:
    """Evaluate RFC 8461 4.2 for a certificate (DER, empty for none); total, for any bytes."""
    presented = presented_ids(leaf) if leaf else ()
    candidates = references(gathered, address)
    hosts = [one for one in candidates if _is_host(one, gathered)]
    result = evaluate(
        Plan(
            flow=MTA_STS,
            presented=presented,
            references=candidates,
            order=(
                (one, host)
                for one in presented
                if one.kind is PresentedKind.DNS_ID
                for host in hosts
            ),
            why_not=lambda one, reference: _why_not(one, reference, gathered),
        )
    )
    return replace(result, summary=f"{result.summary}{say(_COUNTS)}")


def _is_host(reference: ReferenceId, gathered: IdentityGathered) -> bool:
    return reference.kind is ReferenceKind.MX_HOST and connected_to(reference, gathered)


def _why_not(one: PresentedId, reference: ReferenceId, gathered: IdentityGathered) -> str:
    if reference.kind is not ReferenceKind.MX_HOST:
        return say(
            "only the MX host counts, not the {kind} (RFC 8461 4.2)", kind=say(reference.kind.value)
        )
    if not connected_to(reference, gathered):
        return say("not the MX host connected to")
    if one.kind is PresentedKind.CN_ID:
        return say("CN is ignored: only a dNSName counts (RFC 8461 4.2)")
    return ""
