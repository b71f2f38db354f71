"""Names in records and for records, without any DNS library: MX and PTR data, reverse names.

Records are presentation text from the network or from a trace file, so reading is total: what cannot
be read gives ``None``, and a host name no sender could use is kept as it stands, printable.
"""

import ipaddress
from dataclasses import dataclass

from mxwalk.names import InvalidNameError, parse_name
from mxwalk.text import visible

_SHOWN = 1_100  # a name of 255 octets, each written as an escape, is shorter


@dataclass(frozen=True, slots=True, kw_only=True)
class MxRecord:
    """An MX record: ``host`` in A-labels without trailing dot, ``.`` for the root (RFC 7505)."""

    preference: int
    host: str


def parse_mx(record: str) -> MxRecord | None:
    """Read ``10 mx.example.com.`` (RFC 1035 3.3.9); ``None`` when it is not of that form."""
    words = record.split()
    if len(words) != 2 or not (words[0].isascii() and words[0].isdigit() and len(words[0]) <= 5):
        return None
    preference = int(words[0])
    if preference > 65_535:
        return None
    return MxRecord(preference=preference, host=host_in_record(words[1]))


def host_in_record(text: str) -> str:
    """Return a name from a record in lower case without trailing dot, ``.`` for the root.

    A name that is no host name (spaces, escapes, an address) is kept, made printable.
    """
    return visible(text.removesuffix(".").lower() or ".", _SHOWN)


def display_name(host: str) -> str:
    """Return the U-label form for people; what is no host name is shown as it stands."""
    try:
        return visible(parse_name(host).unicode)
    except InvalidNameError:
        return visible(host, _SHOWN)


def reverse_name(address: str) -> str:
    """Return the name of the PTR records of an address (RFC 1035 3.5, RFC 3596 2.5).

    Raises ``ValueError`` when it is not an address.  A zone index (``%eth0``) is left out.
    """
    return ipaddress.ip_address(address.partition("%")[0]).reverse_pointer


def same_address(one: str, other: str) -> bool:
    """Compare two addresses by value; a text that is none equals nothing."""
    try:
        return ipaddress.ip_address(one.partition("%")[0]) == ipaddress.ip_address(other)
    except ValueError:
        return False
