"""Understand what a person typed as target: mailbox, domain, host with port, or address literal.

The forms are ``user@domain``, ``domain``, ``host:port``, ``[192.0.2.1]``, ``[2001:db8::1]:587``,
``192.0.2.1`` and ``192.0.2.1:587``.  A name without a port is a mail domain: its MX records are asked
for, and without any the name itself is the delivery host (RFC 5321 5.1).
"""

import ipaddress
import re

from msgspec import structs

from mxwalk import limits
from mxwalk.errors import UsageError
from mxwalk.evidence.mailauth import MessageInput
from mxwalk.evidence.target import Target, TargetKind
from mxwalk.language import say
from mxwalk.names import InvalidNameError, Name, is_address, parse_name
from mxwalk.text import visible

# Blanks and angle brackets would need quoting that nobody types; "@" stands in a quoted string.
_LOCAL_PART = re.compile(
    r'[^@<> \x00-\x1f\x7f-\x9f\ud800-\udfff]+|"[^<> \x00-\x1f\x7f-\x9f\ud800-\udfff]*"'
)
_LITERAL = re.compile(r"^\[(?:IPv6:)?([0-9A-Fa-f:.]+)\](?::(\d+))?$", re.IGNORECASE)


def parse_target(text: str) -> Target:
    """Return the target ``text`` means.

    Raises ``UsageError`` with what is wrong and an example of what would do.
    """
    plain = text.strip()
    if not plain:
        raise UsageError(say("no target: give user@domain, a domain, host:port or [address]:port"))
    if len(plain) > limits.TARGET_CHARS:
        raise UsageError(say("the target is {number} characters long", number=len(plain)))
    plain = plain.removeprefix("mailto:").strip("<>")
    if match := _LITERAL.match(plain):
        return _address(plain, match.group(1), _port(match.group(2), plain))
    if is_address(plain):
        return _address(plain, plain, 0)
    if "@" in plain:
        return _mailbox(plain)
    host, colon, port = plain.rpartition(":")
    if colon and port.isdecimal():
        if is_address(host):
            return _address(plain, host, _port(port, plain))
        name = _name(host, plain)
        return Target(text=plain, kind=TargetKind.HOST, domain=name, port=_port(port, plain))
    return Target(text=plain, kind=TargetKind.DOMAIN, domain=_name(plain, plain))


def message_target(message: MessageInput) -> Target:
    """Return the target of a message walk: its file's name, and the domain of its author."""
    from mxwalk.mailauth.message import read_message  # loaded for messages only

    domains = read_message(message.raw, whole=message.whole).author_domains
    text = message.file_name.rpartition("/")[2] or "message"
    domain = None
    if domains:
        try:
            domain = parse_name(domains[0])
        except InvalidNameError:
            domain = None
    return Target(text=text[: limits.TARGET_CHARS], kind=TargetKind.MESSAGE, domain=domain)


def _mailbox(text: str) -> Target:
    local, _, domain = text.rpartition("@")
    if not _LOCAL_PART.fullmatch(local) or len(local.encode()) > limits.LOCAL_PART_BYTES:
        raise UsageError(
            say(
                "{text}: the part before @ is no local part (RFC 5321 4.1.2)",
                text=visible(text, 80),
            )
        )
    if match := _LITERAL.match(domain):
        target = _address(text, match.group(1), _port(match.group(2), text))
        return structs.replace(target, local_part=local)
    return Target(text=text, kind=TargetKind.MAILBOX, domain=_name(domain, text), local_part=local)


def _address(text: str, address: str, port: int) -> Target:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError as error:
        raise UsageError(say("{address} is no IP address", address=visible(address, 80))) from error
    return Target(text=text, kind=TargetKind.ADDRESS, address=str(parsed), port=port)


def _name(name: str, text: str) -> Name:
    try:
        parsed = parse_name(name)
    except InvalidNameError as error:
        raise UsageError(f"{visible(text, 80)}: {error}") from error
    return parsed


def _port(digits: str | None, text: str) -> int:
    if digits is None:
        return 0
    port = int(digits) if len(digits) <= 5 else 0
    if not 1 <= port <= 65_535:
        raise UsageError(say("{text}: a port is a number from 1 to 65535", text=visible(text, 80)))
    return port
