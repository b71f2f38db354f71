"""What is not well formed in the certificates of a scenario."""

import re
from collections.abc import Mapping

from mxwalk.http.url import BadUrl, read_url
from mxwalk.lab.certificate import CertificateSpec
from mxwalk.lab.reading import parse_offset

BUILT_IN_ISSUERS = ("root", "intermediate", "self")
_OID = re.compile(r"[0-2](\.(0|[1-9]\d{0,9})){1,20}")
_EXTRAS = 400  # OpenSSL takes 100 KiB of certificates

Certificates = Mapping[str, CertificateSpec]


def check_certificate(label: str, certificate: CertificateSpec, known: Certificates) -> None:
    """Raise ``ValueError`` with the reason; ``known`` are the scenario's certificates."""
    if label in BUILT_IN_ISSUERS:
        raise ValueError(f"certificate name {label!r} is reserved")
    if parse_offset(certificate.not_before) >= parse_offset(certificate.not_after):
        raise ValueError(f"certificate {label}: not_before is not before not_after")
    if len(certificate.cn) > 64:  # RFC 5280 appendix A: ub-common-name
        raise ValueError(f"certificate {label}: the CN is longer than 64 characters")
    _check_parts(label, certificate, known)
    seen = [label]
    while (issuer := known[seen[-1]].issuer) not in BUILT_IN_ISSUERS:
        if issuer not in known or not known[issuer].authority:
            raise ValueError(f"certificate {seen[-1]}: issuer {issuer!r} is no authority here")
        if issuer in seen:
            raise ValueError(f"certificate {label}: its issuers go in a circle")
        seen.append(issuer)
    for sent in certificate.send or ():
        if sent not in known and sent not in ("root", "intermediate"):
            raise ValueError(f"certificate {label}: send names the unknown certificate {sent!r}")
    if certificate.send is not None and certificate.send[:1] != (label,):
        # RFC 8446 4.4.2: the end-entity certificate comes first; a server cannot start otherwise.
        raise ValueError(f"certificate {label}: send must begin with {label!r}")


def _check_parts(label: str, certificate: CertificateSpec, known: Certificates) -> None:
    _check_urls(label, certificate)
    where = f"certificate {label}"
    if certificate.path_length is not None and not certificate.authority:
        raise ValueError(f"{where}: only an authority has a path_length")  # RFC 5280 4.2.1.9
    if certificate.serial is not None and certificate.serial < 1:
        raise ValueError(f"{where}: the serial is not positive")  # RFC 5280 4.1.2.2
    for oid in certificate.policies:
        if not _OID.fullmatch(oid):
            raise ValueError(f"{where}: {oid!r} is no object identifier")
    if not 0 <= certificate.extras <= _EXTRAS:
        raise ValueError(f"{where}: extras goes up to {_EXTRAS}")
    if certificate.key_of:
        _check_key_of(label, certificate, known)


def _check_key_of(label: str, certificate: CertificateSpec, known: Certificates) -> None:
    where = f"certificate {label}"
    if certificate.cn:
        raise ValueError(f"{where}: the subject is that of {certificate.key_of!r}, without cn")
    if certificate.key_of in BUILT_IN_ISSUERS[:2]:
        return
    other = known.get(certificate.key_of)
    if other is None or other.key_of:
        raise ValueError(
            f"{where}: key_of names {certificate.key_of!r}, which has no key of its own"
        )
    above = certificate.key_of
    for _ in known:
        above = known[above].issuer if above in known else above
        if above == label or certificate.issuer in (label, certificate.key_of):
            raise ValueError(f"{where}: it would be issued by its own key")


def _check_urls(label: str, certificate: CertificateSpec) -> None:
    """Refuse slips in web addresses; those of another scheme are the scenario's affair."""
    for url in (*certificate.crl, *certificate.ocsp, *certificate.issuer_urls):
        if not url.isascii() or not url.isprintable() or ":" not in url:
            raise ValueError(f"certificate {label}: {url!r} is no URL")
        read = read_url(url)
        if url.startswith("http") and isinstance(read, BadUrl):
            raise ValueError(f"certificate {label}: {read.problem}")
