"""The readings of a row: each with the results that make it, and what they prove of a source."""

import pytest

from mxwalk.dmarcrpt.explanations import explain
from mxwalk.dmarcrpt.judge import UNPROVEN, Case, case_of, organization_of
from mxwalk.dmarcrpt.model import Reason, Row, Signature, SpfCheck

OWN, OTHER = "example.com", "service.example.net"


def row(
    dkim: str = "fail",
    spf: str = "fail",
    signed: tuple[str, str] | None = None,
    checked: tuple[str, str] | None = None,
    reason: str = "",
    header_from: str = OWN,
) -> Row:
    return Row(
        source_ip="192.0.2.1",
        messages=1,
        dkim=dkim,
        spf=spf,
        header_from=header_from,
        signatures=(Signature(domain=signed[0], result=signed[1]),) if signed else (),
        checks=(SpfCheck(domain=checked[0], result=checked[1]),) if checked else (),
        reasons=(Reason(type=reason),) if reason else (),
    )


@pytest.mark.parametrize(
    ("found", "case"),
    [
        (row("pass", "pass"), Case.BOTH),
        (row("pass", "fail", (OWN, "pass"), (OWN, "fail")), Case.FORWARDED),
        (row("pass", "fail", (OWN, "pass"), (OWN, "softfail")), Case.FORWARDED),
        (row("pass", "fail", (OWN, "pass"), ("mail.example.com", "neutral")), Case.FORWARDED),
        (row("pass", "fail", (OWN, "pass"), (OTHER, "pass")), Case.DKIM_ONLY),
        (row("pass", "fail", (OWN, "pass"), (OWN, "temperror")), Case.DKIM_ONLY),
        (row("pass", "", (OWN, "pass")), Case.DKIM_ONLY),
        (row("fail", "pass", None, (OWN, "pass")), Case.SPF_ONLY),
        (row("fail", "pass", (OTHER, "pass"), (OWN, "pass")), Case.SPF_ONLY),
        (row("fail", "pass", (OWN, "fail"), (OWN, "pass")), Case.BROKEN_SIGNATURE),
        (row("fail", "fail", (OTHER, "pass"), (OTHER, "pass")), Case.THIRD_PARTY),
        (row("fail", "fail", None, (OTHER, "pass")), Case.THIRD_PARTY),
        (row("fail", "fail", (OWN, "fail"), (OTHER, "pass")), Case.MAILING_LIST),
        (row("fail", "fail", None, (OTHER, "pass"), "mailing_list"), Case.MAILING_LIST),
        (row("fail", "fail", (OWN, "fail"), (OWN, "fail")), Case.CHANGED),
        (row("fail", "fail", None, (OTHER, "fail"), "trusted_forwarder"), Case.CHANGED),
        (row("fail", "fail", ("sub.example.com", "pass"), None), Case.NOT_ALIGNED),
        (row("fail", "fail", None, ("bounce.example.com", "pass")), Case.NOT_ALIGNED),
        (row("fail", "fail", None, (OWN, "temperror")), Case.UNDECIDED),
        (row("fail", "fail", (OWN, "permerror"), (OTHER, "none")), Case.UNDECIDED),
        (row("fail", "fail", None, (OWN, "fail")), Case.NOTHING),
        (row("fail", "fail", ("evil.example.org", "fail"), ("", "none")), Case.NOTHING),
        (row("", ""), Case.NOTHING),
    ],
)
def test_a_row_is_read(found: Row, case: Case) -> None:
    assert case_of(found, "") is case
    assert case.aligned == found.aligned


def test_the_policy_domain_stands_in_for_a_missing_from() -> None:
    one = row("fail", "fail", (OWN, "fail"), (OTHER, "pass"), header_from="")
    assert case_of(one, OWN) is Case.MAILING_LIST
    assert case_of(one, "") is Case.THIRD_PARTY


def test_a_failure_proves_nothing() -> None:
    assert all(not case.aligned for case in UNPROVEN)
    assert case_of(row("fail", "fail", None, (OWN, "softfail")), "") in UNPROVEN


@pytest.mark.parametrize("case", Case)
def test_every_reading_is_explained(case: Case) -> None:
    entry = explain(case)
    assert entry.title
    assert entry.meaning.endswith(".")
    assert entry.act.endswith(".")


@pytest.mark.parametrize(
    ("name", "organization"),
    [
        ("mail.Example.com", "example.com"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("192.0.2.1", ""),
        ("", ""),
        ("-- not a name --", ""),
        ("x" * 5_000, ""),
    ],
)
def test_the_organizational_domain_of_any_text(name: str, organization: str) -> None:
    assert organization_of(name) == organization
