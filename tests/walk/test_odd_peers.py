"""The walker against peers that no lab scenario has: what it sends, and what it never raises."""

import asyncio
import contextlib
import io
import re
from collections.abc import AsyncIterator, Sequence

import msgspec
import pytest

from mxwalk import limits
from mxwalk.clock import SystemClock
from mxwalk.dnssec.anchors import root_anchors
from mxwalk.evidence.connection import Exchanged
from mxwalk.evidence.dns import DnsAnswer, DnsStatus, RRset
from mxwalk.evidence.journal import dump_trace, read_trace
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.target import Options, Route, Timeouts
from mxwalk.evidence.wire import EndingKind
from mxwalk.findings.registry import check
from mxwalk.net.dialer import MappedDialer
from mxwalk.senders.model import Outcome
from mxwalk.senders.registry import profile
from mxwalk.smtp.model import EhloResponse, Reading
from mxwalk.tls.store import LoadedStore
from mxwalk.walk.live import ValidationTools
from mxwalk.walk.target import parse_target
from mxwalk.walk.walker import Walk
from tests.net.peers import Handler, serve
from tests.walk.harness import lab_walk, run, step_to

QUICK = Timeouts(dns_s=1, connect_s=1, greeting_s=1, command_s=1, tls_s=1, quit_s=0.05)
OPTIONS = Options(helo="probe.example.net", timeouts=QUICK)


class Records:
    """A resolver that knows the records it is given and has no others."""

    def __init__(self, records: dict[tuple[str, str], Sequence[str]]) -> None:
        self._records = records

    async def query(self, qname: str, rtype: str) -> DnsAnswer:
        found = tuple(self._records.get((qname, rtype), ()))
        sets = (RRset(name=qname, rtype=rtype, ttl_s=60, records=found),) if found else ()
        status = DnsStatus.OK if found else DnsStatus.NODATA
        return DnsAnswer(qname=qname, rtype=rtype, status=status, answer=sets)

    def forget(self) -> None:
        pass


@contextlib.asynccontextmanager
async def walking(
    *handlers: Handler,
    target: str = "[192.0.2.1]",
    records: dict[tuple[str, str], Sequence[str]] | None = None,
    ports: Sequence[int] = (25,),
    **options: object,
) -> AsyncIterator[Walk]:
    """Walk to 192.0.2.1, .2 and so on, one handler for each address (on each of ``ports``)."""
    async with contextlib.AsyncExitStack() as stack:
        mapping = {}
        for number, handler in enumerate(handlers, 1):
            port = await stack.enter_async_context(serve(handler))
            mapping |= {(f"192.0.2.{number}", wanted): ("127.0.0.1", port) for wanted in ports}
        walk = Walk(
            parse_target(target),
            msgspec.structs.replace(OPTIONS, **options),
            dialer=MappedDialer(mapping),
            resolver=Records(records or {}),
            store=LoadedStore.from_pem("lab", "", b""),
            clock=SystemClock(),
            validation=ValidationTools(Records({}), root_anchors()),
        )
        stack.push_async_callback(walk.close)
        yield walk


