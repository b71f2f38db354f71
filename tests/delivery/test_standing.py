"""Evidence of a message walk counts as far as it agrees with the header, and stands."""

import msgspec
import pytest

from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.mark import Mark
from mxwalk.delivery.status import status
from mxwalk.evidence.bounds_mailauth import mailauth_faults
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.lookups import ResolverChecked
from mxwalk.evidence.mailauth import ArcChecked, DkimChecked, SpfChecked, SpfIdentity, Verified
from mxwalk.evidence.step import Decided, DecisionKind, Scope, Step, StepKind
from mxwalk.evidence.trace import Trace
from mxwalk.mailauth.asking import Question
from mxwalk.mailauth.dmarc.model import DmarcResult
from mxwalk.mailauth.rollout.model import State
from mxwalk.mailauth.spf.model import SpfResult
from mxwalk.receivers.registry import judges
from mxwalk.senders.model import Outcome
from mxwalk.walk.message_course import message_course
from tests.mailauth.spf.zone import spf, txt
from tests.receivers.walks import Dns, DomainSurvey, keyed
from tests.widgets.messages import PLAIN, message_trace, signed

FORGED = {
    "example.com": dict(spf("v=spf1 ip4:192.0.2.25 -all")),
    "mail.example.com": dict(spf("v=spf1 ip4:192.0.2.25 -all")),
    "evil.example": dict(spf("v=spf1 ip4:192.0.2.25 -all")),
    "_dmarc.example.com": {"TXT": (txt("v=DMARC1; p=reject"),)},
}


def edited(trace, kind, **changes):
    steps = tuple(
        msgspec.structs.replace(step, evidence=msgspec.structs.replace(step.evidence, **changes))
        if step.kind is kind
        else step
        for step in trace.steps
    )
    return msgspec.structs.replace(trace, steps=steps)


def case_of(trace):
    case = build_delivery(trace).message
    assert case is not None
    return case


def outcomes(trace):
    delivery = build_delivery(trace)
    return {one.judge(delivery).outcome for one in judges(delivery.trace.header.purpose)}


@pytest.mark.parametrize("mail_from", ["", "bob@localhost", "bob@[192.0.2.1]", "bob@", "bob"])
def test_helo_stands_in_for_the_null_reverse_path_alone(mail_from):
    # RFC 7208 2.4: "When the reverse-path is null"
    trace = message_trace(PLAIN, names=FORGED, mail_from=mail_from)
    case = case_of(trace)
    assert case.mailfrom_domain == ""
    assert case.mailfrom is None
    assert case.assessment().result is DmarcResult.FAIL
    assert Outcome.ACCEPTED_AUTHENTIC not in outcomes(trace)


def test_without_a_known_mail_from_the_step_says_so():
    trace = message_trace(PLAIN, names=FORGED)
    course = message_course(build_delivery(trace))
    stop = next(one for leg in course for one in leg.stops if one.kind is StepKind.SPF_MAILFROM)
    assert stop.needless == "MAIL FROM is not known"


@pytest.mark.parametrize(
    "changes",
    [
        {"domain": "example.com"},
        {"client_ip": "192.0.2.26"},
        {"identity": SpfIdentity.HELO},
    ],
)
def test_a_check_of_another_domain_or_client_is_not_of_this_message(changes):
    trace = message_trace(PLAIN, names=FORGED, mail_from="bob@evil.example")
    assert case_of(trace).spf_result is SpfResult.PASS
    assert case_of(edited(trace, StepKind.SPF_MAILFROM, **changes)).mailfrom is None


def test_a_check_of_helo_is_not_one_of_mail_from():
    trace = message_trace(PLAIN, names=FORGED, mail_from="bob@evil.example")
    case = case_of(edited(trace, StepKind.SPF_HELO, identity=SpfIdentity.MAILFROM))
    assert case.mailfrom.evaluation.domain == "evil.example"


