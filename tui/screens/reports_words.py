"""The words of the screen of TLS reports: header, tabs and footer."""

from mxwalk.delivery.mark import Mark
from mxwalk.tlsrpt.model import Reading
from mxwalk.tlsrpt.summary import Summary
from tui.screens.reports_base import ReportView
from widgets.hints import HeadState, Hint

VIEWS = (
    ReportView("failures", "1", "failures"),
    ReportView("policies", "2", "policies"),
    ReportView("days", "3", "days"),
    ReportView("deviations", "4", "deviations"),
)


def head_state(reading: Reading, summary: Summary, busy: str) -> HeadState:
    """Return the header for what was read so far."""
    number = len(summary.organisations)
    who = "1 organisation" if number == 1 else f"{number:,} organisations"
    count = "1 report" if summary.reports == 1 else f"{summary.reports:,} reports"
    outcome, state = "", Mark.INFO
    if summary.reports:
        outcome = f"{summary.failures:,} of {summary.successes + summary.failures:,} failed"
        state = Mark.FAIL if summary.failures else Mark.OK
    unread = sum(not problem.repeated for problem in reading.problems)
    return HeadState(
        target="TLS reports",
        sender=who if summary.reports else "",
        state=busy or (f"{count}, {_period(summary)}" if summary.reports else "no report"),
        running=bool(busy),
        outcome="" if busy else outcome,
        outcome_mark=state,
        worst=Mark.WARN,
        worst_words=f"{unread:,} not read" if unread else "",
    )


def _period(summary: Summary) -> str:
    first = summary.begins.date().isoformat() if summary.begins else "?"
    last = summary.ends.date().isoformat() if summary.ends else "?"
    return first if first == last else f"{first} to {last}"


def hints(*, at_reports: bool) -> list[Hint]:
    """Return the keys that matter now."""
    return [
        Hint(
            key="Enter", words="what it says" if at_reports else "explain, walk a host", action=""
        ),
        Hint(key="Tab", words="pane", action="screen.pane"),
        Hint(key="1-4", words="views", action="screen.next_view"),
        Hint(key="y", words="copy", action="app.copy_value"),
        Hint(key="z", words="zoom", action="screen.zoom"),
        Hint(key="r", words="read again", action="screen.again"),
        Hint(key="?", words="help", action="app.help", keep=True),
        Hint(key="q", words="back", action="screen.leave", keep=True),
    ]
