"""The results of judging revocation, for each certificate of a path and for the path.

Eight standings are kept apart, because "nobody could be reached" and "the responder does not know
the certificate" lead to different people.
"""

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class Standing(enum.Enum):
    """How a certificate stands by one source, or by all of them.

    ``UNKNOWN``: the source answered and does not tell.  ``EXPIRED_DATA``: what it says is not for this
    time.  ``INVALID``: what came is malformed, signed wrongly or about something else.
    """

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    EXPIRED_DATA = "expired-data"
    UNREACHABLE = "unreachable"
    INVALID = "invalid"
    NOT_CHECKED = "not-checked"
    NOT_APPLICABLE = "not-applicable"


class SourceKind(enum.Enum):
    """Where a statement about revocation came from."""

    STAPLE = "staple"
    OCSP = "ocsp"
    CRL = "crl"


class Fault(enum.Enum):
    """What keeps a source from counting, or what it leaves open."""

    NONE = "none"
    NO_ANSWER = "no-answer"
    RESOLVER = "resolver"  # ours, which does not tell whom to ask
    MALFORMED = "malformed"
    REFUSED = "refused"  # an OCSP responder's error status
    SIGNATURE = "signature"
    SIGNER = "signer"
    UNVERIFIABLE = "unverifiable"
    OTHER_SUBJECT = "other-subject"
    CRITICAL = "critical"
    DELTA = "delta"
    SOME_REASONS = "some-reasons"
    STATUS_UNKNOWN = "status-unknown"
    EARLY = "early"
    OVER = "over"
    UNDATED = "undated"


class Staple(enum.Enum):
    """Whether the certificate demands a stapled response (RFC 7633), and whether one came."""

    NONE = "none"
    SENT = "sent"
    REQUIRED_SENT = "required-sent"
    REQUIRED_UNUSABLE = "required-unusable"
    REQUIRED_MISSING = "required-missing"
    NOT_SEEN = "not-seen"  # a CA's certificate: only leaves are stapled for here


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation:
    """When and why; ``reason`` is the RFC's word (RFC 5280 5.3.1), ``meaning`` says it in English."""

    revoked_at: datetime | None
    reason: str = ""
    meaning: str = ""
    invalid_since: datetime | None = None


class Worth(NamedTuple):
    """What a source is worth: its standing, why in a sentence, and the fault behind it."""

    standing: Standing
    sentence: str
    fault: Fault = Fault.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStanding:
    """What one source is worth at the time asked for, in one sentence.

    ``url`` is visible text, empty for a stapled response.  ``revocation`` is there whenever the source
    names one, also where it does not count.  ``remarks`` are odd and changed nothing.
    """

    kind: SourceKind
    url: str
    standing: Standing
    sentence: str
    fault: Fault = Fault.NONE
    this_update: datetime | None = None
    next_update: datetime | None = None
    revocation: Revocation | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateStanding:
    """One certificate of the path: its overall standing and each source's own.

    ``decided_by`` is the source that decided, ``None`` where there was none to ask.
    ``disagreement`` says in a sentence that sources contradict each other, else it is empty.
    ``exempt`` says why no revocation is expected for it (RFC 9608, or valid for ten days at most).
    """

    depth: int
    certificate: bytes
    standing: Standing
    sentence: str
    sources: tuple[SourceStanding, ...] = ()
    decided_by: SourceStanding | None = None
    disagreement: str = ""
    exempt: str = ""
    staple: Staple = Staple.NONE
    staple_sentence: str = ""

    @property
    def revocation(self) -> Revocation | None:
        """When and why it was revoked; ``None`` unless it is."""
        if self.standing is not Standing.REVOKED or self.decided_by is None:
            return None
        return self.decided_by.revocation
