"""The sizes at which the arrangement changes; the class names are those of ``app.tcss``.

Below 60 columns or 16 rows one pane is shown at a time, from 60 columns the list stands over the
detail, from 100 beside it, from 140 there are three panes.
"""

LEAST_COLUMNS, LEAST_ROWS = 40, 12

WIDTHS: list[tuple[int, str]] = [
    (0, "-single"),
    (60, "-stacked"),
    (100, "-beside"),
    (140, "-three"),
]
HEIGHTS: list[tuple[int, str]] = [(0, "-tiny"), (16, "-low"), (30, "-high")]
