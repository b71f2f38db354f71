"""Which finding comes first for which sender."""

import pytest

from mxwalk.delivery.build import build_delivery
from mxwalk.findings.concern import concerns, for_verdict
from mxwalk.findings.registry import check
from mxwalk.senders.registry import profile, profiles
from tests.reports.samples import lab_trace


def ordered(scenario: str, sender: str) -> list[str]:
    delivery = build_delivery(lab_trace(scenario))
    found = for_verdict(check(delivery), profile(sender).judge(delivery))
    return [finding.code for finding in found]


@pytest.mark.parametrize(
    ("sender", "code"),
    [
        ("mta-sts", "STS016"),
        ("exchange-online", "STS016"),
        ("esa:5", "IDENT001"),
        ("esa:6", "IDENT002"),
        ("postfix:verify", "IDENT001"),  # no finding of its own: one of the deciding step
    ],
)
def test_the_finding_behind_the_verdict_comes_first(sender: str, code: str) -> None:
    assert ordered("sts-cert-invalid", sender)[0] == code


@pytest.mark.parametrize("sender", [one.id for one in profiles()])
def test_the_order_never_overrules_the_severity_and_loses_nothing(sender: str) -> None:
    delivery = build_delivery(lab_trace("sts-cert-invalid"))
    findings = check(delivery)
    found = for_verdict(findings, profile(sender).judge(delivery))
    assert sorted(found, key=findings.index) == list(findings)
    ranks = [finding.level.rank for finding in found]
    assert ranks == sorted(ranks)


def test_dane_is_no_concern_of_a_sender_without_it() -> None:
    delivery = build_delivery(lab_trace("dane-mismatch"))
    finding = next(one for one in check(delivery) if one.code.startswith("DANE"))
    asked = {one.id for one in profiles() if concerns(finding, one.id)}
    assert {"rfc7672", "postfix:dane-only", "exim:require-dane", "mta-sts"} <= asked
    assert not asked & {"esa:5", "postfix:verify", "postfix:may"}
