"""Who signed an OCSP response, and whether that one may (RFC 6960 4.2.2.2).

The CA may sign itself, or a certificate that the same CA issued directly for id-kp-OCSPSigning.
Whether that certificate is valid at a time is judged elsewhere.
"""

from dataclasses import dataclass
from itertools import islice

from mxwalk.language import say
from mxwalk.limits import OCSP_SIGNERS_TRIED
from mxwalk.revocation.extension import extension_of
from mxwalk.revocation.names import same_name
from mxwalk.revocation.ocsp_model import Signer
from mxwalk.revocation.ocsp_request import hash_of, key_bits
from mxwalk.revocation.signature import check_signature
from mxwalk.tls import der
from mxwalk.tls.authority_names import name_text
from mxwalk.tls.certificate import public_key_info, read_certificate
from mxwalk.tls.der import DerError, Element
from mxwalk.tls.keys import SignatureCheck, signed_by

_NOCHECK = "1.3.6.1.5.5.7.48.1.5"


class Responder:
    """A ResponderID: a name, or the SHA-1 hash of a key; raises ``DerError``."""

    def __init__(self, element: Element) -> None:
        self.name = self.key_hash = b""
        match element.tag:  # a CHOICE, explicitly tagged
            case 0xA1:
                self.name = der.only(element.content, der.SEQUENCE).raw
            case 0xA2:
                self.key_hash = der.only(element.content, der.OCTET_STRING).content
            case _:
                raise DerError("a responder without a name and without a key")

    @property
    def text(self) -> str:
        """The responder as visible text."""
        return (
            name_text(self.name)
            if self.name
            else say("key {key_hash}", key_hash=self.key_hash.hex())
        )

    def is_holder_of(self, certificate: bytes) -> bool:
        """Say whether the responder is the subject or has the key of a certificate."""
        if self.name:
            return same_name(read_certificate(certificate).subject_der, self.name)
        key = key_bits(certificate)
        return bool(key) and hash_of("sha1", key) == self.key_hash


@dataclass(frozen=True, slots=True)
class Found:
    """The certificate of the one who signed (empty if it is not at hand), and the signature."""

    certificate: bytes
    signature: SignatureCheck
    nocheck: bool = False


def find_signer(
    responder: Responder, along: tuple[bytes, ...], issuer: bytes,
    *, algorithm: Element, signature: bytes, message: bytes,
) -> Found:  # fmt: skip
    """Find the responder among the CA and the certificates that came along; verify with its key."""
    first: Found | None = None
    holders = (one for one in (issuer, *along) if one and responder.is_holder_of(one))
    for certificate in islice(holders, OCSP_SIGNERS_TRIED):
        result = check_signature(algorithm, signature, message, certificate)
        found = Found(certificate, result, extension_of(certificate, _NOCHECK) is not None)
        if result is SignatureCheck.VERIFIED:
            return found
        first = first or found
    return first or Found(b"", SignatureCheck.UNKNOWN)


def authority(signer: Found, certificate: bytes, issuer: bytes) -> tuple[Signer, str]:
    """Say whether the signer may speak for the CA of ``certificate``, and if not, why."""
    if not issuer:
        return Signer.UNKNOWN, say("the certificate's issuer is not at hand")
    if not signer.certificate:
        return Signer.UNKNOWN, say("the responder's certificate is not in the response")
    # The whole SubjectPublicKeyInfo: with DSA other parameters make the same number another key.
    if public_key_info(signer.certificate) == public_key_info(issuer):
        return Signer.DIRECT, ""
    facts = read_certificate(signer.certificate)
    if not same_name(facts.issuer_der, read_certificate(certificate).issuer_der):
        return Signer.UNAUTHORIZED, say("the responder's certificate is from another CA")
    if signed_by(signer.certificate, issuer) is not SignatureCheck.VERIFIED:
        return Signer.UNAUTHORIZED, say("the CA's key did not sign the responder's certificate")
    if "OCSPSigning" not in facts.extended_key_usage:
        return Signer.UNAUTHORIZED, say("the responder's certificate is not for signing OCSP")
    return Signer.DELEGATED, ""
