"""A pasted or saved bounce mail taken apart (RFC 2045, RFC 6522), its parts decoded and as text.

Only what looks like a mail with MIME parts is read so; all else is text already.  Parts that came back
with the report (``message/rfc822``, ``text/rfc822-headers``) are left out: they are the sender's own.
"""

import html
import re
from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.message import Message
from email.parser import Parser
from itertools import islice

from mxwalk import limits

_MIME = re.compile(
    r"^[> \t]{0,8}content-(?:type|transfer-encoding) ?:", re.IGNORECASE | re.MULTILINE
)
_BEGINS = re.compile(r"\A\s*(?:From [^\n]{1,400}\n)?[A-Za-z][\w-]{0,60} ?:[^\n]*\n")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_BLOCK = re.compile(r"<(?:br|/?p|/?div|/?tr|/?li|/?h\d)\b[^<>]{0,500}>", re.IGNORECASE)
_BREAK = re.compile(r"\r+\n?")  # terminals paste CR, and some CR before each CRLF
_ENCODED = ("base64", "quoted-printable")


class _Bounded(policy.Compat32):
    """Reads each field up to a bound: what takes parameters apart is quadratic in their length."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[: limits.CLUE_LINE_CHARS]


def is_mail(text: str) -> bool:
    """Say whether a text begins like a message and has MIME fields."""
    head = _BREAK.sub("\n", text[: limits.CLUE_HEAD_CHARS])
    return bool(_BEGINS.match(head) and _MIME.search(head))


def is_report(text: str) -> bool:
    """Say whether a mail is a delivery status notification, by its own words (RFC 6522 3)."""
    head = text[: limits.CLUE_HEAD_CHARS].lower()
    return "report-type=delivery-status" in head.replace('"', "") or (
        "message/delivery-status" in text.lower()
    )


def parts(text: str) -> list[str]:
    """Return the readable parts of a mail, the delivery status first; empty if it cannot be read."""
    try:
        message = Parser(policy=_Bounded()).parsestr(_BREAK.sub("\n", text))
        found = list(islice(_readable(message), limits.CLUE_PARTS))
    except (MessageError, ValueError, LookupError, RecursionError):
        return []
    plain = [words for kind, words in found if kind != "text/html"]
    return plain or [words for _, words in found]


def _readable(message: Message) -> Iterator[tuple[str, str]]:
    """Yield (type, text) of the parts; what is inside the returned message is left out."""
    kind = message.get_content_type()
    if kind == "message/delivery-status":
        yield kind, _status(message)
    elif kind in ("message/rfc822", "text/rfc822-headers", "message/global"):
        return
    elif message.is_multipart():
        for part in islice(message.get_payload(), limits.CLUE_PARTS):
            if isinstance(part, Message):
                yield from _readable(part)
    elif kind.startswith("text/"):
        words = _decoded(message)
        yield kind, _without_tags(words) if kind == "text/html" else words


def _status(message: Message) -> str:
    """Return the fields of a delivery status, which the parser has read as messages of their own."""
    payload = message.get_payload()
    if not isinstance(payload, list):
        return _decoded(message)
    groups = [
        one.as_string() for one in payload[: limits.CLUE_RECIPIENTS * 5] if isinstance(one, Message)
    ]
    words = "\n".join(groups)
    encoding = str(message.get("Content-Transfer-Encoding", "")).strip().lower()
    if encoding in _ENCODED:  # encoded although RFC 6522 3 wants 7bit: it was read as it stood
        inner = Message(policy.compat32)
        inner["Content-Transfer-Encoding"] = encoding
        inner.set_payload(words.strip())
        return _decoded(inner)
    return words


def _decoded(part: Message) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return str(part.get_payload() or "")
    charset = part.get_content_charset("utf-8")
    try:
        return data.decode(charset, "replace")
    except (LookupError, ValueError):
        return data.decode("utf-8", "replace")


def _without_tags(words: str) -> str:
    return html.unescape(_TAG.sub(" ", _BLOCK.sub("\n", words)))
