"""The options that commands share, and what the shell completes for them.

Only click is loaded here; completions import what they need when they are asked for.
"""

from collections.abc import Callable
from typing import Any

import click
from click.shell_completion import CompletionItem

from mxwalk.commands.file_name import file_option
from mxwalk.commands.spoken import option
from mxwalk.language import say

FORMATS = ("text", "json", "markdown", "html", "trace", "tlsrpt")

Callback = Callable[..., Any]
Decorator = Callable[[Callback], Callback]


def complete_senders(_ctx: click.Context, _param: object, start: str) -> list[CompletionItem]:
    """Complete sender ids, with their labels."""
    from mxwalk.senders.registry import profiles

    found = [(profile.id, profile.label) for profile in profiles()]
    return [CompletionItem(name, help=label) for name, label in found if name.startswith(start)]


def complete_receivers(_ctx: click.Context, _param: object, start: str) -> list[CompletionItem]:
    """Complete receiver ids, with their labels."""
    from mxwalk.evidence.trace import Purpose
    from mxwalk.receivers.registry import judges

    found = [(one.id, one.label) for one in judges(Purpose.MESSAGE)]
    return [CompletionItem(name, help=label) for name, label in found if name.startswith(start)]


def complete_scenarios(_ctx: click.Context, _param: object, start: str) -> list[CompletionItem]:
    """Complete the names of lab scenarios."""
    from mxwalk.lab.scenario import scenario_names

    return [CompletionItem(name) for name in scenario_names() if name.startswith(start)]


def complete_codes(_ctx: click.Context, _param: object, start: str) -> list[CompletionItem]:
    """Complete finding codes, with their titles."""
    from mxwalk.findings.registry import catalogue

    entries = catalogue().values()
    found = [entry for entry in entries if entry.code.startswith(start.upper())]
    return [CompletionItem(entry.code, help=say(entry.title)) for entry in found]


SENDER = option(
    "--sender",
    metavar="ID",
    shell_complete=complete_senders,
    help="Whose verdict counts: esa:5 (the default), exchange-online, postfix:dane, or with a"
    " match list: postfix:secure:LIST, postfix:fingerprint:SHA256HEX ...",
)
_ANCHOR = file_option("--trust-anchor", help="DNSSEC trust anchors (DS or DNSKEY lines).")
HOW = (
    SENDER,
    option(
        "--route",
        multiple=True,
        metavar="HOST[:PORT][,PRIORITY]",
        help="Deliver there instead of to the MX hosts; repeatable, priority 0 is first.",
    ),
    option("--port", type=int, metavar="PORT", help="The SMTP port (default 25)."),
    option("--helo", metavar="NAME", help="The name to send with EHLO."),
    option("--mail-from", metavar="ADDRESS", help="Also send MAIL FROM; <> is the null sender."),
    option("--rcpt-to", metavar="ADDRESS", help="Also send RCPT TO (DATA is never sent)."),
    option("--resolver", metavar="ADDR[:PORT]", help="Ask this DNS server."),
    file_option("--ca-file", help="Trust the roots in this PEM file (or: certifi, system)."),
    _ANCHOR,
    option("--at", metavar="TIME", help="Judge certificates as of this time (RFC 3339)."),
    option(
        "--timeout",
        type=float,
        metavar="SECONDS",
        help="Longest silence in any phase; an answer that drips in may take five times that.",
    ),
    option("--ipv4", is_flag=True, help="Use IPv4 addresses only."),
    option("--ipv6", is_flag=True, help="Use IPv6 addresses only."),
    option("--first-host", is_flag=True, help="Stop at the first host that delivers."),
    option(
        "--both-leaves",
        is_flag=True,
        help="Connect once more for the certificate of the other key type (RSA, ECDSA).",
    ),
    option(
        "--without-sni",
        is_flag=True,
        help="Connect once more without SNI, as many senders do.",
    ),
    option(
        "--offline",
        is_flag=True,
        help="Ask no address that a certificate names (CRL, OCSP, issuers).",
    ),
    option(
        "--private-urls",
        is_flag=True,
        help="Let such addresses be private ones, or this machine's own.",
    ),
)
_RESOLVER = option("--resolver", metavar="ADDR[:PORT]", help="Ask this DNS server.")
_TIMEOUT = option("--timeout", type=float, metavar="SECONDS", help="Longest wait in any phase.")
ENVELOPE = (
    option(
        "--receiver",
        "sender",
        metavar="ID",
        shell_complete=complete_receivers,
        help="Whose verdict counts: rfc9989 (the default), rfc7489, esa, esa-guide.",
    ),
    option("--ip", metavar="ADDR", help="The address that the client connected from."),
    option("--helo", metavar="NAME", help="Its HELO name."),
    option("--mail-from", metavar="ADDRESS", help="MAIL FROM; <> is the null sender."),
    option("--receiver-name", metavar="HOST", help="The receiving host, for its headers."),
    option("--attached", type=int, metavar="N", help="Look at the N-th message attached to it."),
    _RESOLVER,
    _ANCHOR,
    _TIMEOUT,
)
PUBLISHED = (
    option(
        "--selector", "selectors", multiple=True, metavar="S", help="A DKIM selector; repeatable."
    ),
    option("--probe", is_flag=True, help="Also ask for keys at common selectors."),
    option(
        "--subdomain", "subdomains", multiple=True, metavar="N", help="Look at this name as well."
    ),
    option("--sends-nothing", is_flag=True, help="The domain sends no mail."),
    _RESOLVER,
    _ANCHOR,
    _TIMEOUT,
    file_option("--ca-file", help="Trust the roots in this PEM file (policy host)."),
    option(
        "--private-urls",
        is_flag=True,
        help="Let the policy host be at a private address, or at this machine's own.",
    ),
)
OUTPUT = (
    option("--format", "fmt", type=click.Choice(FORMATS), help="What to write (default text)."),
    file_option("--output", help="Write to this new file."),
    option("--force", is_flag=True, help="Let --output and --save replace a file."),
    option(
        "--redact",
        is_flag=True,
        help="Replace local parts and your own names, in reports and in what --save writes.",
    ),
    option(
        "--with-notes",
        is_flag=True,
        help="With --redact: keep notes on steps, which may name people in words of their own.",
    ),
    option(
        "--ascii",
        "ascii_only",
        is_flag=True,
        help="Write text in ASCII alone; on screens, draw symbols and lines in ASCII.",
    ),
)
# A report on TLS is on deliveries; asked for another walk it is refused in words of its own.
_OTHERS = "|".join(name for name in FORMATS if name != "tlsrpt")
OTHER_OUTPUT = (
    option(
        "--format",
        "fmt",
        type=click.Choice(FORMATS),
        metavar=f"[{_OTHERS}]",
        help="What to write (default text).",
    ),
    *OUTPUT[1:],
)
SAVE = file_option(
    "--save", help="Save the trace to this new file as it grows (with --redact: at the end)."
)


def with_options(*options: Decorator) -> Decorator:
    """Return a decorator that gives a command these options, in this order."""

    def decorate(command: Callback) -> Callback:
        for each in reversed(options):
            command = each(command)
        return command

    return decorate
