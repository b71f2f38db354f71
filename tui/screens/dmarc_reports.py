"""DMARC reports: who sends in a domain's name, what passes and what does not, and why.

Names of sources are asked for only by a key; so is what SPF says of one.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from textual import work
from textual.binding import BindingType
from textual.widget import Widget

from mxwalk.dmarcrpt.files import open_reports
from mxwalk.dmarcrpt.look import Look
from mxwalk.dmarcrpt.model import Reading, Report
from mxwalk.dmarcrpt.names import SourceName
from mxwalk.dmarcrpt.summary import Summary, summarise
from mxwalk.errors import UsageError
from mxwalk.language import say
from mxwalk.limits import DMARC_PTR_LOOKUPS
from mxwalk.text import visible
from tui import actions
from tui.screens.dmarc_words import VIEWS, head_state, hints
from tui.screens.reports_base import ReportsBase, Told
from widgets.dmarc_list import DOMAIN, DmarcList
from widgets.dmarc_policies import DmarcDays, DmarcDeviations, DmarcPolicies
from widgets.dmarc_results import ResultList
from widgets.dmarc_sources import NamesWanted, SourceTable, SourceWanted
from widgets.hints import HeadState, Hint
from widgets.report_facts import ReportFacts
from widgets.report_list import ReportList
from widgets.report_trend import ReportTrend

_NOTHING = summarise(())


class DmarcScreen(ReportsBase[Report, Summary]):
    """What DMARC reports say."""

    BINDINGS: ClassVar[list[BindingType]] = actions.bindings(actions.DMARC)
    VIEWS = VIEWS
    DEFAULT_CSS = """
    """

    def __init__(self, look: Look) -> None:
        super().__init__(look.paths)
        self.look = look
        self.reading: Reading = Reading()
        self.all = self.summary = _NOTHING
        self.names: dict[str, SourceName] = {}

    def list_of_reports(self) -> ReportList:
        """Return the list on the left."""
        return DmarcList(id="reports")

    def panes(self) -> Iterator[Widget]:
        """Yield the line of days, then the views."""
        yield ReportTrend(id="trend", names=("passed", "failed"), unit="messages")
        yield SourceTable(id="sources")
        yield ResultList(id="results")
        yield DmarcPolicies(id="policies")
        yield DmarcDays(id="days")
        yield DmarcDeviations(id="deviations")

    def read_all(self, told: Told, stopped: Callable[[], bool]) -> tuple[Reading, Summary]:
        """Read the files and say what they come to."""
        reading = open_reports(self.paths, told, stopped)
        return reading, summarise(reading.reports, self.look.known)

    def come_to(self, reports: Sequence[Report]) -> Summary:
        """Say what some reports come to."""
        return summarise(reports, self.look.known)

    def all_reports(self) -> tuple[Report, ...]:
        """Return all reports."""
        return self.reading.reports

    def scoped(self, key: object) -> tuple[Report, ...] | None:
        """Return the reports that a row of the list stands for: one, or those about a domain."""
        match key:
            case int():
                return (self.reading.reports[key],)
            case (kind, name) if kind == DOMAIN:
                return tuple(r for r in self.reading.reports if r.policy.domain == name)
            case _:
                return None

    def fill(self) -> None:
        """Show what was read in the views."""
        self.query_one(ReportTrend).show(self.summary.days, self.summary.undated)
        self.query_one(SourceTable).show(self.summary.sources, self.names)
        for facts in self.query(ReportFacts):
            facts.show(self.shown, self.summary, self.problems())

    def head_state(self, busy: str) -> HeadState:
        """Return the header."""
        return head_state(self.reading, self.all, busy)

    def numbers(self) -> dict[str, int]:
        """Return how much is in each view."""
        return {
            "sources": self.summary.sources.count,
            "results": 0,
            "policies": len(self.summary.policies),
            "days": len(self.summary.days),
            "deviations": self.summary.deviations + len(self.problems()),
        }

    def hints(self) -> list[Hint]:
        """Return the keys that matter now."""
        return hints(at_reports=self.at_reports())

    # -- sources from anywhere ----------------------------------------------------------------------

    def action_source(self, what: str) -> None:
        """Go to the sources, and do what a key asks for there."""
        table = self.query_one(SourceTable)
        self._to_sources()
        match what:
            case "spf":
                table.action_ask_spf()
            case "name":
                table.action_ask_name()
            case "names":
                table.action_ask_names()
            case _:
                table.action_narrow()

    def _to_sources(self) -> None:
        if self.view != "sources":
            self.action_view("sources")
        self.query_one(SourceTable).focus()

    def action_find(self) -> None:
        """Filter the sources."""
        self._to_sources()
        self.query_one(SourceTable).action_filter()

    def action_export(self) -> None:
        """Write what is shown to a file."""
        from tui.screens.dmarc_export import DmarcExportScreen

        if self.busy or not self.reading.reports:
            self.notify(say("There is no report to write."), markup=False)
            return
        shown = Reading(reports=self.shown, problems=self.problems())
        self.app.push_screen(DmarcExportScreen(shown, self.summary, dict(self.names)))

    # -- what the table of sources asks for ---------------------------------------------------------

    def on_names_wanted(self, event: NamesWanted) -> None:
        """Ask the DNS for names; nothing else ever does."""
        self.look_up(event.addresses)

    @work(exclusive=True, group="names", exit_on_error=False)
    async def look_up(self, addresses: Sequence[str]) -> None:
        """Look the names up and show each as it comes."""
        from mxwalk.commands.source_names import look_up_names, system_resolver

        number = min(len(addresses), DMARC_PTR_LOOKUPS)
        words = say("one name") if number == 1 else say("{number} names", number=number)
        self.notify(say("Asking the DNS for {words}.", words=words), markup=False)
        try:
            resolver = system_resolver(self.look.resolver)
        except UsageError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        self.names.update(await look_up_names(addresses, resolver, self._named))
        self.query_one(SourceTable).show(self.summary.sources, self.names)
        if number == 1:
            found = self.names.get(addresses[0])
            self.notify(_told(addresses[0], found), markup=False, timeout=6)

    def _named(self, name: SourceName) -> None:
        self.names[name.ip] = name

    def on_source_wanted(self, event: SourceWanted) -> None:
        """Show what SPF says of a source today."""
        from mxwalk.commands.source_names import system_resolver
        from tui.screens.source_spf import SourceSpfScreen

        try:
            resolver = system_resolver(self.look.resolver)
        except UsageError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        self.app.push_screen(SourceSpfScreen(event.domain, event.ip, resolver))


def _told(address: str, name: SourceName | None) -> str:
    address = visible(address)  # whatever a report said
    if name is None:
        return say("{address}: the DNS did not answer in time", address=address)
    state = say("confirmed") if name.confirmed else say("not confirmed")
    return (
        f"{address}: {visible(name.name)} ({state})" if name.name else f"{address}: {name.problem}"
    )
