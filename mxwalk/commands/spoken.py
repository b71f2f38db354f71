"""The command line in the language spoken: help of commands and options, and click's own words.

Docstrings and option helps are English in the source; they are given to ``say`` where they are read.
What click says itself (``Usage:``, ``No such option``) goes the same way.  Its help is laid out by
characters; where one takes two cells of a terminal, ours is laid out by cells.
"""

import inspect
import sys
from collections.abc import Callable, Iterable
from typing import IO, Any, TypeVar

import click
from click import core, decorators, exceptions, formatting, parser, shell_completion, types

from mxwalk.commands.streams import print_text, tell
from mxwalk.language import ENGLISH, filled, language, noted, say

_F = TypeVar("_F", bound=Callable[..., Any])
_SHOW_HELP = noted("Show this message and exit.")
_GAP, _LEAST = 2, 10  # cells between a term and its words, and the least that words are given


class SpokenFormatter(click.HelpFormatter):
    """Wraps what is not ASCII by cells."""

    def write_text(self, text: str) -> None:
        """Write paragraphs; one that begins with a backspace character stands as it is."""
        if language() == ENGLISH:
            super().write_text(text)
            return
        from mxwalk.wrapping import fill

        indent = " " * self.current_indent
        for number, paragraph in enumerate(text.split("\n\n")):
            lines = paragraph.split("\n")
            if number:
                self.write("\n")
            if lines[0].strip() == "\b":
                self.write("".join(f"{indent}{line}".rstrip() + "\n" for line in lines[1:]))
            else:
                self.write("".join(f"{line}\n" for line in fill(paragraph, self.width, indent)))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = _GAP
    ) -> None:
        """Write terms and what they mean, in two columns."""
        rows = list(rows)
        if language() == ENGLISH:
            super().write_dl(rows, col_max, col_spacing)
            return
        from mxwalk.wrapping import cells, fill

        first = min(max(cells(term) for term, _ in rows), col_max) + col_spacing
        indent = " " * self.current_indent
        room = " " * (self.current_indent + first)
        width = max(self.width, len(room) + _LEAST)
        for term, words in rows:
            begins = f"{indent}{term}"
            fits = cells(term) <= first - col_spacing
            lines = fill(words, width, room)
            if fits and lines:
                lines[0] = begins + " " * (first - cells(term)) + lines[0][len(room) :]
            else:
                lines.insert(0, begins)
            self.write("".join(f"{line}\n" for line in lines))


class SpokenContext(click.Context):
    """Lays help out by cells."""

    formatter_class = SpokenFormatter


class SpokenOption(click.Option):
    """An option whose help is in the language spoken."""

    @property
    def help(self) -> str | None:
        """What the option does."""
        return say(self._help) if self._help else None

    @help.setter  # noqa: A003 - click's own name
    def help(self, text: str | None) -> None:
        self._help = text


class SpokenCommand(click.Command):
    """A command whose help is in the language spoken."""

    context_class: type[click.Context] = SpokenContext

    @property
    def help(self) -> str | None:
        """What the command does."""
        return say(self._help) if self._help else None

    @help.setter  # noqa: A003 - click's own name
    def help(self, text: str | None) -> None:
        self._help = inspect.cleandoc(text) if text else None

    @property
    def epilog(self) -> str | None:
        """What stands below the options."""
        return say(self._epilog) if self._epilog else None

    @epilog.setter
    def epilog(self, text: str | None) -> None:
        self._epilog = inspect.cleandoc(text) if text else None

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return ``--help``, which click remembers with the words of its first use."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = say(_SHOW_HELP)
        return option


def option(*names: str, **values: Any) -> Callable[[_F], _F]:  # noqa: ANN401 - click's own
    """Declare an option, as click does."""
    return click.option(*names, cls=SpokenOption, **values)


def command(name: str | None = None, **values: Any) -> Callable[..., SpokenCommand]:  # noqa: ANN401
    """Declare a command, as click does."""
    return click.command(name, cls=SpokenCommand, **values)


class _Template(str):
    """Click's own words, which it fills in itself: as ours are."""

    __slots__ = ()

    def format(self, *_args: object, **values: object) -> str:
        """Return the words with their values; Python's names of types are nobody's words."""
        own = _NUMBERS.get(str(values.get("number_type", "")))
        return filled(say(own) if own else str(self), values)


_NUMBERS = {
    "float": noted("{value!r} is not a number."),
    "integer": noted("{value!r} is not a whole number."),
}


def _one(text: str) -> str:
    return _Template(say(text))


def _many(one: str, many: str, count: int) -> str:
    return _one(one if count == 1 else many)


def _print(
    message: object = None,
    file: IO[Any] | None = None,
    nl: bool = True,
    err: bool = False,
    color: bool | None = None,  # noqa: ARG001 - click's own
) -> None:
    """Print click's own words as ours are printed: help, versions, completions, and errors."""
    words = message.decode() if isinstance(message, bytes) else str(message or "")
    if err or file not in (None, sys.stdout):
        tell(words)
    else:
        print_text(f"{words}\n" if nl else words)


def _click_speaks() -> None:
    """Have click's words go through ``say``: it takes them from gettext, under these two names.

    They are printed where ours are.  Its errors repeat what was typed; they are made visible.
    """
    for module in (core, decorators, exceptions, shell_completion):
        vars(module)["echo"] = _print
    for module in (core, decorators, exceptions, formatting, parser, types):
        for name, speak in (("_", _one), ("ngettext", _many)):
            if hasattr(module, name):
                setattr(module, name, speak)


_click_speaks()
