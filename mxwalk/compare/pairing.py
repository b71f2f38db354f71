"""Which host and which address of one side is which of the other.

The same name is the same host, the same address the same address.  What is left over on both sides is
paired in order: a host that was replaced is held against its successor.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from mxwalk.compare.side import AddressPlace, HostPlace, Look, addresses_of
from mxwalk.delivery.model import Host
from mxwalk.text import visible


def paired(before: Look, after: Look) -> tuple[Look, Look]:
    """Return both sides with the places that have a counterpart."""
    left, right = [], []
    names = [host.planned.name for host in before.delivery.hosts]
    others = [host.planned.name for host in after.delivery.hosts]
    for number, (i, j) in enumerate(_pairs(names, others, leftovers=True)):
        one, other = before.delivery.hosts[i], after.delivery.hosts[j]
        name = _name(one) if names[i] == others[j] else f"{_name(one)} → {_name(other)}"
        pairs = _address_pairs(one, other)
        places = tuple(_where(name, one, other, pair) for pair in pairs)
        left.append(_place(one, f"host {number}", name, [a for a, _ in pairs], places))
        right.append(_place(other, f"host {number}", name, [b for _, b in pairs], places))
    return replace(before, hosts=tuple(left)), replace(after, hosts=tuple(right))


def _pairs(
    names: Sequence[str], others: Sequence[str], *, leftovers: bool
) -> Iterator[tuple[int, int]]:
    """Yield the indexes of pairs: equal names first come, then what is left over in order."""
    found: dict[int, int] = {}
    free = set(range(len(others)))
    for i, name in enumerate(names):
        j = next((j for j in sorted(free) if others[j] == name), None)
        if j is not None:
            found[i] = j
            free.discard(j)
    if leftovers:
        rest = [i for i in range(len(names)) if i not in found]
        found.update(zip(rest, sorted(free), strict=False))
    yield from sorted(found.items())


def _address_pairs(one: Host, other: Host) -> list[tuple[str, str]]:
    mine, theirs = addresses_of(one), addresses_of(other)
    pairs = []
    for family in (True, False):
        left = [address for address in mine if (":" in address) is family]
        right = [address for address in theirs if (":" in address) is family]
        pairs += [(left[i], right[j]) for i, j in _pairs(left, right, leftovers=True)]
    if not theirs and other.address_step is None:  # the other side did not look: unknown
        pairs = [(address, "") for address in mine]
    elif not mine and one.address_step is None:
        pairs = [("", address) for address in theirs]
    return pairs


def _name(host: Host) -> str:
    return visible(host.planned.display, 300)


def _where(name: str, one: Host, other: Host, pair: tuple[str, str]) -> str:
    """Return how a pair of addresses is called."""
    if one.planned.is_literal and other.planned.is_literal:
        return name
    addresses = " → ".join(dict.fromkeys(address for address in pair if address))
    return f"{name} [{addresses}]"


def _place(
    host: Host, key: str, name: str, addresses: Sequence[str], places: Sequence[str]
) -> HostPlace:
    return HostPlace(
        key=key,
        host=host,
        name=name,
        addresses=tuple(
            AddressPlace(
                key=f"{key} {number}",
                address=address,
                place=place,
                attempt=host.latest(address),
            )
            for number, (address, place) in enumerate(zip(addresses, places, strict=True))
            if address
        ),
    )
