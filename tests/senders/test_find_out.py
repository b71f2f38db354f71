"""What is advised where a verdict is unknown follows from why it is."""

from __future__ import annotations

import pytest

from mxwalk.delivery.build import build_delivery
from mxwalk.evidence.wire import EndingKind
from mxwalk.findings.registry import check
from mxwalk.reports.summary import summary
from mxwalk.senders.find_out import to_find_out
from mxwalk.senders.model import Outcome
from mxwalk.senders.registry import profile, profiles
from mxwalk.walk.ending import then_words
from tests.reports.samples import lab_trace
from tests.senders.walks import GOOD_EHLO, ending, one_host

LATER = "walk again later or from the sender's own network"
SAME = "look at the sender's own log: walking again shows the same"
LIMIT = "look at the sender's own log: walking again ends at the same limit"
LONGER = "walk again with more time for an answer"


@pytest.mark.parametrize(
    ("situation", "advice"),
    [
        (lambda at: at.connect(ending(EndingKind.TIMEOUT)), LATER),
        (lambda at: at.connect().greeting(b"421 4.3.2 busy\r\n"), LATER),
        (lambda at: at.connect().greeting(b"450 later\r\n").quit(), LATER),
        (lambda at: at.connect().greeting(b"", ending(EndingKind.TIMEOUT)), LONGER),
        (lambda at: at.connect().greeting(b"220-x\r\n", ending(EndingKind.TOO_LONG)), LIMIT),
        (lambda at: at.greeted(GOOD_EHLO).starttls(b"250 ok\r\n").quit(), SAME),
        (lambda at: at.greeted(GOOD_EHLO).starttls(b"299 yes\r\n").quit(), SAME),
        (lambda at: at.greeted(GOOD_EHLO).starttls(b"454-no\r\n220 go\r\n").quit(), SAME),
        (lambda at: at.greeted(GOOD_EHLO).starttls(b"", ending(EndingKind.TIMEOUT)), LONGER),
    ],
)
def test_the_advice_follows_from_the_step_that_decides_nothing(situation, advice) -> None:
    walked = one_host()
    situation(walked.at("mx.example.net", "192.0.2.1"))
    verdict = profile("esa:5").judge(walked.delivery)
    assert verdict.outcome is Outcome.UNKNOWN
    assert to_find_out(walked.delivery, verdict).startswith(advice)


def test_screen_and_report_give_the_same_advice() -> None:
    delivery = build_delivery(lab_trace("greet-421"))
    verdict = profile("esa:5").judge(delivery)
    assert then_words(delivery, verdict) == f"not known from this walk: {LATER}"
    assert f"To find out, {LATER}." in summary(delivery, verdict, check(delivery))


def test_no_sender_has_an_advice_of_its_own() -> None:
    walked = one_host()
    walked.at("mx.example.net", "192.0.2.1").greeted(GOOD_EHLO).starttls(b"250 ok\r\n").quit()
    unknown = [one.judge(walked.delivery) for one in profiles()]
    unknown = [one for one in unknown if one.outcome is Outcome.UNKNOWN]
    assert {one.next_action for one in unknown} == {"not known from this walk"}
