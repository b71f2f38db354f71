"""All there is to say of a code of the catalogue, drawn: paragraphs, literal lines, lists.

Below a finding stand its own sentence, fix and command first; what holds for the code follows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.content import Content

from mxwalk.findings.explanation import Explanation, explanation
from mxwalk.findings.model import Entry, Finding, Severity
from mxwalk.findings.recipes import Part, Recipe
from mxwalk.language import say
from widgets.findings_list import OWNER_WORDS
from widgets.plain import Look, fit, line, mark, severity_mark, wrap
from widgets.row import Row, text_row
from widgets.rows import Rows

_FIELD = 10


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words, and by how many cells all their lines are indented."""

    words: Content
    indent: int = 0


class ExplainedPane(Rows):
    """An explanation that scrolls; ``y`` copies all of it."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._paragraphs: tuple[Paragraph, ...] = ()
        self._title = ""

    def show(self, paragraphs: Sequence[Paragraph], title: str) -> None:
        """Show these paragraphs from their start; ``title`` is the first line of what is copied."""
        self._paragraphs, self._title = tuple(paragraphs), title
        self.rebuild()
        self.scroll_home(animate=False)

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield each paragraph; there is no cursor."""
        for number, paragraph in enumerate(self._paragraphs):
            pad = Content(" " * paragraph.indent)
            lines = wrap(paragraph.words, max(8, width - paragraph.indent))
            yield text_row(number, *(pad + part for part in lines))

    def copy_value(self) -> tuple[str, str]:
        """Copy the whole text, below its title."""
        lines = (" " * one.indent + one.words.plain for one in self._paragraphs)
        return "\n".join((self._title, "", *lines)), "text"


def title_of(entry: Entry) -> str:
    """Return code and title."""
    return f"{entry.code}  {say(entry.title)}"


def of_finding(finding: Finding) -> list[Paragraph]:
    """Return the explanation of a finding: what is its own, then what holds for its code."""
    told = explanation(finding.code)
    where = f"{finding.host} [{finding.address}]" if finding.address else finding.host
    parts = [
        _head(finding.level, finding.sentence),
        _space(),
        _field(say("who"), say(OWNER_WORDS[finding.actor])),
    ]
    if where:
        parts.append(_field(say("where"), where))
    if finding.cause:
        parts.append(_field(say("follows"), finding.cause))
    if finding.fix:
        parts += [_space(), _heading(say("Fix"))]
        parts += [Paragraph(line(each)) for each in finding.fix.split("\n")]
    if finding.command:
        parts += [_space(), _heading(say("See it yourself"))]
        parts += [Paragraph(line((each, Look.INFO))) for each in finding.command.split("\n")]
    parts += [_space(), _heading(title_of(told.entry)), *_general(told)]
    return parts


def of_entry(code: str) -> list[Paragraph]:
    """Return the explanation of a code."""
    told = explanation(code)
    entry = told.entry
    who = say(OWNER_WORDS[entry.owner])
    parts = [_head(entry.severity, say(entry.title)), _space(), _field(say("who"), who)]
    if told.by_case:
        words = say("severity and owner go by the case; the finding says which")
        parts.append(_field("", words))
    if entry.tls_rpt:
        parts.append(_field(say("reports"), say("in TLS reports: {type}", type=entry.tls_rpt)))
    return [*parts, *_general(told)]


def _general(told: Explanation) -> Iterator[Paragraph]:
    for name, words in told.sections:
        yield _space()
        yield _heading(say(name))
        yield Paragraph(line(words))
    for heading, recipes in (
        (say("By product"), told.fixes),
        (say("On the sender's side"), told.around),
    ):
        if recipes:
            yield _space()
            yield _heading(heading)
        for number, one in enumerate(recipes):
            if number:
                yield _space()
            yield from _recipe(one)
    yield _space()
    yield _heading(say("Sources"))
    for source in told.sources:
        yield Paragraph(line(source), 2)
    if told.related:
        yield _space()
        yield _heading(say("Beside it"))
        for other in told.related:
            yield Paragraph(line(fit(other.code, 10), say(other.title)), 2)


def _recipe(one: Recipe) -> Iterator[Paragraph]:
    yield Paragraph(line((one.title, Look.STRONG)))
    for part in one.parts:
        yield from _part(part)


def _part(part: Part) -> Iterator[Paragraph]:
    if part.product:
        yield Paragraph(line((part.product, Look.ACCENT)), 2)
    indent = 4 if part.product else 2
    after_literal = False
    for block in part.blocks:
        if after_literal and block.literal:
            yield _space()
        after_literal = block.literal
        for each in block.lines:
            if block.literal:
                yield Paragraph(line((each, Look.INFO)), indent + 2)
            else:
                yield Paragraph(line(each), indent)


def _head(severity: Severity, words: str) -> Paragraph:
    symbol, look = mark(severity_mark(severity))
    return Paragraph(line((f"{symbol} {severity.words}  ", look), (words, Look.STRONG)))


def _field(name: str, value: str) -> Paragraph:
    return Paragraph(line(fit(name, _FIELD, Look.DIM), value))


def _heading(words: str) -> Paragraph:
    return Paragraph(line((words, Look.HEADING)))


def _space() -> Paragraph:
    return Paragraph(Content())
