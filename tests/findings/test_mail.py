"""Findings on messages and surveys: how much they matter, who must act, what is to be published."""

from __future__ import annotations

import pytest
from msgspec import structs

from mxwalk.delivery.build import build_delivery
from mxwalk.evidence.mailauth import Verified
from mxwalk.evidence.trace import Purpose
from mxwalk.findings.commands import opendkim_testkey, spfquery, verify_message
from mxwalk.findings.concern import for_verdict
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.registry import check
from mxwalk.findings.rules.dmarc_codes import KINDS as DMARC_KINDS
from mxwalk.findings.rules.spf_record import KINDS as SPF_KINDS
from mxwalk.mailauth.dmarc.remarks import RemarkKind
from mxwalk.mailauth.spf.lint_model import Kind
from mxwalk.receivers.registry import judge, judges
from mxwalk.senders.model import Outcome
from tests.findings.mail_cases import MAIL_CASES
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
SIGNED = mail("alice@example.com", "example.com sel")


def only(findings: tuple[Finding, ...], code: str) -> Finding:
    (found,) = [finding for finding in findings if finding.code == code]
    return found


def test_a_message_in_order_raises_nothing_above_ok() -> None:
    assert {finding.level for finding in check(good())} == {Severity.OK}


def test_every_kind_of_remark_has_a_code() -> None:
    assert set(SPF_KINDS) == set(Kind)
    assert set(DMARC_KINDS) == set(RemarkKind)


def test_spf_fail_is_an_error_only_where_dmarc_does_not_pass() -> None:
    txt = {**SPF, **DMARC_REJECT, **keyed()}
    signed = check(walk(SIGNED, txt, ip=OTHER).all(Verified.VALID))
    bare = check(walk(mail(), txt, ip=OTHER).all())
    assert only(signed, "SPF002").level is Severity.WARNING
    assert only(bare, "SPF002").level is Severity.ERROR


def test_the_fix_for_a_host_that_spf_does_not_name_is_the_record_with_it() -> None:
    finding = only(check(walk(mail(), dict(SPF), ip=OTHER).all()), "SPF002")
    line = f'example.com. IN TXT "v=spf1 ip4:{OTHER} ip4:192.0.2.10 -all"'
    assert line in finding.fix
    assert finding.command == (
        f"spfquery --ip {OTHER} --sender alice@example.com --helo mail.example.com"
    )


def test_an_ipv6_client_is_added_as_ip6() -> None:
    finding = only(check(walk(mail(), dict(SPF), ip="2001:db8::9").all()), "SPF002")
    assert "v=spf1 ip6:2001:db8::9 ip4:192.0.2.10 -all" in finding.fix


def test_where_the_address_was_assumed_you_look_first() -> None:
    top = "Received: from mail.example.com ([198.41.0.4]) by mx.example.net; Sun, 22 Nov 2026\n"
    made = MessageWalk(Dns(txt=dict(SPF)), mail(top=top), mail_from="alice@example.com")
    finding = only(check(made.spf().delivery()), "SPF002")
    assert finding.actor is Owner.YOU
    assert "--ip ADDRESS" in finding.fix


def test_a_third_party_that_passes_for_itself_is_told_how_to_align() -> None:
    txt = {
        **DMARC_REJECT,
        **keyed("mailer.example.org"),
        "_dmarc.example.org": "v=DMARC1; p=none",
        "mailer.example.org": "v=spf1 ip4:192.0.2.10 -all",
    }
    raw = mail("alice@example.com", "mailer.example.org sel")
    found = check(walk(raw, txt, mail_from="b@mailer.example.org").all(Verified.VALID))
    finding = only(found, "DMARC002")
    assert "mailer.example.org sign with d=example.com" in finding.fix
    assert "SELECTOR._domainkey.example.com. IN TXT" in finding.fix


def test_a_message_that_may_still_pass_has_no_finding_of_failure() -> None:
    dns = Dns(txt={**SPF, **DMARC_REJECT})
    codes = {f.code for f in check(MessageWalk(dns, mail()).spf().dmarc().delivery())}
    assert "MSG003" in codes
    assert not codes & {"DMARC002", "DMARC003"}


