"""The ``_mta-sts`` TXT record, read by the grammar of RFC 8461 3.1.

Exactly one record must begin with ``v=STSv1;``; others at the name are discarded.  A record that
breaks the grammar counts as none, so every deviation is told with its octet and value.
"""

import re
from collections.abc import Iterator, Sequence

from mxwalk.dns.txt import txt_records
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.limits import STS_RECORD_FIELDS
from mxwalk.mtasts.model import (
    RecordDeviation,
    RecordFault,
    RecordField,
    RecordLookup,
    RecordStanding,
    StsRecord,
    Weight,
)
from mxwalk.text import visible

_VERSION = b"v=STSv1"
_VALUE_CHARS = 80
_LIKE_VERSION = re.compile(rb"(?i)[\s\"']*v\s*=\s*stsv1\b")
_OTHER_VERSION = re.compile(rb"v=STS[^;\s]*")
_SOME_VERSION = re.compile(rb"(?i)(?:^|[;\s\"'])v\s*=\s*stsv1\b")
_NAME = re.compile(rb"[A-Za-z0-9][A-Za-z0-9_.-]*")  # sts-ext-name, its length apart
_ID = re.compile(rb"[A-Za-z0-9]*")
_VALUE = re.compile(rb"[\x21-\x3a\x3c\x3e-\x7e]*")  # sts-ext-value: no "=", no ";"
_WSP = b" \t"
_NAME_CHARS = 32
# The answer says something of our resolver or of the way to it, nothing of the domain.
_OURS = (
    DnsStatus.TIMEOUT,
    DnsStatus.UNREACHABLE,
    DnsStatus.REFUSED,
    DnsStatus.MALFORMED,
    DnsStatus.CANCELLED,
)


def record_name(domain: str) -> str:
    """Return the name the record stands at (RFC 8461 3.1)."""
    return f"_mta-sts.{domain}"


def read_lookup(answer: DnsAnswer) -> RecordLookup:
    """Return what a TXT answer comes to; total."""
    strings = txt_records(answer) if answer.status is DnsStatus.OK else ()
    read = [read_record(one) for one in strings]
    records = tuple(one for one in read if one.counts)
    others = tuple(one for one in read if not one.counts)
    standing, reason = _standing(answer, records, others)
    return RecordLookup(
        name=answer.qname,
        answer=answer,
        standing=standing,
        reason=reason,
        records=records,
        others=others,
    )


def _standing(
    answer: DnsAnswer, records: tuple[StsRecord, ...], others: tuple[StsRecord, ...]
) -> tuple[RecordStanding, str]:
    name = visible(answer.qname, 300)
    if answer.status in _OURS:
        why = visible(answer.error or answer.status.value, 200)
        return RecordStanding.OURS, f"our resolver does not tell whether {name} has a record: {why}"
    if answer.status not in (DnsStatus.OK, DnsStatus.NODATA, DnsStatus.NXDOMAIN):
        why = visible(answer.error or answer.status.value, 200)
        return RecordStanding.FAILED, f"the look-up of {name} failed: {why}"
    if not records:
        near = next((one for one in others if one.meant), None)
        if near is None:
            return RecordStanding.ABSENT, f"{name} has no MTA-STS record"
        return RecordStanding.ABSENT, f"{name}: {near.deviations[0].sentence}"
    if len(records) > 1:
        return (
            RecordStanding.SEVERAL,
            f"{name} has {len(records)} MTA-STS records, not one: for senders there is none",
        )
    broken = next((d for d in records[0].deviations if d.weight is Weight.BREAKS), None)
    if broken is not None:
        return RecordStanding.INVALID, f"{name}: {broken.sentence}"
    return RecordStanding.VALID, f"{name} has one valid record, id {visible(records[0].id, 40)}"


def read_record(strings: Sequence[bytes]) -> StsRecord:
    """Read one TXT record given as its character-strings; total.

    The strings count as joined without anything between them (RFC 8461 3.1).
    """
    raw = b"".join(strings)
    found: list[RecordDeviation] = []
    if len(strings) > 1:
        found.append(
            _deviation(
                RecordFault.SEVERAL_STRINGS,
                Weight.ODD,
                0,
                b"",
                f"{len(strings)} strings, joined without blanks",
            )
        )
    version = _read_version(raw)
    if version is not None:
        return StsRecord(raw=raw, deviations=(version, *found))
    fields, faults = _read_fields(raw)
    found += faults
    found += _duplicates(fields)
    first = next((one for one in fields if one.name == "id"), None)
    if first is None:
        found.append(_no_id(raw, fields))
    else:
        found += _id_faults(first, raw)
    return StsRecord(
        raw=raw,
        fields=tuple(fields),
        id=first.value if first else "",
        deviations=tuple(sorted(found, key=lambda one: (list(Weight).index(one.weight), one.at))),
    )


