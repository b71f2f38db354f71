"""Servers that mean no good: every one of them ends in a sentence, in bounded time and memory."""

import asyncio
import gzip
import random

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.evidence.fetch import Purpose
from mxwalk.http.hop import Answer
from mxwalk.http.model import FetchLimits, Terms
from mxwalk.http.response import Bounds, Budget, Reading, UnusableAnswerError
from tests.http.parts import URL, crl, ok, read_request, saying, serving
from tests.net.peers import Handler, send_rst

BODY = b"\x30\x0d" + b"thirteen byte"
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"5\r\n" + BODY[:5] + b"\r\n0a\r\n" + BODY[5:] + b"\r\n0\r\n\r\n"
)  # fmt: skip


@pytest.mark.parametrize("whole", [ok(BODY), CHUNKED], ids=["length", "chunked"])
async def test_an_answer_cut_off_at_any_byte_is_told_from_a_whole_one(whole):
    lengths = iter(range(len(whole) + 1))

    async def handler(reader, writer):
        await read_request(reader)
        writer.write(whole[: next(lengths)])
        await writer.drain()

    async with serving(handler) as fetch:
        for _ in whole:
            fetch.forget()
            result = await crl(fetch)
            assert "cut off" in result.fetched.problem or "no answer" in result.fetched.problem
            assert result.body == b""
        fetch.forget()
        result = await crl(fetch)
    assert (result.body, result.fetched.problem) == (BODY, "")


@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\n\r\nabc"])
async def test_a_reset_is_no_end_of_a_body(sent):
    async def handler(reader, writer):
        await read_request(reader)
        writer.write(sent)
        await writer.drain()
        await asyncio.sleep(0.01)
        send_rst(writer)

    async with serving(handler) as fetch:
        result = await crl(fetch)
    assert "reset" in result.fetched.problem
    assert result.body == b""


async def flood(writer, start: bytes, more: bytes) -> None:
    writer.write(start)
    while True:
        writer.write(more)
        await writer.drain()
        await asyncio.sleep(0)  # draining alone gives nobody else a turn


@pytest.mark.parametrize(
    ("start", "more", "why"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X-More: " + b"x" * 1000 + b"\r\n", "header fields are longer"),
        (b"HTTP/1.1 200 OK\r\nX: ", b"x" * 1000, "header fields are longer"),
        (b"HTTP/1.1 200 ", b"x" * 1000, "header fields are longer"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n", "only interim"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 1000, "longer than 5000 bytes"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"3e8\r\n" + b"x" * 1000 + b"\r\n",
         "longer than 5000 bytes"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1;" + b"e" * 900 + b"\r\nx\r\n",
         "framing is longer"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"e" * 1000, "no HTTP/1.1"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n" * 100, "no HTTP/1.1"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", b"x", "would have 99999 bytes"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999999999\r\n\r\n", b"x", ""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", b"x", ""),
        (b"\0", b"\0" * 1000, "no HTTP; it begins"),
    ],
    ids=[
        "fields", "field", "reason", "interim", "body", "chunks", "extensions", "extension",
        "trailers", "length", "long-length", "huge-length", "zeros",
    ],
)  # fmt: skip
async def test_what_has_no_end_is_cut_at_its_limit(start, more, why):
    async def handler(reader, writer):
        await read_request(reader)
        await flood(writer, start, more)

    async with serving(handler, limits=FetchLimits(header_bytes=20_000)) as fetch:
        result = await crl(fetch, Terms(max_bytes=5_000))
    assert result.fetched.problem
    assert why in result.fetched.problem
    assert "not done within" not in result.fetched.problem
    assert result.body == b""
    assert result.fetched.size <= 5_000 + 16_384


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"", "no answer"),
        (b"\r\n", "no HTTP; it begins"),
        (b"<html>hello</html>\n", "no HTTP; it begins"),
        (b"220 mx.example.net ESMTP\r\n", "no HTTP; it begins"),
        (b"HTTP/0.9 200 OK\r\n\r\nx", "no HTTP; it begins"),
        (b"HTTP/2.0 200 OK\r\n\r\nx", "no HTTP; it begins"),
        (b"HTTP/1.1 2000 OK\r\n\r\nx", "no HTTP/1.1"),
        (b"HTTP/1.1 20 OK\r\n\r\nx", "no HTTP/1.1"),
        (b"ICY 200 OK\r\n\r\nx", "no HTTP; it begins"),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "no HTTP/1.1"),
        (b"HTTP/1.1 200 OK\r\nno colon\r\n\r\nx", "no HTTP/1.1"),
        (b"HTTP/1.1 200 OK\r\nX\0Y: z\r\n\r\nx", "no HTTP/1.1"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxy", "no HTTP/1.1"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nx", "no HTTP/1.1"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0x1\r\n\r\nx", "no HTTP/1.1"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "no HTTP/1.1"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "no HTTP/1.1"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n", "no HTTP/1.1"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nxyz\r\n0\r\n\r\n", "no HTTP/1.1"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"f" * 50 + b"\r\nx", "no HTTP/1.1"),
        (ok(gzip.compress(BODY), b"Content-Encoding: gzip"), "encoded (gzip)"),
        (ok(BODY, b"Content-Encoding: br\x1b[2J"), ""),
        (ok(BODY, b"Content-Encoding: identity", b"Content-Encoding: deflate"), "encoded (deflate)"),
    ],
)  # fmt: skip
async def test_what_is_no_usable_answer_is_told_why(answer, why):
    async with serving(saying(answer)) as fetch:
        result = await crl(fetch)
    assert result.fetched.problem
    assert why in result.fetched.problem
    assert result.fetched.problem.isprintable()
    assert len(result.fetched.problem) < 400
    assert result.body == b""


