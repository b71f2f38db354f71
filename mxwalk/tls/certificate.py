"""One certificate, read for people and for rules (RFC 5280 4.1).

Reading is total: for any bytes there are facts, and ``problems`` says which parts could not be
read.  Nothing is judged here; what a fact means for delivery is decided by those who read it.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from mxwalk.tls import der
from mxwalk.tls.certificate_names import NO_NAME, DistinguishedName, distinguished_name
from mxwalk.tls.certificate_parts import (
    Parts,
    algorithm_oid,
    explicit_curve,
    rsa_exponent,
    take_apart,
)
from mxwalk.tls.der import DerError, Element
from mxwalk.tls.extensions import Extensions, extension_value, read_extensions
from mxwalk.tls.keys import (
    KeyFacts,
    SignatureCheck,
    read_key,
    signature_algorithm,
    signed_by,
)
from mxwalk.tls.timestamps import SignedTimestamp

_NO_KEY = KeyFacts(type="", readable=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFacts:
    """What a certificate says, as visible text; identifiers and digests in lower-case hex.

    ``serial`` is the signed number, in hex.
    ``common_name`` is the subject's last one.  ``dns_names`` stand as they are in the certificate,
    in order.  ``self_signed`` means that the signature was verified with the certificate's own key,
    ``self_issued`` only that subject and issuer are the same.  ``extensions`` lists (name, critical).
    """

    sha256: str
    sha512: str
    version: int = 0
    serial: str = ""
    subject: str = ""
    issuer: str = ""
    subject_attributes: tuple[tuple[str, str], ...] = ()
    issuer_attributes: tuple[tuple[str, str], ...] = ()
    subject_der: bytes = b""
    issuer_der: bytes = b""
    common_name: str | None = None
    has_subject_alt_name: bool = False
    dns_names: tuple[str, ...] = ()
    other_names: tuple[tuple[str, str], ...] = ()
    not_before: datetime | None = None
    not_after: datetime | None = None
    signature_algorithm: str = ""
    signature_hash: str = ""
    key: KeyFacts = _NO_KEY
    spki_sha256: str = ""
    spki_sha512: str = ""
    is_ca: bool = False
    path_length: int | None = None
    key_usage: tuple[str, ...] = ()
    extended_key_usage: tuple[str, ...] = ()
    authority_key_id: str = ""
    subject_key_id: str = ""
    ocsp_urls: tuple[str, ...] = ()
    ca_issuer_urls: tuple[str, ...] = ()
    crl_urls: tuple[str, ...] = ()
    name_constraints: tuple[str, ...] = ()
    must_staple: bool = False
    subject_canonical: tuple[bytes, ...] = ()
    issuer_canonical: tuple[bytes, ...] = ()
    signature_consistent: bool = True
    rsa_exponent: int = 0
    explicit_curve: bool = False
    authority_issuer: tuple[bytes, ...] | None = None
    authority_serial: str = ""
    policies: tuple[str, ...] = ()
    explicit_policy_after: int | None = None
    any_policy_until: int | None = None
    netscape_types: tuple[int, ...] = ()
    timestamps: tuple[SignedTimestamp, ...] = ()
    unreadable_extensions: tuple[str, ...] = ()
    repeated_extensions: tuple[str, ...] = ()
    extensions: tuple[tuple[str, bool], ...] = ()
    self_issued: bool = False
    self_signed: bool = False
    problems: tuple[str, ...] = ()

    @property
    def readable(self) -> bool:
        """Whether the bytes are a certificate at all."""
        return bool(self.spki_sha256)


@lru_cache(maxsize=4_096)
def read_certificate(data: bytes) -> CertificateFacts:
    """Read a certificate in DER; never raises."""
    sha256, sha512 = hashlib.sha256(data).hexdigest(), hashlib.sha512(data).hexdigest()
    try:
        fields = take_apart(data)
    except DerError as error:
        problem = f"this is no certificate: {error}"
        return CertificateFacts(sha256=sha256, sha512=sha512, problems=(problem,))
    return _facts(data, fields, sha256, sha512)


@lru_cache(maxsize=1_024)
def public_key_info(data: bytes) -> bytes:
    """Return the SubjectPublicKeyInfo of a certificate as DER; empty when it cannot be read."""
    try:
        return take_apart(data).spki.raw
    except DerError:
        return b""


def extension_contents(data: bytes, dotted: str) -> bytes | None:
    """Return the contents of a certificate's extension by its identifier; total."""
    try:
        element = take_apart(data).extensions
        block = der.only(element.content, der.SEQUENCE).children() if element else ()
    except DerError:
        return None
    return extension_value(block, dotted)