def test_the_finding_behind_the_verdict_comes_first_among_equals() -> None:
    delivery = walk(mail(), {**SPF, **DMARC_REJECT}, ip=OTHER).all()
    verdict = judge(Purpose.MESSAGE, "rfc7489").judge(delivery)
    assert [one.code for one in for_verdict(check(delivery), verdict)][:2] == ["SPF002", "DMARC003"]
    guide = judge(Purpose.MESSAGE, "esa-guide")
    soft = walk(SIGNED, {**SPF, **DMARC_REJECT, **keyed()}, ip=OTHER).all(Verified.VALID)
    assert for_verdict(check(soft), guide.judge(soft))[0].code == "SPF002"


def test_an_included_record_is_its_publishers_to_mend() -> None:
    txt = {
        "example.com": "v=spf1 include:s.example.org -all",
        "s.example.org": "v=spf1 ptr ?all",
    }
    findings = [f for f in check(DomainSurvey(Dns(txt=txt)).all()) if f.code == "SPF027"]
    assert findings
    assert {finding.actor for finding in findings} == {Owner.SERVICE}


def test_a_subdomain_that_sends_is_not_told_to_deny_all() -> None:
    txt = {**SPF, "www.example.com": "v=spf1 ip4:192.0.2.1 -all"}
    codes = [
        f.code
        for f in check(DomainSurvey(Dns(txt=txt), subdomains=("www.example.com",)).all())
        if f.host == "www.example.com"
    ]
    assert "SPF040" not in codes
    assert "SPF041" in codes


def test_a_record_that_cannot_be_mended_is_not_offered_as_a_fix() -> None:
    txt = {"example.com": "v=spf1 whatever:this -all"}
    finding = only(check(DomainSurvey(Dns(txt=txt)).all()), "SPF023")
    assert "IN TXT" not in finding.fix


