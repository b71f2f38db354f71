"""Each behaviour of the scripted SMTP server, seen over a plain loopback socket."""

import asyncio
import contextlib
import gc
import socket
import time

import pytest
from OpenSSL import SSL

from mxwalk.lab.certificate import CertificateSpec
from mxwalk.lab.host import (
    Arrival,
    HostSpec,
    StartTls,
    TlsSpec,
    TlsVersion,
    to_octets,
)
from mxwalk.lab.smtp_script import ENDLESS_BYTES, GARBAGE
from mxwalk.net.dialer import Fault
from tests.hostile import HOSTILE
from tests.lab.raw_client import client_of, connected_to, serving

AT = ("192.0.2.1:25",)
CERTIFICATES = {"mx": CertificateSpec(cn="mx.example.com", names=("mx.example.com",))}


def a_host(**changes) -> HostSpec:
    return HostSpec(at=AT, name="mx.example.com", **changes)


async def test_a_well_behaved_server_takes_an_envelope_and_no_message():
    async with client_of(a_host()) as client:
        assert await client.reply() == b"220 mx.example.com ESMTP\r\n"
        assert (await client.ask("EHLO probe.example.net")).startswith(b"250-mx.example.com\r\n")
        assert (await client.ask("RCPT TO:<b@example.com>")).startswith(b"503")
        assert (await client.ask("MAIL FROM:<a@example.net>")).startswith(b"250")
        assert (await client.ask("MAIL FROM:<a@example.net>")).startswith(b"503")
        assert (await client.ask("RCPT TO:<b@example.com>")).startswith(b"250")
        assert (await client.ask("DATA")).startswith(b"451")
        assert (await client.ask("RSET")).startswith(b"250")
        assert (await client.ask("RCPT TO:<b@example.com>")).startswith(b"503")
        assert (await client.ask("NOOP")).startswith(b"250")
        assert (await client.ask("XYZZY")).startswith(b"500")
        assert (await client.ask("QUIT")).startswith(b"221")
        assert await client.until_closed() == b""


async def test_without_a_certificate_starttls_is_neither_offered_nor_known():
    async with client_of(a_host()) as client:
        await client.reply()
        assert b"STARTTLS" not in await client.ask("EHLO probe.example.net")
        assert (await client.ask("STARTTLS")).startswith(b"502")


async def test_starttls_comes_up_and_is_not_offered_again_inside():
    async with client_of(a_host(certificate="mx"), CERTIFICATES) as client:
        await client.reply()
        assert b"250-STARTTLS\r\n" in await client.ask("EHLO probe.example.net")
        assert (await client.ask("STARTTLS")).startswith(b"220")
        assert len(await client.start_tls()) == 2
        assert (await client.ask("MAIL FROM:<a@example.net>")).startswith(b"503")
        inside = await client.ask("EHLO probe.example.net")
        assert inside.startswith(b"250-mx.example.com\r\n")
        assert b"STARTTLS" not in inside
        assert (await client.ask("STARTTLS")).startswith(b"503")
        assert (await client.ask("QUIT")).startswith(b"221")
        assert await client.until_closed() == b""


async def test_the_ehlo_response_inside_tls_can_differ():
    host = a_host(certificate="mx", ehlo_tls=("250-mx.example.com", "250 AUTH PLAIN"))
    async with client_of(host, CERTIFICATES) as client:
        await client.reply()
        await client.ask("EHLO probe.example.net")
        await client.ask("STARTTLS")
        await client.start_tls()
        assert await client.ask("EHLO a.test") == b"250-mx.example.com\r\n250 AUTH PLAIN\r\n"


async def test_commands_pipelined_in_clear_behind_starttls_are_dropped():
    async with client_of(a_host(certificate="mx"), CERTIFICATES) as client:
        await client.reply()
        await client.send(b"STARTTLS\r\nXINJECTED\r\n")
        assert (await client.reply()).startswith(b"220")
        await client.start_tls()
        assert (await client.ask("NOOP")).startswith(b"250")


async def test_a_parameter_of_starttls_is_refused():
    async with client_of(a_host(certificate="mx"), CERTIFICATES) as client:
        await client.reply()
        assert (await client.ask("STARTTLS now")).startswith(b"501")


async def test_starttls_can_be_refused_by_a_scripted_reply():
    host = a_host(certificate="mx", replies={"STARTTLS": ("454 4.7.0 no",)})
    async with client_of(host, CERTIFICATES) as client:
        await client.reply()
        assert await client.ask("STARTTLS") == b"454 4.7.0 no\r\n"
        assert (await client.ask("NOOP")).startswith(b"250")


