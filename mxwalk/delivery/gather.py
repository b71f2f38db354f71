"""Gather the names a connection could be checked against, without looking at the certificate.

RFC 6125 6.2.1: the list of reference identifiers is built independently of what the server presents.
Which of these names count, and in which order, is each sender's own rule.
"""

from mxwalk.delivery.model import Delivery, Host
from mxwalk.delivery.route import HostOrigin
from mxwalk.evidence.connection import IdentityGathered
from mxwalk.evidence.lookups import PtrLookedUp


def gather_names(delivery: Delivery, host_name: str, address: str) -> IdentityGathered:
    """Return the names for the connection to ``address`` made for the host ``host_name``."""
    host = next((h for h in delivery.hosts if h.planned.name == host_name), None)
    fqdn_routes = [
        h
        for h in delivery.hosts
        if h.planned.origin is HostOrigin.ROUTE and not h.planned.is_literal
    ]
    return IdentityGathered(
        recipient_domain=delivery.domain,
        mx_host=_mx_host(host),
        mx_hosts=delivery.route.mx_hosts,
        mx_authentic=delivery.mx.answer.authentic if delivery.mx else False,
        routes=tuple(h.planned.name for h in fqdn_routes if address in h.addresses),
        any_fqdn_route=bool(fqdn_routes),
        ptr_names=_ptr_names(delivery, address),
    )


def _mx_host(host: Host | None) -> str:
    if host is None or host.planned.origin is HostOrigin.ROUTE or host.planned.is_literal:
        return ""
    return host.planned.name


def _ptr_names(delivery: Delivery, address: str) -> tuple[tuple[str, bool], ...]:
    for step in reversed(delivery.trace.steps):
        evidence = step.evidence
        if isinstance(evidence, PtrLookedUp) and evidence.address == address:
            return tuple((name.name, name.confirmed) for name in evidence.names)
    return ()
