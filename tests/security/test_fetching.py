"""Addresses that certificates, policies and redirects name lead to no place inside.

The resolver lies (it gives another address each time), the dialer records and never connects, and one
test has a real server on loopback.  What a URL may be is held by ``tests/http/test_url.py``, which
address is a public one by ``tests/http/test_guard.py``, bounds by ``tests/http/test_hostile.py``.
"""

import asyncio
from collections.abc import Sequence

import pytest

from mxwalk.clock import SystemClock
from mxwalk.evidence.dns import DnsAnswer, DnsStatus, RRset
from mxwalk.evidence.fetch import Purpose
from mxwalk.evidence.wire import Ending, EndingKind
from mxwalk.http.client import Fetcher
from mxwalk.http.guard import AnyAddress, Permit, PublicOnly, not_public
from mxwalk.http.model import CRL_TERMS, OCSP_TERMS, POLICY_TERMS, FetchLimits
from mxwalk.net.connection import Connection
from mxwalk.net.dialer import Dialer, MappedDialer, SystemDialer
from tests.http.parts import NO_ROOTS, ok, saying
from tests.net.peers import serve
from tests.security.audited import watched

PUBLIC = "8.8.8.8"
HOST = "pki.example.net"
# Every kind of place that is not public, by the address a name or a URL may give.
INSIDE = (
    "0.0.0.0", "0.0.0.1", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.0.0.53",
    "169.254.169.254", "169.254.170.2", "172.16.0.1", "192.0.0.192", "192.168.1.1", "198.18.0.1",
    "224.0.0.251", "255.255.255.255", "168.63.129.16",
    "::", "::1", "fd00:ec2::254", "fd20:ce::254", "fc00::1", "fe80::1", "ff02::1", "fec0::1",
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1", "::127.0.0.1", "64:ff9b::127.0.0.1",
    "64:ff9b::169.254.169.254", "64:ff9b:1::10.0.0.1", "2002:7f00:1::1", "2002:a9fe:a9fe::",
    "2001:0:7f00:1::1", "2001:0:808:808:8000:63bf:80ff:fffe", "2001:db8::1", "2a00::5efe:10.0.0.1",
    "2a00::200:5efe:10.0.0.1",
)  # fmt: skip
SPELLINGS = (
    "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/", "http://127.0.1/",
    "http://0x7f.1/", "http://017700000001/", "http://127.0.0.1./", "http://127.0.0.1:80/",
    "http://0/", "http://00000.0.0.0/", "http://[::ffff:7f00:1]/", "http://[::FFFF:127.0.0.1]/",
    "http://[0:0:0:0:0:0:0:1]/", "http://[::1%25lo]/", "http://[::1%lo]/", "http://8.8.8.8@127.0.0.1/",
    "http://127.0.0.1#@8.8.8.8/", "http://127.0.0.1\\@8.8.8.8/", "http://127.0.0.1%00.example/",
    "http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/", "http://１２７.0.0.1/", "http:127.0.0.1/", "http:///127.0.0.1/",
    "HTTP://127.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/latest/",
    "http://2852039166/latest/", "http://0251.0376.0251.0376/", "http://0xa9fea9fe/",
    "gopher://127.0.0.1:25/_HELO", "dict://127.0.0.1:11211/", "file:///etc/passwd", "ldap://127.0.0.1/",
    "ftp://127.0.0.1/", "unix:/run/docker.sock", "jar:http://127.0.0.1!/", "data:,x", "netdoc:///etc/passwd",
)  # fmt: skip


class Lying:
    """A resolver that gives the next of its addresses at each question."""

    def __init__(self, *turns: Sequence[str]) -> None:
        self._turns = iter(turns)
        self._last: Sequence[str] = ()
        self.asked: list[str] = []

    async def query(self, qname: str, rtype: str) -> DnsAnswer:
        if rtype == "A":
            self.asked.append(qname)
            self._last = next(self._turns, self._last)
        records = tuple(one for one in self._last if (":" in one) is (rtype == "AAAA"))
        if not records:
            return DnsAnswer(qname=qname, rtype=rtype, status=DnsStatus.NODATA)
        rrset = RRset(name=qname, rtype=rtype, ttl_s=0, records=records)
        return DnsAnswer(qname=qname, rtype=rtype, status=DnsStatus.OK, answer=(rrset,))

    def forget(self) -> None:
        """There is nothing to forget."""


class Recording:
    """A dialer that notes what it is asked to dial, and leads public addresses to one port."""

    def __init__(self, port: int = 0) -> None:
        self.dialled: list[tuple[str, int]] = []
        self._port = port

    async def dial(self, address: str, port: int, timeout_s: float) -> Connection | Ending:
        self.dialled.append((address, port))
        if not self._port:
            return Ending(kind=EndingKind.REFUSED, detail="refused")
        there = MappedDialer({(address, port): ("127.0.0.1", self._port)})
        return await there.dial(address, port, timeout_s)


