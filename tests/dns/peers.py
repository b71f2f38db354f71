"""DNS servers on loopback that do exactly what a test tells them, and queries to judge them by."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

Server = tuple[str, int]
UdpScript = Callable[[dns.message.Message], Iterable[bytes]]
TcpScript = Callable[[dns.message.Message], bytes]


class ScriptedUdp(asyncio.DatagramProtocol):
    def __init__(self, script: UdpScript) -> None:
        self.script = script
        self.queries: list[dns.message.Message] = []
        self.clients: list[Server] = []

    def connection_made(self, transport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: Server) -> None:
        query = dns.message.from_wire(data)
        self.queries.append(query)
        self.clients.append(addr)
        for answer in self.script(query):
            self.transport.sendto(answer, addr)


class ScriptedTcp(asyncio.Protocol):
    def __init__(self, script: TcpScript) -> None:
        self.script = script

    def connection_made(self, transport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(self.script(dns.message.from_wire(data[2:])))
        self.transport.close()


@asynccontextmanager
async def scripted(
    udp: UdpScript, tcp: TcpScript | None = None
) -> AsyncIterator[tuple[Server, ScriptedUdp]]:
    """Serve the scripts on one port; without a TCP script that port is closed."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: ScriptedTcp(tcp or (lambda query: b"")), "127.0.0.1", 0
    )
    port = server.sockets[0].getsockname()[1]
    transport, protocol = await loop.create_datagram_endpoint(
        lambda: ScriptedUdp(udp), local_addr=("127.0.0.1", port)
    )
    if tcp is None:
        server.close()
        await server.wait_closed()
    try:
        yield ("127.0.0.1", port), protocol
    finally:
        transport.abort()
        server.close()
        await server.wait_closed()


def closed_port() -> Server:
    """An address at which nothing listens."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()


def reply(query: dns.message.Message, *lines: str, rcode=dns.rcode.NOERROR, flags=0) -> bytes:
    """A response with ``lines`` (zone-file text) in the answer section."""
    response = dns.message.make_response(query, recursion_available=True)
    response.set_rcode(rcode)
    response.flags |= flags
    for line in lines:
        name, rtype, data = line.split(None, 2)
        response.answer.append(dns.rrset.from_text(name, 60, "IN", rtype, data))
    return response.to_wire()


def framed(message: bytes) -> bytes:
    return struct.pack("!H", len(message)) + message
