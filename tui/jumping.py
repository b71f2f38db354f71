"""Where jump mode can go on a screen: its visible panes, tabs, and rows of lists, each with a label.

Labels are letters, on the home row first; where there are more places than letters, the later ones get
two.  No label is the beginning of another, so that typing one is enough.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, TextArea

from widgets.hints import Hints
from widgets.rows import Rows

LETTERS = "asdfghjklqwertyuiopzxcvbnm"
PLACES = 300  # a screen of 200 columns and 60 rows has under 200


@dataclass(frozen=True, slots=True)
class JumpPlace:
    """A place on the screen: where its label is drawn, and what it leads to.

    ``row`` is the index of a row in the list ``widget``; ``action`` is what a tab runs.
    """

    x: int
    y: int
    widget: Widget
    row: int | None = None
    action: str = ""


def places(screen: Screen[Any]) -> list[JumpPlace]:
    """Return the places of a screen that are in view: panes first, then tabs, then rows."""
    panes = [pane for pane in screen.query(Widget) if _is_pane(pane)]
    found = [*(_of_pane(pane) for pane in panes), *_tabs(screen)]
    for pane in panes:
        if isinstance(pane, Rows):
            found.extend(_rows(pane))
    return found[:PLACES]


def _is_pane(widget: Widget) -> bool:
    wanted = isinstance(widget, Rows | Input | TextArea)
    return wanted and widget.focusable and _in_view(widget)


def _in_view(widget: Widget) -> bool:
    return widget.is_on_screen and widget.region.width > 2 and widget.region.height > 0


def _of_pane(pane: Widget) -> JumpPlace:
    return JumpPlace(max(pane.region.x, pane.region.right - 3), pane.region.y, pane)


def _tabs(screen: Screen[Any]) -> Iterator[JumpPlace]:
    for tabs in screen.query(Hints):
        if tabs.id == "tabs" and _in_view(tabs):
            for start, action in tabs.places():
                yield JumpPlace(tabs.content_region.x + start, tabs.region.y, tabs, action=action)


def _rows(pane: Rows) -> Iterator[JumpPlace]:
    area = pane.content_region
    for index, line in pane.rows_in_view():
        yield JumpPlace(area.x, area.y + line, pane, row=index)


def labels(count: int) -> list[str]:
    """Return as many labels, the short ones first; none is the beginning of another."""
    letters = len(LETTERS)
    single = letters if count <= letters else max(0, (letters * letters - count) // (letters - 1))
    found = list(LETTERS[:single])
    found += [first + second for first in LETTERS[single:] for second in LETTERS]
    return found[:count]
