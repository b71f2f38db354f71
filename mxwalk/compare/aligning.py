"""The parts of both sides held against each other: what is added, gone, changed, or unknown."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from mxwalk.compare.model import Difference, Fact, Kind, Part, Shown, Weight
from mxwalk.compare.spans import changed_spans
from mxwalk.text import visible

_SUBJECT = 1_000
_WORTH_S = 2.0  # what is quicker than this never held up a delivery
_FACTOR = 4.0
Neutralised = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _Two:
    before: Fact | None
    after: Fact | None


def align(
    section: str,
    unit: str,
    sides: tuple[Sequence[Part], Sequence[Part]],
    neutral: tuple[Neutralised, Neutralised],
) -> tuple[tuple[Difference, ...], int]:
    """Return the differences of what both sides have of a section, and how many always differ."""
    left = {part.key: part for part in sides[0]}
    right = {part.key: part for part in sides[1]}
    found: list[Difference] = []
    for key, part in left.items():
        if key in right:
            found.extend(_of_part(section, unit, part, right[key], neutral))
    shown = tuple(one for one in found if one.weight is not Weight.VOLATILE)
    return shown, len(found) - len(shown)


def _of_part(
    section: str, unit: str, one: Part, other: Part, neutral: tuple[Neutralised, Neutralised]
) -> Iterator[Difference]:
    place = one.place if one.place == other.place or not other.place else _both(one, other)
    base = Difference(
        section=section,
        subject="",
        place=visible(place, _SUBJECT),
        kind=Kind.CHANGED,
        before=None,
        after=None,
        unit=one.unit or unit,
        key=one.key,
    )
    twos = tuple(_twos(one.facts, other.facts, neutral))
    for two in twos:
        if two.before is None and two.after is not None and not one.sees(two.after):
            continue
        if two.after is None and two.before is not None and not other.sees(two.before):
            continue
        if (difference := _difference(base, two, neutral)) is not None:
            yield replace(difference, subject=visible(difference.subject, _SUBJECT))
    if one.order and (moved := _moved(base, one, other, twos)) is not None:
        yield moved


def _both(one: Part, other: Part) -> str:
    return f"{one.place} → {other.place}" if one.place else other.place


def _twos(
    facts: Sequence[Fact], others: Sequence[Fact], neutral: tuple[Neutralised, Neutralised]
) -> Iterator[_Two]:
    """Yield facts with their counterparts: by key, then by rival among what is left over."""
    waiting: dict[str, list[Fact]] = defaultdict(list)
    for fact in others:
        waiting[neutral[1](fact.key)].append(fact)
    pairs: list[_Two] = []
    left: list[Fact] = []
    for fact in facts:
        same = waiting.get(neutral[0](fact.key))
        if same:
            pairs.append(_Two(fact, same.pop(0)))
        else:
            left.append(fact)
    right = [fact for rest in waiting.values() for fact in rest]
    order = {id(fact): place for place, fact in enumerate(others)}
    right.sort(key=lambda fact: order[id(fact)])
    for fact in left:
        rival = next((one for one in right if fact.rival and one.rival == fact.rival), None)
        if rival is not None:
            right.remove(rival)
        pairs.append(_Two(fact, rival))
    yield from pairs
    yield from (_Two(None, fact) for fact in right)


def _difference(
    base: Difference, two: _Two, neutral: tuple[Neutralised, Neutralised]
) -> Difference | None:
    one, other = two.before, two.after
    if not all(fact.known for fact in (one, other) if fact is not None):
        return None
    if one is None or other is None:
        fact = one or other
        assert fact is not None
        if fact.measure_s is not None:
            return None  # a step that was not made took no time
        return replace(
            base,
            subject=fact.subject,
            fact=fact.key,
            kind=Kind.GONE if one is not None else Kind.ADDED,
            before=_shown(one) if one is not None else None,
            after=_shown(other) if other is not None else None,
            weight=fact.weight,
            harm=fact.harm if other is not None else -fact.harm,
        )
    if _equal(one, other, neutral):
        return None
    weight = max(one.weight, other.weight, key=list(Weight).index)
    before, after = visible(one.value), visible(other.value)
    mine, theirs = changed_spans(before, after)
    return replace(
        base,
        fact=one.key,
        subject=one.subject if one.subject == other.subject else f"{one.subject} → {other.subject}",
        before=Shown(text=before, spans=mine, step=one.step),
        after=Shown(text=after, spans=theirs, step=other.step),
        weight=weight,
        harm=other.harm - one.harm if one.ranked and other.ranked else 0,
    )


def _equal(one: Fact, other: Fact, neutral: tuple[Neutralised, Neutralised]) -> bool:
    if one.measure_s is not None and other.measure_s is not None:
        quick, slow = sorted((max(one.measure_s, 0.001), max(other.measure_s, 0.001)))
        return slow < _WORTH_S or slow / quick < _FACTOR
    return neutral[0](one.same or one.value) == neutral[1](other.same or other.value)


def _shown(fact: Fact) -> Shown:
    return Shown(text=visible(fact.value), step=fact.step)


def _moved(base: Difference, one: Part, other: Part, twos: Sequence[_Two]) -> Difference | None:
    """Return the difference in order among what both sides have; ``None`` where there is none."""
    place = {id(fact): number for number, fact in enumerate(other.facts)}
    common = [(two.before, two.after) for two in twos if two.before and two.after]
    ranked = sorted(common, key=lambda pair: place[id(pair[1])])
    if common == ranked:
        return None
    before = visible(", ".join(fact.subject for fact, _ in common))
    after = visible(", ".join(fact.subject for _, fact in ranked))
    left, right = changed_spans(before, after)
    return replace(
        base,
        subject=one.order,
        before=Shown(text=before, spans=left, step=one.step),
        after=Shown(text=after, spans=right, step=other.step),
    )
