"""The DNS steps.  Look-ups that do not depend on each other run together inside one step."""

import asyncio

from msgspec import structs

from mxwalk.dane.lookup import tlsa_name
from mxwalk.delivery.security import judged_at
from mxwalk.delivery.tlsa import tlsa_base_domains
from mxwalk.dns.lookups import check_resolver, look_up_addresses, look_up_mx, look_up_ptr
from mxwalk.dnssec.fetch import validate_live
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.lookups import (
    AddressesLookedUp,
    MxLookedUp,
    PtrLookedUp,
    ResolverChecked,
    TlsaLookedUp,
)
from mxwalk.evidence.step import Evidence
from mxwalk.walk.live import Live, Task


def cancelled_answer(qname: str, rtype: str) -> DnsAnswer:
    """Return the answer of a question that was broken off."""
    return DnsAnswer(
        qname=qname, rtype=rtype, status=DnsStatus.CANCELLED, error="cancelled before an answer"
    )


async def perform_resolver(live: Live, task: Task) -> Evidence:
    """Ask the resolver for the root's keys: does it answer at all, and does it pass signatures?"""
    del task
    live.partial = lambda: ResolverChecked(answer=cancelled_answer(".", "DNSKEY"))
    return await check_resolver(live.tools.resolver)


async def perform_mx(live: Live, task: Task) -> Evidence:
    """Ask for the MX records of the recipient domain (RFC 5321 5.1), or of a survey's subdomain."""
    domain = task.pending.scope.host or task.delivery.domain
    live.partial = lambda: MxLookedUp(domain=domain, answer=cancelled_answer(domain, "MX"))
    evidence = await look_up_mx(live.tools.resolver, domain)
    live.partial = lambda: evidence
    support = await validated(live, task, (evidence.answer,))
    return structs.replace(evidence, support=support)


async def perform_addresses(live: Live, task: Task) -> Evidence:
    """Ask for a delivery host's addresses.

    Nothing is fetched ahead for the other hosts: a slow name server of theirs would hold this step
    up, or go on working after it, and each step's time would no longer be its own.
    """
    name = task.pending.scope.host
    family = task.delivery.options.family
    live.partial = lambda: AddressesLookedUp(host=name, answers=(cancelled_answer(name, "A"),))
    evidence = await look_up_addresses(live.tools.resolver, name, family)
    live.partial = lambda: evidence
    support = await validated(live, task, evidence.answers)
    return structs.replace(evidence, support=support)


async def perform_tlsa(live: Live, task: Task) -> Evidence:
    """Ask for a host's TLSA records, where RFC 7672 2.2 asks for them."""
    scope = task.pending.scope
    host = next(each for each in task.delivery.hosts if each.planned.name == scope.host)
    names = tlsa_base_domains(task.delivery, host)
    live.partial = lambda: TlsaLookedUp(
        host=scope.host,
        port=scope.port,
        base_domains=names,
        answers=tuple(cancelled_answer(tlsa_name(name, scope.port), "TLSA") for name in names),
    )
    async with asyncio.TaskGroup() as group:
        asked = [
            group.create_task(live.tools.resolver.query(tlsa_name(name, scope.port), "TLSA"))
            for name in names
        ]
    answers = tuple(each.result() for each in asked)
    evidence = TlsaLookedUp(host=scope.host, port=scope.port, base_domains=names, answers=answers)
    live.partial = lambda: evidence
    support = await validated(live, task, answers)
    return structs.replace(evidence, support=support)


async def validated(
    live: Live, task: Task, answers: tuple[DnsAnswer, ...]
) -> tuple[DnsAnswer, ...]:
    """Validate answers together; return what had to be fetched for it and is new to the trace."""
    tools = live.tools.validation
    at = judged_at(task.delivery.trace.header)
    known = live.in_trace
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(validate_live(tools.resolver, each, tools.anchors, at, live.book))
            for each in answers
        ]
    used = (answer for each in tasks for answer in each.result()[1])
    new = tuple({id(each): each for each in used if id(each) not in known}.values())
    new = tuple(each for each in new if not any(each is own for own in answers))
    known.update((id(each), each) for each in (*new, *answers))
    return new


async def perform_ptr(live: Live, task: Task) -> Evidence:
    """Ask for the address's reverse name and confirm it forward."""
    address = task.pending.scope.address
    live.partial = lambda: PtrLookedUp(
        address=address, answer=cancelled_answer(address, "PTR"), names=()
    )
    return await look_up_ptr(live.tools.resolver, address)
