"""``mxwalk diff``: what differs between two walks."""

# ruff: noqa: D301 - click looks for the character itself, so these docstrings are not raw

import click

from mxwalk.commands.file_name import FILE_NAME, file_option
from mxwalk.commands.options import SENDER, complete_scenarios, with_options
from mxwalk.commands.spoken import command, option


@command("diff")
@click.argument("traces", type=FILE_NAME, metavar="TRACE [TRACE|-]", nargs=-1)
@option("--host", "hosts", nargs=2, metavar="H1 H2", help="Two hosts (or addresses) of one trace.")
@option(
    "--lab",
    "labs",
    nargs=2,
    metavar="A B",
    shell_complete=complete_scenarios,
    help="Walk these two lab scenarios.",
)
@with_options(SENDER)
@option(
    "--format",
    "fmt",
    type=click.Choice(("text", "json", "markdown", "html")),
    help="What to write (default text).",
)
@file_option("--output", help="Write to this new file.")
@option("--force", is_flag=True, help="Let --output replace a file.")
@option("--redact", is_flag=True, help="Replace local parts and your own names.")
@option("--ascii", "ascii_only", is_flag=True, help="Write text in ASCII alone.")
@click.pass_context
def COMMAND(ctx: click.Context, /, **values: object) -> None:  # noqa: N802
    """Compare two walks: only what differs, and what turned the verdict.

    \b
    mxwalk diff yesterday.mxtrace today.mxtrace
    mxwalk diff today.mxtrace                  with the last saved walk of the same target
    mxwalk diff today.mxtrace --host mx1.example.com mx2.example.com
    mxwalk diff --lab dane-good dane-mismatch --format markdown

    What is different every time (ids, times of day, signatures' dates) is counted and not shown.  What
    one walk did not look at is unknown, never gone.

    \b
    Exit codes:
      0  nothing that matters differs
      1  something differs
      2  the command line or a file cannot be used
      4  nothing differs in what both looked at, but one side did not look everywhere
    """
    from mxwalk.commands import diff as command

    asked = command.asked_from(values)
    before, after = command.sides(asked)
    if asked.wants_screen:
        from tui.app import run_app

        run_app(
            comparison=(before, after),
            sender=asked.sender or after.trace.header.options.sender,
            ascii_only=asked.output.ascii_only,
        )
    else:
        ctx.exit(command.run(asked, before, after))