def subject_element(data: bytes) -> Element | None:
    """Return the subject of a certificate as it is encoded; total."""
    try:
        return take_apart(data).subject
    except DerError:
        return None


def _facts(data: bytes, fields: Parts, sha256: str, sha512: str) -> CertificateFacts:
    problems: list[str] = []
    subject = _name(fields.subject, "subject", problems)
    issuer = _name(fields.issuer, "issuer", problems)
    not_before, not_after = _validity(fields.validity, problems)
    algorithm, digest = signature_algorithm(
        algorithm_oid(fields.signature, "signature", problems), data
    )
    key = read_key(fields.spki.raw, algorithm_oid(fields.spki, "public key", problems, nested=True))
    if not key.readable:
        problems.append("the public key cannot be read")
    found = _extensions(fields.extensions, problems)
    self_issued = bool(subject.der) and subject.der == issuer.der
    return CertificateFacts(
        sha256=sha256,
        sha512=sha512,
        version=fields.version,
        serial=_serial(fields.serial, problems),
        subject=subject.text,
        issuer=issuer.text,
        subject_attributes=subject.attributes,
        issuer_attributes=issuer.attributes,
        subject_der=subject.der,
        issuer_der=issuer.der,
        common_name=subject.common_name,
        has_subject_alt_name=found.has_subject_alt_name,
        dns_names=found.dns_names,
        other_names=found.other_names,
        not_before=not_before,
        not_after=not_after,
        signature_algorithm=algorithm,
        signature_hash=digest,
        key=key,
        spki_sha256=hashlib.sha256(fields.spki.raw).hexdigest(),
        spki_sha512=hashlib.sha512(fields.spki.raw).hexdigest(),
        is_ca=found.is_ca,
        path_length=found.path_length,
        key_usage=found.key_usage,
        extended_key_usage=found.extended_key_usage,
        authority_key_id=found.authority_key_id,
        subject_key_id=found.subject_key_id,
        ocsp_urls=found.ocsp_urls,
        ca_issuer_urls=found.ca_issuer_urls,
        crl_urls=found.crl_urls,
        name_constraints=found.name_constraints,
        must_staple=found.must_staple,
        subject_canonical=subject.canonical,
        issuer_canonical=issuer.canonical,
        signature_consistent=fields.signature.raw == fields.outer_signature.raw,
        rsa_exponent=rsa_exponent(fields.spki) if key.type == "RSA" else 0,
        explicit_curve=key.type == "EC" and explicit_curve(fields.spki),
        authority_issuer=found.authority_issuer,
        authority_serial=found.authority_serial,
        policies=found.policies,
        explicit_policy_after=found.explicit_policy_after,
        any_policy_until=found.any_policy_until,
        netscape_types=found.netscape_types,
        timestamps=found.timestamps,
        unreadable_extensions=found.unreadable,
        repeated_extensions=found.repeated,
        extensions=found.listed,
        self_issued=self_issued,
        self_signed=self_issued and signed_by(data, data) is SignatureCheck.VERIFIED,
        problems=tuple(problems),
    )


def _serial(element: Element, problems: list[str]) -> str:
    try:
        return f"{der.integer(element):x}"
    except DerError as error:
        problems.append(f"the serial number cannot be read: {error}")
        return element.content.hex()


def _name(element: Element, which: str, problems: list[str]) -> DistinguishedName:
    try:
        return distinguished_name(element)
    except DerError as error:
        problems.append(f"the {which} cannot be read: {error}")
        return replace(NO_NAME, canonical=(element.raw,))


def _validity(element: Element, problems: list[str]) -> tuple[datetime | None, datetime | None]:
    try:
        parts = der.expect(element, der.SEQUENCE).children()
    except DerError as error:
        problems.append(f"the validity cannot be read: {error}")
        return None, None
    times: list[datetime | None] = [None, None]
    for index, which in enumerate(("notBefore", "notAfter")):
        try:
            times[index] = der.time(parts[index])
        except (DerError, IndexError) as error:
            problems.append(f"{which} cannot be read: {error}")
    return times[0], times[1]


def _extensions(element: Element | None, problems: list[str]) -> Extensions:
    if element is None:
        return Extensions()
    try:
        block = der.only(element.content, der.SEQUENCE).children()
    except DerError as error:
        problems.append(f"the extensions cannot be read: {error}")
        return Extensions()
    found = read_extensions(block)
    problems.extend(found.problems)
    return found
