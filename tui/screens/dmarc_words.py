"""The words of the screen of DMARC reports: header and footer."""

from mxwalk.delivery.mark import Mark
from mxwalk.dmarcrpt.model import Reading
from mxwalk.dmarcrpt.summary import Summary
from mxwalk.dmarcrpt.words import gaps
from mxwalk.language import noted, say
from tui.screens.reports_base import ReportView
from widgets.hints import HeadState, Hint

VIEWS = (
    ReportView("sources", "1", noted("sources")),
    ReportView("results", "2", noted("results")),
    ReportView("policies", "3", noted("policies")),
    ReportView("days", "4", noted("days")),
    ReportView("deviations", "5", noted("deviations")),
)


def head_state(reading: Reading, summary: Summary, busy: str) -> HeadState:
    """Return the header for what was read so far."""
    domains = list(dict.fromkeys(report.policy.domain for report in reading.reports))
    who = domains[0] if len(domains) == 1 else say("{domains:,} domains", domains=len(domains))
    count = (
        say("1 report")
        if summary.reports == 1
        else say("{reports:,} reports", reports=summary.reports)
    )
    outcome, state = "", Mark.INFO
    if summary.reports:
        many = noted("{failures:,} of {messages:,} failed")
        least = noted("at least {failures:,} of {messages:,} failed")
        outcome = say(
            many if summary.whole else least,
            failures=summary.failures,
            messages=summary.messages,
        )
        state = Mark.FAIL if summary.failures else Mark.OK if summary.whole else Mark.WARN
    unread = sum(not problem.repeated for problem in reading.problems)
    unknown = summary.sources.unknown
    worst = (
        say("{unread:,} not read", unread=unread)
        if unread
        else gaps(summary.cut_off, summary.unreadable)
    )
    if unknown and not worst:
        worst = (
            say("1 unknown source")
            if unknown == 1
            else say("{unknown:,} unknown sources", unknown=unknown)
        )
    return HeadState(
        target=say("DMARC reports"),
        sender=who if summary.reports else "",
        state=busy or (f"{count}, {_period(summary)}" if summary.reports else say("no report")),
        running=bool(busy),
        outcome="" if busy else outcome,
        outcome_mark=state,
        worst=Mark.WARN,
        worst_words="" if busy else worst,
    )


def _period(summary: Summary) -> str:
    if summary.begins is None and summary.ends is None:
        return say("date unknown")
    first = summary.begins.date().isoformat() if summary.begins else "?"
    last = summary.ends.date().isoformat() if summary.ends else "?"
    return first if first == last else say("{first} to {last}", first=first, last=last)


def hints(*, at_reports: bool) -> list[Hint]:
    """Return the keys that matter now."""
    return [
        Hint(key="Enter", words=say("what it says") if at_reports else say("explain"), action=""),
        Hint(key="Tab", words=say("pane"), action="screen.pane"),
        Hint(key="1-5", words=say("views"), action="screen.next_view"),
        Hint(key="s", words=say("ask SPF"), action="screen.source('spf')"),
        Hint(key="p", words=say("PTR name"), action="screen.source('name')"),
        Hint(key="u", words=say("narrow"), action="screen.source('narrow')"),
        Hint(key="/", words=say("filter"), action="screen.find"),
        Hint(key="x", words=say("export"), action="screen.export"),
        Hint(key="y", words=say("copy"), action="app.copy_value"),
        Hint(key="z", words=say("zoom"), action="screen.zoom"),
        Hint(key="r", words=say("read again"), action="screen.again"),
        Hint(key="?", words=say("help"), action="app.help", keep=True),
        Hint(key="q", words=say("back"), action="screen.leave", keep=True),
    ]
