"""Where the interface is drawn: Textual writes to standard error, which may be sent to a file."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def drawn_on_terminal() -> Iterator[None]:
    """Draw on standard output inside the block where standard error is no terminal."""
    kept = sys.__stderr__
    if sys.stdout.isatty() and (kept is None or not kept.isatty()):
        sys.__stderr__ = sys.__stdout__  # type: ignore[misc]
    try:
        yield
    finally:
        sys.__stderr__ = kept  # type: ignore[misc]
