"""Making one certificate of the lab from its description.

Extensions follow RFC 5280 4.2, criticality included, unless the scenario asks for a fault.
"""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from mxwalk.lab.certificate import CertificateSpec, KeyKind, Purpose, SignatureHash, Usage
from mxwalk.lab.reading import parse_offset
from mxwalk.lab.sha1 import PrivateKey, resign_with_sha1

_ORGANIZATION = "mxwalk lab"
_UNKNOWN_EXTENSION = x509.ObjectIdentifier("2.999.1")  # X.660: the arc for examples
_PURPOSES = {
    Purpose.SERVER: ExtendedKeyUsageOID.SERVER_AUTH,
    Purpose.CLIENT: ExtendedKeyUsageOID.CLIENT_AUTH,
    Purpose.EMAIL: ExtendedKeyUsageOID.EMAIL_PROTECTION,
    Purpose.OCSP_SIGNING: ExtendedKeyUsageOID.OCSP_SIGNING,
    Purpose.ANY: ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
}

_Extension = tuple[x509.ExtensionType, bool]  # with its criticality


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: PrivateKey


def make_key(kind: KeyKind) -> PrivateKey:
    """Return a new key."""
    match kind:
        case KeyKind.P256:
            return ec.generate_private_key(ec.SECP256R1())
        case KeyKind.RSA_2048:
            return rsa.generate_private_key(65_537, 2048)
        case KeyKind.RSA_1024:
            return rsa.generate_private_key(65_537, 1024)  # noqa: S505 - the weakness is the scenario


def issue(
    spec: CertificateSpec,
    key: PrivateKey,
    issuer: Issued | None,
    now: datetime,
    subject: x509.Name | None = None,
) -> Issued:
    """Return the certificate for ``key``; without ``issuer`` it is self-signed.

    ``subject`` stands in place of the one the description gives.
    """
    subject = subject or _subject(spec)
    signer = issuer.key if issuer else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number() if spec.serial is None else spec.serial)
        .not_valid_before(now + parse_offset(spec.not_before))
        .not_valid_after(now + parse_offset(spec.not_after))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    )
    for extension, critical in _extensions(spec, subject):
        builder = builder.add_extension(extension, critical=critical)
    certificate = builder.sign(signer, hashes.SHA256())
    if spec.hash is SignatureHash.SHA1:
        certificate = resign_with_sha1(certificate, signer)
    return Issued(certificate, key)


def unrelated(count: int, now: datetime) -> Iterator[x509.Certificate]:
    """Yield certificates that belong to nothing, as small and as quickly made as can be."""
    key = ec.generate_private_key(ec.SECP256R1()) if count else None
    for number in range(count):
        assert key is not None
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Extra {number + 1}")])
        yield (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(number + 1)
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .sign(key, hashes.SHA256())
        )


def _extensions(spec: CertificateSpec, subject: x509.Name) -> Iterator[_Extension]:
    yield x509.BasicConstraints(ca=spec.authority, path_length=spec.path_length), True
    if usages := _usages(spec):
        yield _key_usage(usages), True
    if purposes := _purposes(spec):
        yield x509.ExtendedKeyUsage([_PURPOSES[one] for one in purposes]), False
    if alternatives := _alternative_names(spec):
        yield x509.SubjectAlternativeName(alternatives), not list(subject)
    if spec.permitted or spec.excluded:
        yield _name_constraints(spec), True  # RFC 5280 4.2.1.10
    if spec.policies:
        yield _policies(spec), False
    yield from _pointers(spec)
    if spec.must_staple:
        yield x509.TLSFeature([x509.TLSFeatureType.status_request]), False
    if spec.ocsp_nocheck:
        yield x509.OCSPNoCheck(), False
    if spec.critical_unknown:
        yield x509.UnrecognizedExtension(_UNKNOWN_EXTENSION, b"\x05\x00"), True


def _pointers(spec: CertificateSpec) -> Iterator[_Extension]:
    if spec.crl:
        points = [
            x509.DistributionPoint([_uri(url)], relative_name=None, reasons=None, crl_issuer=None)
            for url in spec.crl
        ]
        yield x509.CRLDistributionPoints(points), False
    access = [
        *((AuthorityInformationAccessOID.OCSP, url) for url in spec.ocsp),
        *((AuthorityInformationAccessOID.CA_ISSUERS, url) for url in spec.issuer_urls),
    ]
    if access:
        descriptions = [x509.AccessDescription(method, _uri(url)) for method, url in access]
        yield x509.AuthorityInformationAccess(descriptions), False


def _uri(url: str) -> x509.UniformResourceIdentifier:
    return x509.UniformResourceIdentifier(url)


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


def _name_constraints(spec: CertificateSpec) -> x509.NameConstraints:
    return x509.NameConstraints(
        permitted_subtrees=[x509.DNSName(name) for name in spec.permitted] or None,
        excluded_subtrees=[x509.DNSName(name) for name in spec.excluded] or None,
    )


def _policies(spec: CertificateSpec) -> x509.CertificatePolicies:
    return x509.CertificatePolicies(
        [x509.PolicyInformation(x509.ObjectIdentifier(oid), None) for oid in spec.policies]
    )


def _purposes(spec: CertificateSpec) -> tuple[Purpose, ...]:
    if spec.purposes is not None:
        return spec.purposes
    return () if spec.authority else (spec.purpose,)


def _usages(spec: CertificateSpec) -> tuple[Usage, ...]:
    if spec.key_usage is not None:
        return spec.key_usage
    if spec.authority:
        return (Usage.CERTIFICATE_SIGNING, Usage.CRL_SIGNING)
    return (Usage.DIGITAL_SIGNATURE,)


def _key_usage(usages: tuple[Usage, ...]) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=Usage.DIGITAL_SIGNATURE in usages,
        content_commitment=Usage.CONTENT_COMMITMENT in usages,
        key_encipherment=Usage.KEY_ENCIPHERMENT in usages,
        data_encipherment=Usage.DATA_ENCIPHERMENT in usages,
        key_agreement=Usage.KEY_AGREEMENT in usages,
        key_cert_sign=Usage.CERTIFICATE_SIGNING in usages,
        crl_sign=Usage.CRL_SIGNING in usages,
        encipher_only=False,
        decipher_only=False,
    )
