"""Write what was seen: a report in several formats, or the trace itself; never over a file unasked."""

import asyncio
from collections.abc import Callable
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import DescendantFocus
from textual.widgets import Input, Static

from mxwalk.delivery.notes import notes_of
from mxwalk.errors import MxwalkError
from mxwalk.evidence.notes import cut
from mxwalk.evidence.step import Step
from mxwalk.evidence.trace import Trace
from mxwalk.language import noted, say
from mxwalk.reports.render import formats_for, suffix
from mxwalk.text import visible
from tui.screens.dialog import title
from tui.screens.export_wanted import Wanted
from tui.screens.file_dialog import FileDialog, file_name
from widgets.fields import LineField
from widgets.format_list import FormatList
from widgets.glyphs import glyphs
from widgets.plain import Look, fit, line
from widgets.rows import Rows
from widgets.text_pane import Choice, TextPane

FORMATS = {
    "markdown": noted("for tickets and mail"),
    "html": noted("one file, prints well"),
    "text": noted("plain text"),
    "json": noted("for programs"),
    "trace": noted("opens here again"),
    "tlsrpt": noted("as the sender reports it (RFC 8460)"),
}
LETTER = "letter"
_PREVIEW_LINES = 400


class ExportScreen(FileDialog):
    """Format, scope, redaction, preview, path."""

    DEFAULT_CSS = """
    ExportScreen .box { width: 100%; max-width: 130; height: 100%; max-height: 44; }
    ExportScreen #how { width: 38; height: 100%; }
    ExportScreen #middle { height: 1fr; }
    ExportScreen #formats { height: 11; }
    ExportScreen #preview { width: 1fr; height: 100%; max-height: 100%;
        border-left: solid $foreground 35%; padding: 0 0 0 1; }
    ExportScreen.-single #preview { display: none; }
    ExportScreen.-single #how { width: 1fr; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-single"), (70, "-beside")]  # noqa: RUF012 - Textual's own name
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "switch", "Switch", show=False, id="export.switch"),
        Binding("r", "switch('redact')", "Redact or not", show=False, id="export.redact"),
        Binding("u", "switch('part')", "Up to the selected step", show=False, id="export.part"),
        Binding("ctrl+s", "write", "Write the file", show=False, id="export.write", priority=True),
    ]

    at_name = False  # begins in the file's name, where that is what the person came for

    def __init__(
        self,
        trace: Trace,
        sender: str,
        selected: Step | None,
        letter: Callable[[], object] | None = None,
        *,
        kept: Callable[[Trace], object] | None = None,
        form: str = "markdown",
    ) -> None:
        super().__init__()
        self._trace, self._sender, self._selected = trace, sender, selected
        self._letter = letter  # opens the message to the other side
        self._kept = kept  # is told what was written as it was seen
        self._format = form
        self._writing = False
        self._redacted = False
        self._with_notes = False
        self._part = False

    def compose(self) -> ComposeResult:
        """Lay out the parts."""
        with Vertical(classes="box") as box:
            box.border_title = title(say("export"))
            with Horizontal(id="middle"):
                with Vertical(id="how"):
                    yield FormatList(id="formats")
                    yield Static("", id="facts", classes="hint")
                yield TextPane(id="preview")
            path = LineField(id="path")
            path.border_title = title(
                say("file, in the current folder unless a path says otherwise")
            )
            yield path
            yield Static("", id="keys", classes="hint")

    def on_mount(self) -> None:
        """Offer the format that is wanted."""
        self._draw()
        self.query_one("#formats", FormatList).move_to(self._format)
        self.query_one("#path" if self.at_name else "#formats").focus()

    def on_descendant_focus(self, _event: DescendantFocus) -> None:
        """Say what the keys do there."""
        self._tell_keys()

    def _tell_keys(self) -> None:
        keys = [("Enter", self._enter_words())]
        if self.focused is not None and self.focused.id == "preview":
            keys = [*keys, ("y", say("copies the preview"))]
        keys += [
            ("Ctrl+S", say("writes the file")),
            ("Tab", say("next")),
            ("Esc", say("closes")),
        ]
        parts = [part for key, does in keys if does for part in ((key, Look.ACCENT), f" {does}   ")]
        self.query_one("#keys", Static).update(line(*parts))

    def _enter_words(self) -> str:
        """Return what Enter does where the focus is; empty where it does nothing."""
        if self.focused is None or self.focused.id == "preview":
            return ""
        row = self.query_one("#formats", FormatList).cursor_row
        if self.focused.id == "path" or row is None or row.key == self._format:
            return say("writes the file")
        if row.key == LETTER:
            return say("opens the message")
        if row.key in FORMATS:
            return say("takes this format")
        return say("switches")

    # -- what to write --------------------------------------------------------------------------

    def _draw(self) -> None:
        names = formats_for(self._trace.header.purpose)
        choices = [
            self._format_choice(name, say(detail))
            for name, detail in FORMATS.items()
            if name in names
        ]
        if self._letter is not None:
            choices.append(self._format_choice(LETTER, say("to whoever must act")))
        choices.append(Choice(key="gap", words=Content(), heading=True))
        choices.append(
            _switch("redact", self._redacted, say("redact names and addresses"), key="r")
        )
        if self._redacted and notes_of(self._trace):
            choices.append(_switch("notes", self._with_notes, say("keep the notes")))
        if self._selected is not None:
            choices.append(
                _switch("part", self._part, say("only up to the selected step"), key="u")
            )
        self.query_one("#formats", FormatList).show(choices)
        self._tell_keys()
        self.propose(self._default_path())
        self._preview()

    def _format_choice(self, name: str, detail: str) -> Choice:
        chosen = name == self._format
        sign = (glyphs().next if chosen else " ", Look.ACCENT)
        look = Look.STRONG if chosen else Look.PLAIN
        return Choice(key=name, words=line(sign, " ", fit(name, 9, look)), detail=detail)

    def _default_path(self) -> str:
        header = self._trace.header
        name = header.scenario or (
            header.target.domain.ascii if header.target.domain else header.target.address or "walk"
        )
        stamp = "".join(char for char in header.started_at if char.isdigit())[:14]
        return f"mxwalk-{file_name(name)}-{stamp}{suffix(self._format)}"

    def _scope(self) -> Trace:
        if self._selected is not None and self._part:
            return cut(self._trace, self._selected.seq)
        return self._trace

    def _wanted(self, form: str) -> Wanted:
        """Return what is asked for now, in this format."""
        return Wanted(
            trace=self._scope(),
            form=form,
            sender=self._sender,
            redacted=self._redacted,
            with_notes=self._with_notes,
        )

    @work(exclusive=True, group="preview", exit_on_error=False)
    async def _preview(self) -> None:
        """Work the report out beside the interface, which takes its keys meanwhile.

        Of HTML its words are shown, not its markup.
        """
        preview = self.query_one("#preview", TextPane)
        preview.empty = say("Preparing the preview.")
        preview.show(())
        html = self._format == "html"
        wanted = self._wanted("text" if html else self._format)
        try:
            text = await asyncio.to_thread(wanted.rendered)
        except MxwalkError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        lines = text.split("\n")
        shown: list[Content] = [line(each[:1_000]) for each in lines[:_PREVIEW_LINES]]
        if html:
            shown.insert(0, line((say("what the HTML file says:"), Look.DIM)))
        if len(lines) > _PREVIEW_LINES:
            shown.append(
                line(
                    (
                        say("... and {number} more lines", number=len(lines) - _PREVIEW_LINES),
                        Look.DIM,
                    )
                )
            )
        preview.show(shown)
        size = len(text.encode("utf-8", "surrogateescape"))
        number = len(wanted.trace.steps)
        self._say(
            say("{number} steps", number=number)
            if html
            else say(
                "{number} steps, {lines} lines, {size:,} octets",
                number=number,
                lines=len(lines),
                size=size,
            )
        )

    def _say(self, words: str) -> None:
        self.query_one("#facts", Static).update(line(words))

    def on_rows_moved(self, event: Rows.Moved) -> None:
        """Say what Enter does there; the cursor alone changes nothing."""
        if event.rows.id == "formats":
            self._tell_keys()

    def on_format_list_picked(self, event: FormatList.Picked) -> None:
        """A click on a format takes it."""
        if event.row.key in FORMATS:
            self._take(str(event.row.key))

    def _take(self, form: str) -> None:
        """Take a format; the ending of the file's name follows, and the preview."""
        if form != self._format:
            self.follow(suffix(self._format), suffix(form))
            self._format = form
            self._draw()

    def action_switch(self, name: str = "") -> None:
        """Switch redaction or scope, or take the format under the cursor."""
        row = self.query_one("#formats", FormatList).cursor_row
        match name or (row.key if row else ""):
            case "redact":
                self._redacted = not self._redacted
            case "notes":
                self._with_notes = not self._with_notes
            case "part" if self._selected is not None:
                self._part = not self._part
            case str(form) if form in FORMATS:
                self._take(form)
                return
            case _:
                return
        self._draw()

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Enter takes a format, and writes the file on the one that is taken; a switch it switches."""
        event.stop()
        if event.row.key == LETTER and self._letter is not None:
            self.dismiss(None)
            self._letter()
        elif event.row.key == self._format:
            self.action_write()
        else:
            self.action_switch()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Write the file."""
        event.stop()
        self.action_write()

    # -- writing ----------------------------------------------------------------------------------

    def action_write(self) -> None:
        """Write the file, once."""
        if not self._writing:
            self._writing = True
            self._write()

    def action_close(self) -> None:
        """Close; a file that is being written is finished first."""
        if self._writing:
            self._say(say("writing, a moment"))
        else:
            super().action_close()

    @work(group="write", exit_on_error=False)
    async def _write(self) -> None:
        try:
            await self._write_file()
        finally:
            self._writing = False

    async def _write_file(self) -> None:
        """Write what is asked for now to the file; ask before an existing one is replaced."""
        wanted = self._wanted(self._format)
        place = await self.place()
        if place is None:
            return
        self._say(say("writing {path}", path=visible(str(place.path))))
        if await self.write(place, wanted.rendered, private=wanted.form == "trace"):
            if self._kept is not None and wanted.is_evidence:
                self._kept(wanted.trace)
            self.dismiss(None)


def _switch(name: str, on: bool, words: str, key: str = "") -> Choice:
    sign = glyphs().ok if on else " "
    pressed = ((key, Look.ACCENT), " ") if key else ()
    box = line(("[", Look.DIM), (sign, Look.OK), ("] ", Look.DIM), *pressed, words)
    return Choice(key=name, words=box)
