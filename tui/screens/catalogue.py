"""Every code of the catalogue, by area, and beside it what the one under the cursor means."""

from collections.abc import Iterator
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.widgets import Static

from mxwalk.findings.explanation import AREAS
from mxwalk.findings.model import Entry
from mxwalk.findings.recipes.index import area_of
from mxwalk.findings.registry import catalogue
from mxwalk.findings.texts import long_text
from mxwalk.language import noted, say, say_many
from tui import actions
from tui.filtering import cleared
from tui.layout import HEIGHTS, WIDTHS, size_notice
from tui.screens.dialog import LeftOnce
from tui.screens.explain import EntryScreen, ask_related
from widgets.explained import ExplainedPane, of_entry, title_of
from widgets.hints import Hint, Hints
from widgets.plain import Look, cut, fit, line, mark, severity_mark
from widgets.row import Row, text_row
from widgets.rows import Rows

_CODE, _SEVERITY = 10, 8
_BEGINS = frozenset("0123456789ABCDEFHIJKLMNOPQRSTUVWXYZ")  # G goes to the end of every list


class CodeList(Rows):
    """Codes below the headings of their areas; what their texts say is found by the filter, too."""

    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("list.open", noted("read")),
        ("list.filter", noted("filter")),
    )

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield a heading an area, and a row a code."""
        by_area: dict[str, list[Entry]] = {area: [] for area in AREAS}
        for entry in catalogue().values():
            by_area[area_of(entry.code)].append(entry)
        for area, entries in by_area.items():
            heading = line(
                (area, Look.HEADING), ("  ", Look.HEADING), (say(AREAS[area]), Look.HEADING)
            )
            yield text_row(("area", area), cut(heading, width))
            for entry in entries:
                yield _row(entry, width)

    def on_key(self, event: events.Key) -> None:
        """A digit or a capital begins a filter, as codes do; Enter reads what the filter found.

        Whatever is typed in the filter the base takes, which Textual asks next.
        """
        sign = event.character or ""
        if self.filter.typing and event.key == "enter":
            event.stop()
            event.prevent_default()
            self.action_keep_filter()
            self.action_choose()
        elif not self.filter.typing and sign in _BEGINS:
            self.action_filter()

    def chosen(self) -> str:
        """Return the code under the cursor; empty without one."""
        row = self.cursor_row
        return str(row.key) if row is not None else ""


def _row(entry: Entry, width: int) -> Row:
    symbol, look = mark(severity_mark(entry.severity))
    words = line(
        (symbol, look),
        " ",
        fit(entry.code, _CODE, Look.STRONG),
        fit(entry.severity.words, _SEVERITY, look),
        say(entry.title),
        (f"  {entry.owner.words}", Look.DIM),
    )
    return Row(
        key=entry.code,
        lines=(cut(words, width),),
        copy=f"{entry.code}  {say(entry.title)}",
        what=say("code and title"),
        find=f"{entry.rfc} {entry.tls_rpt} {say(entry.title)} {long_text(entry.code)}",
    )


class CatalogueScreen(LeftOnce[None]):
    """The codes on the left, or alone where there is no room; Enter reads one in a window."""

    BINDINGS: ClassVar[list[BindingType]] = actions.bindings(actions.CATALOGUE)
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    DEFAULT_CSS = """
    CatalogueScreen #banner { height: 1; background: $panel; padding: 0 1; }
    CatalogueScreen #panes { height: 1fr; layout: horizontal; }
    CatalogueScreen #codes, CatalogueScreen #text {
        height: 100%; width: 1fr; border-top: solid $foreground 35%; border-title-color: $foreground; }
    CatalogueScreen #codes:focus, CatalogueScreen #text:focus {
        border-top: heavy $border; border-title-color: $text-accent; }
    CatalogueScreen #text { display: none; margin-left: 1; }
    CatalogueScreen.-beside #text, CatalogueScreen.-three #text { display: block; }
    CatalogueScreen.-beside #codes, CatalogueScreen.-three #codes { width: 1fr; }
    """

    def compose(self) -> ComposeResult:
        """Lay out the panes."""
        yield size_notice()
        count = len(catalogue())
        words = say_many(
            "{n} finding, and what it means", "{n} findings, and what they mean", count
        )
        yield Static(line(("mxwalk", Look.STRONG), (f"  {words}", Look.DIM)), id="banner")
        with Container(id="panes"):
            codes = CodeList(id="codes")
            codes.border_title = line(
                (say("codes"), Look.STRONG), "   ", ("/", Look.ACCENT), " " + say("filter")
            )
            yield codes
            yield ExplainedPane(id="text")
        yield Hints(id="hints")

    def on_mount(self) -> None:
        """Show the first code."""
        self.query_one("#hints", Hints).show(
            (
                Hint(key="Enter", words=say("read"), action="screen.read"),
                Hint(key="/", words=say("filter"), action="screen.filter"),
                Hint(key="r", words=say("related"), action="screen.related"),
                Hint(key="y", words=say("copy"), action="app.copy_value"),
                Hint(key="Esc", words=say("back"), action="screen.back_out", keep=True),
                Hint(key="?", words=say("keys"), action="app.help", keep=True),
            )
        )
        self.query_one(CodeList).focus()
        self.call_after_refresh(self._follow)

    def on_rows_moved(self, _event: Rows.Moved) -> None:
        """Show the text of the code under the cursor."""
        self._follow()

    def on_rows_filtered(self) -> None:
        """The cursor may stand on another code now."""
        self._follow()

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Read a code."""
        if isinstance(event.rows, CodeList):
            self.action_read()

    def action_read(self) -> None:
        """Open the code under the cursor in a window."""
        if code := self.query_one(CodeList).chosen():
            self.app.push_screen(EntryScreen(code))

    def action_filter(self) -> None:
        """Type a filter of the codes."""
        codes = self.query_one(CodeList)
        codes.focus()
        codes.action_filter()

    def action_related(self) -> None:
        """Go to one of the codes beside the one under the cursor."""
        if code := self.query_one(CodeList).chosen():
            ask_related(self, code, self.go_to)

    def action_pane(self) -> None:
        """Go to the other pane."""
        text, codes = self.query_one(ExplainedPane), self.query_one(CodeList)
        if codes.has_focus and not text.display:
            self.notify(say("There is room for the codes alone: Enter reads one."), markup=False)
        (codes if text.has_focus or not text.display else text).focus()

    def action_back_out(self) -> None:
        """Show all codes again, or leave."""
        if not cleared(self):
            self.dismiss(None)

    def go_to(self, code: str) -> None:
        """Put the cursor on a code."""
        codes = self.query_one(CodeList)
        codes.clear_filter()
        codes.move_to(code)
        self._follow()

    def _follow(self) -> None:
        code = self.query_one(CodeList).chosen()
        pane = self.query_one(ExplainedPane)
        if code and pane.display:
            title = title_of(catalogue()[code])
            pane.border_title = line((title, Look.STRONG))
            pane.show(of_entry(code), title=title)
