"""Proofs that something does not exist: NSEC (RFC 4034 4, RFC 4035 3.1.3) and NSEC3 (RFC 5155 7.2).

A chain answers four needs: no data at a name, no data at the wildcard that matches it, no such name,
and no exact match behind a wildcard's answer.  It gives the RRsets, unsigned and without doubles.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import Protocol

import dns.dnssec
import dns.name
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from dns.dnssectypes import NSEC3Hash

Name = dns.name.Name
RRset = dns.rrset.RRset
TypesAt = Callable[[Name], set[dns.rdatatype.RdataType]]

_IN = dns.rdataclass.IN


class Denials(Protocol):
    """The proofs of one zone; ``encloser`` is the closest name that exists above ``name``."""

    def no_data(self, name: Name) -> list[RRset]:
        """Prove that ``name`` exists without the type asked for."""
        ...

    def no_wildcard_data(self, name: Name, encloser: Name) -> list[RRset]:
        """Prove that only the wildcard below ``encloser`` matches, and lacks the type."""
        ...

    def no_name(self, name: Name, encloser: Name) -> list[RRset]:
        """Prove that neither ``name`` nor a wildcard for it exists."""
        ...

    def no_exact_match(self, name: Name, encloser: Name) -> list[RRset]:
        """Prove that a wildcard's answer was due: ``name`` itself does not exist."""
        ...


def wildcard_below(encloser: Name) -> Name:
    """Return the source of synthesis (RFC 4592 3.3.1)."""
    return Name((b"*", *encloser.labels))


class NoDenials:
    """An unsigned zone, or one that has lost its denial records."""

    def no_data(self, name: Name) -> list[RRset]:
        """Nothing."""
        del name
        return []

    def no_wildcard_data(self, name: Name, encloser: Name) -> list[RRset]:
        """Nothing."""
        del name, encloser
        return []

    no_name = no_exact_match = no_wildcard_data


class WrongDenials:
    """A zone that always proves the same, which never covers a name: an NSEC of the apex alone."""

    def __init__(self, origin: Name, ttl_s: int) -> None:
        following = Name((b"\0", *origin.labels))
        self._nsec = dns.rrset.from_text(
            origin, ttl_s, _IN, dns.rdatatype.NSEC, f"{following} NS SOA RRSIG NSEC DNSKEY"
        )

    def no_data(self, name: Name) -> list[RRset]:
        """The record of the apex, whatever was asked."""
        del name
        return [self._nsec]

    def no_wildcard_data(self, name: Name, encloser: Name) -> list[RRset]:
        """The record of the apex, whatever was asked."""
        del name, encloser
        return [self._nsec]

    no_name = no_exact_match = no_wildcard_data


class NsecChain:
    """NSEC records over the names that own records; glue has none."""

    def __init__(self, owners: Iterable[Name], types_at: TypesAt, ttl_s: int) -> None:
        self._owners = sorted(owners)  # dnspython orders names canonically (RFC 4034 6.1)
        self._types_at = types_at
        self._ttl_s = ttl_s

    def no_data(self, name: Name) -> list[RRset]:
        """RFC 4035 3.1.3.1; for an empty non-terminal the record that covers it."""
        return [self._at(name)]

    def no_wildcard_data(self, name: Name, encloser: Name) -> list[RRset]:
        """RFC 4035 3.1.3.4."""
        return _distinct([self._at(name), self._at(wildcard_below(encloser))])

    def no_name(self, name: Name, encloser: Name) -> list[RRset]:
        """RFC 4035 3.1.3.2."""
        return _distinct([self._at(name), self._at(wildcard_below(encloser))])

    def no_exact_match(self, name: Name, encloser: Name) -> list[RRset]:
        """RFC 4035 3.1.3.3."""
        del encloser
        return [self._at(name)]

    def _at(self, name: Name) -> RRset:
        """Return the record that matches or covers ``name``."""
        position = bisect_right(self._owners, name) - 1
        owner = self._owners[position]
        following = self._owners[(position + 1) % len(self._owners)]
        types = self._types_at(owner) | {dns.rdatatype.RRSIG, dns.rdatatype.NSEC}
        text = f"{following} {_bitmap(types)}"
        return dns.rrset.from_text(owner, self._ttl_s, _IN, dns.rdatatype.NSEC, text)


class Nsec3Chain:
    """NSEC3 records over all names, empty non-terminals included; no salt, no opt-out (RFC 9276)."""

    def __init__(
        self, origin: Name, names: Iterable[Name], types_at: TypesAt, iterations: int, ttl_s: int
    ) -> None:
        self._origin = origin
        self._types_at = types_at
        self._iterations = iterations
        self._ttl_s = ttl_s
        self._names = {self._hash(name): name for name in names}
        self._hashes = sorted(self._names)

    def no_data(self, name: Name) -> list[RRset]:
        """RFC 5155 7.2.3, 7.2.4."""
        return [self._at(name)]

    def no_wildcard_data(self, name: Name, encloser: Name) -> list[RRset]:
        """RFC 5155 7.2.5."""
        return self.no_name(name, encloser)

    def no_name(self, name: Name, encloser: Name) -> list[RRset]:
        """RFC 5155 7.2.2: the closest encloser, the next closer name, the wildcard."""
        wildcard = wildcard_below(encloser)
        closer = _next_closer(name, encloser)
        return _distinct([self._at(encloser), self._at(closer), self._at(wildcard)])

    def no_exact_match(self, name: Name, encloser: Name) -> list[RRset]:
        """RFC 5155 7.2.6."""
        return [self._at(_next_closer(name, encloser))]

    def _hash(self, name: Name) -> str:
        return dns.dnssec.nsec3_hash(name, "", self._iterations, NSEC3Hash.SHA1)

    def _at(self, name: Name) -> RRset:
        position = bisect_right(self._hashes, self._hash(name)) - 1
        owner = self._hashes[position]
        following = self._hashes[(position + 1) % len(self._hashes)]
        types = self._types_at(self._names[owner])
        if types - {dns.rdatatype.NS}:  # an insecure delegation has nothing signed
            types = types | {dns.rdatatype.RRSIG}
        text = f"1 0 {self._iterations} - {following} {_bitmap(types)}".rstrip()
        at = Name((owner.lower().encode(), *self._origin.labels))
        return dns.rrset.from_text(at, self._ttl_s, _IN, dns.rdatatype.NSEC3, text)


def _next_closer(name: Name, encloser: Name) -> Name:
    return name.split(len(encloser) + 1)[1]


def _bitmap(types: set[dns.rdatatype.RdataType]) -> str:
    return " ".join(dns.rdatatype.to_text(rdtype) for rdtype in sorted(types))


def _distinct(rrsets: list[RRset]) -> list[RRset]:
    return list({rrset.name: rrset for rrset in rrsets}.values())
