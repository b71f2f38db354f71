"""The path read softly and strictly, and what products make of it."""

import pytest
from cryptography import x509

from mxwalk.evidence.connection import RevocationChecked
from mxwalk.evidence.revocation import RevocationOf
from mxwalk.revocation.judge import judge_revocation
from mxwalk.revocation.model import CertificateStanding, SourceKind, Standing
from mxwalk.revocation.products import Product, product_readings
from mxwalk.revocation.readings import Reading, by_sources, read_path
from tests.revocation.papers import (
    MUST_STAPLE,
    NOW,
    OCSP_URL,
    Response,
    by_crl,
    by_ocsp,
    crl,
    leaf,
    responder_at,
    revoked,
    world,
)
from tests.tls.pki import DAY, Issued

LEAF, CA, ROOT = world().leaf, world().ca, world().root
SHORT = leaf(begins=NOW - DAY, ends=NOW + 5 * DAY)
BARE = leaf()
MUST = leaf(MUST_STAPLE)
OCSP_ONLY = leaf(responder_at(OCSP_URL))


def path(*asked_of_leaf, about: Issued = LEAF, ca_list: bytes | None = None):
    """The standings of a leaf and its CA, whose list is good unless another is given."""
    ca_list = crl(issuer=ROOT) if ca_list is None else ca_list
    of = (
        RevocationOf(depth=0, certificate=about.der, issuer=CA.der, asked=asked_of_leaf),
        RevocationOf(
            depth=1, certificate=CA.der, issuer=ROOT.der, asked=(by_crl(ca_list, CA, ROOT),)
        ),
    )
    checked = RevocationChecked(checked_at="2026-06-15T12:00:00Z", certificates=of)
    return judge_revocation(checked, at=NOW)


GOOD = (by_crl(crl(), LEAF),)
GONE = (by_crl(crl(revoked(LEAF, "keyCompromise")), LEAF),)
NOBODY = (by_crl(None, LEAF), by_ocsp(None))


@pytest.mark.parametrize(
    ("standings", "soft", "hard"),
    [
        (path(*GOOD), Reading.CLEAN, Reading.CLEAN),
        (path(*GONE), Reading.REVOKED, Reading.REVOKED),
        (path(*GOOD, ca_list=crl(revoked(CA), issuer=ROOT)), Reading.REVOKED, Reading.REVOKED),
        (path(*NOBODY), Reading.TOLERATED, Reading.REFUSED),
        (path(*GOOD, ca_list=b"junk"), Reading.TOLERATED, Reading.REFUSED),
        (path(), Reading.TOLERATED, Reading.REFUSED),
        (path(about=SHORT), Reading.CLEAN, Reading.CLEAN),
        (path(about=BARE), Reading.TOLERATED, Reading.REFUSED),
        ((), Reading.TOLERATED, Reading.REFUSED),
    ],
)
def test_both_readings_of_a_path(standings, soft, hard):
    found = read_path(standings)
    assert (found.soft, found.hard) == (soft, hard)
    assert found.soft_sentence
    assert found.hard_sentence
    assert found.hard.passes <= found.soft.passes


def test_the_sentences_name_the_certificate_that_decides():
    assert read_path(path(*GONE)).soft_sentence.startswith("the leaf is revoked on 2026-06-12")
    found = read_path(path(*GOOD, ca_list=crl(revoked(CA), issuer=ROOT)))
    assert found.hard_sentence.startswith("the CA certificate at depth 1 is revoked")
    assert "not proved good (the leaf: " in read_path(path(*NOBODY)).hard_sentence
    assert "as far as one can be" in read_path(path(about=SHORT)).soft_sentence


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ((), "and none came"),
        ((by_ocsp(b"junk", stapled=True),), "what came is no use"),
    ],
)
def test_a_strict_reader_refuses_first_what_lacks_the_staple_it_demands(asked, words):
    good = by_ocsp(Response(about=MUST).der())
    found = read_path(path(*asked, good, about=MUST, ca_list=b"junk"))
    assert found.soft is Reading.TOLERATED
    assert found.hard is Reading.REFUSED
    assert found.hard_sentence.startswith("the leaf: ")
    assert words in found.hard_sentence
    assert "CA certificate" not in found.hard_sentence


def test_a_leaf_that_is_revoked_is_told_before_its_missing_staple():
    gone = by_ocsp(Response(about=MUST, status="revoked").der())
    assert read_path(path(gone, about=MUST)).hard is Reading.REVOKED


