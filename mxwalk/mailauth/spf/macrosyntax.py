"""Macro-strings and domain-specs as written, before anything is expanded (RFC 7208 7.1, 12).

Total: a string yields its parts and the first fault, at its octets.  The grammar is the ABNF's to the
letter: a domain-spec ends in a top label or in a macro, and ``c``, ``r`` and ``t`` belong to
explanations alone.
"""

import string
from dataclasses import dataclass

from mxwalk.language import per_language, say
from mxwalk.mailauth.spf.model import Fault
from mxwalk.text import visible

LETTERS = "slodiphcrtv"
EXPLANATION_ONLY = "crt"  # RFC 7208 7.2
DELIMITERS = ".-+,/_="
ESCAPES = {"%%": "%", "%_": " ", "%-": "%20"}
_ALNUM = frozenset(string.ascii_letters + string.digits)
_LDH = _ALNUM | {"-"}


@dataclass(frozen=True, slots=True)
class Literal:
    """Characters that stand for themselves."""

    text: str


@dataclass(frozen=True, slots=True)
class Macro:
    """A macro as written: ``keep`` parts from the right (0 is all), ``reverse``, where it splits."""

    text: str
    letter: str
    keep: int
    reverse: bool
    delimiters: str
    is_upper: bool


@dataclass(frozen=True, slots=True)
class Escape:
    """``%%``, ``%_`` or ``%-``."""

    text: str

    @property
    def value(self) -> str:
        """What it stands for."""
        return ESCAPES[self.text]


Part = Literal | Macro | Escape


@dataclass(frozen=True, slots=True)
class MacroString:
    """A macro-string as read; after a fault, the parts before it."""

    parts: tuple[Part, ...]
    fault: Fault | None = None

    def letters(self) -> frozenset[str]:
        """Return the macro letters in it, in lower case."""
        return frozenset(part.letter for part in self.parts if isinstance(part, Macro))


@per_language(maxsize=4_096)
def read_macros(text: str, *, explains: bool = False) -> MacroString:
    """Return the parts of a macro-string, or with ``explains`` of an explain-string."""
    parts: list[Part] = []
    at = 0
    while at < len(text):
        end = text.find("%", at)
        end = len(text) if end < 0 else end
        for place in range(at, end):
            if not _is_literal(text[place], explains=explains):
                what = say(
                    "{text!r} cannot stand here: only visible US-ASCII can",
                    text=visible(text[place]),
                )
                return MacroString(tuple(parts), Fault(start=place, end=place + 1, what=what))
        if end > at:
            parts.append(Literal(text[at:end]))
        if end == len(text):
            break
        one = _one(text, end)
        if isinstance(one, Fault):
            return MacroString(tuple(parts), one)
        parts.append(one)
        at = end + len(one.text)
    return MacroString(tuple(parts))


def _is_literal(char: str, *, explains: bool) -> bool:
    return "\x21" <= char <= "\x7e" or (explains and char == " ")


def _one(text: str, at: int) -> Macro | Escape | Fault:
    """Read what begins with the ``%`` at ``at``."""
    if text[at : at + 2] in ESCAPES:
        return Escape(text[at : at + 2])
    if text[at : at + 2] != "%{":
        what = say("after '%' must stand {signs} or '-'", signs="'{', '%', '_'")
        return Fault(start=at, end=min(at + 2, len(text)), what=what)
    close = text.find("}", at)
    if close < 0:
        return Fault(start=at, end=len(text), what=say("the macro has no {brace!r}", brace="}"))
    letter = text[at + 2]
    if letter.lower() not in LETTERS or not letter.isascii():
        what = say(
            "{letter!r} is no macro letter; those are {letters}",
            letter=visible(letter),
            letters=", ".join(sorted(LETTERS)),
        )
        return Fault(start=at + 2, end=at + 3, what=what)
    inside = text[at + 3 : close]
    rest = inside.lstrip(string.digits)
    digits = inside[: len(inside) - len(rest)]
    reverse = rest[:1] in ("r", "R")  # ABNF strings know no case (RFC 5234 2.3)
    delimiters = rest[reverse:]
    wrong = next((i for i, char in enumerate(delimiters) if char not in DELIMITERS), -1)
    if wrong >= 0:
        place = close - len(delimiters) + wrong
        what = say(
            "{text!r} cannot stand in a macro: digits, then 'r', then the delimiters {delimiters}",
            text=visible(text[place]),
            delimiters=" ".join(DELIMITERS),
        )
        return Fault(start=place, end=place + 1, what=what)
    significant = digits.lstrip("0")
    if digits and not significant:  # RFC 7208 7.3: it MUST be nonzero
        what = say("the number of parts to keep must not be zero")
        return Fault(start=at + 3, end=at + 3 + len(digits), what=what)
    keep = int(significant) if 0 < len(significant) <= 4 else (9_999 if significant else 0)
    return Macro(
        text[at : close + 1], letter.lower(), keep, reverse, delimiters or ".", letter.isupper()
    )


@per_language(maxsize=4_096)
def domain_fault(text: str) -> Fault | None:
    """Return why ``text`` is no domain-spec, ``None`` if it is one (RFC 7208 7.1)."""
    if not text:
        return Fault(start=0, end=0, what=say("a domain must stand here"))
    read = read_macros(text)
    if read.fault is not None:
        return read.fault
    at = 0
    for part in read.parts:
        if isinstance(part, Macro) and part.letter in EXPLANATION_ONLY:
            what = say("the macro letter {letter!r} is for explanations alone", letter=part.letter)
            return Fault(start=at, end=at + len(part.text), what=what)
        at += len(part.text)
    last = read.parts[-1]
    if not isinstance(last, Literal):
        return None
    return _end_fault(last.text, len(text))


def _end_fault(tail: str, end: int) -> Fault | None:
    """Check ``"." toplabel [ "." ]`` at the end of the last literal."""
    plain = tail.removesuffix(".")
    before, dot, label = plain.rpartition(".")
    start = end - len(tail) + len(before) + len(dot)
    stop = end - (len(tail) - len(plain))
    if not dot:
        what = say("{label!r} is not a domain of several labels", label=visible(label, 60))
        return Fault(start=end - len(tail), end=end, what=what)
    if not is_top_label(label):
        if "/" in label:
            what = say("after '/' must stand a prefix length without leading zero")
            return Fault(start=start + label.index("/"), end=stop, what=what)
        what = say("{label!r} cannot be the last label of a domain name", label=visible(label, 60))
        return Fault(start=start, end=max(stop, start), what=what)
    return None


def is_top_label(label: str) -> bool:
    """Say whether the label can be the last of a host name (RFC 7208 7.1, ``toplabel``)."""
    return (
        bool(label)
        and _LDH.issuperset(label)
        and label[0] != "-"
        and label[-1] != "-"
        and not label.isdecimal()
    )
