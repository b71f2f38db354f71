"""How an identity matrix is laid out in lines: columns that fit, cells, and the aligned labels.

Pure functions from an ``IdentityResult`` to content, so that one matrix can be drawn alone or beside
another.  Numbers are the order of evaluation; nothing here decides anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len
from textual.content import Content

from mxwalk.identity.matching import LabelMatch, label_pairs
from mxwalk.identity.model import (
    Comparison,
    IdentityResult,
    Match,
    PresentedId,
    ReferenceId,
    ReferenceKind,
)
from mxwalk.language import noted, say, say_many
from mxwalk.text import visible
from widgets.glyphs import glyphs
from widgets.plain import Look, fit, fit_content, line, wrap

_ROWS_SHOWN = 24
_NAME_SHOWN = 300
_LEAST_COLUMN = 16


@dataclass(frozen=True, slots=True)
class Place:
    """A cell by row and column."""

    row: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Which columns are shown, from where, and how wide everything is."""

    label: int
    cell: int
    first: int
    columns: int
    more: int

    def column_at(self, x: int) -> int | None:
        """Return the column index under the cell ``x``, if any."""
        if x < self.label + 1:
            return None
        index = (x - self.label - 1) // (self.cell + 1)
        return self.first + index if index < self.columns else None


def lay_out(result: IdentityResult, width: int, column: int) -> Layout:
    """Choose the widths so that the chosen ``column`` is among those shown."""
    longest = max((cell_len(visible(p.text, _NAME_SHOWN)) for p in result.presented), default=12)
    label = max(14, min(longest + 5, width * 3 // 10))
    total = len(result.references)
    fitting = max(1, min(total, (width - label) // _LEAST_COLUMN))
    cell = max(12, min(30, (width - label) // fitting - 1))
    first = min(max(0, column - fitting + 1), max(0, total - fitting))
    return Layout(label=label, cell=cell, first=first, columns=fitting, more=total - fitting)


KINDS = {
    ReferenceKind.RECIPIENT_DOMAIN: noted("recipient domain"),
    ReferenceKind.SMTP_ROUTE: noted("SMTP route"),
    ReferenceKind.MX_HOST: noted("MX host"),
    ReferenceKind.PTR_HOST: noted("PTR host"),
}
MATCHES = {
    Match.EXACT: noted("exact"),
    Match.WILDCARD: noted("wildcard"),
    Match.MISMATCH: noted("mismatch"),
    Match.SKIPPED: noted("skipped"),
}
_KINDS = (
    ReferenceKind.RECIPIENT_DOMAIN,
    ReferenceKind.PTR_HOST,
    ReferenceKind.SMTP_ROUTE,
    ReferenceKind.MX_HOST,
)


def in_order(result: IdentityResult, host: str) -> IdentityResult:
    """Return the matrix with its columns in one order for all flows, the connected host's first."""
    columns = sorted(result.references, key=lambda ref: (_KINDS.index(ref.kind), ref.text != host))
    return replace(result, references=tuple(columns))


def symbol_of(match: Match) -> tuple[str, Look]:
    """Return a comparison's symbol and look."""
    match match:
        case Match.EXACT:
            return glyphs().exact, Look.OK
        case Match.WILDCARD:
            return glyphs().wildcard, Look.OK
        case Match.MISMATCH:
            return glyphs().fail, Look.WARN
        case Match.SKIPPED:
            return glyphs().none, Look.DIM


def verdict_words(result: IdentityResult) -> tuple[str, Look]:
    """Return the verdict in words with its symbol."""
    deciding = result.deciding
    if result.verified and deciding is not None:
        return (
            f"{glyphs().ok} " + say("VERIFIED by comparison {number}", number=deciding.number),
            Look.OK,
        )
    if result.verified:
        return f"{glyphs().ok} " + say("VERIFIED"), Look.OK
    return f"{glyphs().fail} " + say("NOT VERIFIED"), Look.FAIL


def heading(label: str, result: IdentityResult, width: int) -> list[Content]:
    """Return the line with the sender and its verdict."""
    words, look = verdict_words(result)
    verdict = line((words, look))
    room = width - verdict.cell_length - 2
    if room < 12:
        return [fit(label, width, Look.HEADING), fit_content(verdict, width)]
    return [fit(label, room, Look.HEADING) + "  " + verdict]


def column_heads(result: IdentityResult, layout: Layout, at: Place | None) -> list[Content]:
    """Return three lines: what each reference is, its name, where it came from."""
    names = [line(fit(say("presented"), layout.label, Look.DIM))] * 1
    kinds = [Content(" " * layout.label)]
    origins = [fit(_hidden(layout), layout.label, Look.DIM)]
    for index in range(layout.first, layout.first + layout.columns):
        reference = result.references[index]
        chosen = at is not None and at.column == index
        kind = (
            "v " if chosen and glyphs().open == "v" else f"{glyphs().open} " if chosen else ""
        ) + say(KINDS[reference.kind])
        kinds.append(fit(kind, layout.cell, Look.ACCENT if chosen else Look.HEADING))
        look = Look.STRONG if reference.usable else Look.DIM
        names.append(fit(reference.text or say("(none)"), layout.cell, look, middle=True))
        look = Look.DIM if reference.secure or reference.usable else Look.WARN
        origins.append(fit(_trust(reference), layout.cell, look))
    return [Content(" ").join(kinds), Content(" ").join(names), Content(" ").join(origins)]


def _hidden(layout: Layout) -> str:
    if not layout.more:
        return ""
    words = say_many("{n} more column", "{n} more columns", layout.more)
    return f"{words} {glyphs().right}"


def _trust(reference: ReferenceId) -> str:
    if reference.kind is ReferenceKind.PTR_HOST:
        return say("confirmed") if reference.usable else say("not confirmed")
    return (
        say("as you typed it")
        if reference.kind is ReferenceKind.RECIPIENT_DOMAIN
        else (say("cannot be forged") if reference.secure else say("insecure DNS"))
    )


def rows_window(result: IdentityResult, row: int) -> range:
    """Return the indexes of the presented identifiers to draw around the cursor's row."""
    total = len(result.presented)
    first = min(max(0, row - _ROWS_SHOWN // 2), max(0, total - _ROWS_SHOWN))
    return range(first, min(total, first + _ROWS_SHOWN))


def matrix_row(
    index: int, cells: dict[tuple[PresentedId, ReferenceId], Comparison], result: IdentityResult,
    layout: Layout, at: Place | None,
) -> Content:  # fmt: skip
    """Return one presented identifier's line with its cells."""
    presented = result.presented[index]
    parts = [
        line((f"{presented.kind.value:<4} ", Look.DIM))
        + fit(presented.text, layout.label - 5, Look.STRONG, middle=True)
    ]
    for column in range(layout.first, layout.first + layout.columns):
        cell = cells.get((presented, result.references[column]))
        chosen = at == Place(index, column)
        parts.append(_cell(cell, layout.cell, chosen=chosen))
    return Content(" ").join(parts)


def _cell(cell: Comparison | None, width: int, *, chosen: bool) -> Content:
    lead = glyphs().next if chosen else " "
    if cell is None:
        return fit(f"{lead}{glyphs().none}", width, Look.DIM)
    symbol, look = symbol_of(cell.match)
    if cell.match is Match.SKIPPED:
        return line((lead, Look.ACCENT)) + fit(f"{symbol} {cell.reason}", width - 1, Look.DIM)
    words = f"{cell.number} {symbol} {say(MATCHES[cell.match])}"
    if cell.decides:
        room = width - 1 - cell_len(words)
        decides = " " + say("<decides>")
        mark = decides if room >= cell_len(decides) else " <<" if room >= 3 else ""
        return line((lead, Look.ACCENT)) + fit_content(
            line((words + mark, Look.DECIDES)), width - 1
        )
    return line((lead, Look.ACCENT)) + fit(words, width - 1, look)


def explain(cell: Comparison, width: int) -> list[Content]:
    """Return the comparison in full: both names with their labels aligned, and the sentence."""
    symbol, look = symbol_of(cell.match)
    number = f"{cell.number} " if cell.number else ""
    against = say(
        "{presented} against {reference}",
        presented=cell.presented.kind.value,
        reference=say(KINDS[cell.reference.kind]),
    )
    head = line(
        (f"{number}{symbol} {say(MATCHES[cell.match])}", look),
        ("  " + against, Look.DIM),
        "  " if cell.decides else "",
        (say("<decides>") if cell.decides else "", Look.DECIDES),
    )
    lines = [*wrap(head, width), *aligned(cell, width)]
    lines.extend(wrap(line("  ", cell.reason), width, indent=2))
    origin = say("origin:")
    lines.extend(
        wrap(
            line((f"  {origin} ", Look.DIM), (cell.reference.origin, Look.DIM)),
            width,
            indent=3 + cell_len(origin),
        )
    )
    return lines


def aligned(cell: Comparison, width: int) -> list[Content]:
    """Return the two names below each other, labels aligned from the right, with a sign for each."""
    pairs = label_pairs(cell)
    count = len(pairs)
    upper = [above or "" for above, _, _ in pairs]
    lower = [below or "" for _, below, _ in pairs]
    if (
        count > 12
        or sum(max(cell_len(a), cell_len(b)) + 3 for a, b in zip(upper, lower, strict=True))
        > width - 13
    ):
        return [
            *wrap(
                line(_side(say("presented")), (cell.presented.text[:_NAME_SHOWN], Look.STRONG)),
                width,
                indent=13,
            ),
            *wrap(
                line(_side(say("reference")), (cell.reference.text[:_NAME_SHOWN], Look.STRONG)),
                width,
                indent=13,
            ),
        ]
    widths = [max(cell_len(a), cell_len(b), 1) for a, b in zip(upper, lower, strict=True)]
    marks = [_mark(cell, how) for _, _, how in pairs]
    looks = [look for _, look in marks]
    signs = [sign for sign, _ in marks]
    return [
        _label_line(_side(say("presented")), upper, widths, looks),
        _label_line(_side(say("reference")), lower, widths, looks),
        _label_line("             ", signs, widths, [Look.DIM] * count, dot=" "),
    ]


def _side(words: str) -> str:
    return "  " + fit(words, 9).plain + "  "


def _mark(cell: Comparison, how: LabelMatch) -> tuple[str, Look]:
    if cell.match is Match.SKIPPED:
        return " ", Look.DIM
    match how:
        case LabelMatch.WILDCARD:
            return glyphs().wildcard, Look.EQUAL
        case LabelMatch.EQUAL:
            return glyphs().exact, Look.EQUAL
        case LabelMatch.DIFFERENT | LabelMatch.MISSING:
            return glyphs().fail, Look.DIFFER


def _label_line(
    head: str, labels: Sequence[str], widths: Sequence[int], looks: Sequence[Look], dot: str = "."
) -> Content:
    parts: list[Content] = []
    for index, (label, width, look) in enumerate(zip(labels, widths, looks, strict=True)):
        shown = line((label, look if label else Look.PLAIN))
        parts.append(shown.pad_left(width - shown.cell_length))
        has_next = index + 1 < len(labels)
        parts.append(line((dot if has_next and label else " " if has_next else "", Look.DIM)))
    return line((head, Look.DIM)) + Content(" ").join(parts)
