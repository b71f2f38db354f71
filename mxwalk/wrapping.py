"""Text broken into lines by cells: a character of an East Asian script is two cells wide."""

import unicodedata


def cells(text: str) -> int:
    """Return how many cells of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(_cells_of(char) for char in text)


def _cells_of(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1  # UAX #11 5


def padded(text: str, width: int) -> str:
    """Return a text that fills so many cells; a longer one as it is."""
    return text + " " * (width - cells(text))


def fill(text: str, width: int, indent: str = "", following: str | None = None) -> list[str]:
    """Return lines of at most ``width`` cells, broken between words; a longer word stands alone.

    The first line begins with ``indent``, the others with ``following``, which is the same by default.
    """
    after = indent if following is None else following
    lines: list[str] = []
    line, empty = indent, True
    for word in text.split():
        if not empty and cells(line) + 1 + cells(word) > width:
            lines.append(line)
            line, empty = after, True
        line += word if empty else f" {word}"
        empty = False
    return lines if empty else [*lines, line]
