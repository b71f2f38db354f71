"""A report out of gzip, whole, within the bound for its JSON."""

from mxwalk.limits import TLSRPT_JSON_BYTES
from mxwalk.reportfiles.unpacking import Bound, Gunzip


def gunzip(data: bytes) -> tuple[bytes, int]:
    """Return what ``data`` unpacks to, and how many octets follow it that are no gzip.

    Raises ``NoReportError``.
    """
    unpacker = Gunzip(Bound(TLSRPT_JSON_BYTES))
    out = bytearray()
    for piece in unpacker.pieces((data,)):
        out += piece
    return bytes(out), unpacker.behind
