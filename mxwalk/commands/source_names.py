"""Names of sources by reverse DNS, asked only when somebody wants them."""

import asyncio
from collections.abc import Callable, Iterable

from mxwalk.commands.believed import BelievedResolver
from mxwalk.dmarcrpt.names import SourceName, source_name
from mxwalk.dns.lookups import look_up_ptr
from mxwalk.dns.resolver import Resolver, StubResolver, parse_resolver, system_servers
from mxwalk.language import say
from mxwalk.limits import DMARC_PTR_LOOKUPS

_AT_ONCE = 8
_TIMEOUT_S = 3.0
_ALL_S = 60.0
Told = Callable[[SourceName], None]


def system_resolver(server: str = "") -> BelievedResolver:
    """Return the resolver to ask, held to the root.  Raises ``UsageError`` where there is none."""
    servers = [parse_resolver(server)] if server else list(system_servers())
    return BelievedResolver(StubResolver(servers, _TIMEOUT_S))


async def look_up_names(
    addresses: Iterable[str], resolver: Resolver, told: Told | None = None
) -> dict[str, SourceName]:
    """Return the names of the first of these addresses; what takes too long is left out.

    ``told`` is called with each name as it comes.
    """
    found: dict[str, SourceName] = {}
    places = asyncio.Semaphore(_AT_ONCE)

    async def ask(address: str) -> None:
        async with places:
            try:
                name = source_name(await look_up_ptr(resolver, address))
            except ValueError:
                name = SourceName(ip=address, problem=say("it is no IP address"))
        found[address] = name
        if told is not None:
            told(name)

    wanted = list(dict.fromkeys(addresses))[:DMARC_PTR_LOOKUPS]
    try:
        async with asyncio.timeout(_ALL_S), asyncio.TaskGroup() as group:
            for address in wanted:
                group.create_task(ask(address))
    except TimeoutError:
        pass
    return found
