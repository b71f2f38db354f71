"""Two walks beside each other, only what differs: sections to fold, values with what changed in them.

Both values stand in columns where there is room for two, else one below the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from mxwalk.compare.model import Comparison, Difference, Effect, Kind, Shown, Weight
from mxwalk.delivery.mark import Mark
from mxwalk.language import noted, say, say_many
from mxwalk.reports.comparison import always_words, tags
from widgets.glyphs import glyphs
from widgets.plain import Look, line, mark, table_row, wrap
from widgets.row import Row, text_row
from widgets.rows import Rows

_COLUMNS = 92  # of the pane: two values of forty cells beside each other
_SIGNS = {Kind.ADDED: "+", Kind.GONE: "-", Kind.CHANGED: "~", Kind.UNKNOWN: "?"}


@dataclass(frozen=True, slots=True)
class SectionKey:
    """The heading of a section."""

    id: str


@dataclass(frozen=True, slots=True)
class DifferenceKey:
    """A difference by its section and place in it."""

    section: str
    index: int


class CompareView(Rows):
    """The differences; a heading folds its section."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "fold", "Fold or unfold the section", show=False, id="compare.fold"),
    ]
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("list.open", noted("open")),
        ("app.copy", noted("copy")),
    )

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._found: Comparison | None = None
        self._folded: set[str] = set()

    def show(self, found: Comparison) -> None:
        """Show a comparison, from its first line."""
        self._found = found
        self._folded = {"verdicts", "times"} if len(found.differences) > 12 else set()
        self.rebuild()
        cause = next((DifferenceKey(name, n) for name, n in self._causes()), None)
        if cause is not None:
            self.move_to(cause)

    def _causes(self) -> Iterator[tuple[str, int]]:
        for name, differences in self._groups():
            yield from ((name, n) for n, one in enumerate(differences) if one.decides)

    @property
    def chosen(self) -> Difference | None:
        """The difference under the cursor."""
        row = self.cursor_row
        if row is None or not isinstance(row.key, DifferenceKey):
            return None
        differences = dict(self._groups()).get(row.key.section, ())
        return differences[row.key.index] if row.key.index < len(differences) else None

    def action_fold(self) -> None:
        """Fold or unfold the section under the cursor."""
        row = self.cursor_row
        if row is not None and isinstance(row.key, SectionKey | DifferenceKey):
            name = row.key.id if isinstance(row.key, SectionKey) else row.key.section
            self._folded ^= {name}
            self.rebuild()
            self.move_to(SectionKey(name))

    def _groups(self) -> list[tuple[str, tuple[Difference, ...]]]:
        found = self._found
        if found is None:
            return []
        groups = [(one.id, one.differences) for one in found.sections if one.differences]
        return [*groups, *([("unknown", found.unknown)] if found.unknown else [])]

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield the sections with their differences, and what is said instead of none."""
        found = self._found
        if found is None:
            return
        titles = {one.id: one.title for one in found.sections}
        titles["unknown"] = say("looked at on one side only")
        groups = self._groups()
        for name, differences in groups:
            yield self._heading(name, titles[name], differences)
            if name not in self._folded:
                yield from _differences(name, differences, width)
        if not groups:
            yield text_row(
                "none", *wrap(line((glyphs().ok, Look.OK), " ", say("Nothing differs.")), width)
            )
        if found.always:
            yield text_row("always", Content(), line((always_words(found.always), Look.DIM)))

    def _heading(self, name: str, title: str, differences: tuple[Difference, ...]) -> Row:
        folded = name in self._folded
        count = say_many("{n} difference", "{n} differences", len(differences))
        sign = glyphs().next if folded else glyphs().open
        turned = any(one.decides for one in differences)
        words = line(
            (f"{sign} ", Look.DIM),
            (title, Look.HEADING),
            ("  " + count, Look.DIM),
            ("  ", Look.DIM),
            (say("turned the verdict") if turned else "", Look.WARN),
        )
        return Row(key=SectionKey(name), lines=(words,), copy=title, what=say("section"))


def _differences(name: str, differences: tuple[Difference, ...], width: int) -> Iterator[Row]:
    place = ""
    for index, one in enumerate(differences):
        if one.place != place and one.place:
            yield text_row((name, index), *wrap(line("  ", (one.place, Look.INFO)), width, 2))
        place = one.place
        yield Row(
            key=DifferenceKey(name, index),
            lines=tuple(_lines(one, width)),
            copy=_copied(one),
            what=say("difference"),
            find=f"{one.place} {one.subject}",
        )


def _lines(one: Difference, width: int) -> Iterator[Content]:
    look = Look.WARN if one.decides else Look.STRONG
    sign = glyphs().next if one.decides else " "
    head = line((f"{sign} {_SIGNS[one.kind]} ", look), (one.subject, look), "  ", _tags(one))
    yield from wrap(head, width, 4)
    before, after = _value(one, one.before), _value(one, one.after)
    if width >= _COLUMNS:
        half = (width - 4 - 2) // 2
        pad = Content("    ")
        for row in table_row((before, after), (half, half)):
            yield pad + row
        return
    for sign, shown, value in (("-", one.before, before), ("+", one.after, after)):
        if shown is not None:
            yield from wrap(line((f"    {sign} ", Look.DIM), value), width, 6)


def _tags(one: Difference) -> Content:
    words = tags(one)
    match one.effect:
        case Effect.WORSE:
            symbol, look = mark(Mark.FAIL)
        case Effect.BETTER:
            symbol, look = mark(Mark.OK)
        case _:
            return line((words, Look.DIM))
    if one.weight is Weight.NOTICE:
        return line((words, Look.DIM))
    return line((f"{symbol} {words}", look))


def _value(one: Difference, shown: Shown | None) -> Content:
    if shown is None:
        return line((say("not there"), Look.DIM))
    if one.kind is Kind.UNKNOWN and shown.step is None:
        return line((shown.text, Look.UNKNOWN))
    if not shown.spans:
        return line(shown.text)
    spans = tuple(line((s.text, Look.DIFFER if s.differs else Look.PLAIN)) for s in shown.spans)
    return line(*spans)


def _copied(one: Difference) -> str:
    before = one.before.text if one.before else say("not there")
    after = one.after.text if one.after else say("not there")
    where = f"{one.place}: " if one.place else ""
    return f"{where}{one.subject}\n- {before}\n+ {after}"
