import asyncio

import pytest

from mxwalk.evidence.wire import Direction, Ending, EndingKind, Layer
from mxwalk.limits import RECEIVE_BUFFER_BYTES
from mxwalk.net import connection as connection_module
from mxwalk.net.connection import Connection
from mxwalk.net.dialer import SystemDialer
from tests.net.peers import send_rst, serve


async def connected(port: int) -> Connection:
    connection = await SystemDialer().dial("127.0.0.1", port, 5)
    assert isinstance(connection, Connection)
    return connection


async def test_bytes_come_back_as_they_arrived_and_every_one_is_recorded() -> None:
    async def handler(reader, writer):
        writer.write(b"220 mx.example.net\r\n")
        assert await reader.readuntil(b"\r\n") == b"EHLO \xff\r\n"
        writer.write(b"250-mx")
        await writer.drain()
        await reader.readexactly(1)
        writer.write(b".example.net\r\n")

    async with serve(handler) as port:
        connection = await connected(port)
        assert await connection.receive(5) == b"220 mx.example.net\r\n"
        first = connection.take_wire()
        assert await connection.send(b"EHLO \xff\r\n") is None
        assert await connection.receive(5) == b"250-mx"
        assert await connection.send(b"x") is None
        assert await connection.receive(5) == b".example.net\r\n"
        second = connection.take_wire()
        await connection.close()

    assert [(c.direction, c.layer, c.data) for c in first] == [
        (Direction.RECEIVED, Layer.CLEAR, b"220 mx.example.net\r\n")
    ]
    assert [(c.direction, c.data) for c in second] == [
        (Direction.SENT, b"EHLO \xff\r\n"),
        (Direction.RECEIVED, b"250-mx"),
        (Direction.SENT, b"x"),
        (Direction.RECEIVED, b".example.net\r\n"),
    ]
    times = [chunk.at_s for chunk in (*first, *second)]
    assert times == sorted(times)
    assert 0 < times[0] < times[-1] < 5
    assert connection.take_wire() == ()


async def test_local_address_is_ours_and_stays_known_after_closing() -> None:
    async def handler(reader, writer):
        await reader.read()

    async with serve(handler) as port:
        connection = await connected(port)
        assert connection.local_address == "127.0.0.1"
        await connection.close()
        assert connection.local_address == "127.0.0.1"


async def test_silence_is_a_timeout_that_names_peer_and_seconds_and_the_connection_lives_on() -> (
    None
):
    async def handler(reader, writer):
        await reader.readexactly(1)
        writer.write(b"late")
        await reader.read()

    async with serve(handler) as port:
        connection = await connected(port)
        ending = await connection.receive(0.05)
        assert isinstance(ending, Ending)
        assert ending.kind is EndingKind.TIMEOUT
        assert ending.detail == f"127.0.0.1 port {port} sent nothing for 0.05 seconds"
        assert 0.049 <= ending.after_s < 1
        await connection.send(b"?")
        assert await connection.receive(5) == b"late"
        await connection.close()


async def test_fin_is_closed_after_the_bytes_before_it() -> None:
    async def handler(reader, writer):
        writer.write(b"421 bye\r\n")

    async with serve(handler) as port:
        connection = await connected(port)
        assert await connection.receive(5) == b"421 bye\r\n"
        ending = await connection.receive(5)
        again = await connection.receive(5)
        await connection.close()
    assert isinstance(ending, Ending)
    assert isinstance(again, Ending)
    assert ending.kind is again.kind is EndingKind.CLOSED
    assert f"127.0.0.1 port {port} closed the connection after " in ending.detail


async def test_rst_is_a_reset() -> None:
    async def handler(reader, writer):
        await reader.readexactly(1)
        send_rst(writer)

    async with serve(handler) as port:
        connection = await connected(port)
        await connection.send(b"x")
        ending = await connection.receive(5)
        sent = await connection.send(b"more")
        closed = await connection.close()
    for seen in (ending, sent, closed):
        assert isinstance(seen, Ending)
        assert seen.kind is EndingKind.RESET
        assert f"127.0.0.1 port {port} reset the connection (RST)" in seen.detail


async def test_fin_with_a_listening_peer_is_half_closed_once_a_goodbye_was_sent() -> None:
    heard = asyncio.get_running_loop().create_future()

    async def handler(reader, writer):
        writer.write_eof()
        heard.set_result(await reader.read())

    async with serve(handler) as port:
        connection = await connected(port)
        before = await connection.receive(5)
        at_close = await connection.close(b"QUIT\r\n")
    assert isinstance(before, Ending)
    assert before.kind is EndingKind.CLOSED
    assert at_close is not None
    assert at_close.kind is EndingKind.HALF_CLOSED
    assert "still takes what we send" in at_close.detail
    assert await heard == b"QUIT\r\n"


async def test_half_close_is_also_told_when_the_caller_sends_and_receives_again() -> None:
    async def handler(reader, writer):
        writer.write_eof()
        await reader.read()

    async with serve(handler) as port:
        connection = await connected(port)
        await connection.receive(5)
        assert await connection.send(b"QUIT\r\n") is None
        ending = await connection.receive(5)
        await connection.close()
    assert isinstance(ending, Ending)
    assert ending.kind is EndingKind.HALF_CLOSED


