"""The OCSP responses of the lab's authority (RFC 6960 4.2), with the faults a scenario asks for.

They are written element by element, because no builder signs with a stranger's key, answers about a
certificate that does not exist, or was at work at another time than now.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp

from mxwalk.lab.der_writer import bits, element, general_time, integer, octets, sequence
from mxwalk.lab.host import Staple
from mxwalk.lab.http_model import OcspAnswer, PathSpec, Reason
from mxwalk.lab.pki import LabPki
from mxwalk.lab.reading import parse_offset
from mxwalk.lab.sha1 import PrivateKey
from mxwalk.tls import der

_ENUMERATED = 0x0A
_STATUS = {  # RFC 6960 4.2.1: OCSPResponseStatus
    OcspAnswer.MALFORMED_REQUEST: 1,
    OcspAnswer.INTERNAL_ERROR: 2,
    OcspAnswer.TRY_LATER: 3,
    OcspAnswer.UNAUTHORIZED: 6,
}
_REASON = {  # RFC 5280 5.3.1: CRLReason
    Reason.UNSPECIFIED: 0,
    Reason.KEY_COMPROMISE: 1,
    Reason.CA_COMPROMISE: 2,
    Reason.AFFILIATION_CHANGED: 3,
    Reason.SUPERSEDED: 4,
    Reason.CESSATION_OF_OPERATION: 5,
    Reason.CERTIFICATE_HOLD: 6,
    Reason.PRIVILEGE_WITHDRAWN: 9,
}
_BASIC = bytes.fromhex("06092b0601050507300101")  # id-pkix-ocsp-basic
_NULL = b"\x05\x00"
# AlgorithmIdentifier as DER (RFC 5758 3.2, RFC 8017 A.2.4; RFC 3279 2.1, RFC 5754 2.2)
_ECDSA_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")
_RSA_SHA256 = bytes.fromhex("300d06092a864886f70d01010b0500")
_HASHES = {
    "sha1": bytes.fromhex("06052b0e03021a"),
    "sha256": bytes.fromhex("0609608648016503040201"),
}


@dataclass(frozen=True, slots=True)
class _About:
    """What a response is about (RFC 6960 4.1.1: CertID)."""

    hash_name: str
    name_hash: bytes
    key_hash: bytes
    serial: int

    def encoded(self) -> bytes:
        """Return it in DER."""
        algorithm = sequence(_HASHES[self.hash_name], _NULL)
        return sequence(
            algorithm, octets(self.name_hash), octets(self.key_hash), integer(self.serial)
        )


def answer_ocsp(pki: LabPki, spec: PathSpec, request: bytes) -> bytes:
    """Return what the responder for ``spec.ocsp`` answers to a request in DER."""
    try:
        asked = ocsp.load_der_ocsp_request(request)
        about = _About(
            asked.hash_algorithm.name,
            asked.issuer_name_hash,
            asked.issuer_key_hash,
            asked.serial_number,
        )
    except (ValueError, UnsupportedAlgorithm):
        return _failure(OcspAnswer.MALFORMED_REQUEST)
    issuer = pki.certificate(spec.ocsp)
    if about.hash_name not in _HASHES or about != _about(issuer, about.serial, about.hash_name):
        return _failure(OcspAnswer.UNAUTHORIZED)  # RFC 6960 2.3: not this responder's
    names = {pki.certificate(one).serial_number: one for one in pki.issued_by(spec.ocsp)}
    return _respond(pki, spec, about, names.get(about.serial))


def staple_of(pki: LabPki, name: str, kind: Staple) -> bytes:
    """Return the response that a server with the certificate ``name`` staples to its handshake."""
    issuer = pki.issuer_of(name)
    subject = name
    match kind:
        case Staple.NONE:
            return b""
        case Staple.GARBAGE:
            return b"this is no OCSP response"
        case Staple.GOOD:
            spec = PathSpec(ocsp=issuer)
        case Staple.REVOKED:
            spec = PathSpec(ocsp=issuer, revoked=(name,), reason=Reason.KEY_COMPROMISE)
        case Staple.UNKNOWN:
            spec = PathSpec(ocsp=issuer, answer=OcspAnswer.UNKNOWN)
        case Staple.TRY_LATER:
            spec = PathSpec(ocsp=issuer, answer=OcspAnswer.TRY_LATER)
        case Staple.EXPIRED:
            spec = PathSpec(ocsp=issuer, produced="-9d", this_update="-9d", next_update="-2d")
        case Staple.WRONG_SIGNER:
            spec = PathSpec(ocsp=issuer, signer=name)
        case Staple.OTHER_CERTIFICATE:
            spec, subject = PathSpec(ocsp=issuer), issuer
    serial = pki.certificate(subject).serial_number
    return _respond(pki, spec, _about(pki.certificate(issuer), serial, "sha1"), subject)


def _respond(pki: LabPki, spec: PathSpec, about: _About, name: str | None) -> bytes:
    """Return the response; ``name`` is the certificate's, ``None`` for one nobody issued."""
    answer = spec.answer
    if answer is None:
        known = OcspAnswer.REVOKED if name in spec.revoked else OcspAnswer.GOOD
        answer = OcspAnswer.UNKNOWN if name is None else known
    if answer in _STATUS:
        return _failure(answer)
    responder = spec.responder or spec.ocsp
    key_hash = x509.SubjectKeyIdentifier.from_public_key(pki.certificate(responder).public_key())
    body = sequence(
        element(0xA2, octets(key_hash.digest)),  # byKey
        general_time(pki.now + parse_offset(spec.produced)),
        sequence(_single(pki.now, spec, about, answer)),
    )
    algorithm, signature = _signed(body, pki.issued(spec.signer or responder).key)
    sent = pki.certificate(responder).public_bytes(Encoding.DER) if spec.responder else b""
    certificates = element(0xA0, sequence(sent)) if sent else b""
    basic = sequence(body, algorithm, bits(signature), certificates)
    return sequence(integer(0, _ENUMERATED), element(0xA0, sequence(_BASIC, octets(basic))))


def _single(now: datetime, spec: PathSpec, about: _About, answer: OcspAnswer) -> bytes:
    match answer:
        case OcspAnswer.GOOD:
            status = element(0x80)
        case OcspAnswer.REVOKED:
            reason = integer(_REASON[spec.reason], _ENUMERATED) if spec.reason else b""
            since = general_time(now + parse_offset(spec.revoked_at))
            status = element(0xA1, since, element(0xA0, reason) if reason else b"")
        case _:
            status = element(0x82)
    next_update = b""
    if spec.next_update:
        next_update = element(0xA0, general_time(now + parse_offset(spec.next_update)))
    this_update = general_time(now + parse_offset(spec.this_update))
    return sequence(about.encoded(), status, this_update, next_update)


def _signed(body: bytes, key: PrivateKey) -> tuple[bytes, bytes]:
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return _ECDSA_SHA256, key.sign(body, ec.ECDSA(hashes.SHA256()))
    return _RSA_SHA256, key.sign(body, padding.PKCS1v15(), hashes.SHA256())


def _about(issuer: x509.Certificate, serial: int, hash_name: str) -> _About:
    """Return the CertID of a certificate of the issuer (RFC 6960 4.1.1)."""
    info = issuer.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    key = der.only(info, der.SEQUENCE).children()[1].content[1:]  # without the count of unused bits
    return _About(
        hash_name,
        hashlib.new(hash_name, issuer.subject.public_bytes()).digest(),
        hashlib.new(hash_name, key).digest(),
        serial,
    )


def _failure(answer: OcspAnswer) -> bytes:
    return sequence(integer(_STATUS[answer], _ENUMERATED))
