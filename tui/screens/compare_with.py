"""Choose what a walk is compared with: the one before, another saved one, or two hosts of its own."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from mxwalk.compare.side import Side
from mxwalk.delivery.build import build_delivery
from mxwalk.errors import TraceError
from mxwalk.evidence.journal import read_trace
from mxwalk.evidence.trace import Trace
from mxwalk.files import named
from mxwalk.language import say
from mxwalk.receivers.registry import judge_or_first
from mxwalk.saved import opened, same_target, walks_beside
from tui.saved_words import begun, came_of, name_of, none_yet
from tui.screens.dialog import Dialog, title
from widgets.fields import LineField
from widgets.plain import Look, line
from widgets.rows import Rows
from widgets.text_pane import Choice, ChoiceList

_TYPED = "typed"
_PAIRS = 15
Pair = tuple[Side, Side]


@dataclass(frozen=True, slots=True)
class _Saved:
    """A saved walk that was not read yet."""

    path: Path


class CompareWithScreen(Dialog[Pair]):
    """Dismissed with both sides."""

    DEFAULT_CSS = """
    CompareWithScreen Rows { max-height: 60vh; }
    """

    def __init__(self, trace: Trace) -> None:
        super().__init__()
        self._trace = trace

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        with Vertical(classes="box") as box:
            box.border_title = title(say("compare with"))
            yield ChoiceList(id="others")
            yield LineField(id="path", placeholder=say("path of another file"), compact=True)
            words = say("compares; nothing is sent")
            yield Static(line(("Enter ", Look.ACCENT), words), classes="hint")

    def on_mount(self) -> None:
        """Look for saved walks beside the interface."""
        self.query_one(ChoiceList).focus()
        self._load()

    @work(exclusive=True, group="load", exit_on_error=False)
    async def _load(self) -> None:
        choices = await asyncio.to_thread(lambda: list(self._choices()))
        self.query_one(ChoiceList).show(choices)

    def _choices(self) -> Iterator[Choice]:
        mine = self._trace.header
        of_target: dict[bool, list[Path]] = {True: [], False: []}
        for path, header in walks_beside(mine):
            of_target[same_target(mine, header)].append(path)
        same, others = list(opened(of_target[True])), list(opened(of_target[False]))
        yield _heading(say("saved walks of this target, newest first"))
        walked = [self._choice(*each) for each in same if each[1].steps]
        yield from walked
        if not walked:
            words = line("  ", (none_yet(), Look.DIM))
            yield Choice(key="none", words=words, heading=True)
        pairs = list(_hosts(self._trace))
        if pairs:
            yield _heading(say("two hosts of this walk"))
        for one, other in pairs:
            words = line("  ", (f"{one.host}, {other.host}", Look.STRONG))
            yield Choice(key=(one.host, other.host), words=words)
        yield _heading(say("another saved walk"))
        yield Choice(key=_TYPED, words=line("  ", (say("another file ..."), Look.STRONG)))
        yield from (self._choice(*each) for each in others if each[1].steps)
        yield from (self._choice(*each) for each in (*same, *others) if not each[1].steps)

    def _choice(self, path: Path, trace: Trace) -> Choice:
        """Return a saved walk in a line: when, of what, and what became of the mail."""
        header = trace.header
        when = (begun(header), Look.STRONG if trace.steps else Look.PLAIN)
        judge = judge_or_first(header.purpose, header.options.sender)
        return Choice(
            key=_Saved(path),
            words=line("  ", when, f"  {name_of(header)}  ", came_of(trace)),
            detail=judge.label if trace.steps else "",
            copy=str(path),
        )

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Read what was chosen."""
        match event.row.key:
            case _Saved(path):
                self._read(path)
            case str(key) if key == _TYPED:
                self.query_one("#path", Input).focus()
            case (str(one), str(other)):
                self.dismiss(
                    (Side(trace=self._trace, host=one), Side(trace=self._trace, host=other))
                )

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Read the file that was named."""
        event.stop()
        if event.value.strip():
            self._read(named(event.value.strip()))

    def _read(self, path: Path) -> None:
        try:
            trace = read_trace(path)
        except TraceError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        if trace.header.purpose is not self._trace.header.purpose:
            self.notify(say("That is a walk of another kind: nothing to compare."), markup=False)
            return
        self.dismiss(in_order(trace, self._trace))


def in_order(one: Trace, other: Trace) -> Pair:
    """Return two walks as sides, the earlier first."""
    first, second = sorted((one, other), key=lambda trace: trace.header.started_at)
    return Side(trace=first), Side(trace=second)


def _hosts(trace: Trace) -> Iterator[Pair]:
    names = [host.planned.name for host in build_delivery(trace).hosts]
    for one, other in list(combinations(dict.fromkeys(names), 2))[:_PAIRS]:
        yield Side(trace=trace, host=one), Side(trace=trace, host=other)


def _heading(text: str) -> Choice:
    return Choice(key=("heading", text), words=line((text, Look.HEADING)), heading=True)
