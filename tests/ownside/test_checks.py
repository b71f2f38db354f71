"""The checks of this machine, against fake resolvers and servers on loopback."""

import asyncio
import contextlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dns.rcode
import pytest

from mxwalk.clock import FixedClock
from mxwalk.delivery.mark import Mark
from mxwalk.dns.resolver import StubResolver
from mxwalk.evidence.connection import Handshaken
from mxwalk.net.dialer import Fault, MappedDialer, SystemDialer
from mxwalk.ownside import dns_checks, egress, machine, network
from mxwalk.ownside.checks import CHECKS, chosen, examine
from mxwalk.ownside.egress import Attempt, Way, conclude
from mxwalk.ownside.model import Side
from tests.dns.peers import closed_port, framed, reply, scripted

NOW = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
SIGNED = (
    ". DNSKEY 257 3 8 AQIDBA==",
    ". RRSIG DNSKEY 8 0 172800 20261201000000 20261111000000 20326 . AQIDBA==",
)
AD = 0x0020
PUBLIC, PRIVATE = "192.0.2.25", "10.0.0.5"


def side(server=("127.0.0.1", 9), **more) -> Side:
    given = {
        "resolver": StubResolver([server], timeout_s=0.3),
        "servers": (server,),
        "clock": FixedClock(NOW),
        "dialer": SystemDialer(),
        "source": lambda destination: "" if ":" in destination else PRIVATE,
        "state_directory": Path("/nowhere"),
        "timeout_s": 0.3,
    }
    return Side(**{**given, **more})


def answering(zone: dict[tuple[str, str], tuple[str, ...]], *, flags: int = AD, rcode=None):
    """Return a UDP script that answers from ``zone``; other names do not exist."""

    def script(query):
        asked = query.question[0]
        name, rtype = asked.name.to_text(omit_final_dot=True), asked.rdtype.name
        key = (name or ".", rtype)
        lines = zone.get(key)
        if lines is None:
            yield reply(query, rcode=dns.rcode.NXDOMAIN if rcode is None else rcode)
        else:
            yield reply(query, *lines, flags=flags)

    return script


ROOT = {(".", "DNSKEY"): SIGNED}


@contextlib.asynccontextmanager
async def with_zone(zone=None, *, flags: int = AD, rcode=None, tcp=True, **more):
    def over_tcp(query):
        return framed(reply(query, *SIGNED, flags=flags))

    script = answering(
        {**ROOT, **(zone or {})} if zone is not False else {}, flags=flags, rcode=rcode
    )
    async with scripted(script, over_tcp if tcp else None) as (server, _):
        yield side(server, **more)


async def test_a_resolver_that_validates_is_in_order() -> None:
    async with with_zone() as ours:
        found = await dns_checks.resolver(ours)
    assert (found.state, found.fix) == (Mark.OK, "")
    assert "answers and validates DNSSEC" in found.words


async def test_a_resolver_without_ad_does_not_validate() -> None:
    async with with_zone(flags=0) as ours:
        found = await dns_checks.resolver(ours)
    assert (found.state, "does not validate" in found.words) == (Mark.WARN, True)


async def test_a_resolver_that_denies_the_root_lies() -> None:
    async with with_zone(False) as ours:
        found = await dns_checks.resolver(ours)
    assert found.state is Mark.FAIL
    assert "it lies" in found.words
    assert found.fix


async def test_a_resolver_that_fails_on_the_root_is_wrong() -> None:
    async with with_zone(False, rcode=dns.rcode.SERVFAIL) as ours:
        found = await dns_checks.resolver(ours)
    assert (found.state, "servfail" in found.words) == (Mark.FAIL, True)


async def test_a_dead_resolver_is_said_once_and_the_rest_is_unknown() -> None:
    ours = side(closed_port(), helo="mail.example.com")
    results = [one async for one in examine(ours)]
    states = {one.id: one.state for one in results}
    assert states["resolver"] is Mark.FAIL
    assert {states[name] for name in ("dnssec", "edns", "helo", "clock")} == {Mark.UNKNOWN}


