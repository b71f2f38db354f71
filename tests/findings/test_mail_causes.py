"""What is told first of a message that fails: the cause, in short words, with one fix and who acts."""

from __future__ import annotations

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.dns import DnsStatus
from mxwalk.evidence.mailauth import Verified
from mxwalk.evidence.trace import Purpose
from mxwalk.findings.concern import for_verdict
from mxwalk.findings.explain import explain
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.registry import check
from mxwalk.receivers.registry import judge
from tests.findings.test_mail import OTHER, SIGNED, only
from tests.receivers.walks import DMARC_REJECT, SPF, Dns, DomainSurvey, Texts, keyed, mail, walk

PSD: Texts = {
    **keyed(),
    "_dmarc.example.com": "v=DMARC1; p=none; rua=mailto:d@example.com",
    "_dmarc.team.example.com": "v=DMARC1; p=reject; psd=n; rua=mailto:d@team.example.com",
    "news.example.org": "v=spf1 ip4:192.0.2.10 -all",
}
CUT_OFF = mail("alice@a.team.example.com", "example.com sel")
SHORT = 240
LIST = "List-Id: Talk <talk.lists.example.org>\nList-Post: <mailto:talk@lists.example.org>\n"
CLAIM = (
    "Authentication-Results: mx.example.net; spf=pass smtp.mailfrom=alice@example.com;"
    " dkim=pass header.d=example.com; dmarc=pass header.from=example.com\n"
)
OURS = "Received: from mail.example.com ([192.0.2.10]) by mx.example.net; Sun, 22 Nov 2026\n"


def ordered(delivery: Delivery, by: str = "rfc9989") -> tuple[Finding, ...]:
    verdict = judge(delivery.trace.header.purpose, by).judge(delivery)
    return for_verdict(check(delivery), verdict)


def cut_off() -> Delivery:
    return walk(CUT_OFF, PSD, mail_from="b@news.example.org").all(Verified.VALID)


def test_psd_that_cuts_the_author_off_is_told_first_with_the_record_to_publish() -> None:
    first = ordered(cut_off())[0]
    assert first.code == "DMARC035"
    assert first.level is Severity.ERROR
    assert first.actor is Owner.SENDER_DNS
    line = '_dmarc.team.example.com. IN TXT "v=DMARC1; p=reject; rua=mailto:d@team.example.com"'
    assert f"publish {line}" in first.fix
    assert "sign with d=team.example.com" in first.fix
    assert "DKIM 1 for example.com passes" in first.sentence


def test_what_follows_from_psd_names_it_and_no_other_fix() -> None:
    findings = check(cut_off())
    result, readings = only(findings, "DMARC002"), only(findings, "DMARC007")
    for each in (result, readings):
        assert "DMARC035" in each.fix
        assert "news.example.org" not in each.fix
        assert each.actor is Owner.SENDER_DNS
    text = " ".join(explain("DMARC035").split())
    assert "cuts" in text
    assert "nothing has to be done" not in text


def test_a_result_is_told_in_short_with_the_values() -> None:
    delivery = cut_off()
    said = only(check(delivery), "DMARC002").sentence
    assert len(said) < SHORT
    assert "SPF passes for news.example.org" in said
    bare = only(check(walk(mail(), {**SPF, **DMARC_REJECT}, ip=OTHER).all()), "DMARC003").sentence
    assert bare.startswith("DMARC of example.com fails, policy reject: SPF of example.com is fail")
    assert len(bare) < SHORT


def test_the_cause_stands_before_what_follows_from_it() -> None:
    txt = {**DMARC_REJECT, **keyed(), "example.com": "v=spf1 ip4:300 -all"}
    delivery = walk(mail(), txt).all()
    codes = [finding.code for finding in ordered(delivery)]
    assert codes[0] == "SPF006"
    result = only(check(delivery), "DMARC003")
    assert "SPF006" in result.fix
    assert result.command == "dig example.com TXT"
    broken = walk(SIGNED, {**DMARC_REJECT, **keyed()}).all(Verified.BODY_HASH)
    assert ordered(broken)[0].code == "DKIM003"


