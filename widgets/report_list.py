"""The reports that were opened: all of them together, then each with its period and organisation."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from rich.cells import cell_len
from textual.content import Content

from mxwalk.delivery.mark import Mark
from mxwalk.language import noted, say
from widgets.plain import Look, fit, line, mark, shorten, wrap
from widgets.report_kinds import AnyReading, AnyReport
from widgets.row import Row, text_row
from widgets.rows import Rows

ALL = "all"
_COPIED = 20


class ReportList(Rows):
    """A row a report; moving to one shows what it alone says.  The key is its index, or ``ALL``."""

    empty = noted("No report was opened.")

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._reading: AnyReading | None = None

    def show(self, reading: AnyReading) -> None:
        """Show these reports."""
        self._reading = reading
        self.rebuild()

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield the row of all, then one a report, then what could not be read."""
        if self._reading is None:
            return
        reports = self._reading.reports
        if reports:
            good = sum(report.successes for report in reports)
            bad = sum(report.failures for report in reports)
            words = (
                say("all {reports:,} reports", reports=len(reports))
                if len(reports) > 1
                else say("the report")
            )
            whole = all(self.is_whole(report) for report in reports)
            first = count_line(words, "", good, bad, width, whole=whole)
            yield Row(key=ALL, lines=(first,), what=say("totals"))
            yield from self.group_rows(reports, width)
        for number, report in enumerate(reports):
            name = report.organisation or say("(no name)")
            good, bad = report.successes, report.failures
            whole = self.is_whole(report)
            first = count_line(name, period(report), good, bad, width, whole=whole)
            copied = f"{report.organisation} {report.report_id}".strip()
            yield Row(key=number, lines=(first,), copy=copied, what=say("report"))
        problems = self._reading.problems
        if problems and not reports:
            words = say("No report could be read: r reads again, q goes back.")
            lines = tuple(wrap(line((words, Look.WARN)), width))
            copied = "\n".join(f"{one.name}: {one.sentence}" for one in problems[:_COPIED])
            yield Row(key="none", lines=lines, copy=copied, what=say("error"))
        elif problems:
            words = say(
                "{problems:,} not read or not counted: see deviations", problems=len(problems)
            )
            symbol, look = mark(Mark.WARN)
            yield text_row(
                "problems", line((f"{symbol} ", look), (shorten(words, width - 2), look))
            )

    def is_whole(self, report: AnyReport) -> bool:  # noqa: ARG002
        """Hook: say whether all of a report was read."""
        return True

    def group_rows(self, reports: Sequence[AnyReport], width: int) -> Iterator[Row]:  # noqa: ARG002
        """Hook: yield rows for groups of reports, between all of them and each of them."""
        yield from ()


def period(report: AnyReport) -> str:
    """Return the day or days of a report, in UTC."""
    first, last = _day(report.begins), _day(report.ends)
    if first == last:
        return first
    return f"{first}+" if first != "?" else last


def _day(moment: datetime | None) -> str:
    return moment.date().isoformat() if moment else "?"


def count_line(
    name: str, when: str, good: int, bad: int, width: int, *, whole: bool = True
) -> Content:
    """Lay out one row: state, day, name, and the two numbers as far as they fit."""
    good_mark = Mark.OK if whole else Mark.WARN  # what is missing may have failed
    symbol, look = mark(Mark.FAIL if bad else good_mark if good or not whole else Mark.INFO)
    counts = f"{good:,} / {bad:,}"
    room = max(6, width - 2 - cell_len(counts) - 1 - (12 if when else 0))
    day = fit(when, 12, Look.DIM) if when else ""
    numbers = line((f"{good:,} / ", Look.DIM), (f"{bad:,}", look if bad else Look.DIM))
    return line((f"{symbol} ", look), day, fit(name, room, Look.STRONG), " ", numbers)
