r"""What is odd about a message, and bringing a saved one into the form it had on the wire.

A message saved by a mail program has its own line ends; DKIM is defined over CRLF (RFC 6376 5.3), so
``to_wire`` restores them before anything is verified and says what it did.
"""

import enum
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from mxwalk.language import say
from mxwalk.limits import MESSAGE_LINE_BYTES

# RFC 5322 3.6: at most once.
_ONCE = [
    "date",
    "from",
    "sender",
    "reply-to",
    "to",
    "cc",
    "bcc",
    "message-id",
    "in-reply-to",
    "references",
    "subject",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
]


class Oddity(enum.Enum):
    """Kinds of deviations."""

    BARE_LF = "bare LF"
    BARE_CR = "bare CR"
    NUL = "NUL"
    LONG_LINE = "over-long line"
    NO_BLANK_LINE = "no empty line"
    MBOX_FROM = "mbox From line"
    NOT_A_FIELD = "not a header field"
    STRAY_FOLD = "stray continuation"
    SPACE_BEFORE_COLON = "white space before the colon"
    EIGHT_BIT_HEADER = "8-bit octets in the header"
    TOO_MANY = "more than is read"
    NO_FROM = "no From"
    NO_DATE = "no Date"
    REPEATED = "repeated field"


@dataclass(frozen=True, slots=True)
class Deviation:
    """Something odd, the first line it is in, and what it is in words."""

    kind: Oddity
    line: int
    what: str


def field_oddities(fields: Iterable[tuple[str, bytes, int]]) -> list[Deviation]:
    """Return what is odd about header fields, given as name, octets and line; one of each kind."""
    found: dict[Oddity, Deviation] = {}
    counts: Counter[str] = Counter()
    places: dict[str, int] = {}
    for name, raw, line in fields:
        counts[name.lower()] += 1
        if counts[name.lower()] == 2:
            places[name.lower()] = line
        for kind, what in _field_oddity(raw):
            found.setdefault(
                kind, Deviation(kind, line, say("{what} (field {name})", what=what, name=name[:60]))
            )
    if not counts["from"]:
        found[Oddity.NO_FROM] = Deviation(Oddity.NO_FROM, 1, say("there is no From field"))
    if not counts["date"]:
        found[Oddity.NO_DATE] = Deviation(Oddity.NO_DATE, 1, say("there is no Date field"))
    repeated = [
        Deviation(
            Oddity.REPEATED,
            places[name],
            say(
                "{counts} {title} fields; RFC 5322 3.6 allows one",
                counts=counts[name],
                title=name.title(),
            ),
        )
        for name in _ONCE
        if counts[name] > 1
    ]
    return [*found.values(), *repeated]


def _field_oddity(raw: bytes) -> Iterable[tuple[Oddity, str]]:
    if raw.partition(b":")[0].endswith((b" ", b"\t")):
        yield Oddity.SPACE_BEFORE_COLON, say("white space stands before the colon")
    if not raw.isascii():
        yield Oddity.EIGHT_BIT_HEADER, say("octets over 127 need SMTPUTF8 (RFC 6532)")
    yield from _octet_oddities(raw)


def body_oddities(body: bytes, line: int) -> list[Deviation]:
    """Return what is odd about a body that begins at ``line``."""
    return [
        Deviation(kind, line, say("{what} (body)", what=what))
        for kind, what in _octet_oddities(body)
    ]


def _octet_oddities(octets: bytes) -> Iterable[tuple[Oddity, str]]:
    both = octets.count(b"\r\n")
    if (bare := octets.count(b"\n") - both) > 0:
        yield Oddity.BARE_LF, say("{bare} lines end with LF alone (RFC 5321 2.3.8)", bare=bare)
    if (bare := octets.count(b"\r") - both) > 0:
        yield Oddity.BARE_CR, say("CR stands {bare} times without LF (RFC 5321 2.3.8)", bare=bare)
    if nuls := octets.count(b"\0"):
        yield Oddity.NUL, say("{nuls} NUL octets (RFC 5322 4)", nuls=nuls)
    longest = max((len(one) for one in octets.split(b"\n")), default=0)
    if longest > MESSAGE_LINE_BYTES + 1:
        yield (
            Oddity.LONG_LINE,
            say(
                "a line of {longest} octets; 998 are allowed (RFC 5322 2.1.1)", longest=longest - 1
            ),
        )


def begins_mbox(octets: bytes) -> bool:
    """Say whether an mbox ``From `` line comes first, which ``From :`` is not."""
    return octets.startswith((b"From ", b">From ")) and not octets[5:].lstrip(b" \t").startswith(
        b":"
    )


def to_wire(octets: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Return a saved or pasted message with CRLF line ends, and what had to be done for it.

    Line ends are changed only where all are of one foreign kind; a mixture is left as it is.
    """
    notes: list[str] = []
    if octets.startswith(b"\xef\xbb\xbf"):
        octets = octets[3:]
        notes.append(say("a byte order mark before the first line was removed"))
    elif octets.startswith((b"\xff\xfe", b"\xfe\xff")):
        octets = octets.decode("utf-16", "replace").encode()
        notes.append(
            say("the file is UTF-16 and was converted; signatures over 8-bit text will not agree")
        )
    stripped = octets.lstrip(b"\r\n")
    if len(stripped) != len(octets):
        octets = stripped
        notes.append(say("empty lines before the first header field were removed"))
    if b"\n" not in octets and b"\r" in octets:
        octets = octets.replace(b"\r", b"\r\n")
        notes.append(say("lines ended with CR alone; CRLF was restored"))
    elif b"\n" in octets and b"\r\n" not in octets:
        octets = octets.replace(b"\n", b"\r\n")
        notes.append(say("lines ended with LF alone, as saved files do; CRLF was restored"))
    elif bare := octets.count(b"\n") - octets.count(b"\r\n"):
        notes.append(say("{bare} lines end with LF alone and were left as they are", bare=bare))
    if begins_mbox(octets):
        octets = octets.partition(b"\r\n")[2] if b"\r\n" in octets else octets
        notes.append(say("the mbox 'From ' line before the header was removed"))
    return octets, tuple(notes)
