"""One step takes a bounded part of the wire, whatever it comes in, and its trace opens whole.

TLS lets a server put one octet into a record and pad that to 16 KiB (RFC 8446 5.4), and TCP lets it
send each octet alone; a reply or a handshake that is inside its own limits may cost any multiple of it.
"""

import asyncio
import contextlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from mxwalk import limits
from mxwalk.evidence.journal import read_trace
from mxwalk.evidence.journal_writer import JournalWriter
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.trace import Trace
from mxwalk.evidence.wire import Direction, Ending, EndingKind, Layer
from mxwalk.findings.registry import check
from mxwalk.http import client as http_client
from mxwalk.http.response import Bounds, Budget
from mxwalk.net import connection as connection_module
from mxwalk.net import recorder as recorder_module
from mxwalk.net.connection import Connection
from mxwalk.senders.model import Outcome
from mxwalk.senders.registry import profile
from mxwalk.tls.server import ServerEngine
from mxwalk.walk.walker import Walk
from tests.http.test_https import fetched, https, leaf
from tests.net.peers import Handler, serve
from tests.net.test_start_tls import (
    NeverDone,
    connected,
    read_tls,
    serve_tls,
    server_engine,
    write_tls,
)
from tests.walk.harness import run
from tests.walk.test_odd_peers import PLAIN, walking

PADDED = b"x" * 16_384
LONG = b"".join(b"250-X-%04d\r\n" % number for number in range(2_000)) + b"250 HELP\r\n"


async def saved(walk: Walk, path: Path) -> Trace:
    """Walk to the end, saving each step, and open what was saved."""
    await run(walk)
    with JournalWriter(path, walk.trace.header) as journal:
        for step in walk.trace.steps:
            journal.write(step)
    return read_trace(path)


def after_starttls(serve_inside: Handler) -> Handler:
    """A server that is asked for TLS and then does what it is given."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in (*PLAIN, b"220 go\r\n"):
            writer.write(answer)
            if answer != b"220 go\r\n":
                await reader.readline()
        with contextlib.suppress(ConnectionError):
            await serve_inside(reader, writer)

    return handle


async def octet_by_octet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer EHLO inside TLS with a legal reply of 22 KB, each octet in a record of its own."""
    engine = server_engine()
    assert await serve_tls(engine, reader, writer)
    await read_tls(engine, reader)
    for octet in LONG:
        write_tls(engine, writer, bytes([octet]))
        await writer.drain()
    await read_tls(engine, reader)


async def test_a_reply_in_records_without_end_is_cut_off_and_its_trace_opens_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "STEP_WIRE_BYTES", 300_000)
    async with walking(after_starttls(octet_by_octet)) as walk:
        trace = await saved(walk, tmp_path / "walk.mxtrace")
        verdict = profile("esa:2").judge(walk.delivery)
        told = {finding.code: finding for finding in check(walk.delivery)}
    assert trace.damage == ""
    assert trace == walk.trace
    step = next(one for one in trace.steps if one.kind is StepKind.EHLO_TLS)
    ending = getattr(step.evidence, "ending", None)
    assert isinstance(ending, Ending)
    assert ending.kind is EndingKind.TOO_LONG
    assert "more than 300000 bytes of TLS records within one step" in ending.detail
    raw = sum(len(one.data) for one in step.wire if one.layer is Layer.TLS_RECORDS)
    assert raw <= 300_000 + 2 * limits.RECEIVE_BUFFER_BYTES
    assert verdict.outcome is Outcome.UNKNOWN
    assert "bytes of TLS records within one step" in told["CONN012"].sentence
    assert not {"RPLY017", "RPLY022"} & told.keys()  # the reply itself is not at fault


async def test_the_same_reply_within_the_limit_is_read_to_its_end(tmp_path: Path) -> None:
    async with walking(after_starttls(octet_by_octet)) as walk:
        trace = await saved(walk, tmp_path / "walk.mxtrace")
    assert trace == walk.trace
    reply = walk.delivery.attempts[0].reply(StepKind.EHLO_TLS)
    assert reply is not None
    assert reply.raw == LONG
    assert reply.complete


async def test_a_dripping_handshake_keeps_all_octets_in_few_pieces_and_its_trace_opens_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder_module, "STEP_WIRE_PIECES_TIMED", 20)
    sent = bytearray()

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        engine = server_engine()
        engine.feed(await reader.read(65_536))
        engine.advance()
        for octet in engine.outgoing():
            writer.write(bytes([octet]))
            sent.append(octet)
            await writer.drain()
            await asyncio.sleep(0)
        await reader.read(65_536)

    async with walking(after_starttls(drip)) as walk:
        trace = await saved(walk, tmp_path / "walk.mxtrace")
    assert trace == walk.trace
    step = next(one for one in trace.steps if one.kind is StepKind.HANDSHAKE)
    came = [one for one in step.wire if one.direction is Direction.RECEIVED]
    assert b"".join(one.data for one in came) == bytes(sent)
    assert len(step.wire) <= 23  # and one for each turn


