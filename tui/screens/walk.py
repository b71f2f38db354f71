"""The walk: steps, the view of the selected step, findings and wire; live and in replay alike."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import DescendantFocus

from tui import actions
from tui.bridge import Bridge
from tui.layout import HEIGHTS, WIDTHS
from tui.screens.walk_dialogs import WalkDialogs
from tui.views import VIEWS
from widgets.findings_list import FindingsList
from widgets.rows import Rows
from widgets.steps_tree import StepsTree
from widgets.verdict_table import VerdictTable


class WalkScreen(WalkDialogs):
    """One walk or one trace."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *actions.bindings(actions.WALK),
        *(
            Binding(
                v.key, f"view('{v.id}')", v.name, id=f"view.{v.id}", tooltip=v.tooltip, show=False
            )
            for v in VIEWS
        ),
    ]
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
