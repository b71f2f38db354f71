"""How dialling or an open connection ended, as sentences that name the peer and the time waited.

Operating systems report by ``errno``; the kinds of ``EndingKind`` say what a postmaster must know:
whether something answered with RST, nothing answered, or our own side could not even try.
"""

import errno
import os
from dataclasses import dataclass

from mxwalk.evidence.wire import Ending, EndingKind
from mxwalk.limits import DRIP_FACTOR
from mxwalk.text import visible

_HEARD_CHARS = 60
_UNREACHABLE = frozenset(
    {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, getattr(errno, "EHOSTDOWN", -1)}
)
_RESET = frozenset({errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED, errno.ESHUTDOWN})


@dataclass(frozen=True, slots=True)
class Peer:
    """The address and port a connection is meant for (under a mapping: those asked for)."""

    address: str
    port: int

    def __str__(self) -> str:
        """Return both as they stand in a sentence."""
        return f"{self.address} port {self.port}"


def seconds(value: float) -> str:
    """Return a duration for a sentence: ``0.03 seconds``, ``30 seconds``."""
    if 0 < value < 0.01:
        return "less than 0.01 seconds"
    shown = f"{value:.2f}".rstrip("0").rstrip(".")
    return f"{shown} second" if shown == "1" else f"{shown} seconds"


def refused(peer: Peer, after_s: float) -> Ending:
    """Describe an RST in answer to our SYN (RFC 9293 3.10.7.1)."""
    detail = f"{peer} refused the connection after {seconds(after_s)}: nothing listens there"
    return Ending(kind=EndingKind.REFUSED, detail=detail, after_s=after_s)


def unreachable(peer: Peer, after_s: float, why: str) -> Ending:
    """Describe that no route leads there, or that a router said so."""
    detail = f"{peer} cannot be reached: {why} (after {seconds(after_s)})"
    return Ending(kind=EndingKind.UNREACHABLE, detail=detail, after_s=after_s)


def no_connection(peer: Peer, timeout_s: float, after_s: float) -> Ending:
    """Describe a SYN that nothing answered in time."""
    detail = (
        f"{peer} did not answer the connection attempt within {seconds(timeout_s)}:"
        " the host is down or a firewall drops the packets"
    )
    return Ending(kind=EndingKind.TIMEOUT, detail=detail, after_s=after_s)


def silence(peer: Peer, timeout_s: float, after_s: float, phase: str, *, began: bool) -> Ending:
    """Describe ``timeout_s`` without a byte; ``began`` when some had come in this wait before."""
    detail = f"{peer} sent nothing{' more' if began else ''} for {seconds(timeout_s)}{phase}"
    if began:
        detail += f", {seconds(after_s)} after its beginning"
    return Ending(kind=EndingKind.TIMEOUT, detail=detail, after_s=after_s)


def unfinished(peer: Peer, timeout_s: float, after_s: float, heard: bytearray) -> Ending:
    """Describe ``timeout_s`` without a byte behind the beginning of an answer."""
    last = bytes(heard).removesuffix(b"\n").rpartition(b"\n")[2].removesuffix(b"\r")
    missing = "and not the last line" if heard.endswith(b"\n") else "without the end of the line"
    what = f'"{visible(last, _HEARD_CHARS)}" {missing}'
    detail = f"{peer} sent {what}, then nothing for {seconds(timeout_s)}"
    return Ending(kind=EndingKind.TIMEOUT, detail=detail, after_s=after_s)


def unread(peer: Peer, timeout_s: float, after_s: float) -> Ending:
    """Describe a peer that stopped taking what we send."""
    detail = f"{peer} took nothing of what we sent for {seconds(timeout_s)}"
    return Ending(kind=EndingKind.TIMEOUT, detail=detail, after_s=after_s)


def closed(peer: Peer, after_s: float, during: str = "", remark: str = "") -> Ending:
    """Describe a FIN, the phase it broke into and what else is known of it."""
    detail = f"{peer} closed the connection{during} after {seconds(after_s)}{remark}"
    return Ending(kind=EndingKind.CLOSED, detail=detail, after_s=after_s)


