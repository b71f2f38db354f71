"""The results of DANE authentication: of each record, and of the server (RFC 7671 5, RFC 7672 3)."""

import enum
from dataclasses import dataclass

from mxwalk.dane.matching import Grid
from mxwalk.identity.model import Comparison
from mxwalk.language import noted


class RecordOutcome(enum.Enum):
    """What became of one record."""

    AUTHENTICATES = noted("authenticates the server")
    MISMATCH = noted("matches no certificate")
    ANCHOR_NOT_SENT = noted("the trust anchor was not sent")
    CHAIN_BROKEN = noted("the chain does not lead to the trust anchor")
    EXPIRED = noted("expired on the way to the anchor")
    NOT_YET_VALID = noted("not yet valid on the way to the anchor")
    NOT_A_CA = noted("an issuer on the way is no CA")
    WRONG_PURPOSE = noted("a certificate on the way is not for servers")
    NAME_CONSTRAINT = noted("a CA on the way may not certify the name")
    NAME_MISMATCH = noted("no accepted name in the certificate")
    OUTRANKED = noted("a stronger digest counts")
    UNUSABLE = noted("not usable for SMTP")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordResult:
    """One record's result.

    ``certificate`` is the index of the certificate it matched, ``path`` the indexes from the leaf to
    it; an anchor given in full that was not sent has the path to the certificate it signed.
    ``names`` holds the comparisons made for DANE-TA.
    """

    record: int
    outcome: RecordOutcome
    reason: str
    certificate: int | None = None
    path: tuple[int, ...] = ()
    names: tuple[Comparison, ...] = ()


class Authentication(enum.Enum):
    """What DANE says of the server."""

    AUTHENTICATED = noted("authenticated")
    FAILED = noted("not authenticated")
    UNUSABLE = noted("no usable record: encryption without authentication")
    NO_CERTIFICATE = noted("no certificate was presented")


@dataclass(frozen=True, kw_only=True)
class DaneResult:
    """The whole result; ``deciding`` is the record that authenticated, or that came farthest."""

    authentication: Authentication
    reason: str
    grid: Grid
    results: tuple[RecordResult, ...] = ()
    deciding: RecordResult | None = None

    @property
    def authenticated(self) -> bool:
        """Whether the server is the one the records mean."""
        return self.authentication is Authentication.AUTHENTICATED
