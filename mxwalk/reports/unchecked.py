"""What a walk did not check, so that finding nothing is not taken for there being nothing.

Steps and hosts left out by decision, steps broken off, a walk that is not over, and certificates whose
revocation nobody was asked about.
"""

from collections.abc import Iterator

from mxwalk import limits
from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.model import Delivery
from mxwalk.delivery.revocation import standings
from mxwalk.evidence.step import Decided, DecisionKind, Step, StepKind
from mxwalk.evidence.trace import Purpose
from mxwalk.language import say
from mxwalk.revocation.model import Standing
from mxwalk.text import visible
from mxwalk.walk.course import Stop, left_out, step_of
from mxwalk.walk.courses import course_of
from mxwalk.walk.ending import End, end_of, end_words, why_open
from mxwalk.walk.plan import label_of

_SHOWN = 8
_NAME_CHARS = 300
# What would have been looked at had more been known; other needless steps have nothing to look at.
_MISSED = (StepKind.SPF_MAILFROM, StepKind.SPF_HELO, StepKind.DKIM_KEYS)


def unchecked(delivery: Delivery) -> tuple[str, ...]:
    """Return what was not checked and why, each in a few words; at most eight, the rest counted."""
    is_delivery = delivery.trace.header.purpose is Purpose.DELIVERY
    found = list(dict.fromkeys((_unchecked if is_delivery else _of_course)(delivery)))
    if len(found) > _SHOWN:
        found = [*found[:_SHOWN], say("and {found} more", found=len(found) - _SHOWN)]
    return tuple(found)


def _unchecked(delivery: Delivery) -> Iterator[str]:
    for step in delivery.decisions:
        yield from _decided(delivery, step)
    for host in delivery.hosts:
        for address in dict.fromkeys(attempt.address for attempt in host.attempts):
            attempt = host.latest(address)
            if attempt is not None:
                yield from _broken_off(attempt)
                yield from _revocation(attempt)
    yield from _not_over(delivery)


def _of_course(delivery: Delivery) -> Iterator[str]:
    """Yield what a message walk or a survey left out."""
    course = course_of(delivery)
    for stop in (stop for leg in course for stop in leg.stops):
        step = step_of(delivery, stop)
        name = _stop_name(stop)
        if step is not None and step.cancelled:
            yield say("{name} (broken off)", name=name)
        elif step is None and left_out(delivery, stop):
            yield say("{name} (left out by decision)", name=name)
        elif step is None and stop.needless and stop.kind in _MISSED:
            yield f"{name} ({visible(stop.needless, _NAME_CHARS)})"
    given = delivery.trace.header.message
    if given is not None and not given.whole:
        redacted = delivery.trace.header.redacted
        yield (
            say("the body and most header fields (redaction removed them)")
            if redacted
            else say("the body (only header fields were given)")
        )
    if delivery.stopped:
        ends = [step for step in delivery.decisions if _ends(step)]
        yield from (text for step in ends for text in _decided(delivery, step))
    yield from _not_over(delivery)


def _not_over(delivery: Delivery) -> Iterator[str]:
    match end_of(delivery):
        case End.OVER | End.LEFT:  # the decision that ended it tells the latter
            return
        case End.BROKEN_OFF:
            yield say(
                "what comes next: the trace breaks off after {end}, before the walk was over",
                end=end_words(delivery),
            )
        case End.IN_STEP | End.DAMAGED:
            yield say("what comes next: {why}", why=why_open(delivery))


def _stop_name(stop: Stop) -> str:
    where = visible(stop.scope.host, _NAME_CHARS)
    if where:
        return say("{step} of {place}", step=label_of(stop.kind), place=where)
    return label_of(stop.kind)


def _decided(delivery: Delivery, step: Step) -> Iterator[str]:
    assert isinstance(step.evidence, Decided)
    kind = step.evidence.step_kind
    match step.evidence.decision:
        case DecisionKind.SKIP_STEP if kind is not None and not _made(delivery, step, kind):
            if kind is not StepKind.RSET:  # nothing is learned from it
                yield say(
                    "{step} at {place} (left out by decision)",
                    step=label_of(kind),
                    place=_place(step),
                )
        case DecisionKind.SKIP_HOST:
            yield say("the rest of {place} (left out by decision)", place=_place(step))
        case DecisionKind.STOP if end_of(delivery) is End.LEFT:
            yield say("what would have come next (the walk was ended by decision)")
        case DecisionKind.LOOKUPS_SPENT | DecisionKind.TIME_SPENT as spent:
            yield _over_budget(spent)
        case DecisionKind.ENOUGH if any(not host.attempts for host in delivery.hosts):
            yield say("the other hosts (the first that delivers was enough)")
        case _:
            pass


def _ends(step: Step) -> bool:
    return isinstance(step.evidence, Decided) and step.evidence.decision.ends_walk


def _over_budget(spent: DecisionKind) -> str:
    if spent is DecisionKind.LOOKUPS_SPENT:
        return say(
            "what would have come next (a walk makes {limit} DNS look-ups at most)",
            limit=limits.DNS_QUESTIONS_PER_WALK,
        )
    return say(
        "what would have come next (a walk works for {limit} hours at most)",
        limit=f"{limits.WALK_S / 3_600:g}",
    )


def _made(delivery: Delivery, decision: Step, kind: StepKind) -> bool:
    """Say whether the step was made on a later connection to the same address."""
    scope = decision.scope
    return delivery.last_made.get((kind, scope.host, scope.address), 0) > decision.seq


def _broken_off(attempt: Attempt) -> Iterator[str]:
    for step in attempt.steps:
        if step.cancelled:
            yield say(
                "{step} at {place} (broken off)",
                step=label_of(step.kind),
                place=_place(step),
            )


def _revocation(attempt: Attempt) -> Iterator[str]:
    open_ = [one for one in standings(attempt) if one.standing is Standing.NOT_CHECKED]
    if open_:
        address = f" [{attempt.address}]" if attempt.address else ""
        where = f"{attempt.host.display}{address}"
        yield visible(
            say("revocation at {where} ({sentence})", where=where, sentence=open_[0].sentence),
            _NAME_CHARS,
        )


def _place(step: Step) -> str:
    address = f" [{step.scope.address}]" if step.scope.address else ""
    return visible(f"{step.scope.host}{address}", _NAME_CHARS)
