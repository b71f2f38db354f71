"""The verdict on one connection as a value, shared by all senders."""

from dataclasses import dataclass

from mxwalk.senders.model import AttemptVerdict, Outcome
from mxwalk.senders.situation import Fault, Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The verdict on a connection and what it means for the message.

    ``fault`` is ``None`` when the connection decides the message; ``stage`` how far it came;
    ``connected`` whether the address answered, so that no other address of the host is used.
    """

    verdict: AttemptVerdict
    fault: Fault | None
    stage: int
    connected: bool = True


def verdict_on(
    at: Situation, outcome: Outcome, reason: str, log: str, step: int | None, code: str = ""
) -> AttemptVerdict:
    """Return the verdict on this connection; ``step`` is the deciding step's seq."""
    return AttemptVerdict(
        host=at.host.planned.name,
        address=at.attempt.address,
        outcome=outcome,
        reason=reason,
        log=log,
        step=step,
        code=code,
    )
