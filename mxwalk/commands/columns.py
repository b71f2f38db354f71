"""Columns and paragraphs of text by cells: a Korean letter takes two."""

import textwrap

from mxwalk.findings.wrapping import cells, fill


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
