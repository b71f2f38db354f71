"""A field for a watch's interval or condition; what is wrong with it is said while typing."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from mxwalk.errors import UsageError
from mxwalk.language import say
from tui.screens.dialog import Dialog, title
from widgets.fields import LineField
from widgets.glyphs import glyphs
from widgets.plain import Look, line


class AskScreen(Dialog[str]):
    """Dismissed with the text once ``understand`` takes it; it returns what was understood.

    ``understand`` raises ``UsageError`` for a text that does not do; ``help_words`` say what does.
    """

    def __init__(
        self, heading: str, value: str, understand: Callable[[str], str], help_words: str
    ) -> None:
        super().__init__()
        self._heading, self._value = heading, value
        self._understand, self._help = understand, help_words

    def compose(self) -> ComposeResult:
        """Lay out the field."""
        with Vertical(classes="box") as box:
            box.border_title = title(self._heading)
            yield LineField(self._value, id="text", compact=True, most=200)
            yield Static("", classes="hint", id="meaning")
            yield Static(line((self._help, Look.DIM)), classes="hint")
            words = (
                ("Enter", Look.ACCENT),
                " " + say("takes it") + "   ",
                ("Esc", Look.ACCENT),
                " " + say("leaves it as it is"),
            )
            yield Static(line(*words), classes="hint")

    def on_mount(self) -> None:
        """Say what the text means now."""
        self._say(self._value)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what is understood while typing."""
        self._say(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take it if it does."""
        event.stop()
        if self._say(event.value):
            self.dismiss(event.value)

    def _say(self, text: str) -> bool:
        try:
            words = line((f"{glyphs().arrow} {self._understand(text)}", Look.PLAIN))
            taken = True
        except UsageError as error:
            words = line((f"{glyphs().fail} {error}", Look.FAIL))
            taken = False
        self.query_one("#meaning", Static).update(words)
        return taken
