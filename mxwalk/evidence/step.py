"""The steps of a walk and the evidence each kind of step leaves behind.

A step names its kind, its scope (which host, address and attempt), when it started and how long it
took, the bytes that moved, and one evidence struct of the tagged union ``Evidence``.  A new area
adds a struct to the union and a member to ``StepKind``.
"""

import enum

import msgspec

from mxwalk.evidence.connection import (
    ChainChecked,
    Connected,
    Exchanged,
    Handshaken,
    IdentityGathered,
    IssuersFetched,
    LookedAgain,
    PolicyFetched,
    RevocationChecked,
)
from mxwalk.evidence.lookups import (
    AddressesLookedUp,
    MxLookedUp,
    PtrLookedUp,
    ResolverChecked,
    TlsaLookedUp,
)
from mxwalk.evidence.mailauth import (
    ArcChecked,
    Concluded,
    DkimChecked,
    DkimKeysLookedUp,
    DmarcDiscovered,
    MessageRead,
    ReportersChecked,
    SpfChecked,
    SpfRecordLookedUp,
)
from mxwalk.evidence.policy import PolicyRecordsLookedUp
from mxwalk.evidence.wire import WireChunk


class StepKind(enum.Enum):
    """The kinds of steps, in the order in which a delivery meets them.

    Those of a message walk and of a domain survey follow behind; a survey has look-ups of a delivery
    too.
    """

    RESOLVER = "resolver"
    MX = "mx"
    POLICY_RECORDS = "policy-records"
    STS_POLICY = "sts-policy"
    ADDRESS = "address"
    TLSA = "tlsa"
    PTR = "ptr"
    CONNECT = "connect"
    GREETING = "greeting"
    EHLO = "ehlo"
    HELO = "helo"
    STARTTLS = "starttls"
    HANDSHAKE = "handshake"
    CHAIN = "chain"
    ISSUERS = "issuers"
    REVOCATION = "revocation"
    IDENTITY = "identity"
    EHLO_TLS = "ehlo-tls"
    MAIL = "mail"
    RCPT = "rcpt"
    RSET = "rset"
    QUIT = "quit"
    CLASSIC_GROUPS = "classic-groups"
    LEGACY_TLS = "legacy-tls"
    WITHOUT_SNI = "without-sni"
    OTHER_LEAF = "other-leaf"
    MESSAGE = "message"
    SPF_MAILFROM = "spf-mailfrom"
    SPF_HELO = "spf-helo"
    DKIM = "dkim"
    ARC = "arc"
    SPF_RECORD = "spf-record"
    DKIM_KEYS = "dkim-keys"
    DMARC = "dmarc"
    REPORTERS = "dmarc-reports"
    ALIGNMENT = "alignment"
    DISPOSITION = "disposition"
    RESULT_HEADERS = "result-headers"
    ROLL_OUT = "roll-out"
    DECISION = "decision"
    NOTE = "note"


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """What a step is about; empty fields mean the whole walk.

    ``host`` is the delivery host's name in A-labels (or an address literal's text), ``attempt``
    counts the connections to one address from 1.  In a message walk and a survey ``host`` is the domain
    (or key name) that a step is about, and ``attempt`` the number of the signature.
    """

    host: str = ""
    address: str = ""
    port: int = 0
    attempt: int = 0


class DecisionKind(enum.Enum):
    """What was decided during the walk, by the administrator unless said otherwise."""

    SKIP_HOST = "skip-host"
    SKIP_STEP = "skip-step"
    RETRY = "retry"
    STOP = "stop"
    ENOUGH = "enough"  # taken by the walk itself: the first host that delivers was found
    LOOKUPS_SPENT = "lookups-spent"  # likewise: all DNS questions of a walk were asked
    TIME_SPENT = "time-spent"  # likewise: a walk's time was used up

    @property
    def ends_walk(self) -> bool:
        """Whether nothing comes after it but taking leave."""
        return self in (
            DecisionKind.STOP,
            DecisionKind.ENOUGH,
            DecisionKind.LOOKUPS_SPENT,
            DecisionKind.TIME_SPENT,
        )


class Decided(msgspec.Struct, frozen=True, kw_only=True, tag="decision"):
    """A decision; it shapes the plan like any other evidence.

    ``step_kind`` is the kind of the step that is skipped or made again.
    """

    decision: DecisionKind
    step_kind: StepKind | None = None

    def repeats(self, kind: StepKind) -> bool:
        """Say whether it asks for a look-up of this kind again."""
        return self.decision is DecisionKind.RETRY and self.step_kind is kind


class Noted(msgspec.Struct, frozen=True, kw_only=True, tag="note"):
    """What the administrator wrote down about the step with the number ``about``.

    It is no evidence of the peer: plan, verdicts and findings pass it over.  Of several notes on a step
    the last one counts, and an empty ``text`` takes the note back.
    """

    about: int
    text: str = ""


Evidence = (
    ResolverChecked
    | MxLookedUp
    | PolicyRecordsLookedUp
    | PolicyFetched
    | AddressesLookedUp
    | TlsaLookedUp
    | PtrLookedUp
    | Connected
    | Exchanged
    | Handshaken
    | ChainChecked
    | IssuersFetched
    | RevocationChecked
    | IdentityGathered
    | LookedAgain
    | MessageRead
    | SpfChecked
    | DkimChecked
    | ArcChecked
    | DmarcDiscovered
    | ReportersChecked
    | SpfRecordLookedUp
    | DkimKeysLookedUp
    | Concluded
    | Decided
    | Noted
)


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One performed step.

    ``started_s`` counts seconds from the start of the walk with pauses included, ``elapsed_s`` is
    the work alone.  ``cancelled`` marks a step the administrator broke off; its evidence tells how
    far it came.
    """

    seq: int
    kind: StepKind
    scope: Scope
    started_s: float
    elapsed_s: float
    evidence: Evidence
    wire: tuple[WireChunk, ...] = ()
    cancelled: bool = False
