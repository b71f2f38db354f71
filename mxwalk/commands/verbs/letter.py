"""``mxwalk letter``: the message to the other side, from a saved walk."""

# ruff: noqa: D301 - click looks for the character itself, so these docstrings are not raw

import click

from mxwalk.commands.file_name import FILE_NAME, file_option
from mxwalk.commands.options import complete_codes, complete_senders
from mxwalk.commands.spoken import command, option
from mxwalk.language import LANGUAGES

KEYS = ("receiver", "dns", "ca", "domain", "domain-dns", "service", "forwarder")


@command("letter")
@click.argument("trace", type=FILE_NAME, metavar="TRACE|-")
@option(
    "--in",
    "language",
    type=click.Choice(tuple(LANGUAGES)),
    help="The letter's language (default: the one spoken here).",
)
@option("--to", type=click.Choice(KEYS), help="Only the letter to this party.")
@option(
    "--finding",
    "codes",
    multiple=True,
    metavar="CODE",
    shell_complete=complete_codes,
    help="Write about this finding; repeatable (default: the errors, or else the warnings).",
)
@option(
    "--sender",
    metavar="ID",
    shell_complete=complete_senders,
    help="Whose verdict counts (default: the walk's own sender or receiver).",
)
@option("--from", "mailbox", metavar="MAILBOX", help="Your address, below the letter.")
@option("--name", metavar="NAME", help="Your name, below the letter.")
@option("--phone", metavar="NUMBER", help="Your telephone number, below the letter.")
@option(
    "--since",
    metavar="TIME",
    help="When mail failed first, in your words (default: as in the log that led to the walk).",
)
@option("--ask-soa", is_flag=True, help="Ask the DNS who keeps the zones (SOA).")
@option("--resolver", metavar="ADDR[:PORT]", help="Ask this DNS server for it.")
@option(
    "--format",
    "fmt",
    type=click.Choice(("text", "eml", "json")),
    default="text",
    help="Text to copy (the default), a draft for a mail program, or all letters as JSON.",
)
@file_option("--output", help="Write to this new file.")
@option("--force", is_flag=True, help="Let --output replace a file.")
@option("--redact", is_flag=True, help="Replace local parts and your own names.")
@option("--ascii", "ascii_only", is_flag=True, help="Write text in ASCII alone.")
@click.pass_context
def COMMAND(ctx: click.Context, /, **values: object) -> None:  # noqa: N802
    """Write to whoever must act on what a saved walk shows; nothing is sent.

    \b
    mxwalk letter today.mxtrace
    mxwalk letter today.mxtrace --in ko --to dns --ask-soa
    mxwalk letter today.mxtrace --format eml --to receiver --output letter.eml
    mxwalk check example.com --format trace | mxwalk letter - --finding DANE002

    There is one letter for each party: the receiver, its DNS operator, its certificate authority, the
    sending domain ...  The addresses in To: are suggestions, with the reason beside each.

    \b
    Exit codes:
      0  written
      1  there is nothing for the other side to do; the reason is told
      2  the command line or the file cannot be used
    """
    from mxwalk.commands import letter as command

    ctx.exit(command.run(command.asked_from(values)))
