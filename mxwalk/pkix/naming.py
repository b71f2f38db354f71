"""How certificates, times and numbers are called in sentences; everything is visible text."""

from datetime import datetime

from mxwalk.text import visible
from mxwalk.tls.certificate import CertificateFacts

_NAME_CHARS = 80
_FETCHED_BY = ("http:", "https:")


def called(facts: CertificateFacts) -> str:
    """Name a certificate by its common name, its first DNS name, or its subject."""
    name = facts.common_name or next(iter(facts.dns_names), "") or facts.subject
    if name:
        return f'"{visible(name, _NAME_CHARS)}"'
    return "one without a name" if facts.readable else "one that cannot be read"


def issuer_address(urls: tuple[str, ...]) -> str:
    """Return the address of an issuer that everybody can fetch from, else the first, else nothing.

    A CA's own directory (``ldap:``) often comes first and is of no use outside (RFC 5280 4.2.2.1).
    """
    for_all = (url for url in urls if url.lower().startswith(_FETCHED_BY))
    return next(for_all, next(iter(urls), ""))


def placed(depth: int, facts: CertificateFacts, *, last: int) -> str:
    """Name a certificate with its place in a path whose top is at depth ``last``."""
    if depth == 0:
        return "the server's certificate"
    kind = "the root" if depth == last and facts.self_issued else "the CA certificate"
    return f"{kind} {called(facts)}"


def day(at: datetime | None) -> str:
    """Write a date as in sentences."""
    return at.strftime("%Y-%m-%d") if at is not None else "an unreadable time"


def instant(at: datetime | None) -> str:
    """Write a time to the second, in UTC."""
    return at.strftime("%Y-%m-%d %H:%M:%S UTC") if at is not None else "an unreadable time"


def many(number: int, what: str) -> str:
    """Write a number with its noun."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
