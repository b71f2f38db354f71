"""Our own lab's SMTP hosts on fixed loopback addresses: they take messages, and note each ClientHello.

All of them live in one thread, for real senders deliver to them while the tests wait.
"""

import asyncio
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from mxwalk.lab.channel import Channel, PeerGone
from mxwalk.lab.host import HostSpec, to_octets
from mxwalk.lab.pki import ServerIdentity
from mxwalk.lab.smtp_script import SmtpSession
from mxwalk.tls.hellos import ClientHello, read_client_hello

_HEADERS = 5 + 4  # RFC 8446 5.1, 4: those of the record and of the message


@dataclass(frozen=True)
class Heard:
    """A ClientHello: the host it came to, the name the client gave with EHLO, its octets."""

    address: str
    client: str
    octets: int
    hello: ClientHello


@dataclass(frozen=True)
class Taken:
    """A message: the host that took it, the name the client gave, whether it came inside TLS."""

    address: str
    client: str
    encrypted: bool


@dataclass(frozen=True)
class Place:
    """Where a host stands, how it behaves, what it presents."""

    address: str
    port: int
    spec: HostSpec
    identity: ServerIdentity


class _Session(SmtpSession):
    def __init__(self, place: Place, channel: Channel, notes: "OurHosts") -> None:
        super().__init__(place.spec, place.identity, channel)
        self._place = place
        self._notes = notes
        self._client = ""
        scripted = to_octets(place.spec.replies.get("STARTTLS", ""))
        self._long_go_ahead = scripted if scripted.startswith(b"220-") else b""

    async def _answer(self, verb: str, argument: bytes) -> bool:
        if verb == "EHLO":
            self._client = argument.decode("ascii", "replace").strip()
        if verb == "STARTTLS" and self._long_go_ahead:
            await self._channel.send(self._long_go_ahead)
            return await self._shake_hands(self._place.identity)
        if verb != "DATA":
            return await super()._answer(verb, argument)
        await self._channel.send(b"354 go\r\n")
        while await self._channel.read_line() != b".\r\n":
            pass
        address, encrypted = self._place.address, self._channel.encrypted
        self._notes.taken.append(Taken(address, self._client, encrypted))
        await self._channel.send(b"250 2.0.0 taken\r\n")
        return True

    async def _shake_hands(self, mine: ServerIdentity) -> bool:
        octets = await self._channel.client_hello_octets()
        hello = read_client_hello(self._channel._hello[_HEADERS:])
        self._notes.heard.append(Heard(self._place.address, self._client, octets, hello))
        return await super()._shake_hands(mine)


def _close(client: socket.socket, _: "asyncio.Task[None]") -> None:
    client.close()


class OurHosts(threading.Thread):
    """The hosts, listening once constructed; ``heard`` and ``taken`` grow while they serve."""

    def __init__(self, places: Sequence[Place]) -> None:
        super().__init__(daemon=True)
        self.heard: list[Heard] = []
        self.taken: list[Taken] = []
        self._listening = [
            (place, socket.create_server((place.address, place.port), backlog=60))
            for place in places
        ]
        for _, listener in self._listening:
            listener.setblocking(False)
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()

    def run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    def close(self) -> None:
        """Stop serving; every socket is closed afterwards."""
        if self.is_alive():
            self._loop.call_soon_threadsafe(self._over.set)
            self.join(5)
        for _, listener in self._listening:
            listener.close()

    async def _serve(self) -> None:
        async with asyncio.TaskGroup() as group:
            accepting = [
                group.create_task(self._accept(place, listener, group))
                for place, listener in self._listening
            ]
            await self._over.wait()
            for task in accepting:
                task.cancel()

    async def _accept(
        self, place: Place, listener: socket.socket, group: asyncio.TaskGroup
    ) -> None:
        sessions = []
        try:
            while True:
                client, _ = await asyncio.get_running_loop().sock_accept(listener)
                session = group.create_task(self._meet(place, client))
                session.add_done_callback(partial(_close, client))  # it may never have begun
                sessions.append(session)
        finally:
            for session in sessions:
                session.cancel()

    async def _meet(self, place: Place, client: socket.socket) -> None:
        with client, suppress(PeerGone):
            client.setblocking(False)
            await _Session(place, Channel(client, 0.0), self).run()
