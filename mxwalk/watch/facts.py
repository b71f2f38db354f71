"""A walk as the few facts that are watched; what a walk did not learn is ``None``, never empty.

A look-up that failed or a host that did not answer is no change of anything: a fact that is not known
in one of two rounds is left out when they are compared.
"""

import enum
from dataclasses import dataclass
from datetime import datetime

from mxwalk.language import noted
from mxwalk.senders.model import Outcome


class TlsaMatch(enum.Enum):
    """What the TLSA records come to over all connections of a walk."""

    ALL = noted("a record matches at every connection")
    SOME = noted("a record matches at some connections only")
    NONE = noted("no record matches")
    NO_RECORDS = noted("there are no TLSA records")
    UNKNOWN = noted("not known")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """The certificate a server presented: its SHA-256 in hexadecimal and its end."""

    host: str
    address: str
    digest: str
    expires: datetime | None = None

    @property
    def place(self) -> str:
        """Host and address."""
        return f"{self.host} [{self.address}]" if self.host != self.address else f"[{self.address}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime:
    """How long an answer may be kept.

    ``what`` is ``MX``, ``TLSA``, ``A`` and so on, or ``MTA-STS`` for a policy.  ``ttl_s`` is what the
    zone says (the RRSIG tells it, RFC 4034 3.1.4; else what the answer had), ``left_s`` what our
    resolver had left when it answered at ``seen``.  ``asked_zone`` tells that the answer came from
    the zone's own server and from no cache.
    """

    what: str
    name: str
    ttl_s: int
    left_s: int
    seen: datetime
    asked_zone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What one walk came to.

    ``outcomes`` pairs sender ids with what they do, in the order chosen; ``reason`` is the first
    one's.  ``mx`` are MX hosts with preference; ``addresses`` and ``tlsa`` pair a host with its
    records.  ``policy`` tells the MTA-STS policy in a line.  ``own_fault`` says why our own side kept
    the walk from learning anything.
    """

    started: datetime
    ended: datetime
    outcomes: tuple[tuple[str, Outcome], ...]
    reason: str = ""
    mx: tuple[str, ...] | None = None
    addresses: tuple[tuple[str, tuple[str, ...]], ...] = ()
    leaves: tuple[Leaf, ...] = ()
    tlsa: tuple[tuple[str, tuple[str, ...]], ...] = ()
    tlsa_match: TlsaMatch = TlsaMatch.UNKNOWN
    policy: str | None = None
    findings: frozenset[str] = frozenset()
    lifetimes: tuple[Lifetime, ...] = ()
    throttled: bool = False
    own_fault: str = ""

    @property
    def outcome(self) -> Outcome:
        """The first chosen sender's outcome."""
        return self.outcomes[0][1] if self.outcomes else Outcome.UNKNOWN

    @property
    def conclusive(self) -> bool:
        """Whether every chosen sender's outcome is known."""
        return bool(self.outcomes) and all(one is not Outcome.UNKNOWN for _, one in self.outcomes)
