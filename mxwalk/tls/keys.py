"""Public keys and signatures of certificates, by ``cryptography``.

A signature is verified, found wrong, or cannot be judged (an algorithm that is not supported, a key
that cannot be read): three different things.
"""

import enum
import warnings
from dataclasses import dataclass
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

_UNREADABLE = (ValueError, TypeError, OverflowError, UnsupportedAlgorithm, x509.InvalidVersion)

_ALGORITHMS = {
    "1.2.840.113549.1.1.1": "RSA",
    "1.2.840.113549.1.1.10": "RSA-PSS",
    "1.2.840.10045.2.1": "EC",
    "1.2.840.10040.4.1": "DSA",
    "1.3.101.112": "Ed25519",
    "1.3.101.113": "Ed448",
    "2.16.840.1.101.3.4.3.17": "ML-DSA-44",
    "2.16.840.1.101.3.4.3.18": "ML-DSA-65",
    "2.16.840.1.101.3.4.3.19": "ML-DSA-87",
}

_SIGNATURES = {
    "1.2.840.113549.1.1.2": ("md2WithRSAEncryption", "md2"),
    "1.2.840.113549.1.1.4": ("md5WithRSAEncryption", "md5"),
    "1.2.840.113549.1.1.5": ("sha1WithRSAEncryption", "sha1"),
    "1.2.840.113549.1.1.11": ("sha256WithRSAEncryption", "sha256"),
    "1.2.840.113549.1.1.12": ("sha384WithRSAEncryption", "sha384"),
    "1.2.840.113549.1.1.13": ("sha512WithRSAEncryption", "sha512"),
    "1.2.840.113549.1.1.14": ("sha224WithRSAEncryption", "sha224"),
    "1.2.840.10045.4.1": ("ecdsa-with-SHA1", "sha1"),
    "1.2.840.10045.4.3.1": ("ecdsa-with-SHA224", "sha224"),
    "1.2.840.10045.4.3.2": ("ecdsa-with-SHA256", "sha256"),
    "1.2.840.10045.4.3.3": ("ecdsa-with-SHA384", "sha384"),
    "1.2.840.10045.4.3.4": ("ecdsa-with-SHA512", "sha512"),
    "1.2.840.10040.4.3": ("dsa-with-sha1", "sha1"),
    "2.16.840.1.101.3.4.3.2": ("dsa-with-sha256", "sha256"),
    "1.3.101.112": ("Ed25519", ""),
    "1.3.101.113": ("Ed448", ""),
    "2.16.840.1.101.3.4.3.17": ("ML-DSA-44", ""),
    "2.16.840.1.101.3.4.3.18": ("ML-DSA-65", ""),
    "2.16.840.1.101.3.4.3.19": ("ML-DSA-87", ""),
}
_PSS = "1.2.840.113549.1.1.10"


class SignatureCheck(enum.Enum):
    """Whether one certificate's key made another certificate's signature."""

    VERIFIED = "verified"
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFacts:
    """A public key: its type, its size in bits (0 where that says nothing), its curve."""

    type: str
    bits: int = 0
    curve: str = ""
    readable: bool = True


def read_key(spki: bytes, algorithm_oid: str) -> KeyFacts:
    """Read a SubjectPublicKeyInfo; never raises."""
    fallback = _ALGORITHMS.get(algorithm_oid, algorithm_oid)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            key = load_der_public_key(spki)
    except _UNREADABLE:
        return KeyFacts(type=fallback, readable=False)
    match key:
        case rsa.RSAPublicKey() | dsa.DSAPublicKey():
            return KeyFacts(type=fallback, bits=key.key_size)
        case ec.EllipticCurvePublicKey():
            return KeyFacts(type=fallback, bits=key.key_size, curve=key.curve.name)
        case _:
            return KeyFacts(type=fallback)


