"""TLS reports: who reported what over which time, what failed and why, and the way to a walk."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from mxwalk.tlsrpt.files import open_reports
from mxwalk.tlsrpt.model import Reading, Report
from mxwalk.tlsrpt.summary import Summary, summarise
from tui import actions
from tui.screens.reports_base import ReportsBase, Told
from tui.screens.reports_words import VIEWS, head_state, hints
from tui.screens.walk_request import walk_of
from widgets.failure_table import FailureTable
from widgets.hints import HeadState, Hint
from widgets.report_facts import DayList, DeviationList, ReportFacts
from widgets.report_list import ReportList
from widgets.report_policies import PolicyList
from widgets.report_trend import ReportTrend

_NOTHING = summarise(())


class ReportsScreen(ReportsBase[Report, Summary]):
    """What TLS reports say."""

    BINDINGS: ClassVar[list[BindingType]] = actions.bindings(actions.REPORTS)
    VIEWS = VIEWS

    def __init__(self, paths: Sequence[Path]) -> None:
        super().__init__(paths)
        self.reading: Reading = Reading()
        self.all = self.summary = _NOTHING

    def list_of_reports(self) -> ReportList:
        """Return the list on the left."""
        return ReportList(id="reports")

    def panes(self) -> Iterator[Widget]:
        """Yield the line of days, then the views."""
        yield ReportTrend(id="trend")
        yield FailureTable(id="failures")
        yield PolicyList(id="policies")
        yield DayList(id="days")
        yield DeviationList(id="deviations")

    def read_all(self, told: Told, stopped: Callable[[], bool]) -> tuple[Reading, Summary]:
        """Read the files and say what they come to."""
        reading = open_reports(self.paths, told, stopped)
        return reading, summarise(reading.reports)

    def come_to(self, reports: Sequence[Report]) -> Summary:
        """Say what some reports come to."""
        return summarise(reports)

    def all_reports(self) -> tuple[Report, ...]:
        """Return all reports."""
        return self.reading.reports

    def scoped(self, key: object) -> tuple[Report, ...] | None:
        """Return the report that a row of the list stands for."""
        return (self.reading.reports[key],) if isinstance(key, int) else None

    def fill(self) -> None:
        """Show what was read in the views."""
        self.query_one(ReportTrend).show(self.summary.days, self.summary.undated)
        self.query_one(FailureTable).show(self.summary)
        for facts in self.query(ReportFacts):
            facts.show(self.shown, self.summary, self.problems())

    def opened(self) -> None:
        """A single type of failure is shown opened."""
        if len(self.summary.groups) == 1:
            self.query_one(FailureTable).open(self.summary.groups[0].result_type)

    def head_state(self, busy: str) -> HeadState:
        """Return the header."""
        return head_state(self.reading, self.all, busy)

    def numbers(self) -> dict[str, int]:
        """Return how much is in each view."""
        return {
            "failures": len(self.summary.groups),
            "policies": len(self.summary.policies),
            "days": len(self.summary.days),
            "deviations": self.summary.deviations + len(self.problems()),
        }

    def hints(self) -> list[Hint]:
        """Return the keys that matter now."""
        return hints(at_reports=self.at_reports())

    def on_failure_table_walk(self, event: FailureTable.Walk) -> None:
        """Walk the receiving host of a failure; nothing is sent before its first key."""
        self.app.open(walk_of(event.target))  # type: ignore[attr-defined]
