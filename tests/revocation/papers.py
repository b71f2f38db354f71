"""Certificates, CRLs and OCSP responses for the tests, made on the spot around a fixed time."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from mxwalk.clock import to_rfc3339
from mxwalk.evidence.connection import RevocationChecked
from mxwalk.evidence.fetch import Fetched, Purpose
from mxwalk.evidence.revocation import CrlAsked, NotAsked, OcspAsked, RevocationOf
from mxwalk.revocation.crl import read_crl
from mxwalk.revocation.judge import judge_revocation
from mxwalk.revocation.model import CertificateStanding
from tests.tls.pki import DAY, NOW, Issued, issue, name

HOUR = timedelta(hours=1)
CRL_URL = "http://crl.example.test/ca.crl"
OCSP_URL = "http://ocsp.example.test/"


def crl_points(*points: x509.DistributionPoint) -> tuple[x509.ExtensionType, bool]:
    return x509.CRLDistributionPoints(list(points)), False


def point(
    url: str = CRL_URL, *, reasons=None, issuer: x509.Name | None = None
) -> x509.DistributionPoint:
    by = [x509.DirectoryName(issuer)] if issuer else None
    return x509.DistributionPoint(
        full_name=[x509.UniformResourceIdentifier(url)],
        relative_name=None,
        reasons=frozenset(reasons) if reasons else None,
        crl_issuer=by,
    )


def responder_at(*urls: str) -> tuple[x509.ExtensionType, bool]:
    ocsp_oid = AuthorityInformationAccessOID.OCSP
    descriptions = [
        x509.AccessDescription(ocsp_oid, x509.UniformResourceIdentifier(url)) for url in urls
    ]
    return x509.AuthorityInformationAccess(descriptions), False


MUST_STAPLE = (x509.TLSFeature([x509.TLSFeatureType.status_request]), False)
NO_REVOCATION = (x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.56"), b"\x05\x00"), False)


@dataclass(frozen=True)
class World:
    """A CA with a key and a leaf that names both a CRL and a responder; another CA beside it."""

    root: Issued
    ca: Issued
    leaf: Issued
    other: Issued


@cache
def world() -> World:
    root = issue("Root", ca=True, begins=NOW - 900 * DAY, ends=NOW + 900 * DAY)
    both = (crl_points(point()), responder_at(OCSP_URL))
    ca = issue("CA", root, ca=True, begins=NOW - 400 * DAY, ends=NOW + 400 * DAY, extensions=both)
    other = issue("Other", ca=True)
    return World(root, ca, issue("mx.example.net", ca, extensions=both), other)


def leaf(*extensions: tuple[x509.ExtensionType, bool], **more) -> Issued:
    return issue("mx.example.net", world().ca, extensions=extensions, **more)


@dataclass(frozen=True)
class Entry:
    serial: int
    at: datetime = NOW - 3 * DAY
    reason: x509.ReasonFlags | None = None
    extensions: tuple[tuple[x509.ExtensionType, bool], ...] = ()

    def made(self) -> x509.RevokedCertificate:
        builder = (
            x509.RevokedCertificateBuilder().serial_number(self.serial).revocation_date(self.at)
        )
        if self.reason:
            builder = builder.add_extension(x509.CRLReason(self.reason), critical=False)
        for extension, critical in self.extensions:
            builder = builder.add_extension(extension, critical=critical)
        return builder.build()


def revoked(certificate: Issued, reason: str = "", **more) -> Entry:
    flag = x509.ReasonFlags(reason) if reason else None
    return Entry(certificate.certificate.serial_number, reason=flag, **more)


def crl(
    *entries: Entry,
    issuer: Issued | None = None,
    key: object = None,
    made: datetime = NOW - HOUR,
    until: datetime = NOW + 6 * DAY,
    extensions: tuple[tuple[x509.ExtensionType, bool], ...] = (),
) -> bytes:
    issuer = issuer or world().ca
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(made)
        .next_update(until)
    )
    for entry in entries:
        builder = builder.add_revoked_certificate(entry.made())
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(key or issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)


def issuing_point(url: str | None = CRL_URL, **more) -> tuple[x509.ExtensionType, bool]:
    settings = {
        "relative_name": None,
        "only_contains_user_certs": False,
        "only_contains_ca_certs": False,
        "only_some_reasons": None,
        "indirect_crl": False,
        "only_contains_attribute_certs": False,
    }
    names = [x509.UniformResourceIdentifier(url)] if url else None
    return x509.IssuingDistributionPoint(full_name=names, **(settings | more)), True


def responder(
    issuer: Issued | None = None, *, signing: bool = True, nocheck: bool = True, **more
) -> Issued:
    """A certificate for a delegated responder."""
    extensions: list[tuple[x509.ExtensionType, bool]] = []
    if signing:
        extensions.append((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), False))
    if nocheck:
        extensions.append((x509.OCSPNoCheck(), False))
    return issue("Responder", issuer or world().ca, extensions=tuple(extensions), **more)


@dataclass(frozen=True, kw_only=True)
class Response:
    """A response to be made; the defaults say "good" about the leaf of the world.

    With ``key`` it is signed by another key in the signer's name.
    """

    about: Issued = field(default_factory=lambda: world().leaf)
    issuer: Issued = field(default_factory=lambda: world().ca)
    status: str = "good"
    reason: str = ""
    revoked_at: datetime = NOW - 3 * DAY
    made: datetime = NOW - HOUR
    until: datetime | None = NOW + 6 * DAY
    signer: Issued | None = None
    key: object = None
    along: tuple[Issued, ...] | None = None
    by_name: bool = False
    algorithm: hashes.HashAlgorithm = field(default_factory=hashes.SHA1)
    nonce: bool = False

    def der(self) -> bytes:
        status = ocsp.OCSPCertStatus[self.status.upper()]
        gone = status is ocsp.OCSPCertStatus.REVOKED
        signer = self.signer or self.issuer
        impostor = issue(common_name(signer), key=self.key) if self.key else signer
        by_name = self.by_name or self.key is not None
        by = ocsp.OCSPResponderEncoding.NAME if by_name else ocsp.OCSPResponderEncoding.HASH
        builder = (
            ocsp.OCSPResponseBuilder()
            .add_response(
                cert=self.about.certificate,
                issuer=self.issuer.certificate,
                algorithm=self.algorithm,
                cert_status=status,
                this_update=self.made,
                next_update=self.until,
                revocation_time=self.revoked_at if gone else None,
                revocation_reason=x509.ReasonFlags(self.reason) if self.reason else None,
            )
            .responder_id(by, impostor.certificate)
        )
        along = self.along if self.along is not None else ((signer,) if self.signer else ())
        if along:
            builder = builder.certificates([one.certificate for one in along])
        if self.nonce:
            builder = builder.add_extension(x509.OCSPNonce(b"0123456789abcdef"), critical=False)
        return builder.sign(impostor.key, hashes.SHA256()).public_bytes(Encoding.DER)


def common_name(one: Issued) -> str:
    return next(iter(one.certificate.subject)).value


def fetched(purpose: Purpose, problem: str = "") -> Fetched:
    url = CRL_URL if purpose is Purpose.CRL else OCSP_URL
    return Fetched(url=url, purpose=purpose, status=0 if problem else 200, problem=problem)


def by_crl(data: bytes | None, about: Issued, issuer: Issued | None = None) -> CrlAsked:
    """What asking a distribution point left behind; ``None`` when it could not be reached."""
    if data is None:
        return CrlAsked(fetch=fetched(Purpose.CRL, "the connection was refused"))
    signer = (issuer or world().ca).der
    return CrlAsked(fetch=fetched(Purpose.CRL), extract=read_crl(data, about.der, signer))


def by_ocsp(response: bytes | None, *, stapled: bool = False) -> OcspAsked:
    """What asking a responder left behind; ``None`` when it could not be reached."""
    if response is None:
        return OcspAsked(fetch=fetched(Purpose.OCSP, "no answer within 10 s"))
    return OcspAsked(fetch=None if stapled else fetched(Purpose.OCSP), response=response)


def checked(
    *asked: CrlAsked | OcspAsked,
    about: Issued | None = None,
    issuer: Issued | None = None,
    depth: int = 0,
    not_asked: NotAsked | None = None,
) -> RevocationChecked:
    of = RevocationOf(
        depth=depth,
        certificate=(about or world().leaf).der,
        issuer=(issuer or world().ca).der,
        asked=asked,
    )
    return RevocationChecked(checked_at=to_rfc3339(NOW), certificates=(of,), not_asked=not_asked)


def judged(*asked: CrlAsked | OcspAsked, at: datetime = NOW, **more) -> CertificateStanding:
    return judge_revocation(checked(*asked, **more), at=at)[0]


def named(common_name: str) -> x509.Name:
    return name(common_name)
