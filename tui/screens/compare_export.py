"""Write a comparison to a file: format, redaction, path; never over a file unasked."""

from functools import partial
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.events import DescendantFocus
from textual.widgets import Input, Static

from mxwalk.compare.comparing import compare
from mxwalk.compare.side import Side
from mxwalk.delivery.redaction import redact
from mxwalk.language import noted, say
from mxwalk.reports.comparison import render_comparison
from mxwalk.reports.render import suffix
from tui.screens.dialog import title
from tui.screens.file_dialog import FileDialog
from widgets.fields import LineField
from widgets.format_list import FormatList
from widgets.glyphs import glyphs
from widgets.plain import Look, fit, line
from widgets.rows import Rows
from widgets.text_pane import Choice

_FORMATS = {
    "markdown": noted("for tickets and mail"),
    "html": noted("one file, prints well"),
    "text": noted("plain text"),
    "json": noted("for programs"),
}


class CompareExportScreen(FileDialog):
    """Format, redaction and path."""

    DEFAULT_CSS = """
    CompareExportScreen #formats { height: 7; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "redact", "Redact or not", show=False, id="export.redact"),
    ]

    def __init__(self, before: Side, after: Side, sender: str) -> None:
        super().__init__()
        self._sides, self._sender = (before, after), sender
        self._format, self._redacted = "markdown", False

    def compose(self) -> ComposeResult:
        """Lay out the parts."""
        with Vertical(classes="box") as box:
            box.border_title = title(say("export the comparison"))
            yield FormatList(id="formats")
            yield LineField(id="path")
            yield Static("", id="keys", classes="hint")

    def on_mount(self) -> None:
        """Offer Markdown first."""
        self._draw()
        self.query_one("#formats").focus()

    def on_descendant_focus(self, _event: DescendantFocus) -> None:
        """Say what the keys do there."""
        self._tell_keys()

    def _tell_keys(self) -> None:
        row = self.query_one(FormatList).cursor_row
        in_field = self.focused is not None and self.focused.id == "path"
        does = say("writes the file")
        if row is not None and row.key != self._format and not in_field:
            does = say("switches") if row.key == "redact" else say("takes this format")
        redacts = () if in_field else (("   r ", Look.ACCENT), say("redacts"))
        self.query_one("#keys", Static).update(line(("Enter ", Look.ACCENT), does, *redacts))

    def _draw(self) -> None:
        choices = []
        for name, detail in _FORMATS.items():
            sign = glyphs().next if name == self._format else " "
            words = line((sign, Look.ACCENT), " ", fit(name, 10, Look.STRONG))
            choices.append(Choice(key=name, words=words, detail=say(detail)))
        sign = glyphs().ok if self._redacted else " "
        words = line(("[", Look.DIM), (sign, Look.OK), ("] ", Look.DIM), say("redact names"))
        choices.append(Choice(key="redact", words=words))
        self.query_one(FormatList).show(choices)
        self._tell_keys()
        stamps = [
            "".join(char for char in side.trace.header.started_at if char.isdigit())[:14]
            for side in self._sides
        ]
        name = f"mxwalk-diff-{'-'.join(stamps)}{suffix(self._format)}"
        self.propose(name)

    def on_rows_moved(self, _event: Rows.Moved) -> None:
        """Say what Enter does there; the cursor alone changes nothing."""
        self._tell_keys()

    def on_format_list_picked(self, event: FormatList.Picked) -> None:
        """A click on a format takes it."""
        if event.row.key in _FORMATS:
            self._take(str(event.row.key))

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Enter takes a format, and writes on the one that is taken; or it switches redaction."""
        event.stop()
        if event.row.key == "redact":
            self.action_redact()
        elif event.row.key == self._format:
            self._write()
        else:
            self._take(str(event.row.key))

    def _take(self, form: str) -> None:
        """Take a format; the ending of the file's name follows."""
        self.follow(suffix(self._format), suffix(form))
        self._format = form
        self._draw()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the path writes."""
        event.stop()
        self._write()

    def action_redact(self) -> None:
        """Redact or not."""
        self._redacted = not self._redacted
        self._draw()

    def _rendered(self, form: str, *, redacted: bool) -> str:
        before, after = self._sides
        if redacted:
            before, after = _redacted(before), _redacted(after)
        found = compare(before, after, self._sender)
        return render_comparison(found, form, redacted=redacted)

    @work(exclusive=True, group="write", exit_on_error=False)
    async def _write(self) -> None:
        """Write what is asked for now: the switches stay in use while it is made."""
        document = partial(self._rendered, self._format, redacted=self._redacted)
        place = await self.place()
        if place is not None and await self.write(place, document):
            self.dismiss(None)


def _redacted(side: Side) -> Side:
    return Side(trace=redact(side.trace), host=side.host, address=side.address)
