"""Gzip, within bounds: what unpacks to more than a report may have is refused before it does."""

import zlib

from mxwalk.limits import TLSRPT_JSON_BYTES
from mxwalk.tlsrpt.errors import NoReportError
from mxwalk.tlsrpt.sniffing import GZIP

_WINDOW = 31  # zlib's window bits for a gzip header and trailer
_PIECE = 1024 * 1024


def gunzip(data: bytes) -> tuple[bytes, int]:
    """Return what ``data`` unpacks to, and how many octets follow it that are no gzip.

    Several members in a row are one content (RFC 1952 2.2).  Raises ``NoReportError``.
    """
    out = bytearray()
    rest = data
    while rest.startswith(GZIP):
        unpacker = zlib.decompressobj(_WINDOW)
        try:
            while not unpacker.eof:
                piece = unpacker.decompress(rest, _PIECE)
                out += piece
                if len(out) > TLSRPT_JSON_BYTES:
                    most = TLSRPT_JSON_BYTES // 1024 // 1024
                    raise NoReportError(
                        f"it unpacks to more than {most} MiB from {len(data):,} octets"
                    )
                rest = unpacker.unconsumed_tail
                if not rest and not piece and not unpacker.eof:
                    raise NoReportError("the gzip data ends in the middle")
        except zlib.error as error:
            raise NoReportError(f"the gzip data is damaged: {error}") from error
        rest = unpacker.unused_data
        if not rest.startswith(GZIP):
            break
    return bytes(out), len(rest.strip(b"\0"))
