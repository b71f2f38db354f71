"""What a reply and an EHLO response consist of, with every deviation kept beside the reading.

Parsers never raise on what a peer sent: a deviation is a member of ``Deviation`` on its line.
"""

import enum
import re
from dataclasses import dataclass

from mxwalk.language import noted
from mxwalk.text import visible

_MASKED = frozenset(b"20* \t\r\n")
_ENHANCED = re.compile(rb"([245]\.[0-9]{1,3}\.[0-9]{1,3})(?= |$)")  # RFC 2034 4, RFC 3463 2

SERVICE_CLOSING = 421  # RFC 5321 3.8, 4.2.2: nothing is said to such a server any more
IMPLICIT_TLS_PORT = 465  # RFC 8314 3.3: TLS from the first byte


class Deviation(enum.Enum):
    """A departure from RFC 5321 4.2 / RFC 1869 in a reply line or in a whole reply."""

    BARE_LF = noted("a line ends in LF without CR")
    BARE_CR = noted("a CR stands without LF")
    NUL = noted("a NUL byte")
    EIGHT_BIT = noted("bytes above 127")
    CONTROL = noted("a control character")
    LINE_TOO_LONG = noted("a line over 512 octets")
    LINE_CUT = noted("a line over 8 KiB, not read to its end")
    REPLY_CUT = noted("a reply over 64 KiB, not read to its end")
    TOO_MANY_LINES = noted("more than 100 lines")
    NO_CODE = noted("a line without a three-digit code")
    CODE_RANGE = noted("a code outside those of RFC 5321 4.2 (200 to 559)")
    CODE_CHANGED = noted("the code changes inside one reply")
    NO_SEPARATOR = noted("neither space nor hyphen after the code")
    INCOMPLETE = noted("the last line never came")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyLine:
    """One line: ``raw`` with its ending, the code as sent (``None`` if there is none), the text."""

    raw: bytes
    code: int | None
    last: bool
    text: bytes
    deviations: tuple[Deviation, ...] = ()

    @property
    def joint(self) -> str:
        """What stands between the code and the text where the line is quoted."""
        return "" if Deviation.NO_SEPARATOR in self.deviations else " "


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A whole reply; ``code`` is the first line's, 0 when it has none, and 421 where any line says so.

    ``deviations`` holds each deviation of the lines and of the whole, once.  ``complete`` is false
    when the last line never came or a limit cut the reply off.
    """

    code: int
    lines: tuple[ReplyLine, ...]
    complete: bool = True
    deviations: tuple[Deviation, ...] = ()

    @property
    def raw(self) -> bytes:
        """All bytes of the reply."""
        return b"".join(line.raw for line in self.lines)

    @property
    def text(self) -> str:
        """The texts of the lines that tell ``code``, visible, joined by `` / ``: for one line.

        A line of another code than the first one's stands with its own.
        """
        code = self.telling[0].code if self.lines else None
        return " / ".join(_shown(line, code) for line in self.telling)

    @property
    def said(self) -> str:
        """The code in three digits and the text, as a sentence quotes them.

        What came without a code is shown without one (RFC 5321 4.2 has none).
        """
        first = self.telling[0] if self.lines else None
        if first is None or first.code is None:
            return self.text
        return f"{first.code:03}{first.joint}{self.text}".rstrip()

    @property
    def has_code(self) -> bool:
        """Whether it begins with a code; ``000`` is one, as which clients were seen to take it."""
        return bool(self.lines) and self.lines[0].code is not None

    @property
    def cut(self) -> bool:
        """Whether a line or the whole was longer than is read of any."""
        return not {Deviation.LINE_CUT, Deviation.REPLY_CUT}.isdisjoint(self.deviations)

    @property
    def is_masked(self) -> bool:
        """Whether a 220 holds nothing but the code, spaces and asterisks.

        That is what firewalls with SMTP inspection leave of a greeting, and what Postfix takes for one.
        """
        return self.code == 220 and _MASKED.issuperset(self.raw)

    @property
    def contradicts_itself(self) -> bool:
        """Whether the last line's code is of another kind than the first one's.

        RFC 5321 4.2.1 has one code in a reply and lets clients go by any line: some go by the first,
        some by the last.
        """
        first, last = (self.lines[0].code, self.lines[-1].code) if self.lines else (None, None)
        return last is not None and last // 100 != (first or 0) // 100

    @property
    def enhanced_code(self) -> str:
        """The RFC 2034 enhanced status code the first text starts with, or empty."""
        if not self.lines:
            return ""
        match = _ENHANCED.match(self.telling[0].text)
        return match.group(1).decode("ascii") if match else ""

    @property
    def telling(self) -> tuple[ReplyLine, ...]:
        """All lines; where any of them closes the service, those of that code alone.

        A line without a code goes with the one before it.
        """
        told: list[ReplyLine] = []
        closes = False
        for line in self.lines:
            closes = closes if line.code is None else line.code == SERVICE_CLOSING
            if closes:
                told.append(line)
        return tuple(told) or self.lines


def _shown(line: ReplyLine, code: int | None) -> str:
    if line.code in (None, code):
        return visible(line.text, 300)
    return f"{line.code:03}{line.joint}{visible(line.text, 300)}".rstrip()


def helo_follows(ehlo: Reply) -> bool:
    """Say whether a client says HELO after this reply to EHLO (RFC 5321 3.2).

    The RFC has it after what shows that EHLO is unknown; Postfix and Exim say it after every refusal,
    also one with a code that RFC 5321 4.2 does not have.  After 4yz, with which a server asks for
    time, it is not said here, nor after what is no reply.
    """
    return ehlo.complete and ehlo.has_code and ehlo.code // 100 not in (2, 4)


class Reading(enum.Enum):
    """Who reads the EHLO response."""

    STRICT = "strict"  # RFC 1869: line 1 is the greeting, extensions from line 2 on
    LENIENT = "lenient"  # any line whose first word is a registered keyword is an extension


class Role(enum.Enum):
    """What a line of an EHLO response is, in one reading."""

    GREETING = noted("greeting")
    KEYWORD = noted("keyword")
    UNKNOWN_KEYWORD = noted("unknown keyword")
    INVALID = noted("invalid")


class EhloDeviation(enum.Enum):
    """A departure from the EHLO grammar, or something else worth saying of a line."""

    GREETING_EMPTY = noted("the greeting line has no domain")
    GREETING_NOT_A_DOMAIN = noted("the greeting line starts with no domain or address literal")
    KEYWORD_IN_GREETING = noted("a registered keyword stands where the greeting must be")
    KEYWORD_SYNTAX = noted("not a keyword by RFC 1869")
    PARAMETER_SYNTAX = noted("a parameter with characters the grammar forbids")
    AUTH_EQUALS = noted("the old form AUTH=...")
    DUPLICATE = noted("the keyword appears twice")
    SIZE_PARAMETER = noted("SIZE without a number, or with something else")
    MASKED = noted("a keyword that looks overwritten by a middlebox")
    STARTTLS_PARAMETER = noted("STARTTLS takes no parameter")
    UNREGISTERED = noted("a keyword the IANA registry does not know")
    EMPTY_LINE = noted("a line without a keyword")


@dataclass(frozen=True, slots=True, kw_only=True)
class EhloLine:
    r"""One line of the response in both readings.

    ``number`` counts from 1.  ``keyword`` is in upper case; ``parameters`` as sent, save that octets
    that are not UTF-8 are written ``\xNN``.  ``strict_role`` and ``lenient_role`` differ where the two
    readings part.  ``reply`` is the line on the wire.
    """

    number: int
    reply: ReplyLine
    strict_role: Role
    lenient_role: Role
    domain: str = ""  # of a greeting line
    greeting_text: str = ""
    keyword: str = ""
    parameters: tuple[str, ...] = ()
    meaning: str = ""  # from the registry, one sentence
    reference: str = ""  # the registry's RFC
    deviations: tuple[EhloDeviation, ...] = ()
    notes: tuple[str, ...] = ()  # one sentence for each deviation, with the actual value


@dataclass(frozen=True, slots=True, kw_only=True)
class EhloResponse:
    """An EHLO (or HELO) response of code 250, read twice."""

    lines: tuple[EhloLine, ...]
    deviations: tuple[Deviation, ...] = ()
    is_helo: bool = False

    def keywords(self, reading: Reading) -> dict[str, tuple[str, ...]]:
        """Return the extensions a reader of this kind sees: keyword to parameters, first wins."""
        found: dict[str, tuple[str, ...]] = {}
        for line in self.lines:
            role = line.strict_role if reading is Reading.STRICT else line.lenient_role
            if role in (Role.KEYWORD, Role.UNKNOWN_KEYWORD) and line.keyword:
                found.setdefault(line.keyword, line.parameters)
        return found

    def offers(self, keyword: str, reading: Reading) -> bool:
        """Say whether a reader of this kind sees ``keyword``."""
        return keyword.upper() in self.keywords(reading)
