"""Which cases there are: every octet of every wire of a walk, with the faults that suit it.

Inside the records of TLS an octet is as good as any other, so one flipped bit an octet is enough there,
and walks that differ from ``starttls`` only in what rests on TLS take some of the faults by turns.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tests.torture.dns_faults import MESSAGE_FAULTS, DnsFault
from tests.torture.faults import (
    FAULTS_IN_RECORDS,
    FLIPS,
    IN_CLEAR,
    IN_RECORDS,
    INSIDE,
    Case,
    Fault,
    Way,
)
from tests.torture.stage import Ran
from tests.torture.walks import Tortured

_NOT_OF_CLIENT = (Fault.HALF_CLOSE, Fault.NOTIFY, Fault.DELAY)  # inside TLS: its octets have come
_ANSWER = (DnsFault.CUT, Fault.SET_00, Fault.SET_FF, Fault.DROP, Fault.DOUBLE)
_STREAM = (
    Fault.HALF_CLOSE, Fault.RESET, Fault.STALL, Fault.DELAY, Fault.DROP, Fault.DOUBLE,
    Fault.FLIP_0, Fault.FLIP_7,
)  # fmt: skip
_OTHERS = 4  # how many other answers each question is given


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """One direction of a wire: how many octets it had, where clear text ends, where units begin."""

    name: str
    way: Way
    length: int
    clear: int
    units: frozenset[int]  # the first octets of lines and records, and their last ones

    def is_edge(self, position: int) -> bool:
        return position in self.units


def wires(ran: Ran) -> list[Wire]:
    """Return the wires of a faultless walk's connections, and what is inside their TLS."""
    found = []
    for link in ran.links:
        passed = link.passed
        if passed.name.startswith("dns"):
            continue
        client, server = bytes(passed.to_server), bytes(passed.to_client)
        secret = passed.tls_from >= 0
        began = client.find(b"\x16\x03") if secret else len(client)
        clear = passed.clear if secret else len(server)
        found.append(_wire(passed.name, Way.CLIENT, client, began))
        found.append(_wire(passed.name, Way.SERVER, server, clear))
        if engine := ran.engines.get(passed.name):
            inside = f"{passed.name}+inside"
            found.append(_wire(inside, Way.CLIENT, bytes(engine.heard), len(engine.heard)))
            found.append(_wire(inside, Way.SERVER, bytes(engine.sent), len(engine.sent)))
    return found


def _wire(name: str, way: Way, octets: bytes, clear: int) -> Wire:
    edges = set(_lines(octets[:clear])) | {clear + at for at in _records(octets[clear:])}
    return Wire(name=name, way=way, length=len(octets), clear=clear, units=frozenset(edges))


def _lines(octets: bytes) -> Iterator[int]:
    at = 0
    for line in octets.splitlines(keepends=True):
        yield from (at, at + len(line) - 1)
        at += len(line)


def _records(octets: bytes) -> Iterator[int]:
    """Yield the first and the last octet of each TLS record (RFC 8446 5.1), and its body's first."""
    at = 0
    while at + 5 <= len(octets):
        length = int.from_bytes(octets[at + 3 : at + 5], "big")
        yield from (at, at + 5, min(at + 4 + length, len(octets) - 1))
        at += 5 + length


def cases_on(walk: Tortured, wire: Wire) -> Iterator[Case]:
    """Yield every case on one direction of a connection."""
    for position in range(wire.length):
        for fault in _faults(walk, wire, position):
            yield _case(walk, wire.name, wire.way, position, fault)


def per_octet_of_records(walk: Tortured) -> tuple[int, int]:
    """Return how many faults an octet of TLS records takes in a walk, and how many there are for it.

    The first and the last octet of each record take all of them in any walk.
    """
    return walk.in_records, FAULTS_IN_RECORDS


def _faults(walk: Tortured, wire: Wire, position: int) -> Sequence[Fault]:
    if wire.name.endswith("+inside"):
        unfit = _NOT_OF_CLIENT if wire.way is Way.CLIENT else ()
        return [fault for fault in INSIDE if fault not in unfit]
    if position < wire.clear:
        return IN_CLEAR
    faults = (*IN_RECORDS, FLIPS[position % len(FLIPS)])
    if wire.is_edge(position):
        return faults
    count = walk.in_records
    return [faults[(position * count + turn) % len(faults)] for turn in range(count)]


def dns_cases(walk: Tortured, asked: dict[str, tuple[bytes, bytes]]) -> Iterator[Case]:
    """Yield every case on the DNS messages of a walk, over UDP and over TCP."""
    for name, (query, answer) in asked.items():
        for message_fault in MESSAGE_FAULTS:
            others = (DnsFault.OTHER, DnsFault.OTHER_AS_THIS, DnsFault.MIXED)
            for position in range(_OTHERS if message_fault in others else 1):
                yield _case(walk, name, Way.SERVER, position, message_fault)
        for position in range(len(answer)):
            for fault in (*_ANSWER, FLIPS[position % len(FLIPS)]):
                yield _case(walk, name, Way.SERVER, position, fault)
        for position in range(len(query)):
            for fault in (DnsFault.CUT, Fault.DROP, FLIPS[position % len(FLIPS)]):
                yield _case(walk, name, Way.CLIENT, position, fault)
        stream = f"{name}+tcp"
        for position in range(2 + len(answer)):
            for fault in (Fault.CLOSE, _STREAM[position % len(_STREAM)]):
                yield _case(walk, stream, Way.SERVER, position, fault)
        for position in range(2 + len(query)):
            for fault in (Fault.CLOSE, _STREAM[position % len(_STREAM)]):
                yield _case(walk, stream, Way.CLIENT, position, fault)


def _case(walk: Tortured, wire: str, way: Way, position: int, fault: Fault | DnsFault) -> Case:
    return Case(walk=walk.name, wire=wire, way=way, position=position, fault=fault.value)


def chosen(cases: Iterable[Case], every: int, seed: int) -> Iterator[Case]:
    """Yield one case in ``every``, by its name: the seeds from 0 to ``every`` make up the whole."""
    for case in cases:
        if case.number % every == seed % every:
            yield case
