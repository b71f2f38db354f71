"""A question before something is lost; the safe answer has the focus."""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from mxwalk.language import say
from tui.screens.dialog import Dialog, title
from widgets.plain import Look, line


class ConfirmScreen(Dialog[bool]):
    """Dismissed with true only when the person says so; the button carries the verb."""

    DEFAULT_CSS = """
    ConfirmScreen .box { max-width: 64; }
    ConfirmScreen Horizontal { height: auto; align-horizontal: right; margin-top: 1; }
    ConfirmScreen Button { margin-left: 2; }
    """

    def __init__(self, question: str, verb: str, stay: str = "") -> None:
        super().__init__()
        self._question, self._verb, self._stay = question, verb, stay or say("Stay")

    def compose(self) -> ComposeResult:
        """Lay out question and buttons."""
        with Vertical(classes="box") as box:
            box.border_title = title("mxwalk")
            yield Static(line(self._question))
            with Horizontal():
                yield Button(line(self._stay), id="stay", compact=True)
                yield Button(line(self._verb), id="go", variant="warning", compact=True)
            yield Static(
                line(
                    ("Tab", Look.ACCENT),
                    say(" the other answer   "),
                    ("Enter", Look.ACCENT),
                    say(" takes it   "),
                    ("Esc", Look.ACCENT),
                    f" {self._stay.lower()}",
                ),
                classes="hint",
            )

    def on_mount(self) -> None:
        """The safe answer first."""
        self.query_one("#stay").focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer."""
        self.dismiss(event.button.id == "go")

    def action_close(self) -> None:
        """Escape is the safe answer."""
        self.dismiss(False)
