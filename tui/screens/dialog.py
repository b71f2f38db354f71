"""What all dialogs share: a box in the middle, closed by Escape, with one scrolling body."""

from typing import ClassVar, TypeVar

from textual.binding import BindingType
from textual.content import Content
from textual.screen import ModalScreen

from tui import actions
from tui.filtering import cleared
from widgets.plain import Look, line

T = TypeVar("T")


class Dialog(ModalScreen[T]):
    """A modal window; subclasses compose a container with the class ``box``."""

    DEFAULT_CSS = """
    Dialog { align: center middle; background: $background 60%; }
    Dialog .box { width: 90%; max-width: 96; height: auto; max-height: 90%; background: $surface;
        border: round $border; border-title-color: $text-accent; padding: 0 1; }
    Dialog Rows { height: auto; max-height: 76vh; }
    Dialog .hint { height: auto; color: $text-muted; }
    Dialog .problem { height: auto; color: $text-error; }
    """
    BINDINGS: ClassVar[list[BindingType]] = actions.in_dialogs()

    def on_mount(self) -> None:
        """Clear what was said of the screen below."""
        self.app.clear_notifications()

    def action_close(self) -> None:
        """Close without a result; a filter is cleared first."""
        if not cleared(self):
            self.dismiss(None)


def title(text: str) -> Content:
    """Return a frame's title."""
    return line((text, Look.STRONG))
