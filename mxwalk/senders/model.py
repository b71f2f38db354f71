"""A sender's verdict: outcome, deciding step, its own words, and what happens next."""

import enum
from dataclasses import dataclass
from typing import Protocol

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.model import Delivery
from mxwalk.identity.model import IdentityResult


class Outcome(enum.Enum):
    """What becomes of the message; ``UNKNOWN`` when the evidence does not decide it.

    Senders deliver, defer and bounce; receivers accept, quarantine and reject; what a domain publishes
    is complete or not.
    """

    DELIVERED_VERIFIED = "delivered-verified"
    DELIVERED_ENCRYPTED = "delivered-encrypted"
    DELIVERED_CLEAR = "delivered-clear"
    DEFERRED = "deferred"
    BOUNCED = "bounced"
    ACCEPTED_AUTHENTIC = "accepted-authentic"
    ACCEPTED = "accepted"
    QUARANTINED = "quarantined"
    REJECTED = "rejected"
    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    UNKNOWN = "unknown"

    @property
    def delivered(self) -> bool:
        """Whether the message would arrive."""
        return self in (
            Outcome.DELIVERED_VERIFIED,
            Outcome.DELIVERED_ENCRYPTED,
            Outcome.DELIVERED_CLEAR,
            Outcome.ACCEPTED_AUTHENTIC,
            Outcome.ACCEPTED,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptVerdict:
    """What the sender makes of one connection (or of one host that none was made to)."""

    host: str
    address: str
    outcome: Outcome
    reason: str
    log: str
    step: int | None  # the deciding step's seq
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the sender does with the message.

    ``code`` is an enhanced status code or NDR code where the sender gives one; ``log`` the words it
    would log; ``reason`` one sentence; ``step`` the seq of the deciding step; ``next_action`` what
    the sender does next, with times.  ``attempts`` holds the hosts in the sender's own order up to
    the one that decided.
    """

    sender: str
    label: str
    outcome: Outcome
    reason: str
    log: str
    step: int | None
    next_action: str
    code: str = ""
    host: str = ""
    attempts: tuple[AttemptVerdict, ...] = ()


class SenderProfile(Protocol):
    """A mail system whose behaviour is simulated.  ``id`` is what ``--sender`` takes."""

    @property
    def id(self) -> str:
        """The stable id, like ``esa:5``."""
        ...

    @property
    def label(self) -> str:
        """A short name, like ``ESA 5 Required - Verify``."""
        ...

    @property
    def source(self) -> str:
        """The document the behaviour is taken from."""
        ...

    def judge(self, delivery: Delivery) -> Verdict:
        """Return the verdict on a whole (or still growing) delivery."""
        ...

    def identity(self, attempt: Attempt) -> IdentityResult | None:
        """Return the identity matrix of this sender for a connection; ``None`` if it has none."""
        ...
