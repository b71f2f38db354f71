"""One line of an EHLO response: its role in each reading, and what is wrong with it.

RFC 1869 4.3 (RFC 5321 4.1.1.1) gives the strict roles; the lenient ones are those of clients that
look for known words wherever they stand.  Every deviation comes with a sentence that holds the
actual value, made visible.  No line is repaired and none is left out.
"""

import re
from dataclasses import dataclass, field

from mxwalk.language import say
from mxwalk.names import is_address
from mxwalk.smtp.ehlo_words import (
    KEYWORD,
    PARAMETER,
    fold,
    is_domain_or_literal,
    looks_like_a_domain,
    masked_original,
)
from mxwalk.smtp.model import Deviation, EhloDeviation, EhloLine, ReplyLine, Role
from mxwalk.smtp.registry import EXTENSIONS, explain_keyword
from mxwalk.text import visible

_SHOWN_CHARS = 120
_NUMBER = re.compile(r"[0-9]{1,20}")  # RFC 1870 3: at most 20 digits
_AUTH_EQUALS = re.compile(r"AUTH=", re.IGNORECASE | re.ASCII)


@dataclass(slots=True)
class _Remarks:
    """Deviations and their sentences, gathered while a line is read."""

    deviations: list[EhloDeviation] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, deviation: EhloDeviation, note: str) -> None:
        self.deviations.append(deviation)
        self.notes.append(note)


@dataclass(frozen=True, slots=True)
class _Words:
    """What one reading takes a line for."""

    role: Role
    keyword: str = ""
    parameters: tuple[str, ...] = ()


_NOTHING = _Words(Role.INVALID)


def read_text_line(number: int, line: ReplyLine) -> EhloLine:
    """Return a line that offers nothing: behind a HELO greeting, or of a refusal."""
    return EhloLine(
        number=number,
        reply=line,
        strict_role=Role.GREETING,
        lenient_role=Role.GREETING,
        greeting_text=_plain(_decode(line.text)),
    )


def read_greeting_line(line: ReplyLine, *, is_helo: bool) -> EhloLine:
    """Read line 1 of a 250 response: the greeting, whatever it holds (RFC 1869 4.3).

    A lenient reader sees an extension when it begins with a registered keyword, and EHLO was asked.
    """
    remarks = _Remarks()
    text = _decode(line.text)
    domain, _, greeting = text.partition(" ")
    words = _loose_words(text)
    known = EXTENSIONS.get(fold(words[0])) if words and not is_helo else None
    if not domain:
        note = say("The greeting line is {shown}: no domain stands first.", shown=_shown(text))
        remarks.add(
            EhloDeviation.GREETING_EMPTY, note if text else say("The greeting line is empty.")
        )
    elif is_address(domain):
        note = say(
            "{shown} is an address without the brackets of an address literal.",
            shown=_shown(domain),
        )
        remarks.add(EhloDeviation.GREETING_NOT_A_DOMAIN, note)
    elif not is_domain_or_literal(domain):
        note = say("{shown} is neither a domain nor an address literal.", shown=_shown(domain))
        remarks.add(EhloDeviation.GREETING_NOT_A_DOMAIN, note)
    if known is not None:
        note = say(
            "{keyword} stands in line 1, which is the greeting: strict clients do not see it.",
            keyword=known.keyword,
        )
        remarks.add(EhloDeviation.KEYWORD_IN_GREETING, note)
    return EhloLine(
        number=1,
        reply=line,
        strict_role=Role.GREETING,
        lenient_role=Role.KEYWORD if known else Role.GREETING,
        domain=_plain(domain),
        greeting_text=_plain(greeting),
        keyword=known.keyword if known else "",
        parameters=tuple(map(_plain, words[1:])) if known else (),
        meaning=say(known.meaning) if known else "",
        reference=known.reference if known else "",
        deviations=tuple(remarks.deviations),
        notes=tuple(remarks.notes),
    )


def read_extension_line(
    number: int, line: ReplyLine, *, seen: frozenset[str] | set[str], may_greet: bool
) -> EhloLine:
    """Read a line behind the first of a 250 response.

    ``seen`` holds the keywords strict lines gave before.  ``may_greet`` says that line 1 was a keyword
    and this is line 2: to a lenient reader a domain here is the greeting that should have come first.
    """
    remarks = _Remarks()
    text = _decode(line.text)
    strict = _read_strictly(number, text, remarks)
    lenient = _read_leniently(text, strict)
    if strict.role is not Role.INVALID and strict.keyword in seen:
        note = say("{shown} was listed before; the first one counts.", shown=_shown(strict.keyword))
        remarks.add(EhloDeviation.DUPLICATE, note)
    if line.code != 250 or Deviation.NO_SEPARATOR in line.deviations:
        strict = _NOTHING  # RFC 1869 4.3: "250-" or "250 " stands before an ehlo-line
    first, _, rest = text.partition(" ")
    greets = may_greet and looks_like_a_domain(first)
    words = lenient if strict.role is Role.INVALID else strict
    known = explain_keyword(words.keyword)
    return EhloLine(
        number=number,
        reply=line,
        strict_role=strict.role,
        lenient_role=Role.GREETING if greets else lenient.role,
        domain=first if greets else "",
        greeting_text=_plain(rest) if greets else "",
        keyword=_plain(words.keyword),
        parameters=tuple(map(_plain, words.parameters)),
        meaning=say(known.meaning) if known else "",
        reference=known.reference if known else "",
        deviations=tuple(remarks.deviations),
        notes=tuple(remarks.notes),
    )


