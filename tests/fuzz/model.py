"""What a target is, and the checks that many targets share."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from tests.fuzz.choices import Choices

# What a refusal may say of the input that it refuses.
REFUSAL_CHARS = 1_500


def _never(_data: bytes, _choices: Choices) -> bytes | None:
    return None


def _no_seeds() -> Iterable[bytes]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Target:
    """One entrance for foreign bytes.

    ``check`` raises when the promise is broken; the promise is a sentence for people.  ``calls`` is the
    bound of its work: how many function calls of Python an input of so many octets may take.  ``mutate``
    changes an input by its structure (``None``: this one by its octets).  ``seeds`` makes the inputs to
    begin with, from the lab and the other tests; it may be slow, and nobody waits for it but
    ``python -m tests.fuzz.corpus``.
    """

    promise: str
    check: Callable[[bytes], None]
    calls: Callable[[int], int]
    max_len: int = 4_096
    words: tuple[bytes, ...] = ()
    mutate: Callable[[bytes, Choices], bytes | None] = _never
    seeds: Callable[[], Iterable[bytes]] = _no_seeds


class BrokenPromise(AssertionError):
    """What was promised of a target does not hold for this input."""


def promise(holds: object, *what: object) -> None:
    """Raise ``BrokenPromise`` with what is wrong, unless it holds."""
    if not holds:
        raise BrokenPromise(
            " ".join(each if isinstance(each, str) else repr(each) for each in what)
        )


def printable(text: str, most: int | None = None) -> str:
    """Promise that a text holds only visible characters (and is no longer than ``most``)."""
    promise(text.isprintable(), "control characters in", text)
    promise(most is None or len(text) <= most, len(text), "characters, more than", most, text[:200])
    return text


def printable_lines(text: str) -> str:
    """Promise that a text of several lines holds only visible characters and line feeds."""
    for line in text.split("\n"):
        printable(line)
    return text


@contextmanager
def refusing(*errors: type[Exception]) -> Iterator[None]:
    """Let the documented errors pass, when what they say is one bounded line of visible characters."""
    try:
        yield
    except errors as error:
        printable(str(error), REFUSAL_CHARS)


class TooMuchWork(BrokenPromise):
    """An input takes more function calls than an input of its size may."""


def run(target: Target, data: bytes, *, metered: bool = True) -> int:
    """Check one input; return the function calls it took (0 when they are not counted)."""
    if not metered:
        target.check(data)
        return 0
    most, count = target.calls(len(data)), 0

    def meter(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        if event in {"call", "c_call"}:
            count += 1
            if count == most:
                raise TooMuchWork(f"more than {most} function calls for {len(data)} octets")

    before = sys.getprofile()
    sys.setprofile(meter)
    try:
        target.check(data)
    finally:
        sys.setprofile(before)
    return count