def fetcher(dialer: Dialer, resolver: Lying, permit: Permit | None = None) -> Fetcher:
    return Fetcher(
        dialer,
        resolver,
        NO_ROOTS,
        clock=SystemClock(),
        permit=permit or PublicOnly(),
        limits=FetchLimits(timeout_s=5),
    )


def redirect(to: str, status: int = 302) -> bytes:
    return f"HTTP/1.1 {status} There\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode()


@pytest.mark.parametrize("address", INSIDE)
async def test_no_place_inside_is_dialled_by_name_or_by_address(address: str) -> None:
    dialer = Recording()
    fetch = fetcher(dialer, Lying([address]))
    literal = f"[{address}]" if ":" in address else address
    for url in (
        f"http://{HOST}/",
        f"https://{HOST}/",
        f"http://{literal}/",
        f"http://{literal}:8080/",
    ):
        told = (await fetch.get(url, Purpose.CRL, CRL_TERMS)).fetched
        assert told.problem
        assert told.address == ""
    told = (await fetch.post(f"http://{HOST}/", b"x", "a/b", Purpose.OCSP, OCSP_TERMS)).fetched
    assert "is not asked" in told.problem
    assert dialer.dialled == []


@pytest.mark.parametrize("url", SPELLINGS)
async def test_no_spelling_of_a_place_inside_is_dialled_or_looked_up(url: str) -> None:
    """Nobody is asked for a name that is another spelling of an address: a resolver might know it."""
    dialer, resolver = Recording(), Lying(["127.0.0.1"])
    told = (await fetcher(dialer, resolver).get(url, Purpose.CRL, CRL_TERMS)).fetched
    assert told.problem
    assert dialer.dialled == []
    assert resolver.asked == []


@pytest.mark.parametrize("port", [1, 22, 25, 53, 111, 389, 445, 465, 587, 1023])
async def test_no_port_of_another_service_is_dialled(port: int) -> None:
    dialer = Recording()
    told = await fetcher(dialer, Lying([PUBLIC])).get(f"http://{HOST}:{port}/", Purpose.CRL)
    assert "another service" in told.fetched.problem
    assert dialer.dialled == []


async def test_between_the_check_and_the_connection_no_name_is_resolved_again() -> None:
    """DNS rebinding: the name is public when it is checked and loopback ever after."""
    async with serve(saying(ok(b"list"))) as port:
        dialer, resolver = Recording(port), Lying([PUBLIC], ["127.0.0.1"])
        fetch = fetcher(dialer, resolver)
        with watched() as seen:
            first = await fetch.get(f"http://{HOST}/one", Purpose.CRL)
            second = await fetch.get(f"http://{HOST}/two", Purpose.CRL)
    assert first.body == b"list"
    assert first.fetched.address == PUBLIC
    assert dialer.dialled == [
        (PUBLIC, 80)
    ]  # the address that was judged, and the second not at all
    assert resolver.asked == [HOST, HOST]
    assert "loopback" in second.fetched.problem
    assert not [event for event in seen.network if "addr" in event[0] or HOST in event[1]]


async def test_of_many_addresses_those_inside_are_left_out_and_the_rest_are_few() -> None:
    dialer = Recording()
    many = [*INSIDE, *(f"8.8.4.{n}" for n in range(1, 200))]
    await fetcher(dialer, Lying(many)).get(f"http://{HOST}/", Purpose.CRL)
    assert 0 < len(dialer.dialled) <= FetchLimits().addresses
    assert not [address for address, _ in dialer.dialled if not_public(address)]


@pytest.mark.parametrize(
    "record", ["0177.0.0.1", "127.1", "2130706433", "0x7f000001", "::1%lo", ""]
)
async def test_an_address_record_in_an_odd_spelling_is_no_address(record: str) -> None:
    dialer = Recording()
    told = await fetcher(dialer, Lying([record])).get(f"http://{HOST}/", Purpose.CRL)
    assert told.fetched.problem
    assert dialer.dialled == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "to",
    [
        "http://127.0.0.1/", "http://[::1]/", "http://169.254.169.254/latest/", "//10.0.0.1/x",
        "http://2130706433/", "http://inside.example/", "http://8.8.8.8:25/", "file:///etc/passwd",
        "gopher://127.0.0.1:25/", "http://a:b@10.0.0.1/", "\\\\10.0.0.1\\x", "http://[::ffff:10.0.0.1]/",
    ],
)  # fmt: skip
async def test_a_redirect_inside_is_not_followed(status: int, to: str) -> None:
    async with serve(saying(redirect(to, status))) as port:
        dialer, resolver = Recording(port), Lying([PUBLIC], ["10.0.0.1"])
        told = (await fetcher(dialer, resolver).get(f"http://{HOST}/", Purpose.CRL)).fetched
    assert told.problem
    assert {address for address, _ in dialer.dialled} == {PUBLIC}
    assert {port for _, port in dialer.dialled} == {80}


