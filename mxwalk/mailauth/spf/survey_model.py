"""Everything a domain's SPF record leads to, whatever the client: the tree, its costs, its networks."""

import enum
from dataclasses import dataclass

from mxwalk.language import noted
from mxwalk.mailauth.spf.model import Lookup, Record, SpfResult, Term


class State(enum.Enum):
    """How a term stands in a survey; the words are stable, and shown by ``say``."""

    KNOWN = noted("known")  # what it leads to is shown
    DEPENDS = noted("depends on the message")  # its macros need a sender, a HELO name or an address
    EMPTY = noted("leads to nothing")  # a void look-up, or an include without record
    FAILED = noted("could not be looked up")
    IGNORED = noted("ignored")  # behind all, or a redirect beside all
    LOOP = noted("leads back")
    NOT_FOLLOWED = noted("not followed")  # the survey's own bounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """A network that a record names, and the result a client in it gets at the top.

    ``domain`` and ``term`` are where it stands; through an ``include`` only a pass comes up (5.2).
    """

    network: str
    result: SpfResult
    domain: str
    term: Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A term in a survey: its target, look-ups, and the count of asking terms behind it."""

    term: Term
    state: State
    target: str = ""
    asked: tuple[Lookup, ...] = ()
    lookups: int = 0
    networks: tuple[str, ...] = ()
    note: str = ""
    child: "Surveyed | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyed:
    """A domain's record in a survey; ``records`` are all SPF records at the name.

    ``record`` is ``None`` where there is none to follow; ``problem`` is the result a check ends with
    here, whatever the client, and ``why`` the sentence on it.
    """

    domain: str
    record: Record | None = None
    records: tuple[Record, ...] = ()
    others: tuple[bytes, ...] = ()
    asked: tuple[Lookup, ...] = ()
    leaves: tuple[Leaf, ...] = ()
    problem: SpfResult | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A survey of a domain.

    ``lookups`` counts the terms that ask if nothing matched (RFC 7208 4.6.4); ``voids`` and ``voids6``
    the look-ups without records for a client of IPv4 and of IPv6.  ``addresses4`` is how many IPv4
    addresses pass, ``networks6`` how many IPv6 networks.  ``type99`` are records of the abandoned type
    SPF (3.1).  ``is_cut`` tells that the survey's own bounds ended it.
    """

    domain: str
    root: Surveyed
    lookups: int = 0
    voids: int = 0
    voids6: int = 0
    reaches: tuple[Reach, ...] = ()
    addresses4: int = 0
    networks6: int = 0
    depends: bool = False
    type99: tuple[str, ...] = ()
    type99_lookup: Lookup | None = None
    is_cut: bool = False

    @property
    def passes(self) -> tuple[Reach, ...]:
        """The networks that pass."""
        return tuple(reach for reach in self.reaches if reach.result is SpfResult.PASS)
