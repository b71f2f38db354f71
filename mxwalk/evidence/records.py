"""What moved in the place of TLS records told apart: records, and octets that are none.

After the 220 to STARTTLS all octets are noted as TLS records, before anybody can know what they are.  A
record is known by its header (RFC 8446 5.1), from the first octet of a direction's flight on; where
one should begin and none does, that octet and all behind it are no TLS.  Records are not read here.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from mxwalk.evidence.step import Step
from mxwalk.evidence.wire import Layer, WireChunk

_HEADER_OCTETS = 5
_CONTENT_TYPES = range(20, 25)  # RFC 8446 B.1, RFC 6520 for heartbeat (24)
_MAJOR_VERSION = 3
_MOST_OCTETS = 2**14 + 2048  # RFC 5246 6.2.3: of a record that is encrypted


class _Flight:
    """What one side sends in the place of records, from its first octet on."""

    def __init__(self) -> None:
        self._header = b""
        self._left = 0  # of the record that is being sent
        self._is_tls = True

    def records(self, data: bytes) -> int:
        """Return how many of the next octets are records; those behind them are none."""
        at = 0
        while self._is_tls and at < len(data):
            if self._left:
                moved = min(self._left, len(data) - at)
                self._left -= moved
                at += moved
                continue
            part = data[at : at + _HEADER_OCTETS - len(self._header)]
            self._header += part
            self._is_tls = _begins_record(self._header)
            if not self._is_tls:
                break
            at += len(part)
            if len(self._header) == _HEADER_OCTETS:
                self._left, self._header = int.from_bytes(self._header[3:]), b""
        return at


def _begins_record(header: bytes) -> bool:
    return (
        header[0] in _CONTENT_TYPES
        and (len(header) < 2 or header[1] == _MAJOR_VERSION)
        and (len(header) < _HEADER_OCTETS or int.from_bytes(header[3:]) <= _MOST_OCTETS)
    )


def told_apart(steps: Iterable[Step]) -> Iterator[tuple[Step, tuple[WireChunk, ...]]]:
    """Yield each step with its chunks; octets in the place of records that are none are clear text.

    The steps are those of whole connections, in their order.
    """
    flights: defaultdict[object, _Flight] = defaultdict(_Flight)
    for step in steps:
        chunks: list[WireChunk] = []
        for chunk in step.wire:
            flight = (step.scope, chunk.direction)
            if chunk.layer is Layer.CLEAR:  # before TLS, so that another connection may have begun
                flights.pop(flight, None)
            if chunk.layer is Layer.TLS_RECORDS:
                chunks.extend(_parted(chunk, flights[flight].records(chunk.data)))
            else:
                chunks.append(chunk)
        yield step, tuple(chunks)


def _parted(chunk: WireChunk, records: int) -> Iterator[WireChunk]:
    if records == len(chunk.data):
        yield chunk
        return
    if records:
        yield msgspec.structs.replace(chunk, data=chunk.data[:records])
    yield msgspec.structs.replace(chunk, layer=Layer.CLEAR, data=chunk.data[records:])
