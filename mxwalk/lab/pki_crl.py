"""The CRLs of the lab's authority (RFC 5280 5), with the faults a scenario asks for."""

from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding as Form

from mxwalk.lab.http_model import CrlScope, Encoding, PathSpec, Reason
from mxwalk.lab.pki import LabPki
from mxwalk.lab.reading import parse_offset

_PADDING_SERIAL = 1 << 100  # no certificate of the lab has one like it


def make_crl(pki: LabPki, spec: PathSpec) -> bytes:
    """Return the CRL of the issuer ``spec.crl``."""
    issuer = pki.issued(spec.crl)
    signer = pki.issued(spec.signer) if spec.signer else issuer
    revoked_at = pki.now + parse_offset(spec.revoked_at)
    key_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(pki.now + parse_offset(spec.this_update))
        .next_update(pki.now + parse_offset(spec.next_update))
        .add_extension(key_id, critical=False)
        .add_extension(x509.CRLNumber(spec.number), critical=False)
    )
    if spec.base is not None:
        builder = builder.add_extension(x509.DeltaCRLIndicator(spec.base), critical=True)
    if spec.point or spec.scope is not CrlScope.ALL:
        builder = builder.add_extension(_limited_to(spec), critical=True)  # RFC 5280 5.2.5
    for name in spec.revoked:
        serial = pki.certificate(name).serial_number
        builder = builder.add_revoked_certificate(_entry(serial, revoked_at, spec.reason))
    for number in range(spec.padding):
        entry = _entry(_PADDING_SERIAL + number, revoked_at, None)
        builder = builder.add_revoked_certificate(entry)
    form = Form.PEM if spec.encoding is Encoding.PEM else Form.DER
    return builder.sign(signer.key, hashes.SHA256()).public_bytes(form)


def _limited_to(spec: PathSpec) -> x509.IssuingDistributionPoint:
    return x509.IssuingDistributionPoint(
        full_name=[x509.UniformResourceIdentifier(spec.point)] if spec.point else None,
        relative_name=None,
        only_contains_user_certs=spec.scope is CrlScope.USERS,
        only_contains_ca_certs=spec.scope is CrlScope.AUTHORITIES,
        only_some_reasons=None,
        indirect_crl=False,
        only_contains_attribute_certs=False,
    )


def _entry(serial: int, revoked_at: datetime, reason: Reason | None) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(revoked_at)
    if reason is not None:
        flag = x509.ReasonFlags(reason.value)
        builder = builder.add_extension(x509.CRLReason(flag), critical=False)
    return builder.build()
