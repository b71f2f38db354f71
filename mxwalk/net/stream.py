"""One TCP connection at asyncio's protocol level: FIN, RST and silence stay distinguishable.

``StreamReader`` folds these together, so the callbacks of ``asyncio.Protocol`` are used directly.
Arrived bytes wait in a bounded queue; beyond the bound reading pauses and TCP's window holds the
sender back.  A FIN leaves our direction open, so that a half-close can be observed.
"""

import asyncio
import errno
import socket
from collections import deque

from mxwalk.evidence.wire import Direction, Layer
from mxwalk.limits import RECEIVE_BUFFER_BYTES
from mxwalk.net.recorder import Recorder

_POLL_S = 0.01


class Stream(asyncio.Protocol):
    """The bytes and events of one TCP connection; ``layer`` says what the bytes are now."""

    def __init__(self, recorder: Recorder) -> None:
        self.layer = Layer.CLEAR
        self.fin = False
        self.error: Exception | None = None
        self._recorder = recorder
        self._transport: asyncio.Transport | None = None
        self._arrived: deque[tuple[float, bytes]] = deque()
        self._waiting_bytes = 0
        self._paused = False
        self._changed = asyncio.Event()
        self._writable = asyncio.Event()
        self._writable.set()
        self._lost = asyncio.Event()

    @property
    def lost(self) -> bool:
        """Whether the connection is gone altogether."""
        return self._lost.is_set()

    @property
    def waiting(self) -> bool:
        """Whether something arrived that nobody took yet."""
        return bool(self._arrived)

    @property
    def local_address(self) -> str:
        """Our own address on this connection."""
        name = self._transport and self._transport.get_extra_info("sockname")
        return str(name[0]) if name else ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the transport (asyncio's callback)."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Queue what arrived; pause beyond the bound (asyncio's callback)."""
        at_s = self._recorder.elapsed_s()
        self._recorder.record(Direction.RECEIVED, self.layer, data, at_s)
        self._arrived.append((at_s, data))
        self._waiting_bytes += len(data)
        if self._waiting_bytes >= RECEIVE_BUFFER_BYTES and self._transport and not self._paused:
            self._paused = True
            self._transport.pause_reading()
        self._changed.set()

    def eof_received(self) -> bool:
        """Note the FIN and keep our direction open (asyncio's callback)."""
        self.fin = True
        self._changed.set()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Note the end and its error (asyncio's callback)."""
        self.error = exc
        self._lost.set()
        self._changed.set()
        self._writable.set()

    def pause_writing(self) -> None:
        """Note that the peer reads slower than we write (asyncio's callback)."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """Note that the peer reads again (asyncio's callback)."""
        self._writable.set()

    def take(self) -> tuple[float, bytes] | None:
        """Return the oldest chunk that nobody took yet and when it arrived, without waiting."""
        if not self._arrived:
            self._changed.clear()
            return None
        chunk = self._arrived.popleft()
        self._waiting_bytes -= len(chunk[1])
        if self._paused and self._waiting_bytes <= RECEIVE_BUFFER_BYTES // 2 and not self.lost:
            assert self._transport is not None
            self._paused = False
            self._transport.resume_reading()
        return chunk

    async def wait(self, timeout_s: float) -> bool:
        """Wait until something changes; ``False`` when nothing did for ``timeout_s``."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._changed.wait()
        except TimeoutError:
            return False
        return True

    async def write(self, data: bytes, timeout_s: float) -> bool:
        """Send ``data``; ``False`` when the peer takes nothing for ``timeout_s``."""
        assert self._transport is not None
        if data and not self.lost:
            self._recorder.record(Direction.SENT, self.layer, data)
            self._transport.write(data)
        try:
            async with asyncio.timeout(timeout_s):
                await self._writable.wait()
        except TimeoutError:
            return False
        return True

    async def reset_within(self, timeout_s: float) -> bool:
        """After a FIN, say whether an RST answers what we sent, waiting at most ``timeout_s``."""
        try:
            async with asyncio.timeout(timeout_s):
                while not self.lost and not self._pending_error():  # noqa: ASYNC110 - no event
                    await asyncio.sleep(_POLL_S)
        except TimeoutError:
            return False
        return True

    def _pending_error(self) -> bool:
        """Ask the socket: asyncio no longer listens to one whose FIN it has seen."""
        if self._transport is None:
            return False
        sock = self._transport.get_extra_info("socket")
        try:
            code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        except OSError:
            return True
        return code in {errno.EPIPE, errno.ECONNRESET, errno.ECONNABORTED}

    async def close(self, timeout_s: float) -> None:
        """Flush and close; abort when flushing takes longer, or when cancelled."""
        if self._transport is None:
            return
        try:
            self._transport.close()
            async with asyncio.timeout(timeout_s):
                await self._lost.wait()
        except TimeoutError:
            self.abort()
            await self._lost.wait()
        finally:
            self.abort()

    def abort(self) -> None:
        """Drop the connection at once; the socket is gone by the loop's next turn."""
        if self._transport is not None and not self.lost:
            self._transport.abort()
