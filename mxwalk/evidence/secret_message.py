"""Whether a DNS message in wire form holds a secret: a name, compressed or not, or an address.

Names are followed through compression pointers (RFC 1035 4.1.4), so that a name of which only the
first labels stand in one place is found too.  Nothing is decoded otherwise.
"""

import ipaddress

from mxwalk.evidence.secrets import Secrets
from mxwalk.limits import REDACTED_LABELS_TRIED


def in_message(secrets: Secrets, wire: bytes) -> bool:
    """Say whether a DNS message holds a secret: a name, compressed or as text, or an address."""
    lowered = wire.lower()
    return any(name in lowered or _name_in_message(lowered, name) for name in secrets.names) or any(
        address in lowered or ipaddress.ip_address(address.decode()).packed in wire
        for address in secrets.addresses
    )


def _name_in_message(wire: bytes, name: bytes) -> bool:
    """Look for the name label by label, through compression pointers (RFC 1035 4.1.4)."""
    labels = name.split(b".")
    if any(not 0 < len(label) < 64 for label in labels):
        return False
    first = bytes([len(labels[0])]) + labels[0]
    at, seen = wire.find(first), 0
    while at >= 0:
        seen += 1
        # so often stands no name in an honest message; it is dropped without a search
        if seen > REDACTED_LABELS_TRIED or _labels_at(wire, at, len(labels)) == labels:
            return True
        at = wire.find(first, at + 1)
    return False


def _labels_at(wire: bytes, at: int, number: int) -> list[bytes]:
    """Read up to ``number`` labels at the offset."""
    labels: list[bytes] = []
    for _ in range(2 * number):
        if len(labels) == number or at + 1 >= len(wire) or not wire[at]:
            break
        length = wire[at]
        if length >= 0xC0:
            at = (length & 0x3F) << 8 | wire[at + 1]
        else:
            labels.append(wire[at + 1 : at + 1 + length])
            at += 1 + length
    return labels
