"""TLSA records against the certificates presented: every record, every certificate, digit by digit.

Up and down choose the record, left and right the certificate; the chosen pair is explained below,
then what this server should publish.  ``y`` copies the record as a zone line.
"""

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from mxwalk.dane.advice import RecordState, records_for, rollover
from mxwalk.dane.matching import CellState, Grid, compare_all
from mxwalk.dane.model import DaneState
from mxwalk.dane.result import DaneResult
from mxwalk.dane.tlsa import zone_line
from mxwalk.delivery.dane import dane_result, other_dane_result
from mxwalk.language import noted, say
from widgets.plain import Look, fit_content, line, wrap
from widgets.row import Row, text_row
from widgets.shown import View
from widgets.tlsa_lines import (
    column_heads,
    explain,
    heading,
    lay_out,
    publish_lines,
    record_line,
)

_ROWS_SHOWN = 24
_STATES = {
    RecordState.CURRENT: noted("is in use"),
    RecordState.PREPARED: noted("is for the next certificate"),
    RecordState.STALE: noted("matches no certificate"),
    RecordState.DUPLICATE: noted("stands there twice"),
    RecordState.MALFORMED: noted("cannot be used for SMTP"),
    RecordState.UNMATCHED: noted("matches nothing the server sends"),
}
_ORDER = (CellState.MATCH, CellState.MISMATCH)


