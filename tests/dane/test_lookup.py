"""Where TLSA records are asked for and what the answers demand: RFC 7672 2.1, 2.2."""

import pytest

from mxwalk.dane.lookup import Looked, questions
from mxwalk.dane.model import Standing
from mxwalk.dane.names import reference_names
from mxwalk.dnssec.model import Status
from mxwalk.dnssec.reasons import Culprit
from mxwalk.evidence.dns import DnsStatus
from tests.dane.world import HOST, address, leaf, looked, record, state, tlsa, validation

REAL = "mx-7.example.org"
S, N, B, U = Status.SECURE, Status.INSECURE, Status.BOGUS, Status.INDETERMINATE
GOOD = record("3 1 1", leaf())


def alias(first: Status = S, last: Status = S) -> Looked:
    return address(last, aliases=((HOST, REAL, first),))


@pytest.mark.parametrize(
    ("answer", "standing"),
    [
        (tlsa(GOOD), Standing.USABLE),
        (tlsa("1 1 1 " + "ab" * 32), Standing.UNUSABLE),
        (tlsa("3 1 1 " + "ab" * 31, GOOD), Standing.USABLE),
        (tlsa(), Standing.NO_RECORDS),
        (tlsa(status=DnsStatus.NXDOMAIN), Standing.NO_RECORDS),
        (tlsa(secure=N), Standing.NO_RECORDS),  # an insecure denial is a denial (2.1.1)
        (tlsa(GOOD, secure=N), Standing.TLSA_INSECURE),
        (tlsa(GOOD, secure=B), Standing.TLSA_FAILED),
        (tlsa(secure=B), Standing.TLSA_FAILED),
        (tlsa(status=DnsStatus.SERVFAIL, secure=U), Standing.TLSA_FAILED),
        (tlsa(status=DnsStatus.TIMEOUT, secure=U), Standing.TLSA_FAILED),
        (tlsa(GOOD, secure=U, culprit=Culprit.RESOLVER), Standing.UNDECIDED),
    ],
)
def test_a_tlsa_answer_has_the_standing_of_the_table(answer: Looked, standing: Standing) -> None:
    assert state(answer).standing is standing


@pytest.mark.parametrize(
    ("addresses", "asked", "standing"),
    [
        ((address(S),), (HOST,), None),
        ((address(N),), (), Standing.ADDRESS_INSECURE),
        ((address(B),), (), Standing.ADDRESS_FAILED),
        ((address(U, status=DnsStatus.SERVFAIL),), (), Standing.ADDRESS_FAILED),
        ((address(U, culprit=Culprit.RESOLVER),), (), Standing.UNDECIDED),
        # one family is enough (2.1.2)
        ((looked(HOST, "AAAA", status=DnsStatus.SERVFAIL, secure=U), address(S)), (HOST,), None),
        ((looked(HOST, "AAAA", "2001:db8::1", secure=N), address(S)), (HOST,), None),
        ((alias(),), (REAL, HOST), None),  # expanded first, then as it was (2.2.3)
        ((alias(S, N),), (HOST,), None),  # a secure alias to an insecure zone
        ((alias(N, S),), (), Standing.ADDRESS_INSECURE),
        ((), (), Standing.PENDING),
    ],
)
def test_the_base_domains_follow_from_the_address_answers(addresses, asked, standing) -> None:
    plan = questions(HOST, addresses)
    assert plan.base_domains == asked
    assert plan.standing is standing


def test_an_address_literal_has_no_dane() -> None:
    assert questions("192.0.2.1", ()).standing is Standing.LITERAL


def test_the_expanded_name_counts_first_and_the_original_when_it_has_nothing() -> None:
    at_real = state(tlsa(GOOD, base=REAL), addresses=(alias(),))
    assert (at_real.standing, at_real.base_domain) == (Standing.USABLE, REAL)
    at_host = state(tlsa(base=REAL), tlsa(GOOD), addresses=(alias(),))
    assert (at_host.standing, at_host.base_domain) == (Standing.USABLE, HOST)
    insecure = state(tlsa(GOOD, base=REAL, secure=N), tlsa(GOOD), addresses=(alias(),))
    assert insecure.base_domain == HOST
    broken = state(tlsa(base=REAL, secure=B), tlsa(GOOD), addresses=(alias(),))
    assert broken.standing is Standing.TLSA_FAILED
    half = state(tlsa(base=REAL), addresses=(alias(),))
    assert half.standing is Standing.PENDING


@pytest.mark.parametrize(
    ("mx", "standing"),
    [
        (validation(S, "example.com", "MX"), Standing.USABLE),
        (validation(N, "example.com", "MX"), Standing.MX_INSECURE),
        (validation(B, "example.com", "MX"), Standing.MX_FAILED),
        (validation(U, "example.com", "MX"), Standing.MX_FAILED),
        (validation(U, "example.com", "MX", culprit=Culprit.RESOLVER), Standing.UNDECIDED),
    ],
)
def test_the_mx_answer_decides_but_the_records_are_kept(mx, standing) -> None:
    result = state(tlsa(GOOD), mx=mx)
    assert result.standing is standing
    assert result.at_host is Standing.USABLE
    assert result.records == (GOOD,)


def test_a_family_with_an_insecure_answer_has_no_dane_of_its_own() -> None:
    result = state(
        tlsa(GOOD), addresses=(address(S), looked(HOST, "AAAA", "2001:db8::1", secure=N))
    )
    assert result.at_address("192.0.2.1") is Standing.USABLE
    assert result.at_address("2001:db8::1") is Standing.ADDRESS_INSECURE


def test_names_are_the_base_domain_the_host_and_with_secure_mx_the_next_hop() -> None:
    # RFC 7672 3.2.2
    mx = validation(S, "example.com", "MX", aliases=(("example.com", "real.example", S),))
    secure = state(tlsa(GOOD, base=REAL), addresses=(alias(),), mx=mx)
    texts = [name.text for name in reference_names(secure, "example.com")]
    assert texts == [REAL, HOST, "example.com", "real.example"]
    insecure = state(tlsa(GOOD), mx=validation(N, "example.com", "MX"))
    assert [name.text for name in reference_names(insecure, "example.com")] == [HOST]
