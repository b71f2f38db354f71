"""The rounds of a watch, the newest first, each with what was different from the one before."""

from collections.abc import Iterator, Sequence

from textual.content import Content

from mxwalk.delivery.mark import Mark
from mxwalk.language import noted, say
from mxwalk.watch.engine import Round
from widgets.glyphs import glyphs
from widgets.plain import Look, line, mark, outcome_mark, outcome_words, shorten, wrap
from widgets.row import Row
from widgets.rows import Rows

_INDENT = 15  # below the outcome


def state_of(made: Round) -> Mark:
    """Return the state a round is drawn as: the worst of the chosen senders' outcomes."""
    if made.facts is None:
        return Mark.UNKNOWN
    order = (Mark.FAIL, Mark.UNKNOWN, Mark.WARN, Mark.INFO, Mark.OK)
    states = {outcome_mark(outcome) for _, outcome in made.facts.outcomes}
    return next((one for one in order if one in states), Mark.UNKNOWN)


class WatchRounds(Rows):
    """The list; Enter opens the walk of a round."""

    KEYS = (("list.open", noted("its walk")), ("app.copy", noted("copy")))

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._rounds: tuple[Round, ...] = ()

    def show(self, rounds: Sequence[Round]) -> None:
        """Show these rounds; a cursor on the newest one stays on the newest."""
        newest = self._rounds[-1].number if self._rounds else None
        follows = self.cursor_row is None or self.cursor_row.key == newest
        self._rounds = tuple(rounds)
        self.rebuild()
        if follows and self._rounds:
            self.move_to(self._rounds[-1].number)

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield a row a round, with a line for each change."""
        for made in reversed(self._rounds):
            yield Row(
                key=made.number,
                lines=tuple(_lines(made, width)),
                what=say("round"),
            )


def _lines(made: Round, width: int) -> Iterator[Content]:
    symbol, look = mark(state_of(made))
    head = line((f"{made.at:%H:%M:%S}", Look.DIM), f" {made.number:>4} ", (symbol, look), " ")
    facts = made.facts
    if facts is None:
        told = line((say("no walk: {why}", why=made.problem), Look.UNKNOWN))
        yield from wrap(head + told, width, indent=_INDENT)
        return
    several = len(facts.outcomes) > 1
    parts = [
        line(f"{sender}: " if several else "", (outcome_words(one, over=True), look))
        for sender, one in facts.outcomes
    ]
    body = head + Content("  ").join(parts)
    reason = shorten(facts.reason, max(0, width - body.cell_length - 2))
    yield body + line(("  " + reason if reason and not several else "", Look.DIM))
    notes = [(glyphs().branch, change.words, Look.WARN) for change in made.changes]
    if facts.own_fault:
        sign, look = (glyphs().unknown, Look.UNKNOWN) if facts.spoilt else (glyphs().info, Look.DIM)
        notes.insert(0, (sign, facts.own_fault_words, look))
    if made.holds:
        notes.append((glyphs().ok, say("the condition holds"), Look.OK))
    if made.note:
        notes.append((glyphs().info, made.note, Look.DIM))
    pad = " " * _INDENT
    for sign, words, look in notes:
        yield from wrap(line(pad, (f"{sign} {words}", look)), width, indent=_INDENT + 2)
