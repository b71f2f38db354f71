"""The identity matrix: presented identifiers against reference identifiers, cell by cell.

Arrows and h j k l move the cell cursor; the selected cell is explained below with the labels of both
names aligned.  ``d`` lays ESA settings 5 and 6 beside each other (below each other when narrow).
Changing the sender redraws marks and verdict and leaves the cursor where it is.
"""

from collections.abc import Iterator
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content

from mxwalk.evidence.step import StepKind
from mxwalk.identity.model import Comparison, IdentityResult
from mxwalk.language import noted, say
from mxwalk.senders.model import SenderProfile
from widgets.glyphs import glyphs
from widgets.identity_grid import (
    KINDS,
    MATCHES,
    Layout,
    Place,
    column_heads,
    explain,
    heading,
    in_order,
    lay_out,
    matrix_row,
    rows_window,
    verdict_words,
)
from widgets.plain import Look, fit_content, line, wrap
from widgets.row import Row, text_row
from widgets.shown import View

PAIR = ("esa:5", "esa:6")
_BESIDE = 128


class IdentityMatrix(View):
    """The matrix of the connection looked at, as the chosen sender evaluates it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "column(-1)", "Column to the left", show=False, id="identity.left"),
        Binding("right,l", "column(1)", "Column to the right", show=False, id="identity.right"),
        Binding("d", "both", "Settings 5 and 6 together", show=False, id="identity.both"),
    ]
    empty = noted("No names to compare yet: the walk has not come to the identity step.")
    AWAITS = frozenset({StepKind.IDENTITY})

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.both = False
        self.column = 0
        self._layout: Layout | None = None
        self._result: IdentityResult | None = None
        self._where: tuple[str, int] | None = None

    # -- data ---------------------------------------------------------------------------------

    def title_words(self) -> str:
        """Say the verdict in the frame's title."""
        if self.both:
            return say("settings 5 and 6")
        if self.shown is None or self._result is None:
            return ""
        return f"{self.shown.sender.label}  {verdict_words(self._result)[0]}"

    def _results(self) -> list[tuple[SenderProfile, IdentityResult]]:
        if self.shown is None or self.shown.attempt is None:
            return []
        chosen = [self.shown.sender]
        if self.both:
            chosen = [p for p in self.shown.profiles if p.id in PAIR]
        host = self.shown.attempt.host.name
        results = ((profile, profile.identity(self.shown.attempt)) for profile in chosen)
        return [(profile, in_order(result, host)) for profile, result in results if result]

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield heading, matrix, and the explanation of the selected cell."""
        results = self._results()
        self._result = results[0][1] if results else None
        if not results:
            yield from self._nothing(width)
            return
        row, column = self._place(results[0][1])
        beside = len(results) == 2 and width >= _BESIDE
        each = (width - 3) // 2 if beside else width
        drawn = [list(self._matrix(p, r, each, Place(row, column))) for p, r in results]
        if beside:
            yield from _side_by_side(drawn[0], drawn[1], each)
            return
        for number, rows in enumerate(drawn):
            if number:
                yield text_row(("gap", number), Content())
            for part in rows:
                again = number and part.stop
                yield Row(key=(number, part.key), lines=part.lines, stop=False) if again else part
        if not self.both:
            yield from self._others(width)

    def _place(self, result: IdentityResult) -> tuple[int, int]:
        """Return the cursor's cell, at first the deciding one."""
        attempt = self.shown.attempt if self.shown else None
        where = (attempt.address, attempt.number) if attempt else None
        row = self._cursor if isinstance(self._cursor, int) and where == self._where else None
        self._where = where
        if row is None or row >= len(result.presented):
            cell = result.deciding or _closest(result)
            row = result.presented.index(cell.presented) if cell else 0
            self.column = result.references.index(cell.reference) if cell else 0
            self._cursor = row
        self.column = min(self.column, max(0, len(result.references) - 1))
        return row, self.column

    def _matrix(
        self, profile: SenderProfile, result: IdentityResult, width: int, at: Place
    ) -> Iterator[Row]:
        cells = {(c.presented, c.reference): c for c in result.comparisons}
        if self.both:
            yield text_row(("head", profile.id), *heading(profile.label, result, width))
        if not result.presented or not result.references:
            yield text_row(("sum", profile.id), *wrap(line(result.summary), width))
            return
        layout = lay_out(result, width, at.column)
        self._layout = layout
        yield text_row(("columns", profile.id), *column_heads(result, layout, at))
        window = rows_window(result, at.row)
        if window.start:
            yield text_row(
                ("above", profile.id),
                line(("  " + say("{number} more above", number=window.start), Look.DIM)),
            )
        for index in window:
            content = fit_content(matrix_row(index, cells, result, layout, at), width)
            yield Row(
                key=index, lines=(content,), copy=result.presented[index].text, what=say("name")
            )
        left = len(result.presented) - window.stop
        if left:
            yield text_row(
                ("below", profile.id),
                line(("  " + say("{number} more below", number=left), Look.DIM)),
            )
        cell = cells.get((result.presented[at.row], result.references[at.column]))
        shown = explain(cell, width) if cell else []
        name = say("result:")
        summary = wrap(
            line((f"  {name} ", Look.DIM), result.summary), width, indent=3 + cell_len(name)
        )
        yield text_row(("why", profile.id), *shown, *summary)

    def _others(self, width: int) -> Iterator[Row]:
        """One sentence for each other flow of the pair, so that the difference is seen at once."""
        assert self.shown is not None
        assert self.shown.attempt is not None
        for profile in self.shown.profiles:
            if profile.id not in PAIR or profile.id == self.shown.sender.id:
                continue
            result = profile.identity(self.shown.attempt)
            if result is None or (self._result and result.flow == self._result.flow):
                continue
            words, look = verdict_words(result)
            text = line((f"  {profile.label}: ", Look.DIM), (words, look), ". ", result.summary)
            hint = line(("  d", Look.ACCENT), (" " + say("shows both flows together"), Look.DIM))
            yield text_row(("other", profile.id), *wrap(text, width, indent=2), hint)

    def _nothing(self, width: int) -> Iterator[Row]:
        if self.shown is None:
            return
        words = self.nothing_words(say("No names to compare"))
        if self.shown.attempt is not None and self.shown.attempt.identity is not None:
            words = say(
                "{sender} does not examine the certificate's names.", sender=self.shown.sender.label
            )
            if any(p.id in PAIR for p in self.shown.profiles):
                words += " " + say("Press d for settings 5 and 6, m for another sender.")
        yield text_row("nothing", *wrap(line((words, Look.DIM)), width))

    # -- cursor ---------------------------------------------------------------------------------

    def cursor_moved(self) -> None:
        """Explain the new cell."""
        self.rebuild()

    def action_column(self, by: int) -> None:
        """Move the cell cursor sideways."""
        results = self._results()
        if results:
            last = len(results[0][1].references) - 1
            self.column = min(max(0, self.column + by), max(0, last))
            self.rebuild()

    def action_both(self) -> None:
        """Show settings 5 and 6 together, or the chosen sender alone."""
        self.both = not self.both
        self.rebuild_or_say(say("Both settings show the same here."))

    def clicked(self, index: int, x: int, y: int) -> None:  # noqa: ARG002
        """Put the cell cursor under the pointer."""
        column = self._layout.column_at(x) if self._layout else None
        if column is not None:
            self.column = column
            self.rebuild()

    def cell(self) -> Comparison | None:
        """Return the selected comparison."""
        result = self._result
        if result is None or not result.presented or not result.references:
            return None
        row, column = self._place(result)
        return result.cell(result.presented[row], result.references[column])

    def copy_value(self) -> tuple[str, str]:
        """Copy the selected comparison as one sentence."""
        cell = self.cell()
        if cell is None:
            return super().copy_value()
        words = say(
            "{presented} against {reference}",
            presented=f"{cell.presented.kind.value} {cell.presented.text}",
            reference=f"{say(KINDS[cell.reference.kind])} {cell.reference.text}",
        )
        return f"{words}: {say(MATCHES[cell.match])}. {cell.reason}", say("comparison")


def _closest(result: IdentityResult) -> Comparison | None:
    """Return the processed comparison that came closest to a match: it tells the most."""
    processed = [cell for cell in result.comparisons if cell.number]
    return max(processed, key=lambda cell: cell.equal_labels, default=None)


def _side_by_side(left: list[Row], right: list[Row], each: int) -> Iterator[Row]:
    """Join two matrices row by row: same names, other marks."""
    separator = line((f" {glyphs().separator} ", Look.DIM))
    for number in range(max(len(left), len(right))):
        one = left[number] if number < len(left) else None
        two = right[number] if number < len(right) else None
        lines = []
        for at in range(max(len(one.lines) if one else 0, len(two.lines) if two else 0)):
            first = one.lines[at] if one and at < len(one.lines) else Content()
            second = two.lines[at] if two and at < len(two.lines) else Content()
            lines.append(fit_content(first, each) + separator + second)
        row = one or two
        assert row is not None
        yield Row(key=row.key, lines=tuple(lines), copy=row.copy, what=row.what, stop=row.stop)
