"""The certificate chain: first the verdict, then the tree from leaf to root, then tabs.

Up and down choose the certificate, left and right the tab; Enter goes into the tab, where each row
copies its own value, and back.  ``a`` evaluates the chain at another date, Escape returns to the
walk's own.  A large chain is explained in a thread; what is known without that is drawn at once.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from mxwalk.evidence.step import StepKind
from mxwalk.language import noted, say
from widgets.chain_base import ChainBase
from widgets.chain_head import head_lines
from widgets.chain_tabs import Tab, copied, tab_at, tab_bar, tab_rows
from widgets.chain_tree import LISTED, tree_rows
from widgets.glyphs import glyphs
from widgets.plain import Look, line, wrap
from widgets.row import Row, text_row
from widgets.rows_drawing import GUTTER

_LOW = 20  # below this height only the selected certificate says how it hangs on the next


class ChainView(ChainBase):
    """The chain of the connection looked at."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "choose",
            "Read on in the tab, and back to the certificate",
            show=False,
            id="list.open",
        ),
        Binding("left,h", "tab(-1)", "Tab to the left", show=False, id="chain.left"),
        Binding("right,l", "tab(1)", "Tab to the right", show=False, id="chain.right"),
        Binding("a", "ask_date", "Evaluate at another date", show=False, id="chain.date"),
        Binding("escape", "own_time", "Back to the walk's time", show=False, id="chain.own-time"),
    ]
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("list.open", noted("read on")),
        ("chain.date", noted("date")),
        ("app.copy", noted("copy")),
    )
    empty = noted("No certificates yet: the walk has not come to the TLS handshake.")
    AWAITS = frozenset({StepKind.HANDSHAKE})

    class DateWanted(Message):
        """A date is asked for, to evaluate the chain at."""

        def __init__(self, view: "ChainView", at: datetime) -> None:
            super().__init__()
            self.view = view
            self.at = at

        @property
        def control(self) -> "ChainView":
            """The view that asks."""
            return self.view

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.tab = Tab.SUMMARY
        self._low: bool | None = None

    # -- rows -----------------------------------------------------------------------------------

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield the verdict, the tree, the bar of tabs, and the chosen tab."""
        state = self._picture
        if state is not None and state.working:
            count = len(state.presented)
            yield text_row("head", *head_lines(state, width, low=True))
            words = f"{glyphs().planned} " + say("{count} certificates are being read", count=count)
            yield text_row("working", line((words, Look.DIM)))
            return
        if state is None or not state.entries:
            if self.shown is not None:
                yield text_row("none", *wrap(line((self._nothing(), Look.DIM)), width))
            return
        self.selected = min(self.selected, len(state.entries) - 1)
        low = self.size.height < _LOW
        yield text_row("head", *head_lines(state, width, low=low))
        entry = state.entries[self.selected]
        for row in tree_rows(state, self.selected, width, low=low):
            if row.key == ("certificate", self.selected):
                copy, what = copied(self.tab, state, entry)
                yield replace(row, copy=copy, what=what)
            else:
                yield row
        yield text_row("tabs", *wrap(tab_bar(self.tab, width), width))
        yield from tab_rows(self.tab, state, entry, self._zone(), width)

    def _nothing(self) -> str:
        attempt = self.shown.attempt if self.shown else None
        handshake = attempt.handshake if attempt else None
        if handshake is None:
            return self.nothing_words(say("No certificates"))
        if handshake.ending is not None:
            return say("The handshake failed before a certificate came: see TLS.")
        return say("The server sent no certificate.")

    def _zone(self) -> tuple[str, int]:
        host = self.shown.host if self.shown else None
        if host is None:
            return "", 25
        base = host.dane.base_domain if host.dane else ""
        return base or host.planned.name, host.planned.port

    # -- keys -----------------------------------------------------------------------------------

    def cursor_moved(self) -> None:
        """Show the newly selected certificate; within a tab the selection stays."""
        match self._cursor:
            case ("certificate", int(index)) if index != self.selected:
                self.selected = index
                self.rebuild()
            case _:
                pass

    def action_move(self, by: int) -> None:
        """Move by a row; from a tab's first row up, back to the selected certificate."""
        index = self.cursor_index
        first = self._first_of_tab()
        if by < 0 and index is not None and index == first:
            self._go(self._row_of_selected())
        else:
            super().action_move(by)

    def action_page(self, pages: float) -> None:
        """Move by a page; in a long list of certificates by what is listed of it."""
        count = len(self._picture.entries) if self._picture else 0
        to = min(max(self.selected + round(LISTED * pages), 0), count - 1)
        if count <= LISTED or self._cursor != ("certificate", self.selected) or to == self.selected:
            super().action_page(pages)
            return
        self.selected = to
        self._cursor = ("certificate", to)
        self.rebuild()
        self._go(self._row_of_selected())

    def action_edge(self, end: int) -> None:
        """Go to the first certificate or the last row."""
        if not end and self._picture is not None and self._picture.entries:
            self.selected = 0
            self._cursor = ("certificate", 0)
            self.rebuild()
        super().action_edge(end)

    def action_choose(self) -> None:
        """Go from the certificate into the tab, and back."""
        index, first = self.cursor_index, self._first_of_tab()
        if index is None:
            return
        if first is not None and index < first:
            self._go(first)
        elif first is not None:
            self._go(self._row_of_selected())

    def action_tab(self, by: int) -> None:
        """Show another tab; the cursor returns to the certificate."""
        self.choose_tab(self.tab.beside(by))

    def choose_tab(self, tab: Tab) -> None:
        """Show a tab."""
        self.tab = tab
        self._cursor = ("certificate", self.selected)
        self.rebuild()
        self._scroll_to_cursor()

    def on_click(self, event: events.Click) -> None:
        """Choose the tab that was clicked; rows are the base's business."""
        at = event.get_content_offset(self)
        y = at.y + self.scroll_offset.y if at is not None else -1
        if at is None or not 0 <= y < len(self._lines):
            return
        content, index = self._lines[y]
        on_bar = self.rows[index].key == "tabs"
        tab = tab_at(content.plain, at.x - GUTTER) if on_bar else None
        if tab is not None:
            self.choose_tab(tab)

    def action_ask_date(self) -> None:
        """Ask for a date."""
        if self._picture is not None and self._picture.judged is not None:
            self.post_message(self.DateWanted(self, self._picture.at))
        else:
            words = say("There is no verified chain yet that could be evaluated at another date.")
            self.notify(words, markup=False, timeout=4)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Escape is the screen's, unless the chain is looked at as of another date."""
        if action == "own_time":
            return self.moved_to is not None
        return super().check_action(action, parameters)

    def action_own_time(self) -> None:
        """Return to the walk's own time."""
        self.evaluate_at(None)

    def on_resize(self, _event: events.Resize) -> None:
        """Build again when the height crosses the line below which links are folded."""
        low = self.size.height < _LOW
        if low is not self._low:
            self._low = low
            self.rebuild()

    def _first_of_tab(self) -> int | None:
        bar = next((at for at, row in enumerate(self.rows) if row.key == "tabs"), len(self.rows))
        return next((at for at in range(bar, len(self.rows)) if self.rows[at].stop), None)

    def _row_of_selected(self) -> int:
        key = ("certificate", self.selected)
        return next((at for at, row in enumerate(self.rows) if row.key == key), 0)
