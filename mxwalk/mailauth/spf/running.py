"""A record on its way through evaluation, and what a finished one hands up."""

from dataclasses import dataclass, field

from mxwalk.mailauth.spf.checking import Check, Found
from mxwalk.mailauth.spf.macros import Expanded
from mxwalk.mailauth.spf.model import Branch, Expansion, Node, Record, SpfResult, Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """A branch evaluated; ``matched`` is the directive that gave the result, through a redirect.

    ``cause`` is the deciding sentence with the domain it stands at, however deep that is.
    """

    branch: Branch
    matched: Node | None = None
    cause: str = ""
    explanation: str = ""
    expansions: tuple[Expansion, ...] = ()


@dataclass(slots=True)
class Run:
    """The nodes of a branch as they come, and how it ends."""

    check: Check
    domain: str
    record: Record
    nodes: list[Node] = field(default_factory=list)
    result: SpfResult | None = None
    why: str = ""
    cause: str = ""
    matched: Node | None = None

    def add(self, term: Term, found: Found) -> Node:
        """Keep a term with what became of it and the counts behind it."""
        node = Node(
            term=term,
            outcome=found.outcome,
            target=found.target,
            expansions=found.expansions,
            asked=found.asked,
            lookups=self.check.lookups,
            voids=self.check.voids,
            matched_by=found.matched_by,
            why=found.why,
            child=found.child,
        )
        self.nodes.append(node)
        return node


def of_expanded(expanded: Expanded, found: Found) -> Found:
    """Return the outcome with the expansion that led to it."""
    return Found(
        outcome=found.outcome,
        why=found.why,
        target=expanded.text,
        matched_by=found.matched_by,
        expansions=expanded.expansions,
        asked=(*expanded.asked, *found.asked),
        ends=found.ends,
        cause=found.cause,
        child=found.child,
    )
