"""Two walks, or two hosts of one, side by side: what differs, and what turned the verdict.

Enter opens the walk of the later side at the step a difference rests on; b and a choose the side.
"""

import asyncio
from collections.abc import Callable
from typing import ClassVar, Protocol, cast

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from mxwalk.compare.comparing import compare
from mxwalk.compare.model import Comparison, Difference, SideShown
from mxwalk.compare.side import Side, restricted
from mxwalk.errors import MxwalkError
from mxwalk.findings.model import Finding
from mxwalk.findings.registry import check
from mxwalk.language import say
from mxwalk.receivers.registry import judge_or_first
from mxwalk.receivers.registry import judges as everyone_for
from mxwalk.text import visible
from tui import actions
from tui.filtering import cleared
from tui.layout import HEIGHTS, WIDTHS, size_notice
from tui.request import Request
from widgets.compare_view import CompareView, SectionKey
from widgets.hints import Hint, Hints
from widgets.plain import Look, line, mark, outcome_mark
from widgets.rows import Rows


class Opened(Protocol):
    """What this screen asks of the walk it opens."""

    def go_to_seq(self, seq: int | None) -> None:
        """Select a step."""

    def write_letter(self, code: str) -> object:
        """Write to the other side about a finding."""

    def call_after_refresh(self, callback: Callable[[], object]) -> bool:
        """Wait until the screen has been drawn."""


def _nothing(_walk: Opened) -> None:
    """The walk is open; that is all."""