def half_closed(peer: Peer, after_s: float, probe_s: float) -> Ending:
    """Describe a FIN after which the peer still takes what we send."""
    detail = (
        f"{peer} closed its direction of the connection but still takes what we send:"
        f" no RST came within {seconds(probe_s)}"
    )
    return Ending(kind=EndingKind.HALF_CLOSED, detail=detail, after_s=after_s)


def too_long(peer: Peer, limit: int, after_s: float) -> Ending:
    """Describe TLS records that exceeded their byte limit and brought no data."""
    detail = f"{peer} sent more than {limit} bytes of TLS handshake; we stopped reading"
    return Ending(kind=EndingKind.TOO_LONG, detail=detail, after_s=after_s)


def too_much(peer: Peer, limit: int, after_s: float) -> Ending:
    """Describe TLS records that were more than one step may take, whatever data was in them."""
    detail = (
        f"{peer} sent more than {limit} bytes of TLS records within one step, padding included;"
        " we stopped reading"
    )
    return Ending(kind=EndingKind.TOO_LONG, detail=detail, after_s=after_s)


def too_many(peer: Peer, limit: int, after_s: float) -> Ending:
    """Describe a step in which both sides spoke in turn without an end."""
    detail = (
        f"more than {limit} pieces went to and fro between us and {peer} within one step;"
        " we stopped reading"
    )
    return Ending(kind=EndingKind.TOO_LONG, detail=detail, after_s=after_s)


def dripping(peer: Peer, received: int, timeout_s: float, after_s: float) -> Ending:
    """Describe TLS records that drip in and lead to nothing."""
    detail = (
        f"only {received} bytes came from {peer} in {seconds(after_s)} and nothing was complete;"
        f" mxwalk waits no longer than {DRIP_FACTOR} times its timeout of {seconds(timeout_s)}"
    )
    return Ending(kind=EndingKind.TIMEOUT, detail=detail, after_s=after_s)


def cancelled(peer: Peer, after_s: float) -> Ending:
    """Describe a connection that our side broke off."""
    detail = f"our side broke off the connection to {peer}"
    return Ending(kind=EndingKind.CANCELLED, detail=detail, after_s=after_s)


def over_tls(peer: Peer, failure: Ending, after_s: float) -> Ending:
    """Give a TLS engine's failure its peer and time."""
    detail = f"{peer}: {failure.detail} (after {seconds(after_s)})"
    return Ending(kind=failure.kind, detail=detail, after_s=after_s)


def from_dialling(peer: Peer, error: OSError, after_s: float) -> Ending:
    """Read the error of a connection attempt."""
    code = error.errno
    if isinstance(error, ConnectionRefusedError):
        return refused(peer, after_s)
    if code in _UNREACHABLE:
        return unreachable(peer, after_s, _words(error))
    if code == errno.ETIMEDOUT:
        return no_connection(peer, after_s, after_s)
    if code in _RESET:
        detail = f"{peer} reset the connection attempt after {seconds(after_s)}"
        return Ending(kind=EndingKind.RESET, detail=detail, after_s=after_s)
    detail = f"our side could not connect to {peer}: {_words(error)}"
    return Ending(kind=EndingKind.LOCAL, detail=detail, after_s=after_s)


def from_open(peer: Peer, error: Exception, after_s: float) -> Ending:
    """Read the error that ended an open connection."""
    code = error.errno if isinstance(error, OSError) else None
    if code in _RESET:
        detail = f"{peer} reset the connection (RST) after {seconds(after_s)}"
        return Ending(kind=EndingKind.RESET, detail=detail, after_s=after_s)
    if code in _UNREACHABLE:
        return unreachable(peer, after_s, _words(error))
    if code == errno.ETIMEDOUT:
        detail = f"{peer} stopped acknowledging our packets; given up after {seconds(after_s)}"
        return Ending(kind=EndingKind.TIMEOUT, detail=detail, after_s=after_s)
    detail = f"our side lost the connection to {peer}: {_words(error)}"
    return Ending(kind=EndingKind.LOCAL, detail=detail, after_s=after_s)


def _words(error: Exception) -> str:
    """Return the system's words without the address asyncio puts into them."""
    if isinstance(error, OSError) and error.errno is not None:
        return os.strerror(error.errno).lower()
    return visible(str(error)) or type(error).__name__
