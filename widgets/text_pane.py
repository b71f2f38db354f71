"""Running text that scrolls and can be copied, and a list of choices; the parts dialogs are made of."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from textual.content import Content

from mxwalk.language import say
from widgets.plain import Look, cut, line, wrap
from widgets.row import Row, text_row
from widgets.rows import Rows


class TextPane(Rows):
    """Paragraphs, wrapped; ``y`` copies all of it."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._paragraphs: tuple[Content, ...] = ()
        self._indent = 0
        self._title = ""

    def show(self, paragraphs: Sequence[Content], indent: int = 0, title: str = "") -> None:
        """Show these paragraphs; lines after a paragraph's first are indented by ``indent``.

        ``title`` is the frame's, and the first line of what is copied.
        """
        self._title = title
        self._paragraphs = tuple(paragraphs)
        self._indent = indent
        self.rebuild()
        self.scroll_home(animate=False)

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield each paragraph; there is no cursor."""
        for number, paragraph in enumerate(self._paragraphs):
            lines = [
                part for piece in paragraph.split("\n") for part in wrap(piece, width, self._indent)
            ]
            yield text_row(number, *(lines or [Content()]))

    def copy_value(self) -> tuple[str, str]:
        """Copy the whole text, below its title."""
        paragraphs = [part.plain for part in self._paragraphs]
        return "\n".join((self._title, "", *paragraphs) if self._title else paragraphs), say("text")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One line of a list: a key, what it says, a detail in grey; a heading cannot be chosen.

    ``tight`` is said instead where ``words`` have no room.
    """

    key: Hashable
    words: Content
    tight: Content | None = None
    detail: str = ""
    heading: bool = False
    copy: str = ""


class ChoiceList(Rows):
    """Things to choose from by Enter or a double click."""

    def __init__(self, *, id: str | None = None, wrapped: bool = False) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._choices: tuple[Choice, ...] = ()
        self._wrapped = wrapped

    def show(self, choices: Sequence[Choice]) -> None:
        """Show these choices."""
        self._choices = tuple(choices)
        self.rebuild()

    def rows_for(self, width: int) -> Iterator[Row]:
        """Yield a row a choice, the detail behind it or, where it does not fit, below."""
        for choice in self._choices:
            words = choice.words
            if choice.tight is not None and words.cell_length > width:
                words = choice.tight
            body = words + line(("  " + choice.detail if choice.detail else "", Look.DIM))
            lines = wrap(body, width, indent=4) if self._wrapped else [cut(body, width)]
            yield Row(
                key=choice.key,
                lines=tuple(lines),
                stop=not choice.heading,
                copy=choice.copy or choice.words.plain.strip(),
            )