async def test_fin_of_a_peer_that_is_gone_stays_closed_when_a_goodbye_is_sent() -> None:
    async def handler(reader, writer):
        return

    async with serve(handler) as port:
        connection = await connected(port)
        await connection.receive(5)
        await connection.send(b"QUIT\r\n")
        received = await connection.receive(5)
        at_close = await connection.close(b"QUIT\r\n")
    assert isinstance(received, Ending)
    assert at_close is not None
    assert received.kind is at_close.kind is EndingKind.CLOSED


async def test_close_of_an_open_connection_has_no_ending_and_can_be_repeated() -> None:
    async def handler(reader, writer):
        assert await reader.read() == b"QUIT\r\n"

    async with serve(handler) as port:
        connection = await connected(port)
        assert await connection.close(b"QUIT\r\n") is None
        assert await connection.close(b"QUIT\r\n") is None
        after = await connection.receive(5)
        assert isinstance(after, Ending)
        assert after.kind is EndingKind.CANCELLED
        assert isinstance(await connection.send(b"x"), Ending)


async def test_cancelling_a_wait_closes_the_socket() -> None:
    seen_end = asyncio.get_running_loop().create_future()

    async def handler(reader, writer):
        writer.write(b"220")
        try:
            seen_end.set_result(await reader.read())
        except ConnectionError:
            seen_end.set_result(b"")

    async with serve(handler) as port:
        connection = await connected(port)
        assert await connection.receive(5) == b"220"
        waiting = asyncio.ensure_future(connection.receive(60))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        async with asyncio.timeout(5):
            assert await seen_end == b""
        ending = await connection.receive(1)
        assert isinstance(ending, Ending)
        assert ending.kind is EndingKind.CANCELLED


async def test_an_endless_sender_is_held_back_and_fills_no_memory() -> None:
    stalled = asyncio.get_running_loop().create_future()

    async def handler(reader, writer):
        line = b"x" * 65_536
        for _ in range(10_000):
            writer.write(line)
            try:
                async with asyncio.timeout(0.5):
                    await writer.drain()
            except TimeoutError:
                stalled.set_result(None)
                send_rst(writer)
                return

    async with serve(handler) as port:
        connection = await connected(port)
        async with asyncio.timeout(10):
            await stalled
        held = sum(len(chunk.data) for chunk in connection.take_wire())
        # asyncio hands over at most 256 KiB at once, so one chunk may exceed the bound.
        assert RECEIVE_BUFFER_BYTES <= held <= 2 * RECEIVE_BUFFER_BYTES
        total = 0
        while isinstance(data := await connection.receive(5), bytes):
            total += len(data)
        assert total >= held
        assert data.kind is EndingKind.RESET
        await connection.close()


async def test_a_peer_that_reads_nothing_ends_sending_by_timeout() -> None:
    release = asyncio.Event()

    async def handler(reader, writer):
        writer.transport.pause_reading()
        await release.wait()

    async with serve(handler) as port:
        connection = await connected(port)
        ending = await connection.send(b"x" * 20_000_000, timeout_s=0.1)
        release.set()
        connection.abort()
    assert ending is not None
    assert ending.kind is EndingKind.TIMEOUT
    assert "took nothing of what we sent for 0.1 seconds" in ending.detail


async def test_closing_towards_a_peer_that_reads_nothing_does_not_hang(monkeypatch) -> None:
    monkeypatch.setattr(connection_module, "CLOSE_TIMEOUT_S", 0.05)
    release = asyncio.Event()

    async def handler(reader, writer):
        writer.transport.pause_reading()
        await release.wait()

    async with serve(handler) as port:
        connection = await connected(port)
        await connection.send(b"x" * 20_000_000, timeout_s=0.01)
        async with asyncio.timeout(5):
            await connection.close()
        release.set()


async def test_take_arrived_returns_what_waits_without_waiting() -> None:
    written = asyncio.Event()

    async def handler(reader, writer):
        writer.write(b"220 ready\r\n")
        await writer.drain()
        await reader.readexactly(1)
        writer.write(b"250 injected\r\n")
        await writer.drain()
        written.set()
        await reader.read()

    async with serve(handler) as port:
        connection = await connected(port)
        assert await connection.receive(5) == b"220 ready\r\n"
        assert connection.take_arrived() == b""
        await connection.send(b"x")
        await written.wait()
        ending = await connection.receive(5)
        assert ending == b"250 injected\r\n"
        assert connection.take_arrived() == b""
        await connection.close()


async def test_no_socket_stays_open_after_close() -> None:
    async def handler(reader, writer):
        await reader.read()

    async with serve(handler) as port:
        connection = await connected(port)
        transport = connection._stream._transport
        sock = transport.get_extra_info("socket")
        assert sock.fileno() >= 0
        await connection.close()
        assert sock.fileno() == -1


async def test_a_last_word_before_an_rst_is_received_although_sending_fails() -> None:
    async def handler(reader, writer):
        await reader.readexactly(1)
        writer.write(b"421 too many errors\r\n")
        await writer.drain()
        await reader.readexactly(1)
        send_rst(writer)

    async with serve(handler) as port:
        connection = await connected(port)
        await connection.send(b"x")
        while not connection._stream.waiting:
            await asyncio.sleep(0)
        await connection.send(b"y")
        while not connection._stream.lost:
            await asyncio.sleep(0)
        assert await connection.send(b"EHLO probe.example.net\r\n") is None
        assert await connection.receive(5) == b"421 too many errors\r\n"
        ending = await connection.receive(5)
        sent = await connection.send(b"QUIT\r\n")
        await connection.close()
    for seen in (ending, sent):
        assert isinstance(seen, Ending)
        assert seen.kind is EndingKind.RESET
