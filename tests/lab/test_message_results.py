"""What SPF, DKIM and DMARC come to in each message scenario, beside what receivers make of it.

The words are those of RFC 8601 2.7; DMARC is that of RFC 9989, and of RFC 7489 where it differs.
"""

import pytest

from mxwalk.evidence.trace import Purpose
from mxwalk.findings.model import Severity
from mxwalk.findings.registry import check
from mxwalk.lab.scenario import load_scenario, scenario_names
from mxwalk.mailauth.dmarc.model import Reading
from tests.lab.walks import walked

# scenario: SPF of MAIL FROM and of HELO, DKIM from the top, DMARC by RFC 9989 (and by RFC 7489)
RESULTS = {
    "spf-pass": "pass pass - pass",
    "spf-fail": "fail none - none",
    "spf-softfail": "softfail none - fail",
    "spf-neutral-jetblue": "neutral none - none",
    "spf-spirit": "pass none - none",
    "spf-delta": "pass none - none",
    "spf-united": "pass none - none",
    "spf-suncountry": "permerror none - none",
    "spf-none": "none none - none",
    "spf-ten-lookups": "pass none - pass",
    "spf-too-many-lookups": "permerror none - fail",
    "spf-void-lookups": "permerror pass - fail",
    "spf-two-records": "permerror pass - fail",
    "spf-syntax-error": "permerror pass - fail",
    "spf-split-strings": "permerror pass - fail",
    "spf-include-no-record": "permerror pass - fail",
    "spf-redirect": "pass pass - pass",
    "spf-exp": "fail none - none",
    "spf-macro-exists": "pass pass - pass",
    "spf-ptr": "pass pass - pass",
    "spf-plus-all": "pass none - pass",
    "spf-temperror": "temperror none - temperror",
    "spf-null-sender": "pass pass - pass",
    "spf-ipv6": "fail pass - fail",
    "dkim-good": "pass pass pass pass",
    "dkim-ed25519": "pass pass pass,pass pass",
    "dkim-united": "pass none policy fail",
    "dkim-lufthansa": "pass none policy,policy,policy,policy,policy none",
    "dkim-seven-signatures": "pass pass pass,pass,pass,pass,pass,pass,pass pass",
    "dkim-body-altered": "pass pass fail fail",
    "dkim-list-footer": "pass pass fail fail",
    "dkim-subject-tag": "pass pass fail fail",
    "dkim-simple-spaces": "pass pass fail fail",
    "dkim-key-missing": "pass pass permerror fail",
    "dkim-key-revoked": "pass pass permerror fail",
    "dkim-key-wrong-type": "pass pass permerror fail",
    "dkim-key-servfail": "pass pass temperror temperror",
    "dkim-weak-key": "pass pass pass pass",
    "dkim-tiny-key": "pass pass policy fail",
    "dkim-expired": "pass pass permerror fail",
    "dkim-length": "pass pass pass pass",
    "dkim-no-from-signed": "pass pass permerror fail",
    "dkim-testing": "pass pass pass pass",
    "dmarc-pass-spf": "pass pass - pass",
    "dmarc-pass-dkim": "pass pass pass pass",
    "dmarc-fail-reject": "fail none - fail",
    "dmarc-fail-quarantine": "fail none - fail",
    "dmarc-aa": "fail none - fail",
    "dmarc-strict": "pass pass pass fail",
    "dmarc-third-party": "pass pass pass fail",
    "dmarc-mailing-list": "pass pass pass,fail fail",
    "dmarc-forwarder": "fail pass pass pass",
    "dmarc-subdomain-sp": "none none - fail",
    "dmarc-np": "none none - fail",
    "dmarc-psd": "none none - fail none",
    "dmarc-tree-differs": "pass pass pass fail pass",
    "dmarc-two-records": "fail none - none",
    "dmarc-testing": "fail none - fail",
    "dmarc-pct": "fail none - fail",
    "dmarc-external-reports": "pass pass - pass",
    "dmarc-deny-all": "fail none - fail",
    "dmarc-arc": "pass pass fail fail",
    "dmarc-claims-differ": "fail none - fail",
    "dmarc-several-from": "fail none - none fail",
    "dmarc-servfail": "pass pass - temperror",
    "dmarc-idn": "pass pass pass pass",
}
# The stage to work on; 0 for a domain that sends nothing.
STAGES = {
    "domain-complete": 8,
    "domain-third-party": 8,
    "domain-monitoring": 5,
    "domain-united": 5,
    "domain-broken-records": 1,
    "domain-nothing": 3,  # whether it signs, the DNS cannot tell
    "domain-servfail": 0,  # the stage is not known
    "domain-deny-all": 0,
    "domain-not-denied": 0,
}


def test_the_tables_have_every_scenario():
    purposes = {name: load_scenario(name).purpose for name in scenario_names()}
    assert RESULTS.keys() == {name for name, what in purposes.items() if what is Purpose.MESSAGE}
    assert STAGES.keys() == {name for name, what in purposes.items() if what is Purpose.DOMAIN}


@pytest.mark.parametrize("name", RESULTS)
async def test_every_check_comes_to_what_the_standards_say(name):
    case = (await walked(name)).message
    by_7489 = case.assessment(Reading.RFC7489).result.value
    dmarc = case.assessment(Reading.RFC9989).result.value
    words = [
        case.mailfrom.evaluation.result.value,
        case.helo.evaluation.result.value,
        ",".join(verdict.result.value for verdict in case.verdicts) or "-",
        dmarc if dmarc == by_7489 else f"{dmarc} {by_7489}",
    ]
    assert " ".join(words) == RESULTS[name]


@pytest.mark.parametrize("name", STAGES)
async def test_every_survey_finds_its_stage(name):
    survey = (await walked(name)).survey
    assert survey.plan.current == STAGES[name]


@pytest.mark.parametrize(
    ("name", "lookups", "voids"),
    [
        ("spf-spirit", 5, 0),
        ("spf-delta", 6, 0),
        ("spf-united", 3, 0),
        ("spf-ten-lookups", 10, 0),
        ("spf-void-lookups", 3, 3),
        ("spf-null-sender", 1, 0),
        ("spf-ipv6", 0, 0),
    ],
)
async def test_look_ups_are_counted_as_rfc_7208_counts_them(name, lookups, voids):
    evaluation = (await walked(name)).message.mailfrom.evaluation
    assert (evaluation.lookups, evaluation.voids) == (lookups, voids)  # RFC 7208 4.6.4


async def test_the_explanation_is_that_of_the_domain_with_its_macros_expanded():
    evaluation = (await walked("spf-exp")).message.mailfrom.evaluation
    assert evaluation.explanation == (
        "203.0.113.66 is not one of the mail servers of example.com; see the postmaster"
    )


async def test_the_chain_that_the_list_sealed_is_intact():
    arc = (await walked("dmarc-arc")).message.arc
    assert arc.evidence.result == "pass"


@pytest.mark.parametrize(
    ("name", "severity"), [("domain-deny-all", Severity.NOTICE), ("mx-null", Severity.ERROR)]
)
async def test_a_null_mx_is_a_fault_only_where_mail_is_to_be_delivered(name, severity):
    (found,) = [one for one in check(await walked(name)) if one.code == "ROUTE001"]
    assert (found.severity or found.entry.severity) is severity
