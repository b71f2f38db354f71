"""The paragraph on a message and on a domain, as it is forwarded to people who know no SMTP."""

from __future__ import annotations

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.mailauth import Verified
from mxwalk.evidence.trace import Purpose
from mxwalk.findings.registry import check
from mxwalk.receivers.registry import judge
from mxwalk.reports.summary import summary
from tests.receivers.walks import (
    DMARC_REJECT,
    SPF,
    Dns,
    DomainSurvey,
    MessageWalk,
    good,
    keyed,
    mail,
    walk,
)


def told(delivery: Delivery, by: str) -> str:
    purpose = delivery.trace.header.purpose
    return summary(delivery, judge(purpose, by).judge(delivery), check(delivery))


def test_a_message_that_passes_is_told_with_author_address_and_receiver() -> None:
    text = told(good(), "rfc9989")
    assert text.startswith(
        "A message from example.com, received from 192.0.2.10 by an RFC 9989 receiver, is accepted:"
        " the domain of its author is authenticated. The reason: SPF passes and is aligned."
    )
    assert "No error was found" in text


def test_a_rejected_message_is_told_with_what_the_receiver_does_and_who_must_act() -> None:
    delivery = walk(mail(), {**SPF, **DMARC_REJECT}, ip="203.0.113.9").all()
    text = told(delivery, "rfc7489")
    assert "received from 203.0.113.9 by an RFC 7489 receiver" in text
    assert "is rejected." in text
    assert "The receiver then answers the end of DATA with 550" in text
    assert "Who must act: the sending domain." in text


def test_an_assumed_and_an_unknown_address_are_told() -> None:
    top = "Received: from mail.example.com ([198.41.0.4]) by mx.example.net; Sun, 22 Nov 2026\n"
    dns = Dns(txt={**SPF, **DMARC_REJECT, **keyed()})
    assumed = MessageWalk(dns, mail("a@example.com", "example.com sel", top=top))
    text = told(assumed.all(Verified.VALID), "esa")
    assert "received from 198.41.0.4 by an ESA as delivered (the address is assumed)" in text
    unknown = told(MessageWalk(dns, mail()).dmarc().delivery(), "rfc9989")
    assert "received from an unknown address" in unknown
    assert "may or may not be accepted" in unknown


def test_a_domain_is_told_with_its_stage_and_what_to_publish() -> None:
    complete = DomainSurvey(Dns(txt={**SPF, **DMARC_REJECT, **keyed()}), selectors=("sel",))
    text = told(complete.all(), "roll-out")
    assert text.startswith("The domain example.com has everything published that protects mail")
    open_ = told(DomainSurvey(Dns(txt={**SPF, **keyed()}), selectors=("sel",)).all(), "roll-out")
    assert "does not publish everything yet" in open_
    assert "What comes next: publish _dmarc.example.com. IN TXT" in open_
    assert Purpose.DOMAIN is DomainSurvey(Dns()).delivery().trace.header.purpose
