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
    try:
        at = from_rfc3339(checked.checked_at)
    except ValueError:  # a trace somebody wrote by hand
        return ()
    return judge_revocation(checked, at=at)


def revoked_by_list(attempt: Attempt) -> CertificateStanding | None:
    """Return the first certificate, from the leaf up, that a CRL calls revoked; OCSP is left aside."""
    judged = standings(attempt)
    for standing, issuer in zip(judged, _issuers(attempt, judged), strict=True):
        by_list = by_sources(standing, issuer, SourceKind.CRL)
        if by_list.standing is Standing.REVOKED:
            return by_list
    return None


def products(attempt: Attempt) -> tuple[ProductReading, ...]:
    """Return what each product makes of the path; empty before the revocation step."""
    judged = standings(attempt)
    return product_readings(judged, _issuers(attempt, judged)) if judged else ()


def _issuers(attempt: Attempt, judged: tuple[CertificateStanding, ...]) -> tuple[bytes, ...]:
    checked = attempt.revocation
    certificates = checked.certificates if checked else ()
    return tuple(one.issuer for one in certificates[: len(judged)])
