"""The policies that reporters found, and who reported; of a single report also all that it says."""

from collections.abc import Iterator

from mxwalk.dmarcrpt.model import Report
from mxwalk.dmarcrpt.summary import Summary
from mxwalk.dmarcrpt.words import policy_words
from widgets.plain import Look, fit, line, wrap
from widgets.report_facts import LISTED, DayList, DeviationList, ReportFacts, more_rows
from widgets.row import Row, text_row

COMMAND = "mxwalk dmarc"
_LABEL = 12


class DmarcPolicies(ReportFacts[Report, Summary]):
    """Policies and reporters."""

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield a row a policy, then a row a reporter."""
        if self.summary is None:
            return
        if len(self.reports) == 1:
            yield from _report(self.reports[0], width)
        else:
            yield from _policies(self.summary, width)
            yield from _reporters(self.summary, width)


def _report(report: Report, width: int) -> Iterator[Row]:
    moments = [f"{one:%Y-%m-%d %H:%M:%S}" for one in (report.begins, report.ends) if one]
    when = f"{' to '.join(moments)} UTC" if moments else "date unknown"
    for name, value in (
        ("from", report.organisation),
        ("email", report.email),
        ("contact", report.contact),
        ("period", when),
        ("report_id", report.report_id),
        ("generator", report.generator),
        ("schema", f"{report.schema.value}, version {report.version or '(none)'}"),
        ("extensions", ", ".join(report.extensions)),
        ("file", report.source),
        ("domain", report.policy.domain),
        ("policy", policy_words(report.policy)),
        *(("error", error) for error in report.errors),
    ):
        if value:
            content = line(fit(name, _LABEL, Look.DIM), value)
            lines = wrap(content, width, indent=_LABEL)
            yield Row(key=("fact", name, value), lines=tuple(lines), copy=value, what=name)


def _policies(summary: Summary, width: int) -> Iterator[Row]:
    for number, seen in enumerate(summary.policies[:LISTED]):
        words = policy_words(seen.policy)
        content = line((seen.policy.domain or "(no domain)", Look.STRONG), "  ", words)
        lines = wrap(content, width, indent=4)
        reports = "1 report" if seen.reports == 1 else f"{seen.reports:,} reports"
        span = (
            f"{seen.first} to {seen.last}"
            if seen.first != seen.last
            else f"{seen.first or 'date unknown'}"
        )
        more = (
            f"    {reports}, {span}, {seen.schema.value}:"
            f" {seen.messages - seen.failures:,} passed, {seen.failures:,} failed"
        )
        lines += wrap(line((more, Look.DIM)), width, indent=4)
        copied = f"{seen.policy.domain} {words}"
        yield Row(key=("policy", number), lines=tuple(lines), copy=copied, what="policy")
    yield from more_rows(len(summary.policies), width, COMMAND)


def _reporters(summary: Summary, width: int) -> Iterator[Row]:
    if not summary.reporters:
        return
    yield text_row("gap", line(""))
    yield text_row("by", line(("reported by", Look.HEADING)))
    for number, who in enumerate(summary.reporters[:LISTED]):
        numbers = f"{who.messages - who.failures:,} passed, {who.failures:,} failed"
        email = f" <{who.email}>" if who.email else ""
        content = line("  ", who.name or "(no name)", email, (f"   {numbers}", Look.DIM))
        lines = wrap(content, width, indent=4)
        copied = f"{who.name}{email}"
        yield Row(key=("by", number), lines=tuple(lines), copy=copied, what="organisation")


class DmarcDays(DayList):
    """Messages by day."""

    succeeded = "passed"


class DmarcDeviations(DeviationList):
    """What is not as the schemas of DMARC have it."""

    rfc = "its RFC"
    command = COMMAND
