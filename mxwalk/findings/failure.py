"""A modern client's handshake that failed where another ClientHello got through, and what differed.

Such a failure has one cause, which is told once: by the rule of the look that found it.  Where the
legacy client got through, what it agreed on says the cause, the one that explains most first.
"""

import enum
from dataclasses import dataclass

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.looks import completed
from mxwalk.evidence.connection import Handshaken
from mxwalk.evidence.handshake import Support
from mxwalk.evidence.step import StepKind
from mxwalk.findings.agreed import ended_how
from mxwalk.findings.parameters import is_old, short_prime, weakness
from mxwalk.findings.raising import Where, at_attempt
from mxwalk.language import say

_REFUSED_NAME = 112  # RFC 6066 3


class Cause(enum.Enum):
    """What a legacy client takes and a modern one does not, those that explain others first."""

    VERSION = "version"
    RENEGOTIATION = "renegotiation"
    PRIME = "prime"
    CIPHER = "cipher"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class LegacyOnly:
    """A connection on which only a legacy client came to TLS.

    ``causes`` are in the order of ``Cause`` and not empty; where the version is one it is the only
    one, since the software that knows no newer one lacks the rest as well.
    """

    attempt: Attempt
    modern: Handshaken
    legacy: Handshaken
    causes: tuple[Cause, ...]

    @property
    def where(self) -> Where:
        """The handshake that failed: what tells its cause stands there."""
        return at_attempt(self.attempt, StepKind.HANDSHAKE)

    def leads(self, cause: Cause) -> bool:
        """Say whether the failure is told with this cause."""
        return self.causes[0] is cause

    @property
    def consequence(self) -> str:
        """How the modern client failed, and who fails like it; to follow a semicolon or a colon."""
        # every OpenSSL 3 refuses a server without RFC 5746
        refused_by_all = self.legacy.facts.secure_renegotiation is Support.NO
        others = "" if refused_by_all else say(", while an opportunistic Postfix still encrypts")
        return say(
            "a modern client's handshake fails ({ended_how}); strict senders do not"
            " deliver or send in clear, Exchange Online among them{others}",
            ended_how=ended_how(self.modern),
            others=others,
        )


def legacy_only(attempt: Attempt) -> LegacyOnly | None:
    """Return what the legacy client showed where the others failed; ``None`` elsewhere."""
    modern, look = attempt.handshake, completed(attempt, StepKind.LEGACY_TLS)
    if modern is None or modern.ending is None or look is None or look.handshake is None:
        return None
    if completed(attempt, StepKind.CLASSIC_GROUPS) is not None:
        return None
    return LegacyOnly(attempt, modern, look.handshake, _causes(look.handshake))


def _causes(legacy: Handshaken) -> tuple[Cause, ...]:
    if is_old(legacy):
        return (Cause.VERSION,)
    seen = {
        Cause.RENEGOTIATION: legacy.facts.secure_renegotiation is Support.NO,
        Cause.PRIME: short_prime(legacy) > 0,
        Cause.CIPHER: bool(weakness(legacy)),
    }
    return tuple(cause for cause, is_one in seen.items() if is_one) or (Cause.OTHER,)


def is_explained(attempt: Attempt) -> bool:
    """Say whether a look tells why the connection's own handshake failed."""
    handshake = attempt.handshake
    if handshake is None or handshake.ending is None:
        return False
    if completed(attempt, StepKind.CLASSIC_GROUPS) or completed(attempt, StepKind.LEGACY_TLS):
        return True
    return bool(completed(attempt, StepKind.WITHOUT_SNI)) and any(
        alert.code == _REFUSED_NAME for alert in handshake.alerts
    )
