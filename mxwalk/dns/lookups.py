"""The questions of a delivery: MX, addresses, reverse names with forward confirmation, the root.

Each function asks and returns evidence; what the answers mean is decided elsewhere.  Independent
questions run together.
"""

import asyncio
from collections.abc import Sequence

from mxwalk.dns.names import host_in_record, reverse_name, same_address
from mxwalk.dns.resolver import Resolver
from mxwalk.evidence.dns import DnsAnswer
from mxwalk.evidence.lookups import (
    AddressesLookedUp,
    MxLookedUp,
    PtrLookedUp,
    PtrName,
    ResolverChecked,
)
from mxwalk.evidence.target import Family
from mxwalk.limits import PTR_NAMES

_ROOT = "."
_TYPES = {Family.ANY: ("A", "AAAA"), Family.IPV4: ("A",), Family.IPV6: ("AAAA",)}


async def check_resolver(resolver: Resolver) -> ResolverChecked:
    """Ask for the root's DNSKEY set: an answer, RRSIGs in it and AD tell three different things."""
    return ResolverChecked(answer=await resolver.query(_ROOT, "DNSKEY"))


async def look_up_mx(resolver: Resolver, domain: str) -> MxLookedUp:
    """Ask for the MX records of the recipient domain (RFC 5321 5.1)."""
    return MxLookedUp(domain=domain, answer=await resolver.query(domain, "MX"))


async def look_up_addresses(
    resolver: Resolver, host: str, family: Family = Family.ANY
) -> AddressesLookedUp:
    """Ask for the addresses of a delivery host, A and AAAA at the same time, A first."""
    answers = await _query_all(resolver, [(host, rtype) for rtype in _TYPES[family]])
    return AddressesLookedUp(host=host, answers=answers)


async def look_up_ptr(resolver: Resolver, address: str) -> PtrLookedUp:
    """Ask for the names of an address and for their addresses: is A(PTR(IP)) = IP?

    At most ``limits.PTR_NAMES`` names are followed (RFC 7208 5.5 stops at ten as well), with A or
    AAAA after the address's family.  Raises ``ValueError`` when ``address`` is not an address.
    """
    answer = await resolver.query(reverse_name(address), "PTR")
    names = list(dict.fromkeys(host_in_record(record) for record in answer.records("PTR")))
    names = names[:PTR_NAMES]
    rtype = "AAAA" if ":" in address else "A"
    forward = await _query_all(resolver, [(name, rtype) for name in names])
    return PtrLookedUp(
        address=address,
        answer=answer,
        names=tuple(
            PtrName(
                name=name,
                answers=(found,),
                confirmed=any(same_address(address, record) for record in found.records(rtype)),
            )
            for name, found in zip(names, forward, strict=True)
        ),
    )


async def _query_all(
    resolver: Resolver, questions: Sequence[tuple[str, str]]
) -> tuple[DnsAnswer, ...]:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(resolver.query(*question)) for question in questions]
    return tuple(task.result() for task in tasks)
