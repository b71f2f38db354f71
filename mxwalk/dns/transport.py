"""One DNS message to one server and back, over UDP or TCP (RFC 1035 4.2, RFC 7766).

UDP uses a connected socket, so that only the server's own address can answer and an ICMP refusal is
seen at once.  Datagrams that answer another question are ignored and counted.  Failures are values.
"""

import asyncio
import struct
from collections.abc import Callable
from dataclasses import dataclass

from mxwalk.dns.servers import server_text
from mxwalk.evidence.dns import DnsStatus

_FIRST_WAIT_SHARE = 1 / 3  # then the query is sent once more and the rest of the time waited

Accepts = Callable[[bytes], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why no message came: TIMEOUT, UNREACHABLE or MALFORMED, and one sentence about it."""

    status: DnsStatus
    detail: str
    wire: bytes = b""


class _Waiter(asyncio.DatagramProtocol):
    """Waits for the first datagram that is accepted."""

    def __init__(self, accepts: Accepts, ident: bytes) -> None:
        self.outcome: asyncio.Future[bytes | OSError] = asyncio.get_running_loop().create_future()
        self.ignored = 0
        self.unreadable = b""  # the last one with our id that is no answer to the question
        self._accepts = accepts
        self._ident = ident

    def datagram_received(self, data: bytes, addr: object) -> None:  # noqa: ARG002 - asyncio's name
        if self.outcome.done():
            return
        if self._accepts(data):
            self.outcome.set_result(data)
            return
        self.ignored += 1
        if data[:2] == self._ident:
            self.unreadable = data

    def error_received(self, exc: Exception) -> None:
        if isinstance(exc, OSError) and not self.outcome.done():
            self.outcome.set_result(exc)


async def ask_udp(
    server: tuple[str, int], query: bytes, accepts: Accepts, timeout_s: float
) -> bytes | Failure:
    """Send ``query`` and return the first acceptable datagram; it is sent again once when lost."""
    loop = asyncio.get_running_loop()
    try:
        transport, waiter = await loop.create_datagram_endpoint(
            lambda: _Waiter(accepts, query[:2]), remote_addr=server
        )
    except OSError as error:
        return _unreachable(server, error)
    try:
        for share in (_FIRST_WAIT_SHARE, 1 - _FIRST_WAIT_SHARE):
            transport.sendto(query)
            await asyncio.wait({waiter.outcome}, timeout=timeout_s * share)
            if waiter.outcome.done():
                outcome = waiter.outcome.result()
                return _unreachable(server, outcome) if isinstance(outcome, OSError) else outcome
    finally:
        waiter.outcome.cancel()
        transport.abort()
    where = server_text(server)
    if waiter.unreadable:
        detail = f"{where} sent {len(waiter.unreadable)} octets that do not answer the question"
        return Failure(status=DnsStatus.MALFORMED, detail=detail, wire=waiter.unreadable)
    detail = f"no answer from {where} within {timeout_s:g} s (asked twice over UDP)"
    if waiter.ignored:
        detail += f"; {waiter.ignored} datagrams that answer something else were ignored"
    return Failure(status=DnsStatus.TIMEOUT, detail=detail)


async def ask_tcp(
    server: tuple[str, int], query: bytes, accepts: Accepts, timeout_s: float
) -> bytes | Failure:
    """Send ``query`` over a TCP connection of its own and return the message that comes back."""
    where = server_text(server)
    writer: asyncio.StreamWriter | None = None
    try:
        async with asyncio.timeout(timeout_s):
            reader, writer = await asyncio.open_connection(*server)
            writer.write(struct.pack("!H", len(query)) + query)
            await writer.drain()
            (length,) = struct.unpack("!H", await reader.readexactly(2))
            message = await reader.readexactly(length)
    except TimeoutError:
        detail = f"no answer from {where} over TCP within {timeout_s:g} s"
        return Failure(status=DnsStatus.TIMEOUT, detail=detail)
    except asyncio.IncompleteReadError:
        detail = f"{where} closed the TCP connection before the whole answer had come"
        return Failure(status=DnsStatus.MALFORMED, detail=detail)
    except OSError as error:
        if writer is None:
            return _unreachable(server, error)
        detail = f"{where} broke the TCP connection off: {error.strerror or type(error).__name__}"
        return Failure(status=DnsStatus.UNREACHABLE, detail=detail)
    finally:
        if writer is not None:
            writer.transport.abort()
    if not accepts(message):
        detail = f"{where} sent a message over TCP that does not answer the question"
        return Failure(status=DnsStatus.MALFORMED, detail=detail, wire=message)
    return message


def _unreachable(server: tuple[str, int], error: OSError) -> Failure:
    if isinstance(error, ConnectionRefusedError):
        reason = "nothing listens there"
    else:
        reason = error.strerror or type(error).__name__
    detail = f"{server_text(server)} cannot be reached: {reason}"
    return Failure(status=DnsStatus.UNREACHABLE, detail=detail)
