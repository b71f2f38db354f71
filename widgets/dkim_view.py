"""DKIM: a row a signature with result, reason and strength; open, everything it rests on.

A signature opens to what happened to the message on the way, its tags, its key record, and what was
hashed.  ARC sets stand beneath.  Signatures beyond five are marked: the ESA does not look at them.
"""

from collections.abc import Iterator
from functools import partial

from textual.worker import get_current_worker

from mxwalk.evidence.step import StepKind
from mxwalk.language import noted, say
from mxwalk.mailauth.case import MessageCase
from mxwalk.mailauth.dkim.model import DkimResult, SignatureVerdict
from widgets.dkim_arc import arc_rows
from widgets.dkim_signature import (
    indented,
    key_heading,
    key_rows,
    reason_rows,
    tag_rows,
    verdict_row,
)
from widgets.dkim_signed import body_rows, header_rows, signed_words
from widgets.dkim_work import Told, is_light, work_out
from widgets.message_folds import FoldingView
from widgets.message_rows import empty, gap, heading, note
from widgets.plain import Look, line
from widgets.row import Row, text_row
from widgets.shown import Shown

ESA_SIGNATURES = 5  # an ESA verifies so many by default
_SHOWN = 60


class DkimView(FoldingView):
    """The signatures of the message."""

    KEYS = (("tree.fold", noted("open")), ("app.copy", noted("copy")))
    empty = noted("No signature was looked at yet.")

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._told: dict[tuple[object, ...], Told] = {}
        self._working: set[tuple[object, ...]] = set()
        self._seen_step: int | None = None
        self._looked_at = 0  # the signature of the selected step

    def show(self, shown: Shown) -> None:
        """Draw this moment; selecting the step of a signature opens that signature."""
        step = shown.step
        if step is not None and step.seq != self._seen_step:
            self._seen_step = step.seq
            self._looked_at = step.scope.attempt if step.kind is StepKind.DKIM else 0
            if self._looked_at:
                self._cursor = self._key(self._looked_at)
        super().show(shown)

    def title_words(self) -> str:
        """Say how many pass in the frame's title."""
        case = self._case()
        if case is None:
            return ""
        done = [one for one in case.verdicts if one.step is not None]
        good = sum(one.result is DkimResult.PASS for one in done)
        if not case.signatures:
            return say("no signature")
        return (
            say("{good} of {all} pass", good=good, all=len(case.signatures))
            if done
            else say("not verified yet")
        )

    def _case(self) -> MessageCase | None:
        return self.shown.delivery.message if self.shown else None

    def _key(self, number: int) -> tuple[object, ...]:
        return ("signature", number)

    # -- rows -----------------------------------------------------------------------------------

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield the signatures, then ARC."""
        case = self._case()
        if case is None:
            if self.shown is not None:
                yield empty("none", say("This walk is not that of a message."), width)
            return
        if not case.signatures:
            words = say("The message has no DKIM-Signature field: nobody has signed it.")
            yield empty("none", words, width)
        first = self._first(case)
        for verdict in case.verdicts[:_SHOWN]:
            yield from self._signature(case, verdict, verdict is first, width)
        if len(case.verdicts) > _SHOWN:
            words = say("and {number} more signatures", number=len(case.verdicts) - _SHOWN)
            yield text_row("more", line((words, Look.WARN)))
        if case.has_arc:
            yield gap("arc")
            yield from arc_rows(case, lambda key, first: self.unfolds(key, first=first), width)

    def _first(self, case: MessageCase) -> SignatureVerdict | None:
        """Return the signature that is open until the person says.

        It is that of the selected step, else the first that fails, else the only one.
        """
        chosen = (one for one in case.verdicts if one.signature.number == self._looked_at)
        looked_at = next(chosen, None)
        if looked_at is not None:
            return looked_at
        done = [one for one in case.verdicts if one.step is not None]
        bad = [one for one in done if one.result is not DkimResult.PASS]
        return bad[0] if bad else done[0] if len(done) == 1 else None

    def _signature(
        self,
        case: MessageCase,
        verdict: SignatureVerdict,
        first: bool,
        width: int,
    ) -> Iterator[Row]:
        number = verdict.signature.number
        key = self._key(number)
        unfolded = self.unfolds(key, first=first)
        beyond = number > ESA_SIGNATURES
        yield verdict_row(verdict, key, width, unfolded=unfolded, beyond=beyond)
        if not unfolded:
            return
        told = self._told_of(case, verdict)
        yield from reason_rows(verdict, told.diagnoses if told else (), key, width)
        yield from self._tags(verdict, key, width)
        failed = verdict.key is not None and bool(verdict.key.problem)
        open_ = self.unfolds((*key, "key"), first=failed)
        yield key_heading(verdict.key, key, width, unfolded=open_)
        if open_ and verdict.key is not None:
            yield from key_rows(verdict.key, key, width)
        yield from self._signed(case, verdict, told, key, width)

    def _tags(
        self, verdict: SignatureVerdict, key: tuple[object, ...], width: int
    ) -> Iterator[Row]:
        unfolded = self.unfolds((*key, "tags"), first=bool(verdict.signature.problem))
        count = len(verdict.signature.tags.tags)
        words = line((say("{number} of them, explained", number=count), Look.DIM))
        row = heading((*key, "tags"), say("tags"), words, width - 4, unfolded=unfolded)
        yield indented(row, 4)
        if unfolded:
            yield from tag_rows(verdict, key, width)

    def _signed(
        self,
        case: MessageCase,
        verdict: SignatureVerdict,
        told: Told | None,
        key: tuple[object, ...],
        width: int,
    ) -> Iterator[Row]:
        unfolded = self.unfolds((*key, "signed"))
        row = heading(
            (*key, "signed"),
            say("what was signed"),
            signed_words(verdict),
            width - 4,
            unfolded=unfolded,
        )
        yield indented(row, 4)
        if not unfolded:
            return
        if told is None:
            yield note((*key, "working"), say("working it out"), width, indent=6)
            return
        yield from header_rows(told, (*key, "signed"), width)
        yield from body_rows(case.message, verdict, told, (*key, "signed"), width)

    # -- work -----------------------------------------------------------------------------------

    def _told_of(self, case: MessageCase, verdict: SignatureVerdict) -> Told | None:
        """Return what a signature rests on: at once, or ``None`` until a thread has it."""
        basis = (case.given.raw, verdict.signature.number, verdict.key, verdict.reason)
        found = self._told.get(basis)
        if found is None and is_light(case.message):
            found = self._told[basis] = work_out(case.message, verdict)
        elif found is None and basis not in self._working:
            self._working.add(basis)
            work = partial(self._work_out, basis, case, verdict)
            self.call_after_refresh(self.run_worker, work, thread=True, group="dkim")
        return found

    def _work_out(
        self, basis: tuple[object, ...], case: MessageCase, verdict: SignatureVerdict
    ) -> None:
        found = work_out(case.message, verdict)
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._worked_out, basis, found)

    def _worked_out(self, basis: tuple[object, ...], found: Told) -> None:
        self._told[basis] = found
        self._working.discard(basis)
        self.rebuild()
