"""A part of the matrix: its situations, its peers, and what was said of each crossing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.peers.matrix.opinions import Opinion


@dataclass(frozen=True)
class Section:
    """``rows`` say in words what each situation is; the order is that of the page."""

    title: str
    intro: str
    heads: tuple[str, str]
    rows: Mapping[str, str]
    peers: Sequence[str]
    opinions: Sequence[Opinion]
