"""Gzip, piece by piece, within bounds: what unpacks to more than allowed is refused before it does."""

import zlib
from collections.abc import Generator, Iterable, Iterator

from mxwalk.language import say
from mxwalk.limits import REPORT_GZIP_MEMBERS, REPORT_RATIO_FROM
from mxwalk.reportfiles.errors import DamagedError, NoReportError
from mxwalk.reportfiles.sniffing import GZIP

_WINDOW = 31  # zlib's window bits for a gzip header and trailer
_PIECE = 1024 * 1024
_SLICE = 64 * 1024  # what is handed over at once, and copied at the end of a member
_MIB = 1024 * 1024


class Bound:
    """How much may come out: at most so many octets, and so many times what went in."""

    def __init__(self, most: int, ratio: int | None = None) -> None:
        self._most = most
        self._ratio = ratio
        self.packed = 0
        self.unpacked = 0

    def count(self, packed: int, unpacked: int) -> None:
        """Add to both.  Raises ``NoReportError`` when it is too much."""
        self.packed += packed
        self.unpacked += unpacked
        if self.unpacked > self._most:
            from_octets = say(" from {packed:,} octets", packed=self.packed) if self.packed else ""
            raise NoReportError(
                say(
                    "it unpacks to more than {most} MiB{from_octets}",
                    most=self._most // _MIB,
                    from_octets=from_octets,
                )
            )
        if (
            self._ratio is not None
            and self.unpacked > REPORT_RATIO_FROM
            and self.unpacked > self._ratio * self.packed
        ):
            raise NoReportError(
                say("it unpacks to more than {ratio} times its size", ratio=self._ratio)
            )


class Gunzip:
    """Unpacks gzip; ``behind`` says afterwards how many octets follow it that are no gzip."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
        self.behind = 0

    def pieces(self, packed: Iterable[bytes]) -> Iterator[bytes]:
        """Yield what it unpacks to; several members in a row are one content (RFC 1952 2.2).

        Raises ``DamagedError`` and ``NoReportError``.
        """
        slices = _slices(packed)
        rest = b""
        members = 0
        while True:
            while len(rest) < len(GZIP) and (more := next(slices, b"")):
                rest += more
            if not rest.startswith(GZIP):
                self.behind = len(rest.strip(b"\0")) + sum(len(s.strip(b"\0")) for s in slices)
                return
            members += 1
            if members > REPORT_GZIP_MEMBERS:
                raise NoReportError(
                    say(
                        "it has more than {report_gzip_members:,} gzip members",
                        report_gzip_members=REPORT_GZIP_MEMBERS,
                    )
                )
            try:
                rest = yield from self._member(rest, slices)
            except zlib.error as error:
                raise DamagedError(say("the gzip data is damaged: {error}", error=error)) from error

    def _member(self, rest: bytes, slices: Iterator[bytes]) -> Generator[bytes, None, bytes]:
        """Yield what one member unpacks to; return what follows it."""
        unpacker = zlib.decompressobj(_WINDOW)
        while not unpacker.eof:
            given = rest or next(slices, b"")
            piece = unpacker.decompress(given, _PIECE)
            rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            self._bound.count(len(given) - len(rest), len(piece))
            if piece:
                yield piece
            elif not given and not unpacker.eof:
                raise DamagedError(say("the gzip data ends in the middle"))
        return rest


def _slices(packed: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the octets in small parts, none of them empty."""
    for data in packed:
        for at in range(0, len(data), _SLICE):
            yield data[at : at + _SLICE]