def _deviation(
    fault: RecordFault, weight: Weight, at: int, value: bytes, sentence: str
) -> RecordDeviation:
    return RecordDeviation(
        fault=fault, weight=weight, at=at, value=visible(value, _VALUE_CHARS), sentence=sentence
    )


def _breaks(fault: RecordFault, at: int, value: bytes, sentence: str) -> RecordDeviation:
    return _deviation(fault, Weight.BREAKS, at, value, sentence)


def _read_version(raw: bytes) -> RecordDeviation | None:
    """RFC 8461 3.1: sts-version comes first, in these very letters; else the record is discarded."""
    rest = raw[len(_VERSION) :]
    if raw.startswith(_VERSION) and rest.lstrip(_WSP)[:1] == b";":
        return None
    shown = visible(raw[:40], 40)
    if raw.startswith(_VERSION) and not rest[:1].isalnum():
        stands = f'stands "{visible(rest, 20)}"' if rest else "nothing stands"
        return _breaks(
            RecordFault.NO_DELIMITER, len(_VERSION), rest[:20],
            f"behind v=STSv1 {stands} where a semicolon must be: the record is discarded",
        )  # fmt: skip
    other = _OTHER_VERSION.match(raw)
    if other is not None:
        value = other.group()
        return _breaks(
            RecordFault.VERSION_UNKNOWN, 0, value,
            f'the version is "{visible(value, 40)}", not "v=STSv1": the record is discarded',
        )  # fmt: skip
    if (match := _LIKE_VERSION.match(raw)) is not None:
        at = raw.lower().find(b"v", 0, match.end())
        if at == 0:
            return _breaks(
                RecordFault.VERSION_CASE, 0, match.group(),
                f'"{visible(match.group(), 40)}" is not "v=STSv1" letter by letter: the record is'
                " discarded",
            )  # fmt: skip
        return _breaks(
            RecordFault.VERSION_NOT_FIRST, 0, raw[:at],
            f'"{visible(raw[:at], 20)}" stands before v=STSv1: the record is discarded',
        )  # fmt: skip
    if (match := _SOME_VERSION.search(raw)) is not None:
        return _breaks(
            RecordFault.VERSION_NOT_FIRST, match.start(), raw[:40],
            f'v=STSv1 is not the first field of "{shown}": the record is discarded',
        )  # fmt: skip
    return _breaks(
        RecordFault.VERSION_MISSING, 0, raw[:40],
        f'"{shown}" does not begin with v=STSv1; it is no MTA-STS record',
    )  # fmt: skip


def _read_fields(raw: bytes) -> tuple[list[RecordField], list[RecordDeviation]]:
    """Read ``*WSP ";" *WSP field ...``; a last delimiter may stand at the end."""
    found: list[RecordDeviation] = []
    fields: list[RecordField] = []
    at = len(_VERSION)
    rest = raw[at:]
    blanks = len(rest) - len(rest.lstrip(_WSP))
    if blanks:
        found.append(
            _deviation(
                RecordFault.SPACE_AFTER_VERSION, Weight.DIFFERS, at, rest[:blanks],
                'a blank before the first semicolon: the grammar allows it, but records that do not'
                ' begin with "v=STSv1;" are discarded (RFC 8461 3.1, erratum 6285)',
            )
        )  # fmt: skip
    parts = rest.split(b";")
    at += len(parts[0]) + 1
    for number, part in enumerate(parts[1:], 1):
        if number > STS_RECORD_FIELDS:
            found.append(
                _breaks(
                    RecordFault.TOO_MANY_FIELDS, at, b"",
                    f"{len(parts) - 1} fields; {STS_RECORD_FIELDS} are read",
                )
            )  # fmt: skip
            break
        last = number == len(parts) - 1
        field = part.strip(_WSP)
        begins = at + len(part) - len(part.lstrip(_WSP))
        if not field:
            if not last:
                found.append(
                    _deviation(
                        RecordFault.EMPTY_FIELD, Weight.DIFFERS, at, part,
                        "two semicolons with nothing between them, which the grammar does not have",
                    )
                )  # fmt: skip
        else:
            if last and part != part.rstrip(_WSP):
                found.append(
                    _deviation(
                        RecordFault.TRAILING_SPACE, Weight.DIFFERS, begins + len(field), b" ",
                        "a blank at the end that no semicolon follows",
                    )
                )  # fmt: skip
            found += _read_field(field, begins, fields)
        at += len(part) + 1
    return fields, found


