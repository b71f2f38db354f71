"""The reference identifiers a sender could hold a certificate against, built without looking at it.

RFC 6125 6.2.1 asks for exactly that independence.  All candidates are listed, in the order in which
they are shown: recipient domain, SMTP routes, MX hosts, PTR hosts; which of them count is the rule
of the sender's flow.
"""

from mxwalk.evidence.connection import IdentityGathered
from mxwalk.identity.model import ReferenceId, ReferenceKind
from mxwalk.language import say
from mxwalk.text import visible


def references(gathered: IdentityGathered, address: str = "") -> tuple[ReferenceId, ...]:
    """Return every candidate once.  ``address`` is the connected address, for the PTR's origin."""
    found: list[ReferenceId] = []
    if gathered.recipient_domain:
        found.append(
            ReferenceId(
                kind=ReferenceKind.RECIPIENT_DOMAIN,
                text=gathered.recipient_domain,
                origin=say("the recipient address"),
                secure=True,
            )
        )
    found += [
        ReferenceId(
            kind=ReferenceKind.SMTP_ROUTE,
            text=route,
            origin=say("configured SMTP route to the connected address"),
            secure=True,
        )
        for route in gathered.routes
    ]
    found += [_mx_reference(host, gathered) for host in _mx_hosts(gathered)]
    where = address or say("the connected address")
    found += [
        ReferenceId(
            kind=ReferenceKind.PTR_HOST,
            text=name,
            origin=(
                say("PTR of {where}, forward-confirmed", where=where)
                if confirmed
                else say("PTR of {where}, not forward-confirmed", where=where)
            ),
            secure=False,
            usable=confirmed,
        )
        for name, confirmed in gathered.ptr_names
    ]
    return tuple(dict.fromkeys(found))


def connected_to(reference: ReferenceId, gathered: IdentityGathered) -> bool:
    """Say whether this MX reference is the host the connection belongs to."""
    return _plain(reference.text) == _plain(gathered.mx_host)


def _mx_hosts(gathered: IdentityGathered) -> tuple[str, ...]:
    hosts = gathered.mx_hosts
    if gathered.mx_host and _plain(gathered.mx_host) not in map(_plain, hosts):
        return (gathered.mx_host, *hosts)  # an implicit MX: the domain itself
    return hosts


def _mx_reference(host: str, gathered: IdentityGathered) -> ReferenceId:
    trust = (
        say("authenticated by the resolver (AD)") if gathered.mx_authentic else say("insecure DNS")
    )
    connected = say(", the host connected to") if _plain(host) == _plain(gathered.mx_host) else ""
    return ReferenceId(
        kind=ReferenceKind.MX_HOST,
        text=host,
        origin=say(
            "MX of {recipient_domain}{connected}, {trust}",
            recipient_domain=visible(gathered.recipient_domain, 300),
            connected=connected,
            trust=trust,
        ),
        secure=gathered.mx_authentic,
    )


def _plain(name: str) -> str:
    return name.removesuffix(".").lower()
