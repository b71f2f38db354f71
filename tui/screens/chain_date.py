"""Ask for a date to evaluate a certificate chain at; nothing is asked of the network for it."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import datetime, timedelta

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from mxwalk.clock import Clock, SystemClock, from_rfc3339
from mxwalk.language import say
from tui.screens.dialog import Dialog, title
from widgets.fields import LineField
from widgets.glyphs import glyphs
from widgets.plain import Look, line

# "+30", "-30 days", "3 months"; without a sign a unit is needed, or 2027 would be days.
_AHEAD = re.compile(
    r"(?:(?P<sign>[+-])\s*)?(?P<count>\d{1,6})\s*"
    r"(?P<unit>d|days?|w|weeks?|m|months?|y|years?)?",
    re.ASCII | re.IGNORECASE,
)


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
            box.border_title = title(say("evaluate the chain at another date"))
            yield LineField(
                placeholder=say("2027-01-31, +30 days, 3 months; empty: now"),
                id="date",
                compact=True,
            )
            yield Static("", classes="hint", id="meaning")
            words = (
                ("Enter", Look.ACCENT),
                say(" evaluates; "),
                ("Esc", Look.ACCENT),
                say(
                    " in the view goes back to the walk's own time. No verdict of the walk changes."
                ),
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
            forms = say("2027-01-31, 2027-01-31T12:00Z, +30 days, 2 weeks, 3 months or -1 year")
            words = say("{fail} no date: {forms}", fail=glyphs().fail, forms=forms)
            said = line((words, Look.FAIL))
        else:
            said = line((f"{glyphs().arrow} {at.isoformat(' ', 'minutes')[:16]} UTC", Look.PLAIN))
        self.query_one("#meaning", Static).update(said)


def understood(text: str, at: datetime, now: datetime) -> datetime | None:
    """Return the moment meant: now for an empty text, a time counted from ``at``, or a date."""
    text = text.strip()
    if not text:
        return now
    ahead = _AHEAD.fullmatch(text)
    try:
        if ahead is None:
            return from_rfc3339(text)
        if not ahead["sign"] and not ahead["unit"]:
            return None
        count = int(ahead["count"]) * (-1 if ahead["sign"] == "-" else 1)
        return _moved(at, count, (ahead["unit"] or "d")[0].lower())
    except (ValueError, OverflowError):
        return None


def _moved(at: datetime, count: int, unit: str) -> datetime:
    """Move by days, weeks, months or years; the 31st becomes a month's last day."""
    match unit:
        case "d":
            return at + timedelta(days=count)
        case "w":
            return at + timedelta(weeks=count)
        case _:
            months = at.year * 12 + at.month - 1 + count * (12 if unit == "y" else 1)
            year, month = divmod(months, 12)
            last = monthrange(year, month + 1)[1]
            return at.replace(year=year, month=month + 1, day=min(at.day, last))