async def test_stripped_signatures_are_noticed() -> None:
    async with with_zone({(".", "DNSKEY"): SIGNED[:1]}) as ours:
        found = await dns_checks.dnssec(ours)
        clock = await dns_checks.clock(ours)
    assert (found.state, "stripped" in found.words) == (Mark.WARN, True)
    assert clock.state is Mark.UNKNOWN


async def test_an_answer_without_opt_is_no_edns_and_tcp_is_tried() -> None:
    def without_opt(query):
        query.use_edns(False)
        yield reply(query, *SIGNED, flags=AD)

    async with scripted(without_opt) as (server, _):
        found = await dns_checks.edns(side(server))
    assert (found.state, "no EDNS" in found.words) == (Mark.WARN, True)


@pytest.mark.parametrize(("tcp", "state"), [(True, Mark.OK), (False, Mark.WARN)])
async def test_a_resolver_must_answer_over_tcp_too(tcp, state) -> None:
    async with with_zone(tcp=tcp) as ours:
        found = await dns_checks.edns(ours)
    assert found.state is state
    assert ("TCP works" in found.words) is tcp


@pytest.mark.parametrize(
    ("zone", "rcode", "state"),
    [
        (None, dns.rcode.SERVFAIL, Mark.OK),
        (
            {(dns_checks.BOGUS_NAME, "A"): (f"{dns_checks.BOGUS_NAME}. A 192.0.2.1",)},
            None,
            Mark.WARN,
        ),
        (None, dns.rcode.NXDOMAIN, Mark.UNKNOWN),
    ],
)
async def test_a_bogus_name_is_refused_by_who_validates(zone, rcode, state) -> None:
    async with with_zone(zone, rcode=rcode) as ours:
        assert (await dns_checks.bogus(ours)).state is state


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (NOW, Mark.OK),
        (datetime(2026, 11, 10, tzinfo=UTC), Mark.FAIL),
        (datetime(2027, 1, 1, tzinfo=UTC), Mark.FAIL),
        (datetime(1970, 1, 1, tzinfo=UTC), Mark.FAIL),
    ],
)
async def test_the_clock_must_lie_within_the_roots_signature(now, state) -> None:
    async with with_zone(clock=FixedClock(now)) as ours:
        assert (await dns_checks.clock(ours)).state is state


async def test_routes_and_private_addresses_are_explained() -> None:
    ours = side()
    assert (await network.ipv4(ours)).state is Mark.INFO
    assert "NAT" in (await network.ipv4(ours)).words
    assert (await network.ipv6(ours)).state is Mark.INFO
    nowhere = replace(ours, source=lambda _: "")
    assert (await network.ipv4(nowhere)).state is Mark.FAIL
    assert (await network.ptr(nowhere)).state is Mark.UNKNOWN
    local = replace(ours, source=lambda _: "fd00::2")
    assert (await network.ipv6(local)).state is Mark.INFO


@pytest.mark.parametrize(
    "name", ["", "[192.0.2.1]", "mail", "a..b", "printer.local", "x.home.arpa"]
)
async def test_a_helo_name_that_is_no_full_name_is_told(name) -> None:
    found = await network.helo(side(helo=name))
    assert (found.state, bool(found.fix)) == (Mark.WARN, True)


HELO = "mail.example.com"
FORWARD = {(HELO, "A"): (f"{HELO}. A {PUBLIC}",)}
BACK = {("25.2.0.192.in-addr.arpa", "PTR"): (f"25.2.0.192.in-addr.arpa. PTR {HELO}.",)}


@pytest.mark.parametrize(
    ("zone", "source", "state", "words"),
    [
        ({}, PUBLIC, Mark.WARN, "has no address"),
        (FORWARD, PUBLIC, Mark.OK, "leads here"),
        (FORWARD, "198.51.100.9", Mark.WARN, "and this machine sends from 198.51.100.9"),
        (FORWARD, PRIVATE, Mark.WARN, "does not lead back"),
        ({**FORWARD, **BACK}, PRIVATE, Mark.INFO, "leads back"),
    ],
)
async def test_a_helo_name_must_lead_to_this_machine(
    zone, source, state, words, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "is_private", lambda address: address == PRIVATE)

    def ours_is(destination: str) -> str:
        return "" if ":" in destination else source

    async with with_zone(zone, helo=HELO, source=ours_is) as ours:
        found = await network.helo(ours)
    assert found.state is state
    assert words in found.words


