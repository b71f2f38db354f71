"""Where a walk stands: whether there is more to do, after which step it ends, and what will not come.

All of it is a function of the evidence.  A walk that is left with a connection open is ended by a
decision, and QUIT is sent: what would have come instead tells whether it was over.  Where nothing
follows the last step, nobody can tell why: it was broken off, cut, or still goes on.
"""

import enum
from dataclasses import replace

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.model import Delivery, Host
from mxwalk.evidence.step import Decided, DecisionKind, Step, StepKind
from mxwalk.evidence.trace import Purpose
from mxwalk.language import say
from mxwalk.senders.find_out import to_find_out
from mxwalk.senders.model import Outcome, Verdict
from mxwalk.walk.order import Item, connections_of, next_item
from mxwalk.walk.plan import label_of


class End(enum.Enum):
    """What the last step of a trace is to its walk; ``IN_STEP``: that step itself was broken off."""

    OVER = "the walk was over"
    BROKEN_OFF = "nothing follows, and the walk was not over"
    IN_STEP = "the last step was broken off"
    LEFT = "a person ended the walk"
    DAMAGED = "what follows in the file is not used"


def end_of(delivery: Delivery) -> End:
    """Return how a trace ends; a walk that ended itself at one of its limits is over."""
    if delivery.stopped:
        return End.LEFT if _next_had_it_gone_on(delivery) else End.OVER
    if next_item(delivery) is None:
        last = last_step(delivery)
        broken = last is not None and last.cancelled and last.kind is not StepKind.QUIT
        return End.IN_STEP if broken else End.OVER
    return End.DAMAGED if delivery.trace.damaged_within else End.BROKEN_OFF


def is_unfinished(delivery: Delivery) -> bool:
    """Say whether the walk was not over where its trace ends; of a damaged one that is not known."""
    return end_of(delivery) in (End.BROKEN_OFF, End.IN_STEP, End.LEFT)


def _next_had_it_gone_on(delivery: Delivery) -> Item | None:
    """Return what would have come next, had a person not ended the walk; ``None`` for mere leave.

    Ending it sends QUIT, which tells nothing more of the walk than that.
    """
    ends = (step for step in delivery.decisions if _ends_walk(step))
    end = next(ends, None)
    if end is None or not _is_by_person(end):
        return None
    hosts = tuple(_before(host, end) for host in delivery.hosts)
    went_on = replace(delivery, stopped=False, hosts=hosts)
    item = next_item(went_on)
    if item is not None and item.kind is StepKind.QUIT:
        item = next_item(replace(delivery, stopped=False))
    return None if item is None or item.kind is StepKind.QUIT else item


def _ends_walk(step: Step) -> bool:
    return isinstance(step.evidence, Decided) and step.evidence.decision.ends_walk


def _is_by_person(step: Step) -> bool:
    return isinstance(step.evidence, Decided) and step.evidence.decision is DecisionKind.STOP


def _before(host: Host, end: Step) -> Host:
    """Return the host with its connections as they were before the walk was ended."""
    attempts = (
        replace(attempt, steps=tuple(step for step in attempt.steps if step.seq < end.seq))
        for attempt in host.attempts
    )
    return replace(host, attempts=tuple(attempts))


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


def why_open(delivery: Delivery) -> str:
    """Return why there is no more in the trace of a walk that is not over; empty of one that is."""
    match end_of(delivery):
        case End.OVER:
            return ""
        case End.BROKEN_OFF:
            return say("the trace breaks off after {end}", end=end_words(delivery))
        case End.IN_STEP:
            return say("the walk was broken off in {end}", end=end_words(delivery))
        case End.LEFT:
            item = _next_had_it_gone_on(delivery)
            step = label_of(item.kind) if item else ""
            return say("the walk was ended by decision before {step}", step=step)
        case End.DAMAGED:
            return say("the trace is damaged after {end}", end=end_words(delivery))


def reason_words(delivery: Delivery, verdict: Verdict) -> str:
    """Return a verdict's reason; where a damaged trace does not come so far, that."""
    nothing = verdict.outcome is Outcome.UNKNOWN and verdict.step is None
    return why_open(delivery) if nothing and end_of(delivery) is End.DAMAGED else verdict.reason


def then_words(delivery: Delivery, verdict: Verdict) -> str:
    """Return what the sender does next; where that is not known, why not or what would tell."""
    if verdict.outcome is not Outcome.UNKNOWN:
        return verdict.next_action
    if not (why := why_open(delivery)):
        if delivery.trace.header.purpose is not Purpose.DELIVERY:
            return verdict.next_action
        return say("not known from this walk: {advice}", advice=to_find_out(delivery, verdict))
    if end_of(delivery) is End.BROKEN_OFF:
        return say(
            "not known: the walk is not over, its trace ends after {end}", end=end_words(delivery)
        )
    return say("not known: {why}", why=why)


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
