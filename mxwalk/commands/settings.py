"""From what was typed to ``Options``: each value is validated and refused in one sentence.

Only what was given changes the base options, so that a lab scenario keeps its own HELO name and
routes while ``--sender`` still chooses another profile.
"""

import io
import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from mxwalk.clock import from_rfc3339, to_rfc3339
from mxwalk.errors import UsageError
from mxwalk.evidence.target import Family, Options, Route, Timeouts
from mxwalk.evidence.trace import Purpose
from mxwalk.files import named, without_home
from mxwalk.language import say
from mxwalk.limits import ANCHOR_FILE_CHARS, MAILBOX_BYTES
from mxwalk.names import InvalidNameError, is_address, parse_name
from mxwalk.reading import open_file, why_no_file
from mxwalk.text import visible
from mxwalk.wordings import system_words

_PRIORITY_MAX = 65_535
_LITERAL = re.compile(r"\[(?:IPv6:)?([0-9A-Fa-f:.]+)\]", re.IGNORECASE)  # RFC 5321 4.1.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The shared options as typed; ``None``, empty or false is what was not given."""

    sender: str | None = None
    route: tuple[str, ...] = ()
    port: int | None = None
    helo: str | None = None
    mail_from: str | None = None
    rcpt_to: str | None = None
    resolver: str | None = None
    ca_file: str | None = None
    trust_anchor: str | None = None
    at: str | None = None
    timeout: float | None = None
    ipv4: bool = False
    ipv6: bool = False
    first_host: bool = False
    both_leaves: bool = False
    without_sni: bool = False
    offline: bool = False
    private_urls: bool = False


def apply(given: Given, base: Options, purpose: Purpose = Purpose.DELIVERY) -> Options:
    """Return ``base`` with what was given.  Raises ``UsageError`` naming the option and the fault."""
    changes = {
        field: check_sender(value, purpose) if name == "sender" else read(value)
        for name, (field, read) in _READERS.items()
        if (value := getattr(given, name)) is not None and value is not False and value != ()
    }
    if given.ipv4 and given.ipv6:
        raise UsageError(say("--ipv4 and --ipv6 exclude each other; without either both are used"))
    return msgspec.structs.replace(base, **changes)


def check_sender(sender: str, purpose: Purpose = Purpose.DELIVERY) -> str:
    """Return the id if a sender, or a receiver, has it.  Raises ``UsageError`` with the known ids."""
    from mxwalk.receivers.registry import judge

    return judge(purpose, sender).id


def parse_route(text: str) -> Route:
    """Read ``HOST[:PORT][,PRIORITY]``; an IPv6 address with a port stands in brackets."""
    place, comma, priority = text.partition(",")
    shown = f"--route {visible(text, 100)}"
    if comma and not (priority.isdecimal() and priority.isascii() and len(priority) <= 5):
        raise UsageError(say("{shown}: the priority is a number, 0 is the highest", shown=shown))
    host, port = _split(place, shown)
    if not is_address(host):
        try:
            host = parse_name(host).ascii
        except InvalidNameError as error:
            raise UsageError(
                say("{shown}: {error}; use HOST[:PORT][,PRIORITY]", shown=shown, error=error)
            ) from error
    number = int(priority or 0)
    if number > _PRIORITY_MAX:
        raise UsageError(
            say(
                "{shown}: the priority is at most {limit}",
                shown=shown,
                limit=_PRIORITY_MAX,
            )
        )
    return Route(destination=host, port=port, priority=number)


def parse_resolver(text: str) -> str:
    """Read ``ADDR[:PORT]`` and return ``address:port`` (``[address]:port`` for IPv6)."""
    shown = f"--resolver {visible(text, 100)}"
    address, port = _split(text, shown)
    if not is_address(address):
        raise UsageError(
            say("{shown}: a resolver is given by its IP address, like 192.0.2.53:53", shown=shown)
        )
    return f"[{address}]:{port or 53}" if ":" in address else f"{address}:{port or 53}"


def parse_helo(text: str) -> str:
    """Read a HELO name: a host name or an address literal (RFC 5321 4.1.1.1)."""
    if match := _LITERAL.fullmatch(text):
        if is_address(match.group(1)):
            return text
        raise UsageError(
            say("--helo {text}: no IP address in the brackets", text=visible(text, 100))
        )
    try:
        return parse_name(text).ascii
    except InvalidNameError as error:
        raise UsageError(f"--helo {visible(text, 100)}: {error}") from error


def parse_mailbox(text: str, option: str, *, may_be_null: bool) -> str:
    """Read an address for the envelope, with or without angle brackets."""
    plain = text.strip().removeprefix("<").removesuffix(">")
    shown = f"{option} {visible(text, 100)}"
    if not plain:
        if may_be_null:
            return ""  # RFC 5321 4.5.5: the null reverse-path
        raise UsageError(say("{shown}: the address is empty", shown=shown))
    local, at, domain = plain.rpartition("@")
    if not at and plain.lower() == "postmaster" and not may_be_null:
        return plain  # RFC 5321 4.1.1.3
    if not at or not local or len(plain) > MAILBOX_BYTES:
        raise UsageError(say("{shown}: not an address like user@example.com", shown=shown))
    if any(not char.isprintable() or char in "<>" for char in plain) or " " in plain:
        raise UsageError(
            say(
                "{shown}: an address has no spaces, angle brackets or control characters",
                shown=shown,
            )
        )
    if not _LITERAL.fullmatch(domain):
        try:
            domain = parse_name(domain).ascii
        except InvalidNameError as error:
            raise UsageError(f"{shown}: {error}") from error
    return f"{local}@{domain}"


