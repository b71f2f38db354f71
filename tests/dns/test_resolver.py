import asyncio
import gc
import socket
import struct
import subprocess
import sys

import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.clock import FixedClock, from_rfc3339
from mxwalk.dns import messages, wire
from mxwalk.dns.answers import Received, to_answer
from mxwalk.dns.resolver import StubResolver
from mxwalk.dns.transport import Failure, ask_tcp
from mxwalk.errors import UsageError
from mxwalk.evidence.dns import DnsAnswer, DnsStatus, ExtendedError, RRset
from mxwalk.limits import CNAME_HOPS, DNS_RECORDS
from tests.dns.peers import closed_port, framed, reply, scripted
from tests.generated import examples

GOOD = "mx.example.com. A 192.0.2.1"


def answer_well(query):
    yield reply(query, GOOD)


def keep_silent(query):
    return ()


async def test_an_answer_is_kept_with_question_server_flags_records_and_wire():
    async with scripted(answer_well) as (server, _):
        answer = await StubResolver([server], 1.0).query("MX.Example.COM.", "A")
    assert answer.status is DnsStatus.OK
    assert (answer.qname, answer.rtype, answer.rcode) == ("mx.example.com", "A", "NOERROR")
    assert answer.server == f"127.0.0.1:{server[1]}"
    assert answer.transport == "udp"
    assert answer.records() == ("192.0.2.1",)
    assert {"QR", "RD", "RA"} <= set(answer.flags)
    assert dns.message.from_wire(answer.wire).answer[0][0].to_text() == "192.0.2.1"
    assert not answer.from_cache
    assert answer.elapsed_s > 0


@pytest.mark.parametrize("checking_disabled", [False, True])
async def test_queries_ask_for_recursion_authenticity_and_dnssec_records(checking_disabled):
    async with scripted(answer_well) as (server, seen):
        resolver = StubResolver([server], 1.0, checking_disabled=checking_disabled)
        await resolver.query("mx.example.com", "A")
    (query,) = seen.queries
    assert query.flags & dns.flags.RD
    assert query.flags & dns.flags.AD
    assert bool(query.flags & dns.flags.CD) is checking_disabled
    assert query.ednsflags & dns.flags.DO
    assert query.payload == 1232


async def test_a_truncated_answer_is_asked_for_again_over_tcp():
    async with scripted(
        lambda query: [reply(query, flags=dns.flags.TC)], lambda query: framed(reply(query, GOOD))
    ) as (server, _):
        answer = await StubResolver([server], 1.0).query("mx.example.com", "A")
    assert (answer.status, answer.transport) == (DnsStatus.OK, "tcp")
    assert answer.records() == ("192.0.2.1",)


async def test_truncation_without_tcp_is_unreachable_and_says_so():
    async with scripted(lambda query: [reply(query, flags=dns.flags.TC)]) as (server, _):
        answer = await StubResolver([server], 1.0).query("mx.example.com", "A")
    assert answer.status is DnsStatus.UNREACHABLE
    assert "truncated" in answer.error


@pytest.mark.parametrize("sent", [b"", b"\x00", b"\x00\x05abc"])
async def test_a_tcp_answer_cut_short_is_malformed(sent):
    async with scripted(lambda query: [reply(query, flags=dns.flags.TC)], lambda query: sent) as (
        server,
        _,
    ):
        answer = await StubResolver([server], 1.0).query("mx.example.com", "A")
    assert answer.status is DnsStatus.MALFORMED