class CompareScreen(Screen[None]):
    """The answer on top, both sides below it, and the differences."""

    BINDINGS: ClassVar[list[BindingType]] = actions.bindings(actions.COMPARE)
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    DEFAULT_CSS = """
    CompareScreen #banner { height: 1; background: $panel; padding: 0 1; }
    CompareScreen #answer { height: auto; max-height: 11; padding: 0 1; }
    CompareScreen .side { height: auto; max-height: 2; padding: 0 1; }
    CompareScreen CompareView { height: 1fr; border-top: solid $foreground 35%; }
    CompareScreen CompareView:focus { border-top: heavy $border;
        border-title-color: $text-accent; }
    """

    def __init__(self, before: Side, after: Side, sender: str = "") -> None:
        super().__init__()
        self._before, self._after = before, after
        trace = after.trace
        self._sender = judge_or_first(
            trace.header.purpose, sender or trace.header.options.sender
        ).id
        self.found: Comparison | None = None

    def compose(self) -> ComposeResult:
        """Lay out the parts."""
        yield size_notice()
        yield Static(line(("mxwalk  ", Look.STRONG), say("comparison")), id="banner")
        yield Static(line((say("Comparing the two."), Look.DIM)), id="answer")
        yield Static("", id="before", classes="side")
        yield Static("", id="after", classes="side")
        view = CompareView(id="compare")
        view.border_title = line((say("what differs"), Look.STRONG))
        yield view
        yield Hints(id="hints")

    def on_mount(self) -> None:
        """Compare beside the interface."""
        self.query_one(CompareView).focus()
        self._hints()
        self._compare()

    @work(exclusive=True, group="compare", exit_on_error=False)
    async def _compare(self) -> None:
        try:
            found = await asyncio.to_thread(compare, self._before, self._after, self._sender)
        except MxwalkError as error:
            self.query_one("#answer", Static).update(line((str(error), Look.FAIL)))
            return
        self.found = found
        said = [line((one, Look.STRONG)) for one in found.answer.split("\n")]
        self.query_one("#answer", Static).update(Content("\n").join(said))
        self.query_one("#before", Static).update(_side("-", found.before))
        self.query_one("#after", Static).update(_side("+", found.after))
        self.query_one(CompareView).show(found)
        self._hints()

    def _hints(self) -> None:
        hints = [
            Hint(key="Enter", words=say("open"), action="screen.enter", keep=True),
            Hint(key="b", words=say("before"), action="screen.open_side('before')"),
            Hint(key="a", words=say("after"), action="screen.open_side('after')"),
            Hint(key="Space", words=say("fold"), action="screen.fold"),
            Hint(key="m", words=say("sender"), action="screen.sender"),
            Hint(key="x", words=say("export"), action="screen.export"),
            Hint(key="Esc", words=say("back"), action="screen.leave", keep=True),
            Hint(key="?", words=say("keys"), action="app.help"),
        ]
        self.query_one(Hints).show(hints)

    # -- what is under the cursor ---------------------------------------------------------------

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Enter folds a heading, explains a finding, and opens the step of anything else."""
        view = self.query_one(CompareView)
        chosen = view.chosen
        if isinstance(event.row.key, SectionKey):
            view.action_fold()
        elif chosen is not None:
            after = chosen.after
            side = "after" if after and (after.step or chosen.before is None) else "before"
            finding = self._finding(chosen, side)
            if finding is not None:
                self._explain(finding, chosen, side)
            else:
                self._open(chosen, side)

    def _finding(self, chosen: Difference, side: str) -> Finding | None:
        """Return the finding that a difference speaks of, as its side has it."""
        shown = chosen.after if side == "after" else chosen.before
        if chosen.section != "findings" or shown is None:
            return None
        code = chosen.subject.split(" ")[0]
        meant = self._after if side == "after" else self._before
        every = check(restricted(meant, meant.trace))
        found = [one for one in every if (one.code, one.step) == (code, shown.step)]
        return min(found, key=lambda one: visible(one.sentence, 600) != shown.text, default=None)

    def _explain(self, finding: Finding, chosen: Difference, side: str) -> None:
        from tui.screens.explain import ExplainScreen

        def closed(go: bool | None) -> None:
            if go:
                self._open(chosen, side)

        def write(code: str) -> None:
            self._open(chosen, side, lambda walk: walk.write_letter(code))

        self.app.push_screen(ExplainScreen(finding, has_bytes=False, write=write), closed)

    def action_enter(self) -> None:
        """Do what Enter does."""
        self.query_one(CompareView).action_choose()

    def action_fold(self) -> None:
        """Fold or unfold the section."""
        self.query_one(CompareView).action_fold()

    def action_open_side(self, side: str) -> None:
        """Open the walk of one side, at the step of the difference under the cursor."""
        self._open(self.query_one(CompareView).chosen, side)

    def _open(
        self,
        chosen: Difference | None,
        side: str,
        then: Callable[[Opened], object] = _nothing,
    ) -> None:
        """Open a side's walk at the step of a difference, then do something with it."""
        trace = (self._before if side == "before" else self._after).trace
        shown = (chosen.before if side == "before" else chosen.after) if chosen else None
        seq = shown.step if shown else None
        self.app.open(Request(trace=trace, sender=self._sender))  # type: ignore[attr-defined]
        walk = cast("Opened", self.app.screen_stack[-1])

        def there() -> None:
            if seq is not None:
                walk.go_to_seq(seq)
            then(walk)

        walk.call_after_refresh(lambda: walk.call_after_refresh(there))

    # -- keys -----------------------------------------------------------------------------------

    def action_sender(self) -> None:
        """Compare as another sender sees it."""
        from mxwalk.delivery.build import build_delivery
        from tui.screens.sender import SenderScreen

        delivery = build_delivery(self._after.trace)
        everyone = everyone_for(self._after.trace.header.purpose, self._sender)
        verdicts = tuple(one.judge(delivery) for one in everyone)

        def chosen(name: str | None) -> None:
            if name and name != self._sender:
                self._sender = name
                self._compare()

        self.app.push_screen(SenderScreen(everyone, verdicts, self._sender, over=True), chosen)

    def action_export(self) -> None:
        """Write the comparison to a file."""
        from tui.screens.compare_export import CompareExportScreen

        if self.found is not None:
            self.app.push_screen(CompareExportScreen(self._before, self._after, self._sender))

    def action_leave(self) -> None:
        """Back; a filter is cleared first."""
        if not cleared(self):
            self.app.leave_walk(self)  # type: ignore[attr-defined]


def _side(sign: str, side: SideShown) -> Content:
    """Return a side in a line: what was walked, when, and what becomes of the mail."""
    symbol, look = mark(outcome_mark(side.verdict.outcome))
    code = f" ({side.verdict.code})" if side.verdict.code else ""
    decided = say("decided at {step}", step=side.step_label) if side.step_label else ""
    return line(
        (f"{sign} ", Look.DIM),
        side.label,
        (f"  {side.started_at}  ", Look.DIM),
        (f"{symbol} {side.outcome}{code}", look),
        (f"  {decided}", Look.DIM),
    )