def test_a_list_is_named_as_the_place_and_not_the_author() -> None:
    txt = {**DMARC_REJECT, "example.org": "v=spf1 ip4:192.0.2.10 -all", **keyed()}
    raw = mail("alice@example.com", "example.com sel", fields=LIST)
    findings = check(walk(raw, txt, mail_from="talk@example.org").all(Verified.BODY_HASH))
    for code in ("DMARC002", "DMARC008"):
        assert only(findings, code).actor is Owner.FORWARDER
        assert only(findings, code).host == "talk.lists.example.org"
    assert "list" in explain("DMARC002")


def test_a_field_in_the_receivers_name_that_came_in_is_told_as_forged() -> None:
    findings = check(walk(mail(top=CLAIM), {**SPF, **DMARC_REJECT}, ip=OTHER).all())
    claimed = only(findings, "AUTH001")
    assert "injected" in claimed.sentence
    assert "line 1" in claimed.sentence
    assert claimed.fix.startswith("do not believe it: remove")
    assert "mx.example.net" in claimed.fix
    assert "take the receiver's field" not in claimed.fix
    assert "forged" in only(findings, "SPF002").fix.split("publish")[0]
    below = check(walk(mail(top=OURS + CLAIM), {**SPF, **DMARC_REJECT}, ip=OTHER).all())
    assert "below" in only(below, "AUTH001").sentence


def test_a_field_above_the_receivers_own_received_may_be_its_own() -> None:
    made = CLAIM.replace(" dkim=pass header.d=example.com;", "")
    findings = check(walk(mail(top=made + OURS), {**SPF, **DMARC_REJECT}, ip=OTHER).all())
    claimed = only(findings, "AUTH001")
    assert "injected" not in claimed.sentence
    assert "--ip" in claimed.fix


def test_a_forgers_helo_name_is_not_told_to_publish() -> None:
    txt = {"example.com": SPF["example.com"], **DMARC_REJECT}
    forged = walk(mail(), txt, ip=OTHER, helo="host66.example.org").all()
    assert "SPF010" not in {finding.code for finding in check(forged)}


def broken_resolver(dns: Dns, survey: bool = False) -> Delivery:
    from mxwalk.evidence.dns import DnsAnswer
    from mxwalk.evidence.lookups import ResolverChecked
    from mxwalk.evidence.step import StepKind

    made = DomainSurvey(dns) if survey else None
    one = made or walk(SIGNED, dns=dns)
    answer = DnsAnswer(
        qname=".", rtype="DNSKEY", status=DnsStatus.REFUSED, server="192.0.2.53", rcode="REFUSED"
    )
    one.add(StepKind.RESOLVER, ResolverChecked(answer=answer))
    return one.all()  # type: ignore[union-attr]


def failing() -> Dns:
    names = ("example.com", "_dmarc.example.com", "sel._domainkey.example.com")
    return Dns(failing=dict.fromkeys(names, DnsStatus.REFUSED))


def test_where_our_own_resolver_fails_nobody_else_is_blamed() -> None:
    for delivery in (broken_resolver(failing()), broken_resolver(failing(), survey=True)):
        findings = check(delivery)
        later = [one for one in findings if "DNS002" in one.fix]
        assert later
        assert {one.actor for one in later} == {Owner.YOU}
        for one in findings:
            if one.code in ("SPF009", "SPF039", "DMARC004", "DMARC041", "DKIM006", "DKIM037"):
                assert one.actor is Owner.YOU
                assert "name servers" not in one.fix


def test_a_failed_look_up_says_what_came_back() -> None:
    findings = check(walk(mail(), dns=failing()).all())
    assert "refused" in only(findings, "SPF009").sentence.lower()
    assert only(findings, "SPF009").actor is Owner.SENDER_DNS


def test_nobody_must_act_where_nothing_has_to_be_done() -> None:
    record = "v=DMARC1; p=reject; fo=1; rua=mailto:d@example.com; ruf=mailto:d@example.com"
    delivery = DomainSurvey(Dns(txt={**SPF, "_dmarc.example.com": record})).all()
    for finding in check(delivery):
        if finding.fix == "nothing has to be done":
            assert finding.actor is Owner.NOBODY
    assert only(check(delivery), "DMARC034").actor is Owner.NOBODY


