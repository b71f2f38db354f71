"""Running a plan of comparisons to the whole matrix: what was compared, in which order, and what not.

A plan lists the pairs a flow would compare, in order, and says for every other pair why it does not.
Evaluation stops at the first match, as every flow does; what comes after is recorded as not reached.
A certificate may hold thousands of names: every pair up to the match is compared, but no more than
``IDENTITY_CELLS`` cells are kept, the rest is counted.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import islice

from mxwalk.identity.matching import compare, matches
from mxwalk.identity.model import (
    Comparison,
    IdentityResult,
    Match,
    PresentedId,
    PresentedKind,
    ReferenceId,
)
from mxwalk.identity.patterns import quoted
from mxwalk.language import say
from mxwalk.limits import IDENTITY_CELLS


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a flow compares.

    ``order`` yields the pairs it compares; ``why_not`` gives the reason for every other pair and is
    empty for these.  ``note`` is added to the summary of a failure and says what the flow could have
    used but did not find.
    """

    flow: str
    presented: tuple[PresentedId, ...]
    references: tuple[ReferenceId, ...]
    order: Iterable[tuple[PresentedId, ReferenceId]]
    why_not: Callable[[PresentedId, ReferenceId], str]
    note: str = ""


def evaluate(plan: Plan) -> IdentityResult:
    """Compare in the plan's order up to the first match, and record every other cell as skipped."""
    processed: list[Comparison] = []
    compared_with: dict[ReferenceId, None] = {}
    number = 0
    verified = False
    for number, (presented, reference) in enumerate(plan.order, start=1):
        verified = matches(presented, reference)
        compared_with[reference] = None
        if verified or len(processed) < IDENTITY_CELLS:
            cell = compare(presented, reference)
            processed.append(replace(cell, number=number, decides=verified))
        if verified:
            break
    skipped = _skipped(plan, processed)
    return IdentityResult(
        flow=plan.flow,
        presented=plan.presented,
        references=plan.references,
        comparisons=(*processed, *skipped),
        verified=verified,
        summary=_summary(plan, processed, list(compared_with), verified=verified),
        omitted=len(plan.presented) * len(plan.references) - len(processed) - len(skipped),
    )


def _skipped(plan: Plan, processed: list[Comparison]) -> tuple[Comparison, ...]:
    done = {(cell.presented, cell.reference) for cell in processed}
    not_reached = say(
        "not reached: verified by comparison {number}",
        number=processed[-1].number if processed else 0,
    )
    cells = (
        Comparison(
            presented=presented,
            reference=reference,
            match=Match.SKIPPED,
            reason=plan.why_not(presented, reference) or not_reached,
        )
        for presented in plan.presented
        for reference in plan.references
        if (presented, reference) not in done
    )
    return tuple(islice(cells, max(0, IDENTITY_CELLS - len(processed))))


def _summary(
    plan: Plan, processed: list[Comparison], wanted: list[ReferenceId], *, verified: bool
) -> str:
    if verified:
        cell = processed[-1]
        how = say("exactly") if cell.match is Match.EXACT else say("by wildcard")
        return say(
            "{name_of} matches the {kind} {reference} {how}",
            name_of=name_of(cell.presented),
            kind=say(cell.reference.kind.value),
            reference=quoted(cell.reference.text),
            how=how,
        )
    if not plan.presented:
        return say("the certificate presents no name: it has neither a dNSName nor a CN")
    if not processed:
        return say("no name of the certificate was compared with any reference identifier")
    names = list(dict.fromkeys(cell.presented for cell in processed))
    note = f"; {plan.note}" if plan.note else ""
    failed = say("{nobody} {objects}", nobody=_nobody(names), objects=_objects(wanted))
    return f"{failed}{note}"


def name_of(presented: PresentedId) -> str:
    """Return the identifier with its kind, as ``dNSName "example.com"``."""
    kind = "dNSName" if presented.kind is PresentedKind.DNS_ID else "CN"
    return f"{kind} {quoted(presented.text)}"


def _nobody(names: list[PresentedId]) -> str:
    dns = [name for name in names if name.kind is PresentedKind.DNS_ID]
    cn = next((name for name in names if name.kind is PresentedKind.CN_ID), None)
    if dns and cn:
        return say("neither a dNSName nor the {name_of} matches", name_of=name_of(cn))
    if len(dns) > 1:
        return say("no dNSName matches")
    return say("the {name_of} does not match", name_of=name_of(cn or dns[0]))


def _objects(wanted: list[ReferenceId]) -> str:
    shown = [
        say("the {kind} {ref}", kind=say(ref.kind.value), ref=quoted(ref.text))
        for ref in wanted[:4]
    ]
    if len(wanted) > 4:
        shown.append(say("{wanted} more names", wanted=len(wanted) - 4))
    return say(" or ").join(shown)
