"""The walk: steps, the view of the selected step, findings and wire; live and in replay alike."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import DescendantFocus

from mxwalk.evidence.step import Step
from mxwalk.evidence.trace import Purpose
from mxwalk.language import noted, say
from tui import actions
from tui.bridge import Bridge
from tui.layout import HEIGHTS, WIDTHS
from tui.request import Request
from tui.screens.walk_tour import WalkTour
from tui.views import DOMAIN_VIEWS, MESSAGE_VIEWS, VIEWS, ViewSpec
from widgets.findings_list import FindingsList
from widgets.message_answers import AnswersView
from widgets.message_source import SourceView
from widgets.rows import Rows
from widgets.shown import Shown
from widgets.steps_tree import StepsTree
from widgets.verdict_table import VerdictTable


def view_bindings(views: tuple[ViewSpec, ...]) -> list[BindingType]:
    """Return the keys of a screen's views; the other digits say which those are."""
    others = sorted(set("123456789") - {view.key for view in views})
    missing = [Binding(key, f"no_view('{key}')", show=False) for key in others]
    found = [
        Binding(v.key, f"view('{v.id}')", v.name, id=f"view.{v.id}", tooltip=v.tooltip, show=False)
        for v in views
    ]
    return [*found, *missing]


class Walking(WalkTour):
    """One walk or one trace of whatever purpose."""

    BINDINGS: ClassVar[list[BindingType]] = actions.bindings((*actions.WALK, *actions.TOUR))
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS

    def on_rows_moved(self, event: Rows.Moved) -> None:
        """Selecting a step shows it as it was; the walk's end is followed no more."""
        if isinstance(event.rows, StepsTree):
            step = event.rows.step_at_cursor()
            if step is not None and step is not self.selected:
                self.select(step)

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Enter: a finding is explained, a verdict leads to its step, a step to its view."""
        match event.rows:
            case FindingsList():
                self.explain(event.rows.chosen())
            case VerdictTable():
                self.go_to_seq(event.rows.deciding_step())
            case StepsTree() if event.rows.step_at_cursor() is None:
                event.rows.action_fold()
            case StepsTree():
                self.focus_pane(self.query_one(f"#view-{self.view.id}"))
            case _:
                pass

    def on_verdict_table_picked(self, event: VerdictTable.Picked) -> None:
        """Judge as the sender of this row."""
        if event.row.key == self.sender.id:
            self.say(say("This one judges already."))
            return
        self.choose_sender(str(event.row.key))

    def on_view_retitled(self) -> None:
        """A view changed by a key of its own."""
        self.show_titles()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """A click may have changed the region in use."""
        self.mark_pane(event.widget)
        self.show_head()  # the footer names the keys of the pane in use

    def on_bridge_failed(self, event: Bridge.Failed) -> None:
        """Say what went wrong and what to do."""
        self.notify(event.text, severity="error", markup=False, timeout=20)
        self.show_head()

    def on_bridge_noticed(self, event: Bridge.Noticed) -> None:
        """Say what is worth a notice."""
        self.notify(event.text, severity="warning", markup=False, timeout=12)


class WalkScreen(Walking):
    """A delivery."""

    BINDINGS: ClassVar[list[BindingType]] = view_bindings(VIEWS)


class MessageScreen(Walking):
    """A message as received: SPF, DKIM, DMARC."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *actions.bindings(actions.walk_actions(Purpose.MESSAGE)),
        Binding("i", "no_what_if", show=False),
        *view_bindings(MESSAGE_VIEWS),
    ]
    VIEWS = MESSAGE_VIEWS
    WIRE = SourceView
    WIRE_TITLE = noted("source")
    WIRE_WORDS = noted("the header fields as they came")

    def wire_steps(self, current: Shown) -> tuple[Step, ...]:
        """Return every step: the source is the message's, whatever step is looked at."""
        self.query_one(SourceView).show_message(current.delivery.message)
        return current.delivery.trace.steps


class DomainScreen(Walking):
    """What a domain publishes, and its roll-out."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *actions.bindings(actions.walk_actions(Purpose.DOMAIN)),
        Binding("m", "no_sender", show=False),
        Binding("i", "no_what_if", show=False),
        *view_bindings(DOMAIN_VIEWS),
    ]
    VIEWS = DOMAIN_VIEWS
    WIRE = AnswersView
    WIRE_TITLE = noted("answers")
    WIRE_WORDS = noted("of the DNS, as they came")

    def wire_steps(self, current: Shown) -> tuple[Step, ...]:
        """Return every step."""
        return current.delivery.trace.steps

    END_VIEW = "rollout"


def screen_for(request: Request) -> Walking:
    """Return the screen for what is walked."""
    match request.purpose:
        case Purpose.DELIVERY:
            return WalkScreen(request)
        case Purpose.MESSAGE:
            return MessageScreen(request)
        case Purpose.DOMAIN:
            return DomainScreen(request)
