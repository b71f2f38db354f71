"""Two sides compared: ``compare`` walks through the sections and weighs what it finds."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from mxwalk.compare.aligning import align
from mxwalk.compare.answer import answer
from mxwalk.compare.causes import weighed
from mxwalk.compare.common import on_common_ground
from mxwalk.compare.graft import rank
from mxwalk.compare.model import (
    Comparison,
    Difference,
    Effect,
    Kind,
    Part,
    Section,
    Shown,
    SideShown,
)
from mxwalk.compare.neutral import Neutral
from mxwalk.compare.pairing import paired
from mxwalk.compare.registry import SectionModule, sections
from mxwalk.compare.side import Look, Side, look_at
from mxwalk.compare.words import step_words
from mxwalk.errors import UsageError
from mxwalk.language import say
from mxwalk.receivers.registry import judge_or_first
from mxwalk.senders.outcomes import words_of
from mxwalk.text import visible

_Sides = tuple[tuple[Part, ...], tuple[Part, ...]]


def compare(before: Side, after: Side, sender: str = "") -> Comparison:
    """Return everything that differs, as the chosen sender (default: the later walk's) sees it.

    Raises ``UsageError`` for an unknown sender or host, and for walks of two kinds.
    """
    purpose = after.trace.header.purpose
    if before.trace.header.purpose is not purpose:
        raise UsageError(
            say(
                "a walk of a {one} and a walk of a {other} have nothing to compare",
                one=before.trace.header.purpose.value,
                other=purpose.value,
            )
        )
    judge = judge_or_first(purpose, sender or after.trace.header.options.sender)
    one, other = paired(look_at(before, judge), look_at(after, judge))
    left, right = on_common_ground(one, other)
    neutral = _neutral(left, right)
    found: list[tuple[SectionModule, tuple[Difference, ...], int]] = []
    for module in sections(purpose):
        parts = tuple(module.parts(left)), tuple(module.parts(right))
        if module.ID == "verdicts" and not (left is one and right is other):
            parts = _decided(parts, (tuple(module.parts(one)), tuple(module.parts(other))))
        found.append((module, *align(module.ID, module.UNIT, parts, neutral)))
    every = [one for _, differences, _ in found for one in differences]
    decided = rank(one.verdict) is not None and rank(other.verdict) is not None
    judged, effect = weighed(*((one, other) if decided else (left, right)), every)
    of_section: dict[str, list[Difference]] = defaultdict(list)
    for difference in judged:
        of_section[difference.section].append(difference)
    of_section["verdicts"] = _merged(of_section["verdicts"])
    comparison = Comparison(
        before=_side(one),
        after=_side(other),
        sender=judge.id,
        sender_label=judge.label,
        answer="",
        effect=effect,
        sections=tuple(
            Section(
                id=module.ID,
                title=say(module.TITLE),
                differences=tuple(of_section[module.ID]),
                always=always,
            )
            for module, _, always in found
            if of_section[module.ID] or always
        ),
        unknown=tuple(_unknown(tuple(_unseen(one, other)))),
    )
    return answer(comparison, one, other)


def _decided(common: _Sides, whole: _Sides) -> _Sides:
    """Return the verdicts on common ground, or of the whole walks where both are decided otherwise."""
    pairs = []
    for mine, theirs, one, other in zip(
        *(part.facts for parts in (*common, *whole) for part in parts), strict=True
    ):
        turned = one.ranked and other.ranked and one.harm != other.harm
        pairs.append((one, other) if turned else (mine, theirs))
    return (
        (replace(common[0][0], facts=tuple(one for one, _ in pairs)),),
        (replace(common[1][0], facts=tuple(other for _, other in pairs)),),
    )


def _unseen(one: Look, other: Look) -> Iterator[tuple[str, Part, bool]]:
    """Yield what only one side looked at, with its section; ``True`` for before."""
    for module in sections(one.purpose):
        if module.ID == "times":
            continue
        sides = tuple(module.parts(one)), tuple(module.parts(other))
        keys = [{part.key for part in parts} for parts in sides]
        for number, parts in enumerate(sides):
            for part in parts:
                if part.key not in keys[1 - number] and not part.optional:
                    yield say(module.TITLE), part, number == 0


def _merged(verdicts: Sequence[Difference]) -> list[Difference]:
    """Return the verdicts with those that changed in the same way made one."""
    groups: dict[tuple[str, str, Effect], list[Difference]] = defaultdict(list)
    for one in verdicts:
        texts = one.before.text if one.before else "", one.after.text if one.after else ""
        groups[*texts, one.effect].append(one)
    return [
        replace(found[0], subject=", ".join(one.subject for one in found))
        for found in groups.values()
    ]


def _neutral(one: Look, other: Look) -> tuple[Neutral, Neutral]:
    headers = one.side.trace.header, other.side.trace.header
    lab = all(header.scenario for header in headers)
    by_place = not (one.whole and other.whole) or one.delivery.domain != other.delivery.domain
    return Neutral(one, by_place=by_place, lab=lab), Neutral(other, by_place=by_place, lab=lab)


def _side(look: Look) -> SideShown:
    return SideShown(
        label=look.label,
        started_at=visible(look.side.trace.header.started_at, 40),
        verdict=look.verdict,
        outcome=words_of(look.verdict.outcome),
        step_label=step_words(look.side.trace, look.verdict.step),
    )


def _unknown(unseen: Sequence[tuple[str, Part, bool]]) -> list[Difference]:
    """Return what only one side looked at: one line a place."""
    places: dict[tuple[str, bool], list[tuple[str, Part]]] = defaultdict(list)
    for title, part, is_before in unseen:
        places[part.place, is_before].append((title, part))
    found = []
    for (place, is_before), items in places.items():
        titles = ", ".join(dict.fromkeys(title for title, _ in items))
        seen = Shown(text=titles, step=items[0][1].step)
        missing = Shown(text=say("unknown: not looked at"))
        found.append(
            Difference(
                section="unknown",
                subject=visible(place, 1_000) or say("the walk"),
                place="",
                kind=Kind.UNKNOWN,
                before=seen if is_before else missing,
                after=missing if is_before else seen,
            )
        )
    return found