def _read_strictly(number: int, text: str, remarks: _Remarks) -> _Words:
    first, *rest = text.split(" ")
    if not text.strip(" \t"):
        remarks.add(EhloDeviation.EMPTY_LINE, say("Line {number} holds no keyword.", number=number))
        return _NOTHING
    if _AUTH_EQUALS.match(first):  # "=" is no character of an ehlo-keyword
        note = say(
            "{shown} is the form of old drafts; the grammar has AUTH and a space.",
            shown=_shown(first),
        )
        remarks.add(EhloDeviation.AUTH_EQUALS, note)
        return _NOTHING
    original = masked_original(first)
    if original is not None:
        note = say(
            "{shown} looks like {original}, overwritten by a device on the way.",
            shown=_shown(first),
            original=original,
        )
        remarks.add(EhloDeviation.MASKED, note)
    if KEYWORD.fullmatch(first) is None:
        remarks.add(EhloDeviation.KEYWORD_SYNTAX, _why_no_keyword(text, first))
        return _NOTHING
    keyword = fold(first)  # RFC 5321 2.4: keywords are compared without case
    _judge_parameters(keyword, rest, remarks)
    if keyword in EXTENSIONS:
        return _Words(Role.KEYWORD, keyword, tuple(rest))
    if original is None:
        known = explain_keyword(keyword)
        note = say("{shown} is not registered with IANA.", shown=_shown(first))
        if known is not None:
            note = say(
                "{shown} is not registered with IANA; it is known from {reference}.",
                shown=_shown(first),
                reference=known.reference,
            )
        remarks.add(EhloDeviation.UNREGISTERED, note)
    return _Words(Role.UNKNOWN_KEYWORD, keyword, tuple(rest))


def _read_leniently(text: str, strict: _Words) -> _Words:
    """Take any registered first word, and the old AUTH form, whatever surrounds them."""
    words = _loose_words(text)
    if not words:
        return _NOTHING
    if _AUTH_EQUALS.match(words[0]):
        mechanisms = (words[0][len("AUTH=") :], *words[1:])
        return _Words(Role.KEYWORD, "AUTH", tuple(filter(None, mechanisms)))
    if strict.role is Role.INVALID:
        keyword, *joined = filter(None, words[0].split("=")) if words[0].strip("=") else words
        role = Role.KEYWORD if fold(keyword) in EXTENSIONS else Role.INVALID
        return _Words(role, fold(keyword), (*joined, *words[1:]))
    return strict


def _why_no_keyword(text: str, first: str) -> str:
    if not first:
        return say("{shown} begins with a space.", shown=_shown(text))
    if first[0] == "-":
        return say("{shown} is no keyword: it begins with a hyphen.", shown=_shown(first))
    wrong = next(char for char in first if KEYWORD.fullmatch("a" + char) is None)
    return say(
        "{shown} is no keyword: {shown_2} is not allowed.",
        shown=_shown(first),
        shown_2=_shown(wrong),
    )


def _judge_parameters(keyword: str, parameters: list[str], remarks: _Remarks) -> None:
    given = [parameter for parameter in parameters if parameter]
    # RFC 5321 4.1.1.1: ehlo-param = 1*(%d33-126), one space before each
    wrong = next((word for word in parameters if PARAMETER.fullmatch(word) is None), None)
    if wrong is not None:
        note = say("{shown} is no parameter: only printable ASCII is allowed.", shown=_shown(wrong))
        spaces = say("A space too many stands behind {shown}.", shown=_shown(keyword))
        remarks.add(EhloDeviation.PARAMETER_SYNTAX, note if wrong else spaces)
    shown = _shown(" ".join(given))
    # RFC 1870 3: the parameter may be left out, but then SIZE says nothing
    if keyword == "SIZE" and (len(given) != 1 or _NUMBER.fullmatch(given[0]) is None):
        note = say("SIZE is followed by {shown}, which is not one number.", shown=shown)
        remarks.add(EhloDeviation.SIZE_PARAMETER, note if given else say("SIZE has no number."))
    if keyword == "STARTTLS" and given:  # RFC 3207 2 (3)
        note = say("STARTTLS takes no parameter, but {shown} follows it.", shown=shown)
        remarks.add(EhloDeviation.STARTTLS_PARAMETER, note)


def _decode(text: bytes) -> str:
    """Return text to judge: octets that are not UTF-8 become lone surrogates, which nothing allows."""
    return text.decode("utf-8", "surrogateescape")


def _plain(text: str) -> str:
    r"""Return text that can always be encoded again: a lone surrogate becomes ``\xNN``."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _loose_words(text: str) -> list[str]:
    """Split as forgiving clients do: at spaces and tabs, however many there are."""
    return [word for word in re.split(r"[ \t]+", text) if word]


def _shown(value: str) -> str:
    return f"“{visible(value, _SHOWN_CHARS)}”"