def parse_time(text: str) -> str:
    """Read a date or an RFC 3339 time and return it in UTC."""
    try:
        return to_rfc3339(from_rfc3339(text))
    except (ValueError, OverflowError) as error:
        raise UsageError(
            say(
                "--at {text}: not a time like 2026-12-24 or 2026-12-24T18:00:00Z",
                text=visible(text, 60),
            )
        ) from error


def timeouts(seconds: float) -> Timeouts:
    """Return timeouts of at most ``seconds`` for every phase; DNS and QUIT keep their own maxima."""
    if not 0.1 <= seconds <= 3_600:
        raise UsageError(
            say("--timeout {seconds:g}: give seconds between 0.1 and 3600", seconds=seconds)
        )
    standard = Timeouts()
    return Timeouts(
        dns_s=min(seconds, standard.dns_s),
        connect_s=seconds,
        greeting_s=seconds,
        command_s=seconds,
        tls_s=seconds,
        quit_s=min(seconds, standard.quit_s),
    )


def _split(text: str, shown: str) -> tuple[str, int]:
    """Split off a port; return address or name without brackets, and 0 where no port is given."""
    if text.startswith("["):
        host, bracket, rest = text[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")) or not is_address(host):
            raise UsageError(
                say("{shown}: brackets hold an IP address, like [2001:db8::1]:25", shown=shown)
            )
        port = rest[1:] if rest else None
    elif text.count(":") > 1:  # an IPv6 address without brackets, so without a port
        host, port = text, None
    else:
        host, colon, tail = text.partition(":")
        port = tail if colon else None
    if is_address(host):
        host = str(ipaddress.ip_address(host))
    if port is None:
        return host, 0
    if not (port.isdecimal() and port.isascii() and len(port) <= 5):
        raise UsageError(say("{shown}: a port is a number from 1 to 65535", shown=shown))
    return host, _port(int(port), shown)


def _port(number: int, shown: str) -> int:
    if not 1 <= number <= 65_535:
        raise UsageError(
            say(
                "{shown}: a port is a number from 1 to 65535, not {number}",
                shown=shown,
                number=number,
            )
        )
    return number


def _store(text: str) -> str:
    return text if text in ("system", "certifi") else _file(text, "--ca-file")


def _file(text: str, option: str) -> str:
    if not text:
        raise UsageError(f"{option}: {say('the name is empty')}")
    path = named(text)
    if why := why_no_file(path):
        raise UsageError(f"{option} {visible(text, 200)}: {why}")
    kept = f"./{path}" if str(path).startswith("~") else without_home(str(path))
    return check_unicode(kept, option)  # to be read again by ``named``


def _anchors(text: str) -> str:
    """Read a file of trust anchors and return them as lines, which the trace keeps."""
    from mxwalk.dnssec.anchors import read_anchors

    path = named(_file(text, "--trust-anchor"))
    try:
        with io.TextIOWrapper(open_file(path), encoding="utf-8-sig") as file:
            content = file.read(ANCHOR_FILE_CHARS + 1)
    except (OSError, UnicodeDecodeError) as error:
        why = system_words(error) if isinstance(error, OSError) else say("it is not UTF-8")
        raise UsageError(f"--trust-anchor {visible(text, 200)}: {why}") from error
    return "\n".join(read_anchors(content, source=str(path)).lines)


def check_unicode(text: str, subject: str) -> str:
    """Return the text if it can be kept in a trace.  Arguments may hold bytes that are not UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise UsageError(
            say("{subject} {text}: not UTF-8", subject=subject, text=visible(text, 200))
        ) from error
    return text


# What was given, the field of the options it sets, and how it is read.
_READERS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "sender": ("sender", check_sender),
    "route": ("routes", lambda texts: tuple(parse_route(text) for text in texts)),
    "port": ("port", lambda number: _port(number, "--port")),
    "helo": ("helo", parse_helo),
    "mail_from": (
        "mail_from",
        lambda text: parse_mailbox(text, "--mail-from", may_be_null=True),
    ),
    "rcpt_to": ("rcpt_to", lambda text: parse_mailbox(text, "--rcpt-to", may_be_null=False)),
    "resolver": ("resolver", parse_resolver),
    "ca_file": ("trust", _store),
    "trust_anchor": ("trust_anchor", _anchors),
    "at": ("at", parse_time),
    "timeout": ("timeouts", timeouts),
    "ipv4": ("family", lambda _given: Family.IPV4),
    "ipv6": ("family", lambda _given: Family.IPV6),
    "first_host": ("first_host", bool),
    "both_leaves": ("both_leaves", bool),
    "without_sni": ("without_sni", bool),
    "offline": ("offline", bool),
    "private_urls": ("private_urls", bool),
}
