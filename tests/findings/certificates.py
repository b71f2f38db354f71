"""Certificates for the cases, made when the tests are collected and valid around a fixed date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

NOW = datetime(2026, 6, 1, tzinfo=UTC)
NOW_TEXT = "2026-06-01T00:00:00Z"

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Made:
    certificate: x509.Certificate
    key: Key

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)


@cache
def weak_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65_537, key_size=1_024)


def make(
    cn: str = "",
    names: tuple[str, ...] = (),
    issuer: Made | None = None,
    *,
    ca: bool = False,
    key: Key | None = None,
    days: tuple[int, int] = (-30, 60),
    purpose: x509.ObjectIdentifier | None = ExtendedKeyUsageOID.SERVER_AUTH,
    aia: str = "",
) -> Made:
    """Issue a certificate; without ``issuer`` it signs itself."""
    own = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, cn)] if cn else [])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + timedelta(days=days[0]))
        .not_valid_after(NOW + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
    )
    if names:
        san = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
        builder = builder.add_extension(san, critical=False)
    if purpose is not None and not ca:
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
    if aia:
        access = x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(aia)
        )
        builder = builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
    signer = issuer.key if issuer else own
    return Made(builder.sign(signer, hashes.SHA256()), own)


ROOT = make("Example Root CA", ca=True, days=(-900, 3_000))
INTERMEDIATE = make("Example Mail CA 1", issuer=ROOT, ca=True, days=(-400, 900))
OTHER_CA = make("Another CA", ca=True, days=(-400, 900))
GOOD_NAMES = ("example.com", "mx01.example.com")


def leaf(cn: str = "", names: tuple[str, ...] = GOOD_NAMES, **more: object) -> bytes:
    """Issue a leaf under the intermediate and return its DER."""
    return make(cn, names, INTERMEDIATE, **more).der  # type: ignore[arg-type]


GOOD_CHAIN = (leaf("mx01.example.com"), INTERMEDIATE.der)
