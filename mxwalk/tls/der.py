"""A reader of DER (ITU-T X.690) that gives up one element at a time instead of all at once.

Certificates in the field are broken in parts, and one bad name must not hide the others.  Elements
are read flat, without recursion, and never beyond the bytes given; what is malformed raises
``DerError``, which the readers of certificates turn into a note.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from mxwalk.limits import DER_INTEGER_BYTES, DER_OID_BYTES

BOOLEAN = 0x01
INTEGER = 0x02
BIT_STRING = 0x03
OCTET_STRING = 0x04
OID = 0x06
SEQUENCE = 0x30
SET = 0x31
UTC_TIME = 0x17
GENERALIZED_TIME = 0x18

_ENCODINGS = {
    0x0C: "utf-8",  # UTF8String
    0x14: "latin-1",  # TeletexString, as everyone reads it
    0x1C: "utf-32-be",  # UniversalString
    0x1E: "utf-16-be",  # BMPString
}


class DerError(ValueError):
    """Bytes that are not DER, or not the element expected; the message says which."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its tag octet, its contents, and itself as encoded."""

    tag: int
    content: bytes
    raw: bytes

    def children(self) -> tuple["Element", ...]:
        """Return the elements of a constructed one."""
        return tuple(elements(self.content))


def elements(data: bytes) -> Iterator[Element]:
    """Yield the elements that ``data`` consists of; raises ``DerError`` at the first bad one."""
    at = 0
    while at < len(data):
        start = at
        tag = data[at]
        if tag & 0x1F == 0x1F:
            raise DerError("a tag of more than one octet")
        content, at = _content(data, at + 1)
        yield Element(tag, content, data[start:at])


def _content(data: bytes, at: int) -> tuple[bytes, int]:
    """Read length and contents at ``at``; return the contents and the position behind them."""
    if at >= len(data):
        raise DerError("the encoding ends before a length")
    size = data[at]
    at += 1
    if size >= 0x80:
        octets = size & 0x7F
        if not 1 <= octets <= 4 or at + octets > len(data):
            raise DerError("a length that DER does not allow")
        size = int.from_bytes(data[at : at + octets], "big")
        at += octets
    if at + size > len(data):
        raise DerError("an element is cut short")
    return data[at : at + size], at + size


def only(data: bytes, tag: int) -> Element:
    """Return the single element ``data`` consists of; raises ``DerError`` for anything else."""
    found = tuple(elements(data))
    if len(found) != 1:
        raise DerError("not exactly one element")
    return expect(found[0], tag)


def first(element: Element) -> Element:
    """Return the first element inside a constructed one; raises ``DerError`` if there is none."""
    for child in elements(element.content):
        return child
    raise DerError("nothing in it")


def expect(element: Element, tag: int) -> Element:
    """Return ``element`` if it has the tag; raises ``DerError`` otherwise."""
    if element.tag != tag:
        raise DerError(f"tag 0x{element.tag:02x} where 0x{tag:02x} belongs")
    return element


def integer(element: Element) -> int:
    """Read an INTEGER."""
    return integer_from(expect(element, INTEGER).content)


def integer_from(content: bytes) -> int:
    """Read the contents of an INTEGER (of an implicitly tagged one, say)."""
    if not 1 <= len(content) <= DER_INTEGER_BYTES:
        raise DerError("an integer without or with too many octets")
    return int.from_bytes(content, "big", signed=True)


def oid(element: Element) -> str:
    """Read an OBJECT IDENTIFIER as dotted numbers."""
    return oid_from(expect(element, OID).content)


def oid_from(content: bytes) -> str:
    """Read the contents of an OBJECT IDENTIFIER (X.690 8.19)."""
    if not 1 <= len(content) <= DER_OID_BYTES or content[-1] & 0x80:
        raise DerError("an object identifier that cannot be read")
    arcs: list[int] = []
    value = 0
    for octet in content:
        value = (value << 7) | (octet & 0x7F)
        if not octet & 0x80:
            arcs.append(value)
            value = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(str(arc) for arc in (first, arcs[0] - 40 * first, *arcs[1:]))


def string(element: Element) -> bytes | str:
    """Read a character string; bytes that its type does not allow come back as they are."""
    try:
        return element.content.decode(_ENCODINGS.get(element.tag, "ascii"))
    except UnicodeDecodeError:
        return element.content


def bits(element: Element) -> tuple[int, ...]:
    """Return the numbers of the bits set in a BIT STRING, bit 0 first."""
    content = expect(element, BIT_STRING).content
    if not content or content[0] > 7 or len(content) > DER_OID_BYTES:
        raise DerError("a bit string that cannot be read")
    return tuple(
        index * 8 + bit
        for index, octet in enumerate(content[1:])
        for bit in range(8)
        if octet & (0x80 >> bit)
    )


_UTC_TIME = re.compile(rb"(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z")
_GENERALIZED_TIME = re.compile(rb"(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z")


def time(element: Element) -> datetime:
    """Read a UTCTime or GeneralizedTime in the forms RFC 5280 4.1.2.5 allows."""
    pattern = {UTC_TIME: _UTC_TIME, GENERALIZED_TIME: _GENERALIZED_TIME}.get(element.tag)
    match = pattern.fullmatch(element.content) if pattern else None
    if match is None:
        raise DerError("a time in another form than RFC 5280 4.1.2.5 allows")
    year, month, day, hour, minute, second = (int(part) for part in match.groups())
    if element.tag == UTC_TIME:
        year += 1900 if year >= 50 else 2000  # RFC 5280 4.1.2.5.1
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError as error:
        raise DerError("a time that does not exist") from error
