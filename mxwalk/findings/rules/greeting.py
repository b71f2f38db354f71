"""What a greeting says: its code, the domain it must begin with, and what is left without words.

RFC 5321 3.1, 4.2, 4.3.2 and RFC 7504.  A greeting that never came to its end is judged by how the
connection ended.
"""

from collections.abc import Iterator

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.step import StepKind
from mxwalk.findings.commands import nc
from mxwalk.findings.model import Finding, Severity
from mxwalk.findings.raising import Where, at_attempt, explained, found, grave_unless_others
from mxwalk.findings.rules.replies_codes import (
    MASKED,
    MULTILINE,
    NEVER_ACCEPTS,
    NO_DOMAIN,
    OTHER_GREETING,
    THROTTLED,
)
from mxwalk.language import say
from mxwalk.smtp.ehlo_words import is_domain_or_literal
from mxwalk.smtp.model import Reading, Reply
from mxwalk.text import excerpt


def of_greeting(delivery: Delivery, attempt: Attempt) -> Iterator[Finding]:
    """Yield what the greeting of a connection shows (RFC 5321 3.1, 4.2)."""
    greeting = attempt.greeting
    if greeting is None or not greeting.complete:
        return
    where = at_attempt(attempt, StepKind.GREETING)
    command, said = (
        nc(attempt.place, attempt.port),
        f"{excerpt(greeting.said)}{explained(greeting)}",
    )
    match greeting.code:
        case 421:  # RFC 5321 3.8, 4.2.3: not available now, try later
            yield found(
                THROTTLED,
                where,
                say(
                    "{where} answers {said}: it takes no mail now, its TLS stays unknown",
                    where=where.name,
                    said=said,
                ),
                say("raise the connection limits or wait; the sender: fewer connections at once"),
                command,
            )
        case 554 | 521:  # RFC 5321 3.1, RFC 7504 3
            yield found(
                NEVER_ACCEPTS,
                where,
                say(
                    "{where} answers {said}: it does not serve this sender",
                    where=where.name,
                    said=said,
                ),
                say(
                    "take the sender's address off the access list or block list named in the"
                    " text, or remove the host from the MX records"
                ),
                command,
                grave_unless_others(delivery, attempt),
            )
        case 220:
            yield from _greeting_form(attempt, greeting, where, command)
        case _:
            yield found(
                OTHER_GREETING,
                where,
                say("{where} greets with {said} instead of 220", where=where.name, said=said),
                say("let an SMTP server answer on this port; it must greet with 220, 421 or 554"),
                command,
                grave_unless_others(delivery, attempt),
            )


def _greeting_form(
    attempt: Attempt, greeting: Reply, where: Where, command: str
) -> Iterator[Finding]:
    if greeting.is_masked:
        yield _masked(attempt, greeting, where, command)
        return
    if len(greeting.lines) > 1:
        yield found(
            MULTILINE,
            where,
            say(
                "the greeting of {where} has {lines} lines: legal, but old clients talk after"
                " the first",
                where=where.name,
                lines=len(greeting.lines),
            ),
            say("Postfix: postscreen_greet_banner = (empty); others: a banner of one line"),
            command,
        )
    words = greeting.lines[0].text.split()
    first = words[0].decode("utf-8", "backslashreplace") if words else ""
    if not is_domain_or_literal(first):
        # RFC 5321 4.2: Greeting = "220 " (Domain / address-literal) ...
        yield found(
            NO_DOMAIN,
            where,
            say(
                "the greeting of {where} starts with {first}, not with its domain",
                where=where.name,
                first=excerpt(first) or say("nothing"),
            ),
            say(
                "Postfix: smtpd_banner = $myhostname ESMTP; Exim: smtp_banner ="
                " $smtp_active_hostname ESMTP; a firewall that writes over banners: switch"
                " its SMTP inspection off"
            ),
            command,
        )


def _masked(attempt: Attempt, greeting: Reply, where: Where, command: str) -> Finding:
    """Tell of a greeting without words; nothing is lost by it where no STARTTLS is offered."""
    ehlo = attempt.ehlo
    costs_tls = ehlo is not None and ehlo.offers("STARTTLS", Reading.LENIENT)
    return found(
        MASKED,
        where,
        say(
            "{where} greets with {greeting}: Postfix takes that for a Cisco PIX and says HELO"
            " (smtp_pix_workarounds), after which there is no STARTTLS: it sends in clear, or not"
            " at all where TLS is required",
            where=where.name,
            greeting=excerpt(greeting.raw.rstrip(b"\r\n")),
        ),
        say(
            "whoever runs the firewall before the server switches its SMTP inspection off: Cisco"
            " ASA: policy-map global_policy / class inspection_default / no inspect esmtp"
        )
        if b"*" in greeting.raw
        else say(
            "let the server greet with its name: Postfix: smtpd_banner = $myhostname ESMTP;"
            " Exim: smtp_banner = $smtp_active_hostname ESMTP"
        ),
        command,
        None if costs_tls else Severity.WARNING,
    )
