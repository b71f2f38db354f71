import asyncio
import contextlib
import subprocess
import sys

import pytest

from mxwalk.errors import ProtocolMisuseError
from mxwalk.evidence.wire import Direction, Ending, EndingKind, Layer
from mxwalk.net import connection as connection_module
from mxwalk.net.connection import Connection
from mxwalk.net.dialer import SystemDialer
from mxwalk.net.engine import TlsEngine
from mxwalk.tls.handshake import ClientEngine
from mxwalk.tls.server import ServerEngine, ServerOptions
from tests.net.peers import send_rst, serve
from tests.tls.pki import HOST, NOW, pki


def client_engine() -> ClientEngine:
    return ClientEngine(HOST, pki().store, NOW)


def server_engine(**options: object) -> ServerEngine:
    return ServerEngine(pki().chain, pki().leaf.key, ServerOptions(**options))


def test_both_engines_are_what_a_connection_asks_for() -> None:
    client: TlsEngine = client_engine()
    server: TlsEngine = server_engine()
    assert not client.established
    assert not server.established


def test_dialling_loads_no_tls_library() -> None:
    script = (
        "import sys, mxwalk.net.dialer\n"
        "heavy = {'OpenSSL', 'cryptography', 'dns', 'textual'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


async def serve_tls(engine: ServerEngine, reader, writer) -> bool:
    """Shake hands as the server; say whether it succeeded."""
    while not engine.advance():
        writer.write(engine.outgoing())
        if engine.failure is not None or not (data := await reader.read(65_536)):
            await writer.drain()
            return False
        engine.feed(data)
    writer.write(engine.outgoing())
    return True


async def read_tls(engine: ServerEngine, reader) -> bytes:
    while not (data := engine.decrypt()):
        if engine.peer_closed or not (raw := await reader.read(65_536)):
            return b""
        engine.feed(raw)
    return data


def write_tls(engine: ServerEngine, writer, data: bytes) -> None:
    engine.encrypt(data)
    writer.write(engine.outgoing())


async def connected(port: int) -> Connection:
    connection = await SystemDialer().dial("127.0.0.1", port, 5)
    assert isinstance(connection, Connection)
    return connection


@pytest.mark.parametrize("version", ["TLSv1.2", "TLSv1.3"])
async def test_after_the_upgrade_everything_goes_through_tls_and_is_recorded(version) -> None:
    async def handler(reader, writer):
        writer.write(b"220 ready\r\n")
        engine = server_engine(max_version=version)
        assert await serve_tls(engine, reader, writer)
        assert await read_tls(engine, reader) == b"EHLO probe.example.net\r\n"
        write_tls(engine, writer, b"250 mx.example.net\r\n")
        assert await read_tls(engine, reader) == b"QUIT\r\n"
        assert await read_tls(engine, reader) == b""
        assert engine.peer_closed  # our side said close_notify

    async with serve(handler) as port:
        connection = await connected(port)
        assert await connection.receive(5) == b"220 ready\r\n"
        engine = client_engine()
        assert await connection.start_tls(engine, 5) is None
        handshake = connection.take_wire()
        assert await connection.send(b"EHLO probe.example.net\r\n") is None
        assert await connection.receive(5) == b"250 mx.example.net\r\n"
        dialogue = connection.take_wire()
        assert await connection.close(b"QUIT\r\n") is None

    evidence = engine.handshake_evidence(None)
    assert evidence.protocol == version
    assert evidence.presented == tuple(pki().chain)
    assert {chunk.layer for chunk in handshake} == {Layer.CLEAR, Layer.TLS_RECORDS}
    sent = [c.data for c in handshake if c.direction is Direction.SENT]
    assert all(data[0] in {20, 22, 23} for data in sent)
    inside = [(c.direction, c.data) for c in dialogue if c.layer is Layer.TLS_DATA]
    assert inside == [
        (Direction.SENT, b"EHLO probe.example.net\r\n"),
        (Direction.RECEIVED, b"250 mx.example.net\r\n"),
    ]
    records = [c for c in dialogue if c.layer is Layer.TLS_RECORDS]
    assert b"EHLO" not in b"".join(c.data for c in records)
    assert {c.direction for c in records} == {Direction.SENT, Direction.RECEIVED}
    times = [c.at_s for c in (*handshake, *dialogue)]
    assert times == sorted(times)


async def failing(handler, timeout_s: float = 5.0) -> tuple[Ending, ClientEngine, int]:
    """Start TLS against ``handler``; return the ending, the engine and the port."""
    async with serve(handler) as port:
        connection = await connected(port)
        engine = client_engine()
        ending = await connection.start_tls(engine, timeout_s)
        await connection.close()
    assert ending is not None
    assert f"127.0.0.1 port {port}" in ending.detail
    return ending, engine, port


async def test_a_wrong_cipher_is_an_alert_by_name() -> None:
    async def handler(reader, writer):
        await serve_tls(server_engine(max_version="TLSv1.2", ciphers="AES128-SHA"), reader, writer)

    ending, engine, _ = await failing(handler)
    assert ending.kind is EndingKind.TLS_ALERT
    assert "the alert handshake_failure (40)" in ending.detail
    assert [alert.name for alert in engine.alerts] == ["handshake_failure"]


async def test_garbage_instead_of_tls_is_shown() -> None:
    async def handler(reader, writer):
        await reader.read(65_536)
        writer.write(b"454 4.7.0 TLS not available\r\n")
        await reader.read()

    ending, _, _ = await failing(handler)
    assert ending.kind is EndingKind.TLS_ERROR
    assert "it begins: 454 4.7.0 TLS not available\\r\\n" in ending.detail


async def test_a_fin_during_the_handshake_is_closed() -> None:
    async def handler(reader, writer):
        await reader.read(65_536)

    ending, engine, _ = await failing(handler)
    assert ending.kind is EndingKind.CLOSED
    assert "closed the connection during the TLS handshake" in ending.detail
    assert engine.handshake_evidence(ending).presented == ()


async def test_an_rst_during_the_handshake_is_a_reset_and_the_chain_so_far_is_kept() -> None:
    async def handler(reader, writer):
        engine = server_engine(max_version="TLSv1.2")
        engine.feed(await reader.read(65_536))
        engine.advance()
        writer.write(engine.outgoing())  # ServerHello to ServerHelloDone
        await writer.drain()
        await reader.readexactly(1)
        send_rst(writer)

    ending, engine, _ = await failing(handler)
    assert ending.kind is EndingKind.RESET
    assert engine.handshake_evidence(ending).presented == tuple(pki().chain)


async def test_an_alert_followed_by_an_rst_is_still_the_alert() -> None:
    async def handler(reader, writer):
        await reader.read(65_536)
        writer.write(b"\x15\x03\x03\x00\x02\x02\x28")
        await writer.drain()
        send_rst(writer)

    ending, engine, _ = await failing(handler)
    assert ending.kind is EndingKind.TLS_ALERT
    assert [alert.name for alert in engine.alerts] == ["handshake_failure"]


async def test_a_dripping_handshake_goes_on_and_times_out_only_after_its_last_byte() -> None:
    drips = 8

    async def handler(reader, writer):
        engine = server_engine()
        engine.feed(await reader.read(65_536))
        engine.advance()
        for octet in engine.outgoing()[:drips]:
            writer.write(bytes([octet]))
            await asyncio.sleep(0.02)
        await reader.read()

    ending, _, _ = await failing(handler, timeout_s=0.6)
    assert ending.kind is EndingKind.TIMEOUT
    assert "sent nothing more for 0.6 seconds during the TLS handshake, " in ending.detail
    assert ending.detail.endswith(" seconds after its beginning")
    assert ending.after_s >= 0.59 + (drips - 1) * 0.019


class NeverDone:
    """An engine whose handshake swallows everything and never ends."""

    established = False
    failure = None
    peer_closed = False

    def feed(self, data: bytes) -> None:
        pass

    def advance(self) -> bool:
        return False

    def outgoing(self) -> bytes:
        return b""

    def encrypt(self, data: bytes) -> None:
        pass

    def decrypt(self) -> bytes:
        return b""

    def close(self) -> None:
        pass


async def test_an_endless_handshake_is_cut_off(monkeypatch) -> None:
    monkeypatch.setattr(connection_module, "HANDSHAKE_BYTES", 100_000)

    async def handler(reader, writer):
        while True:
            writer.write(b"x" * 16_384)
            await writer.drain()

    async with serve(handler) as port:
        connection = await connected(port)
        ending = await connection.start_tls(NeverDone(), 5)
        connection.abort()
    assert ending is not None
    assert ending.kind is EndingKind.TOO_LONG
    assert "more than 100000 bytes of TLS handshake" in ending.detail


async def test_a_client_certificate_demanded_in_tls_1_3_ends_the_next_receive() -> None:
    async def handler(reader, writer):
        assert not await serve_tls(server_engine(require_client_cert=True), reader, writer)

    async with serve(handler) as port:
        connection = await connected(port)
        engine = client_engine()
        assert await connection.start_tls(engine, 5) is None
        ending = await connection.receive(5)
        again = await connection.send(b"EHLO x\r\n")
        await connection.close(b"QUIT\r\n")
    assert isinstance(ending, Ending)
    assert isinstance(again, Ending)
    assert ending.kind is again.kind is EndingKind.TLS_ALERT
    assert "certificate_required (116)" in ending.detail
    assert [alert.name for alert in engine.alerts] == ["certificate_required"]


async def test_close_notify_is_a_proper_end_and_a_bare_fin_is_not() -> None:
    async def proper(reader, writer):
        engine = server_engine()
        await serve_tls(engine, reader, writer)
        write_tls(engine, writer, b"221 bye\r\n")
        engine.close()
        writer.write(engine.outgoing())
        await reader.read()

    async def bare(reader, writer):
        engine = server_engine()
        await serve_tls(engine, reader, writer)
        write_tls(engine, writer, b"221 bye\r\n")

    for handler, words in [
        (proper, " and had ended TLS properly (close_notify)"),
        (bare, "without ending TLS (no close_notify)"),
    ]:
        async with serve(handler) as port:
            connection = await connected(port)
            assert await connection.start_tls(client_engine(), 5) is None
            assert await connection.receive(5) == b"221 bye\r\n"
            ending = await connection.receive(5)
            await connection.close()
        assert isinstance(ending, Ending)
        assert ending.kind is EndingKind.CLOSED
        assert words in ending.detail


async def test_a_half_close_inside_tls_is_told_from_a_close() -> None:
    async def handler(reader, writer):
        engine = server_engine()
        await serve_tls(engine, reader, writer)
        engine.close()
        writer.write(engine.outgoing())
        writer.write_eof()
        await reader.read()

    async with serve(handler) as port:
        connection = await connected(port)
        assert await connection.start_tls(client_engine(), 5) is None
        assert isinstance(await connection.receive(5), Ending)
        while not connection._stream.fin:
            await asyncio.sleep(0)
        ending = await connection.close(b"QUIT\r\n")
    assert ending is not None
    assert ending.kind is EndingKind.HALF_CLOSED


async def test_clear_bytes_behind_the_reply_never_reach_tls_and_are_not_lost() -> None:
    async def handler(reader, writer):
        writer.write(b"220 ready\r\n")
        await writer.drain()
        await reader.readexactly(1)
        writer.write(b"250 injected\r\n")
        await serve_tls(server_engine(), reader, writer)
        await reader.read()

    async with serve(handler) as port:
        connection = await connected(port)
        assert await connection.receive(5) == b"220 ready\r\n"
        await connection.send(b"x")
        while not connection._stream.waiting:
            await asyncio.sleep(0)
        assert await connection.start_tls(client_engine(), 5) is None
        assert connection.clear_leftover == b"250 injected\r\n"
        clear = [c.data for c in connection.take_wire() if c.layer is Layer.CLEAR]
        assert clear == [b"220 ready\r\n", b"x", b"250 injected\r\n"]
        await connection.close()


async def test_bytes_the_caller_hands_over_are_seen_by_tls_first() -> None:
    async def handler(reader, writer):
        await serve_tls(server_engine(), reader, writer)

    async with serve(handler) as port:
        connection = await connected(port)
        ending = await connection.start_tls(client_engine(), 5, pending=b"250 injected\r\n")
        await connection.close()
    assert ending is not None
    assert "it begins: 250 injected\\r\\n" in ending.detail


async def test_tls_is_started_once() -> None:
    async def handler(reader, writer):
        await serve_tls(server_engine(), reader, writer)
        await reader.read()

    async with serve(handler) as port:
        connection = await connected(port)
        assert await connection.start_tls(client_engine(), 5) is None
        with pytest.raises(ProtocolMisuseError, match="already"):
            await connection.start_tls(client_engine(), 5)
        assert connection.take_arrived() == b""
        await connection.close()


async def test_cancelling_a_handshake_closes_the_socket() -> None:
    gone = asyncio.get_running_loop().create_future()

    async def handler(reader, writer):
        await reader.readexactly(1)
        try:
            await reader.read()
            gone.set_result("closed")
        except ConnectionError:
            gone.set_result("reset")

    async with serve(handler) as port:
        connection = await connected(port)
        shaking = asyncio.ensure_future(connection.start_tls(client_engine(), 60))
        await asyncio.sleep(0)
        shaking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await shaking
        async with asyncio.timeout(5):
            assert await gone in {"closed", "reset"}


async def test_a_handshake_that_drips_on_and_on_ends_at_a_multiple_of_the_timeout() -> None:
    async def handler(reader, writer):
        engine = server_engine()
        engine.feed(await reader.read(65_536))
        engine.advance()
        with contextlib.suppress(ConnectionError):
            for octet in engine.outgoing()[:200]:
                writer.write(bytes([octet]))
                await writer.drain()
                await asyncio.sleep(0.02)

    ending, _, _ = await failing(handler, timeout_s=0.2)
    assert ending.kind is EndingKind.TIMEOUT
    assert "bytes came" in ending.detail
    assert ending.after_s < 3  # the drips go on for four seconds and more


@pytest.mark.parametrize("flood", [False, True])
async def test_records_without_a_word_in_them_do_not_keep_a_wait_alive(monkeypatch, flood) -> None:
    """TLS 1.3 allows a server any number of NewSessionTicket messages (RFC 8446 4.6.1)."""
    if flood:
        monkeypatch.setattr(connection_module, "HANDSHAKE_BYTES", 10_000)

    class Tickets(NeverDone):
        def advance(self) -> bool:
            return True

    async def handler(reader, writer):
        with contextlib.suppress(ConnectionError):
            for _ in range(200):
                writer.write(b"t" * (1_000 if flood else 1))
                await writer.drain()
                await asyncio.sleep(0.005 if flood else 0.02)

    async with serve(handler) as port:
        connection = await connected(port)
        assert await connection.start_tls(Tickets(), 5) is None
        async with asyncio.timeout(3):
            ending = await connection.receive(5 if flood else 0.06)
        connection.abort()
    assert isinstance(ending, Ending)
    assert ending.kind is (EndingKind.TOO_LONG if flood else EndingKind.TIMEOUT)
