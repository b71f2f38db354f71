"""The policies of TLS reports with their sessions and lines, and who reported."""

from collections.abc import Iterator

from mxwalk.delivery.mark import Mark
from mxwalk.tlsrpt.model import Policy, Report
from mxwalk.tlsrpt.summary import Summary
from widgets.plain import Look, fit, line, mark, wrap
from widgets.report_facts import LISTED, ReportFacts, more_rows
from widgets.row import Row, text_row

_COMMAND = "mxwalk tlsrpt"
_LINES = 20


class PolicyList(ReportFacts[Report, Summary]):
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
    for number, policy in enumerate(report.policies[:LISTED]):
        yield text_row(("gap", number), line(""))
        yield _policy_row(number, policy, width)
        for at, words in enumerate(_inside(policy)):
            lines = wrap(line("    ", words), width, indent=6)
            yield Row(key=("line", number, at), lines=tuple(lines), copy=words, what="policy line")
    yield from more_rows(len(report.policies), width, _COMMAND)


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
    for total in summary.policies[:LISTED]:
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
    yield from more_rows(len(summary.policies), width, _COMMAND)
    yield text_row("gap", line(""))
    yield text_row("by", line(("reported by", Look.HEADING)))
    for who in summary.organisations[:LISTED]:
        words = f"{who.successes:,} succeeded, {who.failures:,} failed"
        content = line("  ", who.name or "(no name)", (f"   {words}", Look.DIM))
        lines = tuple(wrap(content, width, indent=4))
        yield Row(key=("by", who.name), lines=lines, copy=who.name, what="organisation")