def test_a_key_of_another_name_makes_no_signature_valid():
    trace = message_trace(signed(), mail_from="alice@example.com")
    assert case_of(trace).verdicts[0].result.value == "pass"
    key = next(s.evidence.key for s in trace.steps if s.kind is StepKind.DKIM)
    for other in (
        msgspec.structs.replace(key, qname="s1._domainkey.evil.example"),
        msgspec.structs.replace(key, rtype="A"),
    ):
        assert case_of(edited(trace, StepKind.DKIM, key=other)).verdicts[0].result.value != "pass"


def test_a_body_hash_that_is_not_the_signatures_makes_none_valid():
    trace = message_trace(signed() + b"more\r\n", mail_from="alice@example.com")
    assert case_of(trace).verdicts[0].result.value == "fail"
    forged = edited(trace, StepKind.DKIM, verified=Verified.VALID)
    assert case_of(forged).verdicts[0].result.value == "fail"


def test_a_step_that_is_to_be_repeated_stands_no_longer():
    trace = message_trace(signed(), mail_from="alice@example.com")
    for kind in (StepKind.SPF_MAILFROM, StepKind.DKIM):
        step = next(one for one in trace.steps if one.kind is kind)
        again = Decided(decision=DecisionKind.RETRY, step_kind=kind)
        trace = trace.with_step(
            Step(
                seq=len(trace.steps) + 1,
                kind=StepKind.DECISION,
                scope=step.scope,
                started_s=9.0,
                elapsed_s=0.0,
                evidence=again,
            )
        )
    case = case_of(trace)
    assert case.mailfrom is None
    assert case.helo is not None
    assert case.verdicts[0].step is None
    assert case.assessment().result is not DmarcResult.PASS


def denied(trace):
    """The same walk by a resolver that denies the root."""
    answer = DnsAnswer(qname=".", rtype="DNSKEY", status=DnsStatus.NXDOMAIN)
    step = Step(
        seq=len(trace.steps) + 1,
        kind=StepKind.RESOLVER,
        scope=Scope(),
        started_s=0.0,
        elapsed_s=0.0,
        evidence=ResolverChecked(answer=answer),
    )
    return trace.with_step(step)


def test_what_is_denied_by_a_resolver_that_denies_the_root_is_not_known():
    trace = message_trace(signed(), names={}, mail_from="alice@example.com")
    assert case_of(trace).spf_result is SpfResult.NONE
    assert case_of(trace).assessment().result is DmarcResult.NONE
    case = case_of(denied(trace))
    assert case.spf_result is SpfResult.TEMPERROR
    assert case.verdicts[0].result.value == "temperror"
    assert case.assessment().result is DmarcResult.TEMPERROR


def test_what_such_a_resolver_answers_stays():
    trace = message_trace(signed(), mail_from="alice@example.com")
    case = case_of(denied(trace))
    assert case.verdicts[0].result.value == "pass"
    assert isinstance(trace.steps[1].evidence, SpfChecked)
    assert isinstance(trace.steps[3].evidence, DkimChecked)


def check(delivery, domain, what):
    return next(
        one for one in delivery.survey.plan.deny_all if (one.domain, one.what) == (domain, what)
    )


@pytest.mark.parametrize(
    ("record", "state"),
    [
        ("v=DMARC1; p=reject", State.DONE),
        ("v=DMARC1; p=reject; sp=none", State.CURRENT),
        ("v=DMARC1; p=reject; sp=reject; np=x; rua=mailto:d@example.com", State.CURRENT),
    ],
)
def test_a_subdomain_is_closed_by_what_the_record_above_says_of_it(record, state):
    dns = Dns(txt={"_dmarc.example.com": record, "www.example.com": "v=spf1 -all"})
    delivery = DomainSurvey(dns, subdomains=("www.example.com",)).all()
    assert check(delivery, "www.example.com", "DMARC rejects").state is state


