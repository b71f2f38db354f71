"""*Your side*: the checks of this machine, one a line, as they become known."""

from dataclasses import dataclass

from textual.content import Content

from mxwalk.delivery.mark import Mark
from widgets.glyphs import glyphs
from widgets.plain import Look, fit, line, mark
from widgets.text_pane import TextPane


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of the panel."""

    name: str
    state: Mark
    words: str


class SelfPanel(TextPane):
    """The panel; its title says when something here should be looked at first."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.checks: list[Check] = []

    def on_mount(self) -> None:
        """Say what is going on while nothing is known."""
        self.border_title = line(("your side", Look.STRONG))
        self.show([line((f"{glyphs().next} asking the resolver ...", Look.DIM))])

    def add(self, check: Check) -> None:
        """Show one more check."""
        self.checks.append(check)
        if any(known.state is Mark.FAIL for known in self.checks):
            self.border_title = line(("your side: look here first", Look.FAIL))
        self.show([_line(known) for known in self.checks], indent=14)


def _line(check: Check) -> Content:
    symbol, look = mark(check.state)
    return line((symbol, look), " ", fit(check.name, 12), (check.words, Look.DIM))
