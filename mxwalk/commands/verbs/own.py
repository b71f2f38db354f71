"""``mxwalk self``: what is wrong on this side."""

# ruff: noqa: D301 - click looks for the character itself, so these docstrings are not raw

import click

from mxwalk.commands.file_name import file_option
from mxwalk.commands.spoken import command, option


@command("self")
@option("--egress", is_flag=True, help="Connect to large receivers: does port 25 get out?")
@option(
    "--egress-host",
    "hosts",
    multiple=True,
    metavar="DOMAIN|HOST:PORT",
    help="Connect to this mail domain's server, or this host, instead; repeatable.",
)
@option(
    "--ask-outside", is_flag=True, help="Also ask for a public test name with wrong signatures."
)
@file_option("--walk", metavar="TRACE", help="Hold the clock against this saved walk.")
@option("--resolver", default="", metavar="ADDR[:PORT]", help="Ask this DNS server.")
@option("--helo", default="", metavar="NAME", help="The name to send with EHLO.")
@file_option("--ca-file", help="Trust the roots in this PEM file (or: certifi).")
@option("--format", "fmt", type=click.Choice(("text", "json")), help="What to print.")
@option("--ascii", "ascii_only", is_flag=True, help="Print ASCII only.")
@click.pass_context
def COMMAND(ctx: click.Context, /, **values: object) -> None:  # noqa: N802
    """Check your own side before a target is blamed: resolver, clock, routes, names, trust store.

    \b
    mxwalk self
    mxwalk self --helo mail.example.com --resolver 127.0.0.1
    mxwalk self --egress                  does TCP port 25 get out?
    mxwalk self --egress-host example.com

    Only your resolver is asked, unless --egress or --ask-outside say otherwise.

    Exit code 0: nothing is wrong.  1: something is worth a look.  2: the command line cannot be used.
    3: something is wrong here.  4: a check that was asked for (egress, outside) told nothing.
    """
    from mxwalk.commands import own as command

    ctx.exit(command.run(command.asked_from(values)))