def test_names_that_do_not_exist_are_not_left_open_by_np():
    dns = Dns(txt={"_dmarc.example.com": "v=DMARC1; p=reject; np=none; rua=mailto:d@example.com"})
    plan = DomainSurvey(dns).all().survey.plan
    assert plan.stages[6].state is not State.DONE


def test_a_survey_by_a_resolver_that_denies_the_root_finds_nothing_missing():
    walk = DomainSurvey(Dns(txt={}), sends=False)
    walk.all()
    delivery = build_delivery(denied(Trace(header=walk.header, steps=tuple(walk.steps))))
    states = {one.state for one in delivery.survey.plan.deny_all}
    assert states == {State.UNKNOWN}


def test_a_chain_broken_off_is_no_result_in_the_headers():
    raw = b"ARC-Seal: i=1; a=rsa-sha256; cv=none; d=example.net; s=s; b=AAAA\r\n" + PLAIN
    trace = message_trace(raw, mail_from="alice@example.com")
    arc = Step(
        seq=90,
        kind=StepKind.ARC,
        scope=Scope(),
        started_s=1.0,
        elapsed_s=0.0,
        evidence=ArcChecked(detail="broken off"),
    )
    assert not any("\tarc=" in one.value for one in case_of(trace.with_step(arc)).written)


def test_what_was_not_looked_at_is_neither_a_failure_nor_written_as_one():
    headers, _, _ = signed().partition(b"\r\n\r\n")
    for trace in (
        message_trace(signed(), mail_from="bob@evil.example"),
        message_trace(headers + b"\r\n\r\n", whole=False, mail_from="bob@evil.example"),
    ):
        steps = [
            one
            for one in trace.steps
            if trace.header.message.whole is False or one.kind is not StepKind.DKIM
        ]
        delivery = build_delivery(msgspec.structs.replace(trace, steps=tuple(steps)))
        assert delivery.message.assessment().result is DmarcResult.FAIL
        for step in steps:
            if step.kind in (StepKind.ALIGNMENT, StepKind.DISPOSITION):
                assert status(step, delivery).mark is Mark.UNKNOWN
        assert not any("dmarc=" in one.value for one in delivery.message.written)


@pytest.mark.parametrize("verified", list(Verified))
def test_what_the_library_said_in_somebodys_trace_is_shown_as_text(verified):
    trace = message_trace(signed(), mail_from="alice@example.com")
    case = case_of(edited(trace, StepKind.DKIM, verified=verified, detail="\x1b[2J" * 999))
    assert case.verdicts[0].sentence.isprintable()
    assert len(case.verdicts[0].sentence) < 900


def test_a_sender_with_controls_is_shown_as_text_in_differences():
    raw = b"Authentication-Results: mx.receiver.example; spf=fail smtp.mailfrom=x\r\n" + PLAIN
    trace = message_trace(raw, mail_from="\x1balice@example.com", receiver="mx.receiver.example")
    differences = case_of(trace).differences
    assert differences
    assert all((one.about + one.sentence).isprintable() for one in differences)


def test_the_arguments_of_a_check_in_a_trace_are_bounded():
    trace = message_trace(PLAIN, mail_from="alice@example.com")
    for name in ("helo", "sender", "domain"):
        long = edited(trace, StepKind.SPF_MAILFROM, **{name: "a." * 500_000})
        faults = [one for step in long.steps for one in mailauth_faults(step.evidence)]
        assert len(faults) == 1
        assert name in faults[0]


def test_a_key_of_another_domain_is_not_the_surveyed_ones():
    dns = Dns(txt={**keyed(), **keyed("evil.example")})
    walk = DomainSurvey(dns, selectors=("sel",))
    walk.all()
    trace = Trace(header=walk.header, steps=tuple(walk.steps))
    assert len(build_delivery(trace).survey.keys) == 1
    other = (dns.answer(Question("sel._domainkey.evil.example", "TXT")),)
    assert build_delivery(edited(trace, StepKind.DKIM_KEYS, answers=other)).survey.keys == ()
