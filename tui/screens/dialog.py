"""What all dialogs share: a box in the middle, closed by Escape, with one scrolling body."""

from typing import ClassVar, TypeVar

from textual.await_complete import AwaitComplete
from textual.binding import BindingType
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from tui import actions
from tui.filtering import cleared
from widgets.glyphs import glyphs
from widgets.plain import Look, line

T = TypeVar("T")


class LeftOnce(Screen[T]):
    """A screen that is left once, and only while nothing lies over it.

    Keys that were typed before it closed still arrive; without this a second one that closes would
    close the screen below as well.
    """

    _left = False

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Leave with a result, unless it was left or lies below another screen."""
        if self._left or not self.is_active:
            return AwaitComplete()
        self._left = True
        return super().dismiss(result)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Say whether a key does anything; none does once the screen was left."""
        return False if self._left else super().check_action(action, parameters)


class Dialog(LeftOnce[T], ModalScreen[T]):
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

    def say_problem(self, problem: str) -> None:
        """Show what is wrong in the ``Static`` whose id is ``problem``; an empty text clears it."""
        words = line((f"{glyphs().fail} {problem}" if problem else "", Look.FAIL))
        self.query_one("#problem", Static).update(words)


def title(text: str) -> Content:
    """Return a frame's title."""
    return line((text, Look.STRONG))
