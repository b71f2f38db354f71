"""A cursor over the bytes of a handshake message (the presentation language of RFC 8446 3).

It never fails: beyond the end numbers are zero and vectors empty, and ``whole`` says that something
was missing.  So readers are total, and yield what was there.
"""

from collections.abc import Iterator


class Octets:
    """Bytes to be read from the front; ``whole`` turns false once more was asked than there is."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self.whole = True

    @property
    def left(self) -> int:
        """How many bytes are not read yet."""
        return len(self._data) - self._at

    def take(self, size: int) -> bytes:
        """Return the next ``size`` bytes, or as many as there are."""
        if size > self.left:
            self.whole = False
        taken = self._data[self._at : self._at + size]
        self._at += len(taken)
        return taken

    def number(self, size: int) -> int:
        """Return the unsigned integer in the next ``size`` bytes, zero when they are not there."""
        taken = self.take(size)
        return int.from_bytes(taken, "big") if len(taken) == size else 0

    def vector(self, size: int) -> bytes:
        """Return the contents of a vector whose length stands in ``size`` bytes (RFC 8446 3.4)."""
        return self.take(self.number(size))


def numbers(data: bytes, size: int) -> tuple[int, ...]:
    """Return a vector's contents as unsigned integers of ``size`` bytes; a remainder is left out."""
    whole = len(data) - len(data) % size
    return tuple(int.from_bytes(data[at : at + size], "big") for at in range(0, whole, size))


def vectors(data: bytes, size: int) -> Iterator[bytes]:
    """Yield the vectors in a vector, each with its length in ``size`` bytes, as far as whole."""
    reader = Octets(data)
    while reader.left:
        one = reader.vector(size)
        if not reader.whole:
            return
        yield one
