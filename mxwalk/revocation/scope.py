"""Which certificates a CRL is for: distribution points against the issuing one (RFC 5280 5.2.5, 6.3.3).

A CA may part its list by distribution point, by kind of certificate and by reason.  A list is for a
certificate when its issuing distribution point covers one of those the certificate names.
"""

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from mxwalk.revocation.extension import encoded, extension_of, few
from mxwalk.revocation.names import same_name
from mxwalk.text import visible
from mxwalk.tls import der
from mxwalk.tls.certificate import read_certificate
from mxwalk.tls.certificate_names import URI
from mxwalk.tls.der import DerError, Element

_POINTS = "2.5.29.31"
_DIRECTORY = 0xA4
_REASONS = (
    "",  # bit 0 is not used (RFC 5280 4.2.1.13)
    "keyCompromise",
    "cACompromise",
    "affiliationChanged",
    "superseded",
    "cessationOfOperation",
    "certificateHold",
    "privilegeWithdrawn",
    "aACompromise",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A DistributionPoint of a certificate (RFC 5280 4.2.1.13).

    ``names`` are GeneralNames as encoded, ``relative`` a name relative to the CRL's issuer.
    ``issuers`` are Names of those who sign the list where it is not the certificate's issuer.
    """

    names: tuple[bytes, ...] = ()
    relative: bytes = b""
    reasons: tuple[str, ...] = ()
    issuers: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuingPoint:
    """The issuing distribution point of a CRL (RFC 5280 5.2.5); ``readable`` when it could be read."""

    names: tuple[bytes, ...] = ()
    relative: bytes = b""
    only_user: bool = False
    only_ca: bool = False
    only_attribute: bool = False
    reasons: tuple[str, ...] = ()
    indirect: bool = False
    readable: bool = True


class Cover(enum.Enum):
    """Whether a CRL covers a certificate."""

    ALL_REASONS = "all-reasons"
    SOME_REASONS = "some-reasons"
    OTHER_ISSUER = "other-issuer"
    OTHER_POINT = "other-point"
    OTHER_KIND = "other-kind"
    UNREADABLE = "unreadable"


def distribution_points(certificate: bytes) -> tuple[Point, ...]:
    """Return the distribution points a certificate names; what cannot be read is left out."""
    value = extension_of(certificate, _POINTS)
    try:
        elements = few(der.only(value, der.SEQUENCE).content) if value else ()
    except DerError:
        return ()
    points: list[Point] = []
    for element in elements:
        try:
            points.append(_point(few(element.content, 3)))
        except DerError:
            continue
    return tuple(points)


def _point(parts: Iterable[Element]) -> Point:
    names: tuple[bytes, ...] = ()
    reasons: tuple[str, ...] = ()
    issuers: tuple[bytes, ...] = ()
    relative = b""
    for part in parts:
        match part.tag:
            case 0xA0:
                names, relative = _point_name(part)
            case 0x81:
                reasons = _reasons(part)
            case 0xA2:
                issuers = directory_names(few(part.content))
            case _:
                pass
    return Point(names=names, relative=relative, reasons=reasons, issuers=issuers)


def _point_name(element: Element) -> tuple[tuple[bytes, ...], bytes]:
    """Read a DistributionPointName: full names, or one relative to the CRL's issuer."""
    choice = der.first(element)
    match choice.tag:
        case 0xA0:
            return tuple(name.raw for name in few(choice.content)), b""
        case 0xA1:
            return (), choice.content
        case _:
            raise DerError("a distribution point without a name")


def _reasons(element: Element) -> tuple[str, ...]:
    bits = der.bits(Element(der.BIT_STRING, element.content, element.raw))
    known = (_REASONS[bit] if bit < len(_REASONS) else f"bit {bit}" for bit in bits)
    return tuple(name for name in known if name)


def full_names(points: bytes) -> tuple[bytes, ...]:
    """Return the names in a CRLDistributionPoints value; raises ``DerError``."""
    elements = few(der.only(points, der.SEQUENCE).content)
    return tuple(name for element in elements for name in _point(few(element.content, 3)).names)


def uris(names: Iterable[bytes]) -> tuple[str, ...]:
    """Return those GeneralNames (as encoded) that are URIs, as visible text."""
    found = [next(der.elements(name)) for name in names]
    return tuple(visible(name.content) for name in found if name.tag == URI)


def directory_names(names: Iterable[Element]) -> tuple[bytes, ...]:
    """Return those GeneralNames that are directory names, as Names in DER; raises ``DerError``."""
    found = (name for name in names if name.tag == _DIRECTORY)
    return tuple(der.only(name.content, der.SEQUENCE).raw for name in found)


def read_scope(scope: bytes) -> IssuingPoint:
    """Read an issuing distribution point extension; never raises."""
    if not scope:
        return IssuingPoint()
    try:
        return _issuing(few(der.only(scope, der.SEQUENCE).content, 6))
    except DerError:
        return IssuingPoint(readable=False)


def _issuing(parts: Iterable[Element]) -> IssuingPoint:
    names: tuple[bytes, ...] = ()
    reasons: tuple[str, ...] = ()
    relative = b""
    flags: set[int] = set()
    for part in parts:
        match part.tag:
            case 0xA0:
                names, relative = _point_name(part)
            case 0x83:
                reasons = _reasons(part)
            case 0x81 | 0x82 | 0x84 | 0x85:
                flags |= {part.tag} if part.content != b"\0" else set()
            case _:
                raise DerError("a part that RFC 5280 does not know")
    return IssuingPoint(
        names=names,
        relative=relative,
        only_user=0x81 in flags,
        only_ca=0x82 in flags,
        only_attribute=0x85 in flags,
        reasons=reasons,
        indirect=0x84 in flags,
    )


def indirect_scope(scope: bytes) -> bool:
    """Say whether the list holds entries of several issuers (RFC 5280 5.2.5)."""
    return read_scope(scope).indirect


def cover(scope: bytes, list_issuer: bytes, certificate: bytes) -> tuple[Cover, str]:
    """Say whether a CRL of ``list_issuer`` with this scope covers the certificate, and why not."""
    facts, issuing = read_certificate(certificate), read_scope(scope)
    if not issuing.readable:
        return Cover.UNREADABLE, "its issuing distribution point cannot be read"
    # RFC 5280 6.3.3 (the end): a list that no point names counts if the issuer itself made it.
    fallback = Point(names=(_as_general(facts.issuer_der),))
    points = [
        point
        for point in (*distribution_points(certificate), fallback)
        if _same_issuer(point, issuing, list_issuer, facts.issuer_der)
    ]
    if not points:
        return Cover.OTHER_ISSUER, "it was made by another issuer than the certificate's"
    matching = [point for point in points if _same_point(point, issuing, list_issuer)]
    if len(matching) > 1 and fallback in matching:
        matching.remove(fallback)
    if not matching:
        return Cover.OTHER_POINT, "it is another part of the CA's list than the certificate names"
    # RFC 5280 6.3.3 (b) (2)
    if issuing.only_attribute:
        return Cover.OTHER_KIND, "it is for attribute certificates only"
    if issuing.only_user and facts.is_ca:
        return Cover.OTHER_KIND, "it is for end entities only, and this is a CA's certificate"
    if issuing.only_ca and not facts.is_ca:
        return Cover.OTHER_KIND, "it is for CA certificates only, and this is an end entity's"
    if issuing.reasons:
        return Cover.SOME_REASONS, f"it tells of these reasons only: {', '.join(issuing.reasons)}"
    if all(point.reasons for point in matching):
        named = dict.fromkeys(reason for point in matching for reason in point.reasons)
        return Cover.SOME_REASONS, f"the certificate names it for some reasons: {', '.join(named)}"
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
    return encoded(_DIRECTORY, name)
