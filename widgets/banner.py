"""What holds as long as a screen is looked at and must not be missed: below the header, always."""

from textual.widgets import Static

from widgets.glyphs import glyphs
from widgets.plain import Look, line


class Banner(Static):
    """A sentence or two; no line of the screen where there is nothing to say."""

    DEFAULT_CSS = """
    Banner { height: auto; max-height: 5; width: 100%; padding: 0 1; background: $panel;
        display: none; }
    Banner.-said { display: block; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__("", id=id)
        self.words = ""

    def show(self, words: str) -> None:
        """Say this; an empty text takes the banner away."""
        if words == self.words:
            return
        self.words = words
        self.update(line((f"{glyphs().warn} {words}", Look.WARN)))
        self.set_class(bool(words), "-said")
