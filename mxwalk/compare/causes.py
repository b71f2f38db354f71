"""What turned the verdict: found by putting one group of steps at a time into the other side's walk.

Where that tells nothing (other hosts, keys made anew), the differences at the deciding step count, and
where there are none, those before it.
"""

from collections.abc import Sequence
from dataclasses import replace

from mxwalk.compare.graft import UNITS, Grafts, Place, rank
from mxwalk.compare.model import Difference, Effect, Weight
from mxwalk.compare.side import Look
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.trace import Purpose
from mxwalk.senders.model import Verdict

_DERIVED = ("findings", "verdicts", "times", "identity", "own-side", "roll-out")
_WHERE = ("mx", "dns", "address")
_OVER_A_CONNECTION = (
    "connect",
    "greeting",
    "ehlo",
    "starttls",
    "tls",
    "looks",
    "ehlo-tls",
    "envelope",
)
_PRIME = ("ending", "trusted", "standing", "status", "result", "match", "connect")


def weighed(
    before: Look, after: Look, differences: Sequence[Difference]
) -> tuple[tuple[Difference, ...], Effect]:
    """Return the differences with what each does, and whether the verdict is worse or better."""
    grafts = Grafts(before, after)
    overall = _overall(rank(before.verdict), rank(after.verdict))
    told = _effects(grafts, differences)
    causes: set[int] = set()
    if overall in (Effect.WORSE, Effect.BETTER):
        causes = _causes(grafts, differences, into_before=overall is Effect.WORSE)
    beside = {_group(differences[n]) for n in causes}
    result = []
    for number, one in enumerate(differences):
        effect = _effect(one, told)
        if number in causes:
            effect = overall
        elif _group(one) in beside and not one.harm:  # its step turned the verdict, not this
            effect = Effect.UNSAID
        result.append(replace(one, decides=number in causes, effect=effect))
    return tuple(result), overall


def _overall(one: int | None, other: int | None) -> Effect:
    if one is None or other is None:
        return Effect.UNSAID
    if one == other:
        return Effect.NEUTRAL
    return Effect.BETTER if other > one else Effect.WORSE


def _effect(one: Difference, told: dict[tuple[str, str], Effect]) -> Effect:
    if one.harm:
        return Effect.WORSE if one.harm > 0 else Effect.BETTER
    return told.get(_group(one), Effect.UNSAID)


def _group(one: Difference) -> tuple[str, str]:
    return one.unit, one.key[0] if one.key else ""


def _counts(one: Difference) -> bool:
    return one.weight is Weight.FULL and one.section not in _DERIVED


def _effects(grafts: Grafts, differences: Sequence[Difference]) -> dict[tuple[str, str], Effect]:
    """Return what each group of steps at each place does by itself."""
    found: dict[tuple[str, str], Effect] = {}
    for one in differences:
        group = _group(one)
        if group in found or not _counts(one):
            continue
        found[group] = _alone(grafts, one)
    return found


def _alone(grafts: Grafts, one: Difference) -> Effect:
    place = _place(grafts, one)
    there = grafts.verdict(one.unit, (place,), into_before=True)
    back = grafts.verdict(one.unit, (place,), into_before=False)
    if there is None or back is None:
        return Effect.UNSAID
    effect = _overall(rank(grafts.before.verdict), rank(there))
    if effect is Effect.NEUTRAL:  # what is bad already does not show what else is
        effect = _overall(rank(back), rank(grafts.after.verdict))
    return effect


def _place(grafts: Grafts, one: Difference) -> Place:
    key = one.key[0] if one.key else ""
    return grafts.places.get(key, Place())


