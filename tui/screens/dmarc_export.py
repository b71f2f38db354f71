"""Write what DMARC reports come to: text, or JSON; never over a file unasked."""

from collections.abc import Mapping
from functools import partial

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from mxwalk.dmarcrpt.model import Reading
from mxwalk.dmarcrpt.names import SourceName
from mxwalk.dmarcrpt.summary import Summary
from mxwalk.language import say
from tui.screens.dialog import title
from tui.screens.file_dialog import FileDialog, file_name
from widgets.fields import LineField
from widgets.plain import Look, line


class DmarcExportScreen(FileDialog):
    """A file name; what it ends in is the format."""

    def __init__(self, reading: Reading, summary: Summary, names: Mapping[str, SourceName]) -> None:
        super().__init__()
        self._reading, self._summary, self._names = reading, summary, names

    def compose(self) -> ComposeResult:
        """Lay out the field."""
        with Vertical(classes="box") as box:
            number = len(self._reading.reports)
            what = say("1 report") if number == 1 else say("{number:,} reports", number=number)
            box.border_title = title(say("export {what}", what=what))
            path = LineField(value=self._default_path(), id="path")
            path.border_title = title(say("file: text, or JSON if it ends in .json"))
            yield path
            keys = (("Enter", Look.ACCENT), say(" writes   "), ("Esc", Look.ACCENT), say(" closes"))
            yield Static(line(*keys), classes="hint")

    def on_mount(self) -> None:
        """Ask for the name."""
        self.query_one("#path").focus()

    def _default_path(self) -> str:
        domains = list(dict.fromkeys(one.policy.domain for one in self._reading.reports))
        name = domains[0] if len(domains) == 1 and domains[0] else "reports"
        day = f"-{self._summary.begins:%Y%m%d}" if self._summary.begins else ""
        return f"mxwalk-dmarc-{file_name(name)}{day}.txt"

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Write the file."""
        event.stop()
        self._write()

    @work(exclusive=True, group="write", exit_on_error=False)
    async def _write(self) -> None:
        """Write the file; ask before an existing one is replaced."""
        place = await self.place()
        if place is None:
            return
        document = partial(self._document, place.path.suffix == ".json")
        if await self.write(place, document):
            self.dismiss(None)

    def _document(self, is_json: bool) -> str:
        from mxwalk.commands.dmarc import exit_code, json_document
        from mxwalk.commands.dmarc_text import report_lines

        if is_json:
            code = exit_code(self._reading)
            return json_document(self._reading, self._summary, self._names, code)
        lines = report_lines(self._reading, self._summary, self._names)
        return "".join(f"{one}\n" for one in lines)
