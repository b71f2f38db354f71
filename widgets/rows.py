"""A scrolling list of rows with a cursor, drawn line by line: the base of nearly every pane.

A subclass says which rows there are at a width; a row has one or more lines of content, may be passed
over by the cursor, and knows what ``y`` copies.  Only visible lines are rendered, text can be selected
with the mouse, and new data moves neither the cursor nor the scroll position: the cursor keeps to the
row with the same key.
"""

from collections.abc import Hashable
from dataclasses import replace
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message

from mxwalk.language import noted
from mxwalk.text import visible_lines
from widgets.glyphs import ASCII, glyphs
from widgets.plain import wrap
from widgets.row import Row
from widgets.rows_drawing import GUTTER, PlainScrollBar
from widgets.rows_filter import holds, shows
from widgets.rows_filtering import FilteredRows


def _whole(row: Row, width: int) -> Row:
    """Return the row with lines that are too long wrapped: nothing is out of reach at any width."""
    if all(content.cell_length <= width for content in row.lines):
        return row
    lines = tuple(part for content in row.lines for part in wrap(content, width, indent=2))
    return replace(row, lines=lines)


class Rows(FilteredRows, can_focus=True):
    """The list; subclasses override ``rows_for``."""

    DEFAULT_CSS = """
    Rows { scrollbar-color: $foreground 25%; scrollbar-color-hover: $foreground 40%;
        scrollbar-color-active: $border; scrollbar-background: $surface;
        scrollbar-background-hover: $surface; scrollbar-background-active: $surface;
        background: $surface; color: $foreground; scrollbar-size: 1 1;
        scrollbar-gutter: stable; text-wrap: nowrap; overflow-x: hidden; overflow-y: auto; }
    Rows > .rows--cursor { background: $boost; text-style: bold; }
    Rows:focus > .rows--cursor { background: $block-cursor-blurred-background; text-style: bold; }
    Rows > .rows--gutter { text-style: dim; }
    Rows:focus > .rows--gutter { color: $text-accent; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Down", show=False, id="list.down"),
        Binding("up,k", "move(-1)", "Up", show=False, id="list.up"),
        Binding("pagedown,ctrl+f", "page(1)", "Page down", show=False, id="list.page-down"),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", show=False, id="list.page-up"),
        Binding("ctrl+d", "page(0.5)", "Half a page down", show=False, id="list.half-down"),
        Binding("ctrl+u", "page(-0.5)", "Half a page up", show=False, id="list.half-up"),
        Binding("g,home", "edge(0)", "First", show=False, id="list.first"),
        Binding("G,end", "edge(-1)", "Last", show=False, id="list.last"),
        Binding("enter", "choose", "Open", show=False, id="list.open"),
        Binding("slash", "filter", "Filter the list", show=False, id="list.filter"),
    ]
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("app.copy", noted("copy")),
    )  # id, words in the footer

    class Moved(Message):
        """The cursor was moved by the person, not by new data."""

        def __init__(self, rows: "Rows", row: Row) -> None:
            super().__init__()
            self.rows = rows
            self.row = row

        @property
        def control(self) -> "Rows":
            """The list it happened in."""
            return self.rows

    class Chosen(Moved):
        """Enter or a double click on a row."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, classes=classes)
        self._tops: list[int] = []
        self._built_width = 0

    def footer_keys(self) -> tuple[tuple[str, str], ...]:
        """Return the keys that matter here, as binding ids with a word or two, for the footer."""
        return self.KEYS

    # -- data -----------------------------------------------------------------------------------

    @property
    def line_width(self) -> int:
        """Cells available to a line, without the gutter and a cell before the scroll bar."""
        return max(12, self.scrollable_content_region.width - GUTTER - 1)

    def rebuild(self) -> None:
        """Ask for the rows again; the cursor stays on its key, the scroll position where it was."""
        if not self.is_attached or not self.display or self.size.width == 0:
            return
        self._built_width = self.line_width
        before = self.cursor_index
        self.rows = tuple(_whole(row, self._built_width) for row in self._left(self._built_width))
        self._lines = []
        self._tops = []
        for index, row in enumerate(self.rows):
            self._tops.append(len(self._lines))
            self._lines.extend((content, index) for content in row.lines)
        stops = [index for index, row in enumerate(self.rows) if row.stop]
        if stops and self.cursor_index is None:
            near = min(stops, key=lambda index: abs(index - (before or 0)))
            self._cursor = self.rows[near].key
        self.virtual_size = Size(self.line_width, len(self._lines))
        self.refresh()

    def rebuild_or_say(self, words: str) -> None:
        """Ask for the rows again after a key of the list; where they stay the same, say why."""
        before = self.rows
        self.rebuild()
        if self.rows == before:
            self.notify(words, markup=False, timeout=4)

    def on_resize(self, _event: events.Resize) -> None:
        """Build again when the width changed; the cursor stays in view."""
        if self.line_width != self._built_width:
            self.rebuild()
        self._scroll_to_cursor()

    def on_mount(self) -> None:
        """Take the scroll bar that suits the glyph set."""
        if glyphs() is ASCII:
            self.vertical_scrollbar.renderer = PlainScrollBar  # type: ignore[misc]

    def on_show(self) -> None:
        """Build when shown for the first time."""
        self.rebuild()

    # -- cursor -----------------------------------------------------------------------------------

    @property
    def cursor_index(self) -> int | None:
        """The index of the row under the cursor."""
        return next(
            (i for i, row in enumerate(self.rows) if row.stop and row.key == self._cursor), None
        )

    @property
    def cursor_row(self) -> Row | None:
        """The row under the cursor."""
        index = self.cursor_index
        return None if index is None else self.rows[index]

    def move_to(self, key: Hashable, *, scroll: bool = True) -> None:
        """Put the cursor on the row with this key, without a message."""
        self._cursor = key
        if scroll:
            self._scroll_to_cursor()
        self.cursor_moved()
        self.refresh()

    def rows_in_view(self) -> list[tuple[int, int]]:
        """Return the rows the cursor can go to whose first line is in view: index, line of the pane."""
        top, height = self.scroll_offset.y, self.content_size.height
        return [
            (index, self._tops[index] - top)
            for index, row in enumerate(self.rows)
            if row.stop and 0 <= self._tops[index] - top < height
        ]

    def go_to_row(self, index: int) -> None:
        """Put the cursor on a row, as if the person had moved it there."""
        if index < len(self.rows) and self.rows[index].stop:
            self._go(index)

    def move_to_text(self, text: str) -> bool:
        """Put the cursor on the first row that holds ``text``; say whether there is one."""
        found = [row for row in self.rows if row.stop and holds(row, text)]
        if not found:
            return False
        row = next((row for row in found if shows(row, text)), found[0])
        self._go(self.rows.index(row))
        return True

    def cursor_moved(self) -> None:
        """Hook: the cursor is somewhere else now."""

    def _scroll_to_cursor(self) -> None:
        index = self.cursor_index
        if index is None:
            return
        top, height = self._tops[index], len(self.rows[index].lines)
        if not any(row.stop for row in self.rows[:index]):
            top, height = 0, top + height  # the heading above the first row comes into view with it
        self.scroll_to_region(
            Region(0, top, 1, min(height, self.size.height or height)), animate=False, force=True
        )

    def _go(self, index: int) -> None:
        row = self.rows[index]
        self.move_to(row.key)
        self.post_message(self.Moved(self, row))

    def action_move(self, by: int) -> None:
        """Move the cursor by one row; without rows to stop at, scroll."""
        stops = [index for index, row in enumerate(self.rows) if row.stop]
        here = self.cursor_index
        if here is None:
            self.scroll_relative(y=by, animate=False)
            return
        at = stops.index(here)
        target = min(max(at + by, 0), len(stops) - 1)
        if target != at:
            self._go(stops[target])
        else:
            self.scroll_relative(y=by, animate=False)

    def action_page(self, pages: float) -> None:
        """Move by about a page."""
        step = max(1, int(self.size.height * abs(pages)) - 1) * (1 if pages > 0 else -1)
        stops = [index for index, row in enumerate(self.rows) if row.stop]
        if not stops or self.cursor_index is None:
            self.scroll_relative(y=step, animate=False)
            return
        wanted = self._tops[self.cursor_index] + step
        target = min(stops, key=lambda index: abs(self._tops[index] - wanted))
        if target != self.cursor_index:
            self._go(target)
        else:
            self.scroll_relative(y=step, animate=False)

    def action_edge(self, end: int) -> None:
        """Go to the first or the last row."""
        stops = [index for index, row in enumerate(self.rows) if row.stop]
        if stops:
            self._go(stops[end])
        if end and not (self.rows and self.rows[-1].stop):  # what follows the list comes into view
            self.scroll_end(animate=False)
        if not end:
            self.scroll_home(animate=False)

    def action_choose(self) -> None:
        """Open the row under the cursor."""
        row = self.cursor_row
        if row is not None:
            self.post_message(self.Chosen(self, row))

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked row; a double click opens it."""
        at = event.get_content_offset(self)
        if at is None:
            return
        y = at.y + self.scroll_offset.y
        if not 0 <= y < len(self._lines):
            return
        index = self._lines[y][1]
        if not self.rows[index].stop:
            return
        self._go(index)
        self.clicked(index, at.x - GUTTER, y - self._tops[index])
        if event.chain == 2:
            self.action_choose()

    def clicked(self, index: int, x: int, y: int) -> None:
        """Hook: a row was clicked at a cell of its lines."""

    # -- copy ---------------------------------------------------------------------------------------

    def copy_value(self) -> tuple[str, str]:
        """Return what ``y`` copies and the name of it; empty when there is nothing."""
        row = self.cursor_row
        if row is None:
            return "", ""
        value = row.copy or "\n".join(part.plain.rstrip() for part in row.lines)
        return visible_lines(value), row.what