async def test_bytes_behind_the_body_are_remarked_upon():
    async with serving(saying(ok(BODY) + b"and more")) as fetch:
        result = await crl(fetch)
    assert result.body == BODY
    assert result.fetched.problem == ""
    assert "8 more bytes" in result.remarks[0]


async def test_an_answer_before_the_question_is_read_all_the_same():
    """Nothing in HTTP lets a client tell; the body is judged by its own signature anyway."""

    async def handler(reader, writer):
        writer.write(ok(BODY))
        await writer.drain()
        await read_request(reader)

    async with serving(handler) as fetch:
        assert (await crl(fetch)).body == BODY


async def test_a_server_that_does_not_read_cannot_hold_a_post_up_forever():
    answered = asyncio.Event()

    async def handler(reader, writer):
        reader._transport.pause_reading()
        await answered.wait()

    async with serving(handler, limits=FetchLimits(timeout_s=0.2)) as fetch:
        async with asyncio.timeout(30):
            result = await fetch.post(
                URL, bytes(8_000_000), "application/ocsp-request", Purpose.OCSP
            )
        answered.set()
    assert "within 0.2 seconds" in result.fetched.problem
    assert result.fetched.elapsed_s < 5


async def test_a_flood_of_tiny_chunks_lets_others_run():
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    body = b"1\r\nx\r\n" * 100_000
    answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body
    async with serving(saying(answer)) as fetch, asyncio.TaskGroup() as group:
        counting = group.create_task(count())
        await crl(fetch)
        counting.cancel()
    assert turns > 30


def handler_of(pieces: list[bytes]) -> Handler:
    async def handler(reader, writer):
        await read_request(reader)
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)

    return handler


async def test_an_answer_in_any_pieces_is_the_same_answer():
    rng = random.Random(4)
    for whole in (ok(BODY), CHUNKED):
        cuts = sorted(rng.sample(range(1, len(whole)), 9))
        pieces = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
        async with serving(handler_of(pieces)) as fetch:
            assert (await crl(fetch)).body == BODY


FRAGMENTS = st.sampled_from(
    [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.0 200\r\n", b"Content-Length: 5\r\n", b"\r\n", b"0\r\n\r\n",
     b"Transfer-Encoding: chunked\r\n", b"5\r\nabcde\r\n", b"abcde", b"\0", b"\xff: \xff\r\n"]
)  # fmt: skip


@given(st.lists(FRAGMENTS | st.binary(max_size=50), max_size=12), st.integers(1, 40))
def test_any_bytes_are_a_body_or_a_sentence(pieces, step):
    http = h11.Connection(h11.CLIENT, max_incomplete_event_size=1_000)
    http.send(h11.Request(method="GET", target="/", headers=[("Host", "pki.example.net")]))
    http.send(h11.EndOfMessage())
    bounds = Bounds(body_bytes=200, header_bytes=1_000, wait_s=1, budget=Budget(10_000))
    reading = Reading(http, bounds, Answer())
    data = b"".join(pieces)
    try:
        for at in range(0, len(data), step):
            if reading.feed(data[at : at + step]):
                break
    except UnusableAnswerError as error:
        assert str(error).isprintable()
    assert len(reading.answer.body) <= 200 + step
