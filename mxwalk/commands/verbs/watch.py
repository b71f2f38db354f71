"""``mxwalk watch``: a walk repeated until a condition holds."""

# ruff: noqa: D301 - click looks for the character itself, so these docstrings are not raw

import click
from click.shell_completion import CompletionItem

from mxwalk.commands.file_name import file_option
from mxwalk.commands.options import HOW, complete_scenarios, complete_senders, with_options
from mxwalk.commands.spoken import command, option


def _complete_conditions(_ctx: click.Context, _param: object, start: str) -> list[CompletionItem]:
    """Complete conditions, with what they wait for."""
    from mxwalk.watch.conditions import KINDS

    found = [(f"{name}:" if kind.takes_code else name, kind) for name, kind in KINDS.items()]
    return [CompletionItem(name, help=kind.words) for name, kind in found if name.startswith(start)]


@command("watch")
@click.argument("target", required=False)
@option(
    "--until",
    default="delivered",
    metavar="CONDITION",
    shell_complete=_complete_conditions,
    help="What to wait for: delivered (the default), verified, not-delivered, changed, certificate,"
    " tlsa, mx, addresses, policy, finding:CODE, no-finding:CODE, or an outcome like deferred.",
)
@option("--every", default="5m", metavar="TIME", help="From round to round: 90s, 5m, 2h.")
@option("--for", "lasting", metavar="TIME", help="Give up after this time: 2h, 1d.")
@option("--rounds", type=int, metavar="N", help="Give up after so many rounds.")
@option(
    "--lab",
    "labs",
    multiple=True,
    metavar="NAME",
    shell_complete=complete_scenarios,
    help="Watch this lab scenario; of several each serves one round, and the last stays.",
)
@option(
    "--sender",
    "senders",
    multiple=True,
    metavar="ID",
    shell_complete=complete_senders,
    help="Whose verdict counts (default esa:5); of several all must fulfil the condition.",
)
@file_option("--save", metavar="DIR", help="Save the trace of each round in this directory.")
@option("--redact", is_flag=True, help="Replace local parts and your own names in traces.")
@option("--bell", is_flag=True, help="Ring the terminal's bell when the condition holds.")
@option("--ascii", "ascii_only", is_flag=True, help="Print ASCII only.")
@with_options(*HOW[1:])
@click.pass_context
def COMMAND(ctx: click.Context, /, target: str | None, **values: object) -> None:  # noqa: N802
    """Walk to TARGET again and again until a condition holds.

    \b
    mxwalk watch example.com --until delivered --every 5m
    mxwalk watch user@example.com --until tlsa --every 30m --for 1d --bell
    mxwalk watch example.com --until no-finding:CERT001 --sender esa:6 --save rounds
    mxwalk watch --lab dane-mismatch --lab dane-good --until tlsa --every 2s

    A line is printed for each round, and below it what changed.  A server of others is asked once a
    minute at most, and left alone for longer when it answers 421.

    \b
    Exit codes:
      0    the condition holds
      2    the command line cannot be used
      3    the time or the rounds are over, and it does not hold
      4    likewise, and no round could tell what becomes of the mail
      130  interrupted; the summary is printed all the same
    """
    from mxwalk.commands import watch as command

    ctx.exit(command.run(command.asked_from(target, values)))
