"""The ground that both sides walked: where one was left before its end, the other counts as far.

What follows from evidence (findings, verdicts) follows from what is missing too.  A walk that was left
early is therefore held against as much of the other as it looked at itself, and the rest is unknown.
"""

from collections import Counter
from dataclasses import replace

import msgspec

from mxwalk.compare.pairing import paired
from mxwalk.compare.side import Look, look_at
from mxwalk.errors import UsageError
from mxwalk.evidence.step import Step
from mxwalk.walk.order import next_item

Key = tuple[str, str, str]


def is_over(look: Look) -> bool:
    """Say whether nothing was left to do where this side ends."""
    return next_item(look.delivery) is None


def places_of(look: Look) -> dict[tuple[str, str], str]:
    """Return the key of each host (with an empty address) and each address with a counterpart."""
    found: dict[tuple[str, str], str] = {}
    for host in look.hosts:
        name = host.host.planned.name
        found[name, ""] = host.key
        found.update({(name, one.address): one.key for one in host.addresses if one.address})
    return found


def looks_of(look: Look) -> tuple[Key, ...]:
    """Return what each step of this side looked at, and where, as both sides call it."""
    places = places_of(look)
    return tuple(_key(step, places) for step in look.side.trace.steps)


def _key(step: Step, places: dict[tuple[str, str], str]) -> Key:
    scope = step.scope
    at = (scope.host, scope.address)
    rest = msgspec.structs.replace(scope, host="", address="", attempt=0)
    return step.kind.value, places.get(at, " ".join(at)), repr(rest)


def on_common_ground(before: Look, after: Look) -> tuple[Look, Look]:
    """Return both sides, each only as far as one that was left before its end."""
    one = before if is_over(after) else _as_far(before, after)
    other = after if is_over(before) else _as_far(after, before)
    if one is before and other is after:
        return before, after
    try:
        return paired(look_at(one.side, one.judge), look_at(other.side, other.judge))
    except UsageError:  # a host that is not known so early
        return before, after


def _as_far(look: Look, other: Look) -> Look:
    """Return the side without the steps that the other did not come to."""
    left = Counter(looks_of(other))
    kept = []
    for step, key in zip(look.side.trace.steps, looks_of(look), strict=True):
        if left[key] > 0:
            left[key] -= 1
            kept.append(step)
    if len(kept) == len(look.side.trace.steps):
        return look
    trace = msgspec.structs.replace(look.side.trace, steps=tuple(kept))
    return replace(look, side=replace(look.side, trace=trace))
