"""The presented identifiers of a certificate: every DNS-ID in certificate order, then the CN-ID.

A DNS-ID is a ``dNSName`` of subjectAltName; the CN-ID is the *last* Common Name of the subject (the
most specific one, RFC 6125 2.3.1).  Which of them count is the sender's rule, not decided here.
"""

from collections.abc import Sequence
from functools import lru_cache

from mxwalk import limits
from mxwalk.identity.model import PresentedId, PresentedKind


@lru_cache(maxsize=256)
def presented_ids(der: bytes) -> tuple[PresentedId, ...]:
    """Return the presented identifiers of a certificate in DER; empty for an unreadable one."""
    from mxwalk.tls.certificate import read_certificate

    facts = read_certificate(der)
    return identifiers(facts.dns_names, facts.common_name)


def identifiers(dns_names: Sequence[str], common_name: str | None) -> tuple[PresentedId, ...]:
    """Return the identifiers for these names; at most ``CERTIFICATE_NAMES_SHOWN`` DNS-IDs are kept."""
    found = [
        PresentedId(kind=PresentedKind.DNS_ID, text=text, index=index)
        for index, text in enumerate(dns_names[: limits.CERTIFICATE_NAMES_SHOWN])
    ]
    if common_name:
        found.append(PresentedId(kind=PresentedKind.CN_ID, text=common_name))
    return tuple(found)
