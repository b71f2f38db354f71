"""The subtrees of one CA by kind of name, ready to have thousands of names held against them.

DNS names, which come in thousands, are found by their endings instead of one subtree after the other.
"""

from dataclasses import dataclass, field

from mxwalk.language import noted, say
from mxwalk.pkix.name_matching import Within, comparable, effective_tag, within
from mxwalk.pkix.subtrees import GeneralName, Subtree, Subtrees
from mxwalk.text import visible
from mxwalk.tls.certificate_names import DNS, OTHER

_GROUP_SHOWN = 5
_BASE_CHARS = 200


class Group:
    """The permitted or the excluded subtrees of one kind; one that matches decides."""

    def __init__(self, word: str, trees: tuple[Subtree, ...]) -> None:
        self.word = word
        self.text = _text(word, trees)
        self._trees = trees
        self._bent = next((tree for tree in trees if not tree.plain), None)
        self._dns: dict[bytes, int] = {}
        if all(tree.base.tag == DNS for tree in trees):
            for number, tree in enumerate(trees):
                self._dns.setdefault(tree.base.content.lower(), number)
        self._longest = max(map(len, self._dns), default=0)

    @property
    def cost(self) -> int:
        """How many comparisons one name takes."""
        return 1 if self._dns else len(self._trees)

    def first(self, name: GeneralName) -> tuple[Within, Subtree]:
        """Return what decides: the first subtree the name is in, or one that cannot be compared."""
        if self._bent is not None:
            return Within.UNSUPPORTED, self._bent
        if self._dns:
            number = self._by_ending(name.content.lower())
            if number is None:
                return Within.NO, self._trees[0]
            return Within.YES, self._trees[number]
        for tree in self._trees:
            outcome = within(name, tree.base)
            if outcome is not Within.NO:
                return outcome, tree
        return Within.NO, self._trees[0]

    def _by_ending(self, name: bytes) -> int | None:
        numbers = [self._dns.get(b""), self._dns.get(name)]
        at = name.rfind(b".")
        while at >= 0 and len(name) - at - 1 <= self._longest:
            numbers += [self._dns.get(name[at:]), self._dns.get(name[at + 1 :])]
            at = name.rfind(b".", 0, at)
        return min((number for number in numbers if number is not None), default=None)


@dataclass(slots=True)
class Rules:
    """All subtrees of one CA."""

    trees: Subtrees
    _groups: dict[tuple[str, int], Group | None] = field(default_factory=dict)

    def permitted(self, name: GeneralName) -> Group | None:
        """Return the permitted subtrees of the name's kind; nothing when the kind is free."""
        return self._group(noted("permitted"), self.trees.permitted, name)

    def excluded(self, name: GeneralName) -> Group | None:
        """Return the excluded subtrees of the name's kind."""
        return self._group(noted("excluded"), self.trees.excluded, name)

    def _group(self, word: str, trees: tuple[Subtree, ...], name: GeneralName) -> Group | None:
        tag = effective_tag(name)
        if tag == OTHER:  # each type of these is a kind of its own
            return _make(word, trees, name)
        key = word, tag
        if key not in self._groups:
            self._groups[key] = _make(word, trees, name)
        return self._groups[key]


def _make(word: str, trees: tuple[Subtree, ...], name: GeneralName) -> Group | None:
    about = tuple(tree for tree in trees if comparable(name, tree.base))
    return Group(word, about) if about else None


def base_text(tree: Subtree) -> str:
    """Write the base of a subtree."""
    return f"{tree.base.kind} {visible(tree.base.text, _BASE_CHARS) or say('(every name)')}"


def _text(word: str, trees: tuple[Subtree, ...]) -> str:
    shown = ", ".join(base_text(tree) for tree in trees[:_GROUP_SHOWN])
    more = len(trees) - _GROUP_SHOWN
    if more > 0:
        return say("{word} {shown} and {more} more", word=say(word), shown=shown, more=more)
    return f"{say(word)} {shown}"
