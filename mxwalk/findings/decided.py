"""Whether a look-up decided what a verdict says, or a connection did, or the person who walks.

A fault of our own resolver is the cause only where a look-up was needed for what is said: the MX
records of a domain, addresses (that of whom to ask for a revocation list, too), TLSA records, a
policy, a name of an address.  With an address as target, or once a server was connected to, what the
connection showed stands by itself.
"""

from collections.abc import Iterator

from mxwalk.delivery.model import Delivery, Host
from mxwalk.delivery.revocation import revoked_by_list
from mxwalk.evidence.step import Step, StepKind
from mxwalk.evidence.trace import Purpose
from mxwalk.senders.model import Outcome, Verdict

_LOOK_UPS = frozenset(
    {
        StepKind.RESOLVER,
        StepKind.MX,
        StepKind.POLICY_RECORDS,
        StepKind.STS_POLICY,
        StepKind.ADDRESS,
        StepKind.TLSA,
        StepKind.PTR,
    }
)


def is_look_up(kind: StepKind) -> bool:
    """Say whether a step of a delivery asks DNS for what it is about."""
    return kind in _LOOK_UPS


def connected(delivery: Delivery) -> bool:
    """Say whether the walk came as far as a connection, whatever became of it."""
    return any(attempt.connected is not None for attempt in delivery.attempts)


def by_look_up(delivery: Delivery, verdict: Verdict) -> bool:
    """Say whether a look-up decided the verdict; of a message or a survey, always."""
    if delivery.trace.header.purpose is not Purpose.DELIVERY:
        return True
    step = next((one for one in delivery.trace.steps if one.seq == verdict.step), None)
    if step is not None:
        return is_look_up(step.kind) or _was_told_no_server(delivery, step)
    if delivery.stopped or any(host.skipped for host in _at(delivery, verdict)):
        return False  # the person who walks
    return not connected(delivery) or _lacks_look_up(verdict)


def _was_told_no_server(delivery: Delivery, step: Step) -> bool:
    """Say whether our resolver kept a step from asking for a revocation list, and none names them."""
    attempt = delivery.attempt_of(step)
    if step.kind is not StepKind.REVOCATION or attempt is None or attempt.revocation is None:
        return False
    asked = (each.fetch for one in attempt.revocation.certificates for each in one.asked)
    untold = any(fetch is not None and fetch.untold for fetch in asked)
    return untold and revoked_by_list(attempt) is None


def _at(delivery: Delivery, verdict: Verdict) -> Iterator[Host]:
    return (host for host in delivery.hosts if verdict.host and host.planned.name == verdict.host)


def _lacks_look_up(verdict: Verdict) -> bool:
    """Say whether a host is not judged by its connection, because a look-up is not there."""
    decided = next((one for one in reversed(verdict.attempts) if one.host == verdict.host), None)
    unknown = verdict.outcome is Outcome.UNKNOWN and verdict.step is None
    return unknown and decided is not None and not decided.address
