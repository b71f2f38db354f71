"""Texts cut at their separators, with pieces dropped, doubled, moved or put in, and joined again."""

import re
from collections.abc import Sequence

from tests.fuzz.choices import Choices
from tests.hostile import HOSTILE

LINES = re.compile(rb"(?<=\n)")
FIELDS = re.compile(rb"(?<=[;,\s=:])|(?=[;,=:])")
TAGS = re.compile(rb"(?=<)|(?<=>)")
_TEXTS = tuple(each for each in HOSTILE if 0 < len(each) < 200)


def mutate(
    data: bytes, choices: Choices, cut: re.Pattern[bytes], words: Sequence[bytes] = ()
) -> bytes:
    """Return ``data`` with one to three of its pieces changed."""
    pieces = cut.split(data)
    for _ in range(1 + choices.number(3)):
        at = choices.number(len(pieces)) if pieces else 0
        match choices.number(6):
            case 0 if pieces:
                del pieces[at]
            case 1 if pieces:
                pieces.insert(choices.number(len(pieces)), pieces[at])
            case 2 if pieces:
                other = choices.number(len(pieces))
                pieces[at], pieces[other] = pieces[other], pieces[at]
            case 3 if pieces:
                pieces[at] = pieces[at].swapcase()
            case 4:
                pieces.insert(at, choices.pick(_TEXTS))
            case _:
                pieces.insert(at, choices.pick(words or _TEXTS))
    return b"".join(pieces)