def test_a_name_without_spf_is_not_said_to_send_nothing() -> None:
    txt = {**SPF, "_dmarc.example.com": "v=DMARC1; p=none; rua=mailto:d@example.com"}
    delivery = DomainSurvey(Dns(txt=txt), subdomains=("news.example.com",)).all()
    findings = check(delivery)
    assert not [one for one in findings if "news.example.com sends nothing" in one.sentence]
    assert only(findings, "SPF040").fix.startswith("if it sends nothing")


def test_records_proposed_in_one_report_name_one_mailbox() -> None:
    txt = {**SPF, "example.com": "v=spf1 include:spf.mailer.example.org -all"}
    txt["spf.mailer.example.org"] = "v=spf1 ip4:192.0.2.1 -all"
    findings = check(DomainSurvey(Dns(txt=txt)).all())
    words = " ".join(one.fix for one in findings)
    boxes = {part.split('"')[0].split(";")[0] for part in words.split("mailto:")[1:]}
    assert {box.rstrip(",") for box in boxes} == {"dmarc-reports@example.com"}
    for one in findings:
        assert "fo=1" not in one.fix or "ruf=" in one.fix
    third = only(findings, "ROLL005").fix
    assert "s1._domainkey.mailer-example.example.com" in third or "s1._domainkey." in third
    rua = {**txt, "_dmarc.example.com": "v=DMARC1; p=none; rua=mailto:own@example.com"}
    third = only(check(DomainSurvey(Dns(txt=rua)).all()), "ROLL005").fix
    assert "mailto:own@example.com" in third


def test_reject_and_quarantine_are_told_apart_where_the_receiver_does_less() -> None:
    delivery = walk(mail(), {**SPF, **DMARC_REJECT}, ip=OTHER).all()
    verdict = judge(Purpose.MESSAGE, "rfc9989").judge(delivery)
    assert "the domain asks for reject; this receiver quarantines" in verdict.reason.lower()
    assert len(verdict.reason) < 300


def test_an_unknown_stage_is_no_stage_and_blames_no_look_up_twice() -> None:
    delivery = broken_resolver(failing(), survey=True)
    verdict = judge(Purpose.DOMAIN, "roll-out").judge(delivery)
    assert "stage 8" not in verdict.reason
    assert "stage is not known" in verdict.reason
    findings = check(delivery)
    assert "ROLL006" not in {one.code for one in findings}
    assert [one.code for one in findings if one.level is Severity.ERROR] == ["DNS002"]


def test_an_authenticated_author_is_no_error_where_no_policy_is_published() -> None:
    findings = check(walk(SIGNED, {**SPF, **keyed()}).all(Verified.BODY_HASH))
    assert only(findings, "DKIM003").level is Severity.WARNING


def test_two_authors_are_told_with_what_most_receivers_do() -> None:
    raw = mail("alice@example.com, eve@example.org")
    delivery = walk(raw, {**SPF, **DMARC_REJECT}).all()
    verdict = judge(Purpose.MESSAGE, "rfc9989").judge(delivery)
    assert verdict.reason.startswith("Many receivers refuse")


def test_a_long_row_of_signatures_is_told_whole_in_the_log() -> None:
    raw = mail("alice@example.com", *(f"s{n}.example.com sel" for n in range(1, 8)))
    delivery = walk(raw, {**SPF, **DMARC_REJECT}).all(Verified.HEADER)
    log = judge(Purpose.MESSAGE, "rfc9989").judge(delivery).log
    assert log.count("dkim=") == 7
    assert "dmarc=pass" in log


def test_a_forged_field_is_told_before_what_spf_and_dmarc_make_of_it() -> None:
    delivery = walk(mail(top=CLAIM), {**SPF, **DMARC_REJECT}, ip=OTHER).all()
    codes = ["AUTH001", "SPF002", "DMARC003"]
    assert [one.code for one in ordered(delivery)][:3] == codes
    assert [one.code for one in check(delivery)][:3] == codes
