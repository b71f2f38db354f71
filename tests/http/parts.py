"""A fetcher whose world is a name, a few documentation addresses and scripted loopback servers."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from mxwalk.clock import SystemClock
from mxwalk.evidence.dns import DnsAnswer, DnsStatus, RRset
from mxwalk.evidence.fetch import Purpose
from mxwalk.http.client import Fetcher
from mxwalk.http.guard import Only, Permit
from mxwalk.http.model import FetchLimits, FetchResult, Terms
from mxwalk.net.dialer import Dialer, MappedDialer
from mxwalk.tls.store import LoadedStore
from tests.net.peers import Handler, serve

ADDRESS = "192.0.2.80"
HOST = "pki.example.net"
URL = f"http://{HOST}/ca.crl"
NO_ROOTS = LoadedStore.from_pem("empty", "", b"")
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)


class Names:
    """A resolver that knows these names; it remembers what it was asked."""

    def __init__(self, known: Mapping[str, tuple[str, ...]]) -> None:
        self.known = dict(known)
        self.asked: list[tuple[str, str]] = []

    async def query(self, qname: str, rtype: str) -> DnsAnswer:
        self.asked.append((qname, rtype))
        if qname not in self.known:
            return DnsAnswer(qname=qname, rtype=rtype, status=DnsStatus.NXDOMAIN)
        colon = rtype == "AAAA"
        records = tuple(one for one in self.known[qname] if (":" in one) is colon)
        if not records:
            return DnsAnswer(qname=qname, rtype=rtype, status=DnsStatus.NODATA)
        rrset = RRset(name=qname, rtype=rtype, ttl_s=60, records=records)
        return DnsAnswer(qname=qname, rtype=rtype, status=DnsStatus.OK, answer=(rrset,))

    def forget(self) -> None:
        pass


def fetcher(
    ports: Mapping[tuple[str, int], int],
    *,
    names: Names | None = None,
    permit: Permit | None = None,
    limits: FetchLimits | None = None,
    store: LoadedStore = NO_ROOTS,
    clock=None,
    dialer: Dialer | None = None,
) -> Fetcher:
    """Return a fetcher that reaches these documentation endpoints at loopback ports."""
    mapped = MappedDialer({endpoint: ("127.0.0.1", port) for endpoint, port in ports.items()})
    return Fetcher(
        dialer or mapped,
        names or Names({HOST: (ADDRESS,)}),
        store,
        clock=clock or SystemClock(),
        permit=permit or Only(frozenset(address for address, _ in ports)),
        limits=limits or FetchLimits(timeout_s=5),
    )


@asynccontextmanager
async def serving(handler: Handler, **more: object) -> AsyncIterator[Fetcher]:
    """Run a server for ``URL``; yield a fetcher that reaches it."""
    async with serve(handler) as port:
        yield fetcher({(ADDRESS, 80): port}, **more)


async def read_request(reader: asyncio.StreamReader) -> bytes:
    """Read a request's head and, by its Content-Length, its body."""
    head = await reader.readuntil(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return head + await reader.readexactly(int(line.partition(b":")[2]))
    return head


def saying(answer: bytes, requests: list[bytes] | None = None) -> Handler:
    """Return a server that says this to every request and closes."""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await read_request(reader)
        if requests is not None:
            requests.append(request)
        writer.write(answer)
        await writer.drain()

    return handler


def ok(body: bytes, *headers: bytes) -> bytes:
    """Return a well-formed answer with this body."""
    lines = (b"HTTP/1.1 200 OK", b"Content-Length: %d" % len(body), *headers, b"", b"")
    return b"\r\n".join(lines) + body


async def crl(fetch: Fetcher, terms: Terms | None = None, url: str = URL) -> FetchResult:
    """Ask for ``URL`` as for a CRL."""
    return await fetch.get(url, Purpose.CRL, terms)
