"""Write to the other side: the letter beside the choices it is made of; it can be changed and copied.

Nothing is sent.  What was typed into a letter stays with the choices it was typed under, so that
looking at another one loses nothing.
"""

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static, TextArea

from mxwalk.errors import MxwalkError
from mxwalk.language import say
from tui.screens.confirm import ConfirmScreen
from tui.screens.dialog import title
from tui.screens.file_dialog import FileDialog
from tui.screens.letter_choices import choices, keys
from tui.screens.letter_desk import Desk, Texts
from widgets.fields import LineField, TextField
from widgets.plain import line
from widgets.rows import Rows
from widgets.text_pane import ChoiceList


class LetterScreen(FileDialog):
    """Recipient, findings, language, redaction; subject and text; a file."""

    DEFAULT_CSS = """
    LetterScreen .box { width: 100%; max-width: 130; height: 100%; max-height: 48; }
    LetterScreen #middle { height: 1fr; }
    LetterScreen #how { width: 36; height: 100%; }
    LetterScreen #choices { height: 1fr; max-height: 100%; }
    LetterScreen #written { width: 1fr; height: 100%; padding: 0 0 0 1; }
    LetterScreen #subject { height: 3; border: round $foreground 35%; }
    LetterScreen #body { height: 1fr; border: round $foreground 35%; padding: 0; }
    LetterScreen Input:focus, LetterScreen #body:focus { border: round $border; }
    LetterScreen.-single #written { display: none; padding: 0; }
    LetterScreen.-single #how { width: 1fr; }
    LetterScreen.-single.-text #how { display: none; }
    LetterScreen.-single.-text #path { display: none; }
    LetterScreen.-single.-text #written { display: block; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-single"), (112, "-beside")]  # noqa: RUF012 - Textual's own name
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "tab", "pane(1)", "To the text, and back", show=False, id="letter.pane", priority=True
        ),
        Binding("shift+tab", "pane(-1)", "To the part before", show=False, priority=True),
        Binding("space", "switch", "Choose or switch", show=False, id="letter.switch"),
        Binding("a", "ask", "Ask the DNS who keeps the zone (SOA)", show=False, id="letter.ask"),
        Binding("y", "copy", "Copy the letter", show=False, id="letter.copy"),
        # A key that a text field leaves alone.
        Binding("f8", "copy", "Copy the letter", show=False, id="letter.copy-typing"),
        Binding("ctrl+s", "write", "Write the file", show=False, id="letter.write", priority=True),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._kept = True
        self._changes = 0  # so many times the text was changed

    def compose(self) -> ComposeResult:
        """Lay out the parts."""
        with Vertical(classes="box") as box:
            box.border_title = title(say("message to the other side"))
            with Horizontal(id="middle"):
                with Vertical(id="how"):
                    yield ChoiceList(id="choices", wrapped=True)
                    yield Static("", id="facts", classes="hint")
                with Vertical(id="written"):
                    subject = LineField(id="subject", select_on_focus=False)
                    subject.border_title = title(say("Subject"))
                    yield subject
                    body = TextField("", id="body", soft_wrap=True, show_line_numbers=False)
                    body.border_title = title(say("text, yours to change"))
                    yield body
            path = LineField(id="path", select_on_focus=False)
            path.border_title = title(
                say("file; one that ends in .eml is a draft for a mail program")
            )
            yield path
            yield Static("", id="keys", classes="hint")

    def on_mount(self) -> None:
        """Begin with the text of the first letter."""
        super().on_mount()
        self.add_class("-text")
        self._draw()
        self.query_one("#body").focus()

    def on_descendant_focus(self) -> None:
        """Name the keys of the part in use."""
        self._name_keys()

    # -- choices --------------------------------------------------------------------------------

    def _draw(self) -> None:
        """Show the choices, and write the letter anew."""
        self._list()
        self._write_anew()

    def _list(self) -> None:
        desk = self._desk
        shown = choices(desk.asked, desk.parties, desk.to)
        self.query_one("#choices", ChoiceList).show(shown)
        self._name_keys()
        self.propose(desk.path)

    def _name_keys(self) -> None:
        typing = isinstance(self.focused, Input | TextArea)
        self.query_one("#keys", Static).update(keys(self._desk.asked, typing=typing))

    def action_switch(self) -> None:
        """Choose or switch what is under the cursor."""
        row = self.query_one("#choices", ChoiceList).cursor_row
        if row is None or not isinstance(row.key, tuple):  # a key of ``letter_choices``
            return
        self._desk.keep(self._texts())
        if self._desk.asked.switch(row.key, self._desk.to):
            self._draw()
        else:
            self._list()

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Enter does what Space does."""
        event.stop()
        self.action_switch()

    # -- the letter -----------------------------------------------------------------------------

    @work(exclusive=True, group="letter", exit_on_error=False)
    async def _write_anew(self) -> None:
        """Compose the letter; what was typed under these choices comes back."""
        try:
            subject, body = await self._desk.write()
        except MxwalkError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        with self.prevent(Input.Changed, TextArea.Changed):
            self.query_one("#subject", Input).value = subject
            self.query_one("#body", TextArea).text = body
        self._list()
        self._say_facts()

    def _say_facts(self) -> None:
        letter = self._desk.letter
        if letter is None:
            words = say("Choose a finding with Space.")
        else:
            lines = self.query_one("#body", TextArea).document.line_count
            words = say("{n} lines; nothing is sent", n=lines)
            if letter.left_out:
                words = f"{words}; {say('{n} findings left out', n=letter.left_out)}"
        self.query_one("#facts", Static).update(line(words))

    def _texts(self) -> Texts:
        return self.query_one("#subject", Input).value, self.query_one("#body", TextArea).text

    def on_text_area_changed(self) -> None:
        """Note that the text is not the one that was written."""
        self._changed()

    def on_input_changed(self, event: Input.Changed) -> None:
        """A subject that was typed is a change."""
        if event.input.id == "subject":
            self._changed()

    def _changed(self) -> None:
        self._kept = False
        self._changes += 1

    # -- keys -----------------------------------------------------------------------------------

    def action_pane(self, by: int) -> None:
        """To the next part; in a narrow window the text takes the place of the choices."""
        order = ["choices", "body", "subject", "path"]
        focused = self.focused.id if self.focused is not None else ""
        at = order.index(focused) if focused in order else 0
        wanted = order[(at + by) % len(order)]
        self.set_class(wanted in ("subject", "body"), "-text")
        self.call_after_refresh(self.query_one(f"#{wanted}").focus)

    def action_copy(self) -> None:
        """Copy the letter, or the address under the cursor."""
        row = self.query_one("#choices", ChoiceList).cursor_row
        key = row.key if row is not None else None
        is_address = isinstance(key, tuple) and key[0] == "to"
        if is_address and isinstance(self.focused, ChoiceList):
            text, what = str(key[1]) if isinstance(key, tuple) else "", say("address")
        else:
            text, what = self._texts()[1], say("letter")
            self._kept = True
        if not text.strip():
            self.notify(say("Nothing to copy here."), markup=False, timeout=2)
            return
        self.app.copy_to_clipboard(text)
        words = say("Sent to the clipboard: {what}, {n} characters.", what=what, n=len(text))
        self.notify(words, markup=False, timeout=2)

    @work(exclusive=True, group="soa", exit_on_error=False)
    async def action_ask(self) -> None:
        """Ask the DNS for the SOA record of the zone that the letter is about."""
        try:
            words = await self._desk.ask()
        except MxwalkError as error:
            self.notify(str(error), severity="warning", markup=False)
            return
        self.notify(words, markup=False)
        self._desk.keep(self._texts())
        self._draw()

    # -- writing --------------------------------------------------------------------------------

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the path writes; in the subject it goes on to the text."""
        event.stop()
        if event.input.id == "path":
            self.action_write()
        else:
            self.action_pane(-1)

    @work(exclusive=True, group="write", exit_on_error=False)
    async def action_write(self) -> None:
        """Write the file; ask before an existing one is replaced."""
        place = await self.place()
        if place is None:
            return
        changes = self._changes
        if await self.write(place, self._desk.document(self._texts(), place.path)):
            self._kept = self._kept or changes == self._changes

    def action_close(self) -> None:
        """Close; text that was changed and is nowhere else is asked about first."""
        if self._desk.keep(self._texts()) and not self._kept:
            question = say("The text was changed, and neither copied nor written.")
            dialog = ConfirmScreen(question, say("Close"), say("Stay"))
            self.app.push_screen(dialog, self._leave)
        else:
            super().action_close()

    def _leave(self, sure: bool | None) -> None:
        if sure:
            self.dismiss(None)