class TlsaGrid(View):
    """The TLSA grid of the host looked at."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "column(-1)", "Certificate to the left", show=False, id="tlsa.left"),
        Binding("right,l", "column(1)", "Certificate to the right", show=False, id="tlsa.right"),
    ]
    empty = noted("No TLSA look-up yet: the walk has not come to it.")

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.column = 0

    def title_words(self) -> str:
        """Say the verdict in the frame's title."""
        state, result = self._state(), self._result()
        if state is None:
            return ""
        if result is None:
            return say(state.standing.value)
        return say(result.authentication.value)

    def _nothing(self) -> str:
        """Say why there is no look-up: it is still to come, or the walk ended before it."""
        delivery = self.shown.delivery if self.shown else None
        why = delivery.route.problem if delivery else ""
        host = self.shown.host if self.shown else None
        if host is not None and host.planned.is_literal:  # RFC 7672 2.2: they stand at a name
            return say("No TLSA look-up: an address is connected to, and it has no TLSA records.")
        if delivery is None or delivery.hosts or not why:
            return self.nothing_words(say("No TLSA look-up"))
        return say("No TLSA look-up was made, since no delivery host is known: {why}", why=why)

    def _state(self) -> DaneState | None:
        host = self.shown.host if self.shown else None
        return host.dane if host else None

    def _result(self) -> DaneResult | None:
        shown = self.shown
        if shown is None or shown.attempt is None or shown.host is None:
            return None
        return dane_result(shown.delivery, shown.host, shown.attempt)

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield heading, grid, the chosen pair, and what to publish."""
        state = self._state()
        if state is None:
            if self.shown is not None:
                yield text_row("none", *wrap(line((self._nothing(), Look.DIM)), width))
            return
        result = self._result()
        grid = result.grid if result else compare_all(state.records, ())
        yield text_row("head", *heading(state, result, width))
        if grid.records:
            yield from self._table(state, result, grid, width)
        yield from self._other_leaf(width)
        yield from self._advice(state, grid, width)

    def _in_use(self, grid: Grid) -> list[tuple[bytes, ...]]:
        """Return the chain of the connection, and that of the other leaf where it is known."""
        attempt = self.shown.attempt if self.shown else None
        other = attempt.other_leaf if attempt else None
        return [grid.chain, other.presented] if other and other.presented else [grid.chain]

    def _other_leaf(self, width: int) -> Iterator[Row]:
        """Say in one line what the records say of the certificate of the other key type."""
        shown = self.shown
        if shown is None or shown.attempt is None or shown.host is None:
            return
        other = shown.attempt.other_leaf
        result = other_dane_result(shown.delivery, shown.host, shown.attempt)
        if other is not None and result is not None:
            kind = other.offer.key_type.value if other.offer.key_type else say("other")
            words = say(
                "the {kind} leaf: {authentication}",
                kind=kind,
                authentication=say(result.authentication.value),
            )
            yield text_row("other-leaf", *wrap(line(words), width))

    def _table(
        self, state: DaneState, result: DaneResult | None, grid: Grid, width: int
    ) -> Iterator[Row]:
        row = self._cursor if isinstance(self._cursor, int) else None
        if row is None or row >= len(grid.records):
            deciding = result.deciding if result else None
            row = deciding.record if deciding else 0
            if deciding is not None:
                self.column = _telling(grid, row, deciding.certificate)
            self._cursor = row
        self.column = min(self.column, max(0, len(grid.chain) - 1))
        columns = lay_out(grid, width, self.column)
        if grid.chain:
            yield text_row("columns", fit_content(column_heads(grid, columns, self.column), width))
        first = min(max(0, row - _ROWS_SHOWN // 2), max(0, len(grid.records) - _ROWS_SHOWN))
        if first:
            yield text_row("above", line((say("{first} more above", first=first), Look.DIM)))
        for number in range(first, min(len(grid.records), first + _ROWS_SHOWN)):
            one = result.results[number] if result else None
            content = fit_content(record_line(number, grid, one, columns, self.column), width)
            copy = zone_line(state.base_domain or state.host, state.port, grid.records[number])
            yield Row(key=number, lines=(content,), copy=copy, what=say("record"))
        left = len(grid.records) - first - _ROWS_SHOWN
        if left > 0:
            yield text_row("below", line((say("{left} more below", left=left), Look.DIM)))
        if grid.omitted:
            words = say(
                "{omitted} records or certificates beyond the limit are not compared",
                omitted=grid.omitted,
            )
            yield text_row("omitted", *wrap(line((words, Look.WARN)), width))
        one = result.results[row] if result else None
        yield text_row("why", Content(), *explain(grid, row, self.column, one, width))

    def _advice(self, state: DaneState, grid: Grid, width: int) -> Iterator[Row]:
        if not grid.chain:
            return
        base = state.base_domain or state.host
        advised = records_for(grid.chain, base, state.port)
        lines = [line((say("this server should publish"), Look.HEADING))]
        lines += publish_lines([(one.line, one.why) for one in advised], width)
        if grid.records:
            states = ", ".join(
                say("record {number} {states}", number=number, states=say(_STATES[one.state]))
                for number, one in enumerate(rollover(grid.records, self._in_use(grid)), 1)
            )
            lines += wrap(line((say("published now: "), Look.DIM), states), width, indent=4)
        words = say("before a new key: publish its record two TTLs ahead, remove the old one after")
        lines += wrap(line((words, Look.DIM)), width)
        yield text_row("publish", *lines)

    def cursor_moved(self) -> None:
        """Explain the new record, beside a certificate it can be compared with."""
        result, row = self._result(), self._cursor
        if result is not None and isinstance(row, int) and row < len(result.grid.records):
            self.column = _telling(result.grid, row, self.column)
        self.rebuild()

    def action_column(self, by: int) -> None:
        """Choose another certificate."""
        result = self._result()
        last = len(result.grid.chain) - 1 if result else 0
        self.column = min(max(0, self.column + by), max(0, last))
        self.rebuild()


def _telling(grid: Grid, row: int, preferred: int | None) -> int:
    """Return the certificate to compare a record with: ``preferred`` if it applies, or a better one."""
    cells = [grid.cell(row, index) for index in range(len(grid.chain))]
    if preferred is not None and preferred < len(cells) and cells[preferred].state in _ORDER:
        return preferred
    found = (at for state in _ORDER for at, cell in enumerate(cells) if cell.state is state)
    return next(found, preferred or 0)