async def test_a_reset_over_tcp_is_told_as_one():
    async def reset(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        raw = writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.close()

    server = await asyncio.start_server(reset, "127.0.0.1", 0)
    async with server:
        failed = await ask_tcp(server.sockets[0].getsockname(), b"question", bool, 5.0)
    assert isinstance(failed, Failure)
    assert failed.status is DnsStatus.UNREACHABLE
    assert "broke the TCP connection off: Connection reset by peer" in failed.detail


async def test_answers_with_a_wrong_id_are_ignored():
    def script(query):
        right = reply(query, GOOD)
        wrong = reply(query, "mx.example.com. A 203.0.113.66")
        yield bytes([wrong[0] ^ 1]) + wrong[1:]
        yield right

    async with scripted(script) as (server, _):
        answer = await StubResolver([server], 1.0).query("mx.example.com", "A")
    assert answer.records() == ("192.0.2.1",)


async def test_answers_to_another_question_are_ignored():
    def script(query):
        other = dns.message.make_query("evil.example.com", "A", id=query.id)
        yield reply(other, "evil.example.com. A 203.0.113.66")
        yield reply(query, GOOD)

    async with scripted(script) as (server, _):
        answer = await StubResolver([server], 1.0).query("mx.example.com", "A")
    assert answer.records() == ("192.0.2.1",)


async def test_answers_from_another_source_are_ignored():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:

        def script(query):
            forged = reply(query, "mx.example.com. A 203.0.113.66")
            stranger.sendto(forged, seen.clients[-1])
            yield reply(query, GOOD)

        async with scripted(script) as (server, seen):
            answer = await StubResolver([server], 1.0).query("mx.example.com", "A")
    assert answer.records() == ("192.0.2.1",)


async def test_a_lost_datagram_is_sent_once_more():
    def script(query):
        return [reply(query, GOOD)] if len(seen.queries) == 2 else []

    async with scripted(script) as (server, seen):
        answer = await StubResolver([server], 0.3).query("mx.example.com", "A")
        assert len(seen.queries) == 2
    assert answer.status is DnsStatus.OK


async def test_silence_is_a_timeout_that_names_server_and_seconds():
    async with scripted(keep_silent) as (server, seen):
        answer = await StubResolver([server], 0.2).query("mx.example.com", "A")
        assert len(seen.queries) == 2
    assert answer.status is DnsStatus.TIMEOUT
    assert f"127.0.0.1:{server[1]}" in answer.error
    assert "0.2 s" in answer.error


async def test_the_next_server_is_asked_after_a_timeout():
    async with scripted(keep_silent) as (first, _), scripted(answer_well) as (second, _):
        answer = await StubResolver([first, second], 0.3).query("mx.example.com", "A")
    assert answer.status is DnsStatus.OK
    assert answer.server == f"127.0.0.1:{second[1]}"


async def test_the_next_server_is_asked_when_nothing_listens_at_the_first():
    async with scripted(answer_well) as (second, _):
        answer = await StubResolver([closed_port(), second], 1.0).query("mx.example.com", "A")
    assert answer.status is DnsStatus.OK


async def test_a_closed_port_is_unreachable_without_waiting_for_the_timeout():
    async with asyncio.timeout(5):
        answer = await StubResolver([closed_port()], 60.0).query("mx.example.com", "A")
    assert answer.status is DnsStatus.UNREACHABLE
    assert "nothing listens" in answer.error


@pytest.mark.parametrize(
    ("rcode", "status"),
    [
        (dns.rcode.SERVFAIL, DnsStatus.SERVFAIL),
        (dns.rcode.REFUSED, DnsStatus.REFUSED),
        (dns.rcode.YXDOMAIN, DnsStatus.OTHER_RCODE),
        (dns.rcode.NXDOMAIN, DnsStatus.NXDOMAIN),
        (dns.rcode.NOERROR, DnsStatus.NODATA),
    ],
)
async def test_an_rcode_is_an_answer_and_the_next_server_is_not_asked(rcode, status):
    async with (
        scripted(lambda query: [reply(query, rcode=rcode)]) as (first, _),
        scripted(answer_well) as (second, seen),
    ):
        answer = await StubResolver([first, second], 1.0).query("mx.example.com", "A")
        assert seen.queries == []
    assert answer.status is status
    assert answer.rcode == dns.rcode.to_text(rcode)
    negative = status in {DnsStatus.NXDOMAIN, DnsStatus.NODATA}
    assert (answer.rcode in answer.error) is not negative


async def test_extended_errors_are_kept_and_said():
    def script(query):
        response = dns.message.make_response(query)
        response.set_rcode(dns.rcode.SERVFAIL)
        option = dns.edns.EDEOption(dns.edns.EDECode.SIGNATURE_EXPIRED, "since \x1b yesterday")
        response.use_edns(0, 0, 1400, options=[option])
        yield response.to_wire()

    async with scripted(script) as (server, _):
        answer = await StubResolver([server], 1.0).query("mx.example.com", "A")
    assert answer.extended_errors == (ExtendedError(code=7, text="since \x1b yesterday"),)
    assert answer.edns_payload == 1400
    assert type(answer.edns_payload) is int
    assert "extended error 7: since \\x1b yesterday" in answer.error


@pytest.mark.parametrize("rcode", [dns.rcode.FORMERR, dns.rcode.NOTIMP])
async def test_a_server_that_refuses_edns_is_asked_without_it(rcode):
    def script(query):
        if query.edns >= 0:
            header_only = query.to_wire()[:2] + bytes([0x81, 0x80 | rcode]) + b"\0" * 8
            yield header_only
        else:
            yield reply(query, GOOD)

    async with scripted(script) as (server, seen):
        answer = await StubResolver([server], 1.0).query("mx.example.com", "A")
        assert [query.edns for query in seen.queries] == [0, -1]
    assert answer.status is DnsStatus.OK
    assert answer.edns_payload == 0


async def test_a_cname_chain_in_the_answer_is_kept_hop_by_hop():
    def script(query):
        yield reply(
            query,
            "a.example. CNAME B.example.",
            "b.example. CNAME c.example.",
            "c.example. A 192.0.2.3",
        )

    async with scripted(script) as (server, seen):
        answer = await StubResolver([server], 1.0).query("a.example", "A")
        assert len(seen.queries) == 1
    assert answer.status is DnsStatus.OK
    assert answer.cname_hops == ("b.example", "c.example")
    assert answer.records() == ("192.0.2.3",)


async def test_a_cname_the_server_did_not_chase_is_asked_for():
    def script(query):
        asked = query.question[0].name.to_text()
        line = "a.example. CNAME b.example." if asked == "a.example." else "b.example. A 192.0.2.3"
        yield reply(query, line, flags=dns.flags.AD if asked == "b.example." else 0)

    async with scripted(script) as (server, _):
        answer = await StubResolver([server], 1.0).query("a.example", "A")
    assert (answer.status, answer.qname) == (DnsStatus.OK, "a.example")
    assert answer.cname_hops == ("b.example",)
    assert answer.records() == ("192.0.2.3",)
    assert not answer.authentic  # the weakest hop decides


async def test_a_cname_whose_target_has_no_such_records_is_nodata():
    def script(query):
        asked = query.question[0].name.to_text()
        yield reply(query, *(["a.example. CNAME b.example."] if asked == "a.example." else []))

    async with scripted(script) as (server, seen):
        answer = await StubResolver([server], 1.0).query("a.example", "A")
        assert len(seen.queries) == 2
    assert (answer.status, answer.cname_hops) == (DnsStatus.NODATA, ("b.example",))


HOSTILE_TARGETS = [
    dns.name.Name((b"foo.", b"")),  # a dot within the label
    dns.name.Name((b"\\", b"@", b"")),
    dns.name.Name((b"x\x00\xff y", b"example", b"")),
    dns.name.Name((b"x" * 63,) * 3 + (b"y" * 61, b"")),
    dns.name.root,
]


@pytest.mark.parametrize("target", HOSTILE_TARGETS)
async def test_a_cname_to_a_strange_name_is_followed_all_the_same(target):
    def script(query):
        response = dns.message.make_response(query)
        if query.question[0].name == dns.name.from_text("a.example"):
            cname = dns.rrset.from_text("a.example.", 60, "IN", "CNAME", target.to_text())
            response.answer.append(cname)
        yield response.to_wire()

    async with scripted(script) as (server, seen):
        answer = await StubResolver([server], 1.0).query("a.example", "A")
        assert [query.question[0].name for query in seen.queries][-1] == target
    assert answer.status is DnsStatus.NODATA
    assert len(answer.cname_hops) == 1


async def test_a_cname_record_that_cannot_be_read_leads_nowhere():
    def script(query):
        good = reply(query, "a.example. CNAME bcdefgh.")
        yield good.replace(b"\x07bcdefgh", b"\x3fbcdefgh")

    async with scripted(script) as (server, seen):
        answer = await StubResolver([server], 1.0).query("a.example", "A")
        assert len(seen.queries) == 1
    assert (answer.status, answer.cname_hops) == (DnsStatus.NODATA, ())


async def test_a_cname_loop_is_told():
    def script(query):
        yield reply(query, "a.example. CNAME b.example.", "b.example. CNAME a.example.")

    async with scripted(script) as (server, _):
        answer = await StubResolver([server], 1.0).query("a.example", "A")
    assert answer.status is DnsStatus.LOOP
    assert answer.cname_hops == ("b.example", "a.example")
    assert "a.example" in answer.error


async def test_an_endless_cname_chain_is_cut_off():
    def script(query):
        label = query.question[0].name.labels[0].decode()
        yield reply(query, f"{label}.example. CNAME {label}x.example.")

    async with scripted(script) as (server, seen):
        answer = await StubResolver([server], 1.0).query("x.example", "A")
        assert len(seen.queries) == CNAME_HOPS + 1
    assert answer.status is DnsStatus.LOOP


async def test_the_same_question_is_asked_once_a_walk():
    async with scripted(answer_well) as (server, seen):
        resolver = StubResolver([server], 1.0, clock=FixedClock(from_rfc3339("2026-11-21")))
        first = await resolver.query("mx.example.com", "A")
        second = await resolver.query("MX.example.com.", "A")
        assert len(seen.queries) == 1
        resolver.forget()
        third = await resolver.query("mx.example.com", "A")
        assert len(seen.queries) == 2
    assert (first.from_cache, second.from_cache, third.from_cache) == (False, True, False)
    assert second.records() == first.records()


async def test_a_remembered_answer_keeps_the_time_it_took():
    async with scripted(answer_well) as (server, _):
        resolver = StubResolver([server], 1.0)
        first = await resolver.query("mx.example.com", "A")
        second = await resolver.query("mx.example.com", "A")
    assert second.from_cache
    assert second.elapsed_s == first.elapsed_s > 0


def test_records_beside_the_end_of_the_cname_chain_are_no_answer():
    def at(name, *records):
        return RRset(name=name, rtype="A", ttl_s=60, records=records)

    answer = DnsAnswer(
        qname="mx.example.com",
        rtype="A",
        status=DnsStatus.OK,
        answer=(
            at("other.example.com", "192.0.2.66"),
            at("mx.example.com", "192.0.2.77"),
            at("real.example.com", "192.0.2.1"),
        ),
        cname_hops=("real.example.com",),
    )
    assert answer.records() == ("192.0.2.1",)
    assert answer.records("AAAA") == ()


async def test_a_failure_is_not_kept_so_that_a_retry_asks_again():
    def script(query):
        rcode = dns.rcode.SERVFAIL if len(seen.queries) == 1 else dns.rcode.NOERROR
        yield reply(query, *([GOOD] if rcode == dns.rcode.NOERROR else []), rcode=rcode)

    async with scripted(script) as (server, seen):
        resolver = StubResolver([server], 1.0)
        assert (await resolver.query("mx.example.com", "A")).status is DnsStatus.SERVFAIL
        assert (await resolver.query("mx.example.com", "A")).status is DnsStatus.OK


async def test_identical_questions_at_one_time_share_one_query():
    async with scripted(answer_well) as (server, seen):
        resolver = StubResolver([server], 1.0)
        answers = await asyncio.gather(*(resolver.query("mx.example.com", "A") for _ in range(20)))
        assert len(seen.queries) == 1
    assert sorted(answer.from_cache for answer in answers) == [False] + [True] * 19


async def test_who_waits_for_a_cancelled_question_asks_it_again():
    asked = asyncio.Event()

    def script(query):
        asked.set()
        return [reply(query, GOOD)] if len(seen.queries) > 1 else []

    async with scripted(script) as (server, seen), asyncio.TaskGroup() as group:
        resolver = StubResolver([server], 30.0)
        first = group.create_task(resolver.query("mx.example.com", "A"))
        await asked.wait()
        second = group.create_task(resolver.query("mx.example.com", "A"))
        await asyncio.sleep(0)
        first.cancel()
        answer = await second
    assert first.cancelled()
    assert (answer.status, answer.from_cache) == (DnsStatus.OK, False)


@pytest.mark.parametrize("truncated", [False, True])
async def test_a_cancelled_question_leaves_no_socket_open(truncated):
    asked = asyncio.Event()

    def udp(query):
        asked.set()
        return [reply(query, flags=dns.flags.TC)] if truncated else []

    def tcp(query):
        asked.set()
        return b"\x00"

    async with scripted(udp, tcp) as (server, _), asyncio.TaskGroup() as group:
        task = group.create_task(StubResolver([server], 30.0).query("mx.example.com", "A"))
        await asked.wait()
        task.cancel()
    assert task.cancelled()
    gc.collect()  # an open socket would be a ResourceWarning, and warnings are errors


async def test_an_international_name_is_asked_in_a_labels():
    async with scripted(lambda query: [reply(query)]) as (server, seen):
        answer = await StubResolver([server], 1.0).query("Bücher.example", "MX")
    assert answer.qname == "xn--bcher-kva.example"
    assert seen.queries[0].question[0].name.to_text() == "xn--bcher-kva.example."


@pytest.mark.parametrize(
    "name",
    ["a..b", "", "x" * 64 + ".example", "é" * 300, ".".join(["abcdefg"] * 40), "a\\30", "-ü"],
)
async def test_a_name_that_cannot_be_asked_is_malformed_and_never_sent(name):
    async with scripted(answer_well) as (server, seen):
        answer = await StubResolver([server], 1.0).query(name, "A")
        assert seen.queries == []
    assert answer.status is DnsStatus.MALFORMED
    assert "cannot be asked" in answer.error


@pytest.mark.parametrize(
    "name", ["192.0.2.1", "@", "mx\\032bad.example", "*.example", "_25._tcp.a"]
)
async def test_a_name_that_is_no_host_name_is_asked_as_it_stands(name):
    async with scripted(lambda query: [reply(query, rcode=dns.rcode.NXDOMAIN)]) as (server, _):
        answer = await StubResolver([server], 1.0).query(name, "A")
    assert answer.status is DnsStatus.NXDOMAIN


async def test_an_unknown_record_type_is_our_own_mistake():
    with pytest.raises(UsageError, match="record type"):
        await StubResolver([closed_port()], 1.0).query("mx.example.com", "NO-SUCH")


def test_a_resolver_without_servers_is_refused():
    with pytest.raises(UsageError, match="--resolver"):
        StubResolver([], 1.0)


async def test_unreadable_datagrams_with_our_id_are_told_from_silence():
    async with scripted(lambda query: [query.to_wire()[:2] + b"\xff" * 20]) as (server, _):
        answer = await StubResolver([server], 0.2).query("mx.example.com", "A")
    assert answer.status is DnsStatus.MALFORMED
    assert answer.wire[2:] == b"\xff" * 20


async def test_a_record_that_cannot_be_read_is_kept_as_octets():
    def script(query):
        good = reply(query, "mx.example.com. A 192.0.2.1", "mx.example.com. TXT ab")
        yield good.replace(b"\x02ab", b"\xc8ab")  # the string claims more octets than there are

    async with scripted(script) as (server, _):
        answer = await StubResolver([server], 1.0).query("mx.example.com", "A")
    assert answer.records("A") == ("192.0.2.1",)
    assert answer.records("TXT") == (r"\# 3 c86162",)


QUERY = messages.make_query("mx.example.com", "A", edns=True, checking_disabled=False)


def judged(data: bytes):
    received = Received("mx.example.com", "A", "192.0.2.53:53", "udp", data)
    return to_answer(wire.read(data), received)


@examples(300)
@given(st.binary(max_size=600))
def test_random_bytes_never_raise(data):
    assert messages.is_answer_to(QUERY, data) in {True, False}
    assert judged(data).status in DnsStatus


@examples(300)
@given(st.lists(st.integers(0, 65_535), min_size=4, max_size=4), st.binary(max_size=300))
def test_random_sections_behind_a_valid_question_never_raise(counts, data):
    question = QUERY.wire[12:-11]
    header = QUERY.wire[:2] + b"\x81\x80\x00\x01" + b"".join(n.to_bytes(2) for n in counts[:3])
    assert judged(header + question + data).status in DnsStatus


@examples(200)
@given(st.integers(0, 400), st.integers(0, 255))
def test_a_damaged_answer_never_raises(position, octet):
    damaged = bytearray(
        reply(
            QUERY.message,
            GOOD,
            "mx.example.com. MX 10 a.b.",
            f"a.b. TLSA 3 1 1 {64 * 'a'}",
            "a.b. TXT x",
        )
    )
    damaged[position % len(damaged)] = octet
    assert judged(bytes(damaged)).status in DnsStatus


@examples(20)
@given(st.binary(max_size=200))
def test_random_bytes_on_the_wire_end_as_evidence(data):
    async def ask():
        async with scripted(lambda query: [query.to_wire()[:2] + data, data]) as (server, _):
            return await StubResolver([server], 0.005).query("mx.example.com", "A")

    assert asyncio.run(ask()).status is not DnsStatus.OK


def test_importing_the_resolver_does_not_load_dnspython():
    code = "import mxwalk.dns.lookups, sys; sys.exit('dns' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_of_a_flood_of_records_a_bounded_number_is_read_and_it_is_said():
    record = b"\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04\xc0\0\x02\x01"
    many = DNS_RECORDS * 8
    header = QUERY.wire[:2] + b"\x81\x80\0\x01" + many.to_bytes(2) + bytes(4)
    answer = judged(header + QUERY.wire[12:-11] + record * many)
    assert sum(len(rrset.records) for rrset in answer.answer) == DNS_RECORDS
    assert f"{many} records; {DNS_RECORDS} are read" in answer.error
