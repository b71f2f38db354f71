"""A box for a text of many lines, for terminals that do not mark what is pasted."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static, TextArea

from mxwalk.language import say
from tui.meaning import Meaning, of_a_part
from tui.screens.dialog import Dialog, title
from tui.screens.start_field import read_from_a_file
from tui.understand import boxed_text
from widgets.fields import TextField
from widgets.glyphs import glyphs
from widgets.plain import Look, line


class BoxField(TextField):
    """The box."""

    def advice(self) -> str:
        """Name the command that reads more."""
        return read_from_a_file()


class PasteScreen(Dialog[Meaning]):
    """What the text means is given back with F5; Escape gives up."""

    DEFAULT_CSS = """
    PasteScreen #problem { height: auto; }
    PasteScreen TextArea { height: 60vh; border: round $foreground 35%; }
    PasteScreen TextArea:focus { border: round $border; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f5,ctrl+s", "done", "Understand the text", show=False, id="paste.done", priority=True
        ),
        Binding(
            "escape", "close", "Close this window", show=False, id="paste.close", priority=True
        ),
    ]

    def compose(self) -> ComposeResult:
        """Lay out the box."""
        with Vertical(classes="box") as box:
            box.border_title = title(say("paste a bounce, log lines or a dialogue"))
            yield BoxField(id="text")
            keys = (
                ("F5", Look.ACCENT),
                f" {say('says what it tells')}   ",
                ("Esc", Look.ACCENT),
                f" {say('closes')}",
            )
            yield Static("", id="problem")
            yield Static(line(*keys), classes="hint")

    def on_mount(self) -> None:
        """Go to the box."""
        self.query_one(TextArea).focus()

    def action_done(self) -> None:
        """Give back what the text means; one that tells nothing stays in the box."""
        box = self.query_one(BoxField)
        if not box.text.strip():
            self.dismiss(None)
            return
        meaning = boxed_text(box.text)
        if box.was_cut:
            meaning = of_a_part(meaning)
        if meaning.problem:
            self.query_one("#problem", Static).update(
                line((f"{glyphs().warn} ", Look.WARN), (meaning.problem, Look.WARN))
            )
            return
        self.dismiss(meaning)
