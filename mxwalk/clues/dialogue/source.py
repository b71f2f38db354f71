"""A pasted text as lines: quoting, code fences and the times in front of lines are taken off.

Bounded: what is behind the limits is not read, and ``split`` says so.
"""

import re
from dataclasses import replace

from mxwalk.clues.dialogue.parts import Line
from mxwalk.limits import CLUE_CHARS, CLUE_LINE_CHARS, CLUE_LINES

_NEWLINE = re.compile(r"\r\n|\n|\r(?!\n)")
_QUOTE = re.compile(r"[ \t]{0,3}(?:[>|] ?)(?!>>)")
_CLOCK = re.compile(
    r"\s{0,8}[\[(]?"
    r"(?:\d{4}-\d\d-\d\d[T ]|\d{4}/\d\d/\d\d |(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} +\d{1,2} )?"
    r"(\d{1,2}):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?:Z|[+-]\d\d:?\d\d)?(?: \d{4})?[\])]?(?::|,)?[ \t]{1,4}"
)
_INLINE_CODE = re.compile(r"\s{0,8}`([^`]+)`[.,;]?\s*")
_FENCES = ("```", "~~~", "<#root>")
_DAY_S = 86_400.0
_MOSTLY = 0.8


def split(text: str) -> tuple[list[Line], bool]:
    """Return the lines, and whether the text was longer than what is read."""
    lines: list[Line] = []
    position, end = 0, min(len(text), CLUE_CHARS)
    while position <= end and len(lines) < CLUE_LINES:
        match = _NEWLINE.search(text, position, end)
        stop = match.start() if match else end
        lines.append(
            Line(
                text=text[position : min(stop, position + CLUE_LINE_CHARS)].lstrip("\ufeff"),
                start=position,
                end=stop,
            )
        )
        if match is None:
            return _plain(lines), end < len(text)
        position = match.end()
    return _plain(lines), position < len(text)


def _plain(lines: list[Line]) -> list[Line]:
    for _ in range(3):  # replies to replies quote what was quoted
        unquoted = _unquoted(lines)
        if unquoted is None:
            break
        lines = unquoted
    shown = [_bare(line) for line in lines if not line.text.strip().startswith(_FENCES)]
    return _timed(shown)


def _bare(line: Line) -> Line:
    """Take off the marks of code that stands in a line of its own."""
    match = _INLINE_CODE.fullmatch(line.text)
    return replace(line, text=match.group(1)) if match else line


def _unquoted(lines: list[Line]) -> list[Line] | None:
    """Take ``> `` off when nearly every line has it and it marks no side."""
    filled = [line for line in lines if line.text.strip()]
    quoted = [line for line in filled if _QUOTE.match(line.text)]
    if not quoted or len(quoted) < _MOSTLY * len(filled):
        return None
    return [replace(line, text=_QUOTE.sub("", line.text, count=1)) for line in lines]


def _timed(lines: list[Line]) -> list[Line]:
    """Take the times off the lines, when at least half of them have one."""
    matches = [_CLOCK.match(line.text) for line in lines]
    filled = sum(1 for line in lines if line.text.strip())
    if sum(1 for match in matches if match) * 2 < max(filled, 2):
        return lines
    timed, first, previous, days = [], None, 0.0, 0.0
    for line, match in zip(lines, matches, strict=True):
        if match is None:
            timed.append(line)
            continue
        hours, minutes, seconds = (int(match.group(index)) for index in (1, 2, 3))
        fraction = float(f"0.{match.group(4)}") if match.group(4) else 0.0
        at = hours * 3600 + minutes * 60 + seconds + fraction + days
        first = at if first is None else first
        if at < previous:  # past midnight
            days, at = days + _DAY_S, at + _DAY_S
        previous = at
        timed.append(replace(line, text=line.text[match.end() :], at_s=at - first))
    return timed
