"""SPF as read and as evaluated: the record's terms, and the tree of an evaluation (RFC 7208).

The tree is the product: each term with what it was expanded to, what it asked, the counters behind
it, and why it matched or not.
"""

import enum
from dataclasses import dataclass, field

from mxwalk.evidence.dns import DnsStatus
from mxwalk.language import noted


class SpfResult(enum.Enum):
    """The results of ``check_host()`` (RFC 7208 2.6)."""

    NONE = "none"
    NEUTRAL = "neutral"
    PASS = "pass"  # noqa: S105 - a result, no password
    FAIL = "fail"
    SOFTFAIL = "softfail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


QUALIFIERS = {
    "+": SpfResult.PASS,
    "-": SpfResult.FAIL,
    "~": SpfResult.SOFTFAIL,
    "?": SpfResult.NEUTRAL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A fault of syntax, at its octets in the record, with what must stand there."""

    start: int
    end: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A directive or a modifier as written (RFC 7208 4.6.1, 12).

    ``name`` is in lower case; ``spec`` the domain-spec, address or macro-string behind ``:`` or ``=``,
    empty if there is none; ``cidr4`` and ``cidr6`` are the prefix lengths, ``None`` if not written.
    """

    start: int
    end: int
    text: str
    name: str
    is_modifier: bool = False
    qualifier: str = "+"
    spec: str = ""
    cidr4: int | None = None
    cidr6: int | None = None
    fault: Fault | None = None

    @property
    def asks(self) -> bool:
        """Whether it counts against the limit of ten (RFC 7208 4.6.4)."""
        return self.name in ("include", "a", "mx", "ptr", "exists", "redirect")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record as read; ``strings`` are the lengths of its character-strings."""

    domain: str
    text: str
    terms: tuple[Term, ...]
    faults: tuple[Fault, ...] = ()
    strings: tuple[int, ...] = ()
    ttl_s: int | None = None

    def modifier(self, name: str) -> Term | None:
        """Return the first modifier of this name."""
        return next((term for term in self.terms if term.is_modifier and term.name == name), None)


class Matched(enum.Enum):
    """What became of a term; the words are stable, and shown by ``say``."""

    MATCH = noted("match")
    NO_MATCH = noted("no match")
    ERROR = noted("error")
    NOT_REACHED = noted("not reached")
    IGNORED = noted("ignored")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """A macro and what it became (RFC 7208 7)."""

    macro: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """A DNS question of a term; ``answer`` are its records in presentation form."""

    qname: str
    rtype: str
    status: DnsStatus
    answer: tuple[str, ...] = ()
    is_void: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A term as evaluated.

    ``target`` is its domain or network after expansion; ``lookups`` and ``voids`` are the running
    counts behind it; ``matched_by`` the network, name or address that matched; ``why`` one sentence.
    ``child`` is the record an ``include`` or ``redirect`` led to.
    """

    term: Term
    outcome: Matched
    target: str = ""
    expansions: tuple[Expansion, ...] = ()
    asked: tuple[Lookup, ...] = ()
    lookups: int = 0
    voids: int = 0
    matched_by: str = ""
    why: str = ""
    child: "Branch | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """The evaluation of one domain's record: the whole, or what ``include`` and ``redirect`` lead to.

    ``record`` is ``None`` where none could be used; ``why`` says in one sentence how it ended.
    """

    domain: str
    result: SpfResult
    why: str
    record: Record | None = None
    asked: tuple[Lookup, ...] = ()
    nodes: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The result of ``check_host()`` with its tree.

    ``matched`` is the directive that gave the result (of the top record, or of the one it was
    redirected to); ``explanation`` the ``exp`` text of a fail, untrusted; ``lookups`` and ``voids`` the
    final counts.
    """

    result: SpfResult
    why: str
    client_ip: str
    domain: str
    sender: str
    helo: str
    root: Branch | None = None
    matched: Node | None = None
    lookups: int = 0
    voids: int = 0
    explanation: str = ""
    expansions: tuple[Expansion, ...] = field(default=())
