"""Certificates with a hostile text in every name and every extension that holds one.

They are made with a placeholder of the same length, which the text then replaces in the DER: so octets
arrive that no encoder writes.  Their signatures do not fit any more, and the walk says so.
"""

import datetime as dt
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

OCTETS = 200
_NAME_OCTETS = 60  # RFC 5280 appendix A.1: at most 64 characters
_LEAST = 8
_DAY = dt.timedelta(days=1)
_KINDS = (
    NameOID.COMMON_NAME,
    NameOID.ORGANIZATION_NAME,
    NameOID.ORGANIZATIONAL_UNIT_NAME,
    NameOID.LOCALITY_NAME,
    NameOID.EMAIL_ADDRESS,
    NameOID.SERIAL_NUMBER,
)
_EXAMPLE = x509.ObjectIdentifier("2.999.1")  # X.660: the arc for examples


def hostile_chain(text: bytes) -> tuple[tuple[bytes, ...], ec.EllipticCurvePrivateKey]:
    """Return the leaf and its issuer in DER, and the leaf's key."""
    text = text[:OCTETS] or b"-"
    if len(text) < _LEAST:  # so short a placeholder stands in a key, too
        text *= _LEAST
    name = text[:_NAME_OCTETS]
    chain, key = _made(len(text), _is_utf8(name))
    stand_in, name_in = (b"q" * len(text)), (b"n" * len(name))
    return tuple(der.replace(stand_in, text).replace(name_in, name) for der in chain), key


def _is_utf8(text: bytes) -> bool:
    try:
        return bool(text.decode())
    except UnicodeDecodeError:
        return False


@cache
def _made(length: int, is_utf8: bool) -> tuple[tuple[bytes, ...], ec.EllipticCurvePrivateKey]:
    words = "q" * length
    named = "n" * min(length, _NAME_OCTETS)
    # OpenSSL refuses a UTF8String that is none; what is in a TeletexString it does not look at.
    form = _ASN1Type.UTF8String if is_utf8 else _ASN1Type.T61String
    name = x509.Name([x509.NameAttribute(kind, named, form, _validate=False) for kind in _KINDS])
    leaf, issuer = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    ends = _builder(name, name, leaf.public_key())
    for extension in _of_leaf(words):
        ends = ends.add_extension(extension, critical=False)
    above = _builder(name, name, issuer.public_key()).add_extension(
        x509.BasicConstraints(ca=True, path_length=None), critical=True
    )
    above = above.add_extension(
        x509.NameConstraints(
            permitted_subtrees=[x509.DNSName(words)], excluded_subtrees=[x509.RFC822Name(words)]
        ),
        critical=True,
    )
    chain = tuple(
        one.sign(issuer, hashes.SHA256()).public_bytes(Encoding.DER) for one in (ends, above)
    )
    return chain, leaf


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(7)
        .not_valid_before(now - _DAY)
        .not_valid_after(now + 30 * _DAY)
    )


def _of_leaf(words: str) -> tuple[x509.ExtensionType, ...]:
    uri = x509.UniformResourceIdentifier(words)
    described = [
        x509.AccessDescription(AuthorityInformationAccessOID.OCSP, uri),
        x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, uri),
    ]
    point = x509.DistributionPoint([uri], relative_name=None, reasons=None, crl_issuer=None)
    notice = x509.UserNotice(x509.NoticeReference(words, [1]), words)
    return (
        x509.SubjectAlternativeName(
            [
                x509.DNSName(words),
                x509.DNSName("mx1.example.com"),
                x509.RFC822Name(words),
                uri,
                x509.OtherName(_EXAMPLE, b"\x0c" + _length(words) + words.encode()),
            ]
        ),
        x509.CertificatePolicies([x509.PolicyInformation(_EXAMPLE, [words, notice])]),
        x509.CRLDistributionPoints([point]),
        x509.AuthorityInformationAccess(described),
        x509.UnrecognizedExtension(_EXAMPLE, b"\x0c" + _length(words) + words.encode()),
    )


def _length(words: str) -> bytes:
    return bytes([len(words)]) if len(words) < 128 else bytes([0x81, len(words)])
