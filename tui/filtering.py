"""Escape and filters: a screen shows all rows of its lists again before it backs out further."""

from typing import Any

from textual.screen import Screen

from widgets.rows import Rows


def cleared(screen: "Screen[Any]") -> bool:
    """Clear the filter of the focused list, else of another one; say whether there was any."""
    focused = screen.focused
    if isinstance(focused, Rows) and focused.clear_filter():
        return True
    return any(rows.clear_filter() for rows in screen.query(Rows) if rows.display)


def is_typing(screen: "Screen[Any]") -> bool:
    """Say whether letters are taken by a list's filter."""
    return isinstance(screen.focused, Rows) and screen.focused.filter.typing
