"""Distribution points of certificates and of CRLs, as they stand (RFC 5280 4.2.1.13, 5.2.5)."""

from collections.abc import Iterable
from dataclasses import dataclass

from mxwalk.revocation.extension import extension_of, few
from mxwalk.text import visible
from mxwalk.tls import der
from mxwalk.tls.certificate_names import URI
from mxwalk.tls.der import DerError, Element

_POINTS = "2.5.29.31"
DIRECTORY_NAME = 0xA4
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
    found = (name for name in names if name.tag == DIRECTORY_NAME)
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
