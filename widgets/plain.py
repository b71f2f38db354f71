"""The only place where text that may be drawn is made from data.

Everything from the network is untrusted: Textual parses a plain ``str`` as markup and passes escape
sequences and bidirectional controls on to the terminal, so every piece goes through
``mxwalk.text.visible`` and becomes ``textual.content.Content``, which is never parsed again.
A state is always a symbol and a word beside its colour; the colours are theme variables, and matches
use blue with underline against orange with reverse, which red-green blind eyes tell apart.
"""

import enum
from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from mxwalk.delivery.mark import Mark
from mxwalk.findings.model import Severity
from mxwalk.language import say
from mxwalk.senders.model import Outcome
from mxwalk.senders.outcomes import OUTCOME_MARKS, words_of
from mxwalk.text import visible
from widgets.glyphs import glyphs


class Look(enum.Enum):
    """How a piece of text looks, by meaning; the value is a Textual style over theme variables."""

    PLAIN = ""
    STRONG = "bold"
    DIM = "dim"
    OK = "$text-success"
    WARN = "$text-warning"
    FAIL = "bold $text-error"
    UNKNOWN = "$text-secondary"
    INFO = "$text-primary"
    ACCENT = "bold $text-accent"
    HEADING = "bold $text-primary"
    EQUAL = "underline bold $text-primary"
    DIFFER = "reverse $text-warning"
    DECIDES = "reverse bold"


Part = str | bytes | tuple[str | bytes, Look] | Content


def line(*parts: Part) -> Content:
    """Join pieces into one line; strings and bytes are made visible, content is kept as it is."""
    return Content.assemble(*(_piece(part) for part in parts))


def _piece(part: Part) -> Content | tuple[str, str] | str:
    match part:
        case Content():
            return part
        case (text, look):
            return visible(text), look.value
        case _:
            return visible(part)


def paragraphs(text: str, look: Look = Look.PLAIN) -> Content:
    """Return text of several lines; each line is made visible on its own."""
    return Content("\n").join([line((part, look)) for part in text.split("\n")])


def shorten(value: str | bytes, width: int) -> str:
    """Return ``value`` made visible and cut at its end to ``width`` cells."""
    text = visible(value)
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, max(0, width - 1)).rstrip() + glyphs().ellipsis if width > 0 else ""


def shorten_middle(value: str | bytes, width: int) -> str:
    """Return ``value`` made visible and cut in its middle to ``width`` cells."""
    text = visible(value)
    if cell_len(text) <= width:
        return text
    if width < 4 or cell_len(text) != len(text):
        return shorten(text, width)
    left = (width - 1 + 1) // 2
    return text[:left] + glyphs().ellipsis + text[len(text) - (width - 1 - left) :]


def fit(
    value: str | bytes, width: int, look: Look = Look.PLAIN, *, middle: bool = False
) -> Content:
    """Return ``value`` as exactly ``width`` cells, shortened or padded on the right."""
    short = shorten_middle(value, width) if middle else shorten(value, width)
    padded = short + " " * max(0, width - cell_len(short))
    return Content.assemble((padded, look.value)) if look.value else Content(padded)


def cut(content: Content, width: int) -> Content:
    """Return content cut at its end to at most ``width`` cells."""
    if content.cell_length <= width:
        return content
    return content.truncate(width - 1).append(glyphs().ellipsis) if width > 0 else Content()


def cut_lines(lines: Sequence[Content], most: int) -> list[Content]:
    """Return at most ``most`` lines (0: all), the last one marked where more would follow."""
    if not most or len(lines) <= most:
        return list(lines)
    last = lines[most - 1]
    kept = last[: max(0, len(last.plain.rstrip()) - 1)]
    return [*lines[: most - 1], kept + glyphs().ellipsis]


def fit_content(content: Content, width: int) -> Content:
    """Return content as exactly ``width`` cells, cut or padded on the right."""
    length = content.cell_length
    if length > width:
        content = cut(content, width)
    return content.pad_right(max(0, width - content.cell_length))


def wrap(content: Content, width: int, indent: int = 0) -> list[Content]:
    """Wrap to ``width`` cells by words; lines after the first are indented by ``indent`` cells."""
    width = max(1, width)
    if content.cell_length <= width and "\n" not in content.plain:
        return [content]
    first, *rest = content.wrap(width)
    if not rest:
        return [first]
    if not indent:
        return [first, *rest]
    tail = content[len(first.plain) :]
    while tail.plain[:1] in (" ", "\n"):
        tail = tail[1:]
    narrow = max(8, width - indent)
    pad = Content(" " * indent)
    return [first, *(pad + part for part in tail.wrap(narrow))]


def table_row(cells: Sequence[Content], widths: Sequence[int], gap: int = 2) -> tuple[Content, ...]:
    """Lay cells side by side, each wrapped to its column; the last column is not padded."""
    wrapped = [wrap(cell, width) for cell, width in zip(cells, widths, strict=True)]
    space = Content(" " * gap)
    lines = []
    for number in range(max(len(part) for part in wrapped)):
        pieces = [
            fit_content(part[number] if number < len(part) else Content(), width)
            for part, width in zip(wrapped, widths, strict=True)
        ]
        lines.append(space.join(pieces))
    return tuple(lines)


_MARKS = {
    Mark.OK: ("ok", Look.OK),
    Mark.WARN: ("warn", Look.WARN),
    Mark.FAIL: ("fail", Look.FAIL),
    Mark.UNKNOWN: ("unknown", Look.UNKNOWN),
    Mark.INFO: ("info", Look.INFO),
}
_SEVERITIES = {
    Severity.ERROR: Mark.FAIL,
    Severity.WARNING: Mark.WARN,
    Severity.NOTICE: Mark.INFO,
    Severity.OK: Mark.OK,
}


def mark(state: Mark) -> tuple[str, Look]:
    """Return the symbol and look of a state."""
    name, look = _MARKS[state]
    return getattr(glyphs(), name), look


def look_of(state: Mark) -> Look:
    """Return the look of a state."""
    return _MARKS[state][1]


def severity_mark(severity: Severity) -> Mark:
    """Return the state a severity is drawn as."""
    return _SEVERITIES[severity]


def outcome_mark(outcome: Outcome) -> Mark:
    """Return the state an outcome is drawn as."""
    return OUTCOME_MARKS[outcome]


def outcome_words(outcome: Outcome, *, over: bool = False) -> str:
    """Return an outcome in words; ``over`` says that nothing more is to come."""
    if outcome is Outcome.UNKNOWN and not over:
        return say("inconclusive so far")
    return words_of(outcome)


def duration(seconds: float) -> str:
    """Return a duration in the unit that suits it: ``0.4 ms``, ``12 ms``, ``3.2 s``, ``2:05``."""
    if seconds < 0.00995:
        return f"{seconds * 1000:.1f} ms"
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 100:
        return f"{seconds:.1f} s"
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d} min"
