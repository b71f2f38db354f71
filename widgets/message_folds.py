"""A view whose rows fold: the base of the SPF, DKIM, DMARC and message views.

A row that leads to others carries a triangle; Enter, Space or a double click folds and unfolds it, left
and right close and open, and left on anything else goes to what it belongs to.  What was folded by hand
stays so; everything else opens where there is something to see.
"""

from collections.abc import Hashable
from typing import ClassVar

from textual.binding import Binding, BindingType

from mxwalk.language import noted
from widgets.glyphs import glyphs
from widgets.plain import Look
from widgets.shown import View


class FoldingView(View):
    """Rows in a tree; a subclass asks ``unfolds`` before it yields what stands below a row."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Open or fold what is below", show=False, id="list.open"),
        Binding("space", "fold", "Fold or unfold", show=False, id="tree.fold"),
        Binding("left,h", "shut", "Fold, or to what it belongs to", show=False, id="tree.close"),
        Binding("right,l", "open", "Unfold, or to the next row", show=False, id="tree.open"),
    ]
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("tree.fold", noted("fold")),
        ("app.copy", noted("copy")),
    )

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._chosen: dict[Hashable, bool] = {}  # folded or unfolded by hand
        self._folds: dict[Hashable, bool] = {}  # as drawn last

    def unfolds(self, key: Hashable, *, first: bool = False) -> bool:
        """Return whether what is below the row is drawn; ``first`` is so until the person says."""
        self._folds[key] = self._chosen.get(key, first)
        return self._folds[key]

    def rebuild(self) -> None:
        """Draw anew; what folds is told by the rows themselves."""
        self._folds = {}
        super().rebuild()

    def action_fold(self) -> None:
        """Fold or unfold the row under the cursor, or what it belongs to."""
        key = self._at()
        if key is not None:
            self._set(key, not self._folds[key])

    def action_shut(self) -> None:
        """Fold the row under the cursor; of one that is no group, go to its group."""
        row = self.cursor_row
        if row is None:
            return
        if self._folds.get(row.key):
            self._set(row.key, False)
            return
        parent = self._above(row.key)
        if parent is not None:
            self.move_to(parent)

    def action_open(self) -> None:
        """Unfold the row under the cursor, or go to the next one."""
        row = self.cursor_row
        if row is not None and self._folds.get(row.key) is False:
            self._set(row.key, True)
        else:
            self.action_move(1)

    def action_choose(self) -> None:
        """Fold or unfold; what does not fold is the base's business."""
        row = self.cursor_row
        if row is not None and row.key in self._folds:
            self._set(row.key, not self._folds[row.key])
        else:
            super().action_choose()

    def _set(self, key: Hashable, unfolded: bool) -> None:
        self._chosen[key] = unfolded
        self._cursor = key
        self.rebuild()
        self._scroll_to_cursor()

    def _at(self) -> Hashable | None:
        row = self.cursor_row
        if row is None:
            return None
        return row.key if row.key in self._folds else self._above(row.key)

    def _above(self, key: Hashable) -> Hashable | None:
        """Return the unfolded row above whose lines begin further left."""
        at = next((i for i, row in enumerate(self.rows) if row.key == key), 0)
        depth = _depth(self.rows[at].lines[0].plain) if self.rows else 0
        for row in reversed(self.rows[:at]):
            if row.stop and row.key in self._folds and _depth(row.lines[0].plain) < depth:
                return row.key
        return None


def _depth(text: str) -> int:
    return len(text) - len(text.lstrip(" "))


def fold_sign(*, unfolded: bool, empty: bool = False) -> tuple[str, Look]:
    """Return the triangle of a row: pointing down when what is below it is drawn."""
    if empty:
        return " ", Look.DIM
    return (glyphs().open, Look.ACCENT) if unfolded else (glyphs().next, Look.ACCENT)
