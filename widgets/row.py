"""One row of a list: lines of content, a key, and what is copied from it."""

from collections.abc import Hashable
from dataclasses import dataclass

from textual.content import Content

from mxwalk.language import noted


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: its lines (already as narrow as the pane), its key, and what ``y`` copies.

    ``stop`` says whether the cursor halts here; ``what`` names the copied value for the notice.  A
    filter finds it by its lines, by ``copy``, and by ``find``.
    """

    key: Hashable
    lines: tuple[Content, ...]
    copy: str = ""
    what: str = noted("line")
    stop: bool = True
    find: str = ""


def text_row(key: Hashable, *lines: Content) -> Row:
    """Return a row the cursor passes over: headings, explanations, empty lines."""
    return Row(key=key, lines=lines, stop=False)
