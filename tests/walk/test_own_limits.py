"""What ends by a limit of ours, and a 421 in whatever line: nothing is concluded, nothing is said."""

import asyncio

import msgspec
import pytest

from mxwalk import limits
from mxwalk.delivery.mark import Mark, of_ending
from mxwalk.delivery.status import status
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.wire import Ending, EndingKind
from mxwalk.findings.registry import check
from mxwalk.reports.tlsrpt_sessions import sessions
from mxwalk.senders.model import Outcome, SenderProfile
from mxwalk.senders.registry import profile, profiles
from mxwalk.walk.walker import Walk
from tests.walk.harness import run
from tests.walk.test_odd_peers import PLAIN, QUICK, speaking, walking

# They do not connect at all to an address without DNSSEC, or without a fingerprint to match.
_NOT_CONNECTED = {"postfix:dane-only", "postfix:fingerprint", "exim:require-dane"}
LONG_LINE = b"220 mx.example.test " + b"A" * 9_000 + b"\r\n"
LONG_REPLY = b"".join(b"250-X%d %s\r\n" % (n, b"y" * 400) for n in range(200)) + b"250 SIZE 1\r\n"


def _connecting() -> list[SenderProfile]:
    return [one for one in profiles() if one.id not in _NOT_CONNECTED]


def _ending(walk: Walk, kind: StepKind) -> Ending:
    step = walk.delivery.attempts[0].step(kind)
    assert step is not None
    assert status(step, walk.delivery).mark is Mark.UNKNOWN
    ending = getattr(step.evidence, "ending", None)
    assert isinstance(ending, Ending)
    return ending


@pytest.mark.parametrize(
    ("answers", "kind", "limit", "code"),
    [
        ((LONG_LINE,), StepKind.GREETING, limits.REPLY_LINE_BYTES, "RPLY016"),
        ((PLAIN[0], LONG_REPLY), StepKind.EHLO, limits.REPLY_BYTES, "RPLY017"),
    ],
    ids=["a greeting of 9,000 octets", "an EHLO response of 80 KB"],
)
async def test_what_is_longer_than_we_read_decides_nothing_for_any_sender(
    answers: tuple[bytes, ...], kind: StepKind, limit: int, code: str
) -> None:
    async with walking(speaking(*answers)) as walk:
        await run(walk)
        ending, delivery = _ending(walk, kind), walk.delivery
    assert ending.kind is EndingKind.TOO_LONG
    assert "mxwalk stopped reading" in ending.detail
    assert f"{limit} bytes" in ending.detail
    for sender in _connecting():
        verdict = sender.judge(delivery)
        assert verdict.outcome is Outcome.UNKNOWN, sender.id
        assert "that is a limit of mxwalk" in verdict.reason
        assert (verdict.log, verdict.code) == ("", "")
    assert code in {one.code for one in check(delivery)}


def test_every_ending_that_is_our_own_is_marked_as_open() -> None:
    for kind in (EndingKind.TOO_LONG, EndingKind.TIMEOUT, EndingKind.LOCAL, EndingKind.CANCELLED):
        assert of_ending(Ending(kind=kind, detail="x")).mark is Mark.UNKNOWN


async def test_a_first_host_that_says_more_than_we_read_is_not_called_dead() -> None:
    records = {
        ("example.com", "MX"): ["10 a.example.com.", "20 b.example.com."],
        ("a.example.com", "A"): ["192.0.2.1"],
        ("b.example.com", "A"): ["192.0.2.2"],
    }
    peers = (speaking(LONG_LINE), speaking(*PLAIN, b"454 no\r\n", b"221 bye\r\n"))
    async with walking(*peers, target="example.com", records=records) as walk:
        await run(walk)
        codes = {one.code for one in check(walk.delivery)}
    assert "RPLY016" in codes
    assert not codes & {"ROUTE027", "ROUTE028"}


@pytest.mark.parametrize(
    "response",
    [
        b"250-mx.example.test\r\n421 4.3.2 shutting down\r\n",
        b"250-mx.example.test\r\n421-4.3.2 shutting down\r\n250 SIZE 1\r\n",
        b"250-mx.example.test\r\n250-STARTTLS\r\n421 4.3.2 shutting down\r\n",
        b"250-mx.example.test\r\n421-4.3.2 shutting down\r\n",  # and no last line
    ],
)
async def test_a_421_in_any_line_is_throttling_and_the_last_word(response: bytes) -> None:
    heard: list[bytes] = []
    async with walking(speaking(PLAIN[0], response, heard=heard)) as walk:
        await run(walk)
        delivery = walk.delivery
    attempt = delivery.attempts[0]
    assert heard == [b"EHLO probe.example.net\r\n"]
    assert attempt.throttled
    assert attempt.ehlo is None
    assert attempt.step(StepKind.QUIT) is None
    for sender in _connecting():
        verdict = sender.judge(delivery)
        assert verdict.outcome is Outcome.UNKNOWN, sender.id
        assert "421 4.3.2 shutting down" in verdict.reason
        assert "this walk was throttled" in verdict.reason
    found = check(delivery)
    assert "STLS001" not in {one.code for one in found}
    sender = profile("postfix:may")
    assert list(sessions(delivery, sender, sender.judge(delivery), tuple(found))) == []


async def test_of_a_421_in_a_later_line_the_step_shows_that_line() -> None:
    response = b"250-mx.example.test\r\n421 4.3.2 shutting down\r\n"
    async with walking(speaking(PLAIN[0], response)) as walk:
        await run(walk)
        step = walk.delivery.attempts[0].step(StepKind.EHLO)
        assert step is not None
        shown = status(step, walk.delivery)
    assert (shown.mark, shown.summary) == (
        Mark.UNKNOWN,
        "throttled: 421 4.3.2 shutting down",
    )


@pytest.mark.parametrize(
    ("begun", "told"),
    [
        (b"220 no end of line", 'sent "220 no end of line" without the end of the line'),
        (b"220-one\r\n220-two\r\n", 'sent "220-two" and not the last line'),
        (b"", "sent nothing"),
    ],
)
async def test_of_an_answer_that_stops_it_is_told_what_came_and_what_did_not(
    begun: bytes, told: str
) -> None:
    async def handle(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(begun)
        await writer.drain()
        await asyncio.wait_for(_reader.read(), 5)

    timeouts = msgspec.structs.replace(QUICK, greeting_s=0.1)
    async with walking(handle, timeouts=timeouts) as walk:
        await run(walk)
        ending, delivery = _ending(walk, StepKind.GREETING), walk.delivery
    assert ending.kind is EndingKind.TIMEOUT
    assert told in ending.detail
    assert "nothing for 0.1 seconds" in ending.detail
    assert ("sent nothing" in ending.detail) is not bool(begun)
    verdict = profile("postfix:may").judge(delivery)
    assert told in verdict.reason
    assert (verdict.outcome, verdict.log) == (Outcome.UNKNOWN, "")


async def test_of_an_answer_that_drips_in_it_is_told_how_long_is_waited_in_all() -> None:
    async def handle(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ")
        for _ in range(200):
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    timeouts = msgspec.structs.replace(QUICK, greeting_s=0.1)
    async with walking(handle, timeouts=timeouts) as walk:
        await run(walk)
        ending = _ending(walk, StepKind.GREETING)
    assert ending.kind is EndingKind.TIMEOUT
    assert "mxwalk waits no longer than 5 times its timeout of 0.1 s" in ending.detail