async def test_garbage_answers_the_first_bytes_behind_the_220():
    async with client_of(
        a_host(certificate="mx", starttls=StartTls.GARBAGE), CERTIFICATES
    ) as client:
        await client.reply()
        assert (await client.ask("STARTTLS")).startswith(b"220")
        await client.send(b"\x16\x03\x01")
        assert await client.until_closed() == GARBAGE


async def test_clear_bytes_arrive_together_with_the_220():
    host = a_host(certificate="mx", starttls_extra="250 X-INJECTED\r\n")
    async with client_of(host, CERTIFICATES) as client:
        await client.reply()
        await client.send(b"STARTTLS\r\n")
        assert await client.receive() == b"220 2.0.0 ready to start TLS\r\n250 X-INJECTED\r\n"
        assert len(await client.start_tls()) == 2


@pytest.mark.parametrize(("how", "expected"), [(StartTls.CLOSE, b""), (StartTls.RESET, None)])
async def test_the_connection_ends_behind_the_220(how, expected):
    async with client_of(a_host(certificate="mx", starttls=how), CERTIFICATES) as client:
        await client.reply()
        await client.ask("STARTTLS")
        if expected is None:
            with pytest.raises(ConnectionResetError):
                await client.until_closed()
        else:
            assert await client.until_closed() == expected


@pytest.mark.parametrize("version", TlsVersion)
async def test_the_server_speaks_the_one_version_it_is_told_to(version):
    tls = TlsSpec(min_version=version, max_version=version)
    async with client_of(a_host(certificate="mx", tls=tls), CERTIFICATES) as client:
        await client.reply()
        await client.ask("STARTTLS")
        await client.start_tls()
        assert client.tls_version == version.value


@pytest.mark.parametrize(
    "tls",
    [
        TlsSpec(max_version=TlsVersion.TLS_1_2, ciphers="CAMELLIA256-SHA"),
        TlsSpec(max_version=TlsVersion.TLS_1_2, require_client_certificate=True),
        TlsSpec(sni_required=("mx.example.com",)),
    ],
    ids=["no common cipher for this key", "client certificate", "no SNI"],
)
async def test_a_handshake_the_server_refuses_ends_in_an_alert(tls):
    async with serving(a_host(certificate="mx", tls=tls), CERTIFICATES) as target:
        async with connected_to(target) as client:
            await client.reply()
            await client.ask("STARTTLS")
            with pytest.raises(SSL.Error, match=r"alert|unrecognized name"):
                await client.start_tls()
        async with connected_to(target) as client:
            assert (await client.reply()).startswith(b"220")


async def test_a_client_that_sends_no_tls_gets_an_alert_and_the_server_lives_on():
    async with serving(a_host(certificate="mx"), CERTIFICATES) as target:
        async with connected_to(target) as client:
            await client.reply()
            await client.ask("STARTTLS")
            await client.send(b"EHLO probe.example.net\r\n")
            assert (await client.until_closed())[:1] in (b"\x15", b"")
        async with connected_to(target) as client:
            assert (await client.reply()).startswith(b"220")


@pytest.mark.parametrize("greeting", [("421 4.3.2 busy",), ("421-a", "421 b")])
async def test_421_closes(greeting):
    async with client_of(a_host(greeting=greeting)) as client:
        assert await client.until_closed() == to_octets(greeting)


async def test_after_554_everything_but_quit_is_out_of_order():
    async with client_of(a_host(greeting=("554 5.7.1 no",))) as client:
        assert await client.reply() == b"554 5.7.1 no\r\n"
        assert (await client.ask("EHLO probe.example.net")).startswith(b"503")
        assert (await client.ask("QUIT")).startswith(b"221")
        assert await client.until_closed() == b""


async def test_a_421_to_a_command_closes():
    async with client_of(a_host(replies={"MAIL": ("421 4.3.2 going down",)})) as client:
        await client.reply()
        await client.send(b"MAIL FROM:<>\r\n")
        assert await client.until_closed() == b"421 4.3.2 going down\r\n"


async def test_an_accepted_scripted_mail_counts_for_the_order_of_commands():
    async with client_of(a_host(replies={"MAIL": ("250 fine",)})) as client:
        await client.reply()
        await client.ask("EHLO probe.example.net")
        assert await client.ask("MAIL FROM:<>") == b"250 fine\r\n"
        assert (await client.ask("RCPT TO:<b@example.com>")).startswith(b"250")


