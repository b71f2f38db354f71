"""From a trace to what the screen shows: a pure function, the same for live walk and replay."""

from dataclasses import dataclass
from datetime import UTC, datetime

from mxwalk.clock import from_rfc3339
from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.mark import Mark
from mxwalk.delivery.model import Delivery
from mxwalk.delivery.status import status
from mxwalk.delivery.validated import Validated, validated
from mxwalk.dnssec.model import Status
from mxwalk.evidence.step import Step, StepKind
from mxwalk.evidence.trace import Trace
from mxwalk.findings.model import Finding, Severity
from mxwalk.findings.registry import check
from mxwalk.language import say_many
from mxwalk.senders.model import SenderProfile, Verdict
from mxwalk.walk.model import Pending, PlanNode
from mxwalk.walk.plan import outline
from widgets.dnssec_words import weakest
from widgets.shown import Shown

PROBLEMS = (Mark.FAIL, Mark.WARN, Mark.UNKNOWN)


@dataclass(frozen=True, kw_only=True)
class Moment:
    """The evidence in its places, the findings, and the plan."""

    trace: Trace
    delivery: Delivery
    plan: PlanNode
    findings: tuple[Finding, ...]
    looked: tuple[Validated, ...] = ()

    @property
    def dnssec(self) -> Status | None:
        """The weakest DNSSEC status of all look-ups."""
        return weakest(item.validation for item in self.looked)

    @property
    def last(self) -> Step | None:
        """The latest step that is no note."""
        steps = reversed(self.trace.steps)
        return next((step for step in steps if step.kind is not StepKind.NOTE), None)

    def attempt_of(self, step: Step | None) -> Attempt | None:
        """Return the connection a step belongs to; for look-ups of a host its first connection."""
        if step is None:
            return None
        direct = self.delivery.attempt_of(step)
        if direct is not None:
            return direct
        scope = step.scope
        same = [
            attempt
            for attempt in self.delivery.attempts
            if (not scope.host or attempt.host.name == scope.host)
            and (not scope.address or attempt.address == scope.address)
        ]
        return same[0] if same else None

    def problems(self) -> list[Step]:
        """Return the steps that are not in order, and those that an error rests on."""
        errors = {one.step for one in self.findings if one.level is Severity.ERROR}
        return [
            step
            for step in self.trace.steps
            if step.seq in errors or status(step, self.delivery).mark in PROBLEMS
        ]

    def telling_step(self, verdict: Verdict) -> int | None:
        """Return the step to look at in the end: what kept the mail, else what is in disorder.

        Of a delivered mail that is the worst error's step, or one that failed; without either the
        step that decided.
        """
        if not verdict.outcome.delivered:
            return verdict.step
        errors = (one.step for one in self.findings if one.level is Severity.ERROR and one.step)
        failed = (
            step.seq for step in self.trace.steps if status(step, self.delivery).mark is Mark.FAIL
        )
        return next(errors, None) or next(failed, None) or verdict.step

    def worst(self) -> tuple[Mark, str]:
        """Return the worst finding's state and how many there are of it."""
        for severity, state in (
            (Severity.ERROR, Mark.FAIL),
            (Severity.WARNING, Mark.WARN),
            (Severity.NOTICE, Mark.INFO),
        ):
            count = sum(finding.level is severity for finding in self.findings)
            if count:
                return state, _counted(severity, count)
        return Mark.OK, ""


def moment(trace: Trace) -> Moment:
    """Compute everything that does not depend on what is selected."""
    delivery = build_delivery(trace)
    return Moment(
        trace=trace,
        delivery=delivery,
        plan=outline(delivery),
        findings=check(delivery),
        looked=validated(delivery),
    )


def shown(
    now: Moment,
    sender: SenderProfile,
    everyone: tuple[SenderProfile, ...],
    step: Step | None,
    pending: Pending | None,
    *,
    going: bool = True,
) -> Shown:
    """Return what the views draw for the selected step and sender; ``everyone`` can be chosen.

    ``going`` says whether the walk, or the rest of its trace, goes on.
    """
    return Shown(
        delivery=now.delivery,
        sender=sender,
        profiles=everyone,
        verdicts=tuple(each.judge(now.delivery) for each in everyone),
        findings=now.findings,
        step=step,
        attempt=now.attempt_of(step),
        pending=pending,
        validations=tuple(item.validation for item in now.looked),
        now=judged_at(now.trace),
        going=going,
    )


def judged_at(trace: Trace) -> datetime:
    """Return the time certificates are judged at: the option's, else the walk's start."""
    try:
        return from_rfc3339(trace.header.options.at or trace.header.started_at)
    except ValueError:
        return datetime.now(UTC)


def _counted(severity: Severity, count: int) -> str:
    if severity is Severity.ERROR:
        return say_many("{n} error", "{n} errors", count)
    if severity is Severity.WARNING:
        return say_many("{n} warning", "{n} warnings", count)
    return say_many("{n} notice", "{n} notices", count)
