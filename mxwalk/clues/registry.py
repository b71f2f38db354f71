"""The recognisers, in the order in which they claim lines: products first, nobody's codes last.

A recogniser is a module with ``MARKS``, lower-case words of which one must be in a text that it reads,
and ``recognise(lines)``.  What is new is a module and a line here.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

from mxwalk.clues import (
    delivery_status,
    esa,
    exchange_online,
    exim,
    postfix,
    replies,
    sendmail,
)
from mxwalk.clues.lines import Line
from mxwalk.clues.model import Clue


class Recogniser(Protocol):
    """What a module of a product offers."""

    MARKS: tuple[str, ...]

    def recognise(self, lines: Sequence[Line]) -> Iterator[Clue]:
        """Yield what was recognised, with offsets into the text as given."""
        ...


RECOGNISERS: tuple[Recogniser, ...] = (
    delivery_status,
    postfix,
    esa,
    sendmail,
    exim,
    exchange_online,
    replies,
)
