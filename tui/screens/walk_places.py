"""Jumps on the walk screen: to what was found, and back and forward between the places one was at."""

from collections.abc import Hashable

from mxwalk.errors import UsageError
from mxwalk.evidence.step import Step, StepKind
from mxwalk.language import say
from mxwalk.senders.model import Verdict
from mxwalk.walk.plan import label_of
from tui.history import History, Place
from tui.request import Request
from tui.screens.walk_base import WalkBase
from widgets.shown import View
from widgets.steps_tree import StepsTree


class WalkPlaces(WalkBase):
    """Places, and notes on them."""

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self.history = History()

    def here(self) -> Place:
        """Return what is looked at."""
        view = self.query_one(f"#view-{self.view.id}", View)
        row = view.cursor_row
        return Place(
            view=self.view.id,
            step=self.selected.seq if self.selected else 0,
            cursor=row.key if row else None,
            pane=self.focused.id or "" if self.focused else "",
            sender=self.sender.id,
        )

    def step_numbered(self, seq: int | None) -> Step | None:
        """Return the step with this number."""
        steps = self.moment.trace.steps if self.moment else ()
        return next((step for step in steps if step.seq == seq), None)

    def leave_place(self) -> None:
        """Remember this place: a jump leads away from it."""
        self.history.remember(self.here())

    def action_place(self, by: int) -> None:
        """Go back to the place before the last jump, or forward again."""
        here = self.here()
        place = self.history.back(here) if by < 0 else self.history.forward(here)
        if place is None:
            words = say("There is no place to go back to.") if by < 0 else ""
            self.notify(words or say("There is no place ahead."), markup=False, timeout=3)
            return
        self._return_to(place)

    def _return_to(self, place: Place) -> None:
        if place.sender != self.sender.id:
            self.choose_sender(place.sender)
        self.show_place(place.step, place.view, place.pane, place.cursor)

    def show_place(
        self, step: int, view: str, pane: str = "", cursor: Hashable | None = None, find: str = ""
    ) -> None:
        """Show a step in a view, with its cursor on a row, or on the first one that holds ``find``."""
        found = self.step_numbered(step)
        if found is not None:
            self.select(found)
            self.query_one(StepsTree).follow(found)
        self.show_view(self.view_named(view))
        self.draw_selection()
        self.focus_named(pane or f"view-{view}")
        self.call_after_refresh(self._put_cursor, cursor, find)

    def go_to_spot(self, seq: int, view: str, find: str) -> None:
        """Show what was searched for; back leads to the place before."""
        self.leave_place()
        step = self.step_numbered(seq)
        own = self.view_for(step.kind) if step else None
        self.show_place(seq, view or (own.id if own else self.view.id), find=find)

    def verdicts(self) -> tuple[Verdict, ...]:
        """Return everyone's verdict of this moment."""
        delivery = self.moment.delivery if self.moment else None
        return tuple(one.judge(delivery) for one in self.senders) if delivery else ()

    def focus_named(self, name: str) -> None:
        """Focus a pane by its id."""
        raise NotImplementedError

    def _put_cursor(self, cursor: Hashable | None, find: str) -> None:
        self.query_one(f"#view-{self.view.id}", View).put_cursor(cursor, find)

    # -- notes --------------------------------------------------------------------------------

    def action_note(self) -> None:
        """Write a note on the selected step."""
        from tui.screens.note import NoteScreen

        step = self.selected
        if step is None or step.kind is StepKind.NOTE or self.moment is None:
            words = say("There is no step to write a note on yet: n performs the first one.")
            self.notify(words, markup=False)
            return
        about, text = step.seq, self.moment.delivery.notes.get(step.seq, "")
        named = f"{label_of(step.kind)} ({about})"

        def apply(new: str) -> str:
            if new == text.strip():
                return ""
            try:
                said = self.bridge.note(about, new)
            except UsageError as error:
                return str(error)
            if said:
                self.notify(said, severity="warning", markup=False, timeout=12)
            return ""

        self.app.push_screen(NoteScreen(named, text, apply))
