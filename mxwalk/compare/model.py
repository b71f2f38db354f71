"""What a comparison consists of: facts of each side, their differences, and what they come to.

A ``Part`` is one place that a side looked at.  Where the other side never looked there, its facts are
unknown, never gone.
"""

import enum
from dataclasses import dataclass

from mxwalk.senders.model import Verdict

CONCLUDED = ("findings", "verdicts")  # the sections that say what follows from the others


class Kind(enum.Enum):
    """How the sides differ in one thing."""

    ADDED = "added"
    GONE = "gone"
    CHANGED = "changed"
    UNKNOWN = "unknown"  # one side did not look


class Effect(enum.Enum):
    """What a difference does to the chosen sender's verdict."""

    WORSE = "worse"
    BETTER = "better"
    NEUTRAL = "neutral"
    UNSAID = "unsaid"  # it cannot be told


class Weight(enum.Enum):
    """How much a difference counts."""

    FULL = "full"
    NOTICE = "notice"  # worth knowing; walks that differ in nothing else are the same
    VOLATILE = "volatile"  # always another: counted, not shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that a side shows, as visible text.

    ``key`` finds the same thing on the other side.  ``same`` is compared in the place of ``value``
    where it is set, and ``measure_s``, seconds, as a factor.  What is not ``known`` is no difference.
    What is left over on both sides with one ``rival`` has changed, and is neither gone nor added.
    ``harm`` says that the thing itself is bad (above 0) or good (below), unless it has no rank.
    ``rests`` is the look it rests on, with the place: a side without that look cannot have it.
    """

    key: str
    subject: str
    value: str
    step: int | None = None
    same: str = ""
    rival: str = ""
    weight: Weight = Weight.FULL
    harm: int = 0
    ranked: bool = True
    rests: tuple[str, str] | None = None
    known: bool = True
    measure_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What was looked at in one place; ``key`` finds the same place on the other side.

    ``order`` names what the order of the facts is, empty where it means nothing.  ``unit`` is the group
    of steps it rests on, where that is not the section's.  ``optional`` parts follow from others: that
    one side has none is not worth a word.  ``blind`` are beginnings of keys of facts that this side
    could not see, its look-up failed: that it has none of them does not make them gone or new.
    ``looked`` are the looks that facts can rest on, where facts of a part rest on different ones.
    """

    key: tuple[str, ...]
    place: str
    facts: tuple[Fact, ...]
    step: int | None = None
    order: str = ""
    unit: str = ""
    optional: bool = False
    blind: tuple[str, ...] = ()
    looked: frozenset[tuple[str, str]] = frozenset()

    def sees(self, fact: Fact) -> bool:
        """Whether a fact of the other side would be here if it was there."""
        if fact.rests is not None and fact.rests not in self.looked:
            return False
        return not fact.key.startswith(self.blind)


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a value; ``differs`` tells what the other side has not."""

    text: str
    differs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One side of a difference; ``step`` is the seq of the step it rests on."""

    text: str
    spans: tuple[Span, ...] = ()
    step: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that differs: ``before`` or ``after`` is ``None`` where it was not there.

    ``decides`` says that it is what turned the verdict.  ``unit`` and ``key`` say which steps it rests
    on and at which place.
    """

    section: str
    subject: str
    place: str
    kind: Kind
    before: Shown | None
    after: Shown | None
    weight: Weight = Weight.FULL
    effect: Effect = Effect.UNSAID
    decides: bool = False
    unit: str = ""
    key: tuple[str, ...] = ()
    fact: str = ""
    harm: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The differences of one subject; ``always`` counts those that are different every time."""

    id: str
    title: str
    differences: tuple[Difference, ...]
    always: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SideShown:
    """One side in a few words: what was walked, when, and what the chosen sender does."""

    label: str
    started_at: str
    verdict: Verdict
    outcome: str
    step_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Everything that differs.  ``answer`` says in a paragraph what turned the verdict, if it turned.

    ``sender`` is the chosen one's label.  ``unknown`` holds what one side did not look at.
    """

    before: SideShown
    after: SideShown
    sender: str
    sender_label: str
    answer: str
    effect: Effect
    sections: tuple[Section, ...]
    unknown: tuple[Difference, ...] = ()

    @property
    def differences(self) -> tuple[Difference, ...]:
        """All that differ and count, in order."""
        found = (one for section in self.sections for one in section.differences)
        return tuple(one for one in found if one.weight is Weight.FULL)

    @property
    def seen(self) -> tuple[Difference, ...]:
        """Those of what was observed, without what follows from it."""
        return tuple(one for one in self.differences if one.section not in CONCLUDED)

    @property
    def causes(self) -> tuple[Difference, ...]:
        """What turned the verdict."""
        return tuple(one for one in self.differences if one.decides)

    @property
    def always(self) -> int:
        """How many things differ that always do."""
        return sum(section.always for section in self.sections)
