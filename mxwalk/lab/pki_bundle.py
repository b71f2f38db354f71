"""The lab's certificates in the forms that caIssuers addresses serve (RFC 5280 4.2.2.1)."""

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs7

from mxwalk.lab.http_model import Encoding
from mxwalk.lab.pki import LabPki


def make_bundle(pki: LabPki, names: tuple[str, ...], encoding: Encoding) -> bytes:
    """Return the certificates; DER holds one, so that only the first is in it."""
    certificates = [pki.certificate(name) for name in names]
    match encoding:
        case Encoding.DER:
            return certificates[0].public_bytes(serialization.Encoding.DER)
        case Encoding.PEM:
            return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in certificates)
        case Encoding.PKCS7:
            return pkcs7.serialize_certificates(certificates, serialization.Encoding.DER)
