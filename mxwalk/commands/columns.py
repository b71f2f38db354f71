"""Text in the width of the terminal."""

import shutil

from mxwalk.wrapping import fill

_LEAST, _MOST = 40, 120  # columns: narrower no line is readable, wider no eye finds the next one


def terminal_width() -> int:
    """Return the columns of the terminal (or ``COLUMNS``); 80 without one."""
    return min(_MOST, max(_LEAST, shutil.get_terminal_size((80, 24)).columns))


def fitted(head: str, words: str, hang: int, width: int | None = None) -> list[str]:
    """Return words behind ``head``, wrapped at the terminal's width below column ``hang``."""
    return fill(words, width or terminal_width(), head, " " * hang) or [head.rstrip()]
