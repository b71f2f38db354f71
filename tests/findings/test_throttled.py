"""A 421 is told as what it says, with its own lines alone; behind QUIT nothing is missed."""

import pytest

from mxwalk.delivery.mark import Mark
from mxwalk.delivery.status import status
from mxwalk.evidence.connection import Exchanged
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.wire import EndingKind
from mxwalk.findings.model import Finding, Severity
from mxwalk.findings.registry import check
from mxwalk.senders.model import Outcome
from mxwalk.senders.registry import profiles
from mxwalk.smtp.replies import parse_reply
from tests.senders.walks import GOOD_EHLO, Walked, certificate, ending, one_host


def greeted(walked: Walked, ehlo: bytes = GOOD_EHLO):
    return walked.at("mx.example.net", "192.0.2.1").greeted(ehlo)


def found(walked: Walked) -> dict[str, Finding]:
    return {one.code: one for one in check(walked.delivery)}


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"421-4.7.0 busy\r\n250-STARTTLS\r\n250 SIZE\r\n", "421 4.7.0 busy"),
        (b"220-mx hello\r\n421-4.7.0 a\r\n220 mx.example.com\r\n", "421 4.7.0 a"),
        (b"250-mx\r\n421-4.7.0 x\r\nlater\r\n421 y\r\n250 z\r\n", "421 4.7.0 x / later / y"),
        (b"421-4.7.0 busy\r\n421 4.7.0 really\r\n", "421 4.7.0 busy / 4.7.0 really"),
        (b"220-go\r\n454 4.7.0 no\r\n", "220 go / 454 4.7.0 no"),
        (b"250-mx\r\n550\r\n", "250 mx / 550"),
    ],
)
def test_lines_of_another_code_are_not_sold_as_text_of_the_first(raw: bytes, said: str) -> None:
    assert parse_reply(raw).said == said


@pytest.mark.parametrize("kind", [StepKind.EHLO, StepKind.STARTTLS])
def test_no_closing_is_told_that_was_not_seen(kind: StepKind) -> None:
    walked = one_host()
    at = walked.at("mx.example.net", "192.0.2.1").connect().greeting()
    if kind is StepKind.STARTTLS:
        at.ehlo(GOOD_EHLO)
    command = kind.value.encode() + b"\r\n"
    at.add(kind, Exchanged(command=command, reply=b"421 4.7.0 not now\r\n"))
    assert "that it closes: 421 4.7.0 not now;" in found(walked)["ENV003"].sentence
    for sender in profiles():
        verdict = sender.judge(walked.delivery)
        assert "closes" not in verdict.reason
        assert "lost connection" not in verdict.log


def test_a_421_said_before_a_command_names_the_step_that_was_kept_back() -> None:
    walked = one_host()
    end = ending(EndingKind.CLOSED, "spoke unasked")
    greeted(walked).starttls(b"421 4.4.2 idle\r\n", end)
    assert "says before STARTTLS that it closes: 421 4.4.2 idle" in found(walked)["ENV003"].sentence


@pytest.mark.parametrize("reply", [b"421 4.7.0 bye\r\n", b"421-4.7.0 a\r\n220 b\r\n"])
def test_a_421_to_starttls_decides_as_little_as_one_to_ehlo(reply: bytes) -> None:
    walked, before = one_host(), one_host()
    greeted(walked).starttls(reply)
    before.at("mx.example.net", "192.0.2.1").connect().greeting().ehlo(reply)
    unknown = set()
    for sender in profiles():
        if "this walk was throttled" in sender.judge(before.delivery).reason:
            verdict = sender.judge(walked.delivery)
            if not verdict.outcome.delivered:  # one that never uses TLS
                assert verdict.outcome is Outcome.UNKNOWN, sender.id
                assert "this walk was throttled" in verdict.reason
                assert not verdict.log
                unknown.add(sender.id)
    assert {"esa:2", "esa:3", "postfix:may", "postfix:encrypt"} <= unknown


@pytest.mark.parametrize("command", [b"QUIT\r\n", b""])
def test_a_421_at_quit_is_harmless(command: bytes) -> None:
    walked = one_host()
    at = walked.at("mx.example.net", "192.0.2.1").secured(certificate("mx.example.net"))
    end = None if command else ending(EndingKind.CLOSED, "spoke unasked")
    at.add(StepKind.QUIT, Exchanged(command=command, reply=b"421 4.4.2 closing\r\n", ending=end))
    codes = found(walked)
    assert "ENV003" not in codes
    assert codes["ENV004"].level is Severity.NOTICE
    assert "421 4.4.2 closing" in codes["ENV004"].sentence
    if command:
        assert status(walked.steps[-1], walked.delivery).mark is Mark.WARN
