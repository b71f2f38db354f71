"""The guided tour on a walk's screen: its bar, and the keys that lead from stop to stop."""

from typing import TYPE_CHECKING

from textual import work

from mxwalk.language import say
from tui.bridge import Phase
from tui.layout import TOUR_HEIGHTS
from tui.screens.walk_dialogs import WalkDialogs

if TYPE_CHECKING:  # the tour is loaded where one is
    from tui.touring import AtStop
    from widgets.tour_bar import TourBar

_LOOK_S = 0.2
TOUR_ONLY = frozenset({"tour_next", "tour_back", "tour_leave"})


class WalkTour(WalkDialogs):
    """Touring."""

    _place: "AtStop | None" = None
    _bar: "TourBar | None" = None

    def on_mount(self) -> None:
        """Put the bar above the walk where it is a stop of the tour."""
        if self.request.tour is None:
            return
        from tui.touring import AtStop
        from widgets.tour_bar import TourBar

        self._place = AtStop(self.request.tour)
        self.add_class("-tour")
        self.VERTICAL_BREAKPOINTS = TOUR_HEIGHTS
        self._bar = TourBar()
        self.mount(self._bar, after="#head")
        self._show_place()
        self.set_interval(_LOOK_S, self._look)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The tour's keys act in a tour only."""
        if action in TOUR_ONLY:
            return self._place is not None
        return super().check_action(action, parameters)

    def why_off(self, action: str) -> str:
        """Return why an action is off; those of the tour are everywhere else."""
        if action in TOUR_ONLY:
            return say("This is no stop of the tour: F9 on the start screen begins it.")
        return super().why_off(action)

    def _look(self) -> None:
        """See what was done since the last look."""
        if self._place is None:
            return
        from tui.touring import Seen

        trace = self.bridge.trace
        seen = Seen(
            steps=len(trace.steps) if trace else 0,
            is_over=self.bridge.phase is Phase.OVER,
            view=self.view.id,
            sender=self.sender.id,
            screen=type(self.app.screen).__name__,
        )
        self._place = self._place.seeing(seen)
        self._show_place()

    def _show_place(self) -> None:
        from tui.touring import bar_state

        if self._place is not None and self._bar is not None:
            self._bar.show(bar_state(self._place, self.keymap()))

    def action_tour_next(self) -> None:
        """Tell the next part; behind the answer walk the next stop."""
        self._go(self._place.onward() if self._place else None, at_end=True)

    def action_tour_back(self) -> None:
        """Tell the part before, or walk the stop before."""
        self._go(self._place.back() if self._place else None, at_end=False)

    async def action_tour_leave(self) -> None:
        """End the tour and stay in the walk."""
        self._place = None
        self.remove_class("-tour")
        await self.query("#tour").remove()

    def _go(self, place: "AtStop | None", *, at_end: bool) -> None:
        here = self._place
        if place is None and at_end:
            self.notify(say("That was the tour. q leaves this walk."), markup=False)
            self.run_worker(self.action_tour_leave())
        elif place is None:
            self.notify(say("The tour begins here."), markup=False, timeout=2)
        elif here is not None and place.number == here.number:
            self._place = place
            self._show_place()
        else:
            self._walk_to(place.number)

    @work(exclusive=True, group="leave", exit_on_error=False)
    async def _walk_to(self, number: int) -> None:
        """Leave this walk in order, and open that of another stop in its place."""
        await self.bridge.leave()
        self.app.call_later(self._open_instead, number)

    def _open_instead(self, number: int) -> None:
        from tui.touring import request_for

        self.app.pop_screen()
        self.app.open(request_for(number))  # type: ignore[attr-defined]
