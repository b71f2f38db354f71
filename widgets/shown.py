"""What a view is given to draw: the delivery so far, the step looked at, and the chosen sender.

Everything in it was computed from evidence; a view holds no state of its own beyond the cursor.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import ClassVar

from textual.message import Message

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.model import Delivery, Host
from mxwalk.dnssec.model import Validation
from mxwalk.evidence.step import Step, StepKind
from mxwalk.findings.model import Finding
from mxwalk.language import say
from mxwalk.senders.model import SenderProfile, Verdict
from mxwalk.walk.ending import why_not, why_open
from mxwalk.walk.model import Pending
from widgets.note_line import note_paragraph
from widgets.row import Row, text_row
from widgets.rows import Rows


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One moment of a walk, live or replayed, as the views see it.

    ``step`` is the step looked at and ``attempt`` the connection it belongs to; ``verdicts`` are in
    the order of ``profiles``; ``validations`` those of the look-ups, in their order; ``now`` is the
    time certificates are judged at; ``going`` whether the walk, or the rest of its trace, goes on.
    """

    delivery: Delivery
    sender: SenderProfile
    profiles: tuple[SenderProfile, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    findings: tuple[Finding, ...] = ()
    step: Step | None = None
    attempt: Attempt | None = None
    pending: Pending | None = None
    validations: tuple[Validation, ...] = ()
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    going: bool = True

    @property
    def host(self) -> Host | None:
        """The delivery host of the step looked at."""
        name = self.attempt.host.name if self.attempt else self.step.scope.host if self.step else ""
        return next((host for host in self.delivery.hosts if host.planned.name == name), None)

    @property
    def verdict(self) -> Verdict | None:
        """The chosen sender's verdict."""
        return next((v for v in self.verdicts if v.sender == self.sender.id), None)

    @property
    def place(self) -> str:
        """Host, address and port of the connection looked at, for titles."""
        if self.attempt is None:
            return ""
        where = f"[{self.attempt.address}]:{self.attempt.port}"
        host = self.attempt.host
        return where if host.is_literal else f"{host.display} {where}"


class View(Rows):
    """A pane that draws one aspect of what is shown; its title says more than its name."""

    shown: Shown | None = None
    AWAITS: ClassVar[frozenset[StepKind]] = frozenset()  # the steps that bring something to show
    _title = ""
    _awaited: tuple[Hashable | None, str] | None = None

    class Retitled(Message):
        """What the view shows changed by a key of its own; its title may have changed too."""

        def __init__(self, view: "View") -> None:
            super().__init__()
            self.view = view

        @property
        def control(self) -> "View":
            """The view that changed."""
            return self.view

    def show(self, shown: Shown) -> None:
        """Draw this moment."""
        self.shown = shown
        self.rebuild()

    def put_cursor(self, key: Hashable | None, text: str = "") -> None:
        """Put the cursor on the row with this key, else on the first that holds ``text``.

        A view that has no rows yet does it when it has some.
        """
        self._awaited = None if self.rows else (key, text)
        if any(row.stop and row.key == key for row in self.rows):
            self.move_to(key)
        elif text:
            self.move_to_text(text)

    def rebuild(self) -> None:
        """Draw anew, and tell the screen when the title is another one now."""
        super().rebuild()
        if self._awaited is not None and self.rows:
            self.call_after_refresh(self.put_cursor, *self._awaited)
        words = self.title_words()
        if words != self._title:
            self._title = words
            self.post_message(self.Retitled(self))

    def _left(self, width: int) -> Iterable[Row]:
        """Return the note on the step looked at, if there is one, and the rows."""
        rows = super()._left(width)
        shown = self.shown
        note = shown.delivery.notes.get(shown.step.seq) if shown and shown.step else None
        if note is None:
            return rows
        return (text_row(("note", "of the step"), *note_paragraph(note, width)), *rows)

    def nothing_words(self, nothing: str) -> str:
        """Return why there is nothing to show: what is to come, else ``nothing`` and why.

        ``nothing`` is said where no step is to come that would bring something.
        """
        shown = self.shown
        if shown is None or shown.delivery.trace.header.pasted is not None:
            return say(self.empty)
        if shown.attempt is not None and self.AWAITS:
            why = why_not(shown.delivery, shown.attempt, self.AWAITS)
            if why:
                return say("{nothing}: {why}.", nothing=nothing, why=why)
        if shown.going:
            return say(self.empty)
        if left := why_open(shown.delivery):
            why = left
        elif shown.attempt is None:
            why = say("the walk is over, and no connection was made")
        else:
            why = say("the walk is over")
        return say("{nothing}: {why}.", nothing=nothing, why=why)

    def title_words(self) -> str:
        """Return what the frame's title says behind the view's name."""
        return self.shown.place if self.shown else ""
