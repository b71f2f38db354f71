"""A walk as the few facts that are watched; what a walk did not learn is ``None``, never empty.

A look-up that failed or a host that did not answer is no change of anything: a fact that is not known
in one of two rounds is left out when they are compared.
"""

import enum
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from mxwalk.evidence.step import StepKind
from mxwalk.language import noted, say
from mxwalk.limits import WATCH_REMEMBERED
from mxwalk.senders.model import Outcome

_T = TypeVar("_T")


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
    the zone's own server and from no cache, ``aged`` that ``ttl_s`` is a cache's rest and the zone's
    TTL may be longer, ``denied`` that no such records came (RFC 2308 5).
    """

    what: str
    name: str
    ttl_s: int
    left_s: int
    seen: datetime
    asked_zone: bool = False
    aged: bool = False
    denied: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A finding's code with the kind of step and the address that it was seen at."""

    code: str
    kind: StepKind
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What one walk came to.

    ``outcomes`` pairs sender ids with what they do, in the order chosen; ``reason`` is the first
    one's.  ``mx`` are MX hosts with preference; ``addresses`` and ``tlsa`` pair a host with its
    records.  ``policy`` tells the MTA-STS policy in a line.  ``grounds`` say where the findings were
    seen, ``looked`` which steps were made at which address; ``unreached`` tells that servers were
    tried and none answered.  ``own_fault`` is the code of the finding on our own resolver where it
    fails; ``by_connection`` tells that all the same a connection decided one of the outcomes.
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
    grounds: tuple[Ground, ...] = ()
    looked: frozenset[tuple[StepKind, str]] = frozenset()
    unreached: bool = False
    lifetimes: tuple[Lifetime, ...] = ()
    throttled: bool = False
    own_fault: str = ""
    by_connection: bool = False

    @property
    def spoilt(self) -> bool:
        """Whether our own resolver kept the walk from learning anything of the target."""
        return bool(self.own_fault) and not self.by_connection

    @property
    def own_fault_words(self) -> str:
        """What the fault of our own resolver means for this round."""
        if self.spoilt:
            return say(
                "our own resolver failed ({code}): this round says nothing of the target",
                code=self.own_fault,
            )
        return say(
            "our own resolver failed ({code}): the verdict stands, DANE, policies and PTR names cannot"
            " be judged",
            code=self.own_fault,
        )

    @property
    def outcome(self) -> Outcome:
        """The first chosen sender's outcome."""
        return self.outcomes[0][1] if self.outcomes else Outcome.UNKNOWN

    @property
    def conclusive(self) -> bool:
        """Whether every chosen sender's outcome is known."""
        return bool(self.outcomes) and all(one is not Outcome.UNKNOWN for _, one in self.outcomes)


def filled(one: Facts, other: Facts) -> Facts:
    """Return ``one`` with what it does not know taken from ``other``.

    So a round between two that answer hides no change from the one before it to the one after it.
    """
    undecided = other.conclusive and not one.conclusive
    return replace(
        one,
        outcomes=other.outcomes if undecided else one.outcomes,
        mx=other.mx if one.mx is None else one.mx,
        policy=other.policy if one.policy is None else one.policy,
        addresses=_joined(one.addresses, other.addresses, lambda pair: pair[0]),
        tlsa=_joined(one.tlsa, other.tlsa, lambda pair: pair[0]),
        leaves=_joined(one.leaves, other.leaves, lambda leaf: leaf.address),
        grounds=_joined(one.grounds, other.grounds, lambda ground: ground),
        lifetimes=_joined(one.lifetimes, other.lifetimes, lambda life: (life.what, life.name)),
    )


def _joined(
    mine: Sequence[_T], theirs: Sequence[_T], name: Callable[[_T], Hashable]
) -> tuple[_T, ...]:
    known = {name(each) for each in mine}
    more = (each for each in theirs if name(each) not in known)
    return (*mine, *more)[:WATCH_REMEMBERED]
