"""All keys of a screen, from the bindings themselves, so that remapped keys show as they are."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from mxwalk.language import say
from tui.key_sections import Section
from tui.screens.dialog import Dialog, title
from widgets.glyphs import glyphs
from widgets.plain import Look, fit, line, mark
from widgets.text_pane import TextPane

_KEYS = 14  # cells of the keys
_INDENT = _KEYS + 2


class HelpScreen(Dialog[None]):
    """Sections of keys and what they do, then what the symbols mean."""

    def __init__(self, sections: Sequence[Section]) -> None:
        super().__init__()
        self._sections = sections

    def compose(self) -> ComposeResult:
        """Lay out the text."""
        with Vertical(classes="box") as box:
            box.border_title = title(say("keys"))
            yield TextPane(id="text")
            yield Static(
                line(("Esc", Look.ACCENT), say(" closes   "), ("j k", Look.ACCENT), say(" scroll")),
                classes="hint",
            )

    def on_mount(self) -> None:
        """Fill in the text."""
        parts: list[Content] = []
        for name, keys in self._sections:
            parts.append(line((name, Look.HEADING)))
            parts.extend(line("  ") + fit(key, _KEYS, Look.ACCENT) + words for key, words in keys)
            parts.append(Content())
        parts.append(line((say("symbols"), Look.HEADING)))
        parts.extend(_symbols())
        pane = self.query_one(TextPane)
        pane.show(parts, indent=_INDENT)
        pane.focus()


def _symbols() -> list[Content]:
    from mxwalk.delivery.mark import Mark

    words = {
        Mark.OK: say("in order"),
        Mark.FAIL: say("failed"),
        Mark.WARN: say("works, with a deviation"),
        Mark.UNKNOWN: say("not known: throttled, timed out or cancelled"),
        Mark.INFO: say("neither good nor bad"),
    }
    lines = [
        line("  ", fit(mark(state)[0], _KEYS, mark(state)[1]), text)
        for state, text in words.items()
    ]
    more = (
        (glyphs().next, say("next, or chosen")),
        (glyphs().planned, say("to come")),
        (glyphs().none, say("not needed, or not processed")),
        (glyphs().exact, say("names are equal")),
        (glyphs().wildcard, say("a wildcard matches")),
    )
    return [*lines, *(line("  ", fit(sign, _KEYS), text) for sign, text in more)]
