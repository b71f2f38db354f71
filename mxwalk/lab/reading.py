"""The small notations of scenario files: times relative to now, and addresses with ports."""

import ipaddress
import re
from datetime import timedelta

_OFFSET = re.compile(r"([+-])(\d{1,6})([dhm])")
_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
_DOCUMENTATION = tuple(
    ipaddress.ip_network(text)
    for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
)


def parse_offset(text: str) -> timedelta:
    """Read a time relative to now, like ``-30d`` or ``+6h``.  Raises ``ValueError``."""
    match = _OFFSET.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a time like -30d, +6h or +10m")
    sign, amount, unit = match.groups()
    offset = int(amount) * _UNITS[unit]
    return -offset if sign == "-" else offset


def parse_endpoint(text: str) -> tuple[str, int]:
    """Read ``192.0.2.1:25`` or ``[2001:db8::1]:25``.  Raises ``ValueError``."""
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise ValueError(f"{text!r} is not address:port")
    address = ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    if not any(address in network for network in _DOCUMENTATION):
        raise ValueError(f"{address} is not a documentation address (RFC 5737, RFC 3849)")
    return str(address), int(port)
