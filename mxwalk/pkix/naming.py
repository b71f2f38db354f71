"""How certificates, times and numbers are called in sentences; everything is visible text."""

from datetime import datetime

from mxwalk.language import say
from mxwalk.text import visible
from mxwalk.tls.certificate import CertificateFacts

_NAME_CHARS = 80
_FETCHED_BY = ("http:", "https:")


def called(facts: CertificateFacts) -> str:
    """Name a certificate by its common name, its first DNS name, or its subject."""
    name = facts.common_name or next(iter(facts.dns_names), "") or facts.subject
    if name:
        return f'"{visible(name, _NAME_CHARS)}"'
    return say("one without a name") if facts.readable else say("one that cannot be read")


def issuer_address(urls: tuple[str, ...]) -> str:
    """Return the address of an issuer that everybody can fetch from, else the first, else nothing.

    A CA's own directory (``ldap:``) often comes first and is of no use outside (RFC 5280 4.2.2.1).
    """
    for_all = (url for url in urls if url.lower().startswith(_FETCHED_BY))
    return next(for_all, next(iter(urls), ""))


def placed(depth: int, facts: CertificateFacts, *, last: int) -> str:
    """Name a certificate with its place in a path whose top is at depth ``last``."""
    if depth == 0:
        return say("the server's certificate")
    if depth == last and facts.self_issued:
        return say("the root {name}", name=called(facts))
    return say("the CA certificate {name}", name=called(facts))


def day(at: datetime | None) -> str:
    """Write a date as in sentences."""
    return at.strftime("%Y-%m-%d") if at is not None else say("an unreadable time")


def instant(at: datetime | None) -> str:
    """Write a time to the second, in UTC."""
    return at.strftime("%Y-%m-%d %H:%M:%S UTC") if at is not None else say("an unreadable time")
