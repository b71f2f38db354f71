"""Write a note on a step: a few lines that are saved in the trace and printed in reports."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static, TextArea

from mxwalk.language import say
from mxwalk.limits import NOTE_CHARS
from mxwalk.text import visible
from tui.screens.dialog import Dialog, title
from widgets.fields import TextField
from widgets.plain import Look, line


class NoteScreen(Dialog[None]):
    """A field with the note there is; an empty one takes it back.

    ``apply`` saves the text and returns what is wrong with it, or an empty text.
    """

    DEFAULT_CSS = """
    NoteScreen #note { height: 8; border: none; background: $boost; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save the note", show=False, id="note.save"),
    ]

    def __init__(self, about: str, text: str, apply: Callable[[str], str]) -> None:
        super().__init__()
        self._about = about
        self._text = "\n".join(visible(part) for part in text.splitlines())
        self._apply = apply

    def compose(self) -> ComposeResult:
        """Lay out the field."""
        with Vertical(classes="box") as box:
            box.border_title = title(say("note on {step}", step=self._about))
            yield TextField(self._text, id="note", soft_wrap=True, show_line_numbers=False)
            yield Static("", classes="problem", id="problem")
            yield Static(
                line(
                    ("Ctrl+S", Look.ACCENT),
                    " " + say("saves it in the trace") + "   ",
                    ("Esc", Look.ACCENT),
                    " " + say("leaves it as it was"),
                ),
                classes="hint",
            )
            words = say(
                "It is printed in reports, not in redacted ones; an empty note is taken back."
            )
            yield Static(line((words, Look.DIM)), classes="hint")

    def on_mount(self) -> None:
        """Begin behind what is there."""
        super().on_mount()
        area = self.query_one(TextArea)
        area.focus()
        area.move_cursor(area.document.end)

    def on_text_area_changed(self) -> None:
        """Say while typing when it becomes too long."""
        length = len(self.query_one(TextArea).text)
        too_long = say("{n} characters; a note has at most {most}", n=length, most=NOTE_CHARS)
        self.say_problem(too_long if length > NOTE_CHARS else "")

    def action_save(self) -> None:
        """Save the note if it can be."""
        problem = self._apply(self.query_one(TextArea).text.strip())
        if problem:
            self.say_problem(problem)
        else:
            self.dismiss(None)
