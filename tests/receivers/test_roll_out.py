"""The roll-out as a judge: complete, incomplete, or not to be told."""

from __future__ import annotations

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.dns import DnsStatus
from mxwalk.evidence.trace import Purpose
from mxwalk.receivers.registry import judge, judge_or_first
from mxwalk.senders.model import Outcome, Verdict
from tests.receivers.walks import DMARC_REJECT, SPF, Dns, DomainSurvey, Texts, keyed

ALL: Texts = {**SPF, **DMARC_REJECT, **keyed()}


def verdict(delivery: Delivery) -> Verdict:
    return judge(Purpose.DOMAIN, "roll-out").judge(delivery)


def survey(txt: Texts, **asked: object) -> Delivery:
    return DomainSurvey(Dns(txt=txt), **{"selectors": ("sel",), **asked}).all()


def test_an_enforced_policy_on_sound_records_is_complete() -> None:
    found = verdict(survey(ALL))
    assert found.outcome is Outcome.COMPLETE
    assert found.outcome.delivered is False


def test_without_a_dmarc_record_it_is_incomplete_and_says_what_to_publish() -> None:
    found = verdict(survey({**SPF, **keyed()}))
    assert found.outcome is Outcome.INCOMPLETE
    assert "stage 4" in found.reason
    assert "_dmarc.example.com. IN TXT" in found.next_action


def test_a_domain_that_sends_nothing_is_complete_when_it_is_closed() -> None:
    open_ = verdict(survey({"example.com": "v=spf1 mx -all"}, sends=False))
    assert open_.outcome is Outcome.INCOMPLETE
    assert "v=spf1 -all" in open_.next_action


def test_failed_look_ups_leave_it_unknown() -> None:
    names = ("example.com", "_dmarc.example.com", "sel._domainkey.example.com")
    dns = Dns(failing=dict.fromkeys(names, DnsStatus.TIMEOUT))
    assert verdict(DomainSurvey(dns, selectors=("sel",)).all()).outcome is Outcome.UNKNOWN


def test_before_its_step_nothing_is_said() -> None:
    made = DomainSurvey(Dns(txt=dict(ALL)))
    assert verdict(made.delivery()).outcome is Outcome.UNKNOWN


def test_a_walk_of_another_purpose_falls_back_to_the_first_judge() -> None:
    assert judge_or_first(Purpose.DOMAIN, "esa:5").id == "roll-out"
    assert judge_or_first(Purpose.MESSAGE, "esa:5").id == "rfc9989"
