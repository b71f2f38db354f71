"""The walk as a tree: what was done with its result and time, what is next, what is to come.

The step that is next carries the exact command or query about to be sent.  Groups can be folded with
Space; the symbols are those of the whole interface.
"""

from collections.abc import Hashable, Iterator
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content

from mxwalk.dane.result import Authentication
from mxwalk.delivery.mark import Mark, StepStatus
from mxwalk.delivery.model import Delivery
from mxwalk.delivery.status import status
from mxwalk.delivery.validated import validated_in
from mxwalk.dnssec.model import Status
from mxwalk.evidence.step import Step, StepKind
from mxwalk.language import noted, per_language, say
from mxwalk.walk.model import NodeState, Pending, PlanNode
from widgets.dnssec_words import dane_outcome, dane_words, status_words, weakest
from widgets.glyphs import Glyphs, glyphs
from widgets.note_line import note_content
from widgets.plain import Look, duration, fit, fit_content, line, look_of, mark, shorten
from widgets.row import Row
from widgets.rows import Rows

_RANK = (Mark.FAIL, Mark.WARN, Mark.UNKNOWN, Mark.INFO, Mark.OK)


class StepsTree(Rows):
    """The tree of steps."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Go to the step's view", show=False, id="list.open"),
        Binding("space", "fold", "Fold or unfold", show=False, id="tree.fold"),
        Binding("left,h", "fold(True)", "Fold", show=False, id="tree.close"),
        Binding("right,l", "fold(False)", "Unfold", show=False, id="tree.open"),
    ]
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = ()  # the footer names what to do with the walk
    empty = noted("No steps yet: press n for the first one.")

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._plan: PlanNode | None = None
        self._delivery: Delivery | None = None
        self._pending: Pending | None = None
        self._busy = ""
        self._folded: set[str] = set()
        self._statuses: dict[int, StepStatus] = {}
        self._dane: dict[int, Authentication | None] = {}

    def show(self, plan: PlanNode, delivery: Delivery, pending: Pending | None, busy: str) -> None:
        """Draw the plan; ``busy`` says what a running step waits for, else it is empty."""
        if delivery is not self._delivery:
            self._statuses, self._dane = {}, {}
        self._plan, self._delivery, self._pending, self._busy = plan, delivery, pending, busy
        self.rebuild()

    def say_nothing(self, why: str) -> None:
        """Say why there are no steps; without ``why``, how to perform the first."""
        self.empty = why or type(self).empty
        self.refresh()

    def step_at_cursor(self) -> Step | None:
        """Return the performed step under the cursor."""
        node = self._node(self.cursor_row.key) if self.cursor_row else None
        return node.step if node else None

    def follow(self, step: Step | None) -> None:
        """Put the cursor on a performed step, or on the next one when ``step`` is ``None``."""
        if self._plan is None:
            return
        for node in self._plan.walk():
            made = node.step is not None and step is not None and node.step.seq == step.seq
            wanted = made if step else node.state is NodeState.NEXT and node.kind
            if wanted:
                self.move_to(node.key)
                return

    def _node(self, key: Hashable) -> PlanNode | None:
        if self._plan is None:
            return None
        return next((node for node in self._plan.walk() if node.key == key), None)

    def action_fold(self, fold: bool | None = None) -> None:
        """Fold or unfold the group under the cursor, or the group around the step."""
        row = self.cursor_row
        node = self._node(row.key) if row else None
        if node is None or self._plan is None:
            return
        if not node.children:
            if fold is not True:
                return
            node = next((n for n in self._plan.walk() if node in n.children), None)
            if node is None or node is self._plan:
                return
            self.move_to(node.key)
        closed = node.key in self._folded
        if fold is None:
            fold = not closed
        self._folded = self._folded | {node.key} if fold else self._folded - {node.key}
        self.rebuild()

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield a row for each node that is not folded away."""
        if self._plan is not None:
            for child in self._plan.children:
                yield from self._rows(child, 0, width)

    def _rows(self, node: PlanNode, depth: int, width: int) -> Iterator[Row]:
        lines = (
            self._group(node, depth, width) if node.kind is None else self._leaf(node, depth, width)
        )
        yield Row(
            key=node.key,
            lines=lines,
            copy=self._copy(node),
            what=say("step"),
        )
        if node.key not in self._folded:
            for child in node.children:
                yield from self._rows(child, depth + 1, width)

    def _copy(self, node: PlanNode) -> str:
        if node.step is not None and self._delivery is not None:
            note = self._delivery.notes.get(node.step.seq)
            words = f"{node.label}: {self._status(node.step, self._delivery).summary}"
            return words if note is None else f"{words}\n{note}"
        if node.state is NodeState.NEXT and self._pending is not None and node.kind is not None:
            return self._pending.text
        return f"{node.label}: {node.note}" if node.note else node.label

    def _note(self, step: Step, depth: int, width: int) -> list[Content]:
        """Return the line with the note on a step, if there is one."""
        note = self._delivery.notes.get(step.seq) if self._delivery else None
        if note is None:
            return []
        return [note_content(note, max(8, width - 2 * depth - 2), indent=2 * depth + 2)]

    def _group(self, node: PlanNode, depth: int, width: int) -> tuple[Content, ...]:
        pad = "  " * depth
        folded = node.key in self._folded
        worst = self._worst(node)
        if node.state is NodeState.NEXT:
            symbol, look = glyphs().open, Look.ACCENT
        elif worst is not None and node.state is NodeState.DONE:
            left_out = any(child.state is NodeState.NOT_NEEDED for child in node.children)
            symbol, look = mark(Mark.INFO if worst is Mark.OK and left_out else worst)
        elif node.state is NodeState.PLANNED:
            symbol, look = glyphs().planned, Look.DIM
        elif node.state is NodeState.NOT_NEEDED:
            symbol, look = glyphs().none, Look.DIM
        else:
            symbol, look = glyphs().open, Look.PLAIN
        if folded:
            symbol = "+"
        label_look = Look.DIM if node.state is NodeState.NOT_NEEDED else Look.STRONG
        label = shorten(node.label, max(8, width - len(pad) - 2))
        room = width - len(pad) - 3 - cell_len(label)
        note = shorten(node.note, room - 1) if node.note and room > 8 else ""
        return (
            line(
                pad,
                (symbol, look),
                " ",
                (label, label_look),
                "  " if note else "",
                (note, Look.DIM),
            ),
        )

    def _status(self, step: Step, delivery: Delivery) -> StepStatus:
        """Return a step's status, worked out once a delivery."""
        found = self._statuses.get(step.seq)
        if found is None:
            found = self._statuses[step.seq] = status(step, delivery)
        return found

    def _worst(self, node: PlanNode) -> Mark | None:
        if self._delivery is None:
            return None
        marks = {self._status(n.step, self._delivery).mark for n in node.walk() if n.step}
        return next((m for m in _RANK if m in marks), None)

    def _trust(self, step: Step) -> Status | Authentication | None:
        """Return the DNSSEC status of a look-up, or what DANE says of a handshake."""
        if self._delivery is None:
            return None
        if step.kind is not StepKind.HANDSHAKE:
            return weakest(item.validation for item in validated_in(self._delivery, step))
        if step.seq not in self._dane:
            attempt = self._delivery.attempt_of(step)
            self._dane[step.seq] = dane_outcome(self._delivery, attempt) if attempt else None
        return self._dane[step.seq]

    def _leaf(self, node: PlanNode, depth: int, width: int) -> tuple[Content, ...]:
        pad = "  " * depth
        match node.state:
            case NodeState.DONE if node.step is not None and self._delivery is not None:
                result = self._status(node.step, self._delivery)
                words = say("cancelled") if node.step.cancelled else result.summary
                took = duration(node.step.elapsed_s)
                trust = self._trust(node.step)
                done = _done(node.label, result.mark, words, trust, took, depth, width, glyphs())
                return (done, *self._note(node.step, depth, width))
            case NodeState.NEXT:
                what = self._busy or (self._pending.text if self._pending else "")
                words = (
                    say("now: {step}", step=node.label)
                    if self._busy
                    else say("next: {step}", step=node.label)
                )
                lines = [
                    line(
                        pad,
                        (glyphs().next, Look.ACCENT),
                        " ",
                        (words, Look.ACCENT),
                    )
                ]
                if what and what != node.label:
                    room = width - len(pad) - 4
                    lines.append(line(pad, "    ") + fit(what, max(8, room), Look.DIM))
                return tuple(lines)
            case NodeState.NOT_NEEDED:
                note = f" {node.note}" if node.note else say(" not needed")
                body = line((node.label, Look.DIM), (note, Look.DIM))
                return (
                    line(pad, (glyphs().none, Look.DIM), " ")
                    + fit_content(body, max(4, width - len(pad) - 2)),
                )
            case _:
                return (line(pad, (glyphs().planned, Look.DIM), " ", (node.label, Look.DIM)),)


@per_language(maxsize=4_096)
def _done(  # noqa: PLR0913, PLR0917 - everything the line depends on is the key of the cache
    label: str,
    state: Mark,
    words: str,
    trust: Status | Authentication | None,
    took: str,
    depth: int,
    width: int,
    _glyphs: Glyphs,  # the symbols are those of the set in use
) -> Content:
    """Return the line of a performed step; a walk over many hosts draws the same ones again."""
    symbol, look = mark(state)
    pad = "  " * depth
    room = max(4, width - len(pad) - 2 - cell_len(took) - 1)
    text_look = look_of(state) if state in (Mark.FAIL, Mark.WARN) else Look.DIM
    body = line((label, Look.PLAIN), (f" {words}", text_look))
    said = dane_words(trust) if isinstance(trust, Authentication) else trust and status_words(trust)
    claim = line(" ") + said if said else Content()
    return (
        line(pad, (symbol, look), " ")
        + fit_content(body, max(4, room - claim.cell_length))
        + claim
        + line(" ", (took, Look.DIM))
    )
