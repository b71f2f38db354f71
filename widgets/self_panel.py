"""*Your side*: the checks of this machine, one a line, as they become known.

What is in order on the machine itself (OpenSSL, open files, saved walks) is left out: here stands what
can spoil a walk.
"""

from textual.content import Content

from mxwalk.delivery.mark import Mark
from mxwalk.language import say
from mxwalk.ownside.result import Result
from widgets.glyphs import glyphs
from widgets.plain import Look, fit, line, mark
from widgets.text_pane import TextPane

_QUIET = ("openssl", "descriptors", "state")
_FINE = (Mark.OK, Mark.INFO)


class SelfPanel(TextPane):
    """The panel; its title says when something here should be looked at first."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.checks: list[Result] = []
        self._notes: list[str] = []
        self._hint = ""

    def on_mount(self) -> None:
        """Say what is going on while nothing is known."""
        self.border_title = line((say("your side"), Look.STRONG))
        words = say("asking the resolver ...")
        self.show([line((f"{glyphs().next} {words}", Look.DIM))])

    def add(self, check: Result) -> None:
        """Show one more check, or the newer result of one that was made again."""
        known = next((i for i, one in enumerate(self.checks) if one.id == check.id), None)
        if known is None:
            self.checks.append(check)
        else:
            self.checks[known] = check
        self._tell()

    def note(self, words: str) -> None:
        """Show a line about a check that is being made; an empty one clears them."""
        self._notes = [*self._notes, words] if words else []
        self._tell()

    def hint(self, words: str) -> None:
        """Show at the end what else could be checked."""
        self._hint = words
        self._tell()

    def _tell(self) -> None:
        wrong = any(known.state is Mark.FAIL for known in self.checks)
        words = say("your side: look here first") if wrong else say("your side")
        well = bool(self.checks) and all(known.state in _FINE for known in self.checks)
        if well:
            words = say("your side: in order")
        self.screen.set_class(well and not self._notes, "-well")
        self.border_title = line((words, Look.FAIL if wrong else Look.STRONG))
        shown = [one for one in self.checks if one.id not in _QUIET or one.state not in _FINE]
        rows = [part for one in shown for part in _lines(one)]
        rows += [line("  ", (words, Look.DIM)) for words in self._notes]
        if self._hint:
            rows.append(line((f"{glyphs().next} {self._hint}", Look.DIM)))
        self.show(rows, indent=14)


def _lines(check: Result) -> list[Content]:
    symbol, look = mark(check.state)
    found = [line((symbol, look), " ", fit(check.label, 12), (check.words, Look.DIM))]
    if check.state is Mark.FAIL and check.fix:
        found.append(line(" " * 14, (f"{glyphs().arrow} {check.fix}", Look.PLAIN)))
    return found
