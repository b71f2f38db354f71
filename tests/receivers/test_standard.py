"""Receivers by RFC 9989 and RFC 7489: what becomes of a message, and why."""

from __future__ import annotations

import pytest

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.dns import DnsStatus
from mxwalk.evidence.mailauth import Verified
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.trace import Purpose
from mxwalk.receivers.registry import judge, judges
from mxwalk.senders.model import Outcome, Verdict
from tests.hostile import HOSTILE
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

OTHER = "203.0.113.9"
DMARC = "_dmarc.example.com"


def verdict(delivery: Delivery, receiver: str) -> Verdict:
    return judge(Purpose.MESSAGE, receiver).judge(delivery)


def forged(policy: str, receiver: str, **more: str) -> Verdict:
    """A message from a host that SPF does not name, without a signature."""
    tags = "".join(f"; {name}={value}" for name, value in more.items())
    txt = {**SPF, DMARC: f"v=DMARC1; p={policy}{tags}"}
    return verdict(walk(mail(), txt, ip=OTHER).all(), receiver)


@pytest.mark.parametrize("receiver", ["rfc9989", "rfc7489", "esa", "esa-guide"])
def test_an_aligned_pass_is_accepted_as_authentic_by_everybody(receiver: str) -> None:
    found = verdict(good(), receiver)
    assert found.outcome is Outcome.ACCEPTED_AUTHENTIC
    assert found.step == good().message.steps[StepKind.DISPOSITION.value]  # type: ignore[union-attr]
    assert "dmarc=pass" in found.log


def test_reject_alone_is_quarantine_by_rfc_9989_and_a_rejection_by_rfc_7489() -> None:
    # RFC 9989 7.4: MUST NOT reject incoming messages solely on the basis of a p=reject policy
    new, old = forged("reject", "rfc9989"), forged("reject", "rfc7489")
    assert new.outcome is Outcome.QUARANTINED
    assert "RFC 9989 7.4" in new.reason
    assert "p=reject dis=quarantine" in new.log
    assert old.outcome is Outcome.REJECTED
    assert old.code == "5.7.1"
    assert old.log == "550 5.7.1 Email rejected per DMARC policy for example.com"


@pytest.mark.parametrize("receiver", ["rfc9989", "rfc7489"])
def test_quarantine_is_honoured_and_none_changes_nothing(receiver: str) -> None:
    assert forged("quarantine", receiver).outcome is Outcome.QUARANTINED
    assert forged("none", receiver).outcome is Outcome.ACCEPTED


def test_a_policy_in_test_is_one_level_less_by_rfc_9989_alone() -> None:
    assert forged("quarantine", "rfc9989", t="y").outcome is Outcome.ACCEPTED
    assert forged("quarantine", "rfc7489", t="y").outcome is Outcome.QUARANTINED


def test_without_a_policy_a_message_is_accepted_and_spf_fail_is_left_to_local_policy() -> None:
    found = verdict(walk(mail(), dict(SPF), ip=OTHER).all(), "rfc9989")
    assert found.outcome is Outcome.ACCEPTED
    assert "5.7.23" in found.next_action


def test_without_a_policy_an_aligned_pass_is_proof_all_the_same() -> None:
    found = verdict(walk(mail(), dict(SPF)).all(), "rfc9989")
    assert found.outcome is Outcome.ACCEPTED_AUTHENTIC
    assert "SPF passes for example.com" in found.reason


@pytest.mark.parametrize("receiver", ["rfc9989", "rfc7489", "esa-guide"])
def test_a_failed_query_leaves_the_message_undecided(receiver: str) -> None:
    dns = Dns(txt=dict(SPF), failing={DMARC: DnsStatus.SERVFAIL})
    found = verdict(walk(mail(), dns=dns).all(), receiver)
    assert found.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("receiver", ["rfc9989", "rfc7489", "esa-guide"])
def test_what_was_not_looked_at_is_no_failure(receiver: str) -> None:
    dns = Dns(txt={**SPF, **DMARC_REJECT, **keyed()})
    no_address = MessageWalk(dns, mail()).spf().dmarc().delivery()
    assert verdict(no_address, receiver).outcome is Outcome.UNKNOWN
    assert "address is not known" in verdict(no_address, receiver).reason
    no_body = walk(mail("a@example.com", "example.com sel"), dns=dns, ip=OTHER, whole=False)
    assert verdict(no_body.all(Verified.NOT_VERIFIED), receiver).outcome is Outcome.UNKNOWN


def test_an_unknown_reverse_path_leaves_spf_open_and_an_empty_one_does_not() -> None:
    # RFC 7208 2.4: only for the null reverse-path is the HELO identity checked in its place
    dns = Dns(txt={**SPF, **DMARC_REJECT})
    unknown = walk(mail(), dns=dns, mail_from="").all()
    assert "MAIL FROM is not known" in verdict(unknown, "rfc9989").reason
    assert verdict(unknown, "rfc9989").outcome is Outcome.UNKNOWN
    null = walk(mail(), dns=dns, mail_from="<>").all()
    assert verdict(null, "rfc9989").outcome is Outcome.ACCEPTED_AUTHENTIC


def test_what_was_not_looked_at_and_could_not_align_changes_nothing() -> None:
    dns = Dns(txt={**SPF, DMARC: "v=DMARC1; p=quarantine"})
    made = walk(mail("a@example.com", "example.org sel"), dns=dns, ip=OTHER, whole=False)
    found = verdict(made.all(Verified.NOT_VERIFIED), "rfc9989")
    assert found.outcome is Outcome.QUARANTINED


def test_before_discovery_nothing_is_said() -> None:
    made = walk(mail(), {**SPF, **DMARC_REJECT}).spf()
    for one in judges(Purpose.MESSAGE):
        assert one.judge(made.delivery()).outcome is Outcome.UNKNOWN


def test_two_author_domains_are_judged_by_rfc_7489_alone() -> None:
    txt = {**SPF, DMARC: "v=DMARC1; p=reject"}
    delivery = walk(mail("a@example.com, b@example.org"), txt, ip=OTHER).all()
    assert verdict(delivery, "rfc9989").outcome is Outcome.ACCEPTED
    assert verdict(delivery, "rfc7489").outcome is Outcome.REJECTED


def test_a_message_without_author_is_accepted_with_a_warning() -> None:
    delivery = walk("To: bob@example.net\nSubject: x\n\nHello\n", dict(SPF)).all()
    for one in judges(Purpose.MESSAGE):
        assert one.judge(delivery).outcome is Outcome.ACCEPTED


def test_judges_without_a_message_know_nothing() -> None:
    survey = DomainSurvey(Dns()).all()
    for one in judges(Purpose.MESSAGE):
        assert one.judge(survey).outcome is Outcome.UNKNOWN
    for one in judges(Purpose.DOMAIN):
        assert one.judge(good()).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("evil", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_printable_in_every_verdict(evil: bytes | str) -> None:
    text = evil.decode("latin-1") if isinstance(evil, bytes) else evil
    plain = text[:2_000].replace("\r", "").replace("\n", "")
    raw = mail(
        f"{plain} <alice@example.com>", f"example.com {plain[:30] or 'x'}", top=f"X: {plain}\n"
    )
    txt = {**SPF, DMARC: "v=DMARC1; p=reject"}
    delivery = walk(
        raw, txt, ip=OTHER, helo=plain[:60], mail_from=f"{plain[:60]}@example.com"
    ).all()
    for one in judges(Purpose.MESSAGE):
        found = one.judge(delivery)
        assert all(each.isprintable() for each in (found.reason, found.log, found.next_action))
