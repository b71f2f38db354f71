"""The fields of an ``_mta-sts`` record behind its version (RFC 8461 3.1)."""

import re
from collections.abc import Iterator

from mxwalk.limits import STS_RECORD_FIELDS
from mxwalk.mtasts.model import RecordDeviation, RecordFault, RecordField, Weight
from mxwalk.text import visible

VERSION = b"v=STSv1"
WSP = b" \t"
_VALUE_CHARS = 80
_NAME = re.compile(rb"[A-Za-z0-9][A-Za-z0-9_.-]*")  # sts-ext-name, its length apart
_ID = re.compile(rb"[A-Za-z0-9]*")
_VALUE = re.compile(rb"[\x21-\x3a\x3c\x3e-\x7e]*")  # sts-ext-value: no "=", no ";"
_NAME_CHARS = 32


def deviation(
    fault: RecordFault, weight: Weight, at: int, value: bytes, sentence: str
) -> RecordDeviation:
    """Return a deviation, its value printable."""
    return RecordDeviation(
        fault=fault, weight=weight, at=at, value=visible(value, _VALUE_CHARS), sentence=sentence
    )


def breaks(fault: RecordFault, at: int, value: bytes, sentence: str) -> RecordDeviation:
    """Return a deviation that the grammar does not have."""
    return deviation(fault, Weight.BREAKS, at, value, sentence)


def read_fields(raw: bytes) -> tuple[list[RecordField], list[RecordDeviation]]:
    """Read ``*WSP ";" *WSP field ...``; a last delimiter may stand at the end."""
    found: list[RecordDeviation] = []
    fields: list[RecordField] = []
    at = len(VERSION)
    rest = raw[at:]
    blanks = len(rest) - len(rest.lstrip(WSP))
    if blanks:
        found.append(
            deviation(
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
                breaks(
                    RecordFault.TOO_MANY_FIELDS, at, b"",
                    f"{len(parts) - 1} fields; {STS_RECORD_FIELDS} are read",
                )
            )  # fmt: skip
            break
        last = number == len(parts) - 1
        field = part.strip(WSP)
        begins = at + len(part) - len(part.lstrip(WSP))
        if not field:
            if not last:
                found.append(
                    deviation(
                        RecordFault.EMPTY_FIELD, Weight.DIFFERS, at, part,
                        "two semicolons with nothing between them, which the grammar does not have",
                    )
                )  # fmt: skip
        else:
            if last and part != part.rstrip(WSP):
                found.append(
                    deviation(
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
        yield breaks(RecordFault.NO_EQUALS, at, field, f'"{shown}" is no name=value')
        return
    if name != name.rstrip(WSP) or value != value.lstrip(WSP):
        yield breaks(
            RecordFault.SPACE_AT_EQUALS, at + len(name.rstrip(WSP)), field,
            f'"{shown}" has a blank beside the equals sign',
        )  # fmt: skip
        name, value = name.strip(WSP), value.strip(WSP)
    text = name.decode("ascii", "backslashreplace")
    fields.append(RecordField(name=text, value=value.decode("utf-8", "backslashreplace"), at=at))
    if text == "id":
        return
    if not _NAME.fullmatch(name):
        yield breaks(
            RecordFault.FIELD_NAME, at, name, f'"{visible(name, 40)}" cannot be the name of a field'
        )
    elif len(name) > _NAME_CHARS:
        yield breaks(
            RecordFault.FIELD_NAME_TOO_LONG, at, name,
            f'the name "{visible(name, 40)}" has {len(name)} characters, {_NAME_CHARS} are allowed',
        )  # fmt: skip
    elif text.lower() == "id":
        # As an extension the grammar has it; without an id of its own the record breaks for that.
        words = f'"{text}" is not "id": names keep their case'
        yield deviation(RecordFault.ID_CASE, Weight.DIFFERS, at, name, words)
    else:
        yield deviation(
            RecordFault.UNKNOWN_FIELD, Weight.ODD, at, field, f'"{shown}" is ignored: unknown'
        )
    behind = at + len(field) - len(value)
    if not value:
        yield breaks(RecordFault.FIELD_VALUE_EMPTY, behind, field, f'"{shown}" has no value')
        return
    end = _VALUE.match(value)
    bad = end.end() if end else 0
    if bad < len(value):
        yield breaks(
            RecordFault.FIELD_VALUE, behind + bad, value[bad : bad + 1],
            f'"{visible(value[bad : bad + 1])}" cannot stand in the value of'
            f" {visible(text, 40)}",
        )  # fmt: skip


def duplicates(fields: list[RecordField]) -> Iterator[RecordDeviation]:
    """RFC 8461 3.2: of a field given twice all but the first are ignored."""
    seen: set[str] = set()
    for one in fields:
        if one.name in seen:
            yield deviation(
                RecordFault.DUPLICATE_FIELD, Weight.ODD, one.at, one.value.encode(),
                f"{visible(one.name, 40)} is given twice: the first counts,"
                f' "{visible(one.value, 40)}" is ignored',
            )  # fmt: skip
        seen.add(one.name)


def no_id(raw: bytes, fields: list[RecordField]) -> RecordDeviation:
    """Describe a record without id (RFC 8461 3.1: required)."""
    shown = visible(raw, 60)
    hint = next((f': "{visible(one.name, 20)}" is not it' for one in fields), "")
    return breaks(RecordFault.ID_MISSING, len(raw), raw[-20:], f'"{shown}" has no id{hint}')


def id_faults(field: RecordField, raw: bytes) -> Iterator[RecordDeviation]:
    """RFC 8461 3.1: ``id=`` and 1 to 32 letters and digits."""
    start = raw.find(b"=", field.at) + 1
    value = field.value.encode()
    if not value:
        yield breaks(RecordFault.ID_EMPTY, field.at, b"id=", "the id is empty")
        return
    match = _ID.match(value)
    end = match.end() if match else 0
    if end < len(value):
        bad = field.value[len(value[:end].decode()) :][:1]
        yield breaks(
            RecordFault.ID_CHARACTER, start + end, bad.encode(),
            f'the id "{visible(field.value, 40)}" has "{visible(bad)}" in it: letters and digits'
            " only",
        )  # fmt: skip
    if len(field.value) > 32:
        yield breaks(
            RecordFault.ID_TOO_LONG, start, value,
            f"the id has {len(field.value)} characters, 32 are allowed",
        )  # fmt: skip
