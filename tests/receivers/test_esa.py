"""The ESA as a receiver, by Cisco's guide: what each of its checks does, and what it does not."""

from __future__ import annotations

import pytest

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.mailauth import Verified
from mxwalk.evidence.trace import Purpose
from mxwalk.receivers.registry import judge
from mxwalk.senders.model import Outcome, Verdict
from tests.receivers.walks import SPF, keyed, mail, walk

OTHER = "203.0.113.9"
DMARC = "_dmarc.example.com"
SIGNED = mail("alice@example.com", "example.com sel")


def verdict(delivery: Delivery, receiver: str = "esa-guide") -> Verdict:
    return judge(Purpose.MESSAGE, receiver).judge(delivery)


def test_as_delivered_it_accepts_what_the_domain_wants_rejected() -> None:
    # the guide: the default profile has No Action for every policy
    txt = {**SPF, DMARC: "v=DMARC1; p=reject"}
    found = verdict(walk(mail(), txt, ip=OTHER).all(), "esa")
    assert found.outcome is Outcome.ACCEPTED
    assert "asks for reject" in found.reason
    assert "dmarc=fail (p=reject dis=none) d=example.com" in found.log
    assert "Mail Policies > DMARC" in found.next_action


def test_as_the_guide_recommends_it_rejects_and_quarantines_as_the_domain_asks() -> None:
    rejected = verdict(walk(mail(), {**SPF, DMARC: "v=DMARC1; p=reject"}, ip=OTHER).all())
    assert rejected.outcome is Outcome.REJECTED
    assert rejected.log == "550 #5.7.1 DMARC unauthenticated mail is prohibited."
    kept = verdict(walk(mail(), {**SPF, DMARC: "v=DMARC1; p=quarantine"}, ip=OTHER).all())
    assert kept.outcome is Outcome.QUARANTINED
    assert "dmarc=fail (p=quarantine dis=quarantine) d=example.com" in kept.log


def test_spf_fail_and_softfail_are_quarantined_even_where_dmarc_passes() -> None:
    txt = {**SPF, **keyed(), DMARC: "v=DMARC1; p=reject"}
    made = walk(SIGNED, txt, ip=OTHER)
    delivery = made.all(Verified.VALID)
    found = verdict(delivery)
    assert found.outcome is Outcome.QUARANTINED
    assert 'spf-status("mailfrom") == "Fail"' in found.next_action
    assert "PRA identity" in found.next_action
    assert delivery.message is not None
    assert delivery.message.mailfrom is not None
    assert found.step == delivery.message.mailfrom.step
    soft = txt | {"example.com": "v=spf1 mx ~all"}
    assert verdict(walk(SIGNED, soft, ip=OTHER).all(Verified.VALID)).outcome is Outcome.QUARANTINED


def test_a_failed_signature_is_held_back_and_never_dropped() -> None:
    txt = {**SPF, **keyed()}
    found = verdict(walk(SIGNED, txt).all(Verified.BODY_HASH))
    assert found.outcome is Outcome.QUARANTINED
    assert "not to drop it" in found.next_action


def test_one_good_signature_is_enough() -> None:
    txt = {**SPF, **keyed()}
    raw = mail("alice@example.com", "example.com sel", "example.com sel")
    found = verdict(walk(raw, txt).all(Verified.BODY_HASH, Verified.VALID))
    assert found.outcome is Outcome.ACCEPTED_AUTHENTIC


def test_the_sixth_signature_is_not_looked_at() -> None:
    # the guide: up to five signatures by default
    txt = {
        **keyed("example.org"),
        **keyed(),
        "bounce.example.org": "v=spf1 ip4:192.0.2.10 -all",
        DMARC: "v=DMARC1; p=reject",
        "_dmarc.example.org": "v=DMARC1; p=none",
    }
    raw = mail("alice@example.com", *["example.org sel"] * 5, "example.com sel")
    delivery = walk(raw, txt, mail_from="x@bounce.example.org").all(Verified.VALID)
    assert verdict(delivery, "rfc7489").outcome is Outcome.ACCEPTED_AUTHENTIC
    assert verdict(delivery).outcome is Outcome.REJECTED
    assert verdict(delivery, "esa").log.count("dkim=") == 5


def test_the_field_it_writes_has_the_form_of_the_guide() -> None:
    txt = {
        **keyed("news.united.com", "united"),
        "_dmarc.news.united.com": "v=DMARC1; p=none",
        "envfrm.rsys2.com": "v=spf1 ip4:192.0.2.10 -all",
    }
    raw = mail(
        "MileagePlus <MileagePlus@news.united.com>",
        "news.united.com united i=MileagePlus@news.united.com",
    )
    delivery = walk(raw, txt, mail_from="united.5765@envfrm.rsys2.com").all(Verified.VALID)
    found = verdict(delivery, "esa")
    assert found.log == (
        "Authentication-Results: mx.example.net; dkim=pass (signature verified)"
        " header.i=MileagePlus@news.united.com; dmarc=pass (p=none dis=none) d=news.united.com"
    )


def test_rsa_sha1_is_judged_by_rfc_8301_and_the_guides_example_is_named() -> None:
    raw = mail("alice@example.com", "example.com sel a=rsa-sha1 bh=2jmj7l5rSw0yVb/vlWAYkK/YBwk=")
    delivery = walk(raw, {**keyed(), DMARC: "v=DMARC1; p=none"}).all(Verified.VALID)
    found = verdict(delivery, "esa")
    assert found.outcome is Outcome.ACCEPTED
    assert "rsa-sha1" in found.reason


def test_reports_go_to_rua_and_never_to_ruf() -> None:
    record = "v=DMARC1; p=reject; rua=mailto:a@example.com; ruf=mailto:f@example.com"
    found = verdict(walk(mail(), {**SPF, DMARC: record}, ip=OTHER).all())
    assert "aggregate reports go to rua" in found.next_action
    assert "ruf is not supported" in found.next_action


@pytest.mark.parametrize("missing", [{"ip": ""}, {"mail_from": ""}])
def test_where_spf_was_not_checked_its_filter_decides_nothing(missing: dict[str, str]) -> None:
    txt = {**SPF, **keyed(), DMARC: "v=DMARC1; p=reject"}
    made = walk(SIGNED, txt, **missing)  # type: ignore[arg-type]
    assert verdict(made.all(Verified.VALID)).outcome is Outcome.UNKNOWN
    made = walk(SIGNED, txt)
    assert verdict(made.all(Verified.VALID)).outcome is Outcome.ACCEPTED_AUTHENTIC