async def test_a_policy_is_never_redirected_and_never_asked_without_tls() -> None:
    """RFC 8461 3.3: no redirect; and what is not https is not asked at all."""
    dialer = Recording()
    fetch = fetcher(dialer, Lying([PUBLIC]))
    url = "http://mta-sts.example.net/.well-known/mta-sts.txt"
    told = (await fetch.get(url, Purpose.STS_POLICY, POLICY_TERMS)).fetched
    assert "only https" in told.problem
    assert dialer.dialled == []
    assert POLICY_TERMS.redirects == 0
    assert POLICY_TERMS.verify_server


async def test_an_endless_chain_of_redirects_ends_by_its_number() -> None:
    requests: list[bytes] = []
    async with serve(saying(redirect("/again"), requests)) as port:
        told = await fetcher(Recording(port), Lying([PUBLIC])).get(f"http://{HOST}/", Purpose.CRL)
    assert "at most" in told.fetched.problem
    assert len(requests) == CRL_TERMS.redirects + 1


class _LoopbackIsPublic(PublicOnly):
    """For a real server on loopback: every address passes the first look."""

    def objection(self, address: str, port: int) -> str:
        """Object to nothing."""
        del address, port
        return ""


async def test_this_machines_own_public_address_is_not_asked() -> None:
    """A firewall before the machine does not stand between it and its own public address."""
    requests: list[bytes] = []
    async with serve(saying(ok(b"secret"), requests)) as port:
        url = f"http://127.0.0.1:{port}/"
        fetch = fetcher(SystemDialer(), Lying(), _LoopbackIsPublic())
        told = await fetch.get(url, Purpose.CRL)
        assert told.body == b""
        assert "this very machine" in told.fetched.problem
        assert requests == []
        allowed = await fetcher(SystemDialer(), Lying(), AnyAddress()).get(url, Purpose.CRL)
    assert allowed.body == b"secret"
    assert len(requests) == 1


async def test_what_we_do_not_ask_is_told_first_whatever_else_failed() -> None:
    """The policy of a host of this machine is not laid at its door: ``fetch_fault`` reads how it begins."""

    class FirstRefused:
        async def dial(self, address: str, port: int, timeout_s: float) -> Connection | Ending:
            if address != "127.0.0.1":
                return Ending(kind=EndingKind.REFUSED, detail="connection refused")
            return await SystemDialer().dial(address, port, timeout_s)

    async with serve(saying(ok(b"secret"))) as port:
        means = fetcher(FirstRefused(), Lying([PUBLIC, "127.0.0.1"]), _LoopbackIsPublic())
        told = await means.get(f"http://{HOST}:{port}/", Purpose.CRL)
    assert told.fetched.problem.startswith(f"{HOST}:{port} is not asked: 127.0.0.1 is")
    assert told.fetched.problem.endswith("; connection refused")


@pytest.mark.parametrize(
    ("address", "own", "objected"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("2001:db8::1", "2001:0db8:0::1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "2001:db8::1", False),
        ("192.0.2.1", "", True),
    ],
)
def test_an_own_address_is_known_in_any_spelling(address: str, own: str, *, objected: bool) -> None:
    assert bool(PublicOnly().objection_to_end(address, own)) is objected


@pytest.fixture
def proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "http_proxy",
        "HTTP_PROXY",
        "https_proxy",
        "HTTPS_PROXY",
        "all_proxy",
        "ALL_PROXY",
    ):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")


@pytest.mark.usefixtures("proxies")
async def test_proxies_of_the_environment_are_not_used() -> None:
    async with serve(saying(ok(b"list"))) as port:
        dialer = Recording(port)
        told = await fetcher(dialer, Lying([PUBLIC])).get(f"http://{HOST}/", Purpose.CRL)
    assert told.body == b"list"
    assert dialer.dialled == [(PUBLIC, 80)]


async def test_a_real_server_that_redirects_to_itself_by_another_name_is_reached_no_further() -> (
    None
):
    """Everything real but the public address: sockets, HTTP, the redirect, the judgement of each hop."""
    requests: list[bytes] = []
    started = asyncio.Event()

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(await reader.readuntil(b"\r\n\r\n"))
        started.set()
        own = writer.get_extra_info("sockname")[1]
        writer.write(redirect(f"http://localhost.example.net:{own}/admin"))
        await writer.drain()

    async with serve(handler) as port:
        resolver = Lying([PUBLIC], ["127.0.0.1"])
        told = await fetcher(Recording(port), resolver).get(f"http://{HOST}/", Purpose.CRL)
    assert started.is_set()
    assert len(requests) == 1
    assert "127.0.0.1 is loopback" in told.fetched.problem
    assert told.fetched.redirects == (f"http://localhost.example.net:{port}/admin",)
