"""What a program said of a peer in a situation, and the reasons why some say something else.

An opinion agrees when it says what the situation was made to be.  Every other one must be covered by an
explanation, and every explanation must cover an opinion at each crossing it names: a reason that is no
longer needed is as wrong as one that is missing.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Place = tuple[str, str, str, str]


@dataclass(frozen=True)
class Opinion:
    """One program's word; ``row`` and ``peer`` say of what, ``expected`` what it would be by rights."""

    section: str
    row: str
    peer: str
    tool: str
    said: str
    expected: str
    asked: str = ""  # what exactly, where a row has more than one question

    @property
    def agrees(self) -> bool:
        """Whether it is what the situation was made to be."""
        return self.said == self.expected

    @property
    def place(self) -> Place:
        """Where an explanation finds it."""
        return self.section, self.row, self.peer, self.tool

    def __str__(self) -> str:
        """Return it in a line, for the message of a failed test."""
        asked = f" {self.asked}" if self.asked else ""
        return f"{self.section}: {self.row}{asked} at {self.peer}: {self.tool} says {self.said!r}, not {self.expected!r}"


@dataclass(frozen=True)
class Explanation:
    """Why tools say something else; it holds for every crossing of its rows, peers and tools."""

    section: str
    rows: tuple[str, ...]
    peers: tuple[str, ...]
    tools: tuple[str, ...]
    said: str
    why: str

    def places(self) -> Iterator[Place]:
        """Yield every crossing."""
        for row, peer, tool in itertools.product(self.rows, self.peers, self.tools):
            yield self.section, row, peer, tool

    def covers(self, opinion: Opinion) -> bool:
        """Whether it explains an opinion that does not agree."""
        return (
            not opinion.agrees
            and opinion.said == self.said
            and opinion.section == self.section
            and opinion.row in self.rows
            and opinion.peer in self.peers
            and opinion.tool in self.tools
        )


def unexplained(opinions: Sequence[Opinion], explanations: Sequence[Explanation]) -> list[Opinion]:
    """Return the opinions that differ without a reason."""
    return [
        one
        for one in opinions
        if not one.agrees and not any(each.covers(one) for each in explanations)
    ]


def unneeded(opinions: Sequence[Opinion], explanations: Sequence[Explanation]) -> list[str]:
    """Return the crossings at which an explanation explains nothing, of the sections looked at."""
    sections = {one.section for one in opinions}
    differing = {(one.place, one.said) for one in opinions if not one.agrees}
    return [
        f"{': '.join(place)} no longer says {each.said!r}"
        for each in explanations
        if each.section in sections
        for place in each.places()
        if (place, each.said) not in differing
    ]
