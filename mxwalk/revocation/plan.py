"""What can be asked about the certificates of a path, and when nothing is to be asked.

An anchor is trusted by decision and is not asked about.  Certificates of ten days or fewer need no
revocation (CA/Browser Forum Baseline Requirements), and noRevAvail says that there is none (RFC 9608).
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from mxwalk.language import say
from mxwalk.limits import (
    HTTP_URL_CHARS,
    REVOCATION_CERTIFICATES,
    REVOCATION_URLS_PER_CERTIFICATE,
)
from mxwalk.revocation.extension import extension_of
from mxwalk.tls.certificate import read_certificate

_NO_REVOCATION = "2.5.29.56"  # id-ce-noRevAvail (RFC 9608 2)
SHORT_LIVED = timedelta(days=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointers:
    """Whom to ask about one certificate of a path.

    ``not_asked`` are addresses that are not for http or beyond the limit.  ``exempt`` says why no
    revocation is expected for it, ``nothing`` why there is nobody to ask; both are empty otherwise.
    """

    depth: int
    certificate: bytes
    issuer: bytes
    ocsp_urls: tuple[str, ...] = ()
    crl_urls: tuple[str, ...] = ()
    not_asked: tuple[str, ...] = ()
    exempt: str = ""
    nothing: str = ""

    @property
    def asks(self) -> bool:
        """Whether there is an address to ask."""
        return bool(self.ocsp_urls or self.crl_urls)


def what_to_ask(path: tuple[bytes, ...], *, anchored: bool = True) -> tuple[Pointers, ...]:
    """Return whom to ask for each certificate of a path (leaf to anchor, DER) below its anchor.

    The last certificate of a path that is not ``anchored`` has an issuer that nobody knows.  It names
    nobody to ask here, and neither do those beyond ``REVOCATION_CERTIFICATES``: they stay unchecked.
    """
    issuers = path[1:] if anchored else (*path[1:], b"")
    found = []
    for depth, (one, issuer) in enumerate(zip(path, issuers, strict=False)):
        whom = pointers(depth, one, issuer)
        if not issuer or depth >= REVOCATION_CERTIFICATES:
            unasked = whom.ocsp_urls + whom.crl_urls + whom.not_asked
            whom = replace(whom, ocsp_urls=(), crl_urls=(), not_asked=unasked)
        found.append(whom)
    return tuple(found)


def pointers(depth: int, certificate: bytes, issuer: bytes) -> Pointers:
    """Return whom to ask about one certificate."""
    facts = read_certificate(certificate)
    ocsp, other_ocsp = _usable(facts.ocsp_urls)
    crl, other_crl = _usable(facts.crl_urls)
    exempt = exemption(certificate)
    not_asked = other_ocsp + other_crl
    nothing = ""
    if not ocsp and not crl:
        nothing = _nothing(exempt, not_asked)
    return Pointers(
        depth=depth,
        certificate=certificate,
        issuer=issuer,
        ocsp_urls=ocsp,
        crl_urls=crl,
        not_asked=not_asked,
        exempt=exempt,
        nothing=nothing,
    )


def exemption(certificate: bytes) -> str:
    """Say why no revocation is expected for a certificate; empty if it is."""
    if extension_of(certificate, _NO_REVOCATION) is not None:
        return say("its CA publishes no revocation for it (noRevAvail, RFC 9608)")
    facts = read_certificate(certificate)
    if facts.not_before and facts.not_after:
        lifetime = facts.not_after - facts.not_before
        if timedelta(0) <= lifetime <= SHORT_LIVED:
            return say("it is valid for ten days at most and runs out before revocation would help")
    return ""


def _usable(urls: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Part addresses into those to ask and the rest (LDAP, too many, too long)."""
    distinct = tuple(dict.fromkeys(urls))
    fit = [url for url in distinct if _is_http(url)][:REVOCATION_URLS_PER_CERTIFICATE]
    return tuple(fit), tuple(url for url in distinct if url not in fit)


def _is_http(url: str) -> bool:
    scheme = url.split(":", 1)[0].lower()
    return scheme in {"http", "https"} and len(url) <= HTTP_URL_CHARS


def _nothing(exempt: str, not_asked: tuple[str, ...]) -> str:
    if not_asked:
        return say("it names no address that can be asked over http")
    if exempt:
        return say("nobody to ask: {exempt}", exempt=exempt)
    # Let's Encrypt ended OCSP in 2025 and points to CRLs instead.
    return say("it names neither a CRL nor an OCSP responder, although it is not short-lived")
