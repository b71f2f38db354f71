"""Numbers as a line of blocks, one or more cells each; in ASCII by the height of the characters."""

from collections.abc import Sequence

from widgets.glyphs import ASCII, glyphs

_UNICODE = "▁▂▃▄▅▆▇█"
_ASCII = "_.-=+*#"
_WIDEST = 4


def cells_each(count: int, width: int) -> int:
    """Return how many cells each of ``count`` numbers gets in ``width`` cells, at least one."""
    return max(1, min(_WIDEST, width // max(1, count)))


def shares(values: Sequence[int], width: int) -> list[int]:
    """Return at most ``width`` numbers: the values, or sums of neighbours where there are more."""
    if len(values) <= width:
        return list(values)
    sums = [0] * max(1, width)
    for number, value in enumerate(values):
        sums[number * len(sums) // len(values)] += value
    return sums


def sparkline(values: Sequence[int], width: int) -> str:
    """Return the line in at most ``width`` cells; zero is a blank, the largest a full block."""
    found = shares(values, width)
    most = max(found, default=0)
    blocks = _ASCII if glyphs() is ASCII else _UNICODE
    each = cells_each(len(found), width)
    signs = (" " if value <= 0 else blocks[-(-value * len(blocks) // most) - 1] for value in found)
    return "".join(sign * each for sign in signs)
