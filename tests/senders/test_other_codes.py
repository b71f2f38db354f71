"""Codes of success that do not belong where they stand: clients go by one digit, or by three."""

import pytest

from mxwalk.evidence.wire import EndingKind
from mxwalk.senders.model import Outcome
from mxwalk.senders.registry import profile, profiles
from tests.senders.walks import GOOD_EHLO, ending, one_host

SENDERS = ("esa:2", "esa:3", "postfix:may", "postfix:encrypt")


@pytest.mark.parametrize("sender", SENDERS)
@pytest.mark.parametrize("reply", [b"250 go\r\n", b"221 go\r\n", b"230-go\r\n230 go\r\n"])
def test_starttls_answered_by_another_success_is_neither_refused_nor_begun(
    sender: str, reply: bytes
) -> None:
    """RFC 5321 4.2 lets a client go by the first digit; by RFC 3207 4 the code is 220."""
    at = one_host().at("mx.example.net", "192.0.2.1")
    at.greeted(GOOD_EHLO).starttls(reply).quit()
    verdict = profile(sender).judge(at.walked.delivery)
    assert verdict.outcome is Outcome.UNKNOWN
    assert "senders differ in taking it" in verdict.reason


def test_starttls_that_is_refused_stays_so() -> None:
    at = one_host().at("mx.example.net", "192.0.2.1")
    at.greeted(GOOD_EHLO).starttls(b"454 not now\r\n").quit()
    assert profile("postfix:may").judge(at.walked.delivery).outcome is Outcome.DELIVERED_CLEAR
    assert profile("postfix:encrypt").judge(at.walked.delivery).outcome is Outcome.DEFERRED


@pytest.mark.parametrize(
    "situation",
    [
        lambda at: at.connect().greeting(b"", ending(EndingKind.TIMEOUT)),
        lambda at: at.connect().greeting(b"421 4.3.2 busy\r\n"),
        lambda at: at.connect().greeting(b"450 later\r\n").quit(),
        lambda at: at.connect().greeting().ehlo(b"450 later\r\n").quit(),
        lambda at: at.greeted(GOOD_EHLO).starttls(b"250 go\r\n").quit(),
    ],
)
def test_where_nothing_is_concluded_nothing_is_logged(situation) -> None:
    walked = one_host()
    situation(walked.at("mx.example.net", "192.0.2.1"))
    unknown = 0
    for sender in profiles():
        verdict = sender.judge(walked.delivery)
        for one in (verdict, *verdict.attempts):
            if one.outcome is Outcome.UNKNOWN:
                unknown += 1
                assert (one.log, one.code) == ("", ""), sender.id
    assert unknown


@pytest.mark.parametrize(
    ("sender", "outcome"),
    [
        ("esa:3", Outcome.DEFERRED),
        ("esa:5", Outcome.DEFERRED),
        ("esa:6", Outcome.DEFERRED),
        ("esa:2", Outcome.UNKNOWN),
        ("esa:4", Outcome.UNKNOWN),
    ],
)
def test_a_yes_and_a_no_to_starttls_defer_what_must_have_tls_where_the_yes_brings_none(
    sender: str, outcome: Outcome
) -> None:
    at = one_host().at("mx.example.net", "192.0.2.1").greeted(GOOD_EHLO)
    at.starttls(b"220-go\r\n454 no\r\n").handshake(end=ending(EndingKind.TLS_ERROR))
    verdict = profile(sender).judge(at.walked.delivery)
    assert verdict.outcome is outcome
    assert ("has no TLS either" in verdict.reason) is (outcome is Outcome.DEFERRED)


@pytest.mark.parametrize(
    ("reply", "end"),
    [
        (b"220-go\r\n454 no\r\n", EndingKind.TIMEOUT),
        (b"220-go\r\n354 no\r\n", EndingKind.TLS_ERROR),
        (b"220-go\r\n454 no\r\n", None),
        (b"454-no\r\n220 go\r\n", None),
    ],
)
def test_a_yes_and_a_no_to_starttls_decide_nothing_where_the_yes_may_bring_tls(reply, end) -> None:
    at = one_host().at("mx.example.net", "192.0.2.1").greeted(GOOD_EHLO).starttls(reply)
    at.handshake(end=ending(end)) if end else at.quit()
    assert profile("esa:5").judge(at.walked.delivery).outcome is Outcome.UNKNOWN
