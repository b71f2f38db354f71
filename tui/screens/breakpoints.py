"""The kinds of steps the walk stops before when it runs on by itself."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from mxwalk.evidence.step import StepKind
from mxwalk.language import say
from mxwalk.walk.plan import label_of
from tui.screens.dialog import Dialog, title
from widgets.glyphs import glyphs
from widgets.plain import Look, line
from widgets.rows import Rows
from widgets.text_pane import Choice, ChoiceList


class BreakpointsScreen(Dialog[None]):
    """Changes the set it was given."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "switch", "Set or clear", show=False, id="breakpoints.toggle"),
    ]

    def __init__(self, kinds: set[StepKind]) -> None:
        super().__init__()
        self._kinds = kinds

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        with Vertical(classes="box") as box:
            box.border_title = title(say("stop before"))
            yield ChoiceList(id="kinds")
            yield Static(
                line(
                    ("Space", Look.ACCENT),
                    say(" sets or clears   "),
                    ("Esc", Look.ACCENT),
                    say(" closes"),
                ),
                classes="hint",
            )

    def on_mount(self) -> None:
        """Fill in the kinds."""
        self._draw()
        self.query_one(ChoiceList).focus()

    def _draw(self) -> None:
        self.query_one(ChoiceList).show(
            [
                Choice(
                    key=kind,
                    words=line(
                        ("[", Look.DIM),
                        (glyphs().ok if kind in self._kinds else " ", Look.OK),
                        ("] ", Look.DIM),
                        label_of(kind),
                    ),
                )
                for kind in StepKind
                if kind is not StepKind.DECISION
            ]
        )

    def action_switch(self) -> None:
        """Set or clear the breakpoint under the cursor."""
        row = self.query_one(ChoiceList).cursor_row
        if row is not None and isinstance(row.key, StepKind):
            self._kinds ^= {row.key}
            self._draw()

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Enter sets or clears as well."""
        event.stop()
        self.action_switch()
