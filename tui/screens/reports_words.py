"""The words of the reports screen: header, tabs and footer."""

from dataclasses import dataclass

from mxwalk.delivery.mark import Mark
from mxwalk.tlsrpt.model import Reading
from mxwalk.tlsrpt.summary import Summary
from widgets.hints import HeadState, Hint
from widgets.plain import shorten_middle

_FILE = 40


@dataclass(frozen=True, slots=True)
class ReportView:
    """One view: its id, key and words."""

    id: str
    key: str
    words: str


VIEWS = (
    ReportView("failures", "1", "failures"),
    ReportView("policies", "2", "policies"),
    ReportView("days", "3", "days"),
    ReportView("deviations", "4", "deviations"),
)


def reading_words(number: int, name: str) -> str:
    """Say which file is being read."""
    return f"reading file {number:,}  {shorten_middle(name, _FILE)}" if number else "reading"


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


def tab_hints(shown: str, summary: Summary, reading: Reading) -> list[Hint]:
    """Return the tabs with what is in them."""
    numbers = {
        "failures": len(summary.groups),
        "policies": len(summary.policies),
        "days": len(summary.days),
        "deviations": summary.deviations + len(reading.problems),
    }
    return [
        Hint(
            key=view.key,
            words=f"{view.words} {numbers[view.id]:,}" if numbers[view.id] else view.words,
            action=f"screen.view('{view.id}')",
            chosen=view.id == shown,
        )
        for view in VIEWS
    ]


def hints(*, busy: bool, at_reports: bool) -> list[Hint]:
    """Return the keys that matter now."""
    found = [
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
    if busy:
        return [Hint(key="Esc", words="stop", action="screen.back_out"), *found[-2:]]
    return found
