"""From a URL to a connection its request can be sent on: addresses, permission, TCP, TLS.

Names are resolved by the walk's own resolver and each address is shown to the permit right before it
is dialled; nothing resolves it a second time.  In https the server shows its certificate before the
request is sent, and where it must be the one named nothing is sent to another.
"""

import asyncio
from dataclasses import dataclass

from mxwalk.clock import Clock
from mxwalk.dns.resolver import Resolver
from mxwalk.evidence.connection import ChainChecked
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.http.guard import Permit
from mxwalk.http.hop import Hop
from mxwalk.http.model import FetchLimits, ServerSeen
from mxwalk.http.url import Scheme, Url
from mxwalk.identity.matching import compare
from mxwalk.identity.model import PresentedKind, ReferenceId, ReferenceKind
from mxwalk.identity.presented import presented_ids
from mxwalk.names import is_address
from mxwalk.net.connection import Connection
from mxwalk.net.dialer import Dialer
from mxwalk.text import visible
from mxwalk.tls.store import LoadedStore

# The answer says something of our resolver or of the way to it, nothing of the name.
_OURS = (DnsStatus.TIMEOUT, DnsStatus.UNREACHABLE, DnsStatus.REFUSED, DnsStatus.MALFORMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What performs I/O for a fetcher, and by which rules."""

    dialer: Dialer
    resolver: Resolver
    store: LoadedStore
    clock: Clock
    permit: Permit
    limits: FetchLimits


async def reach(hop: Hop, means: Means, *, verify_server: bool) -> bool:
    """Connect ``hop`` to its server; when that fails its ``problem`` says why."""
    if verify_server and hop.url.scheme is not Scheme.HTTPS:
        hop.problem = "only https tells whether it is the right server, and this is http"
        return False
    addresses = await _addresses(hop, means)
    if not addresses:
        return False
    if not await _connect(hop, means, addresses):
        return False
    if hop.url.scheme is Scheme.HTTP:
        return True
    return await _start_tls(hop, means, verify_server=verify_server)


async def _addresses(hop: Hop, means: Means) -> tuple[str, ...]:
    """Return the addresses that may be dialled, in order."""
    url = hop.url
    if url.host_is_address:
        found: tuple[str, ...] = (url.host,)
    else:
        hop.doing = f"resolving {url.host}"
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(means.resolver.query(url.host, rtype)) for rtype in ("A", "AAAA")
            ]
        answers = [task.result() for task in tasks]
        found = tuple(
            dict.fromkeys(
                record for answer in answers for record in answer.records() if is_address(record)
            )
        )
        if not found:
            hop.problem = f"{url.host} has no address ({_why_none(answers)})"
            if any(answer.status in _OURS for answer in answers):
                why = _why_none(answers)
                hop.problem = f"our resolver does not tell the addresses of {url.host}: {why}"
    objections = {address: means.permit.objection(address, url.port) for address in found}
    allowed = tuple(address for address, objection in objections.items() if not objection)
    if found and not allowed:
        hop.problem = f"{url.authority} is not asked: {objections[found[0]]}"
    return allowed[: means.limits.addresses]


def _why_none(answers: list[DnsAnswer]) -> str:
    """Return the outcome of the questions; the first one's error where there is one."""
    errors = [visible(answer.error, 200) for answer in answers if answer.error]
    return errors[0] if errors else answers[0].status.value.upper()


async def _connect(hop: Hop, means: Means, addresses: tuple[str, ...]) -> bool:
    endings: list[str] = []
    ours = ""
    for address in addresses:
        hop.address = address
        hop.doing = f"connecting to {address} port {hop.url.port}"
        result = await means.dialer.dial(address, hop.url.port, means.limits.connect_s)
        if not isinstance(result, Connection):
            endings.append(result.detail)
        elif objection := means.permit.objection_to_end(address, result.local_address):
            result.abort()
            ours = ours or f"{hop.url.authority} is not asked: {objection}"
        else:
            hop.connection = result
            return True
    hop.problem = "; ".join([ours, *endings] if ours else endings)  # what we did comes first
    return False


async def _start_tls(hop: Hop, means: Means, *, verify_server: bool) -> bool:
    from mxwalk.tls.handshake import ClientEngine

    assert hop.connection is not None
    hop.doing = "the TLS handshake"
    now = means.clock.now()
    engine = ClientEngine("" if hop.url.host_is_address else hop.url.host, means.store, now)
    hop.engine = engine
    ending = await hop.connection.start_tls(engine, means.limits.timeout_s)
    hop.connection.take_wire()
    handshake = engine.handshake_evidence(ending)
    if ending is not None:
        hop.server = ServerSeen(handshake=handshake, objection=ending.detail)
        hop.problem = f"TLS failed: {ending.detail}"
        return False
    chain = engine.chain_evidence(now)
    leaf = handshake.presented[0] if handshake.presented else b""
    objection = _not_trusted(chain) or _other_name(hop.url, leaf)
    hop.server = ServerSeen(handshake=handshake, chain=chain, objection=objection)
    if verify_server and objection:
        hop.problem = f"nothing was asked of this server, for {objection}"
        return False
    return True


def _not_trusted(chain: ChainChecked) -> str:
    if not chain.errors:
        return ""
    error = chain.errors[0]
    return (
        f"its certificate is not trusted: {visible(error.text, 200)} (depth {error.depth},"
        f" {error.name})"
    )


def _other_name(url: Url, leaf: bytes) -> str:
    """Return why the certificate is another's (RFC 9110 4.3.4); a common name does not count."""
    names = [one for one in presented_ids(leaf) if one.kind is PresentedKind.DNS_ID]
    reference = ReferenceId(
        kind=ReferenceKind.MX_HOST, text=url.host, origin="the URL", secure=True
    )
    if any(compare(name, reference).matched for name in names):
        return ""
    shown = ", ".join(visible(name.text, 80) for name in names[:3]) or "no DNS name at all"
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"its certificate is not for {url.host} but for {shown}{more}"
