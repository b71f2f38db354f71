"""The request to an OCSP responder, and how certificates are named in OCSP (RFC 6960 4.1, RFC 5019).

One certificate a request, named with SHA-1, without a nonce and without a signature: responders that
answer from a cache understand nothing else (RFC 5019 2.1.1).
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from mxwalk.revocation.extension import encoded, few, serial_of
from mxwalk.tls import der
from mxwalk.tls.certificate import public_key_info, read_certificate
from mxwalk.tls.der import DerError

_SHA1 = b"\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00"  # AlgorithmIdentifier of id-sha1, with NULL
_HASHES = {
    "sha1": hashlib.sha1,
    "sha224": hashlib.sha224,
    "sha256": hashlib.sha256,
    "sha384": hashlib.sha384,
    "sha512": hashlib.sha512,
}


@dataclass(frozen=True, slots=True)
class IssuerHashes:
    """The two hashes by which a CertID names an issuer (RFC 6960 4.1.1)."""

    name: bytes
    key: bytes


def ocsp_request(certificate: bytes, issuer: bytes) -> bytes:
    """Return the request for a certificate's status in DER; empty if either cannot be read."""
    serial = serial_of(certificate)
    hashes = issuer_hashes(certificate, issuer, "sha1")
    if not serial or hashes is None:
        return b""
    octets = encoded(der.OCTET_STRING, hashes.name) + encoded(der.OCTET_STRING, hashes.key)
    request = _SHA1 + octets + serial  # CertID; around it (RFC 6960 4.1.1):
    for _ in ("CertID", "Request", "requestList", "tbsRequest", "OCSPRequest"):
        request = encoded(der.SEQUENCE, request)
    return request


def hash_of(name: str, data: bytes) -> bytes | None:
    """Hash ``data`` with an algorithm of that name; ``None`` if it is not known."""
    function = _HASHES.get(name)
    return function(data).digest() if function else None


@lru_cache(maxsize=256)
def issuer_hashes(certificate: bytes, issuer: bytes, algorithm: str) -> IssuerHashes | None:
    """Return the hashes of the issuer's name, as the certificate gives it, and of its key."""
    name, key = read_certificate(certificate).issuer_der, key_bits(issuer)
    name_hash, key_hash = hash_of(algorithm, name), hash_of(algorithm, key)
    if not name or not key or name_hash is None or key_hash is None:
        return None
    return IssuerHashes(name_hash, key_hash)


@lru_cache(maxsize=256)
def key_bits(certificate: bytes) -> bytes:
    """Return the BIT STRING of a certificate's public key without its count of unused bits."""
    try:
        parts = few(der.only(public_key_info(certificate), der.SEQUENCE).content, 2, least=2)
        return der.expect(parts[1], der.BIT_STRING).content[1:]
    except DerError:
        return b""
