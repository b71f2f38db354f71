"""What a pasted bounce, log or dialogue tells: what was recognised, what it means, the walk that fits.

Nothing is sent from here: a walk that is opened waits for its first key, as any other.
"""

from dataclasses import replace
from typing import ClassVar

import msgspec
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.screen import Screen
from textual.widgets import Static

from mxwalk.clues.model import Lead, Understanding
from mxwalk.clues.reading import deciding
from mxwalk.commands.settings import parse_route
from mxwalk.errors import UsageError
from mxwalk.language import say, say_many
from mxwalk.text import visible
from tui import actions
from tui.filtering import cleared
from tui.layout import HEIGHTS, WIDTHS, size_notice
from tui.request import Request
from tui.screens.walk_request import walk_of
from widgets.clue_list import ClueFacts, ClueList, FindingKey, LeadKey
from widgets.hints import Hint, Hints
from widgets.plain import Look, line, shorten
from widgets.rows import Rows

_LEAST, _BESIDE = 16, 62  # cells of a target, and of what stands beside it


class CluesScreen(Screen[None]):
    """The things recognised on top or at the left, the chosen one explained beside."""

    BINDINGS: ClassVar[list[BindingType]] = actions.bindings(actions.CLUES)
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    DEFAULT_CSS = """
    CluesScreen #banner { height: 1; background: $panel; padding: 0 1; }
    CluesScreen #body { height: 1fr; }
    CluesScreen ClueList { height: auto; max-height: 45%; border-top: solid $foreground 35%; }
    CluesScreen ClueFacts { height: 1fr; border-top: solid $foreground 35%; }
    CluesScreen ClueList:focus, CluesScreen ClueFacts:focus {
        border-top: heavy $border; border-title-color: $text-accent; }
    CluesScreen.-beside #body, CluesScreen.-three #body { layout: horizontal; }
    CluesScreen.-beside ClueList, CluesScreen.-three ClueList {
        width: 1fr; height: 100%; max-height: 100%; }
    CluesScreen.-beside ClueFacts, CluesScreen.-three ClueFacts { width: 1fr; height: 100%; }
    CluesScreen.-beside ClueFacts, CluesScreen.-three ClueFacts { margin-left: 1; }
    """

    def __init__(self, found: Understanding, message: Request | None = None) -> None:
        super().__init__()
        self.found = found
        self._message = message  # the same text as a message to walk

    def compose(self) -> ComposeResult:
        """Lay out the parts."""
        yield size_notice()
        yield Static(id="banner")
        with Container(id="body"):
            yield ClueList(id="clues")
            yield ClueFacts(id="facts")
        yield Hints(id="hints")

    def on_mount(self) -> None:
        """Fill in what was recognised."""
        clues = self.query_one(ClueList)
        facts = self.query_one(ClueFacts)
        clues.border_title = line((say("recognised"), Look.STRONG))
        facts.border_title = line((say("what it means"), Look.STRONG))
        count = len(self.found.clues)
        words = say_many("{n} thing recognised", "{n} things recognised", count)
        cut = say("; the text was too long, its end is left out") if self.found.cut else ""
        self.query_one("#banner", Static).update(
            line(("mxwalk  ", Look.STRONG), f"{words}{cut}", (self._ready(), Look.DIM))
        )
        clues.show(self.found.clues)
        decides = deciding(self.found.clues)
        if decides is not None:
            clues.move_to(self.found.clues.index(decides))
        facts.show(decides, self.found)
        (clues if self.found.clues else facts).focus()
        self._hints()

    def _ready(self) -> str:
        """Say which walk is ready, and who judges."""
        if not self.found.leads:
            return ""
        target = visible(self.found.leads[0].target, 60)
        target = shorten(target, max(_LEAST, self.app.size.width - _BESIDE))
        if not self.found.sender:
            return say("   ready: {target}", target=target)
        return say("   ready: {target} as {sender}", target=target, sender=self.found.sender)

    def on_descendant_focus(self) -> None:
        """The footer belongs to the pane."""
        self._hints()

    def _hints(self) -> None:
        facts = self.query_one(ClueFacts)
        opens = say("open") if facts.has_focus else self._ready_words()
        walk = Hint(key="w", words=say("walk"), action="screen.walk")
        hints = [
            Hint(key="Enter", words=opens, action="screen.enter", keep=True),
            *([walk] if facts.has_focus or self.found.trace is not None else []),
            *([self._offer()] if self._message else []),
            Hint(key="Tab", words=say("pane"), action="app.focus_next"),
            Hint(key="y", words=say("copy"), action="app.copy_value"),
            Hint(key="Esc", words=say("back"), action="screen.leave", keep=True),
            Hint(key="?", words=say("keys"), action="app.help"),
        ]
        self.query_one(Hints).show(hints)

    def _offer(self) -> Hint:
        return Hint(key="m", words=say("as a message"), action="screen.message")

    def _ready_words(self) -> str:
        if self.found.trace is not None:
            return say("dialogue")
        return say("walk")

    # -- the panes -----------------------------------------------------------------------------

    def on_rows_moved(self, event: Rows.Moved) -> None:
        """Explain the clue under the cursor."""
        if isinstance(event.rows, ClueList):
            self.query_one(ClueFacts).show(event.rows.chosen, self.found)

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Walk from the list; open the finding or the walk of a row."""
        match event.row.key:
            case FindingKey(code):
                self._explain(code)
            case LeadKey(index):
                self._start(self.found.leads[index])
            case "trace":
                self._open_trace()
            case int() if self.found.trace is not None:
                self._open_trace()
            case _:
                self.action_walk()

    def action_enter(self) -> None:
        """Do what Enter does in the pane."""
        rows = self.focused
        if isinstance(rows, Rows):
            rows.action_choose()

    def _explain(self, code: str) -> None:
        from tui.screens.explain import EntryScreen

        self.app.push_screen(EntryScreen(code))

    def _open_trace(self) -> None:
        trace = self.found.trace
        if trace is not None:
            sender = self.found.sender or trace.header.options.sender
            self.app.open(Request(trace=trace, sender=sender))  # type: ignore[attr-defined]

    # -- keys ----------------------------------------------------------------------------------

    def action_walk(self) -> None:
        """Open the best walk."""
        if not self.found.leads:
            self.notify(
                say("Nobody and no host is named: type the recipient's address to walk."),
                markup=False,
            )
            return
        self._start(self.found.leads[0])

    def _start(self, lead: Lead) -> None:
        request = walk_of(lead.target)
        sender = self.found.sender or request.sender
        options = request.options
        assert options is not None  # walk_of sets them
        try:
            routes = tuple(parse_route(one) for one in lead.routes)
        except UsageError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        options = msgspec.structs.replace(options, sender=sender, routes=routes or options.routes)
        request = replace(request, options=options, sender=sender, since=lead.since)
        self.app.open(request)  # type: ignore[attr-defined]

    def action_message(self) -> None:
        """Walk the pasted mail as an ordinary message."""
        if self._message is None:
            self.notify(say("What was pasted is no whole message with a header."), markup=False)
        else:
            self.app.open(self._message)  # type: ignore[attr-defined]

    def action_leave(self) -> None:
        """Back to the start; a filter is cleared first."""
        if not cleared(self):
            self.app.leave_walk(self)  # type: ignore[attr-defined]
