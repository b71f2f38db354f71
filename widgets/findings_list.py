"""The findings, worst first: symbol, code and severity, the sentence, and who must act."""

from collections.abc import Hashable, Iterator, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content

from mxwalk.findings.model import Finding, Owner
from mxwalk.language import noted, per_language, say
from mxwalk.text import visible
from widgets.glyphs import Glyphs, glyphs
from widgets.plain import Look, cut_lines, line, look_of, mark, severity_mark, wrap
from widgets.row import Row
from widgets.rows import Rows

OWNER_WORDS: dict[Owner, str] = {
    Owner.RECEIVER: noted("the receiver must act"),
    Owner.RECEIVER_DNS: noted("the receiver's DNS operator must act"),
    Owner.RECEIVER_CA: noted("the receiver's CA must act"),
    Owner.SENDER: noted("the sending domain must act"),
    Owner.SENDER_DNS: noted("the sending domain's DNS operator must act"),
    Owner.SERVICE: noted("the sending service must act"),
    Owner.FORWARDER: noted("the forwarder or list must act"),
    Owner.YOU: noted("you must act"),
    Owner.NOBODY: noted("nobody needs to act"),
}


_LOW = 12  # rows of the pane below which sentences are cut
_WHOLE = 12  # lines of the first finding with its fix where there is room


class FindingsList(Rows):
    """The list; Enter asks for the explanation."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Explain the finding", show=False, id="list.open"),
    ]
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("list.open", noted("explain")),
        ("app.copy", noted("copy")),
    )

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.findings: tuple[Finding, ...] = ()
        self._walked = False
        self._room = 0  # rows of the pane when it was built
        self._top: Hashable | None = None  # where the cursor was put, unless the person moved it

    def show(self, findings: Sequence[Finding], *, walked: bool) -> None:
        """Draw the findings; ``walked`` says whether anything was performed yet."""
        same = self.findings == tuple(findings) and bool(findings) and bool(self.rows)
        self.findings = tuple(findings)
        self._walked = walked
        self._say_empty()
        if not same:
            self.rebuild()
            self._show_worst()

    def _say_empty(self) -> None:
        """Say why the list is empty."""
        if self._walked:
            self.empty = f"{glyphs().ok} " + say("No findings so far.")
        else:
            self.empty = say("Findings appear as the walk goes.")

    def _show_worst(self) -> None:
        """Keep the worst finding in view, the first one, as long as nobody reads another."""
        first = next((row.key for row in self.rows if row.stop), None)
        if first is not None and not self.has_focus and self._cursor in {None, self._top}:
            self._top = first
            self.move_to(self._top)

    def on_show(self) -> None:
        """Build when shown for the first time, with the worst in view."""
        super().on_show()
        if self._cursor is None or self._top is None:
            self._cursor = self._top
            self._show_worst()

    def chosen(self) -> Finding | None:
        """Return the finding under the cursor."""
        row = self.cursor_row
        index = row.key[-1] if row is not None and isinstance(row.key, tuple) else None
        return self.findings[index] if isinstance(index, int) else None

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield one row a finding: the sentence, then who must act and where.

        The first one tells what mends it too.  Where the pane is low its sentence is cut so that all of
        that is in view; Enter shows the whole of any.
        """
        self._room = self.size.height
        low = 0 < self._room < _LOW
        sentence = max(1, min(2, self._room - 2)) if low else 0
        room = self._room if low else _WHOLE
        first = True
        for index, finding in enumerate(self.findings):
            words = f"{finding.code} {finding.sentence} {finding.host} {finding.address}"
            yield Row(
                key=(
                    finding.code,
                    finding.step,
                    finding.line,
                    finding.host,
                    finding.address,
                    index,
                ),
                lines=_lines(
                    finding,
                    width,
                    sentence,
                    room if first else 0,
                    glyphs(),
                ),
                copy=f"{finding.code} {finding.sentence}\n" + say("Fix: {fix}", fix=finding.fix),
                what=say("finding and its fix"),
                find=words,
            )
            first = False

    def on_resize(self, event: events.Resize) -> None:
        """Build again when there is more or less room."""
        super().on_resize(event)
        if self.size.height != self._room:
            self.rebuild()
            self._show_worst()


@per_language(maxsize=2_048)
def _lines(
    finding: Finding,
    width: int,
    sentence: int,
    room: int,
    _glyphs: Glyphs,  # the symbols are those of the set in use
) -> tuple[Content, ...]:
    """Return a finding's lines: at most ``sentence`` of it (0: all), and the fix in ``room`` in all.

    Without ``room`` there is no fix.
    """
    state = severity_mark(finding.level)
    symbol, look = mark(state)
    head = line(
        (symbol, look),
        " ",
        (f"{finding.code}", look),
        " ",
        (f"{finding.level.words}: ", look_of(state)),
        finding.sentence,
    )
    where = finding.host + (f" [{finding.address}]" if finding.address else "")
    tail = line(
        (f"  {say(OWNER_WORDS[finding.actor])}", Look.DIM),
        (", " + say("at {where}", where=where) if where else "", Look.DIM),
        (
            ", " + say("follows from {cause}", cause=finding.cause) if finding.cause else "",
            Look.DIM,
        ),
    )
    lines = [
        *cut_lines(wrap(head, width, indent=2), sentence),
        *cut_lines(wrap(tail, width, indent=2), sentence and 1),
    ]
    if room and finding.fix:
        name = "  " + say("fix:") + " "
        words = line((name, look_of(state)), visible(finding.fix))
        lines += cut_lines(wrap(words, width, indent=cell_len(name)), max(1, room - len(lines)))
    return tuple(lines)