def test_a_leaf_with_the_staple_it_demands_is_read_like_any_other():
    stapled = by_ocsp(Response(about=MUST).der(), stapled=True)
    assert "staple is" not in read_path(path(stapled, about=MUST)).hard_sentence
    assert read_path(path(stapled, about=MUST)).hard is Reading.CLEAN


def products(standings: tuple[CertificateStanding, ...]) -> dict[Product, Reading | None]:
    readings = product_readings(standings, (CA.der, ROOT.der)[: len(standings)])
    assert [one.product for one in readings] == list(Product)
    assert all(one.sentence and one.basis and one.title for one in readings)
    return {one.product: one.reading for one in readings}


def test_only_those_that_look_at_lists_refuse_a_listed_leaf():
    assert products(path(*GONE)) == {
        Product.ESA: Reading.REVOKED,
        Product.POSTFIX: Reading.TOLERATED,
        Product.EXIM: Reading.TOLERATED,
        Product.EXIM_VERIFYING: Reading.TOLERATED,
        Product.EXCHANGE_ONLINE: None,
        Product.OPENSSL_CRL_CHECK: Reading.REVOKED,
        Product.OPENSSL_CRL_CHECK_ALL: Reading.REVOKED,
    }


def test_a_revoked_ca_is_seen_by_those_who_look_at_the_whole_path():
    found = products(path(*GOOD, ca_list=crl(revoked(CA), issuer=ROOT)))
    assert found[Product.ESA] is Reading.REVOKED
    assert found[Product.OPENSSL_CRL_CHECK] is Reading.CLEAN
    assert found[Product.OPENSSL_CRL_CHECK_ALL] is Reading.REVOKED


def test_a_list_that_cannot_be_had_stops_openssl_and_not_the_esa():
    found = products(path(*NOBODY))
    assert found[Product.ESA] is Reading.TOLERATED
    assert found[Product.OPENSSL_CRL_CHECK] is Reading.REFUSED


def test_openssl_wants_a_list_for_a_short_lived_certificate_too():
    found = products(path(about=SHORT))
    assert found[Product.ESA] is Reading.CLEAN
    assert found[Product.OPENSSL_CRL_CHECK] is Reading.REFUSED


def test_who_asks_no_responder_does_not_see_what_it_says():
    gone = by_ocsp(Response(status="revoked").der())
    standings = path(by_crl(crl(), LEAF), gone)
    assert standings[0].standing is Standing.REVOKED
    assert products(standings)[Product.ESA] is Reading.CLEAN
    assert products(standings)[Product.OPENSSL_CRL_CHECK_ALL] is Reading.CLEAN


def test_a_certificate_with_a_responder_only_has_nothing_for_those_who_read_lists():
    response = by_ocsp(Response(about=OCSP_ONLY).der())
    standings = path(response, about=OCSP_ONLY)
    assert standings[0].standing is Standing.GOOD
    seen = by_sources(standings[0], CA.der, SourceKind.CRL)
    assert seen.standing is Standing.NOT_APPLICABLE
    assert seen.sentence == "it names no crl to ask"
    assert products(standings)[Product.ESA] is Reading.TOLERATED
    same = by_sources(standings[0], CA.der, SourceKind.OCSP)
    assert same.standing is Standing.GOOD


@pytest.mark.parametrize(
    ("staple", "about", "reading"),
    [
        (None, LEAF, Reading.TOLERATED),
        (None, MUST, Reading.REFUSED),
        ({}, MUST, Reading.CLEAN),
        ({}, LEAF, Reading.CLEAN),
        ({"status": "revoked"}, LEAF, Reading.REVOKED),
        ({"status": "unknown"}, LEAF, Reading.TOLERATED),
        ({"made": NOW - 2 * DAY, "until": NOW - DAY}, LEAF, Reading.REFUSED),
        ({"key": world().other.key}, LEAF, Reading.REFUSED),
    ],
)
def test_an_exim_that_verifies_takes_the_staple_alone(staple, about, reading):
    made = None if staple is None else Response(about=about, **staple).der()
    asked = () if made is None else (by_ocsp(made, stapled=True),)
    gone = by_crl(crl(revoked(about)), about)
    found = products(path(*asked, gone, about=about))
    assert found[Product.EXIM_VERIFYING] is reading
    assert found[Product.EXIM] is Reading.TOLERATED


def test_no_certificates_are_no_success_for_openssl():
    assert products(())[Product.OPENSSL_CRL_CHECK] is Reading.REFUSED
    assert isinstance(LEAF.certificate, x509.Certificate)
