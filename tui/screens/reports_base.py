"""What the screens of reports have in common, of TLS and of DMARC: reading, scope, views and keys.

On the left stand the reports, on the right what the one under the cursor says, or all together, in
views under a line of days.  Files are read off the thread that draws.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from textual import work
from textual.app import ComposeResult
from textual.containers import Container
from textual.screen import Screen
from textual.widget import Widget

from mxwalk.language import say
from mxwalk.reportfiles.model import Problem
from tui.filtering import cleared
from tui.layout import HEIGHTS, WIDTHS, size_notice
from widgets.hints import Head, HeadState, Hint, Hints
from widgets.plain import Look, line, shorten_middle
from widgets.report_kinds import AnyReading, AnyReport, AnySummary
from widgets.report_list import ALL, ReportList
from widgets.rows import Rows

_FILE = 40
R = TypeVar("R", bound=AnyReport)
S = TypeVar("S", bound=AnySummary)
Told = Callable[[int, str], None]


@dataclass(frozen=True, slots=True)
class ReportView:
    """One view: its id, key and words."""

    id: str
    key: str
    words: str


def reading_words(number: int, name: str) -> str:
    """Say which file is being read."""
    return (
        say(
            "reading file {number:,}  {name}",
            number=number,
            name=shorten_middle(name, _FILE),
        )
        if number
        else say("reading")
    )


class ReportsBase(Screen[None], Generic[R, S]):
    """A list of reports and what they say; subclasses say how they are read and shown."""

    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    VIEWS: tuple[ReportView, ...] = ()

    def __init__(self, paths: Sequence[Path]) -> None:
        super().__init__()
        self.paths = tuple(paths)
        self.shown: tuple[R, ...] = ()
        self.busy = False
        self.view = self.VIEWS[0].id
        self._at = (0, "")
        self._stop = False

    # -- to be said by subclasses ----------------------------------------------------------------

    reading: AnyReading
    all: S
    summary: S

    def list_of_reports(self) -> ReportList:
        """Return the list on the left."""
        raise NotImplementedError

    def panes(self) -> Iterator[Widget]:
        """Yield the line of days, then the views."""
        raise NotImplementedError

    def read_all(self, told: Told, stopped: Callable[[], bool]) -> tuple[AnyReading, S]:
        """Read the files, on a thread of its own, and say what they come to."""
        raise NotImplementedError

    def come_to(self, reports: Sequence[R]) -> S:
        """Say what some reports come to, on a thread of its own."""
        raise NotImplementedError

    def scoped(self, key: object) -> tuple[R, ...] | None:
        """Return the reports that a row of the list stands for."""
        raise NotImplementedError

    def all_reports(self) -> tuple[R, ...]:
        """Return all reports."""
        raise NotImplementedError

    def fill(self) -> None:
        """Show ``summary`` and ``shown`` in the views."""
        raise NotImplementedError

    def opened(self) -> None:
        """Hook: the reports were read and are shown."""

    def head_state(self, busy: str) -> HeadState:
        """Return the header."""
        raise NotImplementedError

    def numbers(self) -> dict[str, int]:
        """Return how much is in each view."""
        raise NotImplementedError

    def hints(self) -> list[Hint]:
        """Return the keys that matter now, while nothing is read."""
        raise NotImplementedError

    # -- layout ------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Lay out the regions."""
        yield size_notice()
        yield Head(id="head")
        trend, *views = self.panes()
        with Container(id="body"):
            yield self.list_of_reports()
            with Container(id="said"):
                yield trend
                yield Hints(id="tabs")
                yield from views
        yield Hints(id="hints")

    def on_mount(self) -> None:
        """Start reading; what was said of the screen below is over."""
        self.app.clear_notifications()
        self.query_one("#reports").border_title = line((say("reports"), Look.STRONG))
        self.action_view(self.view)
        self.query_one("#reports").focus()
        self.set_interval(0.2, self._tick)
        self.call_after_refresh(self.load)

    # -- reading -------------------------------------------------------------------------------

    @work(exclusive=True, group="load", exit_on_error=False)
    async def load(self) -> None:
        """Read the files on another thread, and show what they come to."""
        self.busy, self._stop, self._at = True, False, (0, "")
        self.draw()
        try:
            reading, summary = await asyncio.to_thread(self.read_all, self._told, self._stopped)
        finally:
            self.busy = False
        self.reading, self.all = reading, summary
        reports = self.query_one("#reports", ReportList)
        reports.show(reading)
        reports.move_to(ALL)
        self._show(self.all_reports(), summary)
        if len(reading.reports) == 0 and reading.problems:
            self.action_view("deviations")
        else:
            self.opened()

    def _told(self, number: int, name: str) -> None:
        """Note, on the reading thread, which file is being read."""
        self._at = (number, name)

    def _stopped(self) -> bool:
        return self._stop

    def on_unmount(self) -> None:
        """The reading thread stops soon."""
        self._stop = True

    @work(exclusive=True, group="scope", exit_on_error=False)
    async def scope(self, key: object) -> None:
        """Show one report, some, or all."""
        if key == ALL:
            self._show(self.all_reports(), self.all)
            return
        reports = self.scoped(key)
        if reports is not None:
            self._show(reports, await asyncio.to_thread(self.come_to, reports))

    def problems(self) -> tuple[Problem, ...]:
        """Return what could not be read, while all reports are shown."""
        return self.reading.problems if self.shown == self.all_reports() else ()

    def _show(self, reports: tuple[R, ...], summary: S) -> None:
        self.shown, self.summary = reports, summary
        self.fill()
        self.draw()

    # -- drawing -------------------------------------------------------------------------------

    def _tick(self) -> None:
        if self.busy:
            self.draw()

    def draw(self) -> None:
        """Draw header, tabs and footer."""
        state = reading_words(*self._at) if self.busy else ""
        self.query_one(Head).show(self.head_state(state))
        self.query_one("#tabs", Hints).show(self._tabs())
        self.query_one("#hints", Hints).show(self._hints())
        empty = (
            say("Reading ...")
            if self.busy
            else say("There is no report here: r reads again, q goes back.")
        )
        for rows in self.query(Rows):
            if rows.empty != empty:
                rows.empty = empty
                rows.refresh()

    def _tabs(self) -> list[Hint]:
        numbers = self.numbers()
        return [
            Hint(
                key=view.key,
                words=_counted(say(view.words), numbers[view.id]),
                action=f"screen.view('{view.id}')",
                chosen=view.id == self.view,
            )
            for view in self.VIEWS
        ]

    def _hints(self) -> list[Hint]:
        found = self.hints()
        if self.busy:
            return [Hint(key="Esc", words=say("stop"), action="screen.back_out"), *found[-2:]]
        return found

    def at_reports(self) -> bool:
        """Whether the list of reports has the focus."""
        return self.query_one("#reports").has_focus

    def on_descendant_focus(self) -> None:
        """The keys that matter depend on the pane."""
        self.set_class(self.at_reports(), "-at-reports")
        self.draw()

    # -- what the panes say --------------------------------------------------------------------

    def on_rows_moved(self, event: Rows.Moved) -> None:
        """Show what the report under the cursor says."""
        if event.rows.id == "reports":
            self.scope(event.row.key)

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Enter on a report goes to what it says."""
        if event.rows.id == "reports":
            self.query_one(f"#{self.view}").focus()

    # -- keys ----------------------------------------------------------------------------------

    def action_view(self, name: str) -> None:
        """Show a view, and go to it if a view had the focus."""
        inside = self.focused is not None and self.focused.id in {view.id for view in self.VIEWS}
        self.view = name
        for view in self.VIEWS:
            self.query_one(f"#{view.id}").display = view.id == name
        if inside:
            self.query_one(f"#{name}").focus()
        self.draw()

    def action_next_view(self) -> None:
        """To the view after this one."""
        names = [view.id for view in self.VIEWS]
        self.action_view(names[(names.index(self.view) + 1) % len(names)])

    def action_choose(self) -> None:
        """What Enter does in the focused pane."""
        if isinstance(self.focused, Rows):
            self.focused.action_choose()

    def action_pane(self) -> None:
        """To the other pane."""
        self.query_one(f"#{self.view}" if self.at_reports() else "#reports").focus()

    def action_zoom(self) -> None:
        """Give the focused pane the whole screen."""
        self.toggle_class("-zoom")

    def action_again(self) -> None:
        """Read the files again."""
        if not self.busy:
            self.notify(say("Reading the files again."), markup=False, timeout=2)
            self.load()

    def action_back_out(self) -> None:
        """Stop reading; else back out one level."""
        if self.busy:
            self._stop = True
            self.notify(say("Stopping after this file."), markup=False)
        elif cleared(self):
            pass
        elif self.has_class("-zoom"):
            self.remove_class("-zoom")
        elif not self.at_reports():
            self.query_one("#reports").focus()
        elif len(self.app.screen_stack) <= 2:  # Textual's own, and this one: Esc quits nothing
            self.notify(say("q quits mxwalk."), markup=False, timeout=3)
        else:
            self.action_leave()

    def action_leave(self) -> None:
        """Back to the screen below, or quit."""
        self._stop = True
        self.app.leave_walk(self)  # type: ignore[attr-defined]


def _counted(words: str, number: int) -> str:
    return f"{words} {number:,}" if number else words
