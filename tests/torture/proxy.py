"""The wire with the fault: a loopback proxy between the walk's dialer and the lab's servers.

It passes octets on as they come and remembers what it passed on, until the one that the armed fault
stands at.  Both sides are real sockets: a FIN is a FIN and a RST is a RST.
"""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from tests.torture.faults import CHANGES, DELAY_S, Fault, Way, changed

_LINGER = struct.pack("ii", 1, 0)
_TLS_HANDSHAKE = 0x16


@dataclass(slots=True)
class Armed:
    """A fault that waits for its octet; ``hit`` once it has been done."""

    way: Way
    position: int
    fault: Fault
    hit: bool = False


@dataclass(slots=True)
class Passed:
    """What one proxied connection passed on, and the octets each side wrote.

    ``told`` is how the walk's side was told of an end: ``fin``, ``rst``.
    """

    name: str
    to_client: bytearray = field(default_factory=bytearray)
    to_server: bytearray = field(default_factory=bytearray)
    from_client: int = 0
    from_server: int = 0
    tls_from: int = -1  # what the server had sent when TLS began
    clear: int = -1  # what of it had been passed on
    told: set[str] = field(default_factory=set)


class Link:
    """One proxied connection."""

    def __init__(self, passed: Passed, armed: Armed | None) -> None:
        self.passed = passed
        self.armed = armed
        self.client = _Side(self, Way.CLIENT)
        self.server = _Side(self, Way.SERVER)
        self._stalled: set[Way] = set()
        self._held: dict[Way, bytearray] = {}
        self._timer: asyncio.TimerHandle | None = None
        self.over = False

    def came(self, way: Way, data: bytes) -> None:
        """Pass on what one side sent."""
        passed = self.passed
        begun = passed.from_client if way is Way.CLIENT else passed.from_server
        if way is Way.CLIENT:
            if passed.tls_from < 0 and data[0] == _TLS_HANDSHAKE:
                passed.tls_from = passed.from_server
                passed.clear = len(passed.to_client)
            passed.from_client += len(data)
        else:
            passed.from_server += len(data)
        if way in self._stalled:
            return
        if way in self._held:
            self._held[way] += data
            return
        armed = self.armed
        at = armed.position - begun if armed and armed.way is way and not armed.hit else -1
        if armed is not None and 0 <= at < len(data):
            armed.hit = True
            self._harm(way, armed.fault, data, at)
        else:
            self._pass(way, data)

    def _harm(self, way: Way, fault: Fault, data: bytes, at: int) -> None:
        if fault in CHANGES:
            self._pass(way, changed(fault, data, at))
            return
        self._pass(way, data[:at])
        if fault is Fault.DELAY:
            self._held[way] = bytearray(data[at:])
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(DELAY_S, self._release, way)
            return
        self._stalled.add(way)
        self.end(way, fault)

    def end(self, way: Way, fault: Fault) -> None:
        """End the connection as the receiver of ``way``'s octets sees it."""
        receiver = self.server if way is Way.CLIENT else self.client
        match fault:
            case Fault.HALF_CLOSE:
                receiver.finish()
            case Fault.CLOSE | Fault.NOTIFY:
                self._stalled |= {Way.CLIENT, Way.SERVER}
                self.client.close()
                self.server.close()
            case Fault.RESET:
                self._stalled |= {Way.CLIENT, Way.SERVER}
                self.client.reset()
                self.server.reset()
            case _:
                self._stalled.add(way)

    def _release(self, way: Way) -> None:
        held = bytes(self._held.pop(way))
        self._pass(way, held)
        sender = self.client if way is Way.CLIENT else self.server
        if sender.ended:
            self.ended(way)

    def _pass(self, way: Way, data: bytes) -> None:
        if not data:
            return
        if way is Way.CLIENT:
            self.passed.to_server += data
            self.server.write(data)
        else:
            self.passed.to_client += data
            self.client.write(data)

    def ended(self, way: Way) -> None:
        """Pass a FIN on, behind what is still held back."""
        if way not in self._held and way not in self._stalled:
            (self.server if way is Way.CLIENT else self.client).finish()
        if self.client.ended and self.server.ended and not self._held:
            self.client.close()
            self.server.close()

    def lost(self, way: Way) -> None:
        """One side's socket is gone: so goes the other."""
        if self._timer is not None:
            self._timer.cancel()
        other = self.server if way is Way.CLIENT else self.client
        other.close()

    def drop(self) -> None:
        """End it for good, whatever its state; the walk is over, and is told nothing any more."""
        self.over = True
        if self._timer is not None:
            self._timer.cancel()
        self.client.abort()
        self.server.abort()


