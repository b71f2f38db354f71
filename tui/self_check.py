"""*Your side*: what is wrong here should be known before a target is blamed.

Only the configured resolver is asked; nothing else is sent.  Connecting a UDP socket sends no packet,
it asks the operating system for a route, which tells whether there is IPv6 and which address is used.
Whether port 25 gets out is not tested: only a walk does that.
"""

import asyncio
import contextlib
import ipaddress
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from mxwalk.clock import Clock
from mxwalk.delivery.mark import Mark
from mxwalk.dns.lookups import check_resolver, look_up_ptr
from mxwalk.dns.resolver import StubResolver, parse_resolver, system_servers
from mxwalk.errors import UsageError
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.step import PtrLookedUp
from mxwalk.session import own_host_name
from widgets.self_panel import Check

_ROOT_V6 = "2001:503:ba3e::2:30"  # a.root-servers.net: never sent to, only routed
_ROOT_V4 = "198.41.0.4"
_TIMEOUT_S = 3.0


async def self_check(resolver: str, helo: str, clock: Clock) -> AsyncIterator[Check]:
    """Yield each check as soon as it is known; ``resolver`` is ``address:port`` or empty."""
    try:
        servers = [parse_resolver(resolver)] if resolver else list(system_servers())
        stub = StubResolver(servers, timeout_s=_TIMEOUT_S)
    except (UsageError, ValueError) as error:
        yield Check(name="resolver", state=Mark.FAIL, words=str(error))
        return
    answer = (await check_resolver(stub)).answer
    yield _resolver(answer)
    yield _clock(answer, clock.now())
    v4, v6 = await asyncio.to_thread(_source, _ROOT_V4), await asyncio.to_thread(_source, _ROOT_V6)
    yield _ipv6(v6)
    name = helo or own_host_name()
    if name:
        yield Check(name="HELO name", state=Mark.OK, words=name)
    else:
        words = "none: the address in brackets is sent (RFC 5321 4.1.4)"
        yield Check(name="HELO name", state=Mark.WARN, words=words)
    yield await _ptr(stub, v4, answer)
    words = "not tested here: the first connect step of a walk shows it"
    yield Check(name="port 25 out", state=Mark.UNKNOWN, words=words)


def _resolver(answer: DnsAnswer) -> Check:
    if answer.status in (DnsStatus.TIMEOUT, DnsStatus.UNREACHABLE):
        return Check(name="resolver", state=Mark.FAIL, words=answer.error or answer.status.value)
    if answer.status is not DnsStatus.OK:
        words = f"{answer.server}: {answer.status.value} for the root's keys"
        return Check(name="resolver", state=Mark.WARN, words=words)
    signed = any(rrset.rtype == "RRSIG" for rrset in answer.answer)
    if answer.authentic:
        return Check(
            name="resolver", state=Mark.OK, words=f"{answer.server} answers and validates DNSSEC"
        )
    words = "answers, does not validate" if signed else "answers, strips DNSSEC signatures"
    return Check(name="resolver", state=Mark.WARN, words=f"{answer.server} {words}")


def _clock(answer: DnsAnswer, now: datetime) -> Check:
    """The root's signature tells roughly what time it is (RFC 4034 3.1.5)."""
    for rrset in answer.answer:
        if rrset.rtype != "RRSIG":
            continue
        for record in rrset.records:
            fields = record.split()
            with contextlib.suppress(ValueError, IndexError):
                until = datetime.strptime(fields[4], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
                since = datetime.strptime(fields[5], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
                if since <= now <= until:
                    words = f"{now:%Y-%m-%d %H:%M} UTC fits the root's signature"
                    return Check(name="clock", state=Mark.OK, words=words)
                period = f"{since:%Y-%m-%d} to {until:%Y-%m-%d}"
                words = f"{now:%Y-%m-%d %H:%M} UTC is outside the root's signature, {period}"
                return Check(name="clock", state=Mark.FAIL, words=words)
    return Check(
        name="clock",
        state=Mark.UNKNOWN,
        words=f"{now:%Y-%m-%d %H:%M} UTC; nothing to compare it with",
    )


def _source(destination: str) -> str:
    """Return the address packets to ``destination`` would come from, or an empty text."""
    family = socket.AF_INET6 if ":" in destination else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((destination, 53))
            return str(probe.getsockname()[0])
    except OSError:
        return ""


def _ipv6(source: str) -> Check:
    if source:
        return Check(name="IPv6", state=Mark.OK, words=f"there is a route, from {source}")
    return Check(name="IPv6", state=Mark.INFO, words="no route: IPv6 addresses will not be reached")


async def _ptr(stub: StubResolver, source: str, answer: DnsAnswer) -> Check:
    if not source:
        return Check(name="own PTR", state=Mark.UNKNOWN, words="there is no IPv4 route")
    if not ipaddress.ip_address(source).is_global:
        words = f"{source} is private: the other side sees another address"
        return Check(name="own PTR", state=Mark.INFO, words=words)
    if answer.status in (DnsStatus.TIMEOUT, DnsStatus.UNREACHABLE):
        return Check(name="own PTR", state=Mark.UNKNOWN, words="the resolver does not answer")
    found: PtrLookedUp = await look_up_ptr(stub, source)
    confirmed = [name.name for name in found.names if name.confirmed]
    if confirmed:
        return Check(
            name="own PTR", state=Mark.OK, words=f"{source} is {confirmed[0]}, forward-confirmed"
        )
    words = f"{found.names[0].name}, not forward-confirmed" if found.names else "none"
    return Check(name="own PTR", state=Mark.WARN, words=f"{source}: {words}")
