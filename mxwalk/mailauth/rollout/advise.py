"""The plan for one domain: which stage it is in, what comes next, and which names are to be closed."""

from mxwalk.language import say
from mxwalk.limits import ROLL_OUT_SENDERS
from mxwalk.mailauth.dmarc.remarks import Seen
from mxwalk.mailauth.rollout.denyall import deny_all
from mxwalk.mailauth.rollout.judged import Found, Judged
from mxwalk.mailauth.rollout.lines import third_party
from mxwalk.mailauth.rollout.model import Check, Plan, Published, Stage, State
from mxwalk.mailauth.rollout.stages import TITLES, judge

_BY_RECORDS = range(3, 9)  # the stages that the records of SPF and DMARC decide


def advise(facts: Published) -> Plan:
    """Return the plan: stages for a domain that sends or may send, checks for what does not."""
    below = tuple(
        check
        for other in facts.subdomains
        if other.sends is Seen.NO
        for check in deny_all(other, facts)
    )
    if facts.sends is Seen.NO:
        checks = (*deny_all(facts), *below)
        return Plan(domain=facts.domain, deny_all=checks, next_step=_close(checks))
    judged = judge(facts)
    current = _current(judged)
    stages = tuple(_stage(number, one, current) for number, one in enumerate(judged, 1))
    return Plan(
        domain=facts.domain,
        stages=stages,
        current=current,
        next_step=_next(stages, current),
        deny_all=below,
        third_parties=tuple(
            (sender.name, third_party(facts, sender)) for sender in facts.senders[:ROLL_OUT_SENDERS]
        ),
    )


def _current(judged: tuple[Judged, ...]) -> int:
    """Return the first stage that is open for certain, the eighth where all before it are done.

    0 where a record that decides on an earlier stage could not be looked up: then the stage is not
    known.  What no look-up shows, whether mail is signed, holds up nothing.
    """
    for number, one in enumerate(judged, 1):
        if one.found is Found.UNKNOWN and number in _BY_RECORDS:
            return 0
        if one.found is Found.OPEN:
            return number
    return 0


def _stage(number: int, judged: Judged, current: int) -> Stage:
    title, weeks = TITLES[number - 1]
    return Stage(
        number=number,
        title=say(title),
        weeks=say(weeks),
        state=_state(number, judged, current),
        shows=judged.shows,
        blocked_by=judged.blocked_by,
        publish=judged.publish,
        advice=judged.advice,
    )


def _state(number: int, judged: Judged, current: int) -> State:
    match judged.found:
        case Found.DONE:
            return State.DONE
        case Found.UNKNOWN:
            return State.UNKNOWN
        case Found.OPEN if number != current:
            return State.TO_COME
        case Found.OPEN:
            return State.BLOCKED if judged.blocked_by else State.CURRENT


def _next(stages: tuple[Stage, ...], current: int) -> str:
    if not current:
        unseen = next(
            one for one in stages if one.number in _BY_RECORDS and one.state is State.UNKNOWN
        )
        return say("The stage is not known: {shows}", shows=unseen.shows)
    stage = stages[current - 1]
    if stage.blocked_by:
        return say(
            "Stage {current}, {stage}: {blocked_by}",
            current=current,
            stage=stage.title,
            blocked_by=stage.blocked_by[0],
        )
    first = say(" Publish: {publish}", publish=stage.publish[0].text) if stage.publish else ""
    return say(
        "Stage {current}, {stage}: {shows}{first}",
        current=current,
        stage=stage.title,
        shows=stage.shows,
        first=first,
    )


def _close(checks: tuple[Check, ...]) -> str:
    missing = [check for check in checks if check.state is State.CURRENT]
    if missing:
        lines = missing[0].publish
        first = say(" Publish: {lines}", lines=lines[0].text) if lines else ""
        return f"{missing[0].domain}: {missing[0].shows}{first}"
    if any(check.state is State.UNKNOWN for check in checks):
        return say("What could be looked up is closed; something could not be looked up.")
    return say("The domain is closed: nobody can send in its name and be believed.")