@pytest.mark.parametrize("evil", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_records_and_fields_are_printable_in_every_finding(evil: bytes) -> None:
    text = evil.decode("latin-1")[:400]
    plain = text.replace("\r", "").replace("\n", "")
    txt = {
        "example.com": f"v=spf1 {text} -all",
        "_dmarc.example.com": f"v=DMARC1; p={text}; rua={text}; {text}",
        "sel._domainkey.example.com": f"v=DKIM1; p={text}",
        **dict.fromkeys(("mail.example.com", "_dmarc.www.example.com"), text),
    }
    claim = f"Authentication-Results: {plain}; spf={plain}\n"
    raw = mail(f"{plain} <alice@example.com>", f"example.com sel i={plain}", top=claim)
    deliveries = (
        walk(raw, txt, ip=OTHER, file_name=text).all(Verified.HEADER),
        DomainSurvey(Dns(txt=txt), selectors=("sel",), subdomains=("www.example.com",)).all(),
    )
    for delivery in deliveries:
        for finding in check(delivery):
            words = (finding.sentence, finding.fix, finding.command)
            assert all(each.isprintable() for each in words)


def test_findings_and_verdicts_can_be_told_at_every_moment_of_a_walk() -> None:
    for _, factory in MAIL_CASES:
        trace = factory().trace
        for at in range(len(trace.steps) + 1):
            delivery = build_delivery(structs.replace(trace, steps=trace.steps[:at]))
            for finding in check(delivery):
                assert finding.sentence.isprintable()
            for one in judges(trace.header.purpose):
                assert one.judge(delivery).reason


def test_an_intact_signature_and_a_failed_spf_tell_of_a_forwarder() -> None:
    txt = {**SPF, **DMARC_REJECT, **keyed()}
    found = only(check(walk(SIGNED, txt, ip=OTHER).all(Verified.VALID)), "DMARC009")
    assert found.actor is Owner.FORWARDER
    assert "passed the message on, or is missing" in found.sentence
    sure = walk(mail(top="ARC-Seal: i=1\n"), txt, ip=OTHER).all()
    assert "was passed on by 203.0.113.9 (ARC-Seal)" in only(check(sure), "DMARC009").sentence


def test_mail_through_a_list_is_the_lists_to_mend() -> None:
    fields = "List-Id: Talk <talk.example.org>\nList-Post: <mailto:talk@example.org>\n"
    txt = {**DMARC_REJECT, "example.org": "v=spf1 ip4:192.0.2.10 -all", **keyed()}
    raw = mail("alice@example.com", "example.com sel", fields=fields)
    found = check(walk(raw, txt, mail_from="talk@example.org").all(Verified.BODY_HASH))
    assert only(found, "DMARC002").actor is Owner.FORWARDER
    assert "own address into From" in only(found, "DMARC002").fix
    assert only(found, "DKIM003").actor is Owner.FORWARDER


def test_an_aligned_part_that_is_broken_is_what_to_mend() -> None:
    txt = {**DMARC_REJECT, **keyed(), "example.com": "v=spf1 ip4:300 -all"}
    broken = only(check(walk(SIGNED, txt).all(Verified.HEADER)), "DMARC003")
    assert "mend the SPF record of example.com" in broken.fix
    txt["example.com"] = "v=spf1 -all"
    signed = only(check(walk(SIGNED, txt).all(Verified.HEADER)), "DMARC003")
    assert "mend DKIM signature 1 of example.com" in signed.fix


def test_a_failure_under_p_none_is_a_warning() -> None:
    txt = {**SPF, "_dmarc.example.com": "v=DMARC1; p=none; rua=mailto:d@example.com"}
    assert only(check(walk(mail(), txt, ip=OTHER).all()), "DMARC003").level is Severity.WARNING


def test_a_domain_that_sends_nothing_is_told_to_reject_at_once() -> None:
    found = only(check(DomainSurvey(Dns(), sends=False).all()), "DMARC039")
    assert '"v=DMARC1; p=reject"' in found.fix
    codes = {f.code for f in check(DomainSurvey(Dns(), sends=False, selectors=("x",)).all())}
    assert "DKIM036" not in codes


def test_what_the_domain_above_lacks_is_told_once() -> None:
    delivery = DomainSurvey(Dns(txt=dict(SPF)), subdomains=("www.example.com",)).all()
    assert len([f for f in check(delivery) if f.code == "DMARC039"]) == 1


def test_a_redacted_message_with_decided_signatures_lacks_no_body() -> None:
    made = walk(SIGNED, {**SPF, **keyed()}, whole=False).all(Verified.VALID)
    assert "MSG005" not in {finding.code for finding in check(made)}


def test_a_bounce_is_told_with_the_identity_that_was_checked() -> None:
    found = check(walk(mail(), {**SPF, **DMARC_REJECT}, mail_from="<>").all())
    assert (
        "empty MAIL FROM, checked as postmaster@mail.example.com" in only(found, "SPF001").sentence
    )
    assert only(found, "MSG007").level is Severity.NOTICE


@pytest.mark.parametrize("third_party", [False, True])
def test_half_a_walk_of_a_message_in_order_raises_nothing(third_party: bool) -> None:
    txt = {
        **SPF,
        **DMARC_REJECT,
        **keyed(),
        **keyed("mailer.example.org"),
        "mailer.example.org": "v=spf1 ip4:192.0.2.10 -all",
        "_dmarc.mailer.example.org": "v=DMARC1; p=none",
    }
    raw = mail("alice@example.com", "mailer.example.org sel", "example.com sel")
    sender = "bounce@mailer.example.org" if third_party else "alice@example.com"
    trace = walk(raw, txt, mail_from=sender).all().trace
    for at in range(len(trace.steps) + 1):
        delivery = build_delivery(structs.replace(trace, steps=trace.steps[:at]))
        assert {finding.level for finding in check(delivery)} <= {Severity.OK}, at
        for one in judges(Purpose.MESSAGE):
            outcome = one.judge(delivery).outcome
            assert outcome in (Outcome.UNKNOWN, Outcome.ACCEPTED_AUTHENTIC, Outcome.ACCEPTED), at
    assert outcome is Outcome.ACCEPTED_AUTHENTIC


def test_commands_are_safe_to_paste_whatever_a_message_holds() -> None:
    assert spfquery("192.0.2.1", "a;reboot@example.com", "") == (
        "spfquery --ip 192.0.2.1 --sender 'a;reboot@example.com'"
    )
    assert opendkim_testkey("$(reboot)", "s") == "opendkim-testkey -vvv -d '$(reboot)' -s s"
    assert verify_message("a b.eml") == "dkimverify --verbose < 'a b.eml'"
    assert verify_message("") == "dkimverify --verbose < message.eml"
