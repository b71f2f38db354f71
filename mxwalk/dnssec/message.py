"""A response's records as validation needs them: RRsets of whole rdata, each with its RRSIGs.

Reading is total and keeps what can be read: record data that dnspython refuses (a TLSA record of the
wrong length) is signed like any other, and stays as raw octets (RFC 3597 5).  Record numbers are
bounded by the message's 65,535 octets.
"""

import struct
from dataclasses import dataclass, field

import dns.exception
import dns.flags
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdataset
import dns.rdatatype
from dns.rdtypes.ANY.RRSIG import RRSIG

from mxwalk.dnssec.names import Name

_HEADER = struct.Struct("!HHHHHH")
_QUESTION = struct.Struct("!HH")
_RECORD = struct.Struct("!HHIH")
_IN = dns.rdataclass.IN
_MAX_TTL_S = 2**31 - 1
_UNREADABLE = (dns.exception.DNSException, struct.error, ValueError, IndexError)


@dataclass(slots=True, eq=False)
class SignedSet:
    """An RRset and the RRSIG records over it."""

    name: Name
    rdtype: int
    data: dns.rdataset.Rdataset
    signatures: list[RRSIG] = field(default_factory=list)


Section = dict[tuple[Name, int], SignedSet]


@dataclass(slots=True, eq=False)
class Message:
    """A response; ``readable`` is false when it is none, or breaks off."""

    readable: bool = False
    rcode: int = 0
    qname: Name | None = None
    qtype: int = 0
    ad: bool = False
    edns: bool = False
    answer: Section = field(default_factory=dict)
    authority: Section = field(default_factory=dict)

    def is_answer_to(self, name: Name, rdtype: int) -> bool:
        """Say whether the message's question is this one."""
        return self.readable and self.qname == name and self.qtype == rdtype

    @property
    def is_signed(self) -> bool:
        """Whether any RRSIG came."""
        return any(
            each.signatures for part in (self.answer, self.authority) for each in part.values()
        )


def read_message(wire: bytes) -> Message:
    """Return the message; never raises."""
    if len(wire) < _HEADER.size:
        return Message()
    _, flags, *counts = _HEADER.unpack_from(wire)
    message = Message(rcode=flags & 0xF, ad=bool(flags & dns.flags.AD))
    try:
        at = _read_question(message, wire, counts[0])
        reader = _Reader(wire, at)
        for section, count in zip(("answer", "authority"), counts[1:3], strict=True):
            setattr(message, section, reader.section(count))
        for _ in range(counts[3]):
            _, rdtype, _, ttl_s, _, _ = reader.record()
            if rdtype == dns.rdatatype.OPT:
                message.edns = True
                message.rcode |= (ttl_s >> 24) << 4  # RFC 6891 6.1.3
    except _UNREADABLE:
        return message
    message.readable = bool(flags & dns.flags.QR)
    return message


def _read_question(message: Message, wire: bytes, count: int) -> int:
    at = _HEADER.size
    if count != 1:
        raise ValueError("not one question")
    name, used = dns.name.from_wire(wire, at)
    message.qname = name.canonicalize()
    message.qtype, _ = _QUESTION.unpack_from(wire, at + used)
    return at + used + _QUESTION.size


class _Reader:
    """Walks over the records of a message."""

    def __init__(self, wire: bytes, at: int) -> None:
        self._wire = wire
        self._at = at
        self._names: dict[bytes, Name] = {}

    def section(self, count: int) -> Section:
        """Read ``count`` records into RRsets."""
        sets: Section = {}
        signatures: list[tuple[Name, RRSIG]] = []
        for _ in range(count):
            name, rdtype, rdclass, ttl_s, start, length = self.record()
            if rdclass != _IN:
                continue
            rdata = self._rdata(rdtype, start, length)
            if isinstance(rdata, RRSIG):
                signatures.append((name, rdata))
                continue
            key = (name, rdtype)
            if key not in sets:
                sets[key] = SignedSet(name, rdtype, dns.rdataset.Rdataset(_IN, rdata.rdtype))
            sets[key].data.add(rdata, ttl_s if ttl_s <= _MAX_TTL_S else 0)  # RFC 2181 8
        for name, rrsig in signatures:
            if (covered := sets.get((name, rrsig.type_covered))) is not None:
                covered.signatures.append(rrsig)
        return sets

    def record(self) -> tuple[Name, int, int, int, int, int]:
        """Return name, type, class, TTL and the place of the next record's data."""
        name = self._name()
        rdtype, rdclass, ttl_s, length = _RECORD.unpack_from(self._wire, self._at)
        start = self._at + _RECORD.size
        if start + length > len(self._wire):
            raise ValueError("a record is longer than what is left")
        self._at = start + length
        return name, rdtype, rdclass, ttl_s, start, length

    def _name(self) -> Name:
        pointer = self._wire[self._at : self._at + 2]
        if pointer in self._names:  # thousands of records may point to one long name
            self._at += 2
            return self._names[pointer]
        name, used = dns.name.from_wire(self._wire, self._at)
        self._at += used
        name = name.canonicalize()
        if pointer >= b"\xc0":
            self._names[pointer] = name
        return name

    def _rdata(self, rdtype: int, start: int, length: int) -> dns.rdata.Rdata:
        known = dns.rdatatype.RdataType.make(rdtype)
        try:
            return dns.rdata.from_wire(_IN, known, self._wire, start, length)
        except _UNREADABLE:
            return dns.rdata.GenericRdata(_IN, known, self._wire[start : start + length])
