"""Signatures of CRLs and OCSP responses over bytes as they came (RFC 5280 5.1.1.3, RFC 6960 4.2.1).

A signature is verified, found wrong, or cannot be judged because nobody here knows the algorithm.
"""

from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from mxwalk.tls import der
from mxwalk.tls.certificate import public_key_info
from mxwalk.tls.der import DerError, Element
from mxwalk.tls.keys import SignatureCheck, signature_algorithm

_PSS = "1.2.840.113549.1.1.10"
_HASHES: Mapping[str, hashes.HashAlgorithm] = {
    "md5": hashes.MD5(),  # noqa: S303 - named by the peer; whether it suffices is judged elsewhere
    "sha1": hashes.SHA1(),  # noqa: S303
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_HASH_OIDS = {
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.4": "sha224",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}


def hash_name(oid: str) -> str:
    """Return the name of a hash algorithm; one that is not known comes back as it is."""
    return _HASH_OIDS.get(oid, oid)


def algorithm_name(algorithm: Element) -> str:
    """Return the name of a signature's AlgorithmIdentifier; never raises."""
    try:
        name, _ = signature_algorithm(der.oid(der.first(algorithm)), b"")
    except DerError:
        return ""
    return name


def signature_bits(element: Element) -> bytes:
    """Return the octets of a signature's BIT STRING; raises ``DerError``."""
    content = der.expect(element, der.BIT_STRING).content
    if not content or content[0]:
        raise DerError("a signature that is not whole octets")
    return content[1:]


def check_signature(
    algorithm: Element, signature: bytes, message: bytes, signer: bytes
) -> SignatureCheck:
    """Say whether the key of the certificate ``signer`` (DER) signed ``message``; never raises."""
    try:
        key = load_der_public_key(public_key_info(signer))
        _verify(key, algorithm, signature, message)
    except InvalidSignature:
        return SignatureCheck.WRONG
    except (ValueError, TypeError, OverflowError, UnsupportedAlgorithm):  # DerError is one of them
        return SignatureCheck.UNKNOWN
    return SignatureCheck.VERIFIED


def _verify(key: object, algorithm: Element, signature: bytes, message: bytes) -> None:
    """Verify, or raise ``InvalidSignature``, or another error when it cannot be judged."""
    dotted = der.oid(der.first(algorithm))
    name, digest = signature_algorithm(dotted, b"")
    family = name.lower()
    match key:
        case rsa.RSAPublicKey() if dotted == _PSS:
            scheme, hashed = _pss(algorithm)
            key.verify(signature, message, scheme, hashed)
        case rsa.RSAPublicKey() if "rsa" in family:
            key.verify(signature, message, padding.PKCS1v15(), _hash(digest))
        case ec.EllipticCurvePublicKey() if "ecdsa" in family:
            key.verify(signature, message, ec.ECDSA(_hash(digest)))
        case dsa.DSAPublicKey() if family.startswith("dsa"):
            key.verify(signature, message, _hash(digest))
        case ed25519.Ed25519PublicKey() if family == "ed25519":
            key.verify(signature, message)
        case ed448.Ed448PublicKey() if family == "ed448":
            key.verify(signature, message)
        case _ if name == dotted:
            raise TypeError("an algorithm that nobody here knows")
        case _:
            raise InvalidSignature  # a key of another type cannot have made it


def _hash(name: str) -> hashes.HashAlgorithm:
    found = _HASHES.get(name)
    if found is None:
        raise TypeError("a hash that nobody here knows")
    return found


def _pss(algorithm: Element) -> tuple[padding.PSS, hashes.HashAlgorithm]:
    """Read RSASSA-PSS-params; what is absent has SHA-1 and 20 octets of salt (RFC 4055 3.1)."""
    hashed = masked = "sha1"
    salt = 20
    parts = algorithm.children()
    for part in parts[1].children() if len(parts) > 1 and parts[1].tag == der.SEQUENCE else ():
        inner = der.first(part)
        match part.tag:
            case 0xA0:
                hashed = hash_name(der.oid(der.first(inner)))
            case 0xA1:
                mask = inner.children()
                masked = hash_name(der.oid(der.first(mask[1]))) if len(mask) > 1 else "sha1"
            case 0xA2:
                salt = der.integer(inner)
            case _:
                pass
    return padding.PSS(padding.MGF1(_hash(masked)), salt), _hash(hashed)
