"""The words of the screen of TLS reports: header, tabs and footer."""

from mxwalk.delivery.mark import Mark
from mxwalk.language import noted, say
from mxwalk.tlsrpt.model import Reading
from mxwalk.tlsrpt.summary import Summary
from tui.screens.reports_base import ReportView
from widgets.hints import HeadState, Hint

VIEWS = (
    ReportView("failures", "1", noted("failures")),
    ReportView("policies", "2", noted("policies")),
    ReportView("days", "3", noted("days")),
    ReportView("deviations", "4", noted("deviations")),
)


def head_state(reading: Reading, summary: Summary, busy: str) -> HeadState:
    """Return the header for what was read so far."""
    number = len(summary.organisations)
    who = say("1 organisation") if number == 1 else say("{number:,} organisations", number=number)
    count = (
        say("1 report")
        if summary.reports == 1
        else say("{reports:,} reports", reports=summary.reports)
    )
    outcome, state = "", Mark.INFO
    if summary.reports:
        outcome = say(
            "{failures:,} of {sessions:,} failed",
            failures=summary.failures,
            sessions=summary.successes + summary.failures,
        )
        state = Mark.FAIL if summary.failures else Mark.OK
    unread = sum(not problem.repeated for problem in reading.problems)
    return HeadState(
        target=say("TLS reports"),
        sender=who if summary.reports else "",
        state=busy or (f"{count}, {_period(summary)}" if summary.reports else say("no report")),
        running=bool(busy),
        outcome="" if busy else outcome,
        outcome_mark=state,
        worst=Mark.WARN,
        worst_words=say("{unread:,} not read", unread=unread) if unread else "",
    )


def _period(summary: Summary) -> str:
    first = summary.begins.date().isoformat() if summary.begins else "?"
    last = summary.ends.date().isoformat() if summary.ends else "?"
    return first if first == last else say("{first} to {last}", first=first, last=last)


def hints(*, at_reports: bool) -> list[Hint]:
    """Return the keys that matter now."""
    return [
        Hint(
            key="Enter",
            words=say("what it says") if at_reports else say("explain, walk a host"),
            action="",
        ),
        Hint(key="Tab", words=say("pane"), action="screen.pane"),
        Hint(key="1-4", words=say("views"), action="screen.next_view"),
        Hint(key="y", words=say("copy"), action="app.copy_value"),
        Hint(key="z", words=say("zoom"), action="screen.zoom"),
        Hint(key="r", words=say("read again"), action="screen.again"),
        Hint(key="?", words=say("help"), action="app.help", keep=True),
        Hint(key="q", words=say("back"), action="screen.leave", keep=True),
    ]
