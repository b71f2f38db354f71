r"""Reading a DNS response octet by octet (RFC 1035 4.1), record by record.

dnspython reads names and record data.  A record whose data it refuses (a TLSA record of the wrong
length, say) is evidence all the same and is kept in the form of RFC 3597, ``\# 3 030101``.  Reading
is total: where the structure itself breaks, what came before is kept and ``problem`` says so.
"""

import struct
from dataclasses import dataclass, field

import dns.exception
import dns.flags
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype

from mxwalk.dns.answers import Reading
from mxwalk.evidence.dns import ExtendedError, RRset
from mxwalk.limits import DNS_RECORDS
from mxwalk.text import visible

_HEADER = struct.Struct("!HHHHHH")
_RECORD = struct.Struct("!HHIH")
_OPTION = struct.Struct("!HH")
_IN = dns.rdataclass.IN
_POINTER = b"\xc0"
_EDE = 15  # RFC 8914 2
_MAX_TTL_S = 2**31 - 1


class _TooMany(Exception):
    """There are more records than are read; those before stand."""


@dataclass(frozen=True, slots=True)
class _Record:
    name: str
    rdtype: int
    rdclass: int
    ttl_s: int
    start: int
    length: int


@dataclass(slots=True)
class _Message:
    """What has been read so far."""

    wire: bytes
    at: int = 0
    sections: list[list[_Record]] = field(default_factory=lambda: [[], [], []])
    names: dict[bytes, tuple[str, int]] = field(default_factory=dict)  # by compression pointer


def read(wire: bytes) -> Reading:
    """Return what the response says; never raises."""
    if len(wire) < _HEADER.size:
        return Reading(problem=f"{len(wire)} octets are no DNS message", broken=True)
    _, flags, *counts = _HEADER.unpack_from(wire)
    message = _Message(wire=wire, at=_HEADER.size)
    problem, broken = "", False
    try:
        _walk(message, counts)
    except _TooMany as error:
        problem = str(error)
    except (dns.exception.DNSException, struct.error, ValueError) as error:
        reason = visible(str(error) or type(error).__name__, 120)
        problem = f"the message breaks off at octet {message.at} of {len(wire)}: {reason}"
        broken = True
    answer, authority, additional = message.sections
    opt = next((record for record in additional if record.rdtype == dns.rdatatype.OPT), None)
    extended_rcode = (opt.ttl_s >> 24) << 4 if opt else 0  # RFC 6891 6.1.3
    return Reading(
        rcode=dns.rcode.to_text(dns.rcode.Rcode.make(extended_rcode | flags & 0xF)),
        flags=tuple(dns.flags.to_text(flags).split()),
        answer=_rrsets(wire, answer),
        authority=_rrsets(wire, authority),
        extended_errors=_extended_errors(wire, opt) if opt else (),
        edns_payload=opt.rdclass if opt else 0,
        problem=problem,
        broken=broken,
    )


def _walk(message: _Message, counts: list[int]) -> None:
    for _ in range(counts[0]):
        _read_name(message)
        message.at += 4
    for section, count in zip(message.sections, counts[1:], strict=True):
        for _ in range(count):
            if len(section) == DNS_RECORDS:
                raise _TooMany(f"a section has {count} records; {DNS_RECORDS} are read")
            section.append(_read_record(message))


def _read_name(message: _Message) -> str:
    pointer = message.wire[message.at : message.at + 2]
    text, used = message.names.get(pointer, ("", 0))
    if not used:
        name, used = dns.name.from_wire(message.wire, message.at)
        text = name.canonicalize().to_text(omit_final_dot=True)
        if pointer >= _POINTER:  # RFC 1035 4.1.4; thousands of records may point to one long name
            message.names[pointer] = text, used
    message.at += used
    return text


def _read_record(message: _Message) -> _Record:
    name = _read_name(message)
    rdtype, rdclass, ttl_s, length = _RECORD.unpack_from(message.wire, message.at)
    start = message.at + _RECORD.size
    if start + length > len(message.wire):
        raise ValueError(f"a record of {length} octets is longer than what is left")
    message.at = start + length
    return _Record(name, rdtype, rdclass, ttl_s, start, length)


def _rrsets(wire: bytes, records: list[_Record]) -> tuple[RRset, ...]:
    """Group records into RRsets, RRSIG records also by the type they cover (RFC 4035 2.2)."""
    groups: dict[tuple[str, int, int, bytes], list[_Record]] = {}
    for record in records:
        is_signature = record.rdtype == dns.rdatatype.RRSIG
        covered = wire[record.start : record.start + 2] if is_signature else b""
        groups.setdefault((record.name, record.rdclass, record.rdtype, covered), []).append(record)
    return tuple(
        RRset(
            name=name,
            rtype=dns.rdatatype.to_text(dns.rdatatype.RdataType.make(rdtype)),
            ttl_s=min(_ttl(record.ttl_s) for record in group),
            records=tuple(_presentation(wire, record) for record in group),
        )
        for (name, rdclass, rdtype, _), group in groups.items()
        if rdclass == _IN
    )


def _ttl(value: int) -> int:
    return value if value <= _MAX_TTL_S else 0  # RFC 2181 8


def _presentation(wire: bytes, record: _Record) -> str:
    try:
        rdtype = dns.rdatatype.RdataType.make(record.rdtype)
        rdata = dns.rdata.from_wire(_IN, rdtype, wire, record.start, record.length)
        return rdata.to_text()
    except (dns.exception.DNSException, ValueError):
        octets = wire[record.start : record.start + record.length]
        return rf"\# {len(octets)} {octets.hex()}".rstrip()  # RFC 3597 5


def _extended_errors(wire: bytes, opt: _Record) -> tuple[ExtendedError, ...]:
    found = []
    at, end = opt.start, opt.start + opt.length
    while at + _OPTION.size <= end:
        code, length = _OPTION.unpack_from(wire, at)
        at += _OPTION.size
        data = wire[at : min(at + length, end)]
        at += length
        if code == _EDE and len(data) >= 2:
            text = data[2:].removesuffix(b"\0").decode("utf-8", "backslashreplace")
            found.append(ExtendedError(code=int.from_bytes(data[:2], "big"), text=text))
    return tuple(found)