def speaking(*answers: bytes, heard: list[bytes] | None = None) -> Handler:
    """A server that says ``answers`` in turn, the first unasked, and notes what it was told."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in answers:
            writer.write(answer)
            line = await reader.readline()
            if heard is not None and line:
                heard.append(line)

    return handle


PLAIN = (b"220 mx.example.test\r\n", b"250-mx.example.test\r\n250 STARTTLS\r\n")


async def test_starttls_answered_with_250_is_no_upgrade_and_the_dialogue_goes_on_in_clear():
    heard: list[bytes] = []
    peer = speaking(*PLAIN, b"250 fine\r\n", b"250 ok\r\n", b"250 ok\r\n", b"250 ok\r\n", b"221 x\r\n",
                    heard=heard)  # fmt: skip
    async with walking(peer, mail_from="a@example.net", rcpt_to="b@example.com") as walk:
        kinds = await run(walk)
        verdict = profile("esa:2").judge(walk.delivery)
    assert kinds[-5:] == ["starttls", "mail", "rcpt", "rset", "quit"]
    assert heard[-1] == b"QUIT\r\n"
    assert (
        verdict.outcome is Outcome.UNKNOWN
    )  # who goes by the first digit starts TLS (RFC 5321 4.2)


async def test_a_421_behind_another_reply_is_the_last_word_and_nothing_is_sent_after_it():
    heard: list[bytes] = []
    peer = speaking(PLAIN[0], PLAIN[1] + b"421 closing\r\n", b"220 go\r\n", heard=heard)
    async with walking(peer) as walk:
        await run(walk)
        attempt = walk.delivery.attempts[0]
    assert heard == [b"EHLO probe.example.net\r\n"]
    assert attempt.throttled


async def test_a_server_that_drips_its_answer_to_quit_does_not_hold_up_or_break_the_closing():
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(PLAIN[0])
        await reader.readline()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(4):
                while not writer.is_closing() and not reader.at_eof():
                    writer.write(b"2")
                    await writer.drain()
                    await asyncio.sleep(0.02)

    async with walking(drip, timeouts=msgspec.structs.replace(QUICK, quit_s=1.0)) as walk:
        await step_to(walk, "ehlo")
        await walk.close()
        assert not walk.is_connected
        assert walk.trace.steps[-1].kind is StepKind.QUIT
        assert walk.trace.steps[-1].evidence.ending is not None


@pytest.mark.parametrize("asked_again", ["mx", "address"])
async def test_a_lookup_asked_again_in_the_midst_of_a_dialogue_leaves_it_with_quit(asked_again):
    async with lab_walk("pkix-good") as walk:
        await step_to(walk, "starttls")
        wanted = next(s for s in walk.trace.steps if s.kind.value == asked_again)
        walk.retry(wanted)
        kinds = await run(walk)
        assert not walk.is_connected
    assert kinds[:2] == ["quit", asked_again]


async def test_another_host_tried_again_in_the_midst_of_a_dialogue_leaves_it_with_quit():
    async with lab_walk("esa-hosted") as walk:
        await step_to(walk, "quit")
        first = walk.trace.steps[-1]
        await walk.step()
        await step_to(walk, "starttls")
        walk.retry(first)
        assert walk.pending.kind is StepKind.QUIT
        await run(walk)
        made = [(a.host.name[:4], a.number, a.steps[-1].kind) for a in walk.delivery.attempts]
    assert made == [(host, number, StepKind.QUIT) for host in ("mx01", "mx02") for number in (1, 2)]


async def test_a_stop_drops_the_lookup_that_was_to_be_asked_again():
    async with lab_walk("pkix-good") as walk:
        await step_to(walk, "starttls")
        walk.retry(next(s for s in walk.trace.steps if s.kind is StepKind.MX))
        walk.stop()
        assert await run(walk) == ["quit"]
        assert walk.delivery.hosts
        assert walk.retry() is None  # the walk is over


async def test_a_host_that_was_skipped_is_not_tried_again():
    async with lab_walk("esa-hosted") as walk:
        await step_to(walk, "quit")
        step = walk.trace.steps[-1]
        walk.skip_host()
        await walk.step()
        assert walk.retry(step) is None


async def test_an_address_record_that_cannot_be_read_is_no_address():
    records = {
        ("example.com", "MX"): ["10 mx.example.com."],
        ("mx.example.com", "A"): [r"\# 3 c00002", "192.0.2.1"],
        ("mx.example.com", "AAAA"): [r"\# 0"],
    }
    peer = speaking(PLAIN[0], b"250 mx.example.test\r\n", b"221 bye\r\n")
    async with walking(peer, target="example.com", records=records) as walk:
        await run(walk)
        assert walk.delivery.hosts[0].addresses == ("192.0.2.1",)
        saved = read_trace(io.BytesIO(dump_trace(walk.trace)))
    assert saved == walk.trace


async def test_one_route_host_on_two_ports_is_connected_to_on_both():
    routes = (
        Route(destination="relay.example.net", port=2525),
        Route(destination="relay.example.net", port=25, priority=5),
    )
    peer = speaking(PLAIN[0], b"250 mx.example.test\r\n", b"221 bye\r\n")
    records = {("relay.example.net", "A"): ["192.0.2.1"]}
    async with walking(
        peer, target="example.com", records=records, ports=(25, 2525), routes=routes
    ) as walk:
        kinds = await run(walk)
        assert kinds.count("connect") == 2
        assert [[a.port for a in host.attempts] for host in walk.delivery.hosts] == [[2525], [25]]


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("user@[192.0.2.1]", b"RCPT TO:<user@[192.0.2.1]>\r\n"),
        ("user@[IPv6:2001:db8::1]", b"RCPT TO:<user@[IPv6:2001:db8::1]>\r\n"),
    ],
)
async def test_a_mailbox_at_an_address_literal_is_named_with_it(target, said):
    heard: list[bytes] = []
    peer = speaking(PLAIN[0], b"250 mx\r\n", *[b"250 ok\r\n"] * 4, heard=heard)
    async with serve(peer) as port:
        parsed = parse_target(target)
        walk = Walk(
            parsed,
            msgspec.structs.replace(OPTIONS, mail_from="a@example.net"),
            dialer=MappedDialer({(parsed.address, 25): ("127.0.0.1", port)}),
            resolver=Records({}),
            store=LoadedStore.from_pem("lab", "", b""),
            clock=SystemClock(),
            validation=ValidationTools(Records({}), root_anchors()),
        )
        await run(walk)
        await walk.close()
    assert said in heard


ODD = [
    b"", b"\r\n", b"\x00\x00\r\n", b"\xff\xfe\x80\r\n", b"220", b"220-a\r\n", b"220 a\n", b"999 x\r\n",
    b"220 a\r\n220 b\r\n", b"250-" * 40_000, b"x" * 100_000, b"\x16\x03\x01\x00\x05hello",
    b"220 \x1b]0;x\x07\r\n", b"421\r\n", b"554 no\r\n", b"421-a\r\n421 b\r\n", b"220 a\r\n\x15\x03\x01\x00\x02\x02\x28",
]  # fmt: skip


@pytest.mark.parametrize("place", range(6))
@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
@pytest.mark.parametrize("ends", ["fin", "rst"])
async def test_odd_bytes_and_an_end_at_any_place_are_evidence_and_never_raised(odd, place, ends):
    from tests.net.peers import send_rst

    usual = [*PLAIN, b"220 go\r\n", b"", b"", b""]

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in usual[:place]:
            writer.write(answer)
            if answer:
                await reader.readline()
        writer.write(odd)
        await writer.drain()
        if ends == "rst":
            send_rst(writer)

    quick = msgspec.structs.replace(QUICK, greeting_s=0.3, command_s=0.3, tls_s=0.3)
    async with walking(handle, timeouts=quick) as walk:
        await run(walk)
        for number in range(1, 7):
            assert (
                profile(f"esa:{number}").judge(walk.delivery).outcome
                is not Outcome.DELIVERED_VERIFIED
            )
        assert not walk.is_connected
        for step in walk.trace.steps:
            if isinstance(step.evidence, Exchanged) and step.evidence.ending is not None:
                assert step.evidence.ending.detail
                assert step.evidence.ending.detail.isprintable()


@pytest.mark.parametrize("mail_from", ["\udcff@example.net", "a@b>\r\nDATA"])
async def test_an_envelope_that_cannot_be_sent_is_said_and_not_sent(mail_from):
    heard: list[bytes] = []
    peer = speaking(PLAIN[0], b"250 mx\r\n", heard=heard)
    async with walking(peer, mail_from=mail_from) as walk:
        assert (await run(walk))[-2:] == ["mail", "quit"]
        assert walk.trace.steps[-2].evidence.ending.kind is EndingKind.LOCAL
        assert profile("esa:2").judge(walk.delivery).outcome is Outcome.UNKNOWN
    assert heard == [b"EHLO probe.example.net\r\n", b"QUIT\r\n"]


async def test_an_ehlo_that_cannot_be_sent_leaves_the_connection_with_quit():
    heard: list[bytes] = []
    async with walking(speaking(PLAIN[0], b"221 bye\r\n", heard=heard), helo="a\r\nb") as walk:
        assert (await run(walk))[-3:] == ["greeting", "ehlo", "quit"]
        assert walk.trace.steps[-1].evidence.ending is None
        codes = [finding.code for finding in check(walk.delivery)]
        assert "ENV009" in codes
        assert not {"CONN011", "CONN013", "ENV004"} & set(codes)
    assert heard == [b"QUIT\r\n"]


@pytest.mark.parametrize(
    ("answers", "sent"),
    [
        ((b"250-mx\r\n250 8BITMIME\r\n",), [b"EHLO probe.example.net\r\n"]),
        (
            (b"502 what\r\n", b"250 mx\r\n"),
            [b"EHLO probe.example.net\r\n", b"HELO probe.example.net\r\n"],
        ),
    ],
)
@pytest.mark.parametrize("envelope", [{"mail_from": "grün@example.net"}, {"rcpt_to": "ü@e.test"}])
async def test_smtputf8_is_not_sent_where_it_is_not_offered(answers, sent, envelope):
    heard: list[bytes] = []
    peer = speaking(PLAIN[0], *answers, b"221 bye\r\n", heard=heard)
    async with walking(peer, **envelope) as walk:
        await run(walk)
        mail = next(step for step in walk.trace.steps if step.kind is StepKind.MAIL)
        assert mail.evidence.command == b""
        assert mail.evidence.ending.kind is EndingKind.LOCAL
        assert mail.evidence.ending.detail == "not sent: SMTPUTF8 is not offered"
        verdict = profile("esa:2").judge(walk.delivery)
        assert (verdict.outcome, verdict.code) == (Outcome.BOUNCED, "5.6.7")
        assert verdict.step == mail.seq
        assert "ENV008" in [finding.code for finding in check(walk.delivery)]
    assert heard == [*sent, b"QUIT\r\n"]


async def test_smtputf8_is_sent_where_it_is_offered():
    heard: list[bytes] = []
    ok = b"250 ok\r\n"
    peer = speaking(
        PLAIN[0], b"250-mx\r\n250 SMTPUTF8\r\n", ok, ok, ok, b"221 bye\r\n", heard=heard
    )
    async with walking(peer, mail_from="grün@example.net") as walk:
        await run(walk)
        assert profile("esa:2").judge(walk.delivery).outcome is Outcome.DELIVERED_CLEAR
    assert heard[1] == "MAIL FROM:<grün@example.net> SMTPUTF8\r\n".encode()


async def test_smtputf8_added_by_hand_is_not_sent_either_and_decides_nothing():
    heard: list[bytes] = []
    peer = speaking(PLAIN[0], b"250 mx\r\n", b"221 bye\r\n", heard=heard)
    async with walking(peer, mail_from="a@example.net") as walk:
        await step_to(walk, "mail")
        walk.edit(b"MAIL FROM:<a@example.net> SMTPUTF8\r\n")
        await run(walk)
        assert profile("esa:2").judge(walk.delivery).outcome is Outcome.UNKNOWN
        assert "ENV009" in [finding.code for finding in check(walk.delivery)]
    assert heard[1:] == [b"QUIT\r\n"]


async def test_after_an_end_without_a_greeting_nothing_is_sent():
    heard: list[bytes] = []

    async def half_closing(reader, writer):
        writer.write_eof()
        heard.append(await reader.read())

    async with walking(half_closing) as walk:
        assert (await run(walk))[-1] == "greeting"
        assert walk.trace.steps[-1].evidence.ending.kind is EndingKind.CLOSED
    assert heard == [b""]


async def test_a_silent_port_465_is_waited_for_a_short_time_and_said_to_speak_tls(monkeypatch):
    monkeypatch.setattr(limits, "IMPLICIT_TLS_GREETING_S", 0.05)

    async def waits(reader, writer):
        await reader.read()

    async with walking(waits, target="[192.0.2.1]:465", ports=(465,)) as walk:
        assert (await run(walk))[-1] == "greeting"
        assert walk.trace.steps[-1].elapsed_s < QUICK.greeting_s
        found = {finding.code: finding for finding in check(walk.delivery)}
    assert "CONN010" not in found
    assert found["CONN014"].command == "openssl s_client -connect 192.0.2.1:465 </dev/null"


@pytest.mark.parametrize("refusal", [b"502 what\r\n", b"554 go away\r\n", b"354 what\r\n"])
async def test_helo_is_said_after_every_refusal_of_ehlo_as_postfix_and_exim_say_it(refusal):
    peer = speaking(PLAIN[0], refusal, b"250 mx.example.net\r\n", b"221 bye\r\n")
    async with walking(peer) as walk:
        assert (await run(walk))[-2:] == ["helo", "quit"]
        for sender in ("postfix:may", "exim:try-dane", "rfc7672"):
            verdict = profile(sender).judge(walk.delivery)
            assert verdict.outcome is Outcome.DELIVERED_CLEAR, sender


async def test_ehlo_and_helo_refused_for_good_bounce_the_message():
    peer = speaking(PLAIN[0], b"502 no EHLO\r\n", b"502 no HELO here\r\n", b"221 bye\r\n")
    async with walking(peer) as walk:
        await run(walk)
        postfix = profile("postfix:may").judge(walk.delivery)
        assert postfix.outcome is Outcome.BOUNCED
        assert postfix.log == (
            "dsn=5.0.0, status=bounced (host 192.0.2.1[192.0.2.1] refused to talk to me:"
            " 502 no HELO here)"
        )
        exim = profile("exim:try-dane").judge(walk.delivery)
        assert exim.outcome is Outcome.BOUNCED
        assert exim.log.startswith("** H=192.0.2.1 [192.0.2.1]: SMTP error from remote mail")
        assert re.search(r"server after HELO \S+: 502 no HELO here$", exim.log)
        assert profile("rfc7672").judge(walk.delivery).outcome is Outcome.BOUNCED
        assert profile("esa:2").judge(walk.delivery).outcome is Outcome.DEFERRED


async def test_ehlo_answered_for_now_is_left_at_that():
    peer = speaking(PLAIN[0], b"450 later\r\n", b"221 bye\r\n")
    async with walking(peer) as walk:
        assert (await run(walk))[-2:] == ["ehlo", "quit"]
        verdict = profile("postfix:may").judge(walk.delivery)
        assert (verdict.outcome, verdict.log, verdict.code) == (Outcome.UNKNOWN, "", "")


@pytest.mark.parametrize(
    ("line", "sender"),
    [
        (b"2\xff0-STARTTLS\r\n", "postfix:may"),
        (b"250-STARTTLS\r250-SIZE\r\n", "exim:try-dane"),
    ],
)
async def test_starttls_is_said_where_one_sender_alone_finds_it(line: bytes, sender: str) -> None:
    heard: list[bytes] = []
    ehlo = b"250-mx.example.com\r\n" + line + b"250 HELP\r\n"
    answers = (b"220 mx.example.com ESMTP\r\n", ehlo, b"454 4.7.0 not now\r\n", b"221 bye\r\n")
    async with walking(speaking(*answers, heard=heard)) as walk:
        await run(walk)
        assert b"STARTTLS\r\n" in heard
        assert profile(sender).judge(walk.delivery).outcome is Outcome.DELIVERED_CLEAR
        assert not any(one.offers("STARTTLS", Reading.LENIENT) for one in ehlos(walk))


def ehlos(walk: Walk) -> list[EhloResponse]:
    """Return the answers to EHLO of all connections."""
    attempts = (each for host in walk.delivery.hosts for each in host.attempts)
    return [each.ehlo for each in attempts if each.ehlo is not None]
