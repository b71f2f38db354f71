"""Change the pending command before it is sent; the change is recorded in the trace."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from mxwalk.language import say
from mxwalk.smtp.commands import command_problem
from mxwalk.walk.model import Pending
from tui.screens.dialog import Dialog, title
from widgets.fields import LineField
from widgets.plain import Look, line


class EditCommandScreen(Dialog[None]):
    """A field with the command; what could not be sent is said while typing."""

    def __init__(self, pending: Pending, apply: Callable[[bytes], str]) -> None:
        super().__init__()
        self._pending, self._apply = pending, apply

    def compose(self) -> ComposeResult:
        """Lay out the field."""
        with Vertical(classes="box") as box:
            box.border_title = title(say("edit the next command"))
            yield LineField(
                value=self._pending.text, id="command", compact=True, select_on_focus=False
            )
            yield Static("", classes="problem", id="problem")
            words = (
                ("Enter", Look.ACCENT),
                say(" uses it; CRLF is added. The trace records it as yours."),
            )
            yield Static(line(*words), classes="hint")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what is wrong while typing."""
        self.say_problem(command_problem(_payload(event.value)) or "")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Use the command if it can be sent."""
        event.stop()
        problem = self._apply(_payload(event.value))
        if problem:
            self.say_problem(problem)
        else:
            self.dismiss(None)


def _payload(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape") + b"\r\n"
