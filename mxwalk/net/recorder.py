"""Every byte that moved on one connection, in both directions, with its time.

A peer may send each octet in a piece of its own.  The first pieces are kept as they came; later ones
are joined to the one before where nothing went the other way in between, under the time of its first
octet.  The counts tell the connection when a peer has sent enough.
"""

from collections.abc import Callable
from dataclasses import dataclass

from mxwalk.evidence.wire import Direction, Layer, WireChunk
from mxwalk.limits import STEP_WIRE_PIECES_TIMED


@dataclass(slots=True)
class _Piece:
    """Some bytes as they moved; ``more`` are those that were joined to them."""

    at_s: float
    direction: Direction
    layer: Layer
    data: bytes
    more: bytearray | None = None

    def join(self, data: bytes) -> None:
        """Take bytes that moved later."""
        if self.more is None:
            self.more = bytearray()
        self.more += data

    def chunk(self) -> WireChunk:
        """Return the evidence."""
        data = self.data if self.more is None else self.data + bytes(self.more)
        return WireChunk(at_s=self.at_s, direction=self.direction, layer=self.layer, data=data)


class Recorder:
    """Collects chunks as they moved; ``now`` gives seconds from any fixed start.

    Second 0 of the record is the moment the recorder is made: the start of dialling.  ``received``
    counts the octets that came since the last ``take``, as they stood on the wire.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._start = now()
        self._pieces: list[_Piece] = []
        self._direction = Direction.SENT
        self._last: dict[Layer, _Piece] = {}  # of that direction, nothing of the other since
        self.received = 0

    @property
    def pieces(self) -> int:
        """How many pieces are kept since the last ``take``."""
        return len(self._pieces)

    def elapsed_s(self) -> float:
        """Return the seconds since the connection's start."""
        return self._now() - self._start

    def record(
        self, direction: Direction, layer: Layer, data: bytes, at_s: float | None = None
    ) -> None:
        """Keep ``data``, which moved at ``at_s`` (default: now)."""
        if not data:
            return
        if direction is Direction.RECEIVED and layer is not Layer.TLS_DATA:
            self.received += len(data)
        if direction is not self._direction:  # what comes now came after an answer to it
            self._direction = direction
            self._last.clear()
        last = self._last.get(layer)
        if last is not None and len(self._pieces) >= STEP_WIRE_PIECES_TIMED:
            last.join(data)
            return
        moment = self.elapsed_s() if at_s is None else at_s
        piece = _Piece(moment, direction, layer, data)
        self._last[layer] = piece
        self._pieces.append(piece)

    def take(self) -> tuple[WireChunk, ...]:
        """Return the chunks since the last call, in order of time."""
        chunks = tuple(piece.chunk() for piece in sorted(self._pieces, key=lambda one: one.at_s))
        self._pieces.clear()
        self._last.clear()
        self.received = 0
        return chunks