@pytest.mark.parametrize(
    ("zone", "helo", "state", "words"),
    [
        ({}, HELO, Mark.WARN, "has no PTR record"),
        (BACK, HELO, Mark.WARN, "does not lead back"),
        ({**FORWARD, **BACK}, HELO, Mark.OK, "forward-confirmed"),
        ({**FORWARD, **BACK}, "other.example.com", Mark.INFO, "not the HELO name"),
    ],
)
async def test_the_reverse_name_is_confirmed_and_compared(
    zone, helo, state, words, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "is_private", lambda _address: False)
    async with with_zone(zone, helo=helo, source=lambda _: PUBLIC) as ours:
        found = await network.ptr(ours)
    assert found.state is state
    assert words in found.words


async def test_a_private_address_has_no_ptr_to_judge() -> None:
    assert (await network.ptr(side())).state is Mark.INFO


# -- the machine --------------------------------------------------------------------------------------


async def test_the_trust_store_is_counted_and_a_missing_one_is_wrong(tmp_path: Path) -> None:
    fine = await machine.trust(side(trust="certifi"))
    assert (fine.state, "roots" in fine.words) == (Mark.OK, True)
    missing = await machine.trust(side(trust=str(tmp_path / "none.pem")))
    assert (missing.state, "does not exist" in missing.words) == (Mark.FAIL, True)


async def test_openssl_says_its_version_and_its_policy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "openssl.cnf"
    config.write_text(
        "[sys]\n MinProtocol = TLSv1.2\nCipherString=DEFAULT@SECLEVEL=2\n#MinProtocol = None\n"
    )
    monkeypatch.setenv("OPENSSL_CONF", str(config))
    found = await machine.openssl(side())
    assert found.state is Mark.INFO
    assert "MinProtocol TLSv1.2, CipherString DEFAULT@SECLEVEL=2" in found.words
    monkeypatch.setenv("OPENSSL_CONF", str(tmp_path / "none"))
    assert "no policy" in (await machine.openssl(side())).words


def test_a_hostile_configuration_is_bounded_and_printable(tmp_path: Path) -> None:
    config = tmp_path / "openssl.cnf"
    config.write_bytes(b"MinProtocol = \x1b[31m\xff\n" * 50_000)
    ((name, value),) = machine.policy_of(config)
    assert (name, value.isprintable()) == ("MinProtocol", True)


async def test_a_state_directory_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    assert (await machine.state(side(state_directory=tmp_path / "a" / "b"))).state is Mark.OK
    (tmp_path / "file").write_text("")
    told = await machine.state(side(state_directory=tmp_path / "file" / "b"))
    assert told.state is Mark.WARN


async def test_file_descriptors_are_counted() -> None:
    assert (await machine.descriptors(side())).state in (Mark.OK, Mark.WARN)


@pytest.mark.parametrize(("ahead", "state"), [(-1, Mark.OK), (1, Mark.WARN)])
async def test_the_clock_is_held_against_a_saved_walk(ahead, state) -> None:
    from mxwalk.tls.certificate import read_certificate
    from tests.widgets.samples import sample_trace

    trace = sample_trace()
    shown = [s.evidence for s in trace.steps if isinstance(s.evidence, Handshaken)]
    begins = read_certificate(shown[0].presented[0]).not_before
    assert begins is not None
    began = (begins - timedelta(days=ahead)).strftime("%Y-%m-%dT%H:%M:%SZ")
    from msgspec.structs import replace as other

    walk = other(trace, header=other(trace.header, started_at=began))
    found = await machine.saved_clock(side(walk=walk))
    assert found.state is state
    assert (await machine.saved_clock(side())).state is Mark.UNKNOWN


# -- egress -------------------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def greeting(line: bytes):
    heard: list[bytes] = []
    done = asyncio.Event()

    async def serve(reader, writer) -> None:
        done.clear()
        writer.write(line)
        heard.append(await reader.read(100))
        writer.close()
        done.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname(), heard
        async with asyncio.timeout(5):
            await done.wait()


