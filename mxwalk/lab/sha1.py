"""Certificates signed with SHA-1, which no certificate builder makes any more.

The lab shows what a sender says to one (RFC 9155 retires SHA-1 in TLS signatures).  A certificate
signed with SHA-256 is taken, the algorithm identifiers are exchanged, and it is signed again.
"""

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

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
    content = _content(certificate.tbs_certificate_bytes).replace(strong, weak, 1)
    to_be_signed = _sequence(content)
    if isinstance(signer, ec.EllipticCurvePrivateKey):
        signature = signer.sign(to_be_signed, ec.ECDSA(hashes.SHA1()))  # noqa: S303 - on purpose
    else:
        signature = signer.sign(to_be_signed, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303
    bits = b"\x00" + signature  # BIT STRING: no unused bits
    der = _sequence(to_be_signed + weak + b"\x03" + _length(len(bits)) + bits)
    resigned = x509.load_der_x509_certificate(der)
    assert resigned.public_bytes(serialization.Encoding.DER) == der
    return resigned


def _content(der: bytes) -> bytes:
    """Return what is inside one DER element (X.690 8.1)."""
    first = der[1]
    return der[2:] if first < 0x80 else der[2 + (first & 0x7F) :]


def _sequence(content: bytes) -> bytes:
    return b"\x30" + _length(len(content)) + content


def _length(size: int) -> bytes:
    """Return a DER length (X.690 8.1.3)."""
    if size < 0x80:
        return bytes([size])
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(octets)]) + octets
