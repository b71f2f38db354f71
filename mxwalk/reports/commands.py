"""Public commands that show the same as the walk, and the walk itself."""

import shlex
from collections.abc import Iterator

from mxwalk.dane.lookup import tlsa_name
from mxwalk.delivery.model import Delivery, Host
from mxwalk.delivery.route import PlannedHost
from mxwalk.delivery.validated import Validated, validated
from mxwalk.dnssec.commands import commands_for
from mxwalk.dnssec.model import Status
from mxwalk.evidence.target import Family, Options, Timeouts
from mxwalk.evidence.trace import Purpose
from mxwalk.findings.commands import curl, dig, endpoint, posttls_finger, s_client, swaks
from mxwalk.language import say
from mxwalk.names import is_address
from mxwalk.reports.commands_mailauth import mailauth_commands, walk_words
from mxwalk.reports.model import Command
from mxwalk.text import visible

_HOSTS_SHOWN = 10
_SMTP_PORT = 25
_LOOKUPS_SHOWN = 20


def commands(delivery: Delivery) -> tuple[Command, ...]:
    """Return the commands in the order of the walk, each once."""
    found: dict[str, str] = {}
    if delivery.trace.header.pasted and delivery.domain.endswith(".invalid"):  # it names no host
        return ()
    for shows, command in _commands(delivery):
        found.setdefault(command, shows)
    return tuple(Command(shows=shows, command=command) for command, shows in found.items())


def _commands(delivery: Delivery) -> Iterator[tuple[str, str]]:
    options = delivery.options
    purpose = delivery.trace.header.purpose
    yield (
        say("the same walk"),
        _mxwalk(delivery) if purpose is Purpose.DELIVERY else _other(delivery),
    )
    server = _resolver(delivery)
    if delivery.mx is not None:
        yield say("the delivery hosts"), dig(delivery.domain, "MX", server)
    if delivery.policy_records is not None:
        yield say("the MTA-STS record"), dig(delivery.policy_records.sts.qname, "TXT", server)
        yield say("the TLS-RPT record"), dig(delivery.policy_records.tls_rpt.qname, "TXT", server)
    if delivery.sts.fetch is not None:
        yield say("the MTA-STS policy"), curl(delivery.sts.fetch.fetched.url)
    yield from mailauth_commands(delivery, server)
    for item in validated(delivery)[:_LOOKUPS_SHOWN]:
        if item.validation.status is not Status.SECURE and not _is_guess(item):
            for command in commands_for(item.validation):
                yield (
                    say("the DNSSEC status of {question}", question=item.validation.question),
                    command,
                )
    for host in delivery.hosts[:_HOSTS_SHOWN]:
        yield from _at_host(host, options.helo, server, connected=purpose is Purpose.DELIVERY)


def _at_host(host: Host, helo: str, server: str, *, connected: bool) -> Iterator[tuple[str, str]]:
    planned = host.planned
    if not planned.is_literal:
        yield (
            say("the addresses of {planned}", planned=planned.name),
            dig(planned.name, "A", server),
        )
        yield (
            say("the addresses of {planned}", planned=planned.name),
            dig(planned.name, "AAAA", server),
        )
    for answer in host.dane.tlsa if host.dane else ():
        name = tlsa_name(answer.base_domain, planned.port)
        yield (
            say("the TLSA records of {planned}", planned=planned.name),
            dig(name, "TLSA", server, dnssec=True),
        )
    if not connected:
        return
    for address in host.addresses:
        if address:  # a pasted text may not say where it was connected to
            yield say("the reverse name of {address}", address=address), dig(address, "PTR", server)
        yield from _connections(address or planned.name, planned, helo)
    if not planned.is_literal:
        yield (
            say("TLS to {planned} as Postfix sees it", planned=planned.name),
            posttls_finger(planned.name, planned.port),
        )


