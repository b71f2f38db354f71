"""Which recursive resolvers to ask: what a person wrote, or what the system is set to."""

import ipaddress
import re

from mxwalk.errors import UsageError
from mxwalk.language import say
from mxwalk.text import visible

DNS_PORT = 53
_BRACKETED = re.compile(r"\[([^\[\]]*)\](?::([0-9]{1,5}))?")
_WITH_PORT = re.compile(r"([^:]*):([0-9]{1,5})")


def parse_resolver(text: str) -> tuple[str, int]:
    """Read ``ADDR``, ``ADDR:PORT`` or ``[ADDR]:PORT`` (port 53 if none is named).

    Raises ``UsageError`` for anything else: a resolver is an address, finding it by name would need
    a resolver.
    """
    plain = text.strip()
    match = _BRACKETED.fullmatch(plain) or _WITH_PORT.fullmatch(plain)
    address, port = match.groups() if match else (plain, None)
    try:
        ipaddress.ip_address(address)
    except ValueError:
        raise UsageError(
            say(
                "resolver {shown!r}: not an address; write 192.0.2.53, 192.0.2.53:5353 or"
                " [2001:db8::53]:5353",
                shown=visible(plain, 80),
            )
        ) from None
    number = int(port) if port else DNS_PORT
    if not 1 <= number <= 65_535:
        raise UsageError(
            say(
                "resolver {shown!r}: port {number} is not within 1 to 65535",
                shown=visible(plain, 80),
                number=number,
            )
        )
    return address, number


def server_text(server: tuple[str, int]) -> str:
    """Return ``192.0.2.53:53`` or ``[2001:db8::53]:53``."""
    address, port = server
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def system_servers() -> tuple[tuple[str, int], ...]:
    """Return the platform's resolvers in their order.

    Raises ``UsageError`` when the platform names none.
    """
    import dns.exception
    import dns.resolver

    try:
        configured = dns.resolver.Resolver()
    except (dns.exception.DNSException, OSError) as error:
        raise UsageError(
            say(
                "the system's resolver configuration cannot be read ({why});"
                " name a resolver with --resolver ADDRESS",
                why=visible(str(error), 200),
            )
        ) from error
    servers = []
    for server in configured.nameservers:
        try:
            ipaddress.ip_address(str(server))
        except ValueError:
            continue  # DNS over HTTPS and the like: not what this resolver speaks
        servers.append((str(server), configured.port))
    if not servers:
        raise UsageError(say("the system names no resolver; name one with --resolver ADDRESS"))
    return tuple(servers)
