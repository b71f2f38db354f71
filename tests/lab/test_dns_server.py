import asyncio
import socket
import struct
from unittest.mock import patch

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import dns.rdatatype
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.clock import SystemClock
from mxwalk.dns.lookups import check_resolver, look_up_addresses, look_up_mx, look_up_ptr
from mxwalk.dns.resolver import StubResolver
from mxwalk.evidence.dns import DnsStatus
from mxwalk.lab.dns_faults import DnsFaultKind, Fault
from mxwalk.lab.dns_replies import Replies
from mxwalk.lab.dns_server import LabDns
from mxwalk.lab.recursor import Recursor
from mxwalk.lab.zones import ZoneSpec
from tests.generated import examples
from tests.hostile import HOSTILE
from tests.lab.dns_client import NOW, lab_dns, zones

REPLIES = Replies(Recursor(zones(), NOW), {})


def resolver(client, timeout_s=1.0, **options):
    return StubResolver([(client.lab.address, client.lab.port)], timeout_s, **options)


async def test_our_own_lookups_work_against_the_lab():
    async with lab_dns() as client:
        ours = resolver(client)
        checked = await check_resolver(ours)
        assert checked.answer.authentic
        assert checked.answer.records("RRSIG")
        mx = await look_up_mx(ours, "example.com")
        assert mx.answer.records() == ("10 mx1.example.com.", "20 mx2.hosting.example.")
        assert mx.answer.authentic
        addresses = await look_up_addresses(ours, "mx1.example.com")
        assert [a.records() for a in addresses.answers] == [("192.0.2.1",), ("2001:db8::1",)]
        ptr = await look_up_ptr(ours, "2001:db8::1")
        assert [(name.name, name.confirmed) for name in ptr.names] == [("mx1.example.com", True)]


async def test_a_malformed_tlsa_record_reaches_the_resolver_as_octets():
    async with lab_dns() as client:
        answer = await resolver(client).query("_25._tcp.bad.example.com", "TLSA")
    assert answer.status is DnsStatus.OK
    assert answer.records() == ("\\# 3 030101",)


async def test_without_do_there_are_no_dnssec_records():
    async with lab_dns() as client:
        for name, rtype in (("example.com", "MX"), ("no.example.com", "MX")):
            response = await client.ask(name, rtype, do=False)
            types = {rrset.rdtype for rrset in (*response.answer, *response.authority)}
            assert not types & {dns.rdatatype.RRSIG, dns.rdatatype.NSEC}
            assert response.edns == -1
            assert not response.flags & dns.flags.AD


async def test_the_ad_bit_alone_asks_for_the_verdict_without_the_records():
    async with lab_dns() as client:
        query = dns.message.make_query("example.com", "MX", use_edns=False)
        query.flags |= dns.flags.AD
        response = await dns.asyncquery.udp(query, client.lab.address, 5, port=client.lab.port)
        assert response.flags & dns.flags.AD
        assert len(response.answer) == 1


async def test_edns_is_echoed_with_the_do_bit():
    async with lab_dns() as client:
        response = await client.ask("example.com", "MX")
        assert (response.edns, response.payload) == (0, 1232)
        assert response.ednsflags & dns.flags.DO
        assert response.flags & dns.flags.RA


async def test_an_answer_over_the_clients_payload_is_truncated_and_whole_over_tcp():
    async with lab_dns() as client:
        small = await client.ask("big.example.com", "TXT")
        assert small.flags & dns.flags.TC
        assert small.answer == []
        whole = await client.ask("big.example.com", "TXT", tcp=True)
        assert not whole.flags & dns.flags.TC
        answer = await resolver(client).query("big.example.com", "TXT")
        assert (answer.status, answer.transport) == (DnsStatus.OK, "tcp")


@pytest.mark.parametrize(
    ("kind", "status"),
    [(DnsFaultKind.SERVFAIL, DnsStatus.SERVFAIL), (DnsFaultKind.REFUSED, DnsStatus.REFUSED)],
)
async def test_refusals_carry_their_extended_error(kind, status):
    faults = {("MX1.Example.com.", "a"): Fault(kind=kind, ede_code=22, ede_text="lab")}
    async with lab_dns(faults=faults) as client:
        answer = await resolver(client).query("mx1.example.com", "A")
        assert answer.status is status
        assert [(e.code, e.text) for e in answer.extended_errors] == [(22, "lab")]
        other = await resolver(client).query("mx1.example.com", "AAAA")
        assert other.status is DnsStatus.OK


async def test_a_timeout_fault_never_answers():
    faults = {("mx1.example.com", "*"): Fault(kind=DnsFaultKind.TIMEOUT)}
    async with lab_dns(faults=faults) as client:
        answer = await resolver(client, 0.2).query("mx1.example.com", "A")
        assert answer.status is DnsStatus.TIMEOUT
        assert client.lab.questions == [("udp", "mx1.example.com", "A")] * 2


async def test_a_stripping_recursor_gives_data_without_signatures():
    faults = {("*", "*"): Fault(kind=DnsFaultKind.STRIP)}
    async with lab_dns(faults=faults) as client:
        answer = await resolver(client).query("example.com", "MX")
    assert answer.status is DnsStatus.OK
    assert not answer.authentic
    assert answer.records("RRSIG") == ()


async def test_a_truncating_fault_forces_tcp():
    faults = {("example.com", "MX"): Fault(kind=DnsFaultKind.TRUNCATE)}
    async with lab_dns(faults=faults) as client:
        answer = await resolver(client).query("example.com", "MX")
        assert [question[0] for question in client.lab.questions] == ["udp", "tcp"]
    assert (answer.status, answer.transport) == (DnsStatus.OK, "tcp")


