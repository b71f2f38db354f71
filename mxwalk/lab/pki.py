"""The lab's certification authority: exactly the certificates a scenario uses, made when it starts.

Root, intermediate and leaf follow RFC 5280 unless the scenario asks for a fault; validity is
relative to the given time, so nothing here ever goes stale.  Keys are P-256 because they are made
in a fraction of a millisecond.  Nothing is written to disk.
"""

import ipaddress
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from mxwalk.lab.certificate import CertificateSpec, KeyKind, Purpose, SignatureHash
from mxwalk.lab.scenario import parse_offset
from mxwalk.lab.sha1 import PrivateKey, resign_with_sha1

_ORGANIZATION = "mxwalk lab"
_BUILT_IN = {
    "root": CertificateSpec(
        cn="Lab Root CA", issuer="self", authority=True, not_before="-1800d", not_after="+5400d"
    ),
    "intermediate": CertificateSpec(
        cn="Lab Mail CA 1", issuer="root", authority=True, not_before="-400d", not_after="+1400d"
    ),
}
_PURPOSES = {
    Purpose.SERVER: ExtendedKeyUsageOID.SERVER_AUTH,
    Purpose.CLIENT: ExtendedKeyUsageOID.CLIENT_AUTH,
}


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: PrivateKey


@dataclass(frozen=True, slots=True)
class ServerIdentity:
    """What a server presents: certificates as DER, in the order sent, and the first one's key."""

    chain: tuple[bytes, ...]
    key: PrivateKey
    second: tuple[bytes, PrivateKey] | None = None  # the leaf of the other key type


class LabPki:
    """Issues the certificates of one scenario on demand, each once.

    ``certificates`` are the scenario's; ``root`` and ``intermediate`` always exist.  Raises
    ``KeyError`` for names that are neither (scenario validation rules them out).
    """

    def __init__(self, certificates: dict[str, CertificateSpec], now: datetime) -> None:
        self._specs = {**_BUILT_IN, **certificates}
        self._now = now
        self._issued: dict[str, Issued] = {}

    @property
    def root_pem(self) -> bytes:
        """The root certificate, the lab's trust store."""
        return self.issued("root").certificate.public_bytes(serialization.Encoding.PEM)

    def identity(self, name: str, second: str = "") -> ServerIdentity:
        """Return the chain a server with the certificate ``name`` presents, and its key.

        ``second`` names its leaf of the other key type, if it has one.
        """
        sent = self._specs[name].send
        names = self._default_chain(name) if sent is None else sent
        return ServerIdentity(
            chain=tuple(
                self.issued(each).certificate.public_bytes(serialization.Encoding.DER)
                for each in names
            ),
            key=self.issued(name).key,
            second=self._leaf(second) if second else None,
        )

    def _leaf(self, name: str) -> tuple[bytes, PrivateKey]:
        one = self.issued(name)
        return one.certificate.public_bytes(serialization.Encoding.DER), one.key

    def certificate(self, name: str) -> x509.Certificate:
        """Return a certificate."""
        return self.issued(name).certificate

    def issued(self, name: str) -> Issued:
        """Return a certificate and its key, made at the first call."""
        if name not in self._issued:
            spec = self._specs[name]
            key = _make_key(spec.key)
            issuer = None if spec.issuer == "self" else self.issued(spec.issuer)
            self._issued[name] = Issued(_issue(spec, key, issuer, self._now), key)
        return self._issued[name]

    def _default_chain(self, name: str) -> tuple[str, ...]:
        # RFC 8446 4.4.2: each certificate certifies the one before; the root may be left out.
        chain = [name]
        while (issuer := self._specs[chain[-1]].issuer) not in ("root", "self"):
            chain.append(issuer)
        return tuple(chain)


def _make_key(kind: KeyKind) -> PrivateKey:
    match kind:
        case KeyKind.P256:
            return ec.generate_private_key(ec.SECP256R1())
        case KeyKind.RSA_2048:
            return rsa.generate_private_key(65_537, 2048)
        case KeyKind.RSA_1024:
            return rsa.generate_private_key(65_537, 1024)  # noqa: S505 - the weakness is the scenario


def _issue(
    spec: CertificateSpec, key: PrivateKey, issuer: Issued | None, now: datetime
) -> x509.Certificate:
    subject = _subject(spec)
    signer = issuer.key if issuer else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + parse_offset(spec.not_before))
        .not_valid_after(now + parse_offset(spec.not_after))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=spec.authority, path_length=None), critical=True)
        .add_extension(_key_usage(authority=spec.authority), critical=True)
    )
    if not spec.authority:
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([_PURPOSES[spec.purpose]]), critical=False
        )
    if alternatives := _alternative_names(spec):
        builder = builder.add_extension(
            x509.SubjectAlternativeName(alternatives), critical=not spec.cn
        )
    if spec.permitted or spec.excluded:
        builder = builder.add_extension(
            x509.NameConstraints(
                permitted_subtrees=[x509.DNSName(name) for name in spec.permitted] or None,
                excluded_subtrees=[x509.DNSName(name) for name in spec.excluded] or None,
            ),
            critical=True,  # RFC 5280 4.2.1.10
        )
    certificate = builder.sign(signer, hashes.SHA256())
    if spec.hash is SignatureHash.SHA1:
        return resign_with_sha1(certificate, signer)
    return certificate


def _subject(spec: CertificateSpec) -> x509.Name:
    if not spec.cn:
        return x509.Name([])
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, spec.cn)]
    if spec.authority:
        attributes.insert(0, x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANIZATION))
    return x509.Name(attributes)


def _alternative_names(spec: CertificateSpec) -> list[x509.GeneralName]:
    return [
        *(x509.DNSName(name) for name in spec.names),
        *(x509.IPAddress(ipaddress.ip_address(text)) for text in spec.addresses),
    ]


def _key_usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
