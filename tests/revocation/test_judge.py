"""Every standing, by every source, and who wins where they differ."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, padding

from mxwalk.clock import to_rfc3339
from mxwalk.evidence.connection import RevocationChecked
from mxwalk.evidence.revocation import CrlAsked, NotAsked, OcspAsked, RevocationOf
from mxwalk.revocation.freshness import CLOCK_SKEW, WITHOUT_END
from mxwalk.revocation.judge import judge_revocation
from mxwalk.revocation.model import CertificateStanding, Fault, SourceKind, Standing, Staple
from mxwalk.tls import der
from tests.revocation.papers import (
    CRL_URL,
    HOUR,
    MUST_STAPLE,
    NO_REVOCATION,
    NOW,
    OCSP_URL,
    Entry,
    Response,
    by_crl,
    by_ocsp,
    crl,
    crl_points,
    issuing_point,
    judged,
    leaf,
    named,
    point,
    responder,
    responder_at,
    revoked,
    world,
)
from tests.tls.pki import DAY, Issued, issue, rsa_key

SECOND = timedelta(seconds=1)


def by(data: bytes | None, about: Issued | None = None, **more) -> CertificateStanding:
    """The standing of a certificate by one CRL."""
    about = about or world().leaf
    return judged(by_crl(data, about, more.get("issuer")), about=about, **more)


def said(response: bytes | None, **more) -> CertificateStanding:
    """The standing of a certificate by one OCSP response."""
    return judged(by_ocsp(response), **more)


def test_not_listed_is_good_and_says_how_old_the_list_is():
    found = by(crl(Entry(1)))
    assert found.standing is Standing.GOOD
    assert found.sentence == (
        "not among its 1 entry; made 1 hour ago, counts until 2026-06-21 12:00 UTC "
        f"(the CRL {CRL_URL})"
    )
    assert found.decided_by == found.sources[0]
    assert (found.sources[0].kind, found.sources[0].url) == (SourceKind.CRL, CRL_URL)
    assert found.revocation is None


@pytest.mark.parametrize(
    ("reason", "meaning"),
    [
        ("", "no reason is given"),
        ("unspecified", "no reason is given"),
        ("keyCompromise", "the private key is known or feared to be in other hands"),
        ("cACompromise", "the key of the CA itself"),
        ("affiliationChanged", "no longer right"),
        ("superseded", "replaced by another certificate"),
        ("cessationOfOperation", "no longer needed"),
        ("certificateHold", "may be released again"),
        ("privilegeWithdrawn", "took back what it had certified"),
        ("aACompromise", "authority behind its attributes"),
    ],
)
def test_listed_is_revoked_with_when_and_why(reason, meaning):
    for found in (
        by(crl(revoked(world().leaf, reason))),
        said(Response(status="revoked", reason=reason).der()),
    ):
        assert found.standing is Standing.REVOKED
        assert found.revocation is not None
        assert found.revocation.revoked_at == NOW - 3 * DAY
        assert found.revocation.reason == reason
        assert meaning in found.revocation.meaning
        assert found.sentence.startswith("revoked on 2026-06-12 12:00 UTC (")
        assert meaning in found.sentence


def test_the_time_from_which_it_is_not_to_be_trusted_is_said():
    since = ((x509.InvalidityDate((NOW - 9 * DAY).replace(tzinfo=None)), False),)
    found = by(crl(revoked(world().leaf, "keyCompromise", extensions=since)))
    assert "not to be trusted since 2026-06-06 12:00 UTC" in found.sentence


def test_an_empty_list_says_so():
    assert by(crl()).sentence.startswith("the list is empty; made 1 hour ago")


def test_a_pointer_to_delta_lists_is_remarked():
    freshest = (x509.FreshestCRL([point("http://crl.example.test/delta.crl")]), False)
    found = by(crl(extensions=(freshest,)))
    assert found.standing is Standing.GOOD
    where = "http://crl.example.test/delta.crl"
    assert found.sources[0].remarks == (
        f"newer entries may be in a delta CRL, which is not applied here: {where}",
    )


def test_a_signature_with_sha1_is_remarked():
    authority = issue("CA", world().root, ca=True, key=rsa_key())
    made = crl(issuer=authority).replace(b"\x0d\x01\x01\x0b", b"\x0d\x01\x01\x05")
    body = next(der.elements(der.only(made, der.SEQUENCE).content)).raw
    signature = rsa_key().sign(body, padding.PKCS1v15(), hashes.SHA1())
    found = by(made[: -len(signature)] + signature, issuer=authority)
    assert found.standing is Standing.GOOD
    assert found.sources[0].remarks == (
        "it is signed with sha1WithRSAEncryption, which is no longer safe",
    )
    assert by(crl()).sources[0].remarks == ()


def test_an_entry_that_is_taken_off_again_does_not_count():
    assert by(crl(revoked(world().leaf, "removeFromCRL"))).standing is Standing.GOOD


@pytest.mark.parametrize(
    ("at", "standing"),
    [
        (NOW - HOUR, Standing.GOOD),
        (NOW - HOUR - CLOCK_SKEW, Standing.GOOD),
        (NOW - HOUR - CLOCK_SKEW - SECOND, Standing.EXPIRED_DATA),
        (NOW + 6 * DAY, Standing.GOOD),
        (NOW + 6 * DAY + CLOCK_SKEW, Standing.GOOD),
        (NOW + 6 * DAY + CLOCK_SKEW + SECOND, Standing.EXPIRED_DATA),
    ],
)
def test_data_counts_in_its_time_and_five_minutes_around_it(at, standing):
    assert by(crl(), at=at).standing is standing
    assert said(Response().der(), at=at).standing is standing


def test_expired_and_early_data_say_so():
    assert "its time ended 2 days ago" in by(crl(), at=NOW + 8 * DAY).sentence
    early = said(Response().der(), at=NOW - 3 * HOUR)
    assert "only for the time from 2026-06-15 11:00 UTC, 2 hours later" in early.sentence
    ahead = said(Response().der(), at=NOW - HOUR - 2 * timedelta(minutes=1))
    assert "made 2 minutes ahead of this clock" in ahead.sentence


@pytest.mark.parametrize(
    ("past", "standing"),
    [(WITHOUT_END, Standing.GOOD), (WITHOUT_END + SECOND, Standing.EXPIRED_DATA)],
)
def test_a_response_without_an_end_counts_for_ten_days(past, standing):
    found = said(Response(until=None).der(), at=NOW - HOUR + past)
    assert found.standing is standing
    assert "without an end" in found.sentence


def test_a_revocation_stays_when_the_data_expires_and_a_hold_does_not():
    late = NOW + 30 * DAY
    for reason, standing in (
        ("superseded", Standing.REVOKED),
        ("", Standing.REVOKED),
        ("certificateHold", Standing.EXPIRED_DATA),
    ):
        listed = by(crl(revoked(world().leaf, reason)), at=late)
        answered = said(Response(status="revoked", reason=reason).der(), at=late)
        assert (listed.standing, answered.standing) == (standing, standing)
        assert "its time ended" in listed.sentence
        assert listed.sources[0].revocation is not None


def test_unknown_to_the_responder_is_unknown():
    found = said(Response(status="unknown").der())
    assert found.standing is Standing.UNKNOWN
    assert found.sentence.startswith("the responder does not know the certificate")


def test_never_issued_is_told_apart_from_a_hold():
    epoch = NOW.replace(year=1970, month=1, day=1, hour=0)
    found = said(Response(status="revoked", reason="certificateHold", revoked_at=epoch).der())
    assert found.standing is Standing.REVOKED
    assert "never issued" in found.sentence


def test_nobody_reached_is_unreachable_with_the_cause():
    assert "the connection was refused" in by(None).sentence
    assert "no answer within 10 s" in said(None).sentence
    assert by(None).standing is said(None).standing is Standing.UNREACHABLE


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (lambda: by(b"<html>"), "this is no CRL"),
        (lambda: by(crl(key=world().other.key)), "its signature is wrong"),
        (lambda: said(b"<html>"), "this is no OCSP response"),
        (lambda: said(Response(key=world().other.key).der()), "its signature is wrong"),
        (lambda: said(Response(about=leaf()).der()), "about another certificate, serial number"),
        (
            lambda: said(Response(issuer=issue("CA", ca=True), signer=responder()).der()),
            "about a certificate of another issuer",
        ),
        (lambda: said(Response(signer=responder(signing=False)).der()), "not for signing OCSP"),
        (lambda: said(Response(signer=responder(world().other)).der()), "from another CA"),
        (
            lambda: said(Response(signer=responder(ends=NOW - DAY)).der()),
            "the responder's certificate ended on 2026-06-14",
        ),
        (
            lambda: said(Response(signer=responder(begins=NOW + DAY)).der()),
            "the responder's certificate begins on 2026-06-16",
        ),
    ],
)
def test_what_proves_nothing_is_invalid(found, words):
    assert found().standing is Standing.INVALID
    assert words in found().sentence


def test_a_delegated_responder_is_as_good_as_the_ca():
    assert said(Response(signer=responder()).der()).standing is Standing.GOOD
    found = said(Response(signer=responder(), status="revoked", reason="superseded").der())
    assert found.standing is Standing.REVOKED


@pytest.mark.parametrize("code", [1, 2, 3, 5, 6, 99])
def test_a_responder_that_refuses_tells_nothing(code):
    assert said(bytes([0x30, 3, 0x0A, 1, code])).standing is Standing.UNKNOWN


def test_a_responder_whose_certificate_is_missing_tells_nothing():
    found = said(Response(signer=responder(), along=()).der())
    assert found.standing is Standing.UNKNOWN
    assert "the responder's certificate is not in the response" in found.sentence


def test_a_wrong_key_is_named_where_the_list_names_its_own():
    key_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(world().other.key.public_key())
    found = by(crl(key=world().other.key, extensions=((key_id, False),)))
    assert found.standing is Standing.INVALID
    assert key_id.key_identifier.hex() in found.sentence


def test_an_issuer_that_may_not_sign_lists_proves_nothing():
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=True, crl_sign=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    authority = issue("CA", world().root, ca=True, extensions=((usage, True),))
    about = issue("mx", authority)
    found = by(crl(issuer=authority), about, issuer=authority)
    assert found.standing is Standing.INVALID
    assert "does not allow its key to sign CRLs" in found.sentence


def test_a_list_of_another_issuer_is_not_used():
    found = by(crl(revoked(world().leaf), issuer=world().other))
    assert found.standing is Standing.UNKNOWN
    assert "it was made by CN=Other, whose key is not at hand" in found.sentence


def test_a_delta_crl_is_named_and_not_applied():
    delta = (x509.DeltaCRLIndicator(7), True)
    found = by(crl(extensions=(delta,)))
    assert found.standing is Standing.UNKNOWN
    assert "a delta CRL for number 7, which is not applied" in found.sentence
    found = by(crl(revoked(world().leaf, "superseded"), extensions=(delta,)))
    assert found.standing is Standing.UNKNOWN
    assert "and lists it: revoked on" in found.sentence


def test_unknown_critical_extensions_make_a_list_useless():
    oid = x509.ObjectIdentifier("1.3.6.1.4.1.99999.1")
    strange = (x509.UnrecognizedExtension(oid, b"\x05\x00"), True)
    for entry in ((), (revoked(world().leaf),)):
        found = by(crl(*entry, extensions=(strange,)))
        assert found.standing is Standing.UNKNOWN
        assert oid.dotted_string in found.sentence


OTHER_URL = "http://crl.example.test/other.crl"


@pytest.mark.parametrize(
    ("extension", "standing", "words"),
    [
        (issuing_point(), Standing.GOOD, "the list is empty"),
        (issuing_point(only_contains_user_certs=True), Standing.GOOD, "the list is empty"),
        (issuing_point(None, only_contains_user_certs=True), Standing.GOOD, "the list is empty"),
        (issuing_point(OTHER_URL), Standing.INVALID, "another part of the CA's list"),
        (issuing_point(only_contains_ca_certs=True), Standing.INVALID, "CA certificates only"),
        (
            issuing_point(None, only_contains_attribute_certs=True),
            Standing.INVALID,
            "attribute certificates only",
        ),
        (
            issuing_point(only_some_reasons=frozenset({x509.ReasonFlags.key_compromise})),
            Standing.UNKNOWN,
            "these reasons only: keyCompromise",
        ),
        (issuing_point(indirect_crl=True), Standing.GOOD, "the list is empty"),
    ],
)
def test_a_partitioned_list_counts_for_its_part(extension, standing, words):
    found = by(crl(extensions=(extension,)))
    assert found.standing is standing
    assert words in found.sentence


def test_a_list_for_end_entities_tells_nothing_of_a_ca():
    scope = issuing_point(only_contains_user_certs=True)
    found = by(crl(issuer=world().root, extensions=(scope,)), world().ca, issuer=world().root)
    assert found.standing is Standing.INVALID
    assert "for end entities only" in found.sentence


def test_listed_for_one_of_some_reasons_is_revoked():
    scope = issuing_point(only_some_reasons=frozenset({x509.ReasonFlags.key_compromise}))
    found = by(crl(revoked(world().leaf, "keyCompromise"), extensions=(scope,)))
    assert found.standing is Standing.REVOKED


def test_a_point_that_names_a_list_for_some_reasons_proves_nothing_good():
    flags = {x509.ReasonFlags.key_compromise, x509.ReasonFlags.ca_compromise}
    about = leaf(crl_points(point(reasons=flags)))
    assert by(crl(), about).standing is Standing.UNKNOWN
    assert by(crl(revoked(about)), about).standing is Standing.REVOKED


def test_a_partitioned_list_is_not_for_a_certificate_that_names_none():
    assert by(crl(extensions=(issuing_point(),)), leaf()).standing is Standing.INVALID
    assert by(crl(), leaf()).standing is Standing.GOOD


def relative(common_name: str) -> x509.RelativeDistinguishedName:
    return x509.RelativeDistinguishedName(list(named(common_name)))


def test_points_named_relative_to_the_issuer_are_compared():
    place = x509.DistributionPoint(None, relative("part 1"), None, None)
    about = leaf(crl_points(place))
    same, other = (
        issuing_point(None, relative_name=relative(name)) for name in ("part 1", "part 2")
    )
    assert by(crl(extensions=(same,)), about).standing is Standing.GOOD
    assert by(crl(extensions=(other,)), about).standing is Standing.INVALID
    full = x509.Name([*world().ca.certificate.subject.rdns, relative("part 1")])
    spelled = x509.IssuingDistributionPoint(
        [x509.DirectoryName(full)], None, False, False, None, False, False
    )
    assert by(crl(extensions=((spelled, True),)), about).standing is Standing.GOOD


def test_an_indirect_list_of_another_issuer_is_not_used():
    about = leaf(crl_points(point(issuer=world().other.certificate.subject)))
    assert by(crl(), about).standing is Standing.GOOD  # a whole list of the CA itself counts
    part = by(crl(extensions=(issuing_point(OTHER_URL),)), about)
    assert part.standing is Standing.INVALID
    assert "another part of the CA's list" in part.sentence
    scope = issuing_point(indirect_crl=True)
    foreign = by(crl(issuer=world().other, extensions=(scope,)), about)
    assert foreign.standing is Standing.UNKNOWN
    assert "whose key is not at hand" in foreign.sentence


def test_with_nobody_to_ask_revocation_is_not_applicable():
    found = judged(about=leaf())
    assert found.standing is Standing.NOT_APPLICABLE
    assert found.exempt == ""
    assert found.sentence.startswith("it names neither a CRL nor an OCSP responder")
    short = judged(about=leaf(begins=NOW - DAY, ends=NOW + 5 * DAY))
    assert short.standing is Standing.NOT_APPLICABLE
    assert "ten days at most" in short.sentence
    assert short.exempt
    never = judged(about=leaf(NO_REVOCATION))
    assert never.standing is Standing.NOT_APPLICABLE
    assert "noRevAvail" in never.exempt


def test_with_somebody_to_ask_and_nobody_asked_it_is_not_checked():
    assert judged().standing is Standing.NOT_CHECKED
    assert judged(not_asked=NotAsked.OFFLINE).sentence == "nobody was asked: offline"
    pathless = judged(not_asked=NotAsked.NO_PATH)
    assert pathless.standing is Standing.NOT_CHECKED
    assert "no issuer above it is known" in pathless.sentence


def test_with_nobody_to_ask_it_is_not_applicable_whether_or_not_an_issuer_is_known():
    pathless = judged(not_asked=NotAsked.NO_PATH, about=leaf())
    assert pathless.standing is Standing.NOT_APPLICABLE
    assert pathless.sentence.startswith("it names neither a CRL nor an OCSP responder")


def test_offline_a_staple_counts_all_the_same():
    stapled = by_ocsp(Response().der(), stapled=True)
    found = judged(stapled, not_asked=NotAsked.OFFLINE)
    assert found.standing is Standing.GOOD
    assert found.sentence.endswith("(the stapled OCSP response)")
    assert found.staple is Staple.SENT


GOOD_CRL, GONE_CRL = crl(), crl(revoked(world().leaf, "keyCompromise"))
GOOD_OCSP, GONE_OCSP = Response().der(), Response(status="revoked").der()
OLD_OCSP = Response(made=NOW - 9 * DAY, until=NOW - DAY).der()


def asked(*what: bytes | None) -> list[CrlAsked | OcspAsked]:
    """The CRL first, then responders."""
    listed, *responses = what
    return [by_crl(listed, world().leaf), *(by_ocsp(response) for response in responses)]


@pytest.mark.parametrize(
    ("what", "standing"),
    [
        (asked(GOOD_CRL, GONE_OCSP), Standing.REVOKED),
        (asked(GONE_CRL, GOOD_OCSP), Standing.REVOKED),
        (asked(GONE_CRL, None), Standing.REVOKED),
        (asked(GOOD_CRL, OLD_OCSP), Standing.GOOD),
        (asked(GOOD_CRL, Response(status="unknown").der()), Standing.GOOD),
        (asked(GOOD_CRL, b"junk"), Standing.GOOD),
        (asked(None, GOOD_OCSP), Standing.GOOD),
        (asked(b"junk", Response(status="unknown").der()), Standing.UNKNOWN),
        (asked(None, Response(status="unknown").der()), Standing.UNKNOWN),
        (asked(b"junk", OLD_OCSP), Standing.INVALID),
        (asked(None, OLD_OCSP), Standing.EXPIRED_DATA),
        (asked(None, None), Standing.UNREACHABLE),
    ],
)
def test_a_revocation_wins_then_a_current_good_then_what_tells_most(what, standing):
    assert judged(*what).standing is standing
    assert judged(*reversed(what)).standing is standing


def test_sources_that_contradict_each_other_are_named():
    found = judged(*asked(GOOD_CRL, GONE_OCSP))
    assert found.disagreement.startswith(f"the CRL {CRL_URL} calls it good, the OCSP responder")
    assert OCSP_URL in found.disagreement
    assert judged(*asked(GOOD_CRL, OLD_OCSP)).disagreement == ""


def test_of_two_revocations_the_one_with_a_reason_is_told():
    found = judged(*asked(GONE_CRL, GONE_OCSP))
    assert found.revocation is not None
    assert found.revocation.reason == "keyCompromise"


def test_a_revocation_by_a_wrong_signature_does_not_count():
    gone = Response(status="revoked", key=world().other.key).der()
    assert said(gone).standing is Standing.INVALID
    assert judged(*asked(GOOD_CRL, gone)).standing is Standing.GOOD
    listed = crl(revoked(world().leaf), key=world().other.key)
    assert by(listed).standing is Standing.INVALID


@pytest.mark.parametrize(
    ("staple", "expected"),
    [
        (None, Staple.REQUIRED_MISSING),
        ({}, Staple.REQUIRED_SENT),
        ({"status": "revoked"}, Staple.REQUIRED_SENT),
        ({"until": NOW - DAY}, Staple.REQUIRED_UNUSABLE),
        ({"status": "unknown"}, Staple.REQUIRED_UNUSABLE),
    ],
)
def test_a_demanded_staple_is_looked_for(staple, expected):
    about = leaf(MUST_STAPLE, responder_at(OCSP_URL))
    made = {} if staple is None else {"made": NOW - 2 * DAY} | staple
    what = () if staple is None else (by_ocsp(Response(about=about, **made).der(), stapled=True),)
    found = judged(*what, about=about)
    assert found.staple is expected
    assert found.staple_sentence


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        (by_crl(crl(), world().leaf), Fault.NONE),
        (by_crl(None, world().leaf), Fault.NO_ANSWER),
        (by_crl(b"junk", world().leaf), Fault.MALFORMED),
        (by_crl(crl(key=world().other.key), world().leaf), Fault.SIGNATURE),
        (by_crl(crl(issuer=world().other), world().leaf), Fault.UNVERIFIABLE),
        (by_crl(crl(extensions=(issuing_point(OTHER_URL),)), world().leaf), Fault.OTHER_SUBJECT),
        (by_crl(crl(made=NOW + DAY), world().leaf), Fault.EARLY),
        (by_crl(crl(made=NOW - 2 * DAY, until=NOW - DAY), world().leaf), Fault.OVER),
        (by_ocsp(Response().der()), Fault.NONE),
        (by_ocsp(None), Fault.NO_ANSWER),
        (by_ocsp(b"junk"), Fault.MALFORMED),
        (by_ocsp(b"\x30\x03\x0a\x01\x03"), Fault.REFUSED),
        (by_ocsp(Response(key=world().other.key).der()), Fault.SIGNATURE),
        (by_ocsp(Response(signer=responder(signing=False)).der()), Fault.SIGNER),
        (by_ocsp(Response(signer=responder(), along=()).der()), Fault.UNVERIFIABLE),
        (by_ocsp(Response(about=leaf()).der()), Fault.OTHER_SUBJECT),
        (by_ocsp(Response(status="unknown").der()), Fault.STATUS_UNKNOWN),
        (by_ocsp(Response(made=NOW + DAY).der()), Fault.EARLY),
        (by_ocsp(Response(made=NOW - 2 * DAY, until=NOW - DAY).der()), Fault.OVER),
    ],
)
def test_faults_are_told_apart(source, fault):
    assert judged(source).sources[0].fault is fault


def test_a_staple_is_not_expected_of_a_ca():
    authority = issue("CA 2", world().ca, ca=True, extensions=(MUST_STAPLE,))
    assert judged(about=authority, depth=1).staple is Staple.NOT_SEEN
    assert judged(about=world().ca, depth=1).staple is Staple.NONE


def test_the_number_of_a_dsa_key_with_other_parameters_is_another_key():
    real = dsa.generate_private_key(1024)
    public = real.public_key().public_numbers()
    group = public.parameter_numbers
    # With the public number itself as the generator the private one is 1.
    other = dsa.DSAParameterNumbers(group.p, group.q, public.y)
    forged = dsa.DSAPrivateNumbers(1, dsa.DSAPublicNumbers(public.y, other)).private_key()
    ca = issue("DSA CA", ca=True, key=real)
    about = issue("mx.example.net", ca, extensions=(responder_at(OCSP_URL),))
    response = Response(about=about, issuer=ca, signer=issue("DSA CA", key=forged)).der()
    standing = judged(by_ocsp(response), about=about, issuer=ca)
    assert standing.standing is Standing.INVALID


def test_an_answer_signed_by_a_stranger_is_not_believed_where_no_issuer_is_known():
    stranger = responder()
    of = RevocationOf(
        depth=0,
        certificate=world().leaf.der,
        asked=(by_ocsp(Response(signer=stranger).der(), stapled=True),),
    )
    checked = RevocationChecked(checked_at=to_rfc3339(NOW), certificates=(of,))
    (standing,) = judge_revocation(checked, at=NOW)
    assert standing.standing is Standing.UNKNOWN
    assert "issuer is not at hand" in standing.sentence
