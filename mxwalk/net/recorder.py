"""Every byte that moved on one connection, in both directions, with its time."""

from collections.abc import Callable

from mxwalk.evidence.wire import Direction, Layer, WireChunk


class Recorder:
    """Collects chunks as they moved; ``now`` gives seconds from any fixed start.

    Second 0 of the record is the moment the recorder is made: the start of dialling.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._start = now()
        self._chunks: list[WireChunk] = []

    def elapsed_s(self) -> float:
        """Return the seconds since the connection's start."""
        return self._now() - self._start

    def record(
        self, direction: Direction, layer: Layer, data: bytes, at_s: float | None = None
    ) -> None:
        """Keep ``data`` as one chunk that moved at ``at_s`` (default: now)."""
        if data:
            moment = self.elapsed_s() if at_s is None else at_s
            self._chunks.append(WireChunk(at_s=moment, direction=direction, layer=layer, data=data))

    def take(self) -> tuple[WireChunk, ...]:
        """Return the chunks since the last call, in order of time."""
        chunks = tuple(sorted(self._chunks, key=lambda chunk: chunk.at_s))
        self._chunks.clear()
        return chunks
