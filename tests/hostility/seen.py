"""What a person sees of a text: every character has a glyph of its own, at its place, in its order.

The reading is this module's own: general categories, and the default-ignorable code points of Unicode
(DerivedCoreProperties) that are letters or marks by category.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

MARKS = 4  # nonspacing marks on one base; written languages have three at most
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_IGNORABLE = (
    (0x034F, 0x034F),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x2065, 0x2065),
    (0xFE00, 0xFE0F),
    (0xFFF0, 0xFFF8),
    (0xE0000, 0xE0FFF),
)


def unseen(text: str, *, ends: str = "\n") -> Iterator[str]:
    """Yield what of a text is not seen as it is; ``ends`` are the characters that end its lines."""
    for line in text.split(ends):
        yield from _of_line(line)


def _of_line(line: str) -> Iterator[str]:
    if (line.isascii() and line.isprintable()) or all(map(_plain, set(line))):
        return
    marks, has_base = 0, False
    for at, char in enumerate(line):
        category = unicodedata.category(char)
        if category in ("Mn", "Me"):
            marks += 1
            if not has_base or marks > MARKS:
                yield f"U+{ord(char):04X} is mark {marks} in {_around(line, at)}"
                return
            if not _ignorable(char):
                continue
        marks, has_base = 0, char != " "
        if not _plain(char):
            yield f"U+{ord(char):04X} ({category}) in {_around(line, at)}"
            return


@lru_cache(maxsize=1 << 14)
def _plain(char: str) -> bool:
    """Say whether a character is seen wherever it stands; a mark is not, it needs a base."""
    category = unicodedata.category(char)
    blank = char in _BLANK or (category == "Zs" and char != " ")
    return not (category in _UNSEEN or category in ("Mn", "Me") or blank or _ignorable(char))


def _ignorable(char: str) -> bool:
    return any(first <= ord(char) <= last for first, last in _IGNORABLE)


def _around(line: str, at: int) -> str:
    return ascii(line[max(0, at - 40) : at + 40])
