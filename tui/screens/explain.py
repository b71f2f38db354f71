"""A finding, or a code of the catalogue, in full: texts, recipes by product, sources, related codes."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Static

from mxwalk.findings.explanation import explanation
from mxwalk.findings.model import Finding, Owner
from mxwalk.findings.registry import catalogue
from mxwalk.language import noted, say
from tui import actions
from tui.screens.dialog import Dialog, title
from widgets.explained import ExplainedPane, Paragraph, of_entry, of_finding, title_of
from widgets.plain import Look, fit, line
from widgets.rows import Rows
from widgets.text_pane import Choice, ChoiceList

_HINTS = (
    ("r", noted("related codes")),
    ("/", noted("filter")),
    ("y", noted("copies")),
    ("Esc", noted("closes")),
)


class _Explaining(Dialog[bool]):
    """The window; subclasses say what stands in it."""

    DEFAULT_CSS = "_Explaining #text { max-height: 66vh; }"  # two lines of keys fit below it
    BINDINGS: ClassVar[list[BindingType]] = actions.bindings(actions.EXPLAIN)

    def __init__(self, code: str) -> None:
        super().__init__()
        self._code = code
        self._title = title_of(catalogue()[code])

    def paragraphs(self) -> Sequence[Paragraph]:
        """Return what is shown."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Lay out the text."""
        with Vertical(classes="box") as box:
            box.border_title = title(self._title)
            yield ExplainedPane(id="text")
            parts = [
                part
                for key, words in (*self.own_hints(), *_HINTS)
                for part in ((key, Look.ACCENT), f" {say(words)}   ")
            ]
            yield Static(line(*parts), classes="hint")

    def own_hints(self) -> tuple[tuple[str, str], ...]:
        """Return keys that only this window has."""
        return ()

    def on_mount(self) -> None:
        """Fill in the text."""
        super().on_mount()
        pane = self.query_one(ExplainedPane)
        pane.show(self.paragraphs(), title=self._title)
        pane.focus()

    def action_related(self) -> None:
        """Choose one of the codes beside it, and read that one."""
        ask_related(self, self._code, lambda code: self.app.push_screen(EntryScreen(code)))


class EntryScreen(_Explaining):
    """A code of the catalogue, without a finding.  Raises ``KeyError`` for an unknown code."""

    def paragraphs(self) -> Sequence[Paragraph]:
        """Return what holds for the code."""
        return of_entry(self._code)


class ExplainScreen(_Explaining):
    """The explanation of a finding, its own values first; ``y`` copies it for the other side.

    Dismissed with ``True`` when the step it rests on shall be shown.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "show_step",
            "Go to the step the finding rests on",
            show=False,
            id="explain.step",
            priority=True,
        ),
        Binding("M", "letter", "Write to whoever must act", show=False, id="explain.letter"),
    ]

    def __init__(
        self,
        finding: Finding,
        *,
        has_bytes: bool = True,
        write: Callable[[str], object] | None = None,
    ) -> None:
        super().__init__(finding.code)
        self._finding = finding
        self._write = write if finding.actor not in (Owner.YOU, Owner.NOBODY) else None
        self._has_bytes = has_bytes

    def paragraphs(self) -> Sequence[Paragraph]:
        """Return what is the finding's own, then what holds for its code."""
        return of_finding(self._finding)

    def own_hints(self) -> tuple[tuple[str, str], ...]:
        """Return the keys that lead to the step and to a letter."""
        where = (
            noted("goes to the step and its bytes")
            if self._has_bytes
            else noted("goes to the step")
        )
        step = (("Enter", where),) if self._finding.step is not None else ()
        return (*step, ("M", noted("writes to them"))) if self._write is not None else step

    def action_letter(self) -> None:
        """Close, and write to whoever must act on this finding."""
        if self._write is None:
            self.notify(say("Nobody else has to act on this."), markup=False, timeout=3)
            return
        self.dismiss(False)
        self._write(self._finding.code)

    def action_show_step(self) -> None:
        """Close, and show the step the finding rests on; while a filter is typed, keep it."""
        pane = self.query_one(ExplainedPane)
        if pane.filter.typing:
            pane.action_keep_filter()
            return
        self.dismiss(self._finding.step is not None)


class RelatedScreen(Dialog[str]):
    """Dismissed with the code that was chosen."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self._code = code

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        with Vertical(classes="box") as box:
            box.border_title = title(say("beside {code}", code=self._code))
            yield ChoiceList(id="related")
            yield Static(
                line(
                    *(("Enter", Look.ACCENT), f" {say('reads')}   "),
                    *(("Esc", Look.ACCENT), f" {say('closes')}"),
                ),
                classes="hint",
            )

    def on_mount(self) -> None:
        """Fill in the codes."""
        super().on_mount()
        codes = self.query_one(ChoiceList)
        codes.show(
            [
                Choice(key=one.code, words=line(fit(one.code, 10, Look.STRONG), say(one.title)))
                for one in explanation(self._code).related
            ]
        )
        codes.focus()

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Choose."""
        self.dismiss(str(event.row.key))


def ask_related(screen: Screen[Any], code: str, then: Callable[[str], object]) -> None:
    """Let a code beside ``code`` be chosen, and do something with it."""
    if not explanation(code).related:
        screen.notify(say("No other code stands beside this one."), markup=False)
        return

    def closed(chosen: str | None) -> None:
        if chosen:
            then(chosen)

    screen.app.push_screen(RelatedScreen(code), closed)
