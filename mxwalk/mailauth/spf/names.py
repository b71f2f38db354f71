r"""Domain names in an evaluation: what may be asked, how it is written, and how long it may be.

An expanded domain-spec can hold any visible character (RFC 7208 4.8), so it is asked in presentation
form with RFC 1035 5.1 escapes.  A name that DNS cannot hold is never asked: what depends on it does
not match.
"""

import ipaddress
from functools import lru_cache

from mxwalk.language import per_language, say
from mxwalk.mailauth.spf.macrosyntax import is_top_label
from mxwalk.names import InvalidNameError, parse_name

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
MAX_NAME = 253
_ESCAPED = frozenset('"();\\@$')


def truncated(name: str) -> str:
    """Drop labels from the left until the name fits into 253 octets (RFC 7208 7.3)."""
    plain = name.removesuffix(".")
    if len(plain) <= MAX_NAME:
        return plain
    dot = plain.find(".", len(plain) - MAX_NAME - 1)
    return plain[dot + 1 :] if dot >= 0 else plain.rpartition(".")[2]


@per_language(maxsize=4_096)
def name_problem(name: str) -> str:
    """Return why DNS cannot hold the name (without trailing dot), empty if it can."""
    if not name:
        return say("it is empty")
    if not name.isascii():
        return say("it has characters outside US-ASCII")
    if len(name) > MAX_NAME:
        return say("it is {name} octets long, over {max_name}", name=len(name), max_name=MAX_NAME)
    for label in name.split("."):
        if not label:
            return say("it has an empty label")
        if len(label) > 63:
            return say("a label is longer than 63 octets")
    return ""


@lru_cache(maxsize=4_096)
def asked_as(name: str) -> str:
    """Return the name as a question: in lower case, with escapes where DNS text needs them."""
    if name.isalnum():
        return name.lower()
    return "".join(_escaped(char) for char in name.lower())


def _escaped(char: str) -> str:
    if char in _ESCAPED:
        return f"\\{char}"
    return char if "\x21" <= char <= "\x7e" else f"\\{ord(char):03d}"


def to_a_labels(domain: str) -> str:
    """Return the domain in A-labels (RFC 7208 4.3), as it is where it cannot be converted."""
    if domain.isascii():
        return domain
    try:
        return parse_name(domain).ascii
    except InvalidNameError:
        return domain


@per_language(maxsize=4_096)
def domain_problem(domain: str) -> str:
    """Return why ``check_host()`` gives none for the domain at once (RFC 7208 4.3), or nothing."""
    plain = domain.removesuffix(".")
    problem = name_problem(plain)
    if problem:
        return problem
    if not all("\x21" <= char <= "\x7e" for char in plain):
        return say("it has characters no domain name has")
    if "." not in plain:
        return say("it has one label only")
    if plain.startswith("[") or not is_top_label(plain.rpartition(".")[2]):
        return say("it is no domain name but an address or something else")
    return ""


@lru_cache(maxsize=1_024)
def client_address(text: str) -> Address | None:
    """Return the client's address; an IPv4-mapped one is IPv4 (RFC 7208 5).  ``None`` if none."""
    try:
        address = ipaddress.ip_address(text.strip().strip("[]").removeprefix("IPv6:"))
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        return address.ipv4_mapped or ipaddress.IPv6Address(int(address))  # without its zone
    return address


def reverse_name(address: Address) -> str:
    """Return the name of the address's PTR records."""
    return address.reverse_pointer
