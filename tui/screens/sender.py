"""Choose the sender whose behaviour is simulated; nothing is asked of the network."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from mxwalk.language import say
from mxwalk.senders.model import SenderProfile, Verdict
from tui.screens.dialog import Dialog, title
from widgets.glyphs import glyphs
from widgets.plain import Look, fit, line, mark, outcome_mark, outcome_words
from widgets.rows import Rows
from widgets.text_pane import Choice, ChoiceList


class SenderScreen(Dialog[str]):
    """Dismissed with the id of the chosen profile."""

    def __init__(
        self,
        profiles: tuple[SenderProfile, ...],
        verdicts: tuple[Verdict, ...],
        chosen: str,
        *,
        over: bool,
    ) -> None:
        super().__init__()
        self._over = over
        self._profiles, self._verdicts, self._chosen = profiles, verdicts, chosen

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        with Vertical(classes="box") as box:
            box.border_title = title(say("judge as"))
            yield ChoiceList(id="senders")
            hint = line(
                ("Enter", Look.ACCENT), say(" chooses; the walk is judged anew, nothing is sent")
            )
            yield Static(hint, classes="hint")

    def on_mount(self) -> None:
        """Fill in the profiles with what each makes of the walk."""
        found = {verdict.sender: verdict for verdict in self._verdicts}
        choices = []
        for profile in self._profiles:
            words = line(
                (glyphs().next if profile.id == self._chosen else " ", Look.ACCENT),
                " ",
                fit(profile.label, 39, Look.STRONG),
            )
            verdict = found.get(profile.id)
            if verdict is not None:
                symbol, look = mark(outcome_mark(verdict.outcome))
                words = words + line(
                    (f"{symbol} {outcome_words(verdict.outcome, over=self._over)}", look)
                )
            choices.append(Choice(key=profile.id, words=words))
        senders = self.query_one(ChoiceList)
        senders.show(choices)
        senders.move_to(self._chosen)
        senders.focus()

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Choose."""
        self.dismiss(str(event.row.key))