def _connections(address: str, planned: PlannedHost, helo: str) -> Iterator[tuple[str, str]]:
    place = endpoint(address, planned.port)
    sni = "" if is_address(planned.name) else planned.name
    yield (
        say("the certificates of {place}", place=place),
        s_client(address, planned.port, sni, "-showcerts"),
    )
    yield (
        say("the dialogue with {place}", place=place),
        # swaks would go on to DATA by itself; the second EHLO is as far as the walk goes
        swaks(
            address,
            planned.port,
            *([("--ehlo", helo)] if helo else []),
            ("--tls", ""),
            ("--quit-after", "EHLO"),
        ),
    )


def _resolver(delivery: Delivery) -> str:
    """Return the server to ask: none where the lab's is gone, or where a placeholder stands for it."""
    header = delivery.trace.header
    return "" if header.scenario or header.redacted else delivery.options.resolver


def _is_guess(item: Validated) -> bool:
    """Say whether it was a selector that was only tried, and is not there."""
    return "._domainkey." in item.answer.qname and not item.answer.records()


def _mxwalk(delivery: Delivery) -> str:
    header, options = delivery.trace.header, delivery.options
    words = ["mxwalk", "check"]
    words += ["--lab", header.scenario] if header.scenario else [header.target.text]
    words += ["--sender", options.sender]
    words += _words(options, _resolver(delivery), in_lab=bool(header.scenario))
    if header.target.text.startswith("-"):
        words = [*words[:2], *words[3:], "--", header.target.text]
    return " ".join(shlex.quote(visible(word, 500)) for word in words)


def _other(delivery: Delivery) -> str:
    """Return the command that walks a message or surveys a domain again."""
    options, in_lab = delivery.options, bool(delivery.trace.header.scenario)
    words = walk_words(delivery)
    for option, value in (
        ("--resolver", _resolver(delivery)),
        ("--trust-anchor", "FILE" if options.trust_anchor and not in_lab else ""),
        ("--timeout", _timeout(options.timeouts) if not in_lab else ""),
    ):
        words += [option, value] if value else []
    if delivery.survey is not None and not in_lab:
        words += ["--ca-file", options.trust] if options.trust not in ("system", "lab") else []
        words += ["--private-urls"] if options.private_urls else []
    return " ".join(shlex.quote(visible(word, 500)) for word in words)


def _words(options: Options, resolver: str, *, in_lab: bool) -> list[str]:
    """Return every option that shaped the walk and is not the default.

    In the lab, resolver, trust store and anchor are its own; a scenario's time-outs for single phases
    have no option and come with the scenario.
    """
    words = []
    for route in options.routes:
        place = endpoint(route.destination, route.port) if route.port else route.destination
        words += ["--route", f"{place},{route.priority}" if route.priority else place]
    for option, value in (
        ("--helo", options.helo),
        ("--mail-from", options.mail_from),
        ("--rcpt-to", options.rcpt_to),
        ("--resolver", resolver),
        ("--ca-file", "" if options.trust in ("system", "lab") else options.trust),
        ("--trust-anchor", "FILE" if options.trust_anchor and not in_lab else ""),
        ("--at", options.at),
        ("--port", str(options.port) if options.port != _SMTP_PORT else ""),
        ("--timeout", _timeout(options.timeouts)),
    ):
        if value is not None and (value or option == "--mail-from"):
            words += [option, value]
    words += [] if options.family is Family.ANY else [f"--{options.family.value}"]
    flags = {
        "--first-host": options.first_host,
        "--both-leaves": options.both_leaves,
        "--without-sni": options.without_sni,
        "--offline": options.offline,
        "--private-urls": options.private_urls,
    }
    return words + [flag for flag, is_set in flags.items() if is_set]


def _timeout(given: Timeouts) -> str:
    """Return the one limit ``--timeout`` sets for every phase, or nothing."""
    phases = {given.connect_s, given.greeting_s, given.command_s, given.tls_s}
    return f"{given.connect_s:g}" if len(phases) == 1 else ""
