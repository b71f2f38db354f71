"""One HTTP/1.1 request over an open connection, and its response (RFC 9110, RFC 9112).

The request says little: who asks, what is accepted, that nothing is to be compressed and that the
connection ends afterwards.  Time is the caller's affair, the response's reading another module's.
"""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus

import h11

from mxwalk import __version__
from mxwalk.evidence.wire import Ending, EndingKind
from mxwalk.http.hop import Hop
from mxwalk.http.response import SLICE_BYTES, Bounds, Reading, UnusableAnswerError
from mxwalk.http.url import Url
from mxwalk.net.connection import Connection
from mxwalk.net.engine import TlsEngine

USER_AGENT = f"mxwalk/{__version__}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What to ask for; with ``body`` it is a POST, else a GET."""

    accept: str
    body: bytes | None = None
    content_type: str = ""


async def exchange(hop: Hop, message: Message, bounds: Bounds) -> None:
    """Send the request over the hop's connection and read the response into its answer.

    Without a ``problem`` afterwards the answer is complete.  The connection is not to be used again.
    """
    assert hop.connection is not None
    http = h11.Connection(h11.CLIENT, max_incomplete_event_size=bounds.header_bytes)
    hop.doing = "waiting for the answer"
    ending = await hop.connection.send(_request(http, hop.url, message))
    if ending is not None and ending.kind is EndingKind.TIMEOUT:
        hop.problem = f"the request could not be sent: {ending.detail}"
        return
    reading = Reading(http, bounds, hop.answer)
    try:
        await _read(hop.connection, hop.engine, reading, bounds.wait_s)
    except UnusableAnswerError as error:
        hop.problem = str(error)


async def _read(
    connection: Connection, engine: TlsEngine | None, reading: Reading, wait_s: float
) -> None:
    while True:
        before = connection.read_bytes
        try:
            received = await connection.receive(wait_s)
        except asyncio.CancelledError:
            reading.broken_off(connection.read_bytes - before)
            raise
        connection.take_wire()
        plain = 0 if isinstance(received, Ending) else len(received)
        reading.charge(connection.read_bytes - before - plain)
        if isinstance(received, Ending):
            reading.end(received, properly=_ended_properly(received, engine))
            return
        for at in range(0, len(received), SLICE_BYTES):
            if reading.feed(received[at : at + SLICE_BYTES]):
                return
            await asyncio.sleep(0)  # a flood of tiny chunks must not stop everything else


def status_words(status: int) -> str:
    """Return a status with the registry's words for it: ``404 (Not Found)``."""
    try:
        return f"{status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return str(status)


def _request(http: h11.Connection, url: Url, message: Message) -> bytes:
    headers = [
        ("Host", url.authority),
        ("User-Agent", USER_AGENT),
        ("Accept", message.accept),
        ("Accept-Encoding", "identity"),
        ("Connection", "close"),
    ]
    body = message.body
    if body is not None:
        headers += [("Content-Type", message.content_type), ("Content-Length", str(len(body)))]
    method = "GET" if body is None else "POST"
    octets = http.send(h11.Request(method=method, target=url.target, headers=headers)) or b""
    if body:
        octets += http.send(h11.Data(data=body)) or b""
    return octets + (http.send(h11.EndOfMessage()) or b"")


def _ended_properly(ending: Ending, engine: TlsEngine | None) -> bool:
    """Say whether the end of the connection may stand for the end of a body.

    RFC 9112 9.8: inside TLS only close_notify is one, for anybody can forge a FIN.
    """
    if ending.kind not in {EndingKind.CLOSED, EndingKind.HALF_CLOSED}:
        return False
    return engine is None or engine.peer_closed
