"""The policies that reporters found, and who reported; of a single report also all that it says."""

from collections.abc import Iterator

from mxwalk.dmarcrpt.model import Report
from mxwalk.dmarcrpt.summary import Summary
from mxwalk.dmarcrpt.words import policy_words
from mxwalk.language import noted, say, say_many
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
    when = say(" to ").join(moments) + " UTC" if moments else say("date unknown")
    for name, value in (
        (say("from"), report.organisation),
        (say("email"), report.email),
        (say("contact"), report.contact),
        (say("period"), when),
        ("report_id", report.report_id),
        (say("generator"), report.generator),
        (
            say("schema"),
            say(
                "{schema}, version {version}",
                schema=report.schema.value,
                version=report.version or say("(none)"),
            ),
        ),
        (say("extensions"), ", ".join(report.extensions)),
        (say("file"), report.source),
        (say("domain"), report.policy.domain),
        (say("policy"), policy_words(report.policy)),
        *((say("error"), error) for error in report.errors),
    ):
        if value:
            content = line(fit(name, _LABEL, Look.DIM), value)
            lines = wrap(content, width, indent=_LABEL)
            yield Row(key=("fact", name, value), lines=tuple(lines), copy=value, what=name)


def _policies(summary: Summary, width: int) -> Iterator[Row]:
    for number, seen in enumerate(summary.policies[:LISTED]):
        words = policy_words(seen.policy)
        content = line((seen.policy.domain or say("(no domain)"), Look.STRONG), "  ", words)
        lines = wrap(content, width, indent=4)
        reports = say_many("{n:,} report", "{n:,} reports", seen.reports)
        span = (
            say("{first} to {last}", first=seen.first, last=seen.last)
            if seen.first != seen.last
            else f"{seen.first or say('date unknown')}"
        )
        more = "    " + say(
            "{reports}, {span}, {schema}: {messages:,} passed, {failures:,} failed",
            reports=reports,
            span=span,
            schema=seen.schema.value,
            messages=seen.messages - seen.failures,
            failures=seen.failures,
        )
        lines += wrap(line((more, Look.DIM)), width, indent=4)
        copied = f"{seen.policy.domain} {words}"
        yield Row(key=("policy", number), lines=tuple(lines), copy=copied, what=say("policy"))
    yield from more_rows(len(summary.policies), width, COMMAND)


def _reporters(summary: Summary, width: int) -> Iterator[Row]:
    if not summary.reporters:
        return
    yield text_row("gap", line(""))
    yield text_row("by", line((say("reported by"), Look.HEADING)))
    for number, who in enumerate(summary.reporters[:LISTED]):
        numbers = say(
            "{messages:,} passed, {failures:,} failed",
            messages=who.messages - who.failures,
            failures=who.failures,
        )
        email = f" <{who.email}>" if who.email else ""
        content = line("  ", who.name or say("(no name)"), email, (f"   {numbers}", Look.DIM))
        lines = wrap(content, width, indent=4)
        copied = f"{who.name}{email}"
        yield Row(key=("by", number), lines=tuple(lines), copy=copied, what=say("organisation"))


class DmarcDays(DayList):
    """Messages by day."""

    succeeded = noted("passed")


class DmarcDeviations(DeviationList):
    """What is not as the schemas of DMARC have it."""

    rfc = noted("its RFC")
    command = COMMAND
