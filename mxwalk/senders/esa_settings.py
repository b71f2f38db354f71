"""The six TLS settings of Destination Controls (``destconfig``) and which identity flow each uses."""

import enum
from dataclasses import dataclass

from mxwalk.delivery.attempt import Attempt
from mxwalk.evidence.connection import IdentityGathered
from mxwalk.identity.esa_flows import verify, verify_hosted
from mxwalk.identity.model import IdentityResult
from mxwalk.identity.presented import presented_ids
from mxwalk.language import per_language, say


class TlsUse(enum.Enum):
    """Whether TLS is used."""

    NEVER = "never"
    PREFERRED = "preferred"
    REQUIRED = "required"


class Verification(enum.Enum):
    """Whether the certificate is examined, and by which flow."""

    NONE = "none"
    VERIFY = "verify"
    VERIFY_HOSTED = "verify hosted domains"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One row of the table of settings."""

    number: int
    name: str
    tls: TlsUse
    verification: Verification

    @property
    def required(self) -> bool:
        """Whether mail is kept back rather than sent in clear."""
        return self.tls is TlsUse.REQUIRED

    @property
    def label(self) -> str:
        """The number and name, as ``setting 5 (Required - Verify)``."""
        return say("setting {number} ({name})", number=self.number, name=self.name)


SETTINGS = (
    Setting(number=1, name="No", tls=TlsUse.NEVER, verification=Verification.NONE),
    Setting(number=2, name="Preferred", tls=TlsUse.PREFERRED, verification=Verification.NONE),
    Setting(number=3, name="Required", tls=TlsUse.REQUIRED, verification=Verification.NONE),
    Setting(
        number=4,
        name="Preferred - Verify",
        tls=TlsUse.PREFERRED,
        verification=Verification.VERIFY,
    ),
    Setting(
        number=5,
        name="Required - Verify",
        tls=TlsUse.REQUIRED,
        verification=Verification.VERIFY,
    ),
    Setting(
        number=6,
        name="Required - Verify Hosted Domains",
        tls=TlsUse.REQUIRED,
        verification=Verification.VERIFY_HOSTED,
    ),
)


def identity_of(verification: Verification, attempt: Attempt) -> IdentityResult | None:
    """Return the flow's matrix for a connection; ``None`` if names were not gathered or not used."""
    gathered, handshake = attempt.identity, attempt.handshake
    if verification is Verification.NONE or gathered is None or handshake is None:
        return None
    leaf = handshake.presented[0] if handshake.presented else b""
    return _evaluate(verification, leaf, gathered, attempt.address)


@per_language(maxsize=128)
def _evaluate(
    verification: Verification, leaf: bytes, gathered: IdentityGathered, address: str
) -> IdentityResult:
    """Evaluate once: the profiles and the views ask for the same matrix again and again."""
    presented = presented_ids(leaf) if leaf else ()
    flow = verify if verification is Verification.VERIFY else verify_hosted
    return flow(presented, gathered, address)
