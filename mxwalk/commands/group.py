"""The command group whose default is the walk: ``mxwalk example.com`` needs no command name.

Click knows commands by their first word; here a first word that names no command is the target of
the walk.  A target that looks like a command's name stands behind ``--``.
"""

import contextlib
import os
import sys
from typing import IO, Any

import click
from click.shell_completion import CompletionItem

from mxwalk.commands.spoken import SpokenCommand, SpokenContext
from mxwalk.errors import MxwalkError
from mxwalk.language import ENGLISH, LANGUAGES, is_known, language_of, say, use_language
from mxwalk.text import visible, visible_lines

DEFAULT = "walk"
INTERRUPTED = 130  # 128 + SIGINT
BROKEN_PIPE = 141  # 128 + SIGPIPE, what a shell reports of a program that died of it


class _Failure(click.ClickException):
    """Something of ours that cannot be used: one line, exit code 2."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the sentence to standard error."""
        click.echo(visible_lines(f"mxwalk: {self.message}"), file=file or sys.stderr)


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
        """Run the command; an error of ours, Ctrl-C and a closed pipe end without a traceback."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except MxwalkError as error:
            raise _Failure(str(error)) from error
        except BrokenPipeError:
            _swallow_output()
            ctx.exit(BROKEN_PIPE)
        except OSError as error:  # a name that the system takes for no file, wherever it was given
            if not isinstance(error.filename, (str, os.PathLike)):
                raise
            named = visible(os.fspath(error.filename), 300)
            raise _Failure(f"{named}: {error.strerror}") from error
        except KeyboardInterrupt:
            with contextlib.suppress(OSError):
                click.echo(say("mxwalk: interrupted"), err=True)
            ctx.exit(INTERRUPTED)
        return result

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
        click.echo(
            say(
                "mxwalk: MXWALK_LANGUAGE={asked} is not spoken, so this is English; there is {known}",
                asked=visible(asked, 40),
                known=_known(),
            ),
            err=True,
        )
    return rest + args[end:]


def _known() -> str:
    return ", ".join(f"{code} ({name})" for code, name in LANGUAGES.items())


def _swallow_output() -> None:
    """Keep the interpreter from complaining when it flushes a closed standard output at exit."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
