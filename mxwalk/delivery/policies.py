"""Whose MTA-STS policy applies to a delivery, and where that domain stands.

The policy domain is the recipient's domain; with configured routes the recipient's policy does not
apply, and a host or address as target has none (RFC 8461 3.4).
"""

from collections.abc import Sequence
from dataclasses import replace

from mxwalk.delivery.denials import believed
from mxwalk.delivery.route import RouteKind, RoutePlan
from mxwalk.evidence.connection import PolicyFetched
from mxwalk.evidence.policy import PolicyRecordsLookedUp
from mxwalk.evidence.step import Decided, Step, StepKind
from mxwalk.evidence.target import Target, TargetKind
from mxwalk.language import say
from mxwalk.mtasts.record import read_lookup
from mxwalk.mtasts.state import NO_POLICY_DOMAIN, StsStanding, StsState, judge_sts
from mxwalk.text import visible


def sts_state(
    target: Target,
    route: RoutePlan,
    steps: Sequence[Step],
    records_step: Step | None,
    policy_step: Step | None,
    *,
    doubts: bool = False,
) -> StsState:
    """Return the policy domain's standing as far as the walk has come.

    ``doubts`` tells that no denial of our resolver counts.
    """
    domain = _policy_domain(target, route)
    if not domain:
        return replace(NO_POLICY_DOMAIN, reason=say(NO_POLICY_DOMAIN.reason))
    if records_step is None:
        if _passed_by(steps):
            reason = say(
                "this walk did not look for an MTA-STS policy of {domain}",
                domain=visible(domain, 300),
            )
            return StsState(domain=domain, standing=StsStanding.NOT_LOOKED_UP, reason=reason)
        return judge_sts(domain, None, None)
    looked = believed(records_step.evidence) if doubts else records_step.evidence
    assert isinstance(looked, PolicyRecordsLookedUp)
    fetch = policy_step.evidence if policy_step else None
    if fetch is not None and doubts:
        fetch = believed(fetch)
    return judge_sts(
        domain,
        read_lookup(looked.sts),
        fetch if isinstance(fetch, PolicyFetched) else None,
        (records_step.seq, policy_step.seq if policy_step else None),
    )


def current_policy_step(records_step: Step | None, policy_step: Step | None) -> Step | None:
    """Return the fetch that belongs to the look-up; one from before it does not count."""
    if records_step is None or policy_step is None or policy_step.seq < records_step.seq:
        return None
    return policy_step


def _policy_domain(target: Target, route: RoutePlan) -> str:
    """A policy is asked for where MX hosts (or the domain itself) would get the mail."""
    mail = target.kind in (TargetKind.MAILBOX, TargetKind.DOMAIN) and target.domain is not None
    if not mail or target.domain is None or route.kind not in (RouteKind.MX, RouteKind.IMPLICIT):
        return ""
    return target.domain.ascii


def _passed_by(steps: Sequence[Step]) -> bool:
    """Say whether the walk went on to the hosts without looking, as older traces did."""
    asked_again = any(
        isinstance(step.evidence, Decided) and step.evidence.repeats(StepKind.POLICY_RECORDS)
        for step in steps
    )
    on_hosts = (StepKind.ADDRESS, StepKind.TLSA, StepKind.PTR, StepKind.CONNECT)
    return not asked_again and any(step.kind in on_hosts for step in steps)
