"""Names between the evidence's texts and dnspython's objects."""

from functools import lru_cache

import dns.exception
import dns.name
import dns.rdatatype

Name = dns.name.Name


@lru_cache(maxsize=4096)
def to_name(text: str) -> Name | None:
    """Return the absolute name; ``None`` when the text cannot be a name."""
    try:
        name = dns.name.from_text(r"\@" if text == "@" else text)
    except (dns.exception.DNSException, ValueError):
        return None
    return name.canonicalize()


@lru_cache(maxsize=4096)
def show(name: Name) -> str:
    """Return the name in lower case without trailing dot, ``.`` for the root; printable ASCII."""
    return name.canonicalize().to_text(omit_final_dot=True)


def ancestors_down(above: Name, name: Name) -> list[Name]:
    """Return the names from just below ``above`` down to ``name`` itself."""
    found = []
    while name != above:
        found.append(name)
        name = name.parent()
    return found[::-1]


def is_below_or_at(name: Name, zone: Name) -> bool:
    """Say whether ``name`` is ``zone`` or below it."""
    return bool(name.is_subdomain(zone))


def common_ancestor(one: Name, other: Name) -> Name:
    """Return the deepest name above or at both."""
    return one.split(one.fullcompare(other)[2])[1]


def type_text(rdtype: int) -> str:
    """Return the type's mnemonic, ``TYPE65280`` for what has none."""
    return dns.rdatatype.to_text(dns.rdatatype.RdataType.make(rdtype))
