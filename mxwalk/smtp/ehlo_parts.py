"""A line of an EHLO response cut into parts with a kind each, for a view that colours them.

The parts are made visible one by one, and joined they are the whole line as ``visible`` shows it, so
that no byte of the wire is hidden.  What a part is depends on the reading.
"""

import enum
import re
from dataclasses import dataclass

from mxwalk.smtp.ehlo_words import PARAMETER
from mxwalk.smtp.model import Deviation, EhloDeviation, EhloLine, Reading, Role
from mxwalk.text import visible

_RUNS = re.compile(rb"[ ]+|[^ ]+")
_LOOSE_RUNS = re.compile(rb"[ \t]+|[^ \t]+")


class PartKind(enum.Enum):
    """What a piece of the line is."""

    CODE = "code"
    SEPARATOR = "separator"
    GREETING_DOMAIN = "greeting domain"
    GREETING_TEXT = "greeting text"
    KEYWORD = "keyword"
    PARAMETER = "parameter"
    SPACE = "space"
    INVALID = "invalid"
    ENDING = "ending"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a line: its kind and its visible text, never empty."""

    kind: PartKind
    text: str


def line_parts(line: EhloLine, reading: Reading = Reading.STRICT) -> tuple[Part, ...]:
    """Return the parts of ``line`` in the order of the wire, as this reading sees them."""
    raw, text = line.reply.raw, line.reply.text
    content = raw.removesuffix(b"\n").removesuffix(b"\r")
    pieces: list[tuple[PartKind, bytes]] = []
    if line.reply.code is not None:
        pieces.append((PartKind.CODE, content[:3]))
        if Deviation.NO_SEPARATOR not in line.reply.deviations:
            pieces.append((PartKind.SEPARATOR, content[3:4]))
    role = line.strict_role if reading is Reading.STRICT else line.lenient_role
    match role:
        case Role.GREETING:
            pieces += _greeting(line, text)
        case Role.KEYWORD | Role.UNKNOWN_KEYWORD:
            pieces += _extension(line, text, reading)
        case Role.INVALID:
            pieces.append((PartKind.INVALID, text))
    pieces.append((PartKind.ENDING, raw[len(content) :]))
    return tuple(Part(kind, visible(piece)) for kind, piece in pieces if piece)


def _greeting(line: EhloLine, text: bytes) -> list[tuple[PartKind, bytes]]:
    if not line.domain:
        return [(PartKind.GREETING_TEXT, text)]
    domain, space, rest = text.partition(b" ")
    wrong = EhloDeviation.GREETING_NOT_A_DOMAIN in line.deviations
    return [
        (PartKind.INVALID if wrong else PartKind.GREETING_DOMAIN, domain),
        (PartKind.SPACE, space),
        (PartKind.GREETING_TEXT, rest),
    ]


def _extension(line: EhloLine, text: bytes, reading: Reading) -> list[tuple[PartKind, bytes]]:
    runs = (_RUNS if reading is Reading.STRICT else _LOOSE_RUNS).findall(text)
    pieces: list[tuple[PartKind, bytes]] = []
    keyword_due = True
    for run in runs:
        if not run.strip(b" \t"):
            pieces.append((PartKind.SPACE, run))
        elif keyword_due:
            keyword_due = False
            if EhloDeviation.AUTH_EQUALS in line.deviations:
                name, equals, mechanism = run.partition(b"=")
                pieces += [
                    (PartKind.KEYWORD, name),
                    (PartKind.INVALID, equals),
                    (PartKind.PARAMETER, mechanism),
                ]
            else:
                pieces.append((PartKind.KEYWORD, run))
        else:
            valid = PARAMETER.fullmatch(run.decode("latin-1")) is not None
            pieces.append((PartKind.PARAMETER if valid else PartKind.INVALID, run))
    return pieces
