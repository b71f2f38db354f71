"""``understand``: what a pasted text tells.  Total, bounded, and without I/O.

A mail is taken apart first.  Every product whose words are in the text reads its logical lines; codes
of nobody in particular count only in lines that no product has claimed.  A dialogue becomes an offline
trace.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice

from mxwalk import limits
from mxwalk.clues.leads import leads, own_domains
from mxwalk.clues.lines import FIELDS, Line, logical
from mxwalk.clues.mail import is_mail, parts
from mxwalk.clues.model import Clue, Form, Lead, Product, Standing, Understanding
from mxwalk.clues.registry import RECOGNISERS
from mxwalk.evidence.trace import Trace

_DIALOGUE = re.compile(
    r"(?mi)^.{0,60}?(?:\bEHLO \S|\bHELO \S|220[ -]|250[ -]|CONNECTED\(|posttls-finger:|=== |Flags \[)"
)
_FIELD = re.compile(rf"(?:{FIELDS}) ?:", re.IGNORECASE)
_RANK = {
    standing: rank
    for rank, standing in enumerate(
        (Standing.BOUNCED, Standing.DEFERRED, Standing.UNKNOWN, Standing.TOLD, Standing.DELIVERED)
    )
}
_FAILED = (Standing.BOUNCED, Standing.DEFERRED)
_STRONG = (Form.BOUNCE, Form.DELIVERY_STATUS)


def understand(text: str) -> Understanding:
    """Return what was recognised in a pasted text, in its order, and the walks that fit."""
    cut = len(text) > limits.CLUE_CHARS
    text = text[: limits.CLUE_CHARS]
    clues = _clues(text)
    trace: Trace | None = None
    if _DIALOGUE.search(text) and not any(
        one.form in _STRONG or (one.standing in _FAILED and one.form is not Form.CODE)
        for one in clues
    ):
        found = _dialogue(text)
        if found is not None:
            trace, told = found
            clues = tuple(told) or clues
    walks = leads(clues, own_domains(text))
    live = _live(trace) if trace is not None else None
    if live is not None:
        walks = (live, *(one for one in walks if one.target != live.target))
    return Understanding(
        clues=clues,
        leads=walks,
        sender=_sender(clues),
        trace=trace,
        cut=cut,
    )


def _clues(text: str) -> tuple[Clue, ...]:
    if is_mail(text):
        found = [one for part in _placed(text) for one in _read(part)]
        if found:
            return _ordered(found)
    return _ordered(_read(logical(text)))


def _placed(text: str) -> Iterator[tuple[Line, ...]]:
    """Yield the lines of a mail's parts, each at its place in the text where it stands there."""
    cursor = 0
    for part in parts(text):
        lines = logical(part)
        moved: list[Line] = []
        for index, line in enumerate(lines):
            first = line.text[:60]
            at = text.find(first, cursor) if index < limits.CLUES else -1
            if at >= 0:
                cursor = at
            moved.append(Line(line.text, ((0, max(at, cursor if at >= 0 else 0)),)))
        cursor = 0
        yield tuple(moved)


def _read(lines: Sequence[Line]) -> list[Clue]:
    lower = "\n".join(line.text for line in lines).lower()
    found: list[Clue] = []
    for recogniser in RECOGNISERS:
        if not any(mark in lower for mark in recogniser.marks):
            continue
        free = _unclaimed(lines, found)
        if recogniser.fallback and any(one.form is not Form.CODE for one in found):
            continue  # what a product says explains the codes beside it
        found.extend(islice(recogniser.recognise(free), limits.CLUE_RECORDS))
    return found


def _unclaimed(lines: Sequence[Line], clues: Sequence[Clue]) -> Sequence[Line]:
    """Return the lines in which nothing was recognised yet."""
    if not clues:
        return lines
    if any(one.form is Form.DELIVERY_STATUS for one in clues):  # its fields are read as one thing
        lines = [line for line in lines if not _FIELD.match(line.text)]
    spans = sorted((one.start, one.end) for one in clues)
    starts = [begin for begin, _ in spans]
    free = []
    for line in lines:
        first, last = line.offset(0), line.offset(max(len(line.text) - 1, 0))
        index = bisect_right(starts, last)
        if not any(end > first for _, end in spans[max(0, index - 2) : index]):
            free.append(line)
    return free


def _ordered(clues: Sequence[Clue]) -> tuple[Clue, ...]:
    """Return the clues in the order of the text; of too many those that failed, then the latest."""
    if len(clues) > limits.CLUES:
        ranked = sorted(clues, key=lambda one: (_RANK[one.standing], -one.start))
        clues = ranked[: limits.CLUES]
    return tuple(sorted(clues, key=lambda one: (one.start, one.end)))


def _sender(clues: Sequence[Clue]) -> str:
    """Return the profile of the clue that decides: one that failed, else the first that has one."""
    ranked = sorted(clues, key=lambda one: one.standing not in _FAILED)
    remarks = [one for one in clues if one.standing is Standing.TOLD and one.sender]
    for one in ranked:
        if not one.sender:
            continue
        if one.product is Product.ESA and one.standing in _FAILED and remarks:
            return remarks[-1].sender  # the TLS line before tells which setting
        return one.sender
    return ""


def deciding(clues: Sequence[Clue]) -> Clue | None:
    """Return the clue that says most: what failed, else what a finding explains, else the first."""
    failed = next((one for one in clues if one.standing in _FAILED), None)
    return failed or next((one for one in clues if one.findings), None) or next(iter(clues), None)


def _live(trace: Trace) -> Lead | None:
    from mxwalk.clues.dialogue.reading import lead_of

    return lead_of(trace)


def _dialogue(text: str) -> tuple[Trace, tuple[Clue, ...]] | None:
    from mxwalk.clues.dialogue.reading import read_dialogue  # it verifies certificates: heavy

    return read_dialogue(text)
