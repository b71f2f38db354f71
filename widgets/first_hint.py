"""Three lines for whoever is here for the first time; a key or a click puts them away for good."""

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.widgets import Static

from mxwalk.language import say
from widgets.plain import Look, line


class FirstHint(Static):
    """Keys and what they do, in a few lines; ``name`` says which hint it is."""

    DEFAULT_CSS = """
    FirstHint { height: auto; width: 100%; max-height: 6; background: $boost; padding: 0 1;
        border-left: thick $border; }
    """

    def __init__(self, name: str, lines: Sequence[Content]) -> None:
        super().__init__(_joined(lines), id="first-hint", name=name)
        self._lines = tuple(lines)

    def show(self, lines: Sequence[Content]) -> None:
        """Say these lines, if they are not said already: what can be done may have changed."""
        if tuple(lines) != self._lines:
            self._lines = tuple(lines)
            self.update(_joined(lines))

    async def on_click(self, event: events.Click) -> None:
        """Put it away."""
        event.stop()
        await self.run_action("app.put_hint_away")


def _joined(lines: Sequence[Content]) -> Content:
    away = line(("F7", Look.ACCENT), " " + say("puts this away for good"))
    *first, last = lines
    return Content("\n").join([*first, last + "   " + away])


def keyed(*parts: str) -> Content:
    """Return a line of keys and words by turns, the keys first."""
    return line(*((part, Look.PLAIN if at % 2 else Look.ACCENT) for at, part in enumerate(parts)))
