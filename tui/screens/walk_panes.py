"""Moving between the panes of the walk screen: focus, zoom, the wire, the filter, and Escape."""

from textual.widget import Widget

from mxwalk.language import say
from tui.filtering import cleared
from tui.screens.walk_places import WalkPlaces
from widgets.findings_list import FindingsList
from widgets.rows import Rows
from widgets.steps_tree import StepsTree

_CLASSES = {"steps": "-at-steps", "findings": "-at-side", "wire": "-at-side"}


class WalkPanes(WalkPlaces):
    """Panes."""

    def panes(self) -> list[Widget]:
        """Return the panes in reading order."""
        names = ("#steps", f"#view-{self.view.id}", "#findings", "#wire")
        return [self.query_one(name) for name in names]

    def action_pane(self, by: int) -> None:
        """Focus the next pane, showing it when only one is shown."""
        panes = self.panes()
        here = next((index for index, pane in enumerate(panes) if pane.has_focus), -1)
        self.focus_pane(panes[(here + by) % len(panes)])

    def focus_pane(self, pane: Widget) -> None:
        """Show and focus a pane."""
        self.mark_pane(pane)
        pane.focus()

    def focus_named(self, name: str) -> None:
        """Focus a pane by its id; the view shown where there is none of that id."""
        found = [pane for pane in self.panes() if pane.id == name]
        self.focus_pane(found[0] if found else self.query_one(f"#view-{self.view.id}"))

    def mark_pane(self, pane: Widget) -> None:
        """Remember which region is in use, for the sizes that show only one."""
        if pane.id in ("findings", "wire"):  # whichever of the two was looked at last stays
            self.set_class(pane.id == "wire", "-wire")
        region = _CLASSES.get(pane.id or "", "-at-views")
        for name in ("-at-steps", "-at-views", "-at-side"):
            self.set_class(region == name, name)

    def action_view(self, name: str) -> None:
        """Show a view and give it the focus."""
        if name != self.view.id:
            self.leave_place()
        self.show_view(self.view_named(name))
        self.focus_pane(self.query_one(f"#view-{name}"))
        self.draw_selection()

    def action_wire(self) -> None:
        """Show the wire, or the findings again."""
        wire = self.query_one("#wire")
        self.focus_pane(self.query_one("#findings") if wire.has_focus else wire)

    def action_zoom(self) -> None:
        """Give the focused pane the whole screen, or back."""
        if self.has_class("-tiny") or self.has_class("-single"):
            self.notify(
                say("In a terminal of this size one pane is shown at a time."), markup=False
            )
            return
        if not self.has_class("-zoom") and self.focused is not None:
            self.mark_pane(self.focused)
        self.toggle_class("-zoom")

    # -- find ----------------------------------------------------------------------------------------

    def action_find(self) -> None:
        """Filter the list in use; findings where none is."""
        pane = self.focused if isinstance(self.focused, Rows) else self.query_one(FindingsList)
        self.focus_pane(pane)
        pane.action_filter()

    def on_rows_filtered(self) -> None:
        """Say above a list how much its filter leaves."""
        self.show_titles()
        self.show_head()

    def action_back_out(self) -> None:
        """Cancel the running step; else clear the filter, then the zoom, one level at a time."""
        if self.bridge.cancel():
            self.notify(say("Cancelled; the trace keeps how far it came."), markup=False, timeout=3)
        elif cleared(self):
            self.show_titles()
        elif self.has_class("-zoom"):
            self.remove_class("-zoom")
        else:
            self.focus_pane(self.query_one(StepsTree))
