"""The parts a certificate consists of, taken apart and not yet understood (RFC 5280 4.1)."""

from dataclasses import dataclass

from mxwalk.tls import der
from mxwalk.tls.der import DerError, Element

_VERSION, _EXTENSIONS = 0xA0, 0xA3  # version [0], extensions [3] (RFC 5280 4.1)
_POINTS = frozenset({0x02, 0x03, 0x04})  # compressed, uncompressed (RFC 5480 2.2)


@dataclass(frozen=True, slots=True)
class Parts:
    """The elements of a TBSCertificate (RFC 5280 4.1)."""

    version: int
    serial: Element
    signature: Element
    issuer: Element
    validity: Element
    subject: Element
    spki: Element
    extensions: Element | None
    outer_signature: Element


def take_apart(data: bytes) -> Parts:
    """Return the parts of a certificate in DER; raises ``DerError``."""
    outer = der.only(data, der.SEQUENCE).children()
    if len(outer) != 3:
        raise DerError("it does not have three parts")
    parts = list(der.expect(outer[0], der.SEQUENCE).children())
    version = 1
    if parts and parts[0].tag == _VERSION:
        version = 1 + der.integer(der.only(parts.pop(0).content, der.INTEGER))
    if len(parts) < 6:
        raise DerError("parts are missing")
    extensions = next((part for part in parts[6:] if part.tag == _EXTENSIONS), None)
    serial, signature, issuer, validity, subject, spki = parts[:6]
    return Parts(version, serial, signature, issuer, validity, subject, spki, extensions, outer[1])


def algorithm_oid(
    element: Element, which: str, problems: list[str], *, nested: bool = False
) -> str:
    """Return the identifier an AlgorithmIdentifier starts with (in a key, one level down)."""
    try:
        first = der.first(der.expect(element, der.SEQUENCE))
        if nested:
            first = der.first(der.expect(first, der.SEQUENCE))
        return der.oid(first)
    except DerError as error:
        problems.append(f"the {which} algorithm cannot be read: {error}")
        return ""


def rsa_exponent(spki: Element) -> int:
    """Return the public exponent of an RSA key, 0 when it cannot be read."""
    try:
        key = der.expect(spki.children()[1], der.BIT_STRING).content[1:]
        return der.integer(der.only(key, der.SEQUENCE).children()[1])
    except (DerError, IndexError):
        return 0


def explicit_curve(spki: Element) -> bool:
    """Say whether the curve is spelt out, which RFC 5480 2.1.1 forbids, around a point."""
    try:
        algorithm, bits = spki.children()
        point = der.expect(bits, der.BIT_STRING).content[1:]
        spelt_out = algorithm.children()[1].tag == der.SEQUENCE
    except (DerError, IndexError, ValueError):
        return False
    return spelt_out and len(point) > 2 and point[0] in _POINTS
