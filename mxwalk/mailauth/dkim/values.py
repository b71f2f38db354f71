"""Values of DKIM tags: base64, folded text, quoted-printable (RFC 6376 2.10, 2.11)."""

import binascii
import re

from mxwalk.mailauth.tags import TagList

_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")
_SPACE = re.compile(r"[ \t\r\n]+")
_QUOTED = re.compile(r"=([0-9A-F]{2})")


def compact(value: str) -> str:
    """Return a value without its folding white space."""
    return _SPACE.sub("", value)


def decode_base64(value: str) -> bytes | None:
    """Return the octets of base64 with white space in it, ``None`` if it is none (RFC 6376 2.10)."""
    text = compact(value)
    if not text or len(text) % 4 or not _BASE64.fullmatch(text):
        return None
    try:
        return binascii.a2b_base64(text)
    except binascii.Error:
        return None


def decode_quoted(value: str) -> str:
    """Return the text of DKIM-Quoted-Printable (RFC 6376 2.11); white space stands for nothing."""
    octets = _QUOTED.sub(lambda match: chr(int(match[1], 16)), compact(value))
    return octets.encode("latin-1", "replace").decode("utf-8", "surrogateescape")


def tag_text(tags: TagList, name: str) -> str:
    """Return a tag's value as UTF-8 text, which RFC 8616 allows in ``d=``, ``s=`` and ``i=``."""
    return (tags.get(name) or "").encode("latin-1").decode("utf-8", "surrogateescape")
