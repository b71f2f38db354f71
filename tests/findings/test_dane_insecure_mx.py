"""DANE findings below an unsigned MX answer: no sender is said to act that does not (RFC 7672 2.2.1)."""

import pytest

from mxwalk.dnssec.model import Status
from mxwalk.findings.model import Severity
from mxwalk.findings.registry import check
from tests.dane.world import intermediate, leaf, record
from tests.findings.dane_cases import ANCHOR, EARLY, GOOD, LATE, WRONG
from tests.senders.dane_walks import Domain, Host
from tests.senders.walks import NO_STARTTLS


def dane(domain: Domain) -> dict[str, object]:
    found = {one.code: one for one in check(domain.delivery) if one.code.startswith("DANE")}
    assert "DANE014" in found
    return {code: one for code, one in found.items() if code != "DANE014"}


def below(*records, chain=None) -> Domain:
    domain = Domain(Host(tlsa=records), mx=Status.INSECURE)
    return domain.good(chain=chain) if chain else domain.good()


@pytest.mark.parametrize(
    ("domain", "code"),
    [
        (below(WRONG), "DANE002"),
        (below(ANCHOR, chain=(leaf("other.example.org").der, intermediate().der)), "DANE006"),
        (below(ANCHOR, chain=(leaf().der,)), "DANE007"),
        (below(ANCHOR, chain=(LATE.der, intermediate().der)), "DANE004"),
        (below(ANCHOR, chain=(EARLY.der, intermediate().der)), "DANE005"),
    ],
)
def test_a_failure_is_a_warning_and_exchange_online_is_not_said_to_act(domain, code) -> None:
    found = dane(domain)
    assert list(found) == [code]
    assert found[code].severity is Severity.WARNING
    assert "Exchange Online" not in found[code].sentence
    assert "the MX answer is not signed" in found[code].sentence


def test_missing_tls_is_a_warning_too() -> None:
    domain = Domain(Host(tlsa=(GOOD,)), mx=Status.INSECURE)
    domain.connect().greeted(NO_STARTTLS).quit()
    found = dane(domain)["DANE003"]
    assert found.severity is Severity.WARNING
    assert "Exchange Online" not in found.sentence


def test_a_match_is_no_green_light() -> None:
    found = dane(below(GOOD))["DANE001"]
    assert found.severity is Severity.NOTICE
    assert "most senders do not look at it" in found.sentence


def test_an_expired_certificate_with_dane_ee_is_nobodys_concern() -> None:
    assert list(dane(below(record("3 1 1", LATE), chain=(LATE.der,)))) == ["DANE001"]