async def test_garbage_is_malformed_to_the_resolver():
    faults = {("example.com", "MX"): Fault(kind=DnsFaultKind.GARBAGE)}
    async with lab_dns(faults=faults) as client:
        answer = await resolver(client, 0.2).query("example.com", "MX")
    assert answer.status is DnsStatus.MALFORMED


async def test_answers_are_held_back_for_the_round_trip_and_travel_together():
    clock = SystemClock()
    async with lab_dns(rtt_s=0.05) as client:
        started = clock.monotonic()
        found = await look_up_addresses(resolver(client), "mx1.example.com")
        elapsed = clock.monotonic() - started
    waits = [answer.elapsed_s for answer in found.answers]
    assert min(waits) >= 0.05
    assert elapsed < sum(waits)


async def test_udp_and_tcp_share_a_port_on_loopback():
    async with lab_dns() as client:
        assert client.lab.address == "127.0.0.1"
        assert client.lab.port > 0
        over_tcp = await client.ask("example.com", "MX", tcp=True)
        over_udp = await client.ask("example.com", "MX")
        assert over_tcp.answer == over_udp.answer


async def test_after_stop_nothing_listens():
    async with lab_dns() as client:
        pass
    answer = await resolver(client).query("example.com", "MX")
    assert answer.status is DnsStatus.UNREACHABLE


async def test_stop_ends_open_tcp_connections_and_drops_held_answers():
    async with lab_dns(rtt_s=30.0) as client:
        query = dns.message.make_query("example.com", "MX").to_wire()
        reader, writer = await asyncio.open_connection(client.lab.address, client.lab.port)
        writer.write(struct.pack("!H", len(query)) + query)
        await writer.drain()
    async with asyncio.timeout(5):
        assert await read_all(reader) == b""
    writer.transport.abort()


async def read_all(reader):
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""


async def test_several_messages_in_one_tcp_connection_byte_by_byte():
    async with lab_dns() as client:
        reader, writer = await asyncio.open_connection(client.lab.address, client.lab.port)
        for rtype in ("MX", "NS"):
            query = dns.message.make_query("example.com", rtype).to_wire()
            for octet in struct.pack("!H", len(query)) + query:
                writer.write(bytes([octet]))
                await writer.drain()
            (length,) = struct.unpack("!H", await reader.readexactly(2))
            response = dns.message.from_wire(await reader.readexactly(length))
            assert dns.rdatatype.to_text(response.answer[0].rdtype) == rtype
        writer.transport.abort()


async def test_garbage_over_both_transports_does_not_end_the_server():
    async with lab_dns() as client:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for octets in HOSTILE:
                sender.sendto(octets[:8_000], (client.lab.address, client.lab.port))
        _, writer = await asyncio.open_connection(client.lab.address, client.lab.port)
        writer.write(b"".join(HOSTILE))
        await writer.drain()
        response = await client.ask("example.com", "MX")
        assert response.rcode() == dns.rcode.NOERROR
        writer.transport.abort()


@examples(300)
@given(st.binary(max_size=200), st.booleans())
def test_random_queries_never_raise(data, over_tcp):
    reply = REPLIES.respond(data, over_tcp)
    assert reply is None or len(reply) >= 12


@examples(200)
@given(st.integers(0, 60), st.integers(0, 255), st.booleans())
def test_damaged_queries_never_raise(position, octet, over_tcp):
    query = bytearray(
        dns.message.make_query("x.wild.example.com", "TXT", want_dnssec=True).to_wire()
    )
    query[position % len(query)] = octet
    reply = REPLIES.respond(bytes(query), over_tcp)
    assert reply is None or len(reply) >= 12


@pytest.mark.parametrize(
    ("change", "rcode"),
    [
        (lambda q: q.set_opcode(dns.opcode.STATUS), dns.rcode.NOTIMP),
        (lambda q: q.use_edns(1), dns.rcode.BADVERS),
        (lambda q: q.question.clear(), dns.rcode.FORMERR),
        (lambda q: setattr(q.question[0], "rdclass", 3), dns.rcode.REFUSED),
        (lambda q: setattr(q.question[0], "rdtype", dns.rdatatype.AXFR), dns.rcode.REFUSED),
    ],
)
def test_what_a_recursor_does_not_do_is_refused_by_its_rcode(change, rcode):
    query = dns.message.make_query("example.com", "MX", use_edns=0)
    change(query)
    response = dns.message.from_wire(REPLIES.respond(query.to_wire(), False))
    assert response.rcode() == rcode


def test_responses_are_not_answered():
    query = dns.message.make_query("example.com", "MX")
    query.flags |= dns.flags.QR
    assert REPLIES.respond(query.to_wire(), False) is None


async def test_a_scenario_of_many_zones_starts_without_signing_anything():
    specs = [
        ZoneSpec(name=f"z{number}.example", records=("@ MX 10 mx", "mx A 192.0.2.1"))
        for number in range(30)
    ]
    with patch("dns.dnssec.sign") as sign:
        async with lab_dns(specs):
            assert sign.call_count == 0


async def test_a_udp_port_in_use_makes_the_server_take_another(monkeypatch):
    loop = asyncio.get_running_loop()
    real, calls = loop.create_datagram_endpoint, []

    async def first_taken(*args, **options):
        calls.append(options["local_addr"])
        if len(calls) == 1:
            raise OSError("address in use")
        return await real(*args, **options)

    monkeypatch.setattr(loop, "create_datagram_endpoint", first_taken)
    lab = LabDns(zones(), {})
    await lab.start()
    await lab.stop()
    assert len(calls) == 2
    assert lab.port == calls[1][1]
