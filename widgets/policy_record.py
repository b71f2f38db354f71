"""The ``_mta-sts`` record: as it stands, part by part, and what to publish where it is broken."""

from collections.abc import Iterator

from mxwalk.delivery.mark import Mark
from mxwalk.dns.txt import txt_strings
from mxwalk.language import noted, say
from mxwalk.mtasts.model import RecordDeviation, RecordFault, RecordLookup, RecordStanding, Weight
from mxwalk.mtasts.record import read_record
from widgets.plain import Look, line
from widgets.policy_fields import (
    Part,
    Said,
    answer_rows,
    field,
    heading_rows,
    part_rows,
    raw_row,
    remark,
    state_words,
    to_publish,
)
from widgets.policy_marks import mark_of
from widgets.policy_state import Picture, Section
from widgets.row import Row, text_row

_HERE = Section.RECORD
_RECORDS_SHOWN = 20
_WORDS = {
    RecordStanding.VALID: noted("one valid record"),
    RecordStanding.ABSENT: noted("no record"),
    RecordStanding.SEVERAL: noted("more than one record: for senders there is none"),
    RecordStanding.INVALID: noted("broken: for senders there is none"),
    RecordStanding.FAILED: noted("the look-up failed"),
    RecordStanding.OURS: noted("our own resolver does not tell"),
}
_WEIGHTS = {
    Weight.BREAKS: (Mark.FAIL, noted("breaks the record")),
    Weight.DIFFERS: (Mark.WARN, noted("readers differ")),
    Weight.ODD: (Mark.INFO, noted("allowed")),
}
_IGNORED = (RecordFault.UNKNOWN_FIELD, RecordFault.DUPLICATE_FIELD)
_WHOLE = (RecordFault.SEVERAL_STRINGS, RecordFault.ID_MISSING)


def record_rows(found: Picture, width: int) -> Iterator[Row]:
    """Yield the look-up, every record in parts, and the record to publish instead."""
    looked = found.state.records
    if looked is None:
        words = line((say("not looked up yet: n goes on"), Look.DIM))
        yield from heading_rows(_HERE, words, width)
        return
    yield from heading_rows(
        _HERE, state_words(mark_of(found, _HERE), say(_WORDS[looked.standing])), width
    )
    yield from answer_rows(_HERE, looked.answer, found.delivery, width)
    records = looked.answer.records("TXT")
    for number, record in enumerate(records[:_RECORDS_SHOWN]):
        yield raw_row(_HERE, number, record, width)
        yield from _parts(number, txt_strings(record), width)
    if len(records) > _RECORDS_SHOWN:
        words = line(
            (say("  and {records} more records", records=len(records) - _RECORDS_SHOWN), Look.WARN)
        )
        yield text_row((_HERE, "more"), words)
    if looked.standing in (RecordStanding.FAILED, RecordStanding.OURS):
        yield field(_HERE, noted("so"), line(looked.reason), width)
    yield from _advice(found, looked, width)


def _parts(number: int, strings: tuple[bytes, ...], width: int) -> Iterator[Row]:
    read = read_record(strings)
    if not read.counts and any(one.fault is RecordFault.VERSION_MISSING for one in read.deviations):
        words = say("something else: senders pass over it")
        yield remark(_HERE, ("other", number), Mark.INFO, words, width, indent=4)
        return
    said = [_said(one) for one in read.deviations]
    yield from part_rows(_HERE, number, _split(read.raw, counts=read.counts), said, width)


def _split(raw: bytes, *, counts: bool) -> list[Part]:
    parts: list[Part] = []
    at = 0
    for piece in raw.split(b";"):
        start = at + len(piece) - len(piece.lstrip())
        end = at + len(piece)
        if piece.strip():
            parts.append(
                Part(
                    text=piece.strip(),
                    start=start if parts else 0,
                    end=end,
                    word=_word(piece.strip(), first=not parts) if counts else say("discarded"),
                )
            )
        at = end + 1
    return parts


def _word(piece: bytes, *, first: bool) -> str:
    if first:
        return say("the version")
    return say("the policy's id") if piece.startswith(b"id=") else say("read")


def _said(deviation: RecordDeviation) -> Said:
    state, word = _WEIGHTS[deviation.weight]
    if deviation.fault in _IGNORED:
        word = noted("ignored")
    at = -1 if deviation.fault in _WHOLE else deviation.at
    return Said(at=at, mark=state, word=say(word), sentence=deviation.sentence)


def _advice(found: Picture, looked: RecordLookup, width: int) -> Iterator[Row]:
    if found.advice is None or looked.standing not in (
        RecordStanding.SEVERAL,
        RecordStanding.INVALID,
    ):
        return
    if looked.standing is RecordStanding.SEVERAL:
        yield remark(_HERE, "one", Mark.INFO, say("remove all of them but one:"), width)
    yield to_publish(_HERE, "publish", found.advice.first.record, width)
