"""Which steps of a message walk or a survey stand, and what of their evidence counts.

A step that was to be repeated stands no longer.  What a resolver denies that denies the DNS root as
well is not known, instead of not there.  What a step says of a signature counts as far as it agrees
with the message in the header: a trace may come from anybody.
"""

from msgspec import structs

from mxwalk.delivery.denials import believed, denies_root
from mxwalk.evidence.lookups import ResolverChecked
from mxwalk.evidence.mailauth import DkimChecked, Verified
from mxwalk.evidence.step import Decided, Scope, Step, StepKind
from mxwalk.evidence.trace import Trace
from mxwalk.mailauth.dkim.model import Signature


def standing(trace: Trace) -> Trace:
    """Return the trace with the steps that stand, and denials as far as they can be believed."""
    again: set[tuple[StepKind | None, Scope]] = set()
    steps: list[Step] = []
    for step in reversed(trace.steps):
        evidence = step.evidence
        if isinstance(evidence, Decided) and evidence.step_kind is not None:
            if evidence.repeats(evidence.step_kind):
                again.add((evidence.step_kind, step.scope))
        elif (step.kind, step.scope) in again:
            continue
        steps.append(step)
    steps.reverse()
    stands = structs.replace(trace, steps=tuple(steps))
    if not _is_denied(stands):
        return stands
    return structs.replace(stands, steps=tuple(map(_doubted, steps)))


def _is_denied(trace: Trace) -> bool:
    checks = (step.evidence for step in reversed(trace.steps))
    return denies_root(next((one for one in checks if isinstance(one, ResolverChecked)), None))


def _doubted(step: Step) -> Step:
    return structs.replace(step, evidence=believed(step.evidence))


def held_to(signature: Signature, checked: DkimChecked) -> DkimChecked:
    """Return what was found of a signature as far as it can be of this one.

    A key counts that stands where the signature says, and a body whose hash is that of ``bh=``.
    """
    key = checked.key
    if key is not None and (key.qname.lower(), key.rtype) != (signature.key_name.lower(), "TXT"):
        checked = structs.replace(checked, key=None)
    if checked.verified is Verified.VALID and checked.body_hash != signature.body_hash:
        return structs.replace(checked, verified=Verified.BODY_HASH)
    return checked
