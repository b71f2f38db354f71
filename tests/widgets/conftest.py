"""A bare application around one widget."""

from collections.abc import Iterator

import pytest
from textual.app import App, ComposeResult
from textual.widget import Widget

from widgets.glyphs import use_glyphs


class Host(App[None]):
    """Shows one widget and nothing else."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget

    def compose(self) -> ComposeResult:
        yield self.widget


def text_of(widget: Widget) -> str:
    """Return everything a widget draws, scrolled from top to bottom."""
    rows = getattr(widget, "rows", None)
    if rows is not None:
        return "\n".join(part.plain for row in rows for part in row.lines)
    return "\n".join(widget.render_line(y).text for y in range(widget.size.height))


@pytest.fixture(autouse=True)
def unicode_glyphs() -> Iterator[None]:
    """Tests see the Unicode set unless they choose the other."""
    use_glyphs("unicode")
    yield
    use_glyphs("unicode")
