"""Extensions of certificates, lists and responses by their identifier (RFC 5280 4.2 and 5.2).

Peers may send millions of tiny elements; ``few`` reads as many as a real one has and refuses more.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from mxwalk.limits import DER_PARTS
from mxwalk.tls import der
from mxwalk.tls.der import DerError, Element

_EXTENSIONS_OF_CERTIFICATE = 0xA3  # extensions [3] (RFC 5280 4.1)
ENUMERATED = 0x0A


@dataclass(frozen=True, slots=True)
class Extension:
    """One extension: its identifier as dotted numbers, whether it is critical, its value."""

    oid: str
    critical: bool
    value: bytes


def few(data: bytes, most: int = DER_PARTS, *, least: int = 0) -> tuple[Element, ...]:
    """Return the elements of ``data``; raises ``DerError`` if there are too many or too few."""
    found = tuple(islice(der.elements(data), most + 1))
    if len(found) > most:
        raise DerError(f"more than {most} parts")
    if len(found) < least:
        raise DerError("parts are missing")
    return found


def read_extensions(data: bytes) -> tuple[Extension, ...]:
    """Read the SEQUENCE OF Extension that ``data`` is; raises ``DerError``."""
    return tuple(_extension(one) for one in few(der.only(data, der.SEQUENCE).content))


def _extension(element: Element) -> Extension:
    parts = few(der.expect(element, der.SEQUENCE).content, 3, least=2)
    critical = len(parts) == 3 and der.expect(parts[1], der.BOOLEAN).content != b"\0"
    return Extension(der.oid(parts[0]), critical, der.expect(parts[-1], der.OCTET_STRING).content)


@lru_cache(maxsize=256)
def extension_of(certificate: bytes, oid: str) -> bytes | None:
    """Return the value of a certificate's extension; ``None`` without it or if it cannot be read."""
    try:
        body = few(der.only(certificate, der.SEQUENCE).content, 3, least=3)[0]
        block = next((p for p in few(body.content) if p.tag == _EXTENSIONS_OF_CERTIFICATE), None)
        found = few(der.only(block.content, der.SEQUENCE).content) if block else ()
    except DerError:
        return None
    for element in found:
        try:
            extension = _extension(element)
        except DerError:
            continue
        if extension.oid == oid:
            return extension.value
    return None


def serial_of(certificate: bytes) -> bytes:
    """Return a certificate's serial number, the INTEGER as encoded; empty if it cannot be read."""
    try:
        body = few(der.only(certificate, der.SEQUENCE).content, 3, least=3)[0]
        parts = few(body.content)
        return next(part.raw for part in parts if part.tag == der.INTEGER)
    except (DerError, StopIteration):
        return b""


def encoded(tag: int, content: bytes) -> bytes:
    """Encode an element in DER."""
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + content
