"""The command group whose default is the walk: ``mxwalk example.com`` needs no command name.

Click knows commands by their first word; here a first word that names no command is the target of
the walk.  A target that looks like a command's name stands behind ``--``.
"""

import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import click
from click.shell_completion import CompletionItem

from mxwalk.commands.ending import exit_code_of, words_for
from mxwalk.commands.spoken import SpokenCommand, SpokenContext
from mxwalk.commands.streams import ReaderGone, note, tell
from mxwalk.errors import MxwalkError
from mxwalk.language import ENGLISH, LANGUAGES, is_known, language_of, say, use_language
from mxwalk.text import visible
from mxwalk.wordings import system_words

DEFAULT = "walk"
UNUSABLE = 2
BROKEN_PIPE = 141  # 128 + SIGPIPE, what a shell reports of a program that died of it


class _WalkContext(SpokenContext):
    """Shows ``mxwalk`` as the path of the command that needs no name."""

    @property
    def command_path(self) -> str:
        """The words before the arguments, for usage lines."""
        return self.parent.command_path if self.parent else "mxwalk"


class WalkCommand(SpokenCommand):
    """The walk itself."""

    context_class = _WalkContext


class DefaultGroup(SpokenCommand, click.Group):
    """A group that falls back to the walk, and the boundary where our own errors become exits."""

    command_class = SpokenCommand

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Choose the language, and put the default command's name in front where none is named."""
        args = _choose_language(args)
        own = {*self.commands, "--help", "--version"}
        if not (args and args[0] in own) and not (ctx.resilient_parsing and not args):
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; click would make other codes of an interruption and of a closed pipe."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise ReaderGone from error
        except KeyboardInterrupt as error:
            tell(words_for(error))
            ctx.exit(exit_code_of(error))

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,  # noqa: ANN401 - click's own
    ) -> Any:  # noqa: ANN401 - click's own
        """Run the command line and exit; whatever is wrong with it ends in words and a code of ours."""
        command_line = partial(
            super().main,
            args,
            prog_name,
            complete_var,
            standalone_mode=False,
            windows_expand_args=windows_expand_args,
            **extra,
        )
        if not standalone_mode:
            return command_line()
        sys.exit(_exit_code(command_line))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the walk's options beside the commands."""
        walk = self.commands[DEFAULT]
        rows = [record for param in walk.get_params(ctx) if (record := param.get_help_record(ctx))]
        rows = [row for row in rows if row[0].startswith("--")]
        rows.append(("--language CODE", say("Speak this language: {known}.", known=_known())))
        with formatter.section(say("Options")):
            formatter.write_dl([*rows, *self._own_records(ctx)])
        self.format_commands(ctx, formatter)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete commands and the walk's options."""
        found = super().shell_complete(ctx, incomplete)
        known = {item.value for item in found}
        more = self.commands[DEFAULT].shell_complete(ctx, incomplete)
        return found + [item for item in more if item.value not in known]

    def _own_records(self, ctx: click.Context) -> list[tuple[str, str]]:
        records = (param.get_help_record(ctx) for param in self.get_params(ctx))
        return [record for record in records if record]


def _exit_code(command_line: Callable[[], object]) -> int:
    """Run a command line and return its exit code; a fault of mxwalk itself is raised."""
    try:
        code = command_line()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort as error:  # interrupted before the command began
        tell(words_for(error.__cause__))
        return exit_code_of(error.__cause__)
    except ReaderGone:
        return BROKEN_PIPE
    except MxwalkError as error:
        note(str(error))
        return UNUSABLE
    except OSError as error:  # a name that the system takes for no file, wherever it was given
        if not isinstance(error.filename, (str, os.PathLike)):
            raise
        note(f"{visible(os.fspath(error.filename), 300)}: {system_words(error)}")
        return UNUSABLE
    return code if isinstance(code, int) else 0


def _choose_language(args: list[str]) -> list[str]:
    """Take ``--language`` out, wherever it stands before ``--``, and speak it.

    What is asked for in ASCII alone is in English.  Raises ``UsageError`` for a language that is not
    there.
    """
    end = args.index("--") if "--" in args else len(args)
    rest: list[str] = []
    words = iter(args[:end])
    for word in words:
        name, equals, value = word.partition("=")
        if name != "--language":
            rest.append(word)
            continue
        chosen = value if equals else next(words, "")
        if chosen not in LANGUAGES:
            raise click.UsageError(say("--language: one of {known}", known=_known()))
        os.environ["MXWALK_LANGUAGE"] = chosen
    use_language(ENGLISH if "--ascii" in rest else language_of())
    asked = os.environ.get("MXWALK_LANGUAGE", "")
    if asked and not is_known(asked):
        tell(
            say(
                "mxwalk: MXWALK_LANGUAGE={asked} is not spoken, so this is English; there is {known}",
                asked=visible(asked, 40),
                known=_known(),
            )
        )
    return rest + args[end:]


def _known() -> str:
    return ", ".join(f"{code} ({name})" for code, name in LANGUAGES.items())
