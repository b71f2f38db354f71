"""Where reports go: one URI of ``rua`` (RFC 8460 3), ``mailto:`` or ``https:``.

Commas, exclamation marks and semicolons must be percent-encoded in it; other schemes are not
defined, and a sender that meets one has nowhere to send.
"""

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass

from mxwalk.language import noted, say
from mxwalk.text import visible

# RFC 3986: unreserved, reserved without "," "!" ";" and "#", which is legal only once; and escapes.
_URI_CHAR = re.compile(r"[A-Za-z0-9\-._~:/?\[\]@$&'()*+=#%]")
_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_MAILBOX = re.compile(r"[^@\s]{1,256}@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)*")
_HTTPS = re.compile(
    r"https://(?:[^/?#@]*@)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~-]+)(?::\d{1,5})?(?=[/?#]|$)",
    re.IGNORECASE,
)
_SHOWN = 160


class Fault(enum.Enum):
    """What deviates from the grammar of RFC 8460 3."""

    VERSION = "version"
    VERSION_CASE = "version-case"
    VERSION_SPACE = "version-space"
    VERSION_ALONE = "version-alone"
    VERSION_TWICE = "version-twice"
    NO_RUA = "no-rua"
    RUA_CASE = "rua-case"
    RUA_TWICE = "rua-twice"
    SPACE = "space"
    EMPTY_FIELD = "empty-field"
    EMPTY_URI = "empty-uri"
    NO_SCHEME = "no-scheme"
    SCHEME = "scheme"
    MAILBOX = "mailbox"
    HTTPS = "https"
    NOT_ENCODED = "not-encoded"
    CHARACTER = "character"
    ESCAPE = "escape"
    FIELD = "field"
    FIELD_NAME = "field-name"
    FIELD_VALUE = "field-value"
    UNKNOWN = "unknown-field"
    LONG = "long"


class Cost(enum.Enum):
    """What a deviation costs."""

    RECORD = noted("the whole record")
    DESTINATION = noted("this destination")
    NOTHING = noted("nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A deviation: at which character (counted from 1), and one printable sentence."""

    fault: Fault
    cost: Cost
    at: int
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """One URI as written, its scheme in lower case, and whether a sender can report there."""

    uri: str
    scheme: str
    usable: bool


def read_destination(uri: str, at: int) -> tuple[Destination, tuple[Remark, ...]]:
    """Read one URI that stands at character ``at``; total."""
    found = _SCHEME.match(uri)
    scheme = found.group(1).lower() if found else ""
    remarks = tuple(_remarks(uri, scheme, at))
    usable = all(remark.cost is Cost.NOTHING for remark in remarks)
    return Destination(uri=uri, scheme=scheme, usable=usable), remarks


def _lost(fault: Fault, at: int, sentence: str) -> Remark:
    return Remark(fault=fault, cost=Cost.DESTINATION, at=at, sentence=sentence)


def _remarks(uri: str, scheme: str, at: int) -> Iterator[Remark]:
    shown = visible(uri, _SHOWN)
    if not uri:
        yield _lost(Fault.EMPTY_URI, at, say("there is no URI where one belongs"))
        return
    yield from _characters(uri, at)
    match scheme:
        case "":
            hint = say("; a mailbox is written mailto:{shown}", shown=shown) if "@" in uri else ""
            yield _lost(
                Fault.NO_SCHEME, at, say("{shown} has no scheme{hint}", shown=shown, hint=hint)
            )
        case "mailto":
            mailbox = uri.split(":", 1)[1].split("?", 1)[0]
            if not _MAILBOX.fullmatch(mailbox):
                yield _lost(Fault.MAILBOX, at, say("{shown} names no mailbox", shown=shown))
        case "https":
            if not _HTTPS.match(uri):
                yield _lost(Fault.HTTPS, at, say("{shown} names no host", shown=shown))
        case "http":
            yield _lost(
                Fault.SCHEME, at, say("{shown}: reports go by https:, not by http:", shown=shown)
            )
        case _:
            words = say("{shown}: only mailto: and https: are defined", shown=shown)
            yield _lost(Fault.SCHEME, at, words)


def _characters(uri: str, at: int) -> Iterator[Remark]:
    """Say which characters must be encoded or cannot stand there; the first of each."""
    seen: set[str] = set()
    for number, char in enumerate(uri):
        if char in seen or _URI_CHAR.match(char):
            continue
        seen.add(char)
        if char in ",!;":  # RFC 8460 3: tlsrpt-uri
            more = say(" (the size limits of DMARC do not exist here)") if char == "!" else ""
            words = say(
                "{char!r} must be written as %{ord:02X}{more}", char=char, ord=ord(char), more=more
            )
            yield _lost(Fault.NOT_ENCODED, at + number, words)
        elif len(seen) <= 5:
            words = say(
                "the character {char!r} cannot stand in a URI (RFC 3986)", char=visible(char)
            )
            yield _lost(Fault.CHARACTER, at + number, words)
    if (found := _ESCAPE.search(uri)) is not None:
        words = say("'%' is not followed by two hexadecimal digits")
        yield _lost(Fault.ESCAPE, at + found.start(), words)
