"""The lab's zones as plain data, and the tree they form under one root.

A zone is a name and zone-file lines (RFC 1035 5.1) relative to it.  What a scenario does not spell
out is made up: the root, top-level domains, the reverse trees, SOA and NS records, and the reverse
zones of ``ADDRESS PTR NAME`` lines.  Nothing is parsed or signed here; see ``signed_zone``.
"""

import enum
import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

NAME_SERVER = "ns.lab.test."
NAME_SERVER_ADDRESS = "192.0.2.53"

_REVERSE_TREES = ("in-addr.arpa", "ip6.arpa")


class ZoneFault(enum.Enum):
    """What is wrong with a signed zone."""

    EXPIRED = "expired"  # the signatures' time is over
    NOT_YET = "not-yet"  # the signatures' time has not begun
    STALE_DS = "stale-ds"  # the parent's DS set is of a key that is gone
    UNKNOWN_ALGORITHM = "unknown-algorithm"  # the only DS has a private algorithm: insecure
    WRONG_KEY = "wrong-key"  # the data is signed by a key that is not in the DNSKEY set
    BAD_SIGNATURE = "bad-signature"  # the data's signatures do not verify
    MISSING_RRSIG = "missing-rrsig"  # the data has no signatures
    MISSING_DENIAL = "missing-denial"  # no NSEC records behind negative answers
    WRONG_DENIAL = "wrong-denial"  # NSEC records that do not cover the name


class ZoneAlgorithm(enum.Enum):
    """What a zone's key is (RFC 8624 3.1)."""

    RSA = "rsa"  # 8, RSA/SHA-256, 2048 bits
    ECDSA = "ecdsa"  # 13, P-256
    ED25519 = "ed25519"  # 15


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneSpec:
    """A zone as a scenario writes it.

    ``name`` is without trailing dot (``""`` for the root).  ``records`` are zone-file lines,
    relative to the zone (``@ MX 10 mx1``, ``mx1 A 192.0.2.1``); a line that begins with an address
    (``192.0.2.1 PTR mx1.example.com.``) goes to a reverse zone instead.  An unsigned zone below a
    signed one is an insecure delegation; everything below it is insecure as well.  A signed zone
    uses NSEC, or NSEC3 when ``nsec3_iterations`` is a number (RFC 9276: 0; above 50 the lab's
    recursor takes negative answers as insecure).
    """

    name: str
    records: tuple[str, ...] = ()
    signed: bool = True
    faults: frozenset[ZoneFault] = frozenset()
    nsec3_iterations: int | None = None
    algorithm: ZoneAlgorithm = ZoneAlgorithm.ECDSA


def complete_zones(specs: Iterable[ZoneSpec]) -> tuple[ZoneSpec, ...]:
    """Return ``specs`` with reverse zones and all missing parents, parents before children."""
    zones: dict[str, ZoneSpec] = {}
    reverse: dict[str, list[str]] = {}
    for spec in specs:
        own = [line for line in spec.records if not _is_reverse(line)]
        for line in spec.records:
            if _is_reverse(line):
                zone, record = _reverse_record(line)
                reverse.setdefault(zone, []).append(record)
        name = spec.name.rstrip(".").lower()
        zones[name] = replace(spec, name=name, records=tuple(own))
    for name, records in reverse.items():
        known = zones.get(name, ZoneSpec(name=name))
        zones[name] = replace(known, records=(*known.records, *records))
    zones.setdefault("test", ZoneSpec(name="test", records=(f"ns.lab A {NAME_SERVER_ADDRESS}",)))
    for name in tuple(zones):
        for parent in _parents(name):
            zones.setdefault(parent, ZoneSpec(name=parent))
    return tuple(sorted(zones.values(), key=lambda zone: zone.name.split(".")[::-1]))


def _parents(name: str) -> Sequence[str]:
    """Return the names above that are zones of their own: the reverse tree, the TLD, the root."""
    above = [tree for tree in _REVERSE_TREES if name.endswith(f".{tree}")]
    return (*above, name.rpartition(".")[2], "")


def _is_reverse(line: str) -> bool:
    words = line.split()
    if len(words) < 3 or "PTR" not in words:
        return False
    try:
        ipaddress.ip_address(words[0])
    except ValueError:
        return False
    return True


def _reverse_record(line: str) -> tuple[str, str]:
    """Return the /24 or /32 reverse zone of a line ``ADDRESS PTR NAME`` and the line within it."""
    owner, rest = line.split(None, 1)
    address = ipaddress.ip_address(owner)
    labels = address.reverse_pointer.split(".")
    inside = 1 if address.version == 4 else 24
    return ".".join(labels[inside:]), f"{'.'.join(labels[:inside])} {rest}"
