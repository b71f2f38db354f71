"""Faults in the plaintext inside TLS: the lab's servers speak through a TLS that harms it.

The octets of the server are harmed before they are encrypted, those of the client after they were
decrypted, so that TLS itself is whole.  Where the connection is to end in the midst, what stands
before is a record of its own, and the proxy does the rest behind it.
"""

import asyncio
import socket

from mxwalk.evidence.wire import Ending
from mxwalk.lab.channel import Channel
from mxwalk.tls.server import ServerEngine
from tests.torture.faults import CHANGES, Fault, Way, changed
from tests.torture.proxy import Armed, Link, Links

_TURNS = 20_000


class HarmingEngine:
    """The server's TLS with a fault inside, and a record of the plaintext that it passed on."""

    def __init__(self, engine: ServerEngine, link: Link, armed: Armed | None) -> None:
        self._engine = engine
        self._link = link
        self._armed = armed
        self._ready = b""
        self._handed = 0  # octets of records
        self._spoken = 0
        self._heard = 0
        self._mute = False
        self._deaf = False
        self.sent = bytearray()
        self.heard = bytearray()

    @property
    def failure(self) -> Ending | None:
        return self._engine.failure

    @property
    def peer_closed(self) -> bool:
        return self._engine.peer_closed

    def feed(self, data: bytes) -> None:
        self._engine.feed(data)

    def advance(self) -> bool:
        return self._engine.advance()

    def outgoing(self) -> bytes:
        self._collect()
        ready, self._ready = self._ready, b""
        return ready

    def close(self) -> None:
        self._engine.close()

    def encrypt(self, data: bytes) -> None:
        begun, self._spoken = self._spoken, self._spoken + len(data)
        if self._mute:
            return
        at = self._place(Way.SERVER, begun, data)
        if at is None:
            self._send(data)
            return
        armed = self._armed
        assert armed is not None
        armed.hit = True
        if armed.fault in CHANGES:
            self._send(changed(armed.fault, data, at))
            return
        if at:
            self._send(data[:at])
        self._collect()
        if armed.fault is Fault.NOTIFY:
            self._engine.close()
            self._collect()
            self._ready += b"\0"  # the octet at which the proxy ends the connection
            self._mute = True
        position = self._link.passed.tls_from + self._handed
        self._link.armed = Armed(way=Way.SERVER, position=position, fault=armed.fault)
        if not self._mute:
            self._engine.encrypt(data[at:])
            if armed.fault is Fault.DELAY:
                self.sent += data[at:]

    def decrypt(self) -> bytes:
        data = self._engine.decrypt()
        if not data or self._deaf:
            return b""
        begun, self._heard = self._heard, self._heard + len(data)
        self.heard += data
        at = self._place(Way.CLIENT, begun, data)
        if at is None:
            return data
        armed = self._armed
        assert armed is not None
        armed.hit = True
        if armed.fault in CHANGES:
            return changed(armed.fault, data, at)
        self._deaf = True
        if armed.fault is not Fault.STALL:
            self._link.end(Way.CLIENT, armed.fault)
        return data[:at]

    def _place(self, way: Way, begun: int, data: bytes) -> int | None:
        armed = self._armed
        if armed is None or armed.hit or armed.way is not way:
            return None
        at = armed.position - begun
        return at if 0 <= at < len(data) else None

    def _send(self, data: bytes) -> None:
        self.sent += data
        self._engine.encrypt(data)

    def _collect(self) -> None:
        records = self._engine.outgoing()
        self._handed += len(records)
        self._ready += records


class Inside:
    """What is said inside TLS in the walk at hand, by the connection's name."""

    def __init__(self, links: Links) -> None:
        self._links = links
        self.armed: dict[str, Armed] = {}
        self.engines: dict[str, HarmingEngine] = {}

    def begin(self, armed: dict[str, Armed]) -> None:
        """Forget the walk before."""
        self.armed, self.engines = armed, {}

    def channel(self, sock: socket.socket, rtt_s: float) -> Channel:
        """Make the channel of a connection that has come in at the lab."""
        return _HarmedChannel(sock, rtt_s, self)

    async def wrap(self, sock: socket.socket, engine: ServerEngine) -> ServerEngine | HarmingEngine:
        """Return the TLS that harms what goes through ``engine``, for what came by the proxy."""
        for _ in range(_TURNS):  # the proxy learns of its connection a turn later than the lab
            link = next((one for one in self._links.all if one.server.meets(sock)), None)
            if link is not None:
                break
            await asyncio.sleep(0)
        else:
            return engine
        name = link.passed.name
        harming = HarmingEngine(engine, link, self.armed.get(name))
        self.engines[name] = harming
        return harming


class _HarmedChannel(Channel):
    def __init__(self, sock: socket.socket, rtt_s: float, inside: Inside) -> None:
        super().__init__(sock, rtt_s)
        self._inside = inside

    async def start_tls(self, engine: ServerEngine) -> bool:
        wrapped = await self._inside.wrap(self._sock, engine)
        return await super().start_tls(wrapped)  # type: ignore[arg-type]
