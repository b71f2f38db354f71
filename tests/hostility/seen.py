"""What a person sees of a text: every character has a glyph of its own, at its place, in its order.

The reading is this module's own: general categories, the default-ignorable code points of Unicode
(DerivedCoreProperties) that are letters or marks by category, and the widths of ``rich.cells``: what takes
no cell is drawn with what is before it, and must be a mark on a base or a part of a Korean syllable behind
its beginning (by the names of the characters).
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from rich.cells import get_character_cell_size

MARKS = 4  # nonspacing marks on one base, and spacing ones; written languages have three at most
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
    over = beside = 0
    has_base = False
    for at, char in enumerate(line):
        category = unicodedata.category(char)
        if _is_mark(char):
            spacing = category not in ("Mn", "Me")
            over, beside = over + (not spacing), beside + spacing
            if not has_base or max(over, beside) > MARKS:
                yield f"U+{ord(char):04X} is mark {over + beside} in {_around(line, at)}"
                return
            continue
        over = beside = 0
        has_base = char != " "
        if not (_plain(char) or _within_a_syllable(line, at)):
            yield f"U+{ord(char):04X} ({category}) in {_around(line, at)}"
            return


@lru_cache(maxsize=1 << 14)
def _is_mark(char: str) -> bool:
    """Say whether a character is drawn with its base: what Unicode or the terminal's widths take for it."""
    category = unicodedata.category(char)
    if _ignorable(char) or char in _BLANK or category in _UNSEEN:
        return False
    cells = get_character_cell_size(char)
    return category in ("Mn", "Me", "Mc") or (cells == 0 and category != "Lo")


@lru_cache(maxsize=1 << 14)
def _plain(char: str) -> bool:
    """Say whether a character is seen wherever it stands; a mark is not, it needs a base."""
    category = unicodedata.category(char)
    blank = char in _BLANK or (category == "Zs" and char != " ")
    cells = get_character_cell_size(char)
    return not (category in _UNSEEN or blank or not cells or _is_mark(char) or _ignorable(char))


def _within_a_syllable(line: str, at: int) -> bool:
    """Say whether a vowel or a final of Hangul stands behind what it is drawn into."""
    kinds = [_of_hangul(char) for char in line[max(0, at - 2) : at + 1]]
    return kinds[-2:] in (["BEGINS", "VOWEL"], ["OPEN", "FINAL"]) or kinds == [
        "BEGINS",
        "VOWEL",
        "FINAL",
    ]


def _of_hangul(char: str) -> str:
    match unicodedata.name(char, "").split():
        case ["HANGUL", "SYLLABLE", *_] if len(unicodedata.normalize("NFD", char)) == 2:
            return "OPEN"
        case ["HANGUL", "CHOSEONG", letter] if letter != "FILLER":
            return "BEGINS"
        case ["HANGUL", "JUNGSEONG", letter] if letter != "FILLER":
            return "VOWEL"
        case ["HANGUL", "JONGSEONG", _]:
            return "FINAL"
    return ""


def _ignorable(char: str) -> bool:
    return any(first <= ord(char) <= last for first, last in _IGNORABLE)


def _around(line: str, at: int) -> str:
    return ascii(line[max(0, at - 40) : at + 40])
