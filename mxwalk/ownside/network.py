"""Routes, the address others see, and the name this machine gives itself (RFC 5321 4.1.1.1, 4.1.4).

Connecting a UDP socket sends no packet: it asks the operating system for a route, and tells which
address would be used.
"""

import asyncio
import socket

from mxwalk.delivery.mark import Mark
from mxwalk.dns.lookups import look_up_addresses, look_up_ptr
from mxwalk.dns.names import same_address
from mxwalk.evidence.dns import DnsStatus
from mxwalk.language import say
from mxwalk.names import InvalidNameError, parse_name
from mxwalk.ownside.model import Side, is_private
from mxwalk.ownside.result import Result
from mxwalk.text import visible

ROOT_V6 = "2001:503:ba3e::2:30"  # a.root-servers.net: never sent to, only routed
ROOT_V4 = "198.41.0.4"
_LOCAL = (".local", ".localdomain", ".internal", ".lan", ".home", ".home.arpa", ".localhost")
_SHOWN = 3


def source_address(destination: str) -> str:
    """Return the address packets to ``destination`` would come from, or an empty text."""
    family = socket.AF_INET6 if ":" in destination else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((destination, 53))
            return str(probe.getsockname()[0])
    except OSError:
        return ""


async def _sources(side: Side) -> tuple[str, str]:
    v4 = await asyncio.to_thread(side.source, ROOT_V4)
    return v4, await asyncio.to_thread(side.source, ROOT_V6)


async def ipv4(side: Side) -> Result:
    """Is there a route over IPv4, and do others see the address it is used from?"""
    source, _ = await _sources(side)
    if not source:
        words = say("no route: most mail servers cannot be reached")
        fix = say("mend the default route (ip route)")
        return Result(id="ipv4", label="IPv4", state=Mark.FAIL, words=words, fix=fix)
    if is_private(source):
        words = say(
            "from {source}, a private address: others see the one a router puts in its place (NAT)",
            source=source,
        )
        return Result(id="ipv4", label="IPv4", state=Mark.INFO, words=words)
    words = say("there is a route, from {source}", source=source)
    return Result(id="ipv4", label="IPv4", state=Mark.OK, words=words)


async def ipv6(side: Side) -> Result:
    """Is there a route over IPv6?"""
    _, source = await _sources(side)
    if source and is_private(source):
        words = say("from {source} only, a local address: it leads nowhere outside", source=source)
        return Result(id="ipv6", label="IPv6", state=Mark.INFO, words=words)
    if source:
        words = say("there is a route, from {source}", source=source)
        return Result(id="ipv6", label="IPv6", state=Mark.OK, words=words)
    words = say("no route: IPv6 addresses will not be reached")
    return Result(id="ipv6", label="IPv6", state=Mark.INFO, words=words)


async def helo(side: Side) -> Result:
    """Is the HELO name a name that leads to this machine?"""
    label, name = say("HELO name"), side.helo
    fix = say("name it with --helo NAME, or set the machine's full name (hostnamectl)")
    if not name:
        words = say("none: the address in brackets is sent (RFC 5321 4.1.4)")
        return Result(id="helo", label=label, state=Mark.WARN, words=words, fix=fix)
    if name.startswith("["):
        words = say(
            "{name}: an address literal, which many receivers refuse", name=visible(name, 80)
        )
        return Result(id="helo", label=label, state=Mark.WARN, words=words, fix=fix)
    problem = _syntax(name)
    if problem:
        words = f"{visible(name, 255)}: {problem}"
        return Result(id="helo", label=label, state=Mark.WARN, words=words, fix=fix)
    shown = visible(name, 255)
    if await side.resolver_dead():
        words = say("{name}; the resolver does not answer", name=shown)
        return Result(id="helo", label=label, state=Mark.UNKNOWN, words=words)
    return await _resolved(side, name, label)


def _syntax(name: str) -> str:
    """Say what keeps a name from being a fully qualified one; empty when it is one."""
    try:
        plain = parse_name(name).ascii
    except InvalidNameError as error:
        return visible(str(error), 200)
    if "." not in plain:
        return say("not fully qualified (RFC 5321 2.3.5)")
    if plain.endswith(_LOCAL):
        return say("a name of the local network only, which nobody else can look up")
    return ""


