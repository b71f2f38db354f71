"""Commands that look at one thing without a walk: a record, a policy, a key; each prints and ends."""

# ruff: noqa: D301 - click looks for the character itself, so these docstrings are not raw

import click

from mxwalk.commands.file_name import FILE_NAME, file_option
from mxwalk.commands.spoken import command, option


@command()
@click.argument("domain", metavar="DOMAIN|ADDRESS")
@option("--ip", required=True, metavar="ADDR", help="The address of the client.")
@option("--sender", metavar="ADDRESS", help="MAIL FROM (default: postmaster at DOMAIN).")
@option("--helo", metavar="NAME", help="The HELO name (default: DOMAIN).")
@option("--record", metavar="TEXT", help="Try this record in the place of DOMAIN's own.")
@option("--receiver-name", metavar="HOST", help="The receiving host, for the header.")
@option("--format", "fmt", type=click.Choice(("text", "json")), help="What to print.")
@option("--resolver", metavar="ADDR[:PORT]", help="Ask this DNS server.")
@option("--timeout", type=float, metavar="SECONDS", help="Longest wait for an answer.")
@option("--ascii", "ascii_only", is_flag=True, help="Print ASCII only.")
@click.pass_context
def spf(ctx: click.Context, /, **values: object) -> None:
    """Evaluate SPF (RFC 7208) for one address, term by term, with every look-up.

    \b
    mxwalk spf example.com --ip 192.0.2.1
    mxwalk spf user@example.com --ip 2001:db8::1 --helo mail.example.com
    mxwalk spf example.com --ip 192.0.2.1 --record "v=spf1 include:_spf.example.net -all"

    Exit code 0: pass.  1: none, there is no record.  3: neutral, softfail, fail or permerror.
    4: temperror, the DNS did not answer, or the resolver denies the DNS root and so anything.
    """
    from mxwalk.commands import spf as command

    ctx.exit(command.run(command.asked_from(values)))


@command("dkim-key")
@click.argument("domain")
@click.argument("selector")
@option("--type", "kind", type=click.Choice(("rsa", "ed25519")), default="rsa", help="Key type.")
@option("--bits", type=int, default=0, metavar="N", help="Size of an RSA key (default 2048).")
@file_option("--out", help="Write the private key to this new file.")
@option("--ascii", "ascii_only", is_flag=True, help="Print ASCII only.")
@click.pass_context
def dkim_key(ctx: click.Context, /, **values: object) -> None:
    """Make a DKIM key pair; print the record to publish at SELECTOR of DOMAIN.

    \b
    mxwalk dkim-key example.com s2026
    mxwalk dkim-key example.com e2026 --type ed25519 --out ed25519.pem

    The private key goes to a new file that only you can read, never over another, and is not shown.
    """
    from mxwalk.commands import dkim_key as command

    ctx.exit(command.run(command.asked_from(values)))


@command()
@click.argument("certificate", type=FILE_NAME, metavar="CERT.pem")
@file_option("--next", "following", metavar="NEXT.pem", help="The certificate to install next.")
@option("--host", metavar="NAME", help="The MX host (default: the certificate's first name).")
@option("--port", type=int, default=25, metavar="PORT", help="The SMTP port (default 25).")
@option("--published", is_flag=True, help="Hold both against the records in the DNS.")
@option(
    "--record", "records", multiple=True, metavar="RDATA", help='Or against this: "3 1 1 ab...".'
)
@option("--resolver", default="", metavar="ADDR[:PORT]", help="Ask this DNS server.")
@file_option("--trust-anchor", help="DNSSEC trust anchors.")
@click.pass_context
def tlsa(ctx: click.Context, /, certificate: str, **values: object) -> None:
    """Print the TLSA records for a certificate; say whether it may be installed now.

    \b
    mxwalk tlsa fullchain.pem
    mxwalk tlsa fullchain.pem --next new.pem --published

    Exit code 3: install this and mail stops.  4: the resolver did not tell.
    """
    from mxwalk.commands import tlsa as command

    ctx.exit(command.run(command.asked_from({"certificate": certificate, **values})))


@command()
@click.argument("domain")
@option("--format", "fmt", type=click.Choice(("text", "json")), help="What to print.")
@option("--resolver", metavar="ADDR[:PORT]", help="Ask this DNS server.")
@file_option("--ca-file", help="Trust the roots in this PEM file.")
@option("--timeout", type=float, metavar="SECONDS", help="Longest wait in any phase.")
@option(
    "--private-urls",
    is_flag=True,
    help="Let the policy host be at a private address, or at this machine's own.",
)
@option("--ascii", "ascii_only", is_flag=True, help="Print ASCII only.")
@click.pass_context
def policy(ctx: click.Context, /, domain: str, **values: object) -> None:
    """Look up a DOMAIN's MTA-STS policy; print what to publish for its MX hosts.

    \b
    mxwalk policy example.com
    mxwalk policy example.com --format json

    Exit code 0: a valid policy that lists every MX host.  1: no policy is in force.  3: it does not
    work, or misses an MX host.  4: our side did not tell, or the domain does not exist.
    """
    from mxwalk.commands import policy as command

    ctx.exit(command.run(command.asked_from({"domain": domain, **values})))


COMMANDS = (spf, dkim_key, tlsa, policy)
