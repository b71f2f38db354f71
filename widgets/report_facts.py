"""What reports of any kind say besides: numbers by day, and what deviates from their RFC."""

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from mxwalk.delivery.mark import Mark
from mxwalk.language import noted, say
from mxwalk.reportfiles.model import Deviation, Problem
from widgets.glyphs import glyphs
from widgets.plain import Look, line, mark, wrap
from widgets.report_kinds import AnyReport, AnySummary
from widgets.row import Row, text_row
from widgets.rows import Rows

LISTED = 500
R = TypeVar("R", bound=AnyReport)
S = TypeVar("S", bound=AnySummary)


class ReportFacts(Rows, Generic[R, S]):
    """A list about some reports; subclasses say which rows."""

    empty = noted("No report was opened yet.")

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.reports: tuple[R, ...] = ()
        self.summary: S | None = None
        self.problems: tuple[Problem, ...] = ()

    def show(self, reports: Sequence[R], summary: S, problems: Sequence[Problem]) -> None:
        """Show these reports."""
        self.reports, self.summary, self.problems = tuple(reports), summary, tuple(problems)
        self.rebuild()


class DayList(ReportFacts[AnyReport, AnySummary]):
    """Numbers by day, the last day first; ``succeeded`` is the word for what did not fail."""

    succeeded = noted("succeeded")

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield a row a day."""
        if self.summary is None:
            return
        most = max((day.successes + day.failures for day in self.summary.days), default=0)
        for day in reversed(self.summary.days):
            symbol, look = mark(
                Mark.FAIL if day.failures else Mark.OK if day.successes else Mark.INFO
            )
            content = line(
                (f"{symbol} ", look),
                day.day.isoformat(),
                f"{day.successes:>12,} {say(self.succeeded)} ",
                (
                    say("{failures:>8,} failed  ", failures=day.failures),
                    look if day.failures else Look.DIM,
                ),
            )
            room = width - content.cell_length
            if room > 8 and most:
                length = -(-room * (day.successes + day.failures) // most)
                content = content + line((glyphs().bar * length, Look.DIM))
            yield Row(key=day.day, lines=(content,), what=say("day"))
        if self.summary.undated:
            words = say(
                "{undated:,} reports have no date that can be read", undated=self.summary.undated
            )
            yield text_row("undated", *wrap(line((words, Look.WARN)), width))


class DeviationList(ReportFacts[AnyReport, AnySummary]):
    """What in the reports is not as ``rfc`` has it, and the files that could not be read."""

    rfc = "RFC 8460"
    command = "mxwalk tlsrpt"

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield a row a deviation, under the report it is in."""
        if self.summary is None:
            return
        if not self.problems and not any(report.deviations for report in self.reports):
            yield text_row(
                "none", line((say("Everything is as {rfc} has it.", rfc=say(self.rfc)), Look.OK))
            )
            return
        symbol, look = mark(Mark.FAIL)
        for number, problem in enumerate(self.problems[:LISTED]):
            sign = (f"{symbol} ", look) if not problem.repeated else ("  ", Look.DIM)
            content = line(sign, problem.name, (f": {problem.sentence}", Look.PLAIN))
            lines = tuple(wrap(content, width, indent=4))
            copied = f"{problem.name}: {problem.sentence}"
            yield Row(key=("problem", number), lines=lines, copy=copied, what=say("error"))
        yield from more_rows(len(self.problems), width, self.command)
        shown = [report for report in self.reports if report.deviations]
        for number, report in enumerate(shown[:LISTED]):
            head = line(
                (report.organisation or say("(no name)"), Look.HEADING),
                (f"  {report.source}", Look.DIM),
            )
            yield text_row(("head", number), *wrap(head, width, indent=4))
            for at, deviation in enumerate(report.deviations):
                yield _deviation(("deviation", number, at), deviation, width)
        yield from more_rows(len(shown), width, self.command)


def _deviation(key: tuple[str, int, int], deviation: Deviation, width: int) -> Row:
    symbol, look = mark(Mark.WARN)
    times = say(", {times:,} times", times=deviation.times) if deviation.times > 1 else ""
    places = ", ".join(deviation.places)
    content = line((f"  {symbol} ", look), deviation.sentence, times)
    lines = wrap(content, width, indent=6)
    if places:
        lines += wrap(line("    ", (places, Look.DIM)), width, indent=6)
    return Row(key=key, lines=tuple(lines), copy=places or deviation.sentence, what=say("place"))


def more_rows(count: int, width: int, command: str) -> Iterator[Row]:
    """Yield a row that says how many are not listed, if any."""
    if count > LISTED:
        words = say(
            "and {count:,} more; {command} --format json has all",
            count=count - LISTED,
            command=command,
        )
        yield text_row(("more", count), *wrap(line((words, Look.DIM)), width))
