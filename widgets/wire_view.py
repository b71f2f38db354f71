r"""The bytes of the dialogue as they moved, line by line, with who sent them and when.

Everything unprintable is escaped (``\r\n``), so a line here is one line on the wire.  TLS records are
summed up, what came in their place and is none is shown as it came; what moved inside TLS carries a
mark.  Long lines wrap and nothing is cut off.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region

from mxwalk.evidence.records import told_apart
from mxwalk.evidence.step import Step
from mxwalk.evidence.wire import Direction, Layer, WireChunk
from mxwalk.language import noted, say
from mxwalk.text import visible
from widgets.plain import Look, line, wrap
from widgets.row import Row, text_row
from widgets.rows import Rows

_SHOWN_BYTES = 16 * 1024
_SHOWN_LINES = 300


class WireView(Rows):
    """The transcript of one connection, or of the whole walk."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "hex", "Text or hexadecimal", show=False, id="wire.hex"),
    ]
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("wire.hex", noted("hex")),
        ("app.copy", noted("copy")),
    )
    empty = noted("Nothing was sent or received yet.")
    NOTHING: ClassVar[str] = noted("Nothing was sent or received.")  # where nothing is to come

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._steps: tuple[Step, ...] = ()
        self._focus: int | None = None
        self._busy = ""
        self._awaited: Step | None = None  # gone to while the pane was hidden
        self.hex = False

    def show(
        self,
        steps: Sequence[Step],
        focus: Step | None = None,
        busy: str = "",
        *,
        going: bool = True,
    ) -> None:
        """Draw the bytes of these steps; those of ``focus`` stand out.

        ``busy`` is what is being done: its bytes come with the step, when it has ended.  Where the
        walk is not ``going``, nothing more is to come.
        """
        self.tell_whether(going=going)
        before = self._steps, self._focus, self._busy
        self._busy = busy
        self._steps = tuple(step for step in steps if step.wire)
        self._focus = focus.seq if focus else None
        if not self.rows or (self._steps, self._focus, busy) != before:
            self.rebuild()

    def tell_whether(self, *, going: bool) -> None:
        """Say of an empty pane that something is still to come, or that nothing is."""
        self.empty = type(self).empty if going else self.NOTHING

    def action_hex(self) -> None:
        """Switch between escaped text and hexadecimal."""
        self.hex = not self.hex
        self.rebuild_or_say(say("There are no bytes here to show otherwise."))

    def go_to(self, step: Step) -> None:
        """Put the cursor on the first line of a step; of one without bytes, on the last before it.

        As much of the step as there is room for comes into view; a hidden pane does it when shown.
        """
        self._awaited = None if self.display and self.size.width else step
        stops = [(at, row) for at, row in enumerate(self.rows) if row.stop]
        seqs = [(at, row.key[0]) for at, row in stops if isinstance(row.key, tuple)]
        here = [at for at, seq in seqs if seq == step.seq]
        before = [at for at, seq in seqs if isinstance(seq, int) and seq < step.seq]
        if here:
            self.move_to(self.rows[here[0]].key)
            end = self._tops[here[-1]] + len(self.rows[here[-1]].lines)
            height = min(end - self._tops[here[0]], self.size.height or 1)
            self.scroll_to_region(
                Region(0, self._tops[here[0]], 1, height), animate=False, force=True
            )
        elif before:
            self.move_to(self.rows[before[-1]].key)

    def on_show(self) -> None:
        """Go where the person went while the pane was hidden."""
        super().on_show()
        if self._awaited is not None:
            self.call_after_refresh(self.go_to, self._awaited)

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield the lines of each chunk, with a heading where the connection changes."""
        place = None
        for step, chunks in told_apart(self._steps):
            here = (step.scope.address, step.scope.port, step.scope.attempt)
            if here != place:
                place = here
                again = (
                    say(", attempt {attempt}", attempt=step.scope.attempt)
                    if step.scope.attempt > 1
                    else ""
                )
                address = f" [{step.scope.address}]" if step.scope.address else ""
                words = f"{step.scope.host}{address}:{step.scope.port}{again}"
                yield text_row(("at", step.seq), line((words, Look.HEADING)))
            for number, chunk in enumerate(chunks):
                yield from self._chunk(step, number, chunk, width)
        if self._busy:
            words = say(
                "{doing}: what this step sends and receives is shown when it ends.",
                doing=self._busy,
            )
            yield text_row("busy", *wrap(line((words, Look.DIM)), width))

    def _chunk(self, step: Step, number: int, chunk: WireChunk, width: int) -> Iterator[Row]:
        sent = chunk.direction is Direction.SENT
        look = Look.INFO if sent else Look.WARN
        inside = "T" if chunk.layer is Layer.TLS_DATA else " "
        head = line((f"{chunk.direction.value}{inside}", look), (f"{chunk.at_s:8.3f}  ", Look.DIM))
        indent = head.cell_length
        if chunk.layer is Layer.TLS_RECORDS:
            words = say("{data} octets of TLS records", data=len(chunk.data))
            if not self.hex:
                body = head + line((words, Look.DIM))
                yield Row(key=(step.seq, number, 0), lines=(body,), copy=words)
            if not self.hex:
                return
        data = chunk.data[:_SHOWN_BYTES]
        kept = 0
        for index, (shown, raw) in enumerate(islice(self._split(data), _SHOWN_LINES)):
            kept += len(raw)
            text_look = Look.STRONG if step.seq == self._focus else Look.PLAIN
            yield Row(
                key=(step.seq, number, index),
                lines=self._lines_of(
                    head if index == 0 else Content(" " * indent), shown, text_look, width
                ),
                copy=visible(raw),
                what=say("line on the wire"),
            )
        if len(chunk.data) > kept:
            left = say(
                "and {data} more octets, all of them in the trace", data=len(chunk.data) - kept
            )
            yield text_row((step.seq, number, "rest"), line(" " * indent, (left, Look.DIM)))

    def _lines_of(self, head: Content, text: str, look: Look, width: int) -> tuple[Content, ...]:
        return tuple(wrap(head + line((text, look)), width, indent=head.cell_length))

    def _split(self, data: bytes) -> Iterator[tuple[str, bytes]]:
        if self.hex:
            for start in range(0, len(data), 16):
                part = data[start : start + 16]
                text = "".join(chr(b) if 32 <= b < 127 else "." for b in part)
                yield f"{start:04x}  {part.hex(' '):<47}  {text}", part
            return
        for raw in data.splitlines(keepends=True) if b"\n" in data else [data]:
            yield visible(raw), raw