async def test_raw_bytes_are_sent_as_they_stand():
    async with client_of(a_host(greeting="220 a\rb\n\x00\xff\u202e\r\n")) as client:
        data = b""
        while not data.endswith(b"\r\n"):
            data += await client.receive()
        assert data == b"220 a\rb\n\x00\xff\xe2\x80\xae\r\n"


async def test_the_greeting_can_be_delayed_and_dripped():
    host = a_host(greeting=("220 hi",), greeting_delay_s=0.02, greeting_octets_per_s=1000.0)
    async with client_of(host) as client:
        started = time.monotonic()
        pieces = []
        while b"\r\n" not in b"".join(pieces):
            pieces.append(await client.receive())
        assert b"".join(pieces) == b"220 hi\r\n"
        assert len(pieces) > 1
        assert time.monotonic() - started >= 0.02


async def test_a_silent_host_accepts_and_sends_nothing():
    async with client_of(a_host(arrival=Arrival.SILENT)) as client:
        await client.send(b"EHLO probe.example.net\r\n")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.reader.read(1), 0.05)


async def test_a_resetting_host_sends_rst():
    async with serving(a_host(arrival=Arrival.RESET)) as target:
        with pytest.raises(ConnectionResetError):
            async with connected_to(target) as client:
                await client.until_closed()


async def test_a_closing_host_sends_fin():
    async with client_of(a_host(arrival=Arrival.CLOSE)) as client:
        assert await client.until_closed() == b""


async def test_a_refusing_host_has_a_port_without_listener():
    async with serving(a_host(arrival=Arrival.REFUSE)) as target:
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(*target)


@pytest.mark.parametrize(
    ("arrival", "fault"),
    [(Arrival.UNREACHABLE, Fault.UNREACHABLE), (Arrival.DROP, Fault.SILENT)],
)
async def test_what_no_loopback_port_can_do_is_left_to_the_dialer(arrival, fault):
    async with serving(a_host(arrival=arrival)) as target:
        assert target is fault


async def test_an_endless_ehlo_response_ends_at_the_lab_s_own_limit():
    async with client_of(a_host(ehlo_endless=True)) as client:
        await client.reply()
        await client.send(b"EHLO probe.example.net\r\n")
        flood = await client.until_closed()
        assert ENDLESS_BYTES * 0.9 < len(flood) < ENDLESS_BYTES * 1.1
        assert all(line.startswith(b"250-") for line in flood.splitlines())


async def test_answers_are_held_back_one_round_trip():
    async with client_of(a_host(), rtt_s=0.05) as client:
        await client.reply()
        started = time.monotonic()
        await client.ask("EHLO probe.example.net")
        assert time.monotonic() - started >= 0.045


@pytest.mark.parametrize("data", HOSTILE)
async def test_hostile_input_is_answered_or_dropped_and_the_server_lives_on(data):
    async with serving(a_host(certificate="mx"), CERTIFICATES) as target:
        async with connected_to(target) as client:
            await client.reply()
            await client.send(data + b"\r\nQUIT\r\n")
            with contextlib.suppress(ConnectionError):
                await client.until_closed()
        async with connected_to(target) as client:
            assert (await client.reply()).startswith(b"220")


async def test_a_command_line_without_end_is_cut_off():
    async with client_of(a_host()) as client:
        await client.reply()
        await client.send(b"A" * 100_000)
        with contextlib.suppress(ConnectionResetError):
            assert await client.until_closed() == b""


async def test_stopping_with_clients_connected_closes_them():
    async with serving(a_host(certificate="mx"), CERTIFICATES) as target:
        reader, writer = await asyncio.open_connection(*target)
        await reader.readline()
        silent_reader, silent_writer = await asyncio.open_connection(*target)
    assert await asyncio.wait_for(reader.read(), 5) == b""
    await asyncio.wait_for(silent_reader.read(), 5)
    for each in (writer, silent_writer):
        each.close()


async def test_a_client_that_arrives_while_the_server_ends_leaves_no_socket_open():
    for turns in range(6):  # an unclosed socket is a ResourceWarning, and that an error
        with socket.socket() as client:
            async with serving(a_host()) as target:
                await asyncio.sleep(0)  # the server waits for somebody by now
                client.setblocking(False)
                client.connect_ex(target)
                for _ in range(turns):
                    await asyncio.sleep(0)
        gc.collect()
