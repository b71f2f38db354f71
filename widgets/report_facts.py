"""What else reports say: policies with their lines, sessions by day, and what deviates from the RFC."""

from collections.abc import Iterator, Sequence

from mxwalk.delivery.mark import Mark
from mxwalk.reportfiles.model import Deviation, Problem
from mxwalk.tlsrpt.model import Policy, Report
from mxwalk.tlsrpt.summary import Summary
from widgets.glyphs import glyphs
from widgets.plain import Look, fit, line, mark, wrap
from widgets.row import Row, text_row
from widgets.rows import Rows

_LISTED = 500
_LINES = 20


class ReportFacts(Rows):
    """A list about some reports; subclasses say which rows."""

    empty = "No report was opened yet."

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.reports: tuple[Report, ...] = ()
        self.summary: Summary | None = None
        self.problems: tuple[Problem, ...] = ()

    def show(
        self, reports: Sequence[Report], summary: Summary, problems: Sequence[Problem]
    ) -> None:
        """Show these reports."""
        self.reports, self.summary, self.problems = tuple(reports), summary, tuple(problems)
        self.rebuild()


class PolicyList(ReportFacts):
    """The policies with their sessions; of a single report also who sent it and the policies' lines."""

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield a row a policy."""
        if self.summary is None:
            return
        if len(self.reports) == 1:
            yield from _report(self.reports[0], width)
        else:
            yield from _totals(self.summary, width)


def _report(report: Report, width: int) -> Iterator[Row]:
    begins, ends = report.begins, report.ends
    when = f"{begins:%Y-%m-%d %H:%M:%S} to {ends:%Y-%m-%d %H:%M:%S} UTC" if begins and ends else "?"
    for name, value in (
        ("from", report.organisation),
        ("contact", report.contact),
        ("period", when),
        ("report-id", report.report_id),
        ("file", report.source),
    ):
        content = line(fit(name, 11, Look.DIM), value or "-")
        lines = wrap(content, width, indent=11)
        yield Row(key=("fact", name), lines=tuple(lines), copy=value, what=name)
    for number, policy in enumerate(report.policies[:_LISTED]):
        yield text_row(("gap", number), line(""))
        yield _policy_row(number, policy, width)
        for at, words in enumerate(_inside(policy)):
            lines = wrap(line("    ", words), width, indent=6)
            yield Row(key=("line", number, at), lines=tuple(lines), copy=words, what="policy line")
    yield from _more(len(report.policies), _LISTED, width)


def _policy_row(number: int, policy: Policy, width: int) -> Row:
    symbol, look = mark(
        Mark.FAIL if policy.failures else Mark.OK if policy.successes else Mark.INFO
    )
    content = line(
        (f"{symbol} ", look),
        (policy.type or "(no type)", Look.STRONG),
        "  ",
        policy.domain or "(no domain)",
        (f"   {policy.successes:,} succeeded, {policy.failures:,} failed", Look.DIM),
    )
    lines = wrap(content, width, indent=4)
    return Row(key=("policy", number), lines=tuple(lines), copy=policy.domain, what="policy domain")


def _inside(policy: Policy) -> Iterator[str]:
    yield from policy.lines[:_LINES]
    if len(policy.lines) > _LINES:
        yield f"and {len(policy.lines) - _LINES:,} more lines"
    if policy.mx_hosts and not policy.lines:
        yield from (f"mx-host {name}" for name in policy.mx_hosts[:_LINES])


def _totals(summary: Summary, width: int) -> Iterator[Row]:
    for total in summary.policies[:_LISTED]:
        symbol, look = mark(Mark.FAIL if total.failures else Mark.OK)
        reports = "1 report" if total.reports == 1 else f"{total.reports:,} reports"
        content = line(
            (f"{symbol} ", look),
            (total.type or "(no type)", Look.STRONG),
            "  ",
            total.domain or "(no domain)",
            (f"   {total.successes:,} succeeded, {total.failures:,} failed, {reports}", Look.DIM),
        )
        key = ("policy", total.type, total.domain)
        yield Row(key=key, lines=tuple(wrap(content, width, indent=4)), copy=total.domain)
    yield from _more(len(summary.policies), _LISTED, width)
    yield text_row("gap", line(""))
    yield text_row("by", line(("reported by", Look.HEADING)))
    for who in summary.organisations[:_LISTED]:
        words = f"{who.successes:,} succeeded, {who.failures:,} failed"
        content = line("  ", who.name or "(no name)", (f"   {words}", Look.DIM))
        lines = tuple(wrap(content, width, indent=4))
        yield Row(key=("by", who.name), lines=lines, copy=who.name, what="organisation")


class DayList(ReportFacts):
    """Sessions by day, the last day first."""

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
                f"{day.successes:>12,} succeeded ",
                (f"{day.failures:>8,} failed  ", look if day.failures else Look.DIM),
            )
            room = width - content.cell_length
            if room > 8 and most:
                length = -(-room * (day.successes + day.failures) // most)
                content = content + line((glyphs().bar * length, Look.DIM))
            yield Row(key=day.day, lines=(content,), what="day")
        if self.summary.undated:
            words = f"{self.summary.undated:,} reports have no date that can be read"
            yield text_row("undated", *wrap(line((words, Look.WARN)), width))


class DeviationList(ReportFacts):
    """What in the reports is not as RFC 8460 has it, and the files that could not be read."""

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield a row a deviation, under the report it is in."""
        if self.summary is None:
            return
        if not self.problems and not any(report.deviations for report in self.reports):
            yield text_row("none", line(("Everything is as RFC 8460 has it.", Look.OK)))
            return
        symbol, look = mark(Mark.FAIL)
        for number, problem in enumerate(self.problems[:_LISTED]):
            sign = (f"{symbol} ", look) if not problem.repeated else ("  ", Look.DIM)
            content = line(sign, problem.name, (f": {problem.sentence}", Look.PLAIN))
            lines = tuple(wrap(content, width, indent=4))
            copied = f"{problem.name}: {problem.sentence}"
            yield Row(key=("problem", number), lines=lines, copy=copied, what="error")
        yield from _more(len(self.problems), _LISTED, width)
        shown = [report for report in self.reports if report.deviations]
        for number, report in enumerate(shown[:_LISTED]):
            head = line(
                (report.organisation or "(no name)", Look.HEADING), (f"  {report.source}", Look.DIM)
            )
            yield text_row(("head", number), *wrap(head, width, indent=4))
            for at, deviation in enumerate(report.deviations):
                yield _deviation(("deviation", number, at), deviation, width)
        yield from _more(len(shown), _LISTED, width)


def _deviation(key: tuple[str, int, int], deviation: Deviation, width: int) -> Row:
    symbol, look = mark(Mark.WARN)
    times = f", {deviation.times:,} times" if deviation.times > 1 else ""
    places = ", ".join(deviation.places)
    content = line((f"  {symbol} ", look), deviation.sentence, times)
    lines = wrap(content, width, indent=6)
    if places:
        lines += wrap(line("    ", (places, Look.DIM)), width, indent=6)
    return Row(key=key, lines=tuple(lines), copy=places or deviation.sentence, what="place")


def _more(count: int, listed: int, width: int) -> Iterator[Row]:
    if count > listed:
        words = f"and {count - listed:,} more; mxwalk tlsrpt --format json has all"
        yield text_row(("more", count), *wrap(line((words, Look.DIM)), width))
