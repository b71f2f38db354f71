"""TLS reports: who reported what over which time, what failed and why, and the way to a walk.

On the left stand the reports, on the right what the one under the cursor says, or all together, in
four views under a line of days.  Files are read off the thread that draws; nothing is sent anywhere.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.screen import Screen

from mxwalk.tlsrpt.files import open_reports
from mxwalk.tlsrpt.model import Reading, Report
from mxwalk.tlsrpt.summary import Summary, summarise
from tui import actions
from tui.layout import HEIGHTS, WIDTHS, size_notice
from tui.screens.reports_words import VIEWS, head_state, hints, reading_words, tab_hints
from tui.screens.walk_request import walk_of
from widgets.failure_table import FailureTable
from widgets.hints import Head, Hints
from widgets.plain import Look, line
from widgets.report_facts import DayList, DeviationList, PolicyList, ReportFacts
from widgets.report_list import ALL, ReportList
from widgets.report_trend import ReportTrend
from widgets.rows import Rows

_NOTHING = summarise(())


class ReportsScreen(Screen[None]):
    """What TLS reports say."""

    BINDINGS: ClassVar[list[BindingType]] = actions.bindings(actions.REPORTS)
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS

    def __init__(self, paths: Sequence[Path]) -> None:
        super().__init__()
        self.paths = tuple(paths)
        self.reading = Reading()
        self.all = _NOTHING
        self.summary = _NOTHING
        self.shown: tuple[Report, ...] = ()
        self.busy = False
        self.view = VIEWS[0].id
        self._at = (0, "")
        self._stop = False

    def compose(self) -> ComposeResult:
        """Lay out the regions."""
        yield size_notice()
        yield Head(id="head")
        with Container(id="body"):
            yield ReportList(id="reports")
            with Container(id="said"):
                yield ReportTrend(id="trend")
                yield Hints(id="tabs")
                yield FailureTable(id="failures")
                yield PolicyList(id="policies")
                yield DayList(id="days")
                yield DeviationList(id="deviations")
        yield Hints(id="hints")

    def on_mount(self) -> None:
        """Start reading."""
        self.query_one("#reports").border_title = line(("reports", Look.STRONG))
        self.action_view(self.view)
        self.query_one("#reports").focus()
        self.set_interval(0.2, self._tick)
        self.call_after_refresh(self.load)

    # -- reading -------------------------------------------------------------------------------

    @work(exclusive=True, group="load", exit_on_error=False)
    async def load(self) -> None:
        """Read the files on another thread, and show what they come to."""
        self.busy, self._stop, self._at = True, False, (0, "")
        self._draw()
        try:
            reading = await asyncio.to_thread(open_reports, self.paths, self._told, self._stopped)
            summary = await asyncio.to_thread(summarise, reading.reports)
        finally:
            self.busy = False
        self.reading, self.all = reading, summary
        reports = self.query_one("#reports", ReportList)
        reports.show(reading)
        reports.move_to(ALL)
        self._show(reading.reports, summary)
        if len(reading.reports) == 0 and reading.problems:
            self.action_view("deviations")
        elif len(summary.groups) == 1:
            self.query_one(FailureTable).open(summary.groups[0].result_type)

    def _told(self, number: int, name: str) -> None:
        """Note, on the reading thread, which file is being read."""
        self._at = (number, name)

    def _stopped(self) -> bool:
        return self._stop

    def on_unmount(self) -> None:
        """The reading thread stops at the next file."""
        self._stop = True

    @work(exclusive=True, group="scope", exit_on_error=False)
    async def scope(self, key: object) -> None:
        """Show one report, or all."""
        if key == ALL:
            self._show(self.reading.reports, self.all)
        elif isinstance(key, int):
            report = self.reading.reports[key]
            summary = await asyncio.to_thread(summarise, (report,))
            self._show((report,), summary)

    def _show(self, reports: tuple[Report, ...], summary: Summary) -> None:
        self.shown, self.summary = reports, summary
        whole = reports == self.reading.reports
        problems = self.reading.problems if whole else ()
        self.query_one(ReportTrend).show(summary.days, summary.undated)
        self.query_one(FailureTable).show(summary)
        for facts in self.query(ReportFacts):
            facts.show(reports, summary, problems)
        self._draw()

    # -- drawing -------------------------------------------------------------------------------

    def _tick(self) -> None:
        if self.busy:
            self._draw()

    def _draw(self) -> None:
        state = reading_words(*self._at) if self.busy else ""
        self.query_one(Head).show(head_state(self.reading, self.all, state))
        self.query_one("#tabs", Hints).show(tab_hints(self.view, self.summary, self.reading))
        self.query_one("#hints", Hints).show(hints(busy=self.busy, at_reports=self._at_reports()))
        empty = (
            "Reading ..." if self.busy else "There is no report here: r reads again, q goes back."
        )
        for rows in self.query(Rows):
            if rows.empty != empty:
                rows.empty = empty
                rows.refresh()

    def _at_reports(self) -> bool:
        return self.query_one("#reports").has_focus

    def on_descendant_focus(self) -> None:
        """The keys that matter depend on the pane."""
        at_reports = self._at_reports()
        self.set_class(at_reports, "-at-reports")
        self._draw()

    # -- what the panes say --------------------------------------------------------------------

    def on_rows_moved(self, event: Rows.Moved) -> None:
        """Show what the report under the cursor says."""
        if event.rows.id == "reports":
            self.scope(event.row.key)

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Enter on a report goes to what it says."""
        if event.rows.id == "reports":
            self.query_one(f"#{self.view}").focus()

    def on_failure_table_walk(self, event: FailureTable.Walk) -> None:
        """Walk the receiving host of a failure; nothing is sent before its first key."""
        self.app.open(walk_of(event.target))  # type: ignore[attr-defined]

    # -- keys ----------------------------------------------------------------------------------

    def action_view(self, name: str) -> None:
        """Show a view, and go to it if a view had the focus."""
        inside = self.focused is not None and self.focused.id in {view.id for view in VIEWS}
        self.view = name
        for view in VIEWS:
            self.query_one(f"#{view.id}").display = view.id == name
        if inside:
            self.query_one(f"#{name}").focus()
        self._draw()

    def action_next_view(self) -> None:
        """To the view after this one."""
        names = [view.id for view in VIEWS]
        self.action_view(names[(names.index(self.view) + 1) % len(names)])

    def action_choose(self) -> None:
        """What Enter does in the focused pane."""
        if isinstance(self.focused, Rows):
            self.focused.action_choose()

    def action_pane(self) -> None:
        """To the other pane."""
        self.query_one(f"#{self.view}" if self._at_reports() else "#reports").focus()

    def action_zoom(self) -> None:
        """Give the focused pane the whole screen."""
        self.toggle_class("-zoom")

    def action_again(self) -> None:
        """Read the files again."""
        if not self.busy:
            self.load()

    def action_back_out(self) -> None:
        """Stop reading; else back out one level."""
        if self.busy:
            self._stop = True
            self.notify("Stopping after this file.", markup=False)
        elif self.has_class("-zoom"):
            self.remove_class("-zoom")
        elif not self._at_reports():
            self.query_one("#reports").focus()
        else:
            self.action_leave()

    def action_leave(self) -> None:
        """Back to the screen below, or quit."""
        self._stop = True
        self.app.leave_walk()  # type: ignore[attr-defined]
