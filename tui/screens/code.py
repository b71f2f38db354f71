"""What the catalogue says of a code, as ``mxwalk explain`` prints it."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from mxwalk.findings.explain import explain
from mxwalk.language import say
from tui.screens.dialog import Dialog, title
from widgets.plain import Look, line
from widgets.text_pane import TextPane

_WIDTH = 88


class CodeScreen(Dialog[None]):
    """The explanation of a code; ``y`` copies it."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self._code = code

    def compose(self) -> ComposeResult:
        """Lay out the text."""
        with Vertical(classes="box") as box:
            box.border_title = title(self._code)
            yield TextPane(id="text")
            keys = ((" " + say("copies") + "   "), (" " + say("closes")))
            yield Static(
                line(("y", Look.ACCENT), keys[0], ("Esc", Look.ACCENT), keys[1]), classes="hint"
            )

    def on_mount(self) -> None:
        """Fill in the text."""
        super().on_mount()
        width = max(30, min(_WIDTH, self.app.size.width * 9 // 10 - 8))
        pane = self.query_one(TextPane)
        pane.show([line(each) for each in explain(self._code, width).split("\n")], indent=2)
        pane.focus()
