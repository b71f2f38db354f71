"""The command line: what can be typed, and where it leads.

Only click is loaded here; each command imports what it needs when it runs, so that ``--help`` and
completion answer at once.  Exit codes are in ``mxwalk.reports.exitcode``.
"""

# ruff: noqa: D301 - click looks for the character itself, so these docstrings are not raw

import sys
from typing import TYPE_CHECKING

import click

from mxwalk import __version__
from mxwalk.commands.file_name import FILE_NAME
from mxwalk.commands.group import DefaultGroup, WalkCommand
from mxwalk.commands.options import (
    HOW,
    OUTPUT,
    SAVE,
    SENDER,
    complete_codes,
    complete_scenarios,
    with_options,
)
from mxwalk.commands.spoken import SpokenOption, option
from mxwalk.commands.streams import open_missing, print_text, settle, tell
from mxwalk.commands.verbs import VERBS
from mxwalk.language import say
from mxwalk.text import visible

if TYPE_CHECKING:
    from mxwalk.commands.request import Request

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
_FAULT = 70  # EX_SOFTWARE of sysexits.h
_EXIT_CODES = """\b
Exit codes:
  0  the chosen sender delivers, as it wants to
  1  it delivers, but there is a finding of severity error
  2  the command line or a file cannot be used
  3  it does not deliver: deferred or bounced
  4  inconclusive: throttled, timed out, or our own side failed
"""
_REPORT_EXIT_CODES = """\b
Exit codes:
  0  the chosen sender delivers, as it wants to
  1  it delivers, but there is a finding of severity error, or the trace is damaged
  2  the command line or a file cannot be used
  3  it does not deliver: deferred or bounced
  4  inconclusive: throttled, timed out, or our own side failed
"""


@click.group(cls=DefaultGroup, context_settings=SETTINGS, invoke_without_command=True)
@click.version_option(__version__, prog_name="mxwalk", cls=SpokenOption)
def cli() -> None:
    """Walk an SMTP delivery over TLS one step at a time: which step failed, why, who must act.

    \b
    mxwalk                       open the start screen
    mxwalk user@example.com      walk the delivery to a mailbox, a domain,
    mxwalk mx1.example.com:25      a host, or an address like [192.0.2.1]:25
    mxwalk message mail.eml      a message as received: SPF, DKIM, DMARC
    mxwalk domain example.com    what a domain publishes, and what to publish next
    mxwalk lab esa-hosted        try it on the embedded lab
    mxwalk check example.com --format json
    mxwalk -- check              a target that is called like a command

    Without a terminal, and with --format or --output, the walk prints text lines.
    """


@cli.command("walk", cls=WalkCommand, hidden=True, epilog=_EXIT_CODES)
@click.argument("target", required=False)
@with_options(*HOW, *OUTPUT, SAVE)
@click.pass_context
def walk(ctx: click.Context, /, target: str | None, **values: object) -> None:
    """Walk the delivery to TARGET in the terminal UI.

    \b
    mxwalk user@example.com
    mxwalk example.com --sender esa:6 --route mx9.example.net,5
    """
    from mxwalk.commands import request

    asked = request.from_values(target, None, values)
    if asked.wants_screen():
        options = request.options_of(asked)
        from tui.app import run_app

        run_app(target=target, options=options, sender=options.sender, ascii_only=asked.ascii_only)
    elif target is None:
        raise click.UsageError(
            say("no target: give user@domain, a domain, host:port or [address]:port")
        )
    else:
        ctx.exit(_headless(asked))


@cli.command(epilog=_EXIT_CODES)
@click.argument("target", required=False)
@option("--lab", metavar="NAME", shell_complete=complete_scenarios, help="Walk this lab scenario.")
@with_options(*HOW, *OUTPUT, SAVE)
@click.pass_context
def check(ctx: click.Context, /, target: str | None, lab: str | None, **values: object) -> None:
    """Walk the delivery to TARGET without a screen, and exit with the sender's verdict.

    \b
    mxwalk check example.com
    mxwalk check user@example.com --sender esa:6 --format json
    mxwalk check --lab esa-hosted --format html --output report.html
    mxwalk check example.com --sender postfix:secure:nexthop,.example.net
    mxwalk check example.com --save today.mxtrace
    """
    from mxwalk.commands import request

    if (target is None) == (lab is None):
        raise click.UsageError(say("give either a TARGET or --lab NAME"))
    ctx.exit(_headless(request.from_values(target, lab, values)))


