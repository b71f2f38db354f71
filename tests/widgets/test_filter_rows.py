"""Which rows a filter leaves: those found, what they stand under, and in time that grows with the list."""

from textual.content import Content

from widgets.plain import Look, line
from widgets.row import Row, text_row
from widgets.rows_filter import narrowed


class CountedRow(Row):
    """A row that counts how often its lines are read."""

    __slots__ = ()
    read = 0

    def __getattribute__(self, name: str) -> object:
        if name == "lines":
            CountedRow.read += 1
        return super().__getattribute__(name)


def row(key: str) -> Row:
    return Row(key=key, lines=(Content(key),))


def heading(words: str) -> Row:
    return text_row(("heading", words), line((words, Look.HEADING)))


def keys(rows: list[Row], text: str) -> list[object]:
    return [row.key for row in narrowed(rows, text).rows]


def test_what_a_row_stands_under_stays_with_it() -> None:
    rows = [
        heading("one"),
        row("host a"),
        row("  address a"),
        row("    wanted"),
        row("host b"),
        heading("two"),
        row("host c"),
    ]
    assert keys(rows, "wanted") == [("heading", "one"), "host a", "  address a", "    wanted"]
    assert keys(rows, "host c") == [("heading", "two"), "host c"]


def test_a_long_list_is_read_once_for_each_row_and_not_for_each_pair() -> None:
    count = 2_000
    rows: list[Row] = [
        CountedRow(key=number, lines=(Content(f"  line {number}"),)) for number in range(count)
    ]
    CountedRow.read = 0
    assert narrowed(rows, "line").matched == count
    assert CountedRow.read <= 20 * count
