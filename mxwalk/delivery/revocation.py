"""Revocation of a connection's path, judged at the time it was asked about.

Certificates may be looked at as of another date; what CRLs and responders say is about the present.
"""

from mxwalk.clock import from_rfc3339
from mxwalk.delivery.model import Attempt
from mxwalk.revocation.judge import judge_revocation
from mxwalk.revocation.model import CertificateStanding, SourceKind, Standing
from mxwalk.revocation.products import ProductReading, product_readings
from mxwalk.revocation.readings import by_sources


def standings(attempt: Attempt) -> tuple[CertificateStanding, ...]:
    """Return how each certificate below the anchor stands; empty before the revocation step."""
    checked = attempt.revocation
    if checked is None:
        return ()
    return judge_revocation(checked, at=from_rfc3339(checked.checked_at))


def revoked_by_list(attempt: Attempt) -> CertificateStanding | None:
    """Return the first certificate, from the leaf up, that a CRL calls revoked; OCSP is left aside."""
    checked = attempt.revocation
    issuers = [one.issuer for one in checked.certificates] if checked else []
    for standing, issuer in zip(standings(attempt), issuers, strict=True):
        by_list = by_sources(standing, issuer, SourceKind.CRL)
        if by_list.standing is Standing.REVOKED:
            return by_list
    return None


def products(attempt: Attempt) -> tuple[ProductReading, ...]:
    """Return what each product makes of the path; empty before the revocation step."""
    checked = attempt.revocation
    if checked is None:
        return ()
    issuers = tuple(one.issuer for one in checked.certificates)
    return product_readings(standings(attempt), issuers)
