"""Where one has been on a walk's screen, to go back and forward like in a browser.

A place is what is looked at; it is remembered before a jump.  Going back remembers the place one came
from, so that forward leads there again; a new jump forgets what lay ahead.
"""

from collections.abc import Hashable
from dataclasses import dataclass

PLACES = 100  # a long look at a walk; who goes back further looks for something else


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A view with the step looked at, where its cursor stood, the pane in use, and the sender."""

    view: str
    step: int
    cursor: Hashable | None
    pane: str
    sender: str


class History:
    """The places behind and ahead."""

    def __init__(self) -> None:
        self._behind: list[Place] = []
        self._ahead: list[Place] = []

    def remember(self, here: Place) -> None:
        """Remember the place that a jump leaves."""
        self._ahead.clear()
        if not self._behind or self._behind[-1] != here:
            self._behind.append(here)
            del self._behind[:-PLACES]

    def back(self, here: Place) -> Place | None:
        """Return the place before, if there is one that is not this one."""
        return _moved(self._behind, self._ahead, here)

    def forward(self, here: Place) -> Place | None:
        """Return the place one went back from."""
        return _moved(self._ahead, self._behind, here)


def _moved(source: list[Place], other: list[Place], here: Place) -> Place | None:
    while source:
        place = source.pop()
        if place != here:
            other.append(here)
            del other[:-PLACES]
            return place
    return None
