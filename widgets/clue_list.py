"""What was recognised in a pasted text, in its order; and what one of these things means."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from textual.content import Content

from mxwalk.clues.labels import command, facts, heading
from mxwalk.clues.model import Clue, Lead, Standing, Understanding
from mxwalk.delivery.mark import Mark
from mxwalk.findings.registry import catalogue
from mxwalk.language import say
from mxwalk.walk.plan import label_of
from widgets.plain import Look, cut, line, mark, shorten, wrap
from widgets.row import Row, text_row
from widgets.rows import Rows

_MARKS = {
    Standing.DELIVERED: Mark.OK,
    Standing.DEFERRED: Mark.WARN,
    Standing.BOUNCED: Mark.FAIL,
    Standing.TOLD: Mark.INFO,
    Standing.UNKNOWN: Mark.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class FindingKey:
    """The row of a finding that explains a clue."""

    code: str


@dataclass(frozen=True, slots=True)
class LeadKey:
    """The row of a walk, by its place in the understanding."""

    index: int


class ClueList(Rows):
    """A clue a row: product, what became of the message, and the words it is known by."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._clues: tuple[Clue, ...] = ()

    def show(self, clues: Sequence[Clue]) -> None:
        """Show these clues."""
        self._clues = tuple(clues)
        self.rebuild()

    @property
    def chosen(self) -> Clue | None:
        """The clue under the cursor."""
        row = self.cursor_row
        return self._clues[row.key] if row and isinstance(row.key, int) else None

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield two lines a clue; a blank line apart would cost too much of a small screen."""
        for number, one in enumerate(self._clues):
            symbol, look = mark(_MARKS[one.standing])
            step = f"  {label_of(one.step)}" if one.step else ""
            head = line((f"{symbol} ", look), (heading(one), Look.STRONG), (step, Look.DIM))
            words = line("  ", (shorten(one.quoted, max(8, width - 2)), Look.INFO))
            yield Row(key=number, lines=(cut(head, width), words), copy=one.quoted, what="words")


class ClueFacts(Rows):
    """A clue explained: meaning, who and where, findings to open, and the walks that fit the text."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._clue: Clue | None = None
        self._all = Understanding()

    def show(self, clue: Clue | None, everything: Understanding) -> None:
        """Show a clue, and below it the walks of the whole text."""
        self._clue, self._all = clue, everything
        self.rebuild()
        self.scroll_home(animate=False)

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield the paragraphs; findings and walks can be chosen."""
        if self._clue is not None:
            yield from _explained(self._clue, width)
        yield from self._walks(width)

    def _walks(self, width: int) -> Iterator[Row]:
        trace = self._all.trace
        if trace is not None:
            yield _heading("dialogue", say("the dialogue, as a walk without a network"))
            words = say("Enter opens it: {n} steps", n=len(trace.steps))
            yield Row(key="trace", lines=(cut(line(words), width),))
        if self._all.leads:
            yield _heading("walks", say("walks that fit, best first"))
        for index, lead in enumerate(self._all.leads):
            yield Row(
                key=LeadKey(index),
                lines=tuple(_lead(lead, width)),
                copy=command(lead, self._all.sender),
                what="command",
            )
        if not self._all.leads and trace is None:
            none = say("Nobody and no host is named: type the recipient's address to walk.")
            yield text_row("none", *wrap(line((none, Look.DIM)), width))


def _lead(lead: Lead, width: int) -> Iterator[Content]:
    route = say("by {hosts}", hosts=", ".join(lead.routes)) if lead.routes else ""
    yield cut(line((lead.target, Look.STRONG), f"  {route}"), width)
    yield cut(line("  ", (lead.reason, Look.DIM)), width)


def _explained(clue: Clue, width: int) -> Iterator[Row]:
    yield text_row("meaning", *wrap(line(clue.meaning), width))
    labels = facts(clue)
    room = max((line(label).cell_length for label, _ in labels), default=0) + 2
    for label, value in labels:
        name = line((label, Look.DIM))
        gap = " " * (room - name.cell_length)
        yield Row(
            key=("fact", label),
            lines=tuple(wrap(line(name, gap, value), width, indent=room)),
            stop=False,
        )
    if clue.findings:
        yield _heading("findings", say("findings that explain it"))
    entries = catalogue()
    for code in clue.findings:
        words = line((f"{code:<10}", Look.ACCENT), say(entries[code].title))
        yield Row(key=FindingKey(code), lines=(cut(words, width),), copy=code, what="code")


def _heading(key: Hashable, words: str) -> Row:
    return text_row(key, Content(), line((words, Look.HEADING)))
