"""What is kept of a trace file that is damaged, and what of it is not used, in words.

Steps are numbered and build on one another: those behind a line that cannot be used are not used.
"""

from collections.abc import Iterator

from mxwalk.language import say
from mxwalk.limits import TRACE_LINE_BYTES


def lines_behind(bad: bytes, lines: Iterator[bytes]) -> int | None:
    """Count the lines behind one that cannot be used; ``None`` where there are too many to read."""
    if not bad or len(bad) > TRACE_LINE_BYTES:
        return None
    ended, count = bad.endswith(b"\n"), 0
    for piece in lines:
        if not piece:
            return None
        count += ended
        ended = piece.endswith(b"\n")
    return count


def kept_words(steps: int, number: int, behind: int | None) -> str:
    """Return what is kept before the line ``number`` that is not used, and what is not behind it."""
    return "; ".join(part for part in (_kept(steps), _not_used(number, behind)) if part)


def _kept(count: int) -> str:
    match count:
        case 0:
            return say("there is no step before it")
        case 1:
            return say("the one step before it is kept")
        case _:
            return say("the {count} steps before it are kept", count=count)


def _not_used(number: int, behind: int | None) -> str:
    match behind:
        case None:
            return say("what follows is not used")
        case 0:
            return ""
        case 1:
            return say("line {number} is not used", number=number + 1)
        case _:
            return say(
                "lines {first} to {last} are not used", first=number + 1, last=number + behind
            )