class Padded(NeverDone):
    """TLS that finds one octet in every 16 KiB, as padding allows; ``answers`` to each of them."""

    def __init__(self, answer: bytes = b"") -> None:
        self._fed = 0
        self._given = 0
        self._answer = answer
        self._out = b""

    def advance(self) -> bool:
        return True

    def feed(self, data: bytes) -> None:
        self._fed += len(data)
        self._out += self._answer

    def outgoing(self) -> bytes:
        out, self._out = self._out, b""
        return out

    def decrypt(self) -> bytes:
        whole = self._fed // len(PADDED)
        fresh, self._given = whole - self._given, whole
        return b"x" * fresh


async def received(connection: Connection) -> tuple[int, Ending]:
    """Receive until it ends; return how many octets came."""
    octets = 0
    while isinstance(part := await connection.receive(5), bytes):
        octets += len(part)
    return octets, part


async def flooding(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send half as much again as one step takes."""
    with contextlib.suppress(ConnectionError):
        for _turn in range(6 * 64):
            writer.write(PADDED)
            await writer.drain()


async def test_padded_records_cost_a_step_no_more_than_its_limit() -> None:
    limit = limits.STEP_WIRE_BYTES
    async with serve(flooding) as port:
        connection = await connected(port)
        assert await connection.start_tls(Padded(), 5) is None
        octets, ending = await received(connection)
        kept = sum(len(one.data) for one in connection.take_wire())
        connection.abort()
    assert ending.kind is EndingKind.TOO_LONG
    assert octets <= limit // len(PADDED) + 1
    assert kept <= limit + 3 * limits.RECEIVE_BUFFER_BYTES


async def test_the_next_step_has_the_whole_limit_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_module, "STEP_WIRE_BYTES", 2 * limits.RECEIVE_BUFFER_BYTES)
    async with serve(flooding) as port:
        connection = await connected(port)
        assert await connection.start_tls(Padded(), 5) is None
        for _ in range(10):  # up to 256 KiB each
            assert isinstance(await connection.receive(5), bytes)
            connection.take_wire()
        connection.abort()


async def test_turns_without_an_end_are_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server may ask for a new key in every record, and each is answered (RFC 8446 4.6.3)."""
    monkeypatch.setattr(connection_module, "STEP_WIRE_PIECES", 200)
    monkeypatch.setattr(recorder_module, "STEP_WIRE_PIECES_TIMED", 100)

    async def updating(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                writer.write(b"key update")
                await writer.drain()
                if not await reader.read(65_536):
                    return

    async with serve(updating) as port:
        connection = await connected(port)
        assert await connection.start_tls(Padded(b"its answer"), 5) is None
        octets, ending = await received(connection)
        pieces = len(connection.take_wire())
        connection.abort()
    assert octets == 0
    assert ending.kind is EndingKind.TOO_LONG
    assert "more than 200 pieces went to and fro" in ending.detail
    assert pieces <= 210


def in_octets(engine: ServerEngine, writer: asyncio.StreamWriter, data: bytes) -> None:
    """Write each octet in a record of its own: 23 octets of the wire for one."""
    for octet in data:
        write_tls(engine, writer, bytes([octet]))


HOST = "pki.example.net"
BODY = b"y" * 3_000
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n" + BODY


async def test_what_is_fetched_is_charged_with_the_tls_around_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(https.__globals__, "write_tls", in_octets)
    budget = Budget(100_000)
    monkeypatch.setattr(http_client, "Budget", lambda _: budget)
    whole, _ = await fetched(ANSWER, leaf(HOST))
    assert whole.body == BODY
    assert budget.left_bytes < 100_000 - 20 * len(BODY)
    budget.left_bytes = 60_000
    cut, _ = await fetched(ANSWER, leaf(HOST))
    assert cut.body == b""
    assert "all answers of this walk together are too long" in cut.fetched.problem


async def test_a_handshake_is_charged_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    budget = Budget(100_000)
    monkeypatch.setattr(http_client, "Budget", lambda _: budget)
    whole, _ = await fetched(ANSWER, leaf(HOST))
    assert whole.body == BODY
    assert 100_000 - budget.left_bytes > len(ANSWER) + len(leaf(HOST).der)


async def test_one_answer_may_not_be_padded_without_an_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(https.__globals__, "write_tls", in_octets)
    monkeypatch.setattr(http_client, "Bounds", partial(small_bounds, Bounds))
    result, _ = await fetched(ANSWER, leaf(HOST))
    assert result.body == b""
    assert "the TLS around the answer is longer than it could ever be" in result.fetched.problem


def small_bounds(make: Callable[..., Bounds], **given: object) -> Bounds:
    """Make bounds of an answer of some 3,100 octets."""
    return make(**(given | {"body_bytes": 3_000, "header_bytes": 100}))