def _read_field(field: bytes, at: int, fields: list[RecordField]) -> Iterator[RecordDeviation]:
    name, equals, value = field.partition(b"=")
    shown = visible(field, 60)
    if not equals:
        yield _breaks(RecordFault.NO_EQUALS, at, field, f'"{shown}" is no name=value')
        return
    if name != name.rstrip(_WSP) or value != value.lstrip(_WSP):
        yield _breaks(
            RecordFault.SPACE_AT_EQUALS, at + len(name.rstrip(_WSP)), field,
            f'"{shown}" has a blank beside the equals sign',
        )  # fmt: skip
        name, value = name.strip(_WSP), value.strip(_WSP)
    text = name.decode("ascii", "backslashreplace")
    fields.append(RecordField(name=text, value=value.decode("utf-8", "backslashreplace"), at=at))
    if text == "id":
        return
    if not _NAME.fullmatch(name):
        yield _breaks(
            RecordFault.FIELD_NAME, at, name, f'"{visible(name, 40)}" cannot be the name of a field'
        )
    elif len(name) > _NAME_CHARS:
        yield _breaks(
            RecordFault.FIELD_NAME_TOO_LONG, at, name,
            f'the name "{visible(name, 40)}" has {len(name)} characters, {_NAME_CHARS} are allowed',
        )  # fmt: skip
    elif text.lower() == "id":
        yield _breaks(RecordFault.ID_CASE, at, name, f'"{text}" is not "id": names keep their case')
    else:
        yield _deviation(
            RecordFault.UNKNOWN_FIELD, Weight.ODD, at, field, f'"{shown}" is ignored: unknown'
        )
    behind = at + len(field) - len(value)
    if not value:
        yield _breaks(RecordFault.FIELD_VALUE_EMPTY, behind, field, f'"{shown}" has no value')
        return
    end = _VALUE.match(value)
    bad = end.end() if end else 0
    if bad < len(value):
        yield _breaks(
            RecordFault.FIELD_VALUE, behind + bad, value[bad : bad + 1],
            f'"{visible(value[bad : bad + 1])}" cannot stand in the value of'
            f" {visible(text, 40)}",
        )  # fmt: skip


def _duplicates(fields: list[RecordField]) -> Iterator[RecordDeviation]:
    """RFC 8461 3.2: of a field given twice all but the first are ignored."""
    seen: set[str] = set()
    for one in fields:
        if one.name in seen:
            yield _deviation(
                RecordFault.DUPLICATE_FIELD, Weight.ODD, one.at, one.value.encode(),
                f"{visible(one.name, 40)} is given twice: the first counts,"
                f' "{visible(one.value, 40)}" is ignored',
            )  # fmt: skip
        seen.add(one.name)


def _no_id(raw: bytes, fields: list[RecordField]) -> RecordDeviation:
    shown = visible(raw, 60)
    hint = next((f': "{visible(one.name, 20)}" is not it' for one in fields), "")
    return _breaks(RecordFault.ID_MISSING, len(raw), raw[-20:], f'"{shown}" has no id{hint}')


def _id_faults(field: RecordField, raw: bytes) -> Iterator[RecordDeviation]:
    """RFC 8461 3.1: ``id=`` and 1 to 32 letters and digits."""
    start = raw.find(b"=", field.at) + 1
    value = field.value.encode()
    if not value:
        yield _breaks(RecordFault.ID_EMPTY, field.at, b"id=", "the id is empty")
        return
    match = _ID.match(value)
    end = match.end() if match else 0
    if end < len(value):
        bad = field.value[len(value[:end].decode()) :][:1]
        yield _breaks(
            RecordFault.ID_CHARACTER, start + end, bad.encode(),
            f'the id "{visible(field.value, 40)}" has "{visible(bad)}" in it: letters and digits'
            " only",
        )  # fmt: skip
    if len(field.value) > 32:
        yield _breaks(
            RecordFault.ID_TOO_LONG, start, value,
            f"the id has {len(field.value)} characters, 32 are allowed",
        )  # fmt: skip
