"""Rows that the views of a message walk and of a survey share: headings, labelled values, remarks.

Every part of them is a line of content no wider than the pane, with what ``y`` copies from it.
"""

from collections.abc import Hashable

from textual.content import Content

from mxwalk.delivery.mark import Mark
from mxwalk.language import say
from widgets.glyphs import glyphs
from widgets.message_folds import fold_sign
from widgets.plain import Look, fit, line, mark, wrap
from widgets.row import Row, text_row

LABEL = 13


def state_words(state: Mark, words: str) -> Content:
    """Return a state as symbol and words."""
    symbol, look = mark(state)
    return line((f"{symbol} {words}", look))


def gap(key: Hashable) -> Row:
    """Return an empty line."""
    return text_row((key, "gap"), Content())


def heading(key: Hashable, name: str, state: Content, width: int, *, unfolded: bool) -> Row:
    """Return the heading of a part that folds; the cursor stops there."""
    words = line(fold_sign(unfolded=unfolded), " ", (f"{name}  ", Look.HEADING)) + state
    return Row(
        key=key,
        lines=tuple(wrap(words, width, indent=4)),
        copy=f"{name}: {state.plain}" if state.plain else name,
        what=say("summary"),
    )


def field(  # noqa: PLR0913 - indent and label are by keyword and rare
    key: Hashable,
    name: str,
    value: Content,
    width: int,
    *,
    copy: str = "",
    indent: int = 2,
    label: int = LABEL,
) -> Row:
    """Return a labelled value; ``y`` copies the value."""
    head = line(" " * indent, fit(name, label - 1, Look.DIM), " ")
    return Row(
        key=key,
        lines=tuple(wrap(head + value, width, indent=indent + label)),
        copy=copy or value.plain,
        what=name or say("value"),
    )


def remark(key: Hashable, state: Mark, sentence: str, width: int, *, indent: int = 2) -> Row:
    """Return a sentence with the mark of its state."""
    words = line(" " * indent) + state_words(state, sentence)
    return Row(
        key=key,
        lines=tuple(wrap(words, width, indent=indent + 2)),
        copy=sentence,
        what=say("remark"),
    )


def note(key: Hashable, sentence: str, width: int, *, indent: int = 2) -> Row:
    """Return a sentence that is neither good nor bad."""
    words = line(" " * indent, (sentence, Look.DIM))
    return Row(
        key=key, lines=tuple(wrap(words, width, indent=indent)), copy=sentence, what=say("sentence")
    )


def publish(key: Hashable, zone_line: str, width: int, *, indent: int = 2) -> Row:
    """Return a zone line to publish; ``y`` copies it whole."""
    words = line(
        " " * indent,
        (f"{glyphs().arrow} " + say("publish") + " ", Look.ACCENT),
        (zone_line, Look.STRONG),
    )
    return Row(
        key=key,
        lines=tuple(wrap(words, width, indent=indent + 2)),
        copy=zone_line,
        what=say("record"),
    )


def empty(key: Hashable, words: str, width: int) -> Row:
    """Return what stands where there is nothing yet."""
    return text_row(key, *wrap(line((words, Look.DIM)), width))
