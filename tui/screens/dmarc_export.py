"""Write what DMARC reports come to: text, or JSON; never over a file unasked."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from mxwalk.dmarcrpt.model import Reading
from mxwalk.dmarcrpt.names import SourceName
from mxwalk.dmarcrpt.summary import Summary
from mxwalk.language import say
from mxwalk.reports.file import write_report
from mxwalk.text import visible
from tui.screens.confirm import ConfirmScreen
from tui.screens.dialog import Dialog, title
from widgets.plain import Look, line


class DmarcExportScreen(Dialog[None]):
    """A file name; what it ends in is the format."""

    DEFAULT_CSS = """
    DmarcExportScreen #path { height: 3; border: round $foreground 35%; }
    DmarcExportScreen #path:focus { border: round $border; }
    """

    def __init__(self, reading: Reading, summary: Summary, names: Mapping[str, SourceName]) -> None:
        super().__init__()
        self._reading, self._summary, self._names = reading, summary, names

    def compose(self) -> ComposeResult:
        """Lay out the field."""
        with Vertical(classes="box") as box:
            number = len(self._reading.reports)
            what = say("1 report") if number == 1 else say("{number:,} reports", number=number)
            box.border_title = title(say("export {what}", what=what))
            path = Input(value=str(self._default_path()), id="path")
            path.border_title = title(say("file: text, or JSON if it ends in .json"))
            yield path
            keys = (("Enter", Look.ACCENT), say(" writes   "), ("Esc", Look.ACCENT), say(" closes"))
            yield Static(line(*keys), classes="hint")

    def on_mount(self) -> None:
        """Ask for the name."""
        self.query_one("#path").focus()

    def _default_path(self) -> Path:
        domains = list(dict.fromkeys(one.policy.domain for one in self._reading.reports))
        name = domains[0] if len(domains) == 1 and domains[0] else "reports"
        safe = "".join(char if char.isalnum() or char in ".-" else "-" for char in name)[:80]
        day = f"-{self._summary.begins:%Y%m%d}" if self._summary.begins else ""
        return Path(f"mxwalk-dmarc-{safe}{day}.txt")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Write the file."""
        event.stop()
        self.write()

    def _path(self) -> Path:
        text = self.query_one("#path", Input).value.strip()
        try:
            return Path(text).expanduser()
        except RuntimeError:  # no such user's home
            return Path(text)

    @work(exclusive=True, group="write", exit_on_error=False)
    async def write(self) -> None:
        """Write the file; ask before an existing one is replaced."""
        path = self._path()
        exists = path.exists()
        if exists:
            question = say("{path} exists already.", path=visible(str(path)))
            if not await self.app.push_screen_wait(
                ConfirmScreen(question, say("Overwrite"), say("Keep it"))
            ):
                return
        try:
            document = await asyncio.to_thread(self._document, path.suffix == ".json")
            write_report(path, document, replace=exists, private=False)
        except OSError as error:
            words = say(
                "{path} was not written: {why}",
                path=visible(str(path)),
                why=error.strerror,
            )
            self.notify(words, severity="error", markup=False)
            return
        self.app.notify(say("Written: {path}", path=visible(str(path.absolute()))), markup=False)
        self.dismiss(None)

    def _document(self, is_json: bool) -> str:
        from mxwalk.commands.dmarc import exit_code, json_document
        from mxwalk.commands.dmarc_text import report_lines

        if is_json:
            code = exit_code(self._reading)
            return json_document(self._reading, self._summary, self._names, code)
        lines = report_lines(self._reading, self._summary, self._names)
        return "".join(f"{one}\n" for one in lines)
