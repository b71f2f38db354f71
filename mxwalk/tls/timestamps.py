"""Signed certificate timestamps inside a certificate (RFC 6962 3.2 and 3.3).

They tell that a certificate was submitted to public logs, to which ones and when.  The logs'
signatures are not verified: their keys are not at hand.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mxwalk.limits import CERTIFICATE_TIMESTAMPS
from mxwalk.tls.der import DerError

_FIXED_BYTES = 1 + 32 + 8 + 2  # version, log id, timestamp, length of the extensions
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SignedTimestamp:
    """One timestamp: its version (0 is v1), the log's id in hex, and when the log promised."""

    version: int
    log_id: str
    at: datetime | None


def read_timestamps(data: bytes) -> tuple[SignedTimestamp, ...]:
    """Read a SignedCertificateTimestampList; raises ``DerError`` when it cannot be one."""
    if int.from_bytes(data[:2], "big") != len(data) - 2:
        raise DerError("a timestamp list of another length than it says")
    found: list[SignedTimestamp] = []
    at = 2
    while at < len(data):
        size = int.from_bytes(data[at : at + 2], "big")
        item = data[at + 2 : at + 2 + size]
        if size < _FIXED_BYTES or len(item) != size:
            raise DerError("a timestamp that is cut short")
        found.append(_timestamp(item))
        if len(found) >= CERTIFICATE_TIMESTAMPS:
            break
        at += 2 + size
    return tuple(found)


def _timestamp(item: bytes) -> SignedTimestamp:
    milliseconds = int.from_bytes(item[33:41], "big")
    try:
        at = _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        at = None
    return SignedTimestamp(version=item[0], log_id=item[1:33].hex(), at=at)