@cli.command(epilog=_EXIT_CODES)
@click.argument("name", required=False, shell_complete=complete_scenarios)
@option("--check", "check_all", is_flag=True, help="Compare scenarios with what they expect.")
@option("--tour", is_flag=True, help="The guided tour; without a terminal, its text.")
@with_options(*HOW, *OUTPUT, SAVE)
@click.pass_context
def lab(
    ctx: click.Context, /, name: str | None, check_all: bool, tour: bool, **values: object
) -> None:
    """Walk the lab scenario NAME; without a name, list the scenarios.

    \b
    mxwalk lab
    mxwalk lab esa-hosted --sender esa:6
    mxwalk lab --tour            twelve scenarios that teach one thing each
    mxwalk lab --check           run every scenario against its expectations
    """
    from mxwalk.commands import labs, request

    if check_all:
        ctx.exit(labs.check_scenarios((name,) if name else None))
    elif tour:
        _tour(ctx, request.from_values(None, None, values))
    elif name is None:
        labs.list_scenarios()
    else:
        asked = request.from_values(None, name, values)
        if asked.wants_screen():
            options = request.options_of(asked)
            from tui.app import run_app

            run_app(
                scenario=name, options=options, sender=options.sender, ascii_only=asked.ascii_only
            )
        else:
            ctx.exit(_headless(asked))


@cli.command("open")
@click.argument("file", type=FILE_NAME, metavar="FILE|-")
@with_options(SENDER, *OUTPUT)
@click.pass_context
def open_(ctx: click.Context, /, file: str, **values: object) -> None:
    """Replay a saved trace on the same screens as the walk; - reads standard input.

    A text with an SMTP dialogue opens too: swaks, openssl s_client, telnet, posttls-finger, tcpdump,
    or typed down by hand.

    \b
    mxwalk open today.mxtrace
    swaks --server mx.example.com --tls --quit-after EHLO | mxwalk open -
    ssh relay mxwalk check example.com --format trace | mxwalk open -
    """
    from mxwalk.commands import request, traces

    asked = request.from_values(None, None, values)
    trace = traces.load(file)
    if asked.wants_screen(reads_input=file == "-"):
        from tui.app import run_app

        run_app(
            trace=trace,
            path=traces.path_of(file),
            sender=traces.sender_of(trace, asked),
            ascii_only=asked.ascii_only,
        )
    else:
        ctx.exit(traces.report(trace, asked))


@cli.command(epilog=_REPORT_EXIT_CODES)
@click.argument("trace", type=FILE_NAME, metavar="TRACE|-")
@with_options(SENDER, *OUTPUT)
@click.pass_context
def report(ctx: click.Context, /, trace: str, **values: object) -> None:
    """Write a report on a saved trace, or on a text with an SMTP dialogue.

    \b
    mxwalk report today.mxtrace --format markdown
    mxwalk report today.mxtrace --format html --output report.html --redact
    """
    from mxwalk.commands import request, traces

    ctx.exit(traces.report(traces.load(trace), request.from_values(None, None, values)))


@cli.command()
@click.argument("words", metavar="[CODE|WORD]...", nargs=-1, shell_complete=complete_codes)
def explain(words: tuple[str, ...]) -> None:
    """Explain a finding's CODE, or find the codes that speak of some words.

    Without either, all codes are listed.  A status code like 5.7.323 is explained, too.

    \b
    mxwalk explain
    mxwalk explain EHLO003
    mxwalk explain tlsa expired
    """
    from mxwalk.commands import explaining

    explaining.show(words)


@cli.command()
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def completion(shell: str) -> None:
    """Print the completion script for a SHELL.

    \b
    eval "$(mxwalk completion bash)"          in ~/.bashrc
    eval "$(mxwalk completion zsh)"           in ~/.zshrc
    mxwalk completion fish > ~/.config/fish/completions/mxwalk.fish
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    print_text(kind(cli, {}, "mxwalk", "_MXWALK_COMPLETE").source() + "\n")


for each in VERBS:
    cli.add_command(each)


def _tour(ctx: click.Context, asked: "Request") -> None:
    if asked.wants_screen():
        from mxwalk.lab.tour import stops
        from tui.app import run_app

        first = stops()[0]
        run_app(scenario=first.scenario, sender=first.sender, tour=0, ascii_only=asked.ascii_only)
    else:
        from mxwalk.commands import tours

        ctx.exit(tours.run(ascii_only=asked.ascii_only))


def _headless(asked: "Request") -> int:
    from mxwalk.commands import headless

    return headless.run(asked)


def main() -> None:
    """Run the command line; the last boundary, where a fault of ours becomes one line."""
    open_missing()
    try:
        cli(prog_name="mxwalk")
    except Exception as error:  # noqa: BLE001 - the outer boundary
        _tell_fault(error)
        sys.exit(_FAULT)
    finally:
        settle()


def _tell_fault(error: Exception) -> None:
    """Tell a fault of mxwalk itself, with ``MXWALK_DEBUG`` where it is."""
    import os

    if os.environ.get("MXWALK_DEBUG"):
        import traceback

        tell("".join(traceback.format_exception(error)))
        return
    tell(
        say(
            "mxwalk: a fault of mxwalk itself: {name}: {error}\nSet MXWALK_DEBUG=1 to see"
            " where; please report it with the trace.",
            name=type(error).__name__,
            error=visible(str(error)),
        )
    )
    for line in getattr(error, "__notes__", ()):
        tell(line)


if __name__ == "__main__":
    main()
