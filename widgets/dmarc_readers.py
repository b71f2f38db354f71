"""Which receivers are known to read DMARC by which document: below the two readings in the DMARC view.

Each with what was found and where; of most receivers nothing is known, and that is said.
"""

from collections.abc import Iterator

from textual.content import Content

from mxwalk.delivery.mark import Mark
from mxwalk.language import say
from mxwalk.mailauth.dmarc.receivers_use import NOT_LISTED, ReceiverUse, Use, receivers
from widgets.dmarc_state import Picture
from widgets.message_rows import note, state_words
from widgets.plain import Look, line, wrap
from widgets.row import Row

_MARKS = {Use.UNKNOWN: Mark.UNKNOWN}


def readers_words(picture: Picture) -> Content:
    """Return the heading's words: whether it matters here."""
    if picture.differs:
        return state_words(Mark.WARN, say("it matters here: the two readings differ"))
    return line((say("both readings come to the same here"), Look.DIM))


def reader_rows(picture: Picture, width: int) -> Iterator[Row]:
    """Yield the receivers by what they use."""
    del picture
    for use in Use:
        words = line("  ") + state_words(_MARKS.get(use, Mark.INFO), use.words)
        yield Row(
            key=("readers", use.name), lines=tuple(wrap(words, width, indent=4)), copy=use.words
        )
        for one in receivers(use):
            yield _reader(one, width)
    yield note("readers-rest", say(NOT_LISTED), width)


def _reader(one: ReceiverUse, width: int) -> Row:
    dated = f", {one.as_of}" if one.as_of else ""
    words = line(
        "    ", (one.name, Look.STRONG), f"  {one.note}  ", (f"({one.source}{dated})", Look.DIM)
    )
    copy = f"{one.name}: {one.use.words}. {one.note} ({one.source}{dated})"
    return Row(
        key=("readers", one.name),
        lines=tuple(wrap(words, width, indent=6)),
        copy=copy,
        what=say("receiver"),
    )
