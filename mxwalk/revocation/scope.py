"""Which certificates a CRL is for (RFC 5280 5.2.5, 6.3.3).

A CA may part its list by distribution point, by kind of certificate and by reason.  A list is for a
certificate when its issuing distribution point covers one of those the certificate names, or when the
issuer itself made it whole.
"""

import enum

from mxwalk.language import say
from mxwalk.revocation.extension import encoded
from mxwalk.revocation.names import same_name
from mxwalk.revocation.points import (
    DIRECTORY_NAME,
    IssuingPoint,
    Point,
    distribution_points,
    read_scope,
)
from mxwalk.tls import der
from mxwalk.tls.certificate import read_certificate
from mxwalk.tls.der import DerError


class Cover(enum.Enum):
    """Whether a CRL covers a certificate."""

    ALL_REASONS = "all-reasons"
    SOME_REASONS = "some-reasons"
    OTHER_ISSUER = "other-issuer"
    OTHER_POINT = "other-point"
    OTHER_KIND = "other-kind"
    UNREADABLE = "unreadable"


def cover(scope: bytes, list_issuer: bytes, certificate: bytes) -> tuple[Cover, str]:
    """Say whether a CRL of ``list_issuer`` with this scope covers the certificate, and why not."""
    facts, issuing = read_certificate(certificate), read_scope(scope)
    if not issuing.readable:
        return Cover.UNREADABLE, say("its issuing distribution point cannot be read")
    # RFC 5280 6.3.3 (the end): a list that no point names counts if the issuer itself made it.
    fallback = Point(names=(_as_general(facts.issuer_der),))
    points = [
        point
        for point in (*distribution_points(certificate), fallback)
        if _same_issuer(point, issuing, list_issuer, facts.issuer_der)
    ]
    if not points:
        return Cover.OTHER_ISSUER, say("it was made by another issuer than the certificate's")
    matching = [point for point in points if _same_point(point, issuing, list_issuer)]
    if len(matching) > 1 and fallback in matching:
        matching.remove(fallback)
    if not matching:
        return Cover.OTHER_POINT, say(
            "it is another part of the CA's list than the certificate names"
        )
    # RFC 5280 6.3.3 (b) (2)
    if issuing.only_attribute:
        return Cover.OTHER_KIND, say("it is for attribute certificates only")
    if issuing.only_user and facts.is_ca:
        return Cover.OTHER_KIND, say("it is for end entities only, and this is a CA's certificate")
    if issuing.only_ca and not facts.is_ca:
        return Cover.OTHER_KIND, say("it is for CA certificates only, and this is an end entity's")
    if issuing.reasons:
        return Cover.SOME_REASONS, say(
            "it tells of these reasons only: {reasons}", reasons=", ".join(issuing.reasons)
        )
    if all(point.reasons for point in matching):
        named = dict.fromkeys(reason for point in matching for reason in point.reasons)
        return Cover.SOME_REASONS, say(
            "the certificate names it for some reasons: {named}", named=", ".join(named)
        )
    return Cover.ALL_REASONS, ""


def _same_issuer(point: Point, issuing: IssuingPoint, listed: bytes, issuer: bytes) -> bool:
    """Compare issuers; another one than the certificate's must say so (RFC 5280 6.3.3 (b) (1))."""
    if point.issuers:
        return issuing.indirect and any(same_name(name, listed) for name in point.issuers)
    return same_name(issuer, listed)


def _same_point(point: Point, issuing: IssuingPoint, list_issuer: bytes) -> bool:
    """Say whether the names of the distribution points have one in common (RFC 5280 6.3.3 (b) (2))."""
    ours = _all_names(issuing.names, issuing.relative, list_issuer)
    if not ours:
        return True
    theirs = _all_names(point.names, point.relative, next(iter(point.issuers), list_issuer))
    return not ours.isdisjoint(theirs or frozenset(_as_general(name) for name in point.issuers))


def _all_names(names: tuple[bytes, ...], relative: bytes, issuer: bytes) -> frozenset[bytes]:
    """Return the names as encoded; a relative one is put behind the issuer's name."""
    if not relative:
        return frozenset(names)
    try:
        full = der.only(issuer, der.SEQUENCE).content + encoded(der.SET, relative)
    except DerError:
        return frozenset()
    return frozenset({_as_general(encoded(der.SEQUENCE, full))})


def _as_general(name: bytes) -> bytes:
    return encoded(DIRECTORY_NAME, name)
