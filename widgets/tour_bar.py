"""The guided tour's bar: where one is, what to do here, what there is to see, a question, its answer.

It draws what it is told and nothing else; how the tour goes on is decided outside.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from mxwalk.language import say
from widgets.glyphs import glyphs
from widgets.plain import Look, cut, line

_LEAST = 20


@dataclass(frozen=True, slots=True)
class ToDo:
    """A key, what it does, and whether that was done."""

    key: str
    words: str
    done: bool


@dataclass(frozen=True, slots=True)
class TourState:
    """What the bar shows.  ``keys`` are key and words by turns, as in a footer."""

    at: int
    of: int
    title: str
    text: str
    to_do: tuple[ToDo, ...] = ()
    keys: tuple[tuple[str, str], ...] = ()


class TourBar(Widget):
    """A few lines above the walk; ``show`` says what is in them."""

    DEFAULT_CSS = """
    TourBar { height: auto; max-height: 7; width: 100%; background: $boost; padding: 0 1;
        border-left: thick $border; }
    """

    def __init__(self) -> None:
        super().__init__(id="tour")
        self.state: TourState | None = None

    def show(self, state: TourState) -> None:
        """Show this, if it is not shown already."""
        if state != self.state:
            self.state = state
            self.refresh(layout=True)

    def render(self) -> Content:
        """Draw the lines for the width there is."""
        return self._content(self.content_size.width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """Return how many lines there are at a width, the text between wrapped."""
        return self._content(width).get_height(self.styles.get_rules(), width) if width else 0

    def _content(self, width: int) -> Content:
        if self.state is None:
            return Content()
        return Content("\n").join(tour_lines(self.state, max(_LEAST, width)))


def tour_lines(state: TourState, width: int) -> list[Content]:
    """Return the bar's lines; the text between is wrapped where it is drawn."""
    where = say("tour {at} of {of}", at=state.at, of=state.of)
    title = line((where, Look.DIM), "  ", (state.title, Look.STRONG))
    keys = _keys(state.keys)
    gap = width - title.cell_length - keys.cell_length
    first = title + " " * gap + keys if gap >= 2 else cut(title, width)
    lines = [first, _quoted(state.text)]
    if state.to_do:
        parts = [_to_do(one) for one in state.to_do]
        lines.append(Content("   ").join(parts))
    if gap < 2:
        lines.append(keys)
    return lines


def _keys(keys: Sequence[tuple[str, str]]) -> Content:
    return Content("  ").join([line((key, Look.ACCENT), " " + words) for key, words in keys])


def _to_do(one: ToDo) -> Content:
    look = Look.DIM if one.done else Look.PLAIN
    done = (f"{glyphs().ok} ", Look.OK) if one.done else ""
    return line(done, (f"{one.key} ", Look.ACCENT), (one.words, look))


def _quoted(text: str) -> Content:
    """Return the text with what stands between backticks set apart."""
    parts = text.split("`")
    return line(*((part, Look.EQUAL if at % 2 else Look.PLAIN) for at, part in enumerate(parts)))
