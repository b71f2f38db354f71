"""Certificates signed with SHA-1, which no certificate builder makes any more.

The lab shows what a sender says to one (RFC 9155 retires SHA-1 in TLS signatures).  A certificate
signed with SHA-256 is taken, the algorithm identifiers are exchanged, and it is signed again.
"""

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from mxwalk.lab import der_writer

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

# AlgorithmIdentifier as DER, SHA-256 then SHA-1 (RFC 5758 3.2, RFC 3279 2.2.3, RFC 8017 A.2.4)
_ECDSA = (bytes.fromhex("300a06082a8648ce3d040302"), bytes.fromhex("300906072a8648ce3d0401"))
_RSA = (
    bytes.fromhex("300d06092a864886f70d01010b0500"),
    bytes.fromhex("300d06092a864886f70d0101050500"),
)


def resign_with_sha1(certificate: x509.Certificate, signer: PrivateKey) -> x509.Certificate:
    """Return ``certificate``, which ``signer`` signed with SHA-256, signed by it with SHA-1."""
    strong, weak = _ECDSA if isinstance(signer, ec.EllipticCurvePrivateKey) else _RSA
    content = der_writer.content(certificate.tbs_certificate_bytes).replace(strong, weak, 1)
    to_be_signed = der_writer.sequence(content)
    if isinstance(signer, ec.EllipticCurvePrivateKey):
        signature = signer.sign(to_be_signed, ec.ECDSA(hashes.SHA1()))  # noqa: S303 - on purpose
    else:
        signature = signer.sign(to_be_signed, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303
    der = der_writer.sequence(to_be_signed, weak, der_writer.bits(signature))
    resigned = x509.load_der_x509_certificate(der)
    assert resigned.public_bytes(serialization.Encoding.DER) == der
    return resigned
