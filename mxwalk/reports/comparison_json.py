"""A comparison as JSON; the schema is its name, and a change of a member is a new one."""

from typing import Final

import msgspec

from mxwalk.compare.model import Comparison, Difference, Shown, SideShown

SCHEMA: Final = "mxwalk-comparison-1"


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of a value; ``differs`` tells what the other side has not."""

    text: str
    differs: bool


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """One side of a difference, and the step it rests on."""

    text: str
    pieces: tuple[Piece, ...]
    step: int | None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One difference; a side that has nothing is ``null``."""

    section: str
    place: str
    subject: str
    kind: str
    effect: str
    weight: str
    decides: bool
    before: Value | None
    after: Value | None


class Walk(msgspec.Struct, frozen=True, kw_only=True):
    """One side, and what the chosen sender does there."""

    label: str
    started_at: str
    outcome: str
    code: str
    reason: str
    step: int | None


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """The whole comparison; ``effect`` is that of everything together."""

    schema: str
    redacted: bool
    sender: str
    answer: str
    effect: str
    before: Walk
    after: Walk
    differences: tuple[Row, ...]
    unknown: tuple[Row, ...]
    always: int


def render_json(found: Comparison, *, redacted: bool) -> str:
    """Return the document as JSON."""
    document = Document(
        schema=SCHEMA,
        redacted=redacted,
        sender=found.sender,
        answer=found.answer,
        effect=found.effect.value,
        before=_walk(found.before),
        after=_walk(found.after),
        differences=tuple(_row(one) for part in found.sections for one in part.differences),
        unknown=tuple(_row(one) for one in found.unknown),
        always=found.always,
    )
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def _walk(side: SideShown) -> Walk:
    verdict = side.verdict
    return Walk(
        label=side.label,
        started_at=side.started_at,
        outcome=verdict.outcome.value,
        code=verdict.code,
        reason=verdict.reason,
        step=verdict.step,
    )


def _row(one: Difference) -> Row:
    return Row(
        section=one.section,
        place=one.place,
        subject=one.subject,
        kind=one.kind.value,
        effect=one.effect.value,
        weight=one.weight.value,
        decides=one.decides,
        before=_value(one.before),
        after=_value(one.after),
    )


def _value(shown: Shown | None) -> Value | None:
    if shown is None:
        return None
    pieces = tuple(Piece(text=span.text, differs=span.differs) for span in shown.spans)
    return Value(text=shown.text, pieces=pieces, step=shown.step)
