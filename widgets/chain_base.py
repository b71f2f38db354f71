"""What the chain view shows, kept up to date: the picture, at which date, and who works on it.

A small chain is explained at once.  A large one is sketched and worked out in a thread; whatever was
asked for last is what is shown in the end.
"""

from datetime import datetime
from functools import partial

from textual.worker import get_current_worker

from mxwalk.delivery.attempt import Attempt
from mxwalk.language import say
from mxwalk.tls.certificate import read_certificate
from widgets.chain_head import moment_words
from widgets.chain_state import Picture
from widgets.chain_work import Basis, finished, renewed, sketch
from widgets.shown import Shown, View


class ChainBase(View):
    """The state of the chain view."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.selected = 0
        self.moved_to: datetime | None = None
        self._picture: Picture | None = None
        self._basis: Basis | None = None

    def show(self, shown: Shown) -> None:
        """Draw this moment; another connection starts at its leaf."""
        before = self.shown.attempt if self.shown else None
        if before is None or shown.attempt is None or before.scope != shown.attempt.scope:
            self.selected = 0
            self._cursor = ("certificate", 0)
        self._look_at(shown)
        super().show(shown)

    def evaluate_at(self, at: datetime | None) -> None:
        """Judge the chain at a date, ``None`` for the walk's own time."""
        self.moved_to = at
        if self.shown is not None:
            self._look_at(self.shown)
        self.rebuild()
        self.scroll_home(animate=False)

    def title_words(self) -> str:
        """Say the place, and that the date is not the walk's."""
        words = super().title_words()
        if self.moved_to is None:
            return words
        return f"{words}  " + say("at {moment}", moment=moment_words(self.moved_to))

    def _look_at(self, shown: Shown) -> None:
        """Make the picture of a moment: at once, or a sketch now and the picture by a thread."""
        attempt, at = shown.attempt, self.moved_to
        if attempt is None:
            self._picture = self._basis = None
            return
        basis = Basis.of(attempt, shown.now, at)
        if self._picture is not None and basis == self._basis:
            self._picture = renewed(self._picture, attempt)
            return
        self._basis = basis
        if basis.light:
            self._picture = finished(attempt, shown.now, at)
            return
        self._picture = sketch(attempt, shown.now, at)
        work = partial(self._work_out, basis, attempt)
        self.call_after_refresh(  # the sketch is drawn before the thread takes its share of time
            self.run_worker, work, thread=True, exclusive=True, group="chain"
        )

    def _work_out(self, basis: Basis, attempt: Attempt) -> None:
        found = finished(attempt, basis.now, basis.at)
        for entry in found.entries:
            read_certificate(entry.der)
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._worked_out, basis, found)

    def _worked_out(self, basis: Basis, found: Picture) -> None:
        attempt = self.shown.attempt if self.shown else None
        if basis == self._basis and attempt is not None:
            self._picture = renewed(found, attempt)
            self.rebuild()
