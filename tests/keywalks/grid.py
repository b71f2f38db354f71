"""The cells of a terminal, from what was written on it: as much of ECMA-48 as the interface uses."""

import re

from rich.cells import cell_len

_PIECE = re.compile(
    r"\x1b\[(?P<args>[\d;]*)(?P<final>[A-Za-z])"
    r"|\x1b\[[<-?]?[\d;:$]*[ -/]*[@-~]"  # private modes and the like move nothing
    r"|\x1b[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\)"
    r"|\x1b[ -/]*[0-~]"
    r"|(?P<control>[\x00-\x1f])"
    r"|(?P<text>[^\x00-\x1f\x1b]+)"
)
_UNFINISHED = re.compile(r"\x1b(?:\[[<-?]?[\d;:$]*[ -/]*|[\]P_^X][^\x07]*)?$")


class Grid:
    """What stands where; beyond the size nothing is kept."""

    def __init__(self, columns: int, rows: int) -> None:
        self._rest = ""
        self.resize(columns, rows)

    def resize(self, columns: int, rows: int) -> None:
        """Take another size; what is on it is drawn anew by whoever draws."""
        self.columns, self.rows = columns, rows
        self._cells: dict[tuple[int, int], str] = {}
        self._x = self._y = 0

    def feed(self, text: str) -> None:
        """Take what was written."""
        text = self._rest + text
        cut = _UNFINISHED.search(text)
        self._rest = cut[0] if cut else ""
        if cut:
            text = text[: cut.start()]
        for piece in _PIECE.finditer(text):
            if piece["final"]:
                self._command(piece["final"], [int(one or 0) for one in piece["args"].split(";")])
            elif piece["control"]:
                self._control(piece["control"])
            elif piece["text"]:
                self._put(piece["text"])

    def text(self) -> str:
        """Return the lines in view."""
        lines = (
            "".join(self._cells.get((x, y), " ") for x in range(self.columns)).rstrip()
            for y in range(self.rows)
        )
        return "\n".join(lines)

    def _put(self, text: str) -> None:
        for character in text:
            width = cell_len(character)
            if self._x < self.columns and self._y < self.rows:
                self._cells[self._x, self._y] = character
                for more in range(1, width):
                    self._cells[self._x + more, self._y] = ""
            self._x += width

    def _control(self, control: str) -> None:
        if control == "\r":
            self._x = 0
        elif control == "\n":
            self._y += 1
        elif control == "\b":
            self._x = max(0, self._x - 1)

    def _command(self, final: str, args: list[int]) -> None:
        by = max(1, args[0])
        match final:
            case "H" | "f":
                self._y, self._x = by - 1, max(1, args[1] if len(args) > 1 else 1) - 1
            case "A":
                self._y = max(0, self._y - by)
            case "B":
                self._y += by
            case "C":
                self._x += by
            case "D":
                self._x = max(0, self._x - by)
            case "G":
                self._x = by - 1
            case "d":
                self._y = by - 1
            case "J":
                self._cells.clear()
            case "K":
                for x in range(self._x, self.columns):
                    self._cells.pop((x, self._y), None)
            case _:
                pass
