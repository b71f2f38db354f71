"""Columns and paragraphs of text by cells: a Korean letter takes two."""

import shutil
import textwrap

from mxwalk.findings.wrapping import cells, fill

_LEAST, _MOST = 40, 120  # columns: narrower no line is readable, wider no eye finds the next one


def terminal_width() -> int:
    """Return the columns of the terminal (or ``COLUMNS``); 80 without one."""
    return min(_MOST, max(_LEAST, shutil.get_terminal_size((80, 24)).columns))


def fitted(head: str, words: str, hang: int, width: int | None = None) -> list[str]:
    """Return words behind ``head``, wrapped at the terminal's width below column ``hang``."""
    return fill(words, width or terminal_width(), head, " " * hang) or [head.rstrip()]


def padded(text: str, width: int) -> str:
    """Return a text that fills so many cells; a longer one as it is."""
    return text + " " * max(0, width - cells(text))


def wrapped(
    text: str, width: int, first: str, following: str, *, break_on_hyphens: bool = True
) -> list[str]:
    """Return a paragraph as lines; ``first`` begins its first line, ``following`` the others."""
    if not text.isascii():
        return fill(text, width, first, following)
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=following,
        break_on_hyphens=break_on_hyphens,
    )