def signature_algorithm(oid: str, der: bytes) -> tuple[str, str]:
    """Return a signature algorithm's name and its hash (empty where it has none or is unknown)."""
    if oid != _PSS:
        return _SIGNATURES.get(oid, (oid, ""))
    certificate = _load(der)  # RSASSA-PSS names its hash in parameters (RFC 4055 3.1)
    if certificate is None:
        return "RSASSA-PSS", ""
    try:
        digest = certificate.signature_hash_algorithm
    except _UNREADABLE:
        return "RSASSA-PSS", ""
    return "RSASSA-PSS", digest.name if digest else ""


@lru_cache(maxsize=1_024)
def signed_by(child: bytes, issuer: bytes) -> SignatureCheck:
    """Say whether ``issuer``'s key (DER) signed ``child`` (DER); names are not compared."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        certificate, authority = _load(child), _load(issuer)
        if certificate is None or authority is None:
            return SignatureCheck.UNKNOWN
        try:
            _verify(certificate, authority)
        except InvalidSignature:
            return SignatureCheck.WRONG
        except _UNREADABLE:
            return SignatureCheck.UNKNOWN
    return SignatureCheck.VERIFIED


@lru_cache(maxsize=1_024)
def signed_by_key(child: bytes, spki: bytes) -> SignatureCheck:
    """Say whether a bare public key (SubjectPublicKeyInfo) signed ``child`` (DER)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        certificate = _load(child)
        if certificate is None:
            return SignatureCheck.UNKNOWN
        try:
            key = load_der_public_key(spki)
            _verify_with(certificate, key, _family_of(key))
        except InvalidSignature:
            return SignatureCheck.WRONG
        except _UNREADABLE:
            return SignatureCheck.UNKNOWN
    return SignatureCheck.VERIFIED


def _verify(certificate: x509.Certificate, authority: x509.Certificate) -> None:
    """Verify, or raise ``InvalidSignature``, or one of ``_UNREADABLE`` when it cannot be judged."""
    _verify_with(certificate, authority.public_key(), _family_of_key(authority))


def _verify_with(certificate: x509.Certificate, key: object, family: str) -> None:
    how = certificate.signature_algorithm_parameters
    digest = certificate.signature_hash_algorithm
    signature, body = certificate.signature, certificate.tbs_certificate_bytes
    match key, how:
        case rsa.RSAPublicKey(), padding.PSS() | padding.PKCS1v15() if digest is not None:
            key.verify(signature, body, how, digest)
        case ec.EllipticCurvePublicKey(), ec.ECDSA():
            key.verify(signature, body, how)
        case ((ed25519.Ed25519PublicKey() | ed448.Ed448PublicKey()), None):
            key.verify(signature, body)
        case dsa.DSAPublicKey(), None if digest is not None:
            key.verify(signature, body, digest)
        case _ if _family(certificate) != family:
            raise InvalidSignature  # a key of another type cannot have made it
        case _:
            raise TypeError("not supported")


def _family(certificate: x509.Certificate) -> str:
    name = _SIGNATURES.get(certificate.signature_algorithm_oid.dotted_string, ("", ""))[0].lower()
    for family in ("rsa", "ecdsa", "dsa", "ed25519", "ed448"):
        if family in name:
            return {"ecdsa": "ec"}.get(family, family)
    return ""


def _family_of(key: object) -> str:
    match key:
        case rsa.RSAPublicKey():
            return "rsa"
        case ec.EllipticCurvePublicKey():
            return "ec"
        case dsa.DSAPublicKey():
            return "dsa"
        case ed25519.Ed25519PublicKey():
            return "ed25519"
        case _:
            return "ed448"


def _family_of_key(certificate: x509.Certificate) -> str:
    oid = certificate.public_key_algorithm_oid.dotted_string
    return _ALGORITHMS.get(oid, "").lower()


def _load(der: bytes) -> x509.Certificate | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return x509.load_der_x509_certificate(der)
    except _UNREADABLE:
        return None