async def _resolved(side: Side, name: str, label: str) -> Result:
    found = await look_up_addresses(side.resolver, name)
    addresses = [record for answer in found.answers for record in answer.records()]
    shown = visible(name, 255)
    if not addresses:
        open_ = any(
            answer.status not in (DnsStatus.NODATA, DnsStatus.NXDOMAIN) for answer in found.answers
        )
        words = (
            say("{name}: the look-up failed", name=shown)
            if open_
            else say("{name} has no address: receivers that check it refuse the mail", name=shown)
        )
        fix = say("publish an A record for {name}, or name another with --helo", name=shown)
        state = Mark.UNKNOWN if open_ else Mark.WARN
        return Result(id="helo", label=label, state=state, words=words, fix="" if open_ else fix)
    listed = ", ".join(visible(one, 60) for one in addresses[:_SHOWN])
    ours = [one for one in await _sources(side) if one]
    if any(_same(one, address) for one in ours for address in addresses):
        words = say("{name} leads here ({addresses})", name=shown, addresses=listed)
        return Result(id="helo", label=label, state=Mark.OK, words=words)
    if ours and all(is_private(one) for one in ours):
        return await _behind_nat(side, label, name, addresses)
    words = say(
        "{name} leads to {addresses}, and this machine sends from {ours}",
        name=shown,
        addresses=listed,
        ours=", ".join(ours) or "?",
    )
    fix = say("let the name lead to the address that mail is sent from")
    return Result(id="helo", label=label, state=Mark.WARN, words=words, fix=fix)


async def _behind_nat(side: Side, label: str, name: str, addresses: list[str]) -> Result:
    """Which address others see is not known here; that the name's own address leads back is."""
    address, shown = visible(addresses[0], 60), visible(name, 255)
    names = await _confirmed(side, addresses[0])
    if name.lower() in names:
        words = say(
            "{name} is {address}, whose PTR leads back; that NAT sends from there is not known here",
            name=shown,
            address=address,
        )
        return Result(id="helo", label=label, state=Mark.INFO, words=words)
    words = say(
        "{name} is {address}, whose PTR record does not lead back to it",
        name=shown,
        address=address,
    )
    fix = say(
        "have the provider set the PTR record of {address} to {name}", address=address, name=shown
    )
    return Result(id="helo", label=label, state=Mark.WARN, words=words, fix=fix)


async def _confirmed(side: Side, address: str) -> tuple[str, ...]:
    """Return the forward-confirmed names of an address, in lower case."""
    try:
        found = await look_up_ptr(side.resolver, address)
    except ValueError:
        return ()
    return tuple(one.name.lower() for one in found.names if one.confirmed)


def _same(ours: str, record: str) -> bool:
    try:
        return same_address(ours, record)
    except ValueError:
        return False


async def ptr(side: Side) -> Result:
    """Does the reverse name of our address lead back to it, and is it the HELO name (RFC 1912 2.1)?"""
    label = say("own PTR")
    source, _ = await _sources(side)
    if not source:
        words = say("there is no IPv4 route")
        return Result(id="ptr", label=label, state=Mark.UNKNOWN, words=words)
    if is_private(source):
        words = say(
            "{source} is private: whatever others see, its PTR record is the provider's to set",
            source=source,
        )
        return Result(id="ptr", label=label, state=Mark.INFO, words=words)
    if await side.resolver_dead():
        words = say("the resolver does not answer")
        return Result(id="ptr", label=label, state=Mark.UNKNOWN, words=words)
    found = await look_up_ptr(side.resolver, source)
    confirmed = [one.name.lower() for one in found.names if one.confirmed]
    fix = say("have the provider set the PTR record of {address}", address=source)
    if not confirmed:
        shown = visible(found.names[0].name, 255) if found.names else ""
        words = (
            say("{source}: {name}, which does not lead back", source=source, name=shown)
            if shown
            else say("{source} has no PTR record: many receivers refuse such mail", source=source)
        )
        return Result(id="ptr", label=label, state=Mark.WARN, words=words, fix=fix)
    name = visible(confirmed[0], 255)
    if side.helo and side.helo.lower().rstrip(".") not in confirmed:
        words = say(
            "{source} is {name}, forward-confirmed, but not the HELO name", source=source, name=name
        )
        return Result(id="ptr", label=label, state=Mark.INFO, words=words)
    words = say("{source} is {name}, forward-confirmed", source=source, name=name)
    return Result(id="ptr", label=label, state=Mark.OK, words=words)
