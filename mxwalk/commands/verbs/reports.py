"""Reports of other systems, opened from files: TLS reports and DMARC aggregate reports."""

# ruff: noqa: D301 - click looks for the character itself, so these docstrings are not raw

import click

from mxwalk.commands.file_name import FILE_NAME
from mxwalk.commands.spoken import command, option
from mxwalk.language import say


@command()
@click.argument("files", type=FILE_NAME, metavar="FILE...|-", nargs=-1, required=True)
@option("--text", is_flag=True, help="Print text, also to a terminal.")
@option("--format", "fmt", type=click.Choice(("text", "json")), help="What to print.")
@option("--ascii", "ascii_only", is_flag=True, help="Print ASCII only.")
@click.pass_context
def tlsrpt(ctx: click.Context, /, files: tuple[str, ...], **values: object) -> None:
    """Open TLS reports (RFC 8460): what failed, where, and who must act.

    \b
    mxwalk tlsrpt report.json.gz
    mxwalk tlsrpt Maildir/TLS-reports        a folder: reports and e-mails with one
    mxwalk tlsrpt --format json *.json.gz

    Exit code 0: no failures reported.  1: none, but a file could not be read.  2: there is no
    report.  3: failures were reported.
    """
    from mxwalk.commands import reports_asked
    from mxwalk.commands import tlsrpt as reading

    asked = reading.asked_from({"files": files, **values})
    if asked.wants_screen():
        paths = reports_asked.paths_of(files)
        from tui.app import run_app

        run_app(reports=tuple(reports_asked.there(paths, say("TLS reports"))))
    else:
        ctx.exit(reading.run(asked))


@command()
@click.argument("files", type=FILE_NAME, metavar="FILE...|-", nargs=-1, required=True)
@option("--text", is_flag=True, help="Print text, also to a terminal.")
@option("--format", "fmt", type=click.Choice(("text", "json")), help="What to print.")
@option("--known", multiple=True, metavar="NET|DOMAIN", help="A sender of yours; repeatable.")
@option("--ptr", is_flag=True, help="Ask the DNS for the names of the sources.")
@option("--resolver", default="", metavar="ADDR[:PORT]", help="Ask this DNS server.")
@option("--ascii", "ascii_only", is_flag=True, help="Print ASCII only.")
@click.pass_context
def dmarc(ctx: click.Context, /, files: tuple[str, ...], **values: object) -> None:
    """Open DMARC aggregate reports (RFC 9990, RFC 7489): who sends in your name, and what passes.

    \b
    mxwalk dmarc report.xml.gz
    mxwalk dmarc Maildir/DMARC --known 192.0.2.0/24 --known newsletter.example
    mxwalk dmarc --format json *.zip

    Exit code 0: everything passed DMARC.  1: it did, but not all could be read.  2: there is no
    report.  3: messages that failed DMARC were reported.
    """
    from mxwalk.commands import dmarc as reading
    from mxwalk.commands import reports_asked

    asked = reading.asked_from({"files": files, **values})
    if asked.wants_screen():
        paths = reports_asked.paths_of(files)
        found = reports_asked.there(paths, say("DMARC reports"))
        from tui.app import run_app

        run_app(dmarc=reading.look(asked, found), ascii_only=asked.ascii_only)
    else:
        ctx.exit(reading.run(asked))


COMMANDS = (tlsrpt, dmarc)
