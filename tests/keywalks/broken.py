"""mxwalk with one thing in it that fails: ``python tests/keywalks/broken.py PLACE ARGUMENTS...``.

The product has no way to make it fail, so the tests put the fault in before they call its command line.
"""

import sys
from collections.abc import Callable
from typing import NoReturn

_HEADER = 3000  # octets
WORDS = "broken on purpose \x1b]0;title\x07"


def _fails(*_given: object, **_named: object) -> NoReturn:
    raise ValueError(WORDS)


def drawing() -> None:
    """A view fails when it draws."""
    from widgets.verdict_table import VerdictTable

    VerdictTable.rows_for = _fails  # type: ignore[method-assign]


def line() -> None:
    """A list fails while its lines are put on the screen."""
    from widgets.rows_drawing import DrawnRows

    drawn = DrawnRows.render_line

    def render_line(self: DrawnRows, y: int) -> object:
        if type(self).__name__ == "VerdictTable":
            _fails()
        return drawn(self, y)

    DrawnRows.render_line = render_line  # type: ignore[method-assign,assignment]


def key() -> None:
    """A key fails."""
    from tui.screens.walk_dialogs import WalkDialogs

    WalkDialogs.action_breakpoints = _fails  # type: ignore[method-assign]


def step() -> None:
    """The worker that walks fails at the third step."""
    from mxwalk.walk.walker import Walk

    walked = Walk.step
    count = 0

    async def failing(self: Walk) -> object:
        nonlocal count
        count += 1
        if count == 3:
            _fails()
        return await walked(self)

    Walk.step = failing  # type: ignore[method-assign,assignment]


def window() -> None:
    """The worker of a window fails."""
    from tui.screens.compare_with import CompareWithScreen

    CompareWithScreen.on_mount = _fails  # type: ignore[method-assign]


def full() -> None:
    """No file may grow beyond the header of a walk, as on a disk that is full."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (_HEADER, _HEADER))


PLACES: dict[str, Callable[[], None]] = {
    each.__name__: each for each in (drawing, line, key, step, window, full)
}


if __name__ == "__main__":
    PLACES[sys.argv.pop(1)]()
    from mxwalk.cli import main

    main()
