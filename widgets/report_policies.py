"""The policies of TLS reports with their sessions and lines, and who reported."""

from collections.abc import Iterator

from mxwalk.delivery.mark import Mark
from mxwalk.language import noted, say, say_many
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
    when = (
        say("{begins:%Y-%m-%d %H:%M:%S} to {ends:%Y-%m-%d %H:%M:%S} UTC", begins=begins, ends=ends)
        if begins and ends
        else "?"
    )
    for name, value in (
        (noted("from"), report.organisation),
        (noted("contact"), report.contact),
        (noted("period"), when),
        ("report-id", report.report_id),
        (noted("file"), report.source),
    ):
        content = line(fit(say(name), 11, Look.DIM), value or "-")
        lines = wrap(content, width, indent=11)
        yield Row(key=("fact", name), lines=tuple(lines), copy=value, what=say(name))
    for number, policy in enumerate(report.policies[:LISTED]):
        yield text_row(("gap", number), line(""))
        yield _policy_row(number, policy, width)
        for at, words in enumerate(_inside(policy)):
            lines = wrap(line("    ", words), width, indent=6)
            yield Row(
                key=("line", number, at), lines=tuple(lines), copy=words, what=say("policy line")
            )
    yield from more_rows(len(report.policies), width, _COMMAND)


def _policy_row(number: int, policy: Policy, width: int) -> Row:
    symbol, look = mark(
        Mark.FAIL if policy.failures else Mark.OK if policy.successes else Mark.INFO
    )
    content = line(
        (f"{symbol} ", look),
        (policy.type or say("(no type)"), Look.STRONG),
        "  ",
        policy.domain or say("(no domain)"),
        (
            say(
                "   {successes:,} succeeded, {failures:,} failed",
                successes=policy.successes,
                failures=policy.failures,
            ),
            Look.DIM,
        ),
    )
    lines = wrap(content, width, indent=4)
    return Row(
        key=("policy", number), lines=tuple(lines), copy=policy.domain, what=say("policy domain")
    )


def _inside(policy: Policy) -> Iterator[str]:
    yield from policy.lines[:_LINES]
    if len(policy.lines) > _LINES:
        yield say("and {lines:,} more lines", lines=len(policy.lines) - _LINES)
    if policy.mx_hosts and not policy.lines:
        yield from (f"mx-host {name}" for name in policy.mx_hosts[:_LINES])


def _totals(summary: Summary, width: int) -> Iterator[Row]:
    for total in summary.policies[:LISTED]:
        symbol, look = mark(Mark.FAIL if total.failures else Mark.OK)
        reports = say_many("{n:,} report", "{n:,} reports", total.reports)
        content = line(
            (f"{symbol} ", look),
            (total.type or say("(no type)"), Look.STRONG),
            "  ",
            total.domain or say("(no domain)"),
            (
                say(
                    "   {successes:,} succeeded, {failures:,} failed, {reports}",
                    successes=total.successes,
                    failures=total.failures,
                    reports=reports,
                ),
                Look.DIM,
            ),
        )
        key = ("policy", total.type, total.domain)
        yield Row(key=key, lines=tuple(wrap(content, width, indent=4)), copy=total.domain)
    yield from more_rows(len(summary.policies), width, _COMMAND)
    yield text_row("gap", line(""))
    yield text_row("by", line((say("reported by"), Look.HEADING)))
    for who in summary.organisations[:LISTED]:
        words = say(
            "{successes:,} succeeded, {failures:,} failed",
            successes=who.successes,
            failures=who.failures,
        )
        content = line("  ", who.name or say("(no name)"), (f"   {words}", Look.DIM))
        lines = tuple(wrap(content, width, indent=4))
        yield Row(key=("by", who.name), lines=lines, copy=who.name, what=say("organisation"))
