"""The TXT record at ``_smtp._tls.<domain>`` that says where TLS reports go (RFC 8460 3).

Records that do not begin with ``v=TLSRPTv1;`` are discarded, and unless exactly one is left, senders
take the domain for one without TLSRPT.  The grammar of that one is read leniently; each deviation is
told apart with its character, and with what it costs: the record, a destination, or nothing.
"""

import enum
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mxwalk.language import noted, say
from mxwalk.limits import TLSRPT_FIELDS, TLSRPT_RECORDS
from mxwalk.text import visible
from mxwalk.tlsrpt.destinations import Cost, Destination, Fault, Remark, read_destination

VERSION = b"v=TLSRPTv1"
_PREFIX = b"v=TLSRPTv1;"
_VERSION_LIKE = re.compile(rb"\s*v\s*=\s*[\"']?tlsrpt", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}")  # RFC 8460 3: tlsrpt-ext-name
_VALUE = re.compile(r"[\x21-\x3A\x3C\x3E-\x7E]+")  # tlsrpt-ext-value
_WSP = " \t"
_VALUE_CHARS = 120


class Standing(enum.Enum):
    """What senders make of the answer."""

    NONE = noted("no TLSRPT record")
    SEVERAL = noted("more than one TLSRPT record")
    VOID = noted("a TLSRPT record that cannot be used")
    USABLE = noted("one TLSRPT record")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReading:
    """One TXT record that means to be a TLSRPT record.

    ``counts`` is false for one that senders discard (RFC 8460 3).  ``extensions`` are unknown fields,
    which senders ignore.
    """

    text: str
    counts: bool
    destinations: tuple[Destination, ...] = ()
    extensions: tuple[tuple[str, str], ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether reports can be sent by it."""
        void = any(remark.cost is Cost.RECORD for remark in self.remarks)
        return self.counts and not void and any(d.usable for d in self.destinations)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSet:
    """What stands at the name: the records that mean to be TLSRPT, and how many others."""

    standing: Standing
    records: tuple[RecordReading, ...] = ()
    others: int = 0

    @property
    def record(self) -> RecordReading | None:
        """The one record senders use."""
        if self.standing is not Standing.USABLE:
            return None
        return next(record for record in self.records if record.counts)

    @property
    def sentence(self) -> str:
        """What it comes to, in one sentence."""
        match self.standing:
            case Standing.NONE if self.records:
                return say("no record begins with v=TLSRPTv1; so senders discard what is there")
            case Standing.NONE:
                return say("no TLSRPT record: nobody is told of failures")
            case Standing.SEVERAL:
                number = sum(record.counts for record in self.records)
                return say(
                    "{number} TLSRPT records: senders take it for none (RFC 8460 3)", number=number
                )
            case Standing.VOID:
                return say("the TLSRPT record cannot be used: no reports are sent")
            case Standing.USABLE:
                assert self.record is not None
                usable = [visible(d.uri, 200) for d in self.record.destinations if d.usable]
                return say("reports go to {usable}", usable=", ".join(usable))


def read_records(texts: Sequence[bytes]) -> RecordSet:
    """Read the TXT records at ``_smtp._tls``, the strings of each already joined.  Total.

    RFC 8460 3: discard what does not begin with the version, and expect one.
    """
    kept = texts[:TLSRPT_RECORDS]
    readings = tuple(read_record(text) for text in kept if _VERSION_LIKE.match(text))
    others = len(texts) - len(readings)
    counting = [reading for reading in readings if reading.counts]
    if not counting:
        standing = Standing.NONE
    elif len(counting) > 1:
        standing = Standing.SEVERAL
    else:
        standing = Standing.USABLE if counting[0].usable else Standing.VOID
    return RecordSet(standing=standing, records=readings, others=others)


def read_record(raw: bytes) -> RecordReading:
    """Read one record.  Total; the places of the remarks are characters, counted from 1."""
    text = raw.decode("utf-8", "surrogateescape")
    counts = raw.startswith(_PREFIX)
    remarks: list[Remark] = [] if counts else [_not_counted(raw)]
    destinations: list[Destination] = []
    extensions: list[tuple[str, str]] = []
    fields = text.split(";")
    rua_seen = 0
    at = len(fields[0]) + 2
    for number, field in enumerate(fields[1:], start=1):
        if number > TLSRPT_FIELDS:
            words = say(
                "more than {tlsrpt_fields} fields; the rest was not read",
                tlsrpt_fields=TLSRPT_FIELDS,
            )
            remarks.append(Remark(fault=Fault.LONG, cost=Cost.NOTHING, at=at, sentence=words))
            break
        start = at + len(field) - len(field.lstrip(_WSP))
        at += len(field) + 1
        plain = field.strip(_WSP)
        last = number == len(fields) - 1
        if not plain:
            if not last:  # one delimiter may end the record
                remarks.append(
                    _remark(Fault.EMPTY_FIELD, Cost.NOTHING, start, say("an empty field"))
                )
            continue
        name, equals, value = plain.partition("=")
        if name.strip(_WSP).lower() == "rua" and equals:
            rua_seen += 1
            remarks.extend(_rua_name(name, value, start, rua_seen))
            offset = start + len(name) + 1
            for destination, found in _destinations(value, offset):
                destinations.append(destination)
                remarks.extend(found)
            continue
        remarks.extend(_extension(name, equals, value, start))
        if equals:
            extensions.append((name, value))
    if not rua_seen:  # RFC 8460 3: the rua field is required
        sentence = say("there is no rua field, so it names no destination")
        remarks.append(_remark(Fault.NO_RUA, Cost.RECORD, len(text) + 1, sentence))
    return RecordReading(
        text=text,
        counts=counts,
        destinations=tuple(destinations),
        extensions=tuple(extensions),
        remarks=tuple(remarks),
    )


def _remark(fault: Fault, cost: Cost, at: int, sentence: str) -> Remark:
    return Remark(fault=fault, cost=cost, at=at, sentence=sentence)


def _not_counted(raw: bytes) -> Remark:
    """Say why the record is discarded."""
    head = raw.split(b";", 1)[0]
    if head.rstrip(b" \t") == VERSION and b";" in raw:
        # The grammar allows a space before the semicolon, the rule for discarding does not.
        words = say(
            "a space stands before the semicolon: senders that look for v=TLSRPTv1; discard it"
        )
        return _remark(Fault.VERSION_SPACE, Cost.RECORD, len(VERSION) + 1, words)
    if raw == VERSION:
        return _remark(Fault.VERSION_ALONE, Cost.RECORD, 1, say("nothing follows the version"))
    if head.strip(b" \t").lower() == VERSION.lower() and head.strip(b" \t") != VERSION:
        words = say(
            "the version is written {head}; it is v=TLSRPTv1, case counts", head=visible(head, 40)
        )
        return _remark(Fault.VERSION_CASE, Cost.RECORD, 1, words)
    words = say("it begins with {raw}, not with v=TLSRPTv1;", raw=visible(raw[:20]))
    return _remark(Fault.VERSION, Cost.RECORD, 1, words)


def _rua_name(name: str, value: str, at: int, seen: int) -> Iterator[Remark]:
    """Remark on what stands before the URIs; by the grammar, %s"rua=" is all that may."""
    if name != name.strip(_WSP) or value != value.lstrip(_WSP):
        words = say("spaces around the = of rua: by the grammar the record is none")
        yield _remark(Fault.SPACE, Cost.RECORD, at, words)
    if name.strip(_WSP) != "rua":
        words = say(
            "the field is written {name}; rua is in lower case, case counts", name=visible(name, 20)
        )
        yield _remark(Fault.RUA_CASE, Cost.RECORD, at, words)
    if seen > 1:
        words = say(
            "rua stands more than once; senders may take one of them, commas separate several"
        )
        yield _remark(Fault.RUA_TWICE, Cost.DESTINATION, at, words)


def _destinations(value: str, at: int) -> Iterator[tuple[Destination, tuple[Remark, ...]]]:
    for number, part in enumerate(value.split(",")):
        if number >= TLSRPT_FIELDS:
            return
        start = at + len(part) - len(part.lstrip(_WSP))
        yield read_destination(part.strip(_WSP), start)
        at += len(part) + 1


def _extension(name: str, equals: str, value: str, at: int) -> Iterator[Remark]:
    shown = visible(name, _VALUE_CHARS)
    if not equals:
        words = say("{shown!r} is no name=value pair", shown=shown)
        yield _remark(Fault.FIELD, Cost.RECORD, at, words)
    elif not _NAME.fullmatch(name):
        words = say("{shown!r} is not the name of a field", shown=shown)
        yield _remark(Fault.FIELD_NAME, Cost.RECORD, at, words)
    elif not _VALUE.fullmatch(value):
        words = say(
            "the value of {shown} may hold no spaces, '=' or characters beyond ASCII", shown=shown
        )
        yield _remark(Fault.FIELD_VALUE, Cost.RECORD, at, words)
    elif name == "v":
        yield _remark(Fault.VERSION_TWICE, Cost.RECORD, at, say("the version stands twice"))
    else:  # RFC 8460 3: unknown fields SHALL be ignored
        words = say("{shown} is a field senders do not know and ignore", shown=shown)
        yield _remark(Fault.UNKNOWN, Cost.NOTHING, at, words)
