"""Ask for a date to evaluate a certificate chain at; nothing is asked of the network for it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from mxwalk.clock import Clock, SystemClock, from_rfc3339
from tui.screens.dialog import Dialog, title
from widgets.glyphs import glyphs
from widgets.plain import Look, line

_DAYS = re.compile(r"([+-]\d{1,6})\s*(?:d|days?)?", re.ASCII)


class ChainDateScreen(Dialog[None]):
    """A field for the date; what it was understood as is said while typing."""

    def __init__(
        self, at: datetime, apply: Callable[[datetime | None], None], clock: Clock | None = None
    ) -> None:
        super().__init__()
        self._at, self._apply = at, apply
        self._clock = clock or SystemClock()

    def compose(self) -> ComposeResult:
        """Lay out the field."""
        with Vertical(classes="box") as box:
            box.border_title = title("evaluate the chain at another date")
            yield Input(placeholder="2027-01-31, or +30 days; empty: now", id="date", compact=True)
            yield Static("", classes="hint", id="meaning")
            words = (
                ("Enter", Look.ACCENT),
                " evaluates; ",
                ("Esc", Look.ACCENT),
                " in the view goes back to the walk's own time. No verdict of the walk changes.",
            )
            yield Static(line(*words), classes="hint")

    def on_mount(self) -> None:
        """Say what an empty field means."""
        self._say("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what is understood while typing."""
        self._say(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Evaluate at the date if it is one."""
        event.stop()
        at = understood(event.value, self._at, self._clock.now())
        if at is not None:
            self.dismiss(None)
            self._apply(at)

    def _say(self, text: str) -> None:
        at = understood(text, self._at, self._clock.now())
        if at is None:
            words = f"{glyphs().fail} no date: 2027-01-31, 2027-01-31T12:00Z or +30 days"
            said = line((words, Look.FAIL))
        else:
            said = line((f"{glyphs().arrow} {at.isoformat(' ', 'minutes')[:16]} UTC", Look.PLAIN))
        self.query_one("#meaning", Static).update(said)


def understood(text: str, at: datetime, now: datetime) -> datetime | None:
    """Return the moment meant: now for an empty text, days counted from ``at``, or a date."""
    text = text.strip()
    if not text:
        return now
    days = _DAYS.fullmatch(text)
    try:
        return at + timedelta(days=int(days[1])) if days else from_rfc3339(text)
    except (ValueError, OverflowError):
        return None
