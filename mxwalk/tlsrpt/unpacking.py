"""Gzip, within bounds: what unpacks to more than a report may have is refused before it does."""

import zlib

from mxwalk.limits import TLSRPT_GZIP_MEMBERS, TLSRPT_JSON_BYTES
from mxwalk.tlsrpt.errors import NoReportError
from mxwalk.tlsrpt.sniffing import GZIP

_WINDOW = 31  # zlib's window bits for a gzip header and trailer
_PIECE = 1024 * 1024
_SLICE = 64 * 1024  # what is handed over at once, and copied at the end of a member


def gunzip(data: bytes) -> tuple[bytes, int]:
    """Return what ``data`` unpacks to, and how many octets follow it that are no gzip.

    Several members in a row are one content (RFC 1952 2.2).  Raises ``NoReportError``.
    """
    out = bytearray()
    at = members = 0
    while data.startswith(GZIP, at):
        members += 1
        if members > TLSRPT_GZIP_MEMBERS:
            raise NoReportError(f"it has more than {TLSRPT_GZIP_MEMBERS:,} gzip members")
        try:
            at = _member(data, at, out)
        except zlib.error as error:
            raise NoReportError(f"the gzip data is damaged: {error}") from error
    return bytes(out), len(data[at:].strip(b"\0"))


def _member(data: bytes, at: int, out: bytearray) -> int:
    """Unpack the member at ``at`` onto ``out``; return where it ends."""
    unpacker = zlib.decompressobj(_WINDOW)
    while not unpacker.eof:
        given = data[at : at + _SLICE]
        at += len(given)
        out += (piece := unpacker.decompress(given, _PIECE))
        if len(out) > TLSRPT_JSON_BYTES:
            most = TLSRPT_JSON_BYTES // 1024 // 1024
            raise NoReportError(f"it unpacks to more than {most} MiB from {len(data):,} octets")
        at -= len(unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail)
        if not given and not piece and not unpacker.eof:
            raise NoReportError("the gzip data ends in the middle")
    return at
