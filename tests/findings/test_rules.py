from __future__ import annotations

import pytest

from mxwalk.findings.model import Finding, Severity
from mxwalk.findings.registry import catalogue, check
from tests.findings.builders import clean
from tests.findings.cases import CASES, Factory


def _words(finding: Finding) -> tuple[str, ...]:
    return (finding.sentence, finding.fix, finding.command)


@pytest.mark.parametrize(
    ("code", "factory"), CASES, ids=[f"{code}-{n}" for n, (code, _) in enumerate(CASES)]
)
def test_evidence_of_a_fault_raises_its_code(code: str, factory: Factory) -> None:
    findings = check(factory())
    raised = [finding for finding in findings if finding.code == code]
    assert raised, f"only {[finding.code for finding in findings]}"
    for finding in findings:
        assert finding.sentence
        assert finding.fix
        assert all(text.isprintable() for text in _words(finding))


def test_a_clean_delivery_raises_nothing_above_a_notice() -> None:
    findings = check(clean())
    assert {finding.level for finding in findings} <= {Severity.OK, Severity.NOTICE}
    assert not [finding for finding in findings if finding.level is Severity.NOTICE]


def test_findings_come_worst_first() -> None:
    for _, factory in CASES:
        ranks = [finding.level.rank for finding in check(factory())]
        assert ranks == sorted(ranks)


def test_every_code_of_the_catalogue_is_raised_by_a_case() -> None:
    assert {code for code, _ in CASES} == set(catalogue())
