"""A finding in full: sentence, who must act, fix, command, and the catalogue's long text."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from mxwalk.findings.model import Finding
from tui.screens.dialog import Dialog, title
from widgets.findings_list import OWNER_WORDS
from widgets.plain import Look, line, mark, paragraphs, severity_mark
from widgets.text_pane import TextPane


class ExplainScreen(Dialog[bool]):
    """The explanation; ``y`` copies it as text that can be sent to the other side.

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
    ]

    def __init__(self, finding: Finding, *, has_bytes: bool = True) -> None:
        super().__init__()
        self._finding = finding
        self._goes_to = "the step and its bytes" if has_bytes else "the step"

    def compose(self) -> ComposeResult:
        """Lay out the text."""
        with Vertical(classes="box") as box:
            box.border_title = title(_title(self._finding))
            yield TextPane(id="text")
            step = (("Enter", Look.ACCENT), f" goes to {self._goes_to}   ")
            keys = (("y", Look.ACCENT), " copies   ", ("Esc", Look.ACCENT), " closes")
            yield Static(
                line(*(step if self._finding.step is not None else ()), *keys), classes="hint"
            )

    def action_show_step(self) -> None:
        """Close, and show the step the finding rests on."""
        self.dismiss(self._finding.step is not None)

    def on_mount(self) -> None:
        """Fill in the text."""
        self.query_one(TextPane).show(explanation(self._finding), title=_title(self._finding))
        self.query_one(TextPane).focus()


def _title(finding: Finding) -> str:
    return f"{finding.code}  {finding.entry.title}"


def explanation(finding: Finding) -> list[Content]:
    """Return the paragraphs of an explanation."""
    symbol, look = mark(severity_mark(finding.level))
    entry = finding.entry
    where = f"{finding.host} [{finding.address}]" if finding.address else finding.host
    parts = [
        line((f"{symbol} {finding.level.value}  ", look), (finding.sentence, Look.STRONG)),
        Content(),
        _field("who", OWNER_WORDS[entry.owner]),
    ]
    if where:
        parts.append(_field("where", where))
    parts.append(_field("source", entry.rfc))
    if finding.fix:
        parts.extend((Content(), line(("fix", Look.HEADING)), paragraphs(finding.fix)))
    if finding.command:
        parts.extend(
            (
                Content(),
                line(("see it yourself", Look.HEADING)),
                paragraphs(finding.command, Look.INFO),
            )
        )
    parts.extend((Content(), line(("what it means", Look.HEADING))))
    for number, paragraph in enumerate(entry.explain.split("\n\n")):
        if number:
            parts.append(Content())
        parts.append(line(" ".join(paragraph.split())))
    return parts


def _field(name: str, value: str) -> Content:
    return line((f"{name:<8}", Look.DIM), value)
