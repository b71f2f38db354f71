"""The lab's DNS server: UDP and TCP on one loopback port, answering as a validating recursor.

Faults are data: a question can be refused, left without an answer, answered with garbage and so on.
What cannot be read gets FORMERR or silence; nothing a client sends ends the server.
"""

import asyncio
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import cast

from mxwalk.clock import Clock, SystemClock
from mxwalk.lab.dns_faults import Fault
from mxwalk.lab.dns_replies import Replies
from mxwalk.lab.recursor import Recursor
from mxwalk.lab.zones import ZoneSpec
from mxwalk.limits import DNS_MESSAGE_BYTES

_PORT_TRIES = 20
_Respond = Callable[[bytes, bool], bytes | None]


class LabDns:
    """A recursor for a root of its own.

    ``faults`` maps (name without trailing dot, type) to a fault, with ``*`` for any; every answer
    is held back ``rtt_s`` seconds.  ``clock`` gives the time the signatures are made around.
    Raises ``ScenarioError`` when a zone cannot be read.
    """

    def __init__(
        self,
        zones: Sequence[ZoneSpec],
        faults: Mapping[tuple[str, str], Fault],
        rtt_s: float = 0.0,
        *,
        clock: Clock | None = None,
    ) -> None:
        self.address = "127.0.0.1"
        self.port = 0
        self._recursor = Recursor(zones, (clock or SystemClock()).now())
        self._replies = Replies(self._recursor, faults)
        self._rtt_s = rtt_s
        self._udp: asyncio.DatagramTransport | None = None
        self._tcp: asyncio.Server | None = None
        self._streams: set[asyncio.Transport] = set()

    @property
    def trust_anchor(self) -> str:
        """The root's DS record as a zone-file line."""
        return self._recursor.trust_anchor

    @property
    def questions(self) -> Sequence[tuple[str, str, str]]:
        """What was asked so far: transport, name, type."""
        return self._replies.questions

    async def start(self) -> None:
        """Bind an ephemeral port, the same for UDP and TCP, and answer from then on."""
        loop = asyncio.get_running_loop()
        for remaining in reversed(range(_PORT_TRIES)):
            # Serving is begun apart: a server that is cancelled while it begins would be lost.
            self._tcp = await loop.create_server(
                lambda: _Stream(self._replies.respond, self._rtt_s, self._streams),
                self.address,
                0,
                start_serving=False,
            )
            self.port = self._tcp.sockets[0].getsockname()[1]
            try:
                self._udp, _ = await loop.create_datagram_endpoint(
                    lambda: _Datagrams(self._replies.respond, self._rtt_s),
                    local_addr=(self.address, self.port),
                )
            except OSError:  # somebody else has this port for UDP
                self._tcp.close()
                if not remaining:
                    raise
            else:
                await self._tcp.start_serving()
                return

    async def stop(self) -> None:
        """Close all sockets; answers still held back are dropped."""
        if self._udp is not None:
            self._udp.abort()
        for stream in tuple(self._streams):
            stream.abort()
        if self._tcp is not None:
            self._tcp.close()
            await self._tcp.wait_closed()
        self._udp = self._tcp = None


class _Datagrams(asyncio.DatagramProtocol):
    """Answers each datagram after the round-trip time."""

    def __init__(self, respond: _Respond, rtt_s: float) -> None:
        self._respond = respond
        self._rtt_s = rtt_s
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's name
        self._transport = None

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        answer = self._respond(data, False)
        if answer is not None:
            asyncio.get_running_loop().call_later(self._rtt_s, self._send, answer, addr)

    def _send(self, answer: bytes, addr: tuple[str, int]) -> None:
        if self._transport is not None:
            self._transport.sendto(answer, addr)


class _Stream(asyncio.Protocol):
    """Answers length-prefixed messages of one connection (RFC 1035 4.2.2)."""

    def __init__(self, respond: _Respond, rtt_s: float, streams: set[asyncio.Transport]) -> None:
        self._respond = respond
        self._rtt_s = rtt_s
        self._streams = streams
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._streams.add(self._transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's name
        if self._transport is not None:
            self._streams.discard(self._transport)
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while len(self._buffer) >= 2:
            (length,) = struct.unpack_from("!H", self._buffer)
            if len(self._buffer) < 2 + length:
                return
            query = bytes(self._buffer[2 : 2 + length])
            del self._buffer[: 2 + length]
            answer = self._respond(query, True)
            if answer is not None and len(answer) <= DNS_MESSAGE_BYTES:
                framed = struct.pack("!H", len(answer)) + answer
                asyncio.get_running_loop().call_later(self._rtt_s, self._send, framed)

    def _send(self, framed: bytes) -> None:
        if self._transport is not None:
            self._transport.write(framed)
