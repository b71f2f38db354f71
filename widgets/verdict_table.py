"""What every sender would make of this delivery, or every receiver of this message, and by which step.

Space makes the row's one the chosen one, which repeats no network work; Enter goes to the deciding
step.  A verdict that the evidence does not support yet says so.
"""

from collections.abc import Iterator
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content

from mxwalk.evidence.step import Step
from mxwalk.language import noted, say
from mxwalk.senders.model import Verdict
from mxwalk.walk.ending import reason_words, then_words
from mxwalk.walk.plan import label_of
from widgets.glyphs import glyphs
from widgets.plain import (
    Look,
    cut_lines,
    fit,
    fit_content,
    line,
    mark,
    outcome_mark,
    outcome_words,
    wrap,
)
from widgets.row import Row, text_row
from widgets.rows import Rows
from widgets.shown import View

_SHORT = {"why": 2, "then": 2, "log": 1}  # lines of each where there is little room


class VerdictTable(View):
    """The table of verdicts."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "pick", "Judge as this one", show=False, id="verdicts.choose"),
        Binding("enter", "choose", "Go to the deciding step", show=False, id="list.open"),
    ]
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("list.open", noted("its step")),
        ("verdicts.choose", noted("judge so")),
        ("app.copy", noted("copy")),
    )
    empty = noted("Judged as soon as the walk is open.")
    _dense = False

    class Picked(Rows.Moved):
        """A sender was chosen; the row's key is its id."""

    def action_pick(self) -> None:
        """Choose the sender under the cursor."""
        row = self.cursor_row
        if row is not None:
            self.post_message(self.Picked(self, row))

    def watch_has_focus(self, has_focus: bool) -> None:
        """Show the chosen one's words in full while somebody reads here, else as there is room."""
        super().watch_has_focus(has_focus)
        self.rebuild()

    def deciding_step(self) -> int | None:
        """Return the seq of the step that decides the verdict under the cursor."""
        row = self.cursor_row
        verdicts = self.shown.verdicts if self.shown else ()
        return next((v.step for v in verdicts if row is not None and v.sender == row.key), None)

    def cursor_moved(self) -> None:
        """Show the verdict under the cursor in full."""
        self.rebuild()

    def title_words(self) -> str:
        """Say what the keys do here."""
        return say("what each {judge} would do", judge=self._judge())

    def _judge(self) -> str:
        """Say who judges here: senders a delivery, receivers a message."""
        is_message = self.shown is not None and self.shown.delivery.message is not None
        return say("receiver") if is_message else say("sender")

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield a row a sender: outcome and deciding step, then its own words."""
        if self.shown is None:
            return
        if self._cursor is None:
            self._cursor = self.shown.sender.id
        self._dense = self.size.height < 2 * len(self.shown.verdicts) + 4
        label_width = max((cell_len(v.label) for v in self.shown.verdicts), default=10)
        label_width = min(label_width, max(16, width - 44))
        heading = line(
            fit("", 2),
            fit(self._judge(), label_width + 2, Look.DIM),
            fit(say("outcome"), 24, Look.DIM),
            (say("decided by"), Look.DIM),
        )
        if not (self._dense and not self.has_focus):
            yield text_row("head", heading)
        for verdict in self.shown.verdicts:
            yield self._row(verdict, label_width, width)
        help_words = line(
            Content("\n"),
            ("Space", Look.ACCENT),
            (say(" judges as this {judge}, ", judge=self._judge()), Look.DIM),
            ("Enter", Look.ACCENT),
            (say(" goes to the deciding step"), Look.DIM),
        )
        yield text_row("help", *wrap(help_words, width))

    def _row(self, verdict: Verdict, label_width: int, width: int) -> Row:
        assert self.shown is not None
        chosen = verdict.sender == self.shown.sender.id
        symbol, look = mark(outcome_mark(verdict.outcome))
        outcome = outcome_words(verdict.outcome, over=not self.shown.going)
        step = next((s for s in self.shown.delivery.trace.steps if s.seq == verdict.step), None)
        room = max(6, width - label_width - 28)
        first = line(
            (glyphs().next if chosen else " ", Look.ACCENT),
            " ",
            fit(verdict.label, label_width, Look.STRONG if chosen else Look.PLAIN),
            "  ",
            fit(f"{symbol} {outcome}", 22, look),
            "  ",
            fit(_step_words(step, room), room, Look.DIM),
        )
        lines = [first]
        said = verdict.log
        if verdict.code and verdict.code not in said:
            said = f"{verdict.code} {said}".strip()
        whole = chosen or verdict.sender == self._cursor
        told = [  # what came of it and what is next come before the log's own words
            (noted("why"), reason_words(self.shown.delivery, verdict)),
            (noted("then"), then_words(self.shown.delivery, verdict)),
            (noted("log"), said),
        ]
        told = [(word, text) for word, text in told if text]
        short = self._dense and not self.has_focus
        for number, (word, text) in enumerate(told):
            if not whole and (number or self._dense):
                break
            content = line(
                "    ", fit(say(word), 6, Look.DIM), (text, Look.PLAIN if whole else Look.DIM)
            )
            if short and whole:
                lines.extend(cut_lines(wrap(content, width, indent=10), _SHORT[word]))
            else:
                lines.extend(
                    wrap(content, width, indent=10) if whole else [fit_content(content, width)]
                )
        return Row(
            key=verdict.sender,
            lines=tuple(lines),
            copy=f"{verdict.label}: {outcome}. {said} {verdict.reason}",
            what=say("verdict"),
        )


def _step_words(step: Step | None, room: int) -> str:
    if step is None:
        return ""
    name = label_of(step.kind)
    whole = f"{name} {step.scope.address or step.scope.host}".strip()
    return whole if cell_len(whole) <= room else name
