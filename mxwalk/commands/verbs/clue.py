"""``mxwalk clue``: what a bounce, a log line or a dialogue tells."""

# ruff: noqa: D301 - click looks for the character itself, so these docstrings are not raw

import click

from mxwalk.commands.file_name import FILE_NAME
from mxwalk.commands.spoken import command, option


@command("clue")
@click.argument("file", type=FILE_NAME, metavar="[FILE|-]", default="-")
@option(
    "--format",
    "fmt",
    type=click.Choice(("text", "json")),
    default="text",
    help="Text for people (the default), or JSON.",
)
@option("--ascii", "ascii_only", is_flag=True, help="Print ASCII only.")
@click.pass_context
def COMMAND(ctx: click.Context, /, file: str, fmt: str, *, ascii_only: bool) -> None:  # noqa: N802
    """Say what a bounce, log lines, a status code or an SMTP dialogue tell.

    \b
    mxwalk clue bounce.eml
    grep user@example.com /var/log/mail.log | mxwalk clue
    mxwalk clue --format json dialogue.txt

    For each thing recognised: whose words they are, what they mean, which step of a walk to look at
    and which findings explain it; then the commands of the walks that fit.  Nothing is sent.

    \b
    Exit codes:
      0  something was recognised
      1  nothing was recognised
      2  the command line or the file cannot be used
    """
    from mxwalk.commands import clue as command

    ctx.exit(command.run(file, fmt, ascii_only=ascii_only))
