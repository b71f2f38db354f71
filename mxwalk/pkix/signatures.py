"""Whether one certificate's key signed another certificate, as OpenSSL would find.

``mxwalk.tls.keys.signed_by`` answers for certificates that ``cryptography`` can read as a whole.  For
the others the signed octets, the signature and the key are taken out one by one, because OpenSSL
verifies those, too.
"""

from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from mxwalk.tls import der
from mxwalk.tls.certificate import public_key_info, read_certificate
from mxwalk.tls.der import DerError
from mxwalk.tls.keys import SignatureCheck, signed_by

_UNREADABLE = (ValueError, TypeError, OverflowError, UnsupportedAlgorithm, DerError)
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "md5": hashes.MD5(),  # noqa: S303 - OpenSSL verifies it, and so it is shown
    "sha1": hashes.SHA1(),  # noqa: S303 - likewise
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


@lru_cache(maxsize=1_024)
def check_signature(child: bytes, issuer: bytes) -> SignatureCheck:
    """Say whether ``issuer``'s key signed ``child`` (both DER); names are not compared."""
    facts = read_certificate(child)
    if not facts.readable or not facts.signature_consistent:  # RFC 5280 4.1.1.2
        return SignatureCheck.WRONG
    if not facts.signature_algorithm.startswith("ML-DSA"):
        whole = signed_by(child, issuer)
        if whole is not SignatureCheck.UNKNOWN:
            return whole
    try:
        _verify(child, issuer, facts.signature_algorithm, facts.signature_hash)
    except InvalidSignature:
        return SignatureCheck.WRONG
    except _UNREADABLE:
        return SignatureCheck.UNKNOWN
    return SignatureCheck.VERIFIED


def _verify(child: bytes, issuer: bytes, algorithm: str, digest_name: str) -> None:
    """Verify, or raise ``InvalidSignature``, or one of ``_UNREADABLE`` when it cannot be judged."""
    body, _, bits = der.only(child, der.SEQUENCE).children()
    signature = der.expect(bits, der.BIT_STRING).content[1:]
    key = load_der_public_key(public_key_info(issuer))
    digest = _HASHES.get(digest_name)
    match key:
        case rsa.RSAPublicKey() if digest and algorithm.endswith("WithRSAEncryption"):
            key.verify(signature, body.raw, padding.PKCS1v15(), digest)
        case ec.EllipticCurvePublicKey() if digest and algorithm.startswith("ecdsa"):
            key.verify(signature, body.raw, ec.ECDSA(digest))
        case dsa.DSAPublicKey() if digest and algorithm.startswith("dsa"):
            key.verify(signature, body.raw, digest)
        case _ if digest is None and algorithm == read_certificate(issuer).key.type:
            _verify_plain(key, signature, body.raw)
        case _:
            raise TypeError("not supported")


def _verify_plain(key: object, signature: bytes, body: bytes) -> None:
    """Verify with a key that takes the octets themselves: Ed25519, Ed448, ML-DSA."""
    verify = getattr(key, "verify", None)
    if verify is None:
        raise TypeError("not supported")
    verify(signature, body)
