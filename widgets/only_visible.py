"""The last guard before the terminal: a line that is drawn holds characters with a glyph alone.

What comes from outside passes ``mxwalk.text.visible`` where it is made into content (``plain``).  What
a person types or pastes into a field does not, and Textual writes it as it stands; so every line of
every widget passes here once more.  What has no cell is left out, what has one becomes a question
mark, so that nothing moves.
"""

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from mxwalk.text import escaped


class OnlyVisible(LineFilter):
    """Leaves out what acts on a terminal instead of being seen."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Return the segments, those with anything else made anew."""
        if all(_is_plain(segment) for segment in segments):
            return segments
        return [_seen(segment) for segment in segments]


def _is_plain(segment: Segment) -> bool:
    return segment.text.isascii() and segment.text.isprintable()


def _seen(segment: Segment) -> Segment:
    text = escaped(segment.text, _in_place)
    return segment if text == segment.text else Segment(text, segment.style, segment.control)


def _in_place(char: str) -> str:
    return "?" * cell_len(char)
