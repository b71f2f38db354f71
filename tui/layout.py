"""The sizes at which the arrangement changes; the class names are those of ``app.tcss``.

Below 60 columns or 16 rows one pane is shown at a time, from 60 columns the list stands over the
detail, from 100 beside it, from 140 there are three panes.  Below 40 by 12 a notice is all there is.
"""

from textual.widgets import Static

from mxwalk.language import say
from widgets.plain import line

LEAST_COLUMNS, LEAST_ROWS = 40, 12

WIDTHS: list[tuple[int, str]] = [
    (0, "-narrow"),
    (LEAST_COLUMNS, "-single"),
    (60, "-stacked"),
    (100, "-beside"),
    (140, "-three"),
]
HEIGHTS: list[tuple[int, str]] = [
    (0, "-flat"),
    (LEAST_ROWS, "-tiny"),
    (16, "-low"),
    (30, "-high"),
]
# The bar of a tour takes rows of its own: below it one pane at a time where the panes were too low.
TOUR_HEIGHTS = [(rows + 5 if name == "-low" else rows, name) for rows, name in HEIGHTS]


def size_notice() -> Static:
    """Return what is shown instead of everything else in a terminal that is too small."""
    words = say(
        "mxwalk needs {columns} columns and {rows} rows. q quits.",
        columns=LEAST_COLUMNS,
        rows=LEAST_ROWS,
    )
    return Static(line(words), id="too-small")
