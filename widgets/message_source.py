"""The header fields of a message as they came, octet for octet, with the number of their line.

What a message walk shows in place of the wire: nothing was sent or received, and what every check rests
on stands here.  ``o`` switches to hexadecimal.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from mxwalk.evidence.mailauth import DkimChecked
from mxwalk.evidence.step import Step
from mxwalk.language import noted, say
from widgets.plain import Look, line, wrap
from widgets.row import Row, text_row
from widgets.wire_view import WireView

if TYPE_CHECKING:  # a delivery's screen does without them, and they take long to load
    from mxwalk.mailauth.case import MessageCase
    from mxwalk.mailauth.message import HeaderField, Message

_FIELDS_SHOWN = 300
_LINES_SHOWN = 40
_LINE_BYTES = 2_000
_CHECKED = frozenset(
    ("from", "dkim-signature", "authentication-results", "received-spf", "return-path")
)


_INDENT = 8


def _folded(head: Content, body: Content, width: int) -> tuple[Content, ...]:
    """Return a numbered line wrapped by words, or by cells where a word, as of base64, is too long.

    A number never stands alone.
    """
    text, room = body.plain, max(8, width - _INDENT)
    if max(map(len, text.split(" "))) <= room or cell_len(text) != len(text):
        return tuple(wrap(head + body, width, indent=_INDENT))
    first = max(8, width - head.cell_length)
    rest = [body[at : at + room] for at in range(first, len(text), room)]
    return (head + body[:first], *(line(" " * _INDENT) + part for part in rest))


class SourceView(WireView):
    """The header."""

    empty = noted("No message yet.")
    NOTHING = noted("No message.")

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._message: Message | None = None

    def show_message(self, case: "MessageCase | None") -> None:
        """Show this message's header; the caller draws."""
        self._message = case.message if case else None

    def go_to(self, step: Step) -> None:
        """Put the cursor on the field a step is about: a signature's own."""
        message = self._message
        if message is None or not isinstance(step.evidence, DkimChecked):
            return
        signatures = message.signatures
        number = step.evidence.number
        if 1 <= number <= len(signatures):
            self.move_to((signatures[number - 1].number, 0, 0))

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield the lines of each field."""
        message = self._message
        if message is None:
            return
        for field in message.fields[:_FIELDS_SHOWN]:
            yield from self._field(field, width)
        left = len(message.fields) - _FIELDS_SHOWN
        if left > 0:
            words = say("and {number} more fields, all of them in the trace", number=left)
            yield text_row("rest", line((words, Look.WARN)))
        if not self.filter:
            size = len(message.body)
            words = (
                say("{number:,} octets of body", number=size)
                if message.whole
                else say("the body is not there")
            )
            yield text_row("body", line("      ", (words, Look.DIM)))

    def _field(self, field: "HeaderField", width: int) -> Iterator[Row]:
        look = Look.STRONG if field.key in _CHECKED else Look.PLAIN
        raw = field.raw
        if self.hex:
            pieces = list(self._split(raw[: 16 * _LINES_SHOWN]))
            total = -(-len(raw) // 16)
        else:
            whole = raw.splitlines(keepends=True)
            pieces = list(self._split(b"".join(whole[:_LINES_SHOWN])))
            total = len(whole)
        for index, (shown, octets) in enumerate(pieces):
            number = f"{field.line + index:>4}  " if not self.hex else f"{field.line:>4}  "
            head = line((number, Look.DIM))
            body = line((shown[:_LINE_BYTES], look if index == 0 else Look.PLAIN))
            yield Row(
                key=(field.number, 0, index),
                lines=_folded(head, body, width),
                copy=line(octets).plain,
                what=say("line of the header"),
            )
        if total > len(pieces):
            words = say("and {number} more lines of this field", number=total - len(pieces))
            yield text_row((field.number, "rest"), line("      ", (words, Look.DIM)))
