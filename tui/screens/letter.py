"""Write to the other side: the letter beside the choices it is made of; it can be changed and copied.

Nothing is sent.  What was typed into a letter stays with the choices it was typed under, so that
looking at another one loses nothing.
"""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static, TextArea

from mxwalk.errors import MxwalkError
from mxwalk.evidence.dns import DnsAnswer
from mxwalk.evidence.trace import Trace
from mxwalk.language import language, say
from mxwalk.letters.compose import write_letters
from mxwalk.letters.eml import draft
from mxwalk.letters.model import Letter, Party
from mxwalk.letters.offered import Offered
from mxwalk.reports.file import write_report
from mxwalk.text import visible
from tui.screens.confirm import ConfirmScreen
from tui.screens.dialog import Dialog, title
from tui.screens.letter_choices import Asked, choices, keys
from widgets.plain import line
from widgets.rows import Rows
from widgets.text_pane import ChoiceList

_Texts = tuple[str, str]  # subject and body
_SOA_TIMEOUT_S = 5.0


class LetterScreen(Dialog[None]):
    """Recipient, findings, language, redaction; subject and text; a file."""

    DEFAULT_CSS = """
    LetterScreen .box { width: 100%; max-width: 130; height: 100%; max-height: 48; }
    LetterScreen #middle { height: 1fr; }
    LetterScreen #how { width: 36; height: 100%; }
    LetterScreen #choices { height: 1fr; max-height: 100%; }
    LetterScreen #written { width: 1fr; height: 100%; padding: 0 0 0 1; }
    LetterScreen #subject { height: 3; border: round $foreground 35%; }
    LetterScreen #body { height: 1fr; border: round $foreground 35%; padding: 0; }
    LetterScreen #path { height: 3; border: round $foreground 35%; }
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

    def __init__(
        self,
        trace: Trace,
        sender: str,
        parties: dict[Party, tuple[Offered, ...]],
        code: str = "",
    ) -> None:
        super().__init__()
        self._trace, self._sender, self._parties = trace, sender, parties
        party = _first(parties, code)
        codes = {
            one: {each.code for each in found if each.chosen} for one, found in parties.items()
        }
        if code:
            codes[party] = {code}
        elif not any(codes.values()):  # what concerns other senders is better than an empty letter
            worst = min(each.severity.rank for each in parties[party])
            codes[party] = {each.code for each in parties[party] if each.severity.rank == worst}
        self._asked = Asked(party=party, codes=codes, language=language())
        self._letter: Letter | None = None
        self._changed: dict[
            tuple[object, ...], _Texts
        ] = {}  # what was typed, by the choices it was typed under
        self._shown: _Texts = ("", "")
        self._soa: tuple[DnsAnswer, ...] = ()
        self._path_typed = False
        self._kept = True

    def compose(self) -> ComposeResult:
        """Lay out the parts."""
        with Vertical(classes="box") as box:
            box.border_title = title(say("message to the other side"))
            with Horizontal(id="middle"):
                with Vertical(id="how"):
                    yield ChoiceList(id="choices", wrapped=True)
                    yield Static("", id="facts", classes="hint")
                with Vertical(id="written"):
                    subject = Input(id="subject", select_on_focus=False)
                    subject.border_title = title(say("Subject"))
                    yield subject
                    body = TextArea("", id="body", soft_wrap=True, show_line_numbers=False)
                    body.border_title = title(say("text, yours to change"))
                    yield body
            path = Input(id="path", select_on_focus=False)
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
        to = self._letter.to if self._letter is not None else ()
        shown = choices(self._asked, self._parties, to)
        self.query_one("#choices", ChoiceList).show(shown)
        self._name_keys()
        if not self._path_typed:
            with self.prevent(Input.Changed):
                self.query_one("#path", Input).value = self._default_path()

    def _name_keys(self) -> None:
        typing = isinstance(self.focused, Input | TextArea)
        self.query_one("#keys", Static).update(keys(self._asked, typing=typing))

    def _default_path(self) -> str:
        party, code = self._asked.party, self._asked.language
        safe = "".join(char if char.isalnum() or char in ".-" else "-" for char in party.name)[:60]
        return f"letter-{party.key}-{safe}-{code}.txt" if safe else f"letter-{party.key}-{code}.txt"

    def action_switch(self) -> None:
        """Choose or switch what is under the cursor."""
        row = self.query_one("#choices", ChoiceList).cursor_row
        if row is None or not isinstance(row.key, tuple):  # a key of ``letter_choices``
            return
        self._keep_changes()
        to = self._letter.to if self._letter is not None else ()
        if self._asked.switch(row.key, to):
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
        """Compose the letter beside the interface; what was typed under these choices comes back."""
        asked, soa = self._asked.copy(), self._soa
        try:
            letter = await asyncio.to_thread(self._composed, asked, soa)
        except MxwalkError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        self._letter = letter
        fresh = (letter.subject, letter.body) if letter is not None else ("", "")
        subject, body = self._changed.get(asked.key, fresh)
        self._shown = fresh
        with self.prevent(Input.Changed, TextArea.Changed):
            self.query_one("#subject", Input).value = subject
            self.query_one("#body", TextArea).text = body
        self._list()
        self._say_facts()

    def _composed(self, asked: Asked, soa: tuple[DnsAnswer, ...]) -> Letter | None:
        if not asked.chosen_codes:
            return None
        post = write_letters(
            self._trace,
            self._sender,
            asked.language,
            codes=asked.chosen_codes,
            redacted=asked.redacted,
            more=soa,
        )
        same_key = [one for one in post.letters if one.party.key == asked.party.key]
        exact = (one for one in same_key if one.party == asked.party)
        return next(exact, None) or next(iter(same_key), None)

    def _say_facts(self) -> None:
        if self._letter is None:
            words = say("Choose a finding with Space.")
        else:
            lines = self.query_one("#body", TextArea).document.line_count
            words = say("{n} lines; nothing is sent", n=lines)
            if self._letter.left_out:
                words = f"{words}; {say('{n} findings left out', n=self._letter.left_out)}"
        self.query_one("#facts", Static).update(line(words))

    def _texts(self) -> _Texts:
        return self.query_one("#subject", Input).value, self.query_one("#body", TextArea).text

    def _keep_changes(self) -> None:
        """Keep what was typed with the choices it was typed under."""
        if self._texts() != self._shown:
            self._changed[self._asked.key] = self._texts()

    def on_text_area_changed(self) -> None:
        """Note that the text is not the one that was written."""
        self._kept = False

    def on_input_changed(self, event: Input.Changed) -> None:
        """A path that was typed stays; a subject that was typed is a change."""
        if event.input.id == "path":
            self._path_typed = True
        else:
            self._kept = False

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
        from mxwalk.commands.letter import ask_soa
        from mxwalk.dns.resolver import StubResolver, parse_resolver, system_servers

        party, header = self._asked.party, self._trace.header
        if not self._asked.has_zone:
            self.notify(say("Only a letter to a DNS operator is about a zone."), markup=False)
            return
        if header.scenario or header.redacted:
            self.notify(say("The zones of this walk are nowhere in the DNS."), markup=False)
            return
        own = header.options.resolver
        try:
            servers = (parse_resolver(own),) if own else system_servers()
            resolver = StubResolver(tuple(servers), _SOA_TIMEOUT_S)
            answers = await ask_soa(resolver, (party.name,))
        except MxwalkError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        self._soa = (*self._soa, *answers)
        status = answers[0].status.value
        words = say("{name} SOA: {status}", name=visible(party.name, 120), status=status)
        self.notify(words, markup=False)
        self._keep_changes()
        self._draw()

    # -- writing --------------------------------------------------------------------------------

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the path writes; in the subject it goes on to the text."""
        event.stop()
        if event.input.id == "path":
            self.action_write()
        else:
            self.action_pane(-1)

    def _document(self, path: Path) -> str:
        """Return what goes to the file.  Raises ``MxwalkError``."""
        subject, body = self._texts()
        if self._letter is None:
            return body
        to = self._asked.to(self._letter.to)
        if path.suffix.lower() != ".eml":
            head = [f"To: {visible(', '.join(to))}"] if to else []
            return "\n".join([*head, f"Subject: {visible(subject)}", "", body])
        return draft(replace(self._letter, subject=subject, body=body), to=to)

    def _path(self) -> Path:
        text = self.query_one("#path", Input).value
        try:
            return Path(text).expanduser()
        except RuntimeError:  # no such user's home
            return Path(text)

    @work(exclusive=True, group="write", exit_on_error=False)
    async def action_write(self) -> None:
        """Write the file; ask before an existing one is replaced."""
        path = self._path()
        exists = path.exists()
        if exists:
            question = say("{path} exists already.", path=visible(str(path)))
            dialog = ConfirmScreen(question, say("Overwrite"), say("Keep it"))
            if not await self.app.push_screen_wait(dialog):
                return
        try:
            write_report(path, self._document(path), replace=exists, private=False)
        except MxwalkError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        except OSError as error:
            words = say(
                "{path} was not written: {why}", path=visible(str(path)), why=error.strerror or ""
            )
            self.notify(words, severity="error", markup=False)
            return
        self._kept = True
        self.notify(say("Written: {path}", path=visible(str(path.absolute()))), markup=False)

    def action_close(self) -> None:
        """Close; text that was changed and is nowhere else is asked about first."""
        self._keep_changes()
        if self._changed and not self._kept:
            question = say("The text was changed, and neither copied nor written.")
            dialog = ConfirmScreen(question, say("Close"), say("Stay"))
            self.app.push_screen(dialog, self._leave)
        else:
            super().action_close()

    def _leave(self, sure: bool | None) -> None:
        if sure:
            self.dismiss(None)


def _first(parties: dict[Party, tuple[Offered, ...]], code: str) -> Party:
    """Return the party that the code is for, or the first."""
    for party, offered in parties.items():
        if any(one.code == code for one in offered):
            return party
    return next(iter(parties))
