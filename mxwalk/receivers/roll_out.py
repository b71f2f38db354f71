"""The roll-out as a judge of a survey: is everything published, and if not, which stage is next.

The stages and their durations are those of Cisco's guide on SPF, DKIM and DMARC; what is done is read
from what the domain publishes (``mxwalk.mailauth.rollout``).
"""

from dataclasses import dataclass

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.model import Delivery
from mxwalk.delivery.status_mailauth import is_complete
from mxwalk.evidence.step import StepKind
from mxwalk.identity.model import IdentityResult
from mxwalk.language import say
from mxwalk.mailauth.rollout.model import Check, Plan, Stage, State
from mxwalk.senders.model import Outcome, SenderProfile, Verdict
from mxwalk.text import visible

_OPEN = (State.CURRENT, State.BLOCKED, State.TO_COME)
_REASON = 900


@dataclass(frozen=True, slots=True)
class RollOut:
    """The one judge of surveys."""

    id: str = "roll-out"
    source: str = "Cisco: Email Authentication Best Practices; RFC 7208, RFC 6376, RFC 9989"

    @property
    def label(self) -> str:
        """What it is called."""
        return say("Roll-out of SPF, DKIM and DMARC")

    def identity(self, attempt: Attempt) -> IdentityResult | None:
        """Return ``None``: no connection is judged."""
        del attempt
        return None

    def judge(self, delivery: Delivery) -> Verdict:
        """Return how far the roll-out is, as far as the survey tells."""
        plan = delivery.survey.plan if delivery.survey else None
        step = next(
            (s.seq for s in reversed(delivery.trace.steps) if s.kind is StepKind.ROLL_OUT), None
        )
        if plan is None:
            why = say("not everything that the domain publishes was looked up yet")
            return self._verdict(Outcome.UNKNOWN, why, step, say("walk again, to the end"))
        return self._verdict(outcome_of(plan), _reason(plan), step, _next(plan))

    def _verdict(self, outcome: Outcome, reason: str, step: int | None, following: str) -> Verdict:
        return Verdict(
            sender=self.id,
            label=self.label,
            outcome=outcome,
            reason=visible(reason, _REASON),
            log="",
            step=step,
            next_action=visible(following, _REASON),
        )


def outcome_of(plan: Plan) -> Outcome:
    """Say whether everything is published; unknown where nothing is open for certain."""
    if is_complete(plan):
        return Outcome.COMPLETE
    stages = any(stage.state in _OPEN for stage in plan.stages[:-1])
    checks = any(check.state in _OPEN for check in plan.deny_all)
    return Outcome.INCOMPLETE if stages or checks else Outcome.UNKNOWN


def current_stage(plan: Plan) -> Stage | None:
    """Return the stage to work on; ``None`` for a domain that sends nothing."""
    return next((stage for stage in plan.stages if stage.number == plan.current), None)


def open_checks(plan: Plan) -> tuple[Check, ...]:
    """Return the names that send nothing and are not closed yet."""
    return tuple(check for check in plan.deny_all if check.state in _OPEN)


def _reason(plan: Plan) -> str:
    stage = current_stage(plan)
    if stage is None and plan.stages:
        return plan.next_step
    if stage is None:
        open_ = open_checks(plan)
        told = "; ".join(f"{check.domain}: {check.shows}" for check in open_[:3])
        return told or plan.next_step
    blocked = (
        say(" It is blocked: {blocked_by}", blocked_by=stage.blocked_by[0])
        if stage.blocked_by
        else ""
    )
    return say(
        "stage {number} of {stages}, {stage} ({weeks}): {shows}{blocked}",
        number=stage.number,
        stages=len(plan.stages),
        stage=stage.title,
        weeks=stage.weeks,
        shows=stage.shows,
        blocked=blocked,
    )


def _next(plan: Plan) -> str:
    stage = current_stage(plan)
    if stage is None and plan.stages:
        return say("walk again when the records can be looked up")
    lines = stage.publish if stage else next((one.publish for one in open_checks(plan)), ())
    if lines:
        return say("publish {lines} ({purpose})", lines=lines[0].text, purpose=lines[0].purpose)
    if stage is None:
        return say("look again when the domain begins to send")
    if stage.blocked_by:
        return say("put right what blocks the stage: {blocked_by}", blocked_by=stage.blocked_by[0])
    return stage.advice[0] if stage.advice else say("read the reports, and mend what fails in them")


PROFILES: tuple[SenderProfile, ...] = (RollOut(),)
