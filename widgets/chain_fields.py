"""Rows of a name and a value, each with what is copied from it, for the tabs of the chain view."""

import base64

from textual.content import Content

from mxwalk.language import noted
from widgets.plain import Look, fit, line, shorten, wrap
from widgets.row import Row

LABEL = 13


def field(
    key: object, name: str, value: Content, width: int, *, copy: str = "", what: str = ""
) -> Row:
    """Return a row with a name before a value; ``copy`` is the value in full where it was cut."""
    lines = wrap(line(fit(name, LABEL, Look.DIM)) + value, width, indent=LABEL)
    return Row(
        key=("tab", name, key), lines=tuple(lines), copy=copy or value.plain, what=what or name
    )


def note(
    key: object,
    words: Content,
    width: int,
    *,
    copy: str = "",
    what: str = noted("line"),
    indent: int = 2,
) -> Row:
    """Return a row of plain words."""
    return Row(
        key=("tab", key),
        lines=tuple(wrap(words, width, indent=indent)),
        copy=copy or words.plain.strip(),
        what=what,
    )


def grouped(digest: str) -> str:
    """Write hexadecimal digits in groups of eight."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))


def short(text: str, limit: int = 400) -> str:
    """Bound a text for the screen; what is copied has the whole."""
    return shorten(text, limit)


def pem(der: bytes) -> str:
    """Return a certificate as PEM (RFC 7468)."""
    text = base64.b64encode(der).decode("ascii")
    lines = [text[start : start + 64] for start in range(0, len(text), 64)]
    return "\n".join(("-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""))
