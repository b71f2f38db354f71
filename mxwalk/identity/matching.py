"""Comparing one presented identifier with one reference identifier (RFC 9525 6.3, RFC 6125 6.4).

Names are compared as A-labels, without case and without the trailing dot; a wildcard is the complete
left-most label and stands for exactly one label.  A whole-label wildcard may stand for an A-label:
both RFCs forbid only a wildcard *embedded* in one.  Every result carries its reason with the actual
values; text that is no name never matches and never raises.
"""

import enum
from collections.abc import Sequence

from mxwalk.identity.model import Comparison, Match, PresentedId, ReferenceId
from mxwalk.identity.patterns import Pattern, Unusable, quoted, read_presented, read_reference
from mxwalk.language import noted, say
from mxwalk.text import visible

LABELS_SHOWN = 128  # 253 octets hold no more
_LABEL_CHARS = 80


def compare(presented: PresentedId, reference: ReferenceId) -> Comparison:
    """Compare the two names; the result is never ``SKIPPED`` and carries no number yet."""
    pattern = read_presented(presented.kind, presented.text)
    if isinstance(pattern, Unusable):
        return _mismatch(presented, reference, pattern.reason)
    name = read_reference(reference.text)
    if isinstance(name, Unusable):
        return _mismatch(
            presented,
            reference,
            say(
                "the {kind} cannot match: {reason}",
                kind=say(reference.kind.value),
                reason=name.reason,
            ),
        )
    equal = _equal_from_right(pattern.labels, name.labels)
    if pattern.labels == name.labels:
        return Comparison(
            presented=presented,
            reference=reference,
            match=Match.EXACT,
            reason=_exact_reason(presented, reference, name),
            equal_labels=equal,
        )
    if not pattern.wildcard:
        reason = _name_reason(pattern, name, equal)
    elif equal == len(pattern.labels) - 1 == len(name.labels) - 1:
        return _wildcard_match(presented, reference, name)
    else:
        reason = _wildcard_reason(pattern, name, equal)
    return _mismatch(presented, reference, reason, equal)


def matches(presented: PresentedId, reference: ReferenceId) -> bool:
    """Say whether ``compare`` finds a match, without building the record."""
    pattern = read_presented(presented.kind, presented.text)
    name = read_reference(reference.text)
    if isinstance(pattern, Unusable) or isinstance(name, Unusable):
        return False
    if pattern.wildcard:
        return pattern.labels[1:] == name.labels[1:]
    return pattern.labels == name.labels


def _mismatch(
    presented: PresentedId, reference: ReferenceId, reason: str, equal: int = 0
) -> Comparison:
    return Comparison(
        presented=presented,
        reference=reference,
        match=Match.MISMATCH,
        reason=reason,
        equal_labels=equal,
    )


def _wildcard_match(presented: PresentedId, reference: ReferenceId, name: Pattern) -> Comparison:
    stood_for, rest = name.labels[0], ".".join(name.labels[1:])
    reason = say(
        '"*" stands for {stood_for}, {rest} equals {rest}',
        stood_for=quoted(stood_for),
        rest=quoted(rest),
    )
    if stood_for.startswith("xn--"):
        reason += say("; a complete label may be an A-label (RFC 9525 6.3)")
    return Comparison(
        presented=presented,
        reference=reference,
        match=Match.WILDCARD,
        reason=reason,
        equal_labels=len(name.labels) - 1,
        wildcard_label=stood_for,
    )


def _exact_reason(presented: PresentedId, reference: ReferenceId, name: Pattern) -> str:
    reason = say(
        "{presented} equals {reference}",
        presented=quoted(presented.text),
        reference=quoted(reference.text),
    )
    if presented.text.isascii() and reference.text.isascii():
        return reason
    return say(
        "{reason}: both are {labels} in A-labels",
        reason=reason,
        labels=quoted(".".join(name.labels)),
    )


def _name_reason(pattern: Pattern, name: Pattern, equal: int) -> str:
    left, right = ".".join(pattern.labels), ".".join(name.labels)
    reason = say("{left} is not {right}", left=quoted(left), right=quoted(right))
    if not equal:
        return reason
    mine = ".".join(pattern.labels[: len(pattern.labels) - equal])
    other = ".".join(name.labels[: len(name.labels) - equal])
    if not mine:
        return say("{reason}: it lacks {other}", reason=reason, other=quoted(other))
    if not other:
        return say("{reason}: {mine} is too much", reason=reason, mine=quoted(mine))
    return say(
        "{reason}: {mine} differs from {other}",
        reason=reason,
        mine=quoted(mine),
        other=quoted(other),
    )


def _wildcard_reason(pattern: Pattern, name: Pattern, equal: int) -> str:
    base = ".".join(pattern.labels[1:])
    full = ".".join(name.labels)
    if equal < len(pattern.labels) - 1:
        return say("{full} does not end in {base}", full=quoted(full), base=quoted("." + base))
    over = name.labels[: len(name.labels) - equal]
    if not over:
        return say(
            '"*" stands for exactly one label, and {full} has none before {base}',
            full=quoted(full),
            base=quoted(base),
        )
    return say(
        'a wildcard covers one label: "*" cannot stand for {over} (RFC 9525 6.3)',
        over=quoted(".".join(over)),
    )


def _equal_from_right(left: Sequence[str], right: Sequence[str]) -> int:
    count = 0
    for one, other in zip(reversed(left), reversed(right), strict=False):
        if one != other or one == "*":
            break
        count += 1
    return count


class LabelMatch(enum.StrEnum):
    """How two labels at the same place from the right relate."""

    EQUAL = noted("equal")
    WILDCARD = noted("wildcard")
    DIFFERENT = noted("different")
    MISSING = noted("missing")  # the other name is shorter


def label_pairs(comparison: Comparison) -> tuple[tuple[str | None, str | None, LabelMatch], ...]:
    """Pair the labels of both names, aligned at the right end, left-most pair first.

    Labels are printable and bounded; ``None`` stands where a name is shorter.  It works for skipped
    comparisons too, where only equality is shown.
    """
    presented = _labels(
        comparison.presented.text,
        read_presented(comparison.presented.kind, comparison.presented.text),
    )
    reference = _labels(comparison.reference.text, read_reference(comparison.reference.text))
    pairs: list[tuple[str | None, str | None, LabelMatch]] = []
    for place in range(1, max(len(presented), len(reference)) + 1):
        mine = presented[-place] if place <= len(presented) else None
        other = reference[-place] if place <= len(reference) else None
        if mine is None or other is None:
            how = LabelMatch.MISSING
        elif mine == "*" and comparison.match is Match.WILDCARD:
            how = LabelMatch.WILDCARD
        else:
            how = LabelMatch.EQUAL if mine == other else LabelMatch.DIFFERENT
        pairs.append((mine, other, how))
    return tuple(reversed(pairs))


def _labels(text: str, read: Pattern | Unusable) -> tuple[str, ...]:
    if isinstance(read, Pattern):
        return read.labels
    plain = text[-LABELS_SHOWN * 64 :].removesuffix(".").lower()
    return tuple(visible(label, _LABEL_CHARS) for label in plain.split(".")[-LABELS_SHOWN:])
