"""From the bytes of an input to the choices a target makes.

Numbers are taken from the end and octets from the front, so that the front of an input is what it looks
like (a reply, a certificate, a line) and stays it when a choice is added.  An input that has run out
gives zeros and empty octets; the same bytes always give the same choices, in every process.
"""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Choices:
    """The choices that an input stands for, in the order in which they are asked."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._begin = 0
        self._end = len(data)

    @property
    def left(self) -> int:
        """How many octets no choice has used yet."""
        return self._end - self._begin

    def number(self, below: int) -> int:
        """Return a number from 0 to ``below`` - 1, from as few octets of the end as it needs."""
        value, span = 0, 1
        while span < below and self.left:
            self._end -= 1
            value = value << 8 | self._data[self._end]
            span <<= 8
        return value % below

    def flag(self) -> bool:
        """Return yes or no."""
        return bool(self.number(2))

    def pick(self, among: Sequence[T]) -> T:
        """Return one of several."""
        return among[self.number(len(among))]

    def octets(self, most: int) -> bytes:
        """Return at most so many octets of the front."""
        size = min(most, self.left)
        self._begin += size
        return self._data[self._begin - size : self._begin]

    def rest(self) -> bytes:
        """Return all the octets that are left."""
        return self.octets(self.left)
