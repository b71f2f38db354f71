"""Revocation of a connection's path, judged at the time it was asked about.

Certificates may be looked at as of another date; what CRLs and responders say is about the present.
"""

from mxwalk.clock import from_rfc3339
from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.revocation import CrlAsked, OcspAsked
from mxwalk.language import say
from mxwalk.revocation.judge import judge_revocation
from mxwalk.revocation.model import CertificateStanding, SourceKind, Standing
from mxwalk.revocation.plan import Pointers, what_to_ask
from mxwalk.revocation.products import ProductReading, product_readings
from mxwalk.revocation.readings import by_sources
from mxwalk.text import visible


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


def of_another_time(delivery: Delivery) -> str:
    """Say that revocation is not as of the date that certificates are judged at; else empty."""
    at = delivery.options.at
    return say("as of the walk's own time, not of {date}", date=visible(at, 40)) if at else ""


def revoked_by_list(attempt: Attempt) -> CertificateStanding | None:
    """Return the first certificate, from the leaf up, that a CRL calls revoked; OCSP is left aside."""
    judged = standings(attempt)
    for standing, issuer in zip(judged, _issuers(attempt, judged), strict=True):
        by_list = by_sources(standing, issuer, SourceKind.CRL)
        if by_list.standing is Standing.REVOKED:
            return by_list
    return None


def lists_unasked(attempt: Attempt) -> bool:
    """Say whether a certificate of the path names a revocation list and nobody asked for one.

    The step was left out or broken off, the walk was offline, or another handshake than the walk's own
    is looked at.
    """
    return any(one.crl_urls for one in unasked(attempt))


def unasked(attempt: Attempt) -> tuple[Pointers, ...]:
    """Return the certificates of the path that name whom to ask, of whom nobody, or no list, was."""
    path = tuple(one.der for one in attempt.chain.path) if attempt.chain else ()
    checked = attempt.revocation
    said = {of.certificate: of.asked for of in (checked.certificates if checked else ())}
    return tuple(one for one in what_to_ask(path) if _lacks(one, said.get(one.certificate, ())))


def _lacks(one: Pointers, asked: tuple[CrlAsked | OcspAsked, ...]) -> bool:
    if one.crl_urls:
        return not any(isinstance(each, CrlAsked) and _told(each) for each in asked)
    return one.asks and not asked


def _told(asked: CrlAsked) -> bool:
    """Say whether it is known what became of the question: a list and whose it is, or why none.

    A server whose addresses our resolver does not tell was not asked.
    """
    extract = asked.extract
    return bool(asked.fetch.problem and not asked.fetch.untold) or (
        extract is not None and bool(extract.problem or extract.issuer)
    )


def list_passed_over(attempt: Attempt) -> str:
    """Return why a list that was asked for tells nothing, for those who pass over such; else empty."""
    judged = standings(attempt)
    for standing, issuer in zip(judged, _issuers(attempt, judged), strict=True):
        by_list = by_sources(standing, issuer, SourceKind.CRL)
        if by_list.sources and by_list.standing not in (Standing.GOOD, Standing.REVOKED):
            return by_list.sentence
    return ""


def products(attempt: Attempt) -> tuple[ProductReading, ...]:
    """Return what each product makes of the path; empty before the revocation step."""
    judged = standings(attempt)
    return product_readings(judged, _issuers(attempt, judged)) if judged else ()


def _issuers(attempt: Attempt, judged: tuple[CertificateStanding, ...]) -> tuple[bytes, ...]:
    checked = attempt.revocation
    certificates = checked.certificates if checked else ()
    return tuple(one.issuer for one in certificates[: len(judged)])
