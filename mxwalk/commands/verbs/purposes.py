"""Walks of another purpose than a delivery: a message as received, and what a domain publishes."""

# ruff: noqa: D301 - click looks for the character itself, so these docstrings are not raw

from typing import TYPE_CHECKING

import click

from mxwalk.commands.file_name import FILE_NAME
from mxwalk.commands.options import ENVELOPE, OTHER_OUTPUT, PUBLISHED, SAVE, with_options
from mxwalk.commands.spoken import command

if TYPE_CHECKING:
    from mxwalk.commands.request import Request


@command()
@click.argument("file", type=FILE_NAME, metavar="FILE|-")
@with_options(*ENVELOPE, *OTHER_OUTPUT, SAVE)
@click.pass_context
def message(ctx: click.Context, /, file: str, **values: object) -> None:
    """Walk a message as received: SPF, DKIM, DMARC, and what a receiver does with it.

    \b
    mxwalk message mail.eml
    mxwalk message mail.eml --ip 192.0.2.1 --helo mail.example.com --mail-from user@example.com
    pbpaste | mxwalk message - --receiver esa-guide

    What is not given is taken from the message's own Received fields, and said to be assumed.

    \b
    Exit codes:
      0  the chosen receiver accepts it
      1  it accepts it, but there is a finding of severity error
      2  the command line or the file cannot be used
      3  quarantined or rejected
      4  inconclusive: something is missing, or the DNS did not answer
    """
    from mxwalk.commands import message as asking

    _screen_or_headless(ctx, asking.asked_from(file, values), reads_input=file == "-")


@command()
@click.argument("name", metavar="DOMAIN")
@with_options(*PUBLISHED, *OTHER_OUTPUT, SAVE)
@click.pass_context
def domain(ctx: click.Context, /, name: str, **values: object) -> None:
    """Look at all that a DOMAIN publishes about its mail; say what to publish next.

    \b
    mxwalk domain example.com --selector s1 --selector s2
    mxwalk domain example.com --probe --subdomain news
    mxwalk domain parked.example --sends-nothing --format markdown

    No mail server is connected to.  Exit code 0: complete.  1: not complete, or something published
    is an error.  2: the command line cannot be used.  4: our side did not tell.
    """
    from mxwalk.commands import domain as asking

    _screen_or_headless(ctx, asking.asked_from(name, values))


def _screen_or_headless(ctx: click.Context, asked: "Request", *, reads_input: bool = False) -> None:
    from mxwalk.commands import headless, request

    options = request.options_of(asked)
    if asked.wants_screen(reads_input=reads_input):
        from tui.app import run_app

        run_app(
            message=asked.message,
            survey=asked.survey,
            target=asked.target,
            options=options,
            sender=options.sender,
            ascii_only=asked.ascii_only,
        )
    else:
        ctx.exit(headless.run(asked))


COMMANDS = (message, domain)
