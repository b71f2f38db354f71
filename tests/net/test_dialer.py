import asyncio
import errno
import gc
import socket

import pytest

from mxwalk.errors import UsageError
from mxwalk.evidence.wire import Ending, EndingKind
from mxwalk.net import endings
from mxwalk.net.connection import Connection
from mxwalk.net.dialer import Dialer, Fault, MappedDialer, SystemDialer
from mxwalk.net.endings import Peer
from tests.net.peers import closed_port, serve

ADDRESS = "192.0.2.25"


async def greet(reader, writer):
    writer.write(b"220 hello\r\n")
    await reader.read()


async def test_a_port_where_nothing_listens_refuses() -> None:
    port = closed_port()
    ending = await SystemDialer().dial("127.0.0.1", port, 5)
    assert isinstance(ending, Ending)
    assert ending.kind is EndingKind.REFUSED
    assert f"127.0.0.1 port {port} refused the connection after " in ending.detail
    assert ending.after_s < 1


@pytest.mark.parametrize("text", ["mx.example.net", "", "192.0.2.1.", "\x1b[31m", "[192.0.2.1]"])
async def test_a_name_is_no_address_and_is_never_resolved(text) -> None:
    with pytest.raises(UsageError, match="is no IP address"):
        await SystemDialer().dial(text, 25, 1)


async def test_a_mapped_address_leads_to_its_port_and_keeps_its_name() -> None:
    async with serve(greet) as port:
        dialer: Dialer = MappedDialer({(ADDRESS, 25): ("127.0.0.1", port)})
        connection = await dialer.dial(ADDRESS, 25, 5)
        assert isinstance(connection, Connection)
        assert await connection.receive(5) == b"220 hello\r\n"
        ending = await connection.receive(0.01)
        assert isinstance(ending, Ending)
        assert ending.detail.startswith(f"{ADDRESS} port 25 ")
        await connection.close()


async def test_ipv6_addresses_match_in_any_spelling() -> None:
    async with serve(greet) as port:
        dialer = MappedDialer({("2001:DB8:0::1", 25): ("127.0.0.1", port)})
        connection = await dialer.dial("2001:db8::1", 25, 5)
        assert isinstance(connection, Connection)
        await connection.close()


async def test_ipv6_is_dialled_too() -> None:
    try:
        listener = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    with listener:
        port = listener.getsockname()[1]
        connection = await SystemDialer().dial("0:0:0:0:0:0:0:1", port, 5)
        assert isinstance(connection, Connection)
        assert connection.local_address == "::1"
        ending = await connection.receive(0.01)
        assert isinstance(ending, Ending)
        assert ending.detail.startswith(f"::1 port {port} ")
        await connection.close()


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        (Fault.REFUSED, EndingKind.REFUSED),
        (Fault.UNREACHABLE, EndingKind.UNREACHABLE),
        (Fault.SILENT, EndingKind.TIMEOUT),
    ],
)
async def test_a_mapped_fault_ends_as_the_real_one_would(target, kind) -> None:
    ending = await MappedDialer({(ADDRESS, 25): target}).dial(ADDRESS, 25, 0.02)
    assert isinstance(ending, Ending)
    assert ending.kind is kind
    assert f"{ADDRESS} port 25" in ending.detail
    assert ending.after_s >= (0.019 if target is Fault.SILENT else 0)


async def test_an_address_outside_the_mapping_is_unreachable_and_never_dialled(monkeypatch) -> None:
    def forbidden(*_args, **_kwargs):
        raise AssertionError("dialled")

    monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", forbidden)
    for address, port in [("192.0.2.99", 25), (ADDRESS, 26), ("127.0.0.1", 25)]:
        ending = await MappedDialer({(ADDRESS, 25): ("127.0.0.1", 9)}).dial(address, port, 5)
        assert isinstance(ending, Ending)
        assert ending.kind is EndingKind.UNREACHABLE


async def test_a_round_trip_delays_the_set_up_and_counts_against_the_timeout() -> None:
    async with serve(greet) as port:
        mapping = {(ADDRESS, 25): ("127.0.0.1", port)}
        connection = await MappedDialer(mapping, rtt_s=0.05).dial(ADDRESS, 25, 5)
        assert isinstance(connection, Connection)
        await connection.receive(5)
        assert connection.take_wire()[0].at_s >= 0.049
        await connection.close()
        ending = await MappedDialer(mapping, rtt_s=5).dial(ADDRESS, 25, 0.02)
        assert isinstance(ending, Ending)
        assert ending.kind is EndingKind.TIMEOUT
        assert "did not answer the connection attempt within 0.02 seconds" in ending.detail


async def test_cancelling_a_dial_leaves_nothing_behind() -> None:
    async with serve(greet) as port:
        dialling = asyncio.ensure_future(
            MappedDialer({(ADDRESS, 25): ("127.0.0.1", port)}, rtt_s=60).dial(ADDRESS, 25, 90)
        )
        await asyncio.sleep(0)
        dialling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await dialling


@pytest.mark.parametrize("turns", range(12))
async def test_a_dial_cancelled_at_any_moment_closes_its_socket(turns) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        dialling = asyncio.ensure_future(SystemDialer().dial("127.0.0.1", port, 5))
        for _ in range(turns):
            await asyncio.sleep(0)
        if dialling.cancel():
            with pytest.raises(asyncio.CancelledError):
                await dialling
        else:
            await (await dialling).close()
        gc.collect()  # an unclosed socket would warn now


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (errno.ECONNREFUSED, EndingKind.REFUSED),
        (errno.ENETUNREACH, EndingKind.UNREACHABLE),
        (errno.EHOSTUNREACH, EndingKind.UNREACHABLE),
        (errno.ETIMEDOUT, EndingKind.TIMEOUT),
        (errno.ECONNRESET, EndingKind.RESET),
        (errno.EADDRNOTAVAIL, EndingKind.LOCAL),
        (errno.EMFILE, EndingKind.LOCAL),
        (errno.EPERM, EndingKind.LOCAL),
    ],
)
def test_system_errors_of_dialling_are_told_apart(code, kind) -> None:
    ending = endings.from_dialling(Peer(ADDRESS, 25), OSError(code, "said the system"), 1.5)
    assert ending.kind is kind
    assert f"{ADDRESS} port 25" in ending.detail
    assert ending.after_s == 1.5


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (errno.ECONNRESET, EndingKind.RESET),
        (errno.EPIPE, EndingKind.RESET),
        (errno.ETIMEDOUT, EndingKind.TIMEOUT),
        (errno.EHOSTUNREACH, EndingKind.UNREACHABLE),
        (errno.EIO, EndingKind.LOCAL),
    ],
)
def test_system_errors_of_open_connections_are_told_apart(code, kind) -> None:
    ending = endings.from_open(Peer(ADDRESS, 25), OSError(code, "said the system"), 0.25)
    assert ending.kind is kind
    assert f"{ADDRESS} port 25" in ending.detail


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (30.0, "30 seconds"),
        (1.0, "1 second"),
        (0.034, "0.03 seconds"),
        (0.0004, "less than 0.01 seconds"),
        (0.0, "0 seconds"),
    ],
)
def test_durations_read_well(value, text) -> None:
    assert endings.seconds(value) == text
