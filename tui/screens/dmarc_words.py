"""The words of the screen of DMARC reports: header and footer."""

from mxwalk.delivery.mark import Mark
from mxwalk.dmarcrpt.model import Reading
from mxwalk.dmarcrpt.summary import Summary
from mxwalk.dmarcrpt.words import gaps
from tui.screens.reports_base import ReportView
from widgets.hints import HeadState, Hint

VIEWS = (
    ReportView("sources", "1", "sources"),
    ReportView("results", "2", "results"),
    ReportView("policies", "3", "policies"),
    ReportView("days", "4", "days"),
    ReportView("deviations", "5", "deviations"),
)


def head_state(reading: Reading, summary: Summary, busy: str) -> HeadState:
    """Return the header for what was read so far."""
    domains = list(dict.fromkeys(report.policy.domain for report in reading.reports))
    who = domains[0] if len(domains) == 1 else f"{len(domains):,} domains"
    count = "1 report" if summary.reports == 1 else f"{summary.reports:,} reports"
    outcome, state = "", Mark.INFO
    if summary.reports:
        least = "" if summary.whole else "at least "
        outcome = f"{least}{summary.failures:,} of {summary.messages:,} failed"
        state = Mark.FAIL if summary.failures else Mark.OK if summary.whole else Mark.WARN
    unread = sum(not problem.repeated for problem in reading.problems)
    unknown = summary.sources.unknown
    worst = f"{unread:,} not read" if unread else gaps(summary.cut_off, summary.unreadable)
    if unknown and not worst:
        worst = "1 unknown source" if unknown == 1 else f"{unknown:,} unknown sources"
    return HeadState(
        target="DMARC reports",
        sender=who if summary.reports else "",
        state=busy or (f"{count}, {_period(summary)}" if summary.reports else "no report"),
        running=bool(busy),
        outcome="" if busy else outcome,
        outcome_mark=state,
        worst=Mark.WARN,
        worst_words="" if busy else worst,
    )


def _period(summary: Summary) -> str:
    if summary.begins is None and summary.ends is None:
        return "date unknown"
    first = summary.begins.date().isoformat() if summary.begins else "?"
    last = summary.ends.date().isoformat() if summary.ends else "?"
    return first if first == last else f"{first} to {last}"


def hints(*, at_reports: bool) -> list[Hint]:
    """Return the keys that matter now."""
    return [
        Hint(key="Enter", words="what it says" if at_reports else "explain", action=""),
        Hint(key="Tab", words="pane", action="screen.pane"),
        Hint(key="1-5", words="views", action="screen.next_view"),
        Hint(key="s", words="ask SPF", action="screen.source('spf')"),
        Hint(key="p", words="PTR name", action="screen.source('name')"),
        Hint(key="u", words="narrow", action="screen.source('narrow')"),
        Hint(key="/", words="filter", action="screen.find"),
        Hint(key="x", words="export", action="screen.export"),
        Hint(key="y", words="copy", action="app.copy_value"),
        Hint(key="z", words="zoom", action="screen.zoom"),
        Hint(key="r", words="read again", action="screen.again"),
        Hint(key="?", words="help", action="app.help", keep=True),
        Hint(key="q", words="back", action="screen.leave", keep=True),
    ]
