"""Messages attached to a message (``message/rfc822``, RFC 2046 5.2.1), octet for octet.

DKIM signs octets, so parts are cut out at their boundaries and not rebuilt.  Only ``multipart`` one
or two levels deep is looked into, within bounds; what is encoded is decoded (mail programs do that
against RFC 2046 5.2.1).
"""

import binascii
import quopri
import re
from collections.abc import Iterator

from mxwalk.limits import MESSAGE_PART_DEPTH, REPORT_MAIL_PARTS
from mxwalk.mailauth.message import HeaderField, Message, read_message

_BOUNDARY = re.compile(r'(?i);\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))')


def attached_messages(raw: bytes) -> tuple[bytes, ...]:
    """Return the attached messages of a message with CRLF line ends, in order; none is common."""
    found = []
    for one in _attached(raw, 0):
        found.append(one)
        if len(found) == REPORT_MAIL_PARTS:
            break
    return tuple(found)


def _attached(raw: bytes, depth: int) -> Iterator[bytes]:
    message = read_message(raw)
    kind = _value(message, "content-type")
    if kind.lower().startswith("message/rfc822") and depth:
        yield _decoded(message)
    elif kind.lower().startswith("multipart/") and depth < MESSAGE_PART_DEPTH:
        boundary = _BOUNDARY.search(kind)
        if boundary:
            for part in _parts(message.body, boundary[1] or boundary[2]):
                yield from _attached(part, depth + 1)


def _value(message: Message, name: str) -> str:
    field: HeaderField | None = next(iter(message.named(name)), None)
    return field.value[:2_000] if field else ""


def _parts(body: bytes, boundary: str) -> Iterator[bytes]:
    """Yield the parts between the boundary lines (RFC 2046 5.1.1)."""
    line = re.compile(rb"(?:\A|\r\n)--" + re.escape(boundary.encode()) + rb"(--)?[ \t]*(?=\r\n|\Z)")
    start = -1
    for number, match in enumerate(line.finditer(body)):
        if start >= 0:
            yield body[start : match.start()]
        if match[1] or number > REPORT_MAIL_PARTS:
            return
        start = match.end() + 2
    if start >= 0:
        yield body[start:]


def _decoded(part: Message) -> bytes:
    match _value(part, "content-transfer-encoding").lower():
        case "base64":
            try:
                return binascii.a2b_base64(part.body)
            except binascii.Error:
                return part.body
        case "quoted-printable":
            return quopri.decodestring(part.body)
        case _:
            return part.body
