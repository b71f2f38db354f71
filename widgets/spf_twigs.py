"""What the SPF tree draws: an evaluation for one client, or a survey of everything a record leads to.

Both become the same twigs, a term each with its state, what it was expanded to and asked, and the
record it led to, so that there is one tree to read.
"""

from dataclasses import dataclass

from mxwalk.delivery.mark import Mark
from mxwalk.delivery.status_mailauth import SPF_MARKS
from mxwalk.language import noted, say, say_many
from mxwalk.mailauth.spf.model import (
    Branch,
    Evaluation,
    Expansion,
    Lookup,
    Matched,
    Node,
    Record,
    SpfResult,
    Term,
)
from mxwalk.mailauth.spf.survey_model import Leaf, State, Surveyed

_MATCHED = {
    Matched.MATCH: (Mark.OK, noted("match")),
    Matched.NO_MATCH: (None, noted("no match")),
    Matched.ERROR: (Mark.FAIL, noted("error")),
    Matched.NOT_REACHED: (None, noted("not reached")),
    Matched.IGNORED: (None, noted("ignored")),
}
_STATES = {
    State.KNOWN: (None, noted("known")),
    State.DEPENDS: (Mark.INFO, noted("depends")),
    State.EMPTY: (Mark.WARN, noted("void")),
    State.FAILED: (Mark.UNKNOWN, noted("not had")),
    State.IGNORED: (None, noted("ignored")),
    State.LOOP: (Mark.FAIL, noted("loop")),
    State.NOT_FOLLOWED: (Mark.UNKNOWN, noted("not followed")),
}
_NETWORKS_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Twig:
    """A term in the tree.  ``mark`` is ``None`` for what is neither good nor bad.

    ``count`` is the running count of asking terms behind it, 0 for a term that asks nothing.
    ``decides`` marks the one that gave the result, ``leads`` what led to it, ``dim`` one that was not
    evaluated, ``is_ahead`` one that was not come to.
    """

    term: Term
    mark: Mark | None
    word: str
    target: str = ""
    expansions: tuple[Expansion, ...] = ()
    asked: tuple[Lookup, ...] = ()
    count: int = 0
    voids: int = 0
    why: str = ""
    matched_by: str = ""
    networks: tuple[str, ...] = ()
    decides: bool = False
    leads: bool = False
    dim: bool = False
    is_ahead: bool = False
    child: "Bough | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bough:
    """A domain's record in the tree; ``mark`` and ``word`` are its result, empty in a survey."""

    domain: str
    record: Record | None
    mark: Mark | None
    word: str
    why: str
    twigs: tuple[Twig, ...] = ()
    asked: tuple[Lookup, ...] = ()


def of_evaluation(evaluation: Evaluation) -> Bough | None:
    """Return the tree of an evaluation for one client."""
    root = evaluation.root
    return None if root is None else _branch(root, evaluation.matched, 0)


def of_survey(root: Surveyed) -> Bough:
    """Return the tree of a survey."""
    return _surveyed(root, 0)


def _branch(branch: Branch, decides: Node | None, before: int) -> Bough:
    twigs = []
    for node in branch.nodes:
        twigs.append(_node(node, decides, before))
        before = max(before, node.lookups)
    return Bough(
        domain=branch.domain,
        record=branch.record,
        mark=SPF_MARKS[branch.result],
        word=branch.result.value,
        why=branch.why,
        twigs=tuple(twigs),
        asked=branch.asked,
    )


def _node(node: Node, decides: Node | None, before: int) -> Twig:
    mark, word = _MATCHED[node.outcome]
    word = say(word)
    is_it = node is decides
    child = _branch(node.child, decides, before + 1) if node.child is not None else None
    leads = child is not None and any(one.decides or one.leads for one in child.twigs)
    if node.outcome is Matched.MATCH and node.term.is_modifier:
        followed = node.term.name == "redirect"
        mark, word = None, say("followed") if followed else say("used")
    dim = node.outcome in (Matched.NOT_REACHED, Matched.IGNORED)
    return Twig(
        term=node.term,
        mark=mark,
        word=word,
        target=node.target,
        expansions=node.expansions,
        asked=node.asked,
        count=node.lookups if node.term.asks and not dim else 0,
        voids=node.voids,
        why=node.why,
        matched_by=node.matched_by,
        decides=is_it,
        leads=leads,
        dim=dim,
        is_ahead=node.outcome is Matched.NOT_REACHED,
        child=child,
    )


def _surveyed(one: Surveyed, depth: int) -> Bough:
    mark = SPF_MARKS[one.problem] if one.problem is not None else None
    return Bough(
        domain=one.domain,
        record=one.record,
        mark=mark,
        word=one.problem.value if one.problem is not None else "",
        why=one.why,
        twigs=tuple(_leaf(leaf, depth) for leaf in one.leaves),
        asked=one.asked,
    )


def _leaf(leaf: Leaf, depth: int) -> Twig:
    mark, word = _STATES[leaf.state]
    word = say(word)
    if leaf.state is State.KNOWN and leaf.networks:
        word = say_many("{n} network", "{n} networks", len(leaf.networks))
    if leaf.state is State.KNOWN and leaf.child is not None:
        word = say("followed")
    if leaf.state is State.KNOWN and leaf.term.name == "all":
        mark, word = _all(leaf)
    return Twig(
        term=leaf.term,
        mark=mark,
        word=word,
        target=leaf.target,
        asked=leaf.asked,
        count=leaf.lookups if leaf.term.asks and leaf.state is not State.IGNORED else 0,
        why=leaf.note,
        networks=leaf.networks[:_NETWORKS_SHOWN],
        dim=leaf.state is State.IGNORED,
        child=_surveyed(leaf.child, depth + 1) if leaf.child is not None else None,
    )


def _all(leaf: Leaf) -> tuple[Mark | None, str]:
    if leaf.term.qualifier == "+":
        return Mark.FAIL, say("everybody")
    return None, say("the rest")


def gives(term: Term) -> SpfResult | None:
    """Return the result a directive gives when it matches; ``None`` for a modifier."""
    from mxwalk.mailauth.spf.model import QUALIFIERS

    return None if term.is_modifier else QUALIFIERS[term.qualifier]
