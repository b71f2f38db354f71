"""Jump mode: a label on everything in view; typing one goes there.

The labels lie over the screen below and are placed anew when the terminal changes its size.
"""

from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from mxwalk.language import say
from tui.jumping import JumpPlace, labels, places
from tui.screens.dialog import LeftOnce
from widgets.plain import Look, line

_SETTLES_S = 0.05  # after it the screen below has laid itself out anew


class JumpScreen(LeftOnce[JumpPlace | None], ModalScreen[JumpPlace | None]):
    """Labels; dismissed with the place whose label was typed."""

    DEFAULT_CSS = """
    JumpScreen .label { position: absolute; width: auto; height: 1; background: $text-accent;
        color: $background; text-style: bold; }
    JumpScreen .label.-off { display: none; }
    JumpScreen #jump-hint { dock: bottom; height: 1; width: 100%; background: $panel; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", "Stay here", show=False)]

    def __init__(self, below: Screen[Any]) -> None:
        super().__init__()
        self._below = below
        self._places: dict[str, JumpPlace] = {}
        self._typed = ""

    def compose(self) -> ComposeResult:
        """Lay out the hint; nothing else may cover the screen below."""
        words = line(
            (say("type a label to go there"), Look.STRONG), "   ", ("Esc", Look.ACCENT), " "
        )
        yield Static(words + say("stays here"), id="jump-hint")

    async def on_mount(self) -> None:
        """Place the labels."""
        await self._place()

    def on_resize(self) -> None:
        """Place the labels anew once the screen below has its new size."""
        self.set_timer(_SETTLES_S, self._place)

    async def _place(self) -> None:
        """Put a label on each place; where they are all the same, the labels stay."""
        found = places(self._below)
        named = dict(zip(labels(len(found)), found, strict=True))
        if named == self._places:
            return
        self._places, self._typed = named, ""
        await self.query(".label").remove()
        tags = []
        for name, place in self._places.items():
            tag = Static(line(name), classes="label", name=name)
            tag.styles.offset = (place.x, place.y)
            tags.append(tag)
        await self.mount(*tags)

    def action_close(self) -> None:
        """Stay here."""
        self.dismiss(None)

    def on_key(self, event: events.Key) -> None:
        """Take a letter; what begins otherwise is left out."""
        if self._left or event.key == "escape" or event.character is None:
            return
        event.stop()
        event.prevent_default()
        typed = self._typed + event.character.lower()
        if typed in self._places:
            self.dismiss(self._places[typed])
        elif any(name.startswith(typed) for name in self._places):
            self._typed = typed
            for tag in self.query(".label"):
                tag.set_class(not (tag.name or "").startswith(typed), "-off")
        else:
            self.dismiss(None)
