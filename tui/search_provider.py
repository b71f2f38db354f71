"""The palette's provider of what ``search`` finds; it is imported when the palette is first opened."""

import asyncio
from functools import partial
from pathlib import Path

from textual.command import Hit, Hits, Provider
from textual.content import Content

from mxwalk.errors import MxwalkError
from mxwalk.findings.model import Finding
from tui.meaning import Meaning, to_request
from tui.request import Request
from tui.screens.walk import Walking
from tui.search import Entry, Goal, Index, Opened, Spot, index_of
from widgets.plain import Look, line


class SearchProvider(Provider):
    """Finds hosts, steps, findings, certificates and the like, and goes there."""

    async def startup(self) -> None:
        """Make the index, beside the palette's first frame."""
        screen = self.screen
        asked = partial(index_of, None)
        if isinstance(screen, Walking):
            views = frozenset(view.id for view in screen.VIEWS)
            asked = partial(index_of, screen.moment, screen.verdicts(), views)
        self._index: Index = await asyncio.to_thread(asked)

    async def search(self, query: str) -> Hits:
        """Yield what holds every word of the query, the best first."""
        for score, entry in self._index.search(query):
            # Content is never parsed as markup, where ``help`` would be.
            yield Hit(score, _drawn(entry), partial(self._go, entry.goal), text=entry.name)

    def _go(self, goal: Goal) -> None:
        screen = self.screen
        match goal:
            case Opened():
                self._open(goal)
            case Finding() if isinstance(screen, Walking):
                screen.go_to_finding(goal)
            case Spot() if isinstance(screen, Walking):
                screen.go_to_spot(goal.step, goal.view, goal.find)
            case _:
                pass

    def _open(self, goal: Opened) -> None:
        from mxwalk.evidence.trace import Purpose

        if goal.code:
            from tui.screens.code import CodeScreen

            self.app.push_screen(CodeScreen(goal.code))
            return
        try:
            if goal.path:
                request = to_request(Meaning(words="saved walk", path=Path(goal.path)), "esa:5")
            else:
                request = scenario_request(goal.scenario)
                if request.purpose is not Purpose.DELIVERY:
                    request = Request(scenario=goal.scenario, sender="")
        except MxwalkError as error:
            self.app.notify(str(error), severity="error", markup=False, timeout=10)
            return
        self.app.open(request)  # type: ignore[attr-defined]


def scenario_request(name: str) -> Request:
    """Return the request for a lab scenario, judged by the sender it is about."""
    from mxwalk.session import lab_options

    options = lab_options(name)
    return Request(scenario=name, options=options, sender=options.sender)


def _drawn(entry: Entry) -> Content:
    name = line((f"{entry.kind}  ", Look.DIM), entry.name)
    return name + line("  ", (entry.where, Look.DIM)) if entry.where else name
