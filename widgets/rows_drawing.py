"""How a list of rows is drawn: line by line, only what is in view, selectable with the mouse.

What was drawn is kept, because most lines are the same after a key.
"""

from collections.abc import Hashable
from typing import ClassVar

from textual.content import Content
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBarRender
from textual.selection import Selection
from textual.strip import Strip
from textual.visual import Visual

from mxwalk.language import noted, say
from widgets.glyphs import glyphs
from widgets.plain import line
from widgets.row import Row

GUTTER = 2
_DRAWN = 600  # lines whose drawing is kept


class PlainScrollBar(ScrollBarRender):
    """A scroll bar of whole cells, for terminals without partial blocks."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8


class DrawnRows(ScrollView):
    """Lines of rows with a cursor; which rows there are is the business of ``Rows``."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--cursor", "rows--gutter"}
    empty = noted("Nothing here yet.")

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, classes=classes)
        self.rows: tuple[Row, ...] = ()
        self._lines: list[tuple[Content, int]] = []
        self._cursor: Hashable | None = None
        self._drawn: dict[Hashable, Strip] = {}

    @property
    def allow_select(self) -> bool:
        """Lines can be selected with the mouse."""
        return True

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the selected text."""
        return selection.extract("\n".join("  " + part.plain for part, _ in self._lines)), "\n"

    def selection_updated(self, selection: Selection | None) -> None:  # noqa: ARG002
        """Draw the selection."""
        self.refresh()

    # -- drawing --------------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """Draw one line of the pane."""
        width = self.size.width
        at = y + self.scroll_offset.y
        base = self.visual_style
        if not self._lines and y == 0:
            return self._strip_of(line("  ", say(self.empty)), width)
        if at >= len(self._lines):
            return Strip.blank(width, base.rich_style)
        content, index = self._lines[at]
        on_cursor = self.rows[index].stop and self.rows[index].key == self._cursor
        selection = self.text_selection
        if selection is not None:
            return self._line(content, at, selection, on_cursor=on_cursor)
        # Drawing a line is dear, and most lines are the same after a key: what was drawn is kept.
        # What it looks like depends on all of this; a theme changes what a style's name stands for.
        place = (at, self.scroll_offset.x, width, on_cursor, self.has_focus)
        key = (content.plain, tuple(content.spans), place, base, self.app.theme, glyphs())
        strip = self._drawn.get(key)
        if strip is None:
            if len(self._drawn) >= _DRAWN:
                self._drawn.clear()
            strip = self._line(content, at, None, on_cursor=on_cursor)
            self._drawn[key] = strip
        return strip

    def _line(
        self, content: Content, at: int, selection: Selection | None, *, on_cursor: bool
    ) -> Strip:
        width = self.size.width
        if on_cursor:
            gutter = Content.styled(
                glyphs().cursor if self.has_focus else glyphs().right, ".rows--gutter"
            )
            content = (gutter + " " + content).pad_right(
                max(0, width - GUTTER - content.cell_length)
            )
            content = content.stylize_before(self.get_visual_style("rows--cursor"))
        else:
            content = line("  ", content)
        span = selection.get_span(at) if selection is not None else None
        if span is not None:
            start, end = span
            style = self.screen.get_visual_style("screen--selection")
            content = content.stylize(style, start, len(content) if end == -1 else end)
        return self._strip_of(content, width).apply_offsets(self.scroll_offset.x, at)

    def _strip_of(self, content: Content, width: int) -> Strip:
        base = self.visual_style
        strips = Visual.to_strips(self, content, width, 1, base, apply_selection=False)
        strip = strips[0] if strips else Strip.blank(width, base.rich_style)
        return strip.adjust_cell_length(width, base.rich_style)
