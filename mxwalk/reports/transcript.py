"""The dialogue line by line with its times, from the bytes as they moved.

A line's time is that of its first byte.  CRLF at the end is left out; any other line ending, and
every character that is not printable, is shown as an escape.  TLS records are counted, not
shown; octets that came in their place and are none are shown as lines.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from mxwalk.evidence.records import told_apart
from mxwalk.evidence.step import Step
from mxwalk.evidence.wire import Layer, WireChunk
from mxwalk.language import say
from mxwalk.reports.model_connection import WireLine
from mxwalk.text import visible

LINE_CHARS = 1_000


def transcript(steps: Iterable[Step]) -> tuple[WireLine, ...]:
    """Return the lines of one connection in the order in which they moved.

    Those of the look for the other leaf come last; their times count from its own connection.
    """
    chunks = [chunk for _, moved in told_apart(steps) for chunk in moved]
    lines: list[WireLine] = []
    for (direction, layer), run in groupby(chunks, key=lambda item: (item.direction, item.layer)):
        moved = list(run)
        found = _records(moved) if layer is Layer.TLS_RECORDS else _lines(moved)
        lines.extend(
            WireLine(at_s=at_s, by=direction.value, layer=layer.value, text=text)
            for at_s, text in found
        )
    return tuple(lines)


def _lines(chunks: Sequence[WireChunk]) -> Iterator[tuple[float, str]]:
    pending, begun = b"", 0.0
    for chunk in chunks:
        if not pending:
            begun = chunk.at_s
        *whole, pending = (pending + chunk.data).split(b"\n")
        for line in whole:
            yield begun, _shown(line + b"\n")
            begun = chunk.at_s
    if pending:
        yield begun, _shown(pending)


def _records(chunks: Sequence[WireChunk]) -> Iterator[tuple[float, str]]:
    size = sum(len(chunk.data) for chunk in chunks)
    yield chunks[0].at_s, say("(TLS records, {size} octets)", size=size)


def _shown(line: bytes) -> str:
    return visible(line.removesuffix(b"\r\n"), LINE_CHARS)
