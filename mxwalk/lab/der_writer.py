"""Writing DER (ITU-T X.690) where no builder makes what the lab needs."""

from datetime import UTC, datetime


def element(tag: int, *contents: bytes) -> bytes:
    """Return one element with that tag octet around the contents."""
    content = b"".join(contents)
    return bytes([tag]) + length(len(content)) + content


def length(size: int) -> bytes:
    """Return a length (X.690 8.1.3)."""
    if size < 0x80:
        return bytes([size])
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(octets)]) + octets


def sequence(*contents: bytes) -> bytes:
    """Return a SEQUENCE of elements."""
    return element(0x30, *contents)


def integer(value: int, tag: int = 0x02) -> bytes:
    """Return an INTEGER (X.690 8.3), or with another tag an ENUMERATED."""
    size = value.bit_length() // 8 + 1
    return element(tag, value.to_bytes(size, "big", signed=True))


def octets(value: bytes) -> bytes:
    """Return an OCTET STRING."""
    return element(0x04, value)


def bits(value: bytes) -> bytes:
    """Return a BIT STRING without unused bits."""
    return element(0x03, b"\x00", value)


def general_time(moment: datetime) -> bytes:
    """Return a GeneralizedTime as RFC 5280 4.1.2.5.2 wants it."""
    return element(0x18, moment.astimezone(UTC).strftime("%Y%m%d%H%M%SZ").encode("ascii"))


def content(der: bytes) -> bytes:
    """Return what is inside one element (X.690 8.1)."""
    first = der[1]
    return der[2:] if first < 0x80 else der[2 + (first & 0x7F) :]
