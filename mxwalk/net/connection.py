"""One connection to a peer: bytes out, bytes in, an upgrade to TLS in place, a recorded wire.

What the peer does is returned as bytes or as an ``Ending``, never raised.  Bytes that arrived in
the clear before the upgrade are not fed to TLS (RFC 3207 4.2): they stay in ``clear_leftover``.
Cancelling any of the waits drops the connection, for its dialogue can no longer be trusted.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from mxwalk.errors import ProtocolMisuseError
from mxwalk.evidence.wire import Direction, Ending, Layer, WireChunk
from mxwalk.limits import (
    CLOSE_TIMEOUT_S,
    DRIP_FACTOR,
    HANDSHAKE_BYTES,
    SEND_TIMEOUT_S,
    STEP_WIRE_BYTES,
    STEP_WIRE_PIECES,
)
from mxwalk.net import endings
from mxwalk.net.condition import Condition
from mxwalk.net.endings import Peer
from mxwalk.net.engine import TlsEngine
from mxwalk.net.recorder import Recorder
from mxwalk.net.stream import Stream

_IN_HANDSHAKE = " during the TLS handshake"


class Connection:
    """An open connection; made by a dialer.  Times count from the start of dialling."""

    def __init__(self, peer: Peer, stream: Stream, recorder: Recorder) -> None:
        self._peer = peer
        self._stream = stream
        self._recorder = recorder
        self._engine: TlsEngine | None = None
        self._leftover = b""
        self._last_arrival_s = 0.0
        self._read_bytes = 0
        self._closed = False
        self._condition = Condition(peer, stream, recorder.elapsed_s())
        self._local_address = stream.local_address

    @property
    def local_address(self) -> str:
        """The address our packets come from."""
        return self._local_address

    @property
    def clear_leftover(self) -> bytes:
        """Bytes that had arrived in the clear, and nobody had taken, when TLS began."""
        return self._leftover

    @property
    def read_bytes(self) -> int:
        """The octets that were read from the wire so far, with records of TLS and their padding."""
        return self._read_bytes

    def take_wire(self) -> tuple[WireChunk, ...]:
        """Return what moved since the last call, in order of time."""
        return self._recorder.take()

    def take_arrived(self) -> bytes:
        """Return, without waiting, clear bytes that arrived and nobody took; empty under TLS."""
        if self._engine is not None:
            return b""
        parts = []
        while (chunk := self._stream.take()) is not None:
            parts.append(chunk[1])
        return b"".join(parts)

    async def send(self, data: bytes, timeout_s: float = SEND_TIMEOUT_S) -> Ending | None:
        """Send ``data`` (inside TLS after the upgrade); an ending when the peer takes no more.

        While bytes wait to be received, even a lost connection gives no ending here: what the peer
        said last is to be received first.
        """
        with self._dropped_when_cancelled():
            started_s = self._recorder.elapsed_s()
            if self._stream.lost or not self._engine_stands():
                return self._broken(started_s)
            if self._engine is None:
                return await self._write(data, timeout_s, started_s)
            self._recorder.record(Direction.SENT, Layer.TLS_DATA, data)
            self._engine.encrypt(data)
            return await self._write(self._engine.outgoing(), timeout_s, started_s)

    async def receive(self, timeout_s: float, *, heard: bytearray | None = None) -> bytes | Ending:
        """Return the bytes that arrived next, one chunk, or how the connection ended.

        ``timeout_s`` is the time without any byte (under TLS: of any record) after which the ending
        is a timeout; what is left of the connection stays usable then.  Records that bring no
        plaintext keep a wait alive within the limits of a handshake only, and all records since the
        last ``take_wire`` together have theirs, however little plaintext each of them brings.
        ``heard`` is what came before of the same answer, for the words of a timeout.
        """
        with self._dropped_when_cancelled():
            started_s = self._recorder.elapsed_s()
            fed = 0
            while True:
                if plaintext := await self._decrypted(started_s):
                    return plaintext
                chunk = await self._next_chunk(timeout_s, started_s, heard=heard)
                if isinstance(chunk, Ending) or self._engine is None:
                    return chunk
                fed += len(chunk)
                if (ending := self._out_of_bounds(fed, timeout_s, started_s)) is not None:
                    return ending
                self._engine.feed(chunk)

    async def start_tls(
        self, engine: TlsEngine, timeout_s: float, pending: bytes = b""
    ) -> Ending | None:
        """Upgrade in place: drive ``engine``'s handshake; afterwards everything goes through it.

        ``timeout_s`` is the time without a byte from the peer.  ``pending`` are bytes the caller
        already received and wants TLS to see first.
        """
        if self._engine is not None:
            raise ProtocolMisuseError("TLS has already been started on this connection")
        with self._dropped_when_cancelled():
            self._leftover = self.take_arrived()
            self._engine = self._condition.engine = engine
            self._stream.layer = Layer.TLS_RECORDS
            return await self._shake_hands(engine, timeout_s, pending)

    async def close(self, goodbye: bytes = b"") -> Ending | None:
        """Close our side, leaving no socket; return how the peer had ended, ``None`` if it had not.

        ``goodbye`` is sent first.  When the peer has sent a FIN and takes the goodbye without an
        RST, the ending is ``HALF_CLOSED``.
        """
        if self._closed:
            return None
        self._closed = True
        with self._dropped_when_cancelled():
            started_s = self._recorder.elapsed_s()
            ending = await self._part(goodbye, started_s)
            await self._stream.close(CLOSE_TIMEOUT_S)
            return ending

    def abort(self) -> None:
        """Drop the connection at once, without close_notify or flushing."""
        self._closed = True
        self._stream.abort()

    async def _part(self, goodbye: bytes, started_s: float) -> Ending | None:
        if goodbye:
            await self.send(goodbye, CLOSE_TIMEOUT_S)
        ending = self._broken(started_s)
        if ending is None and self._condition.ended_by_peer:
            ending = await self._after_end(started_s)
        if self._engine is not None and not self._stream.lost:
            self._engine.close()
            await self._write(self._engine.outgoing(), CLOSE_TIMEOUT_S, started_s)
        return ending

    async def _shake_hands(
        self, engine: TlsEngine, timeout_s: float, pending: bytes
    ) -> Ending | None:
        started_s = self._recorder.elapsed_s()
        engine.feed(pending)
        fed = len(pending)
        while True:
            finished = engine.advance()
            await self._write(engine.outgoing(), timeout_s, started_s)
            if finished:
                return None
            chunk = await self._next_chunk(timeout_s, started_s, _IN_HANDSHAKE)
            if isinstance(chunk, Ending):
                return chunk
            fed += len(chunk)
            if (ending := self._out_of_bounds(fed, timeout_s, started_s)) is not None:
                return ending
            engine.feed(chunk)

    def _out_of_bounds(self, fed: int, timeout_s: float, started_s: float) -> Ending | None:
        """Return an ending when TLS took too much, or dripped in too long, to no effect."""
        after_s = self._since(started_s)
        if fed > HANDSHAKE_BYTES:
            return endings.too_long(self._peer, HANDSHAKE_BYTES, after_s)
        if self._recorder.received > STEP_WIRE_BYTES:
            return endings.too_much(self._peer, STEP_WIRE_BYTES, after_s)
        if self._recorder.pieces > STEP_WIRE_PIECES:
            return endings.too_many(self._peer, STEP_WIRE_PIECES, after_s)
        if timeout_s and after_s > timeout_s * DRIP_FACTOR:
            return endings.dripping(self._peer, fed, timeout_s, after_s)
        return None

    async def _next_chunk(
        self, timeout_s: float, started_s: float, during: str = "", heard: bytearray | None = None
    ) -> bytes | Ending:
        """Return the next raw bytes; what arrived before an ending comes before the ending."""
        while True:
            if self._engine is not None and self._engine.failure is not None:
                return endings.over_tls(self._peer, self._engine.failure, self._since(started_s))
            if self._engine is not None and self._engine.peer_closed:
                return await self._after_end(started_s)
            chunk = self._stream.take()
            if chunk is not None:
                self._last_arrival_s = chunk[0]
                self._read_bytes += len(chunk[1])
                return chunk[1]
            if (ending := self._broken(started_s)) is not None:
                return ending
            if self._stream.fin:
                return await self._after_end(started_s, during)
            if not await self._stream.wait(timeout_s):
                if heard:
                    return endings.unfinished(self._peer, timeout_s, self._since(started_s), heard)
                began = self._last_arrival_s > started_s
                after_s = self._since(started_s)
                return endings.silence(self._peer, timeout_s, after_s, during, began=began)

    async def _decrypted(self, started_s: float) -> bytes:
        """Return readable plaintext; send what TLS itself has to answer (RFC 8446 4.6.3)."""
        if self._engine is None:
            return b""
        plaintext = self._engine.decrypt()
        self._recorder.record(Direction.RECEIVED, Layer.TLS_DATA, plaintext, self._last_arrival_s)
        await self._write(self._engine.outgoing(), SEND_TIMEOUT_S, started_s)
        return plaintext

    async def _write(self, data: bytes, timeout_s: float, started_s: float) -> Ending | None:
        if data and self._condition.ended_by_peer:
            self._condition.sent_after_end = True
        if await self._stream.write(data, timeout_s):
            return self._broken(started_s)
        return endings.unread(self._peer, timeout_s, self._since(started_s))

    async def _after_end(self, started_s: float, during: str = "") -> Ending:
        if await self._condition.still_listens():
            return self._condition.half_closed(self._since(started_s))
        return self._condition.closed(self._since(started_s), during)

    def _broken(self, started_s: float) -> Ending | None:
        """Return how the connection broke, once everything that arrived before was taken."""
        if self._stream.waiting and self._engine_stands():
            return None
        return self._condition.broken(self._since(started_s))

    def _engine_stands(self) -> bool:
        return self._engine is None or self._engine.failure is None

    def _since(self, started_s: float) -> float:
        return self._recorder.elapsed_s() - started_s

    @contextmanager
    def _dropped_when_cancelled(self) -> Iterator[None]:
        try:
            yield
        except asyncio.CancelledError:
            self.abort()
            raise
