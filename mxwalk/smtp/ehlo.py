"""The two readings of an EHLO response, line by line, each deviation kept with its value.

RFC 1869 4.5 (RFC 5321 4.1.1.1) makes the first line the greeting, whatever it holds; extensions are
the lines behind it.  That is the strict reading.  The lenient one is that of forgiving clients: every
line whose first word is a registered keyword is an extension, also line 1.  Nothing is repaired: what
the readings disagree about stays visible on the line.  A response to HELO, or one whose code is not
250, offers nothing; its lines are text.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from mxwalk.smtp.ehlo_words import (
    KEYWORD,
    PARAMETER,
    is_domain_or_literal,
    looks_like_a_domain,
    masked_original,
)
from mxwalk.smtp.model import Deviation, EhloDeviation, EhloLine, EhloResponse, ReplyLine, Role
from mxwalk.smtp.registry import EXTENSIONS, explain_keyword
from mxwalk.smtp.replies import parse_reply
from mxwalk.text import visible

_SHOWN_CHARS = 120
_NUMBER = re.compile(r"[0-9]{1,20}")  # RFC 1870 3: size-param = 1*DIGIT, at most 20 digits
_AUTH_EQUALS = re.compile(r"AUTH=", re.IGNORECASE)


@lru_cache(maxsize=512)
def read_ehlo(raw: bytes, *, is_helo: bool = False) -> EhloResponse:
    """Read the raw reply to EHLO (or HELO) twice; total, it never raises.

    The first reply in ``raw`` is read, complete or not.
    """
    reply = parse_reply(raw)
    extended = reply.code == 250 and not is_helo
    lines: list[EhloLine] = []
    for number, line in enumerate(reply.lines, 1):
        if number == 1:
            lines.append(_read_first(line, extended=extended, judged=reply.code == 250))
        elif not extended:
            lines.append(_read_text(number, line))
        else:
            lines.append(_read_further(number, line, tuple(lines)))
    return EhloResponse(lines=tuple(lines), deviations=reply.deviations, is_helo=is_helo)


@dataclass(slots=True)
class _Remarks:
    """Deviations and their sentences, gathered while a line is read."""

    deviations: list[EhloDeviation] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, deviation: EhloDeviation, note: str) -> None:
        self.deviations.append(deviation)
        self.notes.append(note)


def _shown(value: str | bytes) -> str:
    return f"“{visible(value, _SHOWN_CHARS)}”"


def _decode(text: bytes) -> str:
    """Return text that can always be encoded again; bytes that are not UTF-8 become ``\\xNN``."""
    return text.decode("utf-8", "backslashreplace")


def _lenient_words(text: str) -> list[str]:
    """Split as forgiving clients do: at spaces and tabs, whatever their number."""
    return [word for word in re.split(r"[ \t]+", text) if word]


def _read_text(number: int, line: ReplyLine) -> EhloLine:
    """Return a line that offers nothing: behind a HELO greeting, or of a refusal."""
    return EhloLine(
        number=number,
        reply=line,
        strict_role=Role.GREETING,
        lenient_role=Role.GREETING,
        greeting_text=_decode(line.text),
    )


def _read_first(line: ReplyLine, *, extended: bool, judged: bool) -> EhloLine:
    """Read line 1: the greeting, and leniently an extension if it begins with a registered keyword."""
    if not judged:
        return _read_text(1, line)
    remarks = _Remarks()
    text = _decode(line.text)
    domain, _, greeting = text.partition(" ")
    words = _lenient_words(text)
    keyword = words[0].upper() if words else ""
    known = EXTENSIONS.get(keyword) if extended else None
    if not domain:
        remarks.add(
            EhloDeviation.GREETING_EMPTY,
            f"The greeting line holds {_shown(text)}, no domain."
            if text
            else "The greeting line is empty; the server's domain must stand there.",
        )
    elif not is_domain_or_literal(domain):
        remarks.add(
            EhloDeviation.GREETING_NOT_A_DOMAIN,
            f"{_shown(domain)} is neither a domain nor an address literal.",
        )
    if known is None:
        return EhloLine(
            number=1,
            reply=line,
            strict_role=Role.GREETING,
            lenient_role=Role.GREETING,
            domain=domain,
            greeting_text=greeting,
            deviations=tuple(remarks.deviations),
            notes=tuple(remarks.notes),
        )
    remarks.add(
        EhloDeviation.KEYWORD_IN_GREETING,
        f"{known.keyword} stands in line 1, which is the greeting: strict clients do not see it.",
    )
    return EhloLine(
        number=1,
        reply=line,
        strict_role=Role.GREETING,
        lenient_role=Role.KEYWORD,
        domain=domain,
        greeting_text=greeting,
        keyword=known.keyword,
        parameters=tuple(words[1:]),
        meaning=known.meaning,
        reference=known.reference,
        deviations=tuple(remarks.deviations),
        notes=tuple(remarks.notes),
    )


def _read_further(number: int, line: ReplyLine, before: tuple[EhloLine, ...]) -> EhloLine:
    """Read a line behind the first of a 250 response."""
    remarks = _Remarks()
    text = _decode(line.text)
    words = text.split(" ")
    loose = _lenient_words(text)
    first = words[0]
    keyword, parameters = first.upper(), tuple(words[1:])
    if not text.strip(" \t"):
        remarks.add(EhloDeviation.EMPTY_LINE, f"Line {number} holds no keyword.")
        strict = lenient = Role.INVALID
        keyword, parameters = "", ()
    elif _AUTH_EQUALS.match(loose[0]):
        remarks.add(
            EhloDeviation.AUTH_EQUALS,
            f"{_shown(loose[0])} is a form from before RFC 2554; the grammar knows AUTH and a space.",
        )
        keyword = "AUTH"
        parameters = tuple(word for word in (loose[0][5:], *loose[1:]) if word)
        strict, lenient = Role.INVALID, Role.KEYWORD  # "=" is no character of an ehlo-keyword
    else:
        strict = lenient = _judge_keyword(first, text, remarks)
        if loose[0].upper() in EXTENSIONS:
            lenient = Role.KEYWORD
            if strict is Role.INVALID:
                keyword, parameters = loose[0].upper(), tuple(loose[1:])
        if strict is not Role.INVALID:
            _judge_parameters(keyword, parameters, remarks)
            if any(known.keyword == keyword and _strict(known) for known in before):
                remarks.add(
                    EhloDeviation.DUPLICATE,
                    f"{_shown(keyword)} was listed before; the first counts.",
                )
    if line.code != 250 or Deviation.NO_SEPARATOR in line.deviations:
        strict = Role.INVALID  # RFC 1869 4.5: "250-" or "250 " stands before an ehlo-line
    domain, greeting = "", ""
    if number == 2 and before[0].lenient_role is Role.KEYWORD and looks_like_a_domain(first):
        # The server put a keyword where its greeting belongs: to a forgiving reader this is it.
        lenient = Role.GREETING
        domain, _, greeting = text.partition(" ")
    known = explain_keyword(keyword)
    return EhloLine(
        number=number,
        reply=line,
        strict_role=strict,
        lenient_role=lenient,
        domain=domain,
        greeting_text=greeting,
        keyword=keyword,
        parameters=parameters,
        meaning=known.meaning if known else "",
        reference=known.reference if known else "",
        deviations=tuple(remarks.deviations),
        notes=tuple(remarks.notes),
    )


def _strict(line: EhloLine) -> bool:
    return line.strict_role in (Role.KEYWORD, Role.UNKNOWN_KEYWORD)


def _judge_keyword(first: str, text: str, remarks: _Remarks) -> Role:
    """Return the strict role of a line that begins with ``first``."""
    original = masked_original(first)
    if original is not None:
        remarks.add(
            EhloDeviation.MASKED,
            f"{_shown(first)} looks like {original}, overwritten by a device on the way.",
        )
    if not first:
        remarks.add(EhloDeviation.KEYWORD_SYNTAX, f"{_shown(text)} begins with a space.")
        return Role.INVALID
    if KEYWORD.fullmatch(first) is None:
        wrong = next((char for char in first if KEYWORD.fullmatch("a" + char) is None), first[0])
        remarks.add(
            EhloDeviation.KEYWORD_SYNTAX,
            f"{_shown(first)} is no keyword: {_shown(wrong)} is not allowed.",
        )
        return Role.INVALID
    if first.upper() in EXTENSIONS:
        return Role.KEYWORD
    if original is None:
        known = explain_keyword(first)
        remarks.add(
            EhloDeviation.UNREGISTERED,
            f"{_shown(first)} is not registered"
            + (f"; {known.reference} uses it." if known else " with IANA."),
        )
    return Role.UNKNOWN_KEYWORD


def _judge_parameters(keyword: str, parameters: tuple[str, ...], remarks: _Remarks) -> None:
    for parameter in parameters:
        if PARAMETER.fullmatch(parameter) is None:  # RFC 5321 4.1.1.1: ehlo-param = 1*(%d33-126)
            remarks.add(
                EhloDeviation.PARAMETER_SYNTAX,
                f"{_shown(parameter)} is no parameter of {keyword}."
                if parameter
                else f"An empty parameter follows {keyword}: a space too many.",
            )
            break
    given = [parameter for parameter in parameters if parameter]
    # RFC 1870 3: at most one parameter, a number; it may be left out, but says nothing then.
    if keyword == "SIZE" and (len(given) != 1 or _NUMBER.fullmatch(given[0]) is None):
        remarks.add(
            EhloDeviation.SIZE_PARAMETER,
            f"SIZE {_shown(' '.join(given))} is not a number." if given else "SIZE has no number.",
        )
    if keyword == "STARTTLS" and given:  # RFC 3207 2 (3): no parameters
        remarks.add(
            EhloDeviation.STARTTLS_PARAMETER,
            f"STARTTLS takes no parameter; {_shown(' '.join(given))} follows it.",
        )
