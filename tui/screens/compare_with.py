"""Choose what a walk is compared with: the one before, another saved one, or two hosts of its own."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from mxwalk.compare.side import Side
from mxwalk.delivery.build import build_delivery
from mxwalk.errors import TraceError
from mxwalk.evidence.journal import read_trace
from mxwalk.evidence.trace import Trace
from mxwalk.language import say
from mxwalk.saved import saved_walks, walks_of_target
from tui.screens.dialog import Dialog, title
from widgets.plain import Look, line
from widgets.rows import Rows
from widgets.text_pane import Choice, ChoiceList

_WALKS = 30
_PAIRS = 15
Pair = tuple[Side, Side]


@dataclass(frozen=True, slots=True)
class _Saved:
    """A saved walk that was not read yet."""

    path: Path


class CompareWithScreen(Dialog[Pair]):
    """Dismissed with both sides."""

    def __init__(self, trace: Trace, own: Path | None = None) -> None:
        super().__init__()
        self._trace, self._own = trace, own

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        with Vertical(classes="box") as box:
            box.border_title = title(say("compare with"))
            yield ChoiceList(id="others")
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
        yield _heading(say("saved walks of this target, newest first"))
        same = []
        for path, trace in walks_of_target(self._trace.header):
            if trace.header == self._trace.header:
                continue  # the walk itself
            same.append(path)
            words = line("  ", (trace.header.started_at, Look.STRONG))
            yield Choice(key=_Saved(path), words=words, detail=_steps(trace), copy=str(path))
        if not same:
            words = line("  ", (say("none yet: every walk is saved as it goes"), Look.DIM))
            yield Choice(key="none", words=words, heading=True)
        pairs = list(_hosts(self._trace))
        if pairs:
            yield _heading(say("two hosts of this walk"))
        for one, other in pairs:
            words = line("  ", (f"{one.host}, {other.host}", Look.STRONG))
            yield Choice(key=(one.host, other.host), words=words)
        yield _heading(say("another saved walk"))
        for path in [path for path in saved_walks() if path not in same][:_WALKS]:
            if path != self._own:
                yield Choice(key=_Saved(path), words=line("  ", path.stem), copy=str(path))

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Read what was chosen."""
        match event.row.key:
            case _Saved(path):
                self._read(path)
            case (str(one), str(other)):
                self.dismiss(
                    (Side(trace=self._trace, host=one), Side(trace=self._trace, host=other))
                )

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


def _steps(trace: Trace) -> str:
    return say("{n} steps", n=len(trace.steps))


def _heading(text: str) -> Choice:
    return Choice(key=("heading", text), words=line((text, Look.HEADING)), heading=True)
