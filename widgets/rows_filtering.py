"""A list that can be filtered by typing: what its keys do, whatever the list shows.

The text is typed in the list itself; ``widgets.rows_filter`` says which rows are left.
"""

from collections.abc import Hashable, Iterable
from typing import ClassVar

from textual import events

from widgets.row import Row
from widgets.rows_drawing import DrawnRows
from widgets.rows_filter import Filter, Filtered, holds


class FilteredRows(DrawnRows):
    """Rows, less those that the filter leaves out."""

    FILTERS_ITSELF: ClassVar[bool] = False  # its rows are left out before ``rows_for`` yields them

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, classes=classes)
        self.filter = Filter()

    # -- to be said by subclasses -------------------------------------------------------------

    def rows_for(self, width: int) -> Iterable[Row]:
        """Return the rows for lines of at most ``width`` cells."""
        raise NotImplementedError

    def rebuild(self) -> None:
        """Ask for the rows again."""
        raise NotImplementedError

    def move_to(self, key: Hashable, *, scroll: bool = True) -> None:
        """Put the cursor on the row with this key."""
        raise NotImplementedError

    def _go(self, index: int) -> None:
        raise NotImplementedError

    def _scroll_to_cursor(self) -> None:
        raise NotImplementedError

    # -- the filter ---------------------------------------------------------------------------------

    def _left(self, width: int) -> Iterable[Row]:
        """Return the rows that the filter leaves, below the line that says so."""
        rows = self.rows_for(width)
        if not self.filter.shown:
            return rows
        return self.filter.rows(tuple(rows), by_rows=not self.FILTERS_ITSELF)

    def show_filter(self, text: str) -> int:
        """Show only rows that hold ``text``; return how many there are."""
        self.filter.text = text
        self.rebuild()
        self.post_message(Filtered())
        return self.filter.matched if text else sum(row.stop for row in self.rows)

    def clear_filter(self) -> bool:
        """Show all rows again; say whether there was a filter."""
        if not self.filter.shown:
            return False
        self.filter.typing = False
        self.show_filter("")
        self._scroll_to_cursor()
        return True

    def action_filter(self) -> None:
        """Type a filter; what was typed before can be changed."""
        self.filter.typing = True
        self.show_filter(self.filter.text)
        self.scroll_home(animate=False)

    def action_keep_filter(self) -> None:
        """Go to the first row that holds what was typed; those it belongs to are left above it."""
        if not self.filter.typing:
            return
        self.filter.typing = False
        self.show_filter(self.filter.text)
        stops = [row for row in self.rows if row.stop]
        if self.filter.text and stops:
            found = next((row for row in stops if holds(row, self.filter.text)), stops[0])
            self._go(self.rows.index(found))

    def on_key(self, event: events.Key) -> None:
        """While a filter is typed, take what is typed; Escape is the screen's."""
        if not self.filter.typing:
            return
        if event.key in ("enter", "down"):
            self.action_keep_filter()
        elif event.key == "backspace" and not self.filter.text:
            self.clear_filter()
        elif self.filter.typed(event):
            self.show_filter(self.filter.text)
            self.scroll_home(animate=False)
        elif not (event.key in ("backspace", "ctrl+u") or event.is_printable):
            return
        event.stop()
        event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        """Take pasted text while a filter is typed."""
        if self.filter.typing:
            event.stop()
            self.filter.pasted(event.text)
            self.show_filter(self.filter.text)

    def on_blur(self) -> None:
        """Typing ends when the focus goes elsewhere; the filter stays."""
        if self.filter.typing:
            self.filter.typing = False
            self.show_filter(self.filter.text)