class _Side(asyncio.Protocol):
    """One of the two sockets; ``way`` is the direction of what comes from it."""

    def __init__(self, link: Link, way: Way) -> None:
        self._link = link
        self._way = way
        self._transport: asyncio.Transport | None = None
        self._early: list[bytes] = []
        self._finish = False
        self._close = False
        self.ended = False
        self.gone = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        sock: socket.socket = transport.get_extra_info("socket")
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for data in self._early:
            transport.write(data)
        self._early = []
        if self._finish:
            self.finish()
        if self._close:
            transport.close()

    def meets(self, other: socket.socket) -> bool:
        """Whether this is the other end of that socket.

        A port alone does not say so: the kernel gives the same one to connections that go elsewhere.
        """
        if self._transport is None:
            return False
        ours = [self._transport.get_extra_info(name) for name in ("sockname", "peername")]
        return ours == [other.getpeername(), other.getsockname()]

    def data_received(self, data: bytes) -> None:
        self._link.came(self._way, data)

    def eof_received(self) -> bool:
        self.ended = True
        self._link.ended(self._way)
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        self.gone = True
        self._link.lost(self._way)

    def write(self, data: bytes) -> None:
        if self._transport is None:
            self._early.append(data)
        elif not self._finish and not self._transport.is_closing():
            self._transport.write(data)

    def finish(self) -> None:
        """Send FIN; nothing is written after it."""
        self._tell("fin")
        self._finish = True
        if self._transport is None:
            return
        if not self._transport.is_closing() and self._transport.can_write_eof():
            try:
                self._transport.write_eof()
            except OSError:
                self._transport.abort()

    def close(self) -> None:
        """Send FIN and listen no more."""
        self._tell("fin")
        self._close = True
        if self._transport is not None and not self._transport.is_closing():
            self._transport.close()

    def reset(self) -> None:
        """Send RST."""
        self._tell("rst")
        self._close = True
        if self._transport is not None and not self.gone:
            sock = self._transport.get_extra_info("socket")
            if sock is not None and sock.fileno() >= 0:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
            self._transport.abort()

    def _tell(self, what: str) -> None:
        if self._way is Way.CLIENT and not self._link.over:
            self._link.passed.told.add(what)

    def abort(self) -> None:
        self._close = True
        if self._transport is not None:
            self._transport.abort()


class Proxy:
    """Stands before one of the lab's ports; its connections are numbered as they come."""

    def __init__(self, name: str, target: tuple[str, int], links: "Links") -> None:
        self._name = name
        self._target = target
        self._links = links
        self._server: asyncio.Server | None = None
        self.port = 0

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def _accept(self) -> asyncio.Protocol:
        link = self._links.new(self._name)
        self._links.spawn(self._connect(link))
        return link.client

    async def _connect(self, link: Link) -> None:
        loop = asyncio.get_running_loop()
        with contextlib.suppress(OSError):  # the walk was over before
            await loop.create_connection(lambda: link.server, *self._target)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()


class Links:
    """The connections of the walk at hand, and the fault that is armed for one of them."""

    def __init__(self, spawn: Callable[[Any], object]) -> None:
        self.spawn = spawn
        self.all: list[Link] = []
        self.armed: dict[str, Armed] = {}
        self._counts: dict[str, int] = {}

    def new(self, name: str) -> Link:
        self._counts[name] = self._counts.get(name, 0) + 1
        label = f"{name}{self._counts[name]}"
        link = Link(Passed(name=label), self.armed.get(label))
        self.all.append(link)
        return link

    def begin(
        self, armed: dict[str, Armed], made: Mapping[str, int] = MappingProxyType({})
    ) -> None:
        """Forget the walk before; ``made`` counts this one's connections that are not made again."""
        self.all, self.armed, self._counts = [], armed, dict(made)

    def named(self, name: str) -> Link | None:
        return next((link for link in self.all if link.passed.name == name), None)

    def drop(self) -> None:
        for link in self.all:
            link.drop()
