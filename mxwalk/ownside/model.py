"""What the checks of this machine work with."""

import ipaddress
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from mxwalk.clock import Clock
from mxwalk.dns.resolver import Resolver
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.trace import Trace
from mxwalk.net.dialer import Dialer
from mxwalk.ownside.result import Result

SILENT = (DnsStatus.TIMEOUT, DnsStatus.UNREACHABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """This machine as the checks see it.

    ``servers`` are the resolvers in their order, ``resolver`` asks them.  ``source`` returns the
    address that packets to an address would come from, or an empty text.  ``trust`` is the choice of
    the trust store, ``walk`` a saved walk to hold the clock against.  ``egress`` are mail domains, or
    hosts with a port, to connect to.
    """

    resolver: Resolver
    servers: tuple[tuple[str, int], ...]
    clock: Clock
    dialer: Dialer
    source: Callable[[str], str]
    state_directory: Path
    helo: str = ""
    trust: str = "system"
    walk: Trace | None = None
    timeout_s: float = 3.0
    egress: tuple[tuple[str, int], ...] = ()

    async def root(self) -> DnsAnswer:
        """Return the answer for the root's keys; it is asked once."""
        return await self.resolver.query(".", "DNSKEY")

    async def resolver_dead(self) -> bool:
        """Whether the resolver does not answer at all."""
        return (await self.root()).status in SILENT


Examine = Callable[[Side], Awaitable[Result]]


@dataclass(frozen=True, slots=True)
class Check:
    """One check; ``outside`` says that it asks or connects to somebody else's servers."""

    id: str
    examine: Examine
    outside: bool = False


def is_private(address: str) -> bool:
    """Say whether others cannot see this address as ours (RFC 1918, RFC 6598, RFC 4193)."""
    return not ipaddress.ip_address(address).is_global