def _causes(grafts: Grafts, differences: Sequence[Difference], *, into_before: bool) -> set[int]:
    """Return the indexes of what turned the verdict."""
    worse = grafts.after if into_before else grafts.before
    units = dict.fromkeys(one.unit for one in differences if _counts(one))
    found: set[int] = set()
    for unit in units:
        of_unit = [n for n, one in enumerate(differences) if _counts(one) and one.unit == unit]
        places = tuple(dict.fromkeys(_place(grafts, differences[n]) for n in of_unit))
        got = grafts.verdict(unit, places, into_before=into_before)
        if not _turned(got, worse, grafts):
            continue
        alone = [
            place
            for place in places
            if len(places) > 1
            and _turned(grafts.verdict(unit, (place,), into_before=into_before), worse, grafts)
        ]
        here = {n for n in of_unit if not alone or _place(grafts, differences[n]) in alone}
        found |= _sharp(differences, here) if unit == "ehlo" else here
    found = found or _at_step(worse, differences)
    over = {n for n in found if differences[n].unit in _OVER_A_CONNECTION}
    if over:  # another name or address is how one came there, not what is wrong there
        found -= {n for n in found if differences[n].unit in _WHERE}
    places_found = {differences[n].key[0] for n in found if differences[n].unit == "tls"}
    return found | {  # what the names in the certificate come to
        n
        for n, one in enumerate(differences)
        if one.section == "identity" and one.fact == "result" and one.key[0] in places_found
    }


def _sharp(differences: Sequence[Difference], causes: set[int]) -> set[int]:
    """Return what of an EHLO response matters here: STARTTLS, if that is what changed."""
    named = {
        n
        for n in causes
        for shown in (differences[n].before, differences[n].after)
        if shown is not None and "STARTTLS" in f"{differences[n].fact} {shown.text}".upper()
    }
    return named or causes


def _turned(got: Verdict | None, worse: Look, grafts: Grafts) -> bool:
    """Say whether a verdict is the worse side's, for its reason."""
    if got is None or got.outcome is not worse.verdict.outcome:
        return False
    kinds = grafts.kinds
    if got.step is None or worse.verdict.step is None:
        return True
    decided = kinds.get((worse is grafts.before, worse.verdict.step))
    return decided in (kinds.get((True, got.step)), kinds.get((False, got.step)))


def _at_step(worse: Look, differences: Sequence[Difference]) -> set[int]:
    """Return the differences at the step that decided, or else those before it."""
    steps = worse.side.trace.steps
    kind = next((s.kind for s in steps if s.seq == worse.verdict.step), None)
    here = {
        n
        for n, one in enumerate(differences)
        if _counts(one) and kind is not None and kind in UNITS.get(one.unit, frozenset())
    }
    if kind in UNITS["tls"]:  # what DANE asks is decided where the certificates are
        here |= {n for n, one in enumerate(differences) if one.section == "tlsa"}
        here |= {n for n, one in enumerate(differences) if _is_cut(one)}
    if worse.purpose is not Purpose.DELIVERY:
        results = {n for n, one in enumerate(differences) if one.fact.startswith("result")}
        here = {n for n in results if _counts(differences[n])} or here
    return here or {
        n for n, one in enumerate(differences) if _counts(one) and _is_before(one, kind)
    }


def _is_cut(one: Difference) -> bool:
    """Say whether a zone is signed on one side only."""
    return one.section == "dnssec" and one.fact == "status" and one.key[:1] == ("zone",)


def _is_before(one: Difference, kind: StepKind | None) -> bool:
    kinds = UNITS.get(one.unit)
    if kind is None or kinds is None:
        return True
    order = list(StepKind)
    return min(order.index(each) for each in kinds) <= order.index(kind)


def prime(causes: Sequence[Difference]) -> tuple[Difference, ...]:
    """Return the causes with what says most first."""
    return tuple(sorted(causes, key=_weight))


def _weight(one: Difference) -> int:
    if one.section == "identity":
        return -1
    if one.section == "addresses" or one.fact in ("sha256", "spki", "subject"):
        return 3
    if one.fact.split(" ")[-1] in _PRIME or one.fact.split(" ")[0] in _PRIME:
        return 0
    return 1 if one.harm > 0 else 2
