"""The names a certificate may have for DANE-TA (RFC 7672 3.2.2).

The TLSA base domain comes first; it is also the SNI (RFC 7672 8.1).  The MX host before CNAME
expansion, and, where the MX answer is secure, the next-hop domain and what it is an alias of, are
accepted as well.  DANE-EE uses none of them.
"""

from mxwalk.dane.model import DaneState
from mxwalk.dnssec.model import HopKind
from mxwalk.identity.model import ReferenceId, ReferenceKind
from mxwalk.language import say


def reference_names(state: DaneState, next_hop: str) -> tuple[ReferenceId, ...]:
    """Return the accepted names in order, each once; ``next_hop`` is empty where there is none."""
    base = state.base_domain or state.host
    found: dict[str, ReferenceId] = {}
    _add(found, base, ReferenceKind.MX_HOST, say("TLSA base domain"), secure=True)
    _add(found, state.host, ReferenceKind.MX_HOST, say("MX host before expansion"), secure=True)
    if state.mx_secure and next_hop:
        _add(found, next_hop, ReferenceKind.RECIPIENT_DOMAIN, say("next-hop domain"), secure=True)
        origin = say("next-hop domain, its alias expanded")
        _add(found, _expanded(state), ReferenceKind.RECIPIENT_DOMAIN, origin, secure=True)
    return tuple(found.values())


def _add(
    found: dict[str, ReferenceId], text: str, kind: ReferenceKind, origin: str, *, secure: bool
) -> None:
    if text:
        name = ReferenceId(kind=kind, text=text, origin=origin, secure=secure)
        found.setdefault(text.lower(), name)


def _expanded(state: DaneState) -> str:
    hops = state.mx.hops if state.mx else ()
    targets = [hop.target for hop in hops if hop.kind in (HopKind.CNAME, HopKind.DNAME)]
    return targets[-1] if targets else ""
