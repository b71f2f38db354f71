"""The DNS steps.  Look-ups that do not depend on each other run together inside one step."""

from mxwalk.dns.lookups import check_resolver, look_up_addresses, look_up_mx, look_up_ptr
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.step import (
    AddressesLookedUp,
    Evidence,
    MxLookedUp,
    PtrLookedUp,
    ResolverChecked,
)
from mxwalk.walk.live import Live, Task


def _cancelled(qname: str, rtype: str) -> DnsAnswer:
    return DnsAnswer(
        qname=qname, rtype=rtype, status=DnsStatus.CANCELLED, error="cancelled before an answer"
    )


async def perform_resolver(live: Live, task: Task) -> Evidence:
    """Ask the resolver for the root's keys: does it answer at all, and does it pass signatures?"""
    del task
    live.partial = lambda: ResolverChecked(answer=_cancelled(".", "DNSKEY"))
    return await check_resolver(live.tools.resolver)


async def perform_mx(live: Live, task: Task) -> Evidence:
    """Ask for the recipient domain's MX records (RFC 5321 5.1)."""
    domain = task.delivery.domain
    live.partial = lambda: MxLookedUp(domain=domain, answer=_cancelled(domain, "MX"))
    return await look_up_mx(live.tools.resolver, domain)


async def perform_addresses(live: Live, task: Task) -> Evidence:
    """Ask for a delivery host's addresses.

    Nothing is fetched ahead for the other hosts: a slow name server of theirs would hold this step
    up, or go on working after it, and each step's time would no longer be its own.
    """
    name = task.pending.scope.host
    family = task.delivery.options.family
    live.partial = lambda: AddressesLookedUp(host=name, answers=(_cancelled(name, "A"),))
    return await look_up_addresses(live.tools.resolver, name, family)


async def perform_ptr(live: Live, task: Task) -> Evidence:
    """Ask for the address's reverse name and confirm it forward."""
    address = task.pending.scope.address
    live.partial = lambda: PtrLookedUp(address=address, answer=_cancelled(address, "PTR"), names=())
    return await look_up_ptr(live.tools.resolver, address)
