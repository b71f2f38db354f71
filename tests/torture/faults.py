"""What can be done to a stream of octets at one place, and a case: one such fault in one walk.

A case has a name that says all of it, ``WALK/WIRE/DIRECTION/POSITION/FAULT``, and is replayed by it.
"""

import enum
import hashlib
from dataclasses import dataclass
from typing import Self

DELAY_S = 0.75  # under every timeout of the walks
LATE_S = 0.4


class Fault(enum.Enum):
    """A fault at the octet of its position, which is the first one that is not passed on as it was."""

    HALF_CLOSE = "half-close"  # FIN to the receiver, who may still send
    CLOSE = "close"  # FIN to both, and nobody listens any more
    NOTIFY = "notify"  # inside TLS only: close_notify, then FIN
    RESET = "reset"
    STALL = "stall"  # nothing more in this direction, for ever
    DELAY = "delay"
    DOUBLE = "double"  # the octet twice
    DOUBLE_REST = "double-rest"  # what came with it, from there on, twice
    DROP = "drop"
    DROP_REST = "drop-rest"  # what came with it, from there on, is lost
    FLIP_0 = "flip-0"
    FLIP_1 = "flip-1"
    FLIP_2 = "flip-2"
    FLIP_3 = "flip-3"
    FLIP_4 = "flip-4"
    FLIP_5 = "flip-5"
    FLIP_6 = "flip-6"
    FLIP_7 = "flip-7"
    SET_00 = "set-00"
    SET_FF = "set-ff"
    SET_CR = "set-cr"
    SET_LF = "set-lf"


ENDS = (Fault.HALF_CLOSE, Fault.CLOSE, Fault.RESET, Fault.STALL)
FLIPS = tuple(fault for fault in Fault if fault.value.startswith("flip"))
SETS = (Fault.SET_00, Fault.SET_FF, Fault.SET_CR, Fault.SET_LF)
SHIFTS = (Fault.DOUBLE, Fault.DOUBLE_REST, Fault.DROP, Fault.DROP_REST)
IN_CLEAR = (*ENDS, Fault.DELAY, *SHIFTS, *FLIPS, *SETS)
IN_RECORDS = (*ENDS, Fault.DELAY, *SHIFTS)  # with one of FLIPS, chosen by position
FAULTS_IN_RECORDS = len(IN_RECORDS) + 1
INSIDE = (*ENDS, Fault.NOTIFY, Fault.DELAY, *SHIFTS, *FLIPS, *SETS)

_SET = {Fault.SET_00: 0, Fault.SET_FF: 0xFF, Fault.SET_CR: 0x0D, Fault.SET_LF: 0x0A}
CHANGES = frozenset({*SHIFTS, *FLIPS, *SETS})


def changed(fault: Fault, data: bytes, at: int) -> bytes:
    """Return ``data`` as the fault at its octet ``at`` passes it on; for those in ``CHANGES`` only."""
    head, octet, rest = data[:at], data[at : at + 1], data[at + 1 :]
    match fault:
        case Fault.DOUBLE:
            return head + octet + octet + rest
        case Fault.DOUBLE_REST:
            return data + octet + rest
        case Fault.DROP:
            return head + rest
        case Fault.DROP_REST:
            return head
        case _ if fault in _SET:
            return head + bytes([_SET[fault]]) + rest
        case _:
            return head + bytes([octet[0] ^ 1 << FLIPS.index(fault)]) + rest


class Way(enum.Enum):
    """Whose octets are harmed."""

    CLIENT = "client"  # what the walk sends
    SERVER = "server"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One fault in one walk.

    ``wire`` names a connection (``smtp1``, ``https1``), with ``+inside`` behind it the plaintext inside
    its TLS, or a DNS message (``dns3``, ``dns3+tcp``).  For DNS ``fault`` may be one of ``DnsFault``.
    """

    walk: str
    wire: str
    way: Way
    position: int
    fault: str

    def __str__(self) -> str:
        return f"{self.walk}/{self.wire}/{self.way.value}/{self.position}/{self.fault}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a case's name.  Raises ``ValueError``."""
        walk, wire, way, position, fault = text.split("/")
        return cls(walk=walk, wire=wire, way=Way(way), position=int(position), fault=fault)

    @property
    def number(self) -> int:
        """Return a number drawn by the case's name, of 64 bits."""
        return int.from_bytes(hashlib.blake2s(str(self).encode(), digest_size=8).digest())

    @property
    def inside(self) -> bool:
        return self.wire.endswith("+inside")

    @property
    def connection(self) -> str:
        return self.wire.partition("+")[0]
