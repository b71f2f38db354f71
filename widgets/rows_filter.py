"""The filter of a list, one for all of them: typed in the list itself, above the rows that are left.

A row is left when its lines, or what it is found by besides, hold the text, in whatever case.  With it
stays what it stands under: the rows it is indented below, and the heading above.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from textual import events
from textual.message import Message

from mxwalk.language import quoted, say
from widgets.glyphs import glyphs
from widgets.plain import Look, line, shorten
from widgets.row import Row, text_row

FILTER_CHARS = 200  # what a person types; names have up to 255 octets, and nobody types them whole
_COPIED = 400  # cells of a copied value that are searched: digests and names, not whole files
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Left:
    """What a filter leaves: the rows with their headings, and how many of how many matched."""

    rows: tuple[Row, ...]
    matched: int
    total: int


def narrowed(rows: Sequence[Row], text: str) -> Left:
    """Return the rows that hold ``text``, with the headings they stand under."""
    wanted = _plain(text)
    found = [index for index, row in enumerate(rows) if _holds(row, wanted)]
    halts = any(row.stop for row in rows)
    counted = [row for row in rows if (row.stop if halts else _words(row).strip())]
    matched = sum(rows[index].stop for index in found) if halts else len(found)
    kept = set(found)
    kept.update(_above(rows, frozenset(found)))
    return Left(tuple(rows[index] for index in sorted(kept)), matched, len(counted))


def holds(row: Row, text: str) -> bool:
    """Say whether a row is found by ``text``."""
    return _holds(row, _plain(text))


def shows(row: Row, text: str) -> bool:
    """Say whether a row's lines hold ``text``."""
    return _plain(text) in _plain(_words(row))


def _holds(row: Row, wanted: str) -> bool:
    if wanted in _plain(_words(row)) or wanted in _plain(row.find):
        return True
    return len(row.copy) <= _COPIED and wanted in _plain(row.copy)


def _above(rows: Sequence[Row], found: AbstractSet[int]) -> Iterator[int]:
    """Yield the rows that those found are indented below, and the headings of their parts.

    One pass from the top: a list may have thousands of rows.
    """
    heading: int | None = None
    above: list[
        tuple[int, int]
    ] = []  # the rows that the next one may be indented below, with depth
    for index, row in enumerate(rows):
        if not _words(row).strip():
            continue
        depth = _depth(row)
        while above and above[-1][0] >= depth:
            above.pop()
        if index in found:
            yield from (at for _, at in above)
            if heading is not None:
                yield heading
        if _is_heading(row):
            heading = index
            above.clear()
        else:
            above.append((depth, index))


def _is_heading(row: Row) -> bool:
    return not row.stop and any(
        span.style == Look.HEADING.value for content in row.lines for span in content.spans
    )


def _depth(row: Row) -> int:
    words = row.lines[0].plain if row.lines else ""
    return len(words) - len(words.lstrip())


def _words(row: Row) -> str:
    return " ".join(content.plain for content in row.lines)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def no_match(text: str, count: int) -> str:
    """Return what a filtered list without a line left says; ``count`` is how many there really are."""
    shown = quoted(shorten(text, 40))
    if count > 1:
        words = say("nothing matches {text}: Esc shows all {count}", text=shown, count=count)
    else:
        words = say("nothing matches {text}: Esc shows all", text=shown)
    return f"{glyphs().info} {words}"


class Filter:
    """The filter of one list: its text, whether it is being typed, and what it left."""

    def __init__(self) -> None:
        self.text = ""
        self.typing = False
        self.matched = 0
        self.total = 0

    @property
    def shown(self) -> bool:
        """Whether the line of the filter stands above the rows."""
        return self.typing or bool(self.text)

    @property
    def words(self) -> str:
        """How many rows are left of how many, and by what; empty without a filter."""
        if not self.text:
            return ""
        return say(
            "{n} of {m}, filtered by {text}",
            n=self.matched,
            m=self.total,
            text=quoted(shorten(self.text, _SHOWN)),
        )

    def rows(self, rows: Sequence[Row], *, by_rows: bool = True) -> tuple[Row, ...]:
        """Return the line of the filter and the rows that are left.

        ``by_rows`` is false where the list has left the others out itself, and said how many they are.
        """
        if by_rows:
            left = narrowed(rows, self.text) if self.text else Left(tuple(rows), 0, 0)
            self.matched, self.total = left.matched, left.total
            rows = left.rows
        head = [self._line()]
        if by_rows and self.text and not self.matched:
            head.append(
                text_row(("filter", "none"), line((no_match(self.text, self.total), Look.WARN)))
            )
        return (*head, *rows)

    def _line(self) -> Row:
        if not self.typing:
            if not self.matched:  # the line below says so
                return text_row(
                    ("filter", "line"), line(("/ ", Look.ACCENT), shorten(self.text, 40))
                )
            words = say("{state}: Esc shows all", state=self.words)
            return text_row(("filter", "line"), line(("/ ", Look.ACCENT), (words, Look.WARN)))
        hint = self.words or say("type what to look for; Enter keeps it, Esc ends it")
        return text_row(
            ("filter", "line"),
            line(
                ("/ ", Look.ACCENT),
                (shorten(self.text[-60:], 60), Look.STRONG),
                (" ", Look.DECIDES),
                "  ",
                (hint, Look.DIM),
            ),
        )

    def typed(self, event: events.Key) -> bool:
        """Take a key while the filter is typed; say whether the text is another one now."""
        before = self.text
        if event.key == "backspace":
            self.text = self.text[:-1]
        elif event.key == "ctrl+u":
            self.text = ""
        elif event.character is not None and event.is_printable:
            self.text = (self.text + event.character)[:FILTER_CHARS]
        return self.text != before

    def pasted(self, text: str) -> None:
        """Take the first line of a pasted text."""
        self.text = (self.text + (text.splitlines() or [""])[0])[:FILTER_CHARS]


class Filtered(Message, namespace="rows"):
    """The filter of a list is another one now, or is being typed, or no more."""