async def test_a_receiver_is_greeted_and_left_with_quit() -> None:
    async with greeting(b"220 mx.example.com ESMTP\r\n") as (at, heard):
        ours = side(egress=(at, at), dialer=SystemDialer())
        made = [one async for one in egress.attempts(ours)]
    assert [one.way for one in made] == [Way.GREETED, Way.GREETED]
    assert heard == [b"QUIT\r\n"] * 2
    found = conclude(made)
    assert (found.state, found.words) == (Mark.OK, "open: 2 of 2 receivers answered")


async def test_a_refusing_greeting_got_out_all_the_same() -> None:
    async with greeting(b"554 no\x1b[31m\r\n") as (at, _):
        made = [one async for one in egress.attempts(side(egress=(at,)))]
    assert made[0].way is Way.REFUSING
    assert made[0].words.isprintable()
    assert conclude(made).state is Mark.OK


async def test_a_mail_domain_is_looked_up_and_its_first_host_connected_to() -> None:
    async with greeting(b"220 a\r\n") as (at, _):
        zone = {
            ("example.com", "MX"): ("example.com. MX 20 b.example.com.",),
            ("b.example.com", "A"): (f"b.example.com. A {PUBLIC}",),
        }
        async with with_zone(zone, dialer=MappedDialer({(PUBLIC, 25): at})) as plain:
            ours = replace(plain, egress=(("example.com", 0), ("none.example", 0)))
            made = [one async for one in egress.attempts(ours)]
    assert [(one.way, one.host) for one in made] == [
        (Way.GREETED, "b.example.com"),
        (Way.NOT_FOUND, "none.example"),
    ]


async def test_every_way_of_not_getting_through_has_a_name() -> None:
    dialer = MappedDialer({("192.0.2.1", 25): Fault.REFUSED, ("192.0.2.2", 25): Fault.UNREACHABLE})
    ours = side(dialer=dialer, egress=(("192.0.2.1", 25), ("192.0.2.2", 25)))
    made = [one async for one in egress.attempts(ours)]
    assert [one.way for one in made] == [Way.REFUSED, Way.UNREACHABLE]
    assert conclude(made).state is Mark.UNKNOWN


def tried(*ways: Way, **more) -> list[Attempt]:
    return [
        Attempt(receiver=f"r{n}.example", way=way, address=f"192.0.2.{n}", **more)
        for n, way in enumerate(ways)
    ]


@pytest.mark.parametrize(
    ("ways", "state"),
    [
        ((Way.SILENT,) * 4, Mark.FAIL),
        ((Way.REFUSED,) * 2, Mark.FAIL),
        ((Way.SILENT,), Mark.UNKNOWN),
        ((Way.SILENT, Way.SILENT, Way.REFUSED), Mark.UNKNOWN),
        ((Way.SILENT, Way.SILENT, Way.NOT_FOUND), Mark.UNKNOWN),
        ((Way.SILENT, Way.SILENT, Way.GREETED), Mark.OK),
        ((Way.NOT_FOUND,) * 4, Mark.UNKNOWN),
        ((Way.OWN,) * 4, Mark.UNKNOWN),
        ((), Mark.UNKNOWN),
    ],
)
def test_blocked_is_said_only_where_all_fail_in_the_same_way(ways, state) -> None:
    assert conclude(tried(*ways)).state is state


def test_the_same_greeting_from_everybody_is_somebody_in_between() -> None:
    found = conclude(tried(Way.GREETED, Way.GREETED, greeting="220 proxy"))
    assert (found.state, "in their place" in found.words) == (Mark.FAIL, True)


def test_nobody_else_is_asked_unless_it_is_wanted() -> None:
    ours = side()
    assert not any(one.outside for one in chosen(ours))
    assert [one.id for one in chosen(ours, ("egress",)) if one.outside] == ["egress"]
    assert len({one.id for one in CHECKS}) == len(CHECKS)


def test_without_a_route_the_provider_is_not_blamed_for_blocking() -> None:
    found = conclude(tried(Way.UNREACHABLE, Way.UNREACHABLE))
    assert found.state is Mark.FAIL
    assert "blocked" not in found.words
    assert "ip route" in found.fix
