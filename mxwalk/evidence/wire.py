"""Bytes on the wire with their time, and how a connection or a wait ended."""

import enum

import msgspec


class Direction(enum.Enum):
    """Who sent the bytes."""

    SENT = "C"
    RECEIVED = "S"


class Layer(enum.Enum):
    """Where the bytes were seen: before TLS, as TLS records, or inside TLS."""

    CLEAR = "clear"
    TLS_RECORDS = "tls-records"
    TLS_DATA = "tls-data"


class WireChunk(msgspec.Struct, frozen=True, kw_only=True):
    """Some bytes that moved together; ``at_s`` counts seconds from the start of the connection."""

    at_s: float
    direction: Direction
    layer: Layer
    data: bytes


class EndingKind(enum.Enum):
    """Why no more came."""

    REFUSED = "refused"  # RST to our SYN: nothing listens
    UNREACHABLE = "unreachable"  # no route, or ICMP unreachable
    TIMEOUT = "timeout"  # no progress within the phase's time
    RESET = "reset"  # RST on an open connection
    CLOSED = "closed"  # FIN: the peer closed
    HALF_CLOSED = "half-closed"  # FIN, but the peer still takes what we send
    TOO_LONG = "too-long"  # a byte limit was reached; we stopped reading
    TLS_ALERT = "tls-alert"  # the peer or our side ended TLS by an alert
    TLS_ERROR = "tls-error"  # what came was no TLS, or OpenSSL gave up without an alert
    CANCELLED = "cancelled"  # the administrator cancelled the step
    LOCAL = "local"  # our own side failed (no source address, out of file descriptors)


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """How a wait ended other than by what was expected.

    ``detail`` is one sentence in plain words; ``after_s`` the seconds waited in this step.
    """

    kind: EndingKind
    detail: str
    after_s: float = 0.0
