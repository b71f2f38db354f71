"""Whether a look-up decided what a verdict says, or a connection did, or the person who walks.

A fault of our own resolver is the cause only where a look-up was needed for what is said: the MX
records of a domain, addresses, TLSA records, a policy, a name of an address.  With an address as
target, or once a server was connected to, what the connection showed stands by itself.
"""

from mxwalk.delivery.model import Delivery
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.trace import Purpose
from mxwalk.senders.model import Verdict

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
        return is_look_up(step.kind)
    return not delivery.stopped and not connected(delivery)
