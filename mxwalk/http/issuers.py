"""The certificates in a caIssuers answer: DER, PEM or PKCS#7 without a signature (RFC 5280 4.2.2.1).

RFC 5280 wants DER or a certs-only CMS message; PEM is met as well.  Media types are not looked at,
for servers get them wrong.  Whatever is served gives certificates or a reason, never an exception.
"""

import binascii
import re
import warnings
from base64 import b64decode
from dataclasses import dataclass

from mxwalk.limits import ISSUERS_BYTES, ISSUERS_PER_ANSWER
from mxwalk.text import visible
from mxwalk.tls.der import BIT_STRING, OID, SEQUENCE, DerError, elements, expect, oid, only
from mxwalk.tls.pem import pem_certificates

_SIGNED_DATA = "1.2.840.113549.1.7.2"  # RFC 5652 5.1
_PEM_LINES = re.compile(rb"-----[^-]+-----")
_SHOWN_BYTES = 40


@dataclass(frozen=True, slots=True)
class Issuers:
    """The certificates as DER, in the order found; ``problem`` says why there is none."""

    certificates: tuple[bytes, ...] = ()
    problem: str = ""


def read_issuers(body: bytes) -> Issuers:
    """Return the certificates in ``body``, at most ``ISSUERS_PER_ANSWER``, each once; total."""
    if not body:
        return Issuers(problem="the answer is empty")
    if len(body) > ISSUERS_BYTES:
        return Issuers(problem=f"the answer has {len(body)} bytes; {ISSUERS_BYTES} are read")
    found = _from_pem(body) if b"-----BEGIN" in body else _from_der(body)
    kept = tuple(dict.fromkeys(found))[:ISSUERS_PER_ANSWER]
    if kept:
        return Issuers(kept)
    return Issuers(
        problem="the answer is no certificate in DER or PEM and no PKCS#7 with certificates;"
        f" it begins: {visible(body[:_SHOWN_BYTES])}"
    )


def _from_pem(body: bytes) -> tuple[bytes, ...]:
    return tuple(
        der
        for block in pem_certificates(body)
        if _is_certificate(der := _decoded(_PEM_LINES.sub(b"", block)))
    )


def _decoded(text: bytes) -> bytes:
    try:
        return b64decode(text)
    except binascii.Error:
        return b""


def _from_der(body: bytes) -> tuple[bytes, ...]:
    if _is_certificate(body):
        return (body,)
    return _from_pkcs7(body) if _is_signed_data(body) else ()


def _is_certificate(der: bytes) -> bool:
    """Say whether the outer form is a certificate's (RFC 5280 4.1); what is in it is read later."""
    try:
        body, algorithm, signature = only(der, SEQUENCE).children()
        expect(body, SEQUENCE)
        expect(algorithm, SEQUENCE)
        expect(signature, BIT_STRING)
    except (DerError, ValueError):  # also for another number of elements
        return False
    return True


def _is_signed_data(body: bytes) -> bool:
    try:
        kind = next(elements(only(body, SEQUENCE).content), None)
        return kind is not None and kind.tag == OID and oid(kind) == _SIGNED_DATA
    except DerError:
        return False


def _from_pkcs7(body: bytes) -> tuple[bytes, ...]:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.hazmat.primitives.serialization.pkcs7 import load_der_pkcs7_certificates

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of oddities that are told elsewhere
        try:
            found = load_der_pkcs7_certificates(body)
            return tuple(one.public_bytes(Encoding.DER) for one in found[:ISSUERS_PER_ANSWER])
        except (ValueError, UnsupportedAlgorithm):
            return ()
