"""The OCSP request as bytes, and reading responses: who signed, whom they are about, what they say."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from mxwalk.limits import OCSP_BYTES, OCSP_SINGLE_RESPONSES
from mxwalk.revocation import ocsp_signer
from mxwalk.revocation.extension import encoded
from mxwalk.revocation.ocsp import ocsp_request, read_ocsp
from mxwalk.revocation.ocsp_model import (
    CertIdMatch,
    CertStatus,
    OcspRead,
    ResponseStatus,
    Signer,
)
from mxwalk.tls import der
from mxwalk.tls.keys import SignatureCheck
from tests.revocation.papers import HOUR, NOW, Response, leaf, responder, world
from tests.tls.pki import DAY, Issued, issue, rsa_key


def read(data: bytes, about: Issued | None = None, issuer: Issued | None = None) -> OcspRead:
    return read_ocsp(data, (about or world().leaf).der, (issuer or world().ca).der)


def test_the_request_is_the_one_that_cryptography_makes():
    builder = ocsp.OCSPRequestBuilder().add_certificate(
        world().leaf.certificate, world().ca.certificate, hashes.SHA1()
    )
    assert ocsp_request(world().leaf.der, world().ca.der) == builder.build().public_bytes(
        Encoding.DER
    )


def test_the_request_has_no_nonce_and_names_the_certificate_with_sha1():
    made = ocsp.load_der_ocsp_request(ocsp_request(world().leaf.der, world().ca.der))
    assert made.hash_algorithm.name == "sha1"
    assert made.serial_number == world().leaf.certificate.serial_number
    assert not list(made.extensions)


@pytest.mark.parametrize("certificate", [b"", b"junk", b"\x30\x00"])
def test_nothing_is_asked_about_what_cannot_be_read(certificate):
    assert ocsp_request(certificate, world().ca.der) == b""
    assert ocsp_request(world().leaf.der, certificate) == b""


def test_good_from_the_ca_itself_is_read():
    found = read(Response().der())
    assert found.status is ResponseStatus.SUCCESSFUL
    assert found.signer is Signer.DIRECT
    assert found.signature is SignatureCheck.VERIFIED
    assert found.signature_algorithm == "ecdsa-with-SHA256"
    assert found.signer_certificate == b""
    assert found.answer is not None
    assert found.answer.status is CertStatus.GOOD
    assert found.answer.match is CertIdMatch.THIS
    assert found.answer.hash_algorithm == "sha1"
    assert found.answer.this_update == NOW - HOUR
    assert found.answer.next_update == NOW + 6 * DAY
    assert found.answer.serial == f"{world().leaf.certificate.serial_number:x}"
    assert found.produced_at is not None
    assert found.responder.startswith("key ")
    assert (found.nonce, found.problem, found.remarks) == (False, "", ())


@pytest.mark.parametrize(
    "reason", [flag.value for flag in x509.ReasonFlags if flag.value != "removeFromCRL"]
)
def test_revoked_is_read_with_time_and_reason(reason):
    found = read(Response(status="revoked", reason=reason).der())
    assert found.answer is not None
    assert found.answer.status is CertStatus.REVOKED
    assert found.answer.revocation is not None
    assert found.answer.revocation.reason == reason
    assert found.answer.revocation.revoked_at == NOW - 3 * DAY


def test_revoked_without_a_reason_is_read():
    found = read(Response(status="revoked").der())
    assert found.answer is not None
    assert found.answer.revocation is not None
    assert found.answer.revocation.reason == ""
    assert found.answer.revocation.meaning == "no reason is given"


def test_unknown_is_read():
    found = read(Response(status="unknown").der())
    assert found.answer is not None
    assert (found.answer.status, found.answer.revocation) == (CertStatus.UNKNOWN, None)


def test_without_next_update_there_is_none():
    found = read(Response(until=None).der())
    assert found.answer is not None
    assert found.answer.next_update is None


def test_a_responder_named_by_name_is_found():
    found = read(Response(by_name=True).der())
    assert (found.responder, found.signer) == ("CN=CA", Signer.DIRECT)
    assert found.signature is SignatureCheck.VERIFIED


def test_a_nonce_is_noticed():
    assert read(Response(nonce=True).der()).nonce is True


@pytest.mark.parametrize("digest", [hashes.SHA1(), hashes.SHA256(), hashes.SHA384()])
def test_cert_ids_of_every_usual_hash_are_compared(digest):
    found = read(Response(algorithm=digest).der())
    assert found.answer is not None
    assert found.answer.hash_algorithm == digest.name


@pytest.mark.parametrize("by_name", [True, False])
@pytest.mark.parametrize("nocheck", [True, False])
def test_a_delegated_responder_has_authority(by_name, nocheck):
    signer = responder(nocheck=nocheck)
    found = read(Response(signer=signer, by_name=by_name).der())
    assert (found.signer, found.signer_problem) == (Signer.DELEGATED, "")
    assert found.signature is SignatureCheck.VERIFIED
    assert found.signer_certificate == signer.der
    assert found.nocheck is nocheck


@pytest.mark.parametrize(
    ("signer", "problem"),
    [
        (responder(signing=False), "the responder's certificate is not for signing OCSP"),
        (responder(world().other), "the responder's certificate is from another CA"),
        (
            responder(issue("CA", ca=True)),
            "the CA's key did not sign the responder's certificate",
        ),
        (issue("Responder"), "the responder's certificate is from another CA"),
    ],
)
def test_a_responder_without_authority_is_told_apart(signer, problem):
    found = read(Response(signer=signer).der())
    assert (found.signer, found.signer_problem) == (Signer.UNAUTHORIZED, problem)
    assert found.signature is SignatureCheck.VERIFIED


def test_a_responder_of_the_same_ca_with_a_new_certificate_is_direct():
    again = issue("CA renewed", world().root, ca=True, key=world().ca.key)
    found = read(Response(signer=again).der())
    assert found.signer is Signer.DIRECT


def test_without_its_certificate_the_responder_is_unknown():
    found = read(Response(signer=responder(), along=()).der())
    assert (found.signer, found.signature) == (Signer.UNKNOWN, SignatureCheck.UNKNOWN)
    assert found.signer_problem == "the responder's certificate is not in the response"


def test_the_right_certificate_among_several_is_found():
    signer = responder()
    along = (world().other, responder(), signer, world().root)
    found = read(Response(signer=signer, along=along, by_name=True).der())
    assert found.signature is SignatureCheck.VERIFIED
    assert found.signer_certificate == signer.der


def test_another_key_makes_the_signature_wrong():
    other = ec.generate_private_key(ec.SECP256R1())
    assert read(Response(key=other).der()).signature is SignatureCheck.WRONG
    assert read(Response(key=rsa_key()).der()).signature is SignatureCheck.WRONG


def test_a_changed_status_makes_the_signature_wrong():
    data = Response().der()
    good, unknown = b"\x80\x00\x18\x0f", b"\x82\x00\x18\x0f"
    assert good in data
    found = read(data.replace(good, unknown))
    assert found.answer is not None
    assert found.answer.status is CertStatus.UNKNOWN
    assert found.signature is SignatureCheck.WRONG


def test_an_answer_about_another_certificate_is_not_ours():
    found = read(Response(about=leaf()).der())
    assert found.answer is None
    assert [one.match for one in found.answers] == [CertIdMatch.OTHER_CERTIFICATE]


def test_an_answer_about_another_issuer_is_not_ours():
    twin = issue("CA", world().root, ca=True)
    found = read(Response(issuer=twin, signer=responder()).der())
    assert found.answer is None
    assert [one.match for one in found.answers] == [CertIdMatch.OTHER_ISSUER]


def test_without_an_issuer_nothing_is_certain():
    found = read_ocsp(Response().der(), world().leaf.der)
    assert (found.signer, found.signature) == (Signer.UNKNOWN, SignatureCheck.UNKNOWN)
    assert [one.match for one in found.answers] == [CertIdMatch.UNKNOWN]


def several(*responses: bytes, signer: Issued | None = None) -> bytes:
    """Put the single responses of several responses into one and sign it."""
    singles, first = b"", b""
    for data in responses:
        first = first or data
        singles += der.first(_body_parts(data)[-1]).raw
    parts = _body_parts(first)
    body = encoded(0x30, b"".join(part.raw for part in parts[:-1]) + encoded(0x30, singles))
    key = (signer or world().ca).key
    signature = key.sign(body, ec.ECDSA(hashes.SHA256()))
    algorithm = _basic_parts(first)[1].raw
    basic = encoded(0x30, body + algorithm + encoded(0x03, b"\0" + signature))
    return whole(basic)


def whole(basic: bytes) -> bytes:
    oid = b"\x06\x09\x2b\x06\x01\x05\x05\x07\x30\x01\x01"
    inner = encoded(0x30, oid + encoded(0x04, basic))
    return encoded(0x30, b"\x0a\x01\x00" + encoded(0xA0, inner))


def _basic_parts(data: bytes) -> list[der.Element]:
    outer = list(der.elements(der.only(data, 0x30).content))
    inner = der.first(outer[1]).children()
    return list(der.only(inner[1].content, 0x30).children())


def _body_parts(data: bytes) -> list[der.Element]:
    return [part for part in _basic_parts(data)[0].children() if part.tag != 0xA1]


def test_the_answer_about_us_is_found_among_several():
    data = several(Response(about=leaf()).der(), Response(status="revoked").der())
    found = read(data)
    assert found.signature is SignatureCheck.VERIFIED
    assert [one.match for one in found.answers] == [
        CertIdMatch.OTHER_CERTIFICATE,
        CertIdMatch.THIS,
    ]
    assert found.answer is not None
    assert found.answer.status is CertStatus.REVOKED


def test_of_two_answers_about_us_the_newer_counts():
    old = Response(status="good", made=NOW - 3 * DAY).der()
    new = Response(status="revoked", made=NOW - HOUR).der()
    for data in (several(old, new), several(new, old)):
        found = read(data)
        assert found.answer is not None
        assert found.answer.status is CertStatus.REVOKED


def test_a_status_that_cannot_be_read_does_not_hide_ours():
    bad = Response(about=leaf()).der().replace(b"\x80\x00\x18", b"\x8f\x00\x18")
    found = read(several(bad, Response().der()))
    assert found.answer is not None
    assert found.remarks == (
        "one of its statuses cannot be read: a status that RFC 6960 does not know",
    )


def test_more_answers_than_are_reasonable_are_not_read():
    one = Response(about=leaf()).der()
    found = read(several(*([one] * (OCSP_SINGLE_RESPONSES + 5))))
    assert len(found.answers) == OCSP_SINGLE_RESPONSES
    assert found.remarks == (f"only the first {OCSP_SINGLE_RESPONSES} certificates of it are read",)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (1, ResponseStatus.MALFORMED_REQUEST),
        (2, ResponseStatus.INTERNAL_ERROR),
        (3, ResponseStatus.TRY_LATER),
        (5, ResponseStatus.SIG_REQUIRED),
        (6, ResponseStatus.UNAUTHORIZED),
        (4, ResponseStatus.OTHER),
        (77, ResponseStatus.OTHER),
    ],
)
def test_every_outer_status_is_told_apart(code, status):
    assert read(bytes([0x30, 3, 0x0A, 1, code])).status is status


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "it begins with ''"),
        (b"<html>", "it begins with '<html>'"),
        (b"\x30\x00", "parts are missing"),
        (b"\x30\x03\x0a\x01\x00", "it holds no answer"),
        (world().leaf.der, "this is no OCSP response"),
        (bytes(OCSP_BYTES + 1), "is not read"),
        (whole(b"\x30\x00"), "parts are missing"),
        (Response().der()[:-1], "cut short"),
    ],
    ids=["nothing", "HTML", "empty", "status only", "certificate", "too large", "hollow", "cut"],
)
def test_what_is_no_response_is_said_plainly(data, words):
    found = read(data)
    assert found.status is ResponseStatus.UNREADABLE
    assert words in found.problem
    assert found.answer is None


def test_many_certificates_of_one_name_do_not_make_many_signatures_to_verify(monkeypatch):
    tried = []

    def counted(algorithm, signature, message, signer):
        tried.append(signer)
        return SignatureCheck.WRONG

    monkeypatch.setattr(ocsp_signer, "check_signature", counted)
    same_name = tuple(issue("Responder", world().ca) for _ in range(10))
    response = Response(signer=responder(), along=same_name, by_name=True).der()
    assert read_ocsp(response, world().leaf.der, world().ca.der).signature is SignatureCheck.WRONG
    assert 1 <= len(tried) <= 3
