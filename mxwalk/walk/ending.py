"""Where a walk stands: whether there is more to do, after which step it ends, and what will not come.

All of it is a function of the evidence.  Nobody can tell from a trace why nothing follows its last
step: it was broken off, cut, or still goes on; only that the walk was not over is known.
"""

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.step import Step, StepKind
from mxwalk.language import say
from mxwalk.senders.model import Outcome, Verdict
from mxwalk.walk.order import connections_of, next_item
from mxwalk.walk.plan import label_of


def is_unfinished(delivery: Delivery) -> bool:
    """Say whether the walk was not over where its trace ends."""
    return not delivery.stopped and next_item(delivery) is not None


def last_step(delivery: Delivery) -> Step | None:
    """Return the last step that is no note; ``None`` where there is none."""
    steps = reversed(delivery.trace.steps)
    return next((step for step in steps if step.kind is not StepKind.NOTE), None)


def end_words(delivery: Delivery) -> str:
    """Return where the trace of an unfinished walk ends: ``step 7 (STARTTLS)``."""
    step = last_step(delivery)
    if step is None:
        return say("its start")
    return say("step {seq} ({step})", seq=step.seq, step=label_of(step.kind))


def then_words(delivery: Delivery, verdict: Verdict) -> str:
    """Return what the sender does next; of a walk that tells nothing so far, that it is not over."""
    if verdict.outcome is Outcome.UNKNOWN and is_unfinished(delivery):
        return say(
            "not known: the walk is not over, its trace ends after {end}", end=end_words(delivery)
        )
    return verdict.next_action


def why_not(delivery: Delivery, attempt: Attempt, kinds: frozenset[StepKind]) -> str:
    """Return why none of these steps is still to come on a connection; empty where one is."""
    host = next((one for one in delivery.hosts if one.planned == attempt.host), None)
    plans = connections_of(delivery, host) if host is not None else []
    rest = next((one.rest for one in plans if one.attempt is attempt), None)
    if rest is None or not kinds.isdisjoint(rest.kinds):
        return ""
    ended = next((step for step in attempt.steps if _ends(step)), None)
    if not attempt.dead or ended is None:
        return rest.reason
    if ended.kind is StepKind.CONNECT:
        return say("no connection came about")
    return say(
        "the connection ended in step {seq} ({step})", seq=ended.seq, step=label_of(ended.kind)
    )


def _ends(step: Step) -> bool:
    return getattr(step.evidence, "ending", None) is not None
