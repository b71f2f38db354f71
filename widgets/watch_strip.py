"""The history of a watch as a strip: a cell a round, the newest on the right, with times below."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from textual.content import Content
from textual.widget import Widget

from mxwalk.delivery.mark import Mark
from mxwalk.language import say
from widgets.glyphs import glyphs
from widgets.plain import Look, line, mark

_MARK_EVERY = 12  # cells between the times below
_TIME = 5  # cells of 13:05


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One round: when it was, how it went, and whether anything was different."""

    at: datetime
    state: Mark
    changed: bool = False


class WatchStrip(Widget):
    """The strip: symbols, and below them the times and where something changed."""

    DEFAULT_CSS = """
    WatchStrip { height: 2; padding: 0 2; background: $surface; color: $foreground;
        text-wrap: nowrap; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._cells: tuple[Cell, ...] = ()
        self._walking = False

    def show(self, cells: Sequence[Cell], *, walking: bool) -> None:
        """Show these rounds; ``walking`` adds a cell for the one being walked."""
        if (tuple(cells), walking) != (self._cells, self._walking):
            self._cells, self._walking = tuple(cells), walking
            self.refresh()

    def render(self) -> Content:
        """Draw as many rounds as fit, the latest ones."""
        width = max(8, self.content_size.width)
        room = width - (1 if self._walking else 0)
        cells = self._cells[-room:]
        if not cells and not self._walking:
            return line((say("no round yet"), Look.DIM))
        parts = [_symbol(cell) for cell in cells]
        if self._walking:
            parts.append(line((glyphs().next, Look.ACCENT)))
        return Content("").join(parts) + "\n" + _times(cells, width)


def _symbol(cell: Cell) -> Content:
    symbol, look = mark(cell.state)
    found = line((symbol, look))
    return found.stylize("reverse") if cell.changed else found


def _times(cells: Sequence[Cell], width: int) -> Content:
    """Return the times below: at the first round, then where there is room."""
    text = ""
    for number, cell in enumerate(cells):
        is_marked = number % _MARK_EVERY == 0
        if is_marked and number >= len(text) and number + _TIME <= width:
            text = text.ljust(number) + f"{cell.at:%H:%M}"
    return line((text, Look.DIM))
