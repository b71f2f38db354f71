"""The fields that a person types and pastes into, all of them: what is pasted is bounded before that.

A terminal gives a paste as one event, whatever its length, and Textual's fields lay out all of it
before they draw again: of ten megabytes, in minutes.  These cut the event's text to what is left of
what they hold (``mxwalk.limits``), and say so.  What is copied and pasted within the interface comes
the same way.
"""

from dataclasses import dataclass
from typing import Any

from textual.command import CommandInput
from textual.events import Paste
from textual.message_pump import MessagePump
from textual.widget import Widget
from textual.widgets import Input, TextArea

from mxwalk import limits
from mxwalk.language import say


@dataclass(frozen=True, slots=True)
class Cut:
    """What was kept of a text; ``of`` is how many characters it had."""

    text: str
    of: int

    def __bool__(self) -> bool:
        """Say whether anything was left out."""
        return len(self.text) < self.of


def cut_line(text: str, most: int) -> Cut:
    """Return the first line of a text, as far as it is kept in a field."""
    line = text.split("\n", 1)[0][: most + 1]
    first = (line.splitlines() or [""])[0]
    return Cut(first[:most], len(text) if len(first) > most else min(len(first), most))


def cut_text(text: str, most: int, most_of_line: int | None = None, *, beside: int = 0) -> Cut:
    """Return a text of many lines, as far as it and each of its lines are kept.

    ``beside`` is how many characters stand already where its first and its last line go.
    """
    kept = text[:most]
    if most_of_line is not None:
        lines = kept.splitlines(keepends=True)
        rooms = [most_of_line] * len(lines)
        rooms[:1] = rooms[-1:] = [max(0, most_of_line - beside)] * bool(lines)
        kept = "".join(map(_cut_within, lines, rooms))
    return Cut(kept, len(text))


def _cut_within(line: str, most: int) -> str:
    """Return a line with its end, whichever it is: without one the next would become part of it."""
    (words,) = line.splitlines()
    return words[:most] + line[len(words) :]


def tell_cut(widget: Widget, cut: Cut, advice: str = "") -> None:
    """Say how much of what was pasted was kept."""
    words = say(
        "Too much to paste: of {total:,} characters {kept:,} were taken.",
        total=cut.of,
        kept=len(cut.text),
    )
    widget.app.notify(f"{words} {advice}".strip(), severity="warning", markup=False, timeout=10)


class _Bounded(MessagePump):
    """What the fields share."""

    def advice(self) -> str:
        """Return what else can be done with a text that is too long."""
        return ""

    def action_paste(self) -> None:
        """Paste what was copied here, in the way of what comes from the terminal."""
        self.post_message(Paste(self.app.clipboard))


class LineField(_Bounded, Input):
    """A field of one line; it holds ``most`` characters."""

    def __init__(self, *given: Any, most: int = limits.FIELD_CHARS, **named: Any) -> None:  # noqa: ANN401 - Textual's own
        super().__init__(*given, max_length=most, **named)

    def _on_paste(self, event: Paste) -> None:
        _cut_to_field(self, event)


class PaletteField(_Bounded, CommandInput):
    """The field of the palette."""

    def _on_paste(self, event: Paste) -> None:
        _cut_to_field(self, event)


class TextField(_Bounded, TextArea):
    """A field of many lines; ``was_cut`` says whether what it holds is less than what was pasted."""

    was_cut = False

    async def _on_paste(self, event: Paste) -> None:
        event.stop()  # Textual's own handler, which runs after this, lets it bubble
        held = len(self.text) - len(self.selected_text)
        room = max(0, limits.PASTED_CHARS - held)
        cut = cut_text(event.text, room, limits.PASTED_LINE_CHARS, beside=self._beside())
        self.was_cut = bool(cut) or (self.was_cut and held > 0)
        event.text = cut.text
        if cut:
            tell_cut(self, cut, self.advice())

    def _beside(self) -> int:
        """Return how many characters stand on the lines of the selection, before and behind it."""
        (_, column), (last_row, last_column) = sorted(self.selection)
        return column + len(self.document[last_row]) - last_column


def _cut_to_field(field: LineField | PaletteField, event: Paste) -> None:
    """Leave of what is pasted what a field has room for; Textual's own handler takes it after this."""
    start, end = sorted(field.selection)
    most = field.max_length or limits.FIELD_CHARS
    cut = cut_line(event.text, max(0, most - len(field.value) + end - start))
    event.text = cut.text
    if cut:
        tell_cut(field, cut, field.advice())
