"""Revocation of a connection's path, judged at the time it was asked about.

Certificates may be looked at as of another date; what CRLs and responders say is about the present.
"""

from mxwalk.clock import from_rfc3339
from mxwalk.delivery.model import Attempt
from mxwalk.revocation.judge import judge_revocation
from mxwalk.revocation.model import CertificateStanding


def standings(attempt: Attempt) -> tuple[CertificateStanding, ...]:
    """Return how each certificate below the anchor stands; empty before the revocation step."""
    checked = attempt.revocation
    if checked is None:
        return ()
    return judge_revocation(checked, at=from_rfc3339(checked.checked_at))
