"""The server's end of one lab connection: a non-blocking socket, and TLS over it once it is started.

Sending waits for the simulated round trip since the last bytes came.  ``PeerGone`` ends a session
when the client has closed, reset or stopped sending; every limit here bounds what a client can make
the lab do.
"""

import asyncio
import socket
import struct

from mxwalk.tls.server import ServerEngine

_READ_BYTES = 65_536
_COMMAND_BYTES = 8 * 1024
_IDLE_S = 3_600.0  # RFC 5321 4.5.3.2.7: five minutes at least; a person who walks may pause longer
_LINGER_S = 2.0
_HANDSHAKE = 22  # RFC 8446 5.1: ContentType
_HELLO_LENGTH_AT = 6  # behind the record's header (RFC 8446 5.1) and the message's type
_RST_ON_CLOSE = struct.pack("hh" if hasattr(socket, "SIO_RCVALL") else "ii", 1, 0)


class PeerGone(Exception):
    """The client is no longer there, or not worth listening to."""


class Channel:
    """Bytes to and from one client; ``rtt_s`` passes between a client's bytes and the answer."""

    def __init__(self, sock: socket.socket, rtt_s: float) -> None:
        self._sock = sock
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # a dripped octet is a packet
        self._loop = asyncio.get_running_loop()
        self._rtt_s = rtt_s
        self._heard_at = self._loop.time()
        self._buffer = b""
        self._hello = b""
        self._engine: ServerEngine | None = None

    @property
    def encrypted(self) -> bool:
        """Whether TLS is up."""
        return self._engine is not None

    async def send(self, data: bytes) -> None:
        """Send ``data``, inside TLS when that is up.  Raises ``PeerGone``."""
        await self._let_round_trip_pass()
        if self._engine is not None:
            self._engine.encrypt(data)
            data = self._engine.outgoing()
        await self._send_raw(data)

    async def read_line(self) -> bytes:
        """Return the next line with its ending.  Raises ``PeerGone``."""
        while b"\n" not in self._buffer:
            if len(self._buffer) > _COMMAND_BYTES:
                raise PeerGone("the command line has no end")
            self._buffer += await self._receive()
        line, newline, self._buffer = self._buffer.partition(b"\n")
        return line + newline

    async def receive(self) -> bytes:
        """Return what the client sends next, as it comes.  Raises ``PeerGone``."""
        if self._buffer:
            data, self._buffer = self._buffer, b""
            return data
        return await self._receive()

    async def wait_for_bytes(self) -> None:
        """Take and forget what the client sends next.  Raises ``PeerGone``."""
        if self._buffer:
            self._buffer = b""
        else:
            await self._receive_raw()

    async def wait_until_gone(self) -> None:
        """Read and forget until the client goes.  Raises ``PeerGone`` then."""
        while True:
            await self._receive_raw()

    async def client_hello_octets(self) -> int:
        """Wait for the beginning of TLS; return the size its ClientHello states (RFC 8446 4).

        What is no TLS has none.  The bytes are kept for ``start_tls``.  Raises ``PeerGone``.
        """
        self._buffer = b""  # as in ``start_tls``: what came in clear is dropped
        while len(self._hello) < _HELLO_LENGTH_AT + 3:
            self._hello += await self._receive_raw()
        if self._hello[0] != _HANDSHAKE:
            return 0
        return 4 + int.from_bytes(self._hello[_HELLO_LENGTH_AT : _HELLO_LENGTH_AT + 3], "big")

    async def start_tls(self, engine: ServerEngine) -> bool:
        """Carry out the handshake; say whether TLS is up.  Raises ``PeerGone``."""
        # Commands pipelined behind STARTTLS in clear are dropped (RFC 3207 4.2, CVE-2011-0411).
        self._buffer = b""
        engine.feed(self._hello)
        self._hello = b""
        while True:
            done = engine.advance()
            if records := engine.outgoing():
                if not done:  # session tickets wait for nothing
                    await self._let_round_trip_pass()
                await self._send_raw(records)
            if done:
                self._engine = engine
                return True
            if engine.failure is not None:
                return False
            engine.feed(await self._receive_raw())

    async def close(self) -> None:
        """Say goodbye in TLS and send FIN; ends when the client has closed as well, or soon."""
        try:
            if self._engine is not None:
                self._engine.close()
                await self._send_raw(self._engine.outgoing())
            self._sock.shutdown(socket.SHUT_WR)
            # Closing with unread bytes would send RST and could destroy the last reply.
            async with asyncio.timeout(_LINGER_S):
                await self.wait_until_gone()
        except (PeerGone, OSError, TimeoutError):
            return

    def reset(self) -> None:
        """Close with RST."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RST_ON_CLOSE)
        self._sock.close()

    async def _let_round_trip_pass(self) -> None:
        remaining = self._heard_at + self._rtt_s - self._loop.time()
        if remaining > 0:
            await asyncio.sleep(remaining)

    async def _receive(self) -> bytes:
        if self._engine is None:
            return await self._receive_raw()
        while True:
            if plain := self._engine.decrypt():
                return plain
            if self._engine.failure is not None or self._engine.peer_closed:
                raise PeerGone("TLS has ended")
            self._engine.feed(await self._receive_raw())

    async def _receive_raw(self) -> bytes:
        try:
            async with asyncio.timeout(_IDLE_S):
                data = await self._loop.sock_recv(self._sock, _READ_BYTES)
        except (OSError, TimeoutError) as error:
            raise PeerGone(str(error)) from error
        if not data:
            raise PeerGone("the client closed")
        self._heard_at = self._loop.time()
        return data

    async def _send_raw(self, data: bytes) -> None:
        try:
            async with asyncio.timeout(_IDLE_S):
                await self._loop.sock_sendall(self._sock, data)
        except (OSError, TimeoutError) as error:
            raise PeerGone(str(error)) from error
