"""Whom to ask about a path, and when nobody is to be asked."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.clock import to_rfc3339
from mxwalk.evidence.connection import RevocationChecked
from mxwalk.evidence.revocation import RevocationOf
from mxwalk.limits import REVOCATION_CERTIFICATES, REVOCATION_URLS_PER_CERTIFICATE
from mxwalk.revocation.judge import judge_revocation
from mxwalk.revocation.model import Standing
from mxwalk.revocation.plan import what_to_ask
from mxwalk.revocation.readings import read_path
from tests.hostile import HOSTILE
from tests.revocation.papers import (
    CRL_URL,
    NO_REVOCATION,
    NOW,
    OCSP_URL,
    Response,
    by_ocsp,
    crl_points,
    leaf,
    point,
    responder_at,
    world,
)
from tests.tls.pki import DAY

SECOND = timedelta(seconds=1)


def only(certificate: bytes):
    return what_to_ask((certificate, world().ca.der))[0]


def test_every_certificate_below_the_anchor_is_asked_about():
    path = (world().leaf.der, world().ca.der, world().root.der)
    asked = what_to_ask(path)
    assert [one.depth for one in asked] == [0, 1]
    assert [one.certificate for one in asked] == list(path[:2])
    assert [one.issuer for one in asked] == list(path[1:])
    assert all(one.ocsp_urls == (OCSP_URL,) and one.crl_urls == (CRL_URL,) for one in asked)
    assert all(one.asks and not one.nothing for one in asked)


@pytest.mark.parametrize("path", [(), (world().root.der,)])
def test_an_anchor_alone_is_not_asked_about(path):
    assert what_to_ask(path) == ()


def test_the_number_of_certificates_and_addresses_is_bounded():
    urls = [f"http://crl.example.test/{number}" for number in range(50)]
    many = leaf(crl_points(*(point(url) for url in urls)), responder_at(*urls))
    asked = what_to_ask((many.der,) * 500)
    assert sum(one.asks for one in asked) == REVOCATION_CERTIFICATES
    assert asked[0].crl_urls == tuple(urls[:REVOCATION_URLS_PER_CERTIFICATE])
    assert asked[0].ocsp_urls == tuple(urls[:REVOCATION_URLS_PER_CERTIFICATE])
    assert urls[-1] in asked[0].not_asked


def test_certificates_beyond_the_limit_are_not_asked_about_and_not_forgotten_either():
    path = (world().leaf.der, *(world().ca.der,) * REVOCATION_CERTIFICATES, world().root.der)
    parts = tuple(
        RevocationOf(
            depth=one.depth,
            certificate=one.certificate,
            issuer=one.issuer,
            asked=(by_ocsp(Response(about=world().leaf if one.depth == 0 else world().ca).der()),)
            if one.asks
            else (),
        )
        for one in what_to_ask(path)
    )
    checked = RevocationChecked(checked_at=to_rfc3339(NOW), certificates=parts)
    *_, last = judge_revocation(checked, at=NOW)
    assert (last.depth, last.standing) == (REVOCATION_CERTIFICATES, Standing.NOT_CHECKED)
    assert not read_path(judge_revocation(checked, at=NOW)).hard.passes


def test_the_last_certificate_of_a_path_without_an_anchor_is_not_asked_about_and_stays_unchecked():
    asked = what_to_ask((world().leaf.der, world().ca.der), anchored=False)
    assert [one.asks for one in asked] == [True, False]
    assert asked[1].issuer == b""
    of = RevocationOf(depth=1, certificate=world().ca.der)
    checked = RevocationChecked(checked_at=to_rfc3339(NOW), certificates=(of,))
    (standing,) = judge_revocation(checked, at=NOW)
    assert standing.standing is Standing.NOT_CHECKED
    assert "no issuer" in standing.sentence


def test_an_address_named_twice_is_asked_once():
    assert only(leaf(crl_points(point(), point())).der).crl_urls == (CRL_URL,)


@pytest.mark.parametrize(
    "url",
    [
        "ldap://ldap.example.test/cn=CA?certificateRevocationList",
        "ftp://crl.example.test/ca.crl",
        "file:///etc/passwd",
        "crl.example.test/ca.crl",
        "http://crl.example.test/" + "a" * 5_000,
    ],
)
def test_what_is_not_for_http_is_named_and_not_asked(url):
    asked = only(leaf(crl_points(point(url))).der)
    assert (asked.crl_urls, asked.not_asked, asked.asks) == ((), (url,), False)
    assert asked.nothing == "it names no address that can be asked over http"
    both = only(leaf(crl_points(point(url), point())).der)
    assert (both.crl_urls, both.nothing) == ((CRL_URL,), "")


@pytest.mark.parametrize(
    ("lifetime", "exempt"),
    [(6 * DAY, True), (10 * DAY, True), (10 * DAY + SECOND, False), (90 * DAY, False)],
)
def test_ten_days_make_a_certificate_short_lived(lifetime, exempt):
    asked = only(leaf(begins=NOW, ends=NOW + lifetime).der)
    assert bool(asked.exempt) is exempt
    assert asked.nothing
    with_pointer = only(leaf(crl_points(point()), begins=NOW, ends=NOW + lifetime).der)
    assert (with_pointer.asks, with_pointer.nothing) == (True, "")


def test_no_rev_avail_exempts_whatever_the_lifetime():
    assert "RFC 9608" in only(leaf(NO_REVOCATION).der).exempt


@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_bytes_are_asked_about_nowhere(data):
    assert not only(data).asks


@given(st.binary(max_size=400))
def test_any_bytes_are_planned_for(data):
    asked = only(data)
    assert asked.asks or asked.nothing
