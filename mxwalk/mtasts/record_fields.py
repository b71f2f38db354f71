"""The fields of an ``_mta-sts`` record behind its version (RFC 8461 3.1)."""

import re
from collections.abc import Iterator

from mxwalk.language import say
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
                RecordFault.SPACE_AFTER_VERSION,
                Weight.DIFFERS,
                at,
                rest[:blanks],
                say(
                    "a blank before the first semicolon: the grammar allows it, but records"
                    ' that do not begin with "v=STSv1;" are discarded (RFC 8461 3.1, erratum'
                    " 6285)"
                ),
            )
        )
    parts = rest.split(b";")
    at += len(parts[0]) + 1
    for number, part in enumerate(parts[1:], 1):
        if number > STS_RECORD_FIELDS:
            found.append(
                breaks(
                    RecordFault.TOO_MANY_FIELDS,
                    at,
                    b"",
                    say(
                        "{parts} fields; {sts_record_fields} are read",
                        parts=len(parts) - 1,
                        sts_record_fields=STS_RECORD_FIELDS,
                    ),
                )
            )
            break
        last = number == len(parts) - 1
        field = part.strip(WSP)
        begins = at + len(part) - len(part.lstrip(WSP))
        if not field:
            if not last:
                found.append(
                    deviation(
                        RecordFault.EMPTY_FIELD,
                        Weight.DIFFERS,
                        at,
                        part,
                        say(
                            "two semicolons with nothing between them, which the grammar does"
                            " not have"
                        ),
                    )
                )
        else:
            if last and part != part.rstrip(WSP):
                found.append(
                    deviation(
                        RecordFault.TRAILING_SPACE,
                        Weight.DIFFERS,
                        begins + len(field),
                        b" ",
                        say("a blank at the end that no semicolon follows"),
                    )
                )
            found += _read_field(field, begins, fields)
        at += len(part) + 1
    return fields, found


def _read_field(field: bytes, at: int, fields: list[RecordField]) -> Iterator[RecordDeviation]:
    name, equals, value = field.partition(b"=")
    shown = visible(field, 60)
    if not equals:
        yield breaks(
            RecordFault.NO_EQUALS, at, field, say('"{shown}" is no name=value', shown=shown)
        )
        return
    if name != name.rstrip(WSP) or value != value.lstrip(WSP):
        yield breaks(
            RecordFault.SPACE_AT_EQUALS,
            at + len(name.rstrip(WSP)),
            field,
            say('"{shown}" has a blank beside the equals sign', shown=shown),
        )
        name, value = name.strip(WSP), value.strip(WSP)
    text = name.decode("ascii", "backslashreplace")
    fields.append(RecordField(name=text, value=value.decode("utf-8", "backslashreplace"), at=at))
    if text == "id":
        return
    if not _NAME.fullmatch(name):
        yield breaks(
            RecordFault.FIELD_NAME,
            at,
            name,
            say('"{name}" cannot be the name of a field', name=visible(name, 40)),
        )
    elif len(name) > _NAME_CHARS:
        yield breaks(
            RecordFault.FIELD_NAME_TOO_LONG,
            at,
            name,
            say(
                'the name "{name}" has {name_2} characters, {name_chars} are allowed',
                name=visible(name, 40),
                name_2=len(name),
                name_chars=_NAME_CHARS,
            ),
        )
    elif text.lower() == "id":
        # As an extension the grammar has it; without an id of its own the record breaks for that.
        words = say('"{text}" is not "id": names keep their case', text=text)
        yield deviation(RecordFault.ID_CASE, Weight.DIFFERS, at, name, words)
    else:
        yield deviation(
            RecordFault.UNKNOWN_FIELD,
            Weight.ODD,
            at,
            field,
            say('"{shown}" is ignored: unknown', shown=shown),
        )
    behind = at + len(field) - len(value)
    if not value:
        yield breaks(
            RecordFault.FIELD_VALUE_EMPTY, behind, field, say('"{shown}" has no value', shown=shown)
        )
        return
    end = _VALUE.match(value)
    bad = end.end() if end else 0
    if bad < len(value):
        yield breaks(
            RecordFault.FIELD_VALUE,
            behind + bad,
            value[bad : bad + 1],
            say(
                '"{value}" cannot stand in the value of {text}',
                value=visible(value[bad : bad + 1]),
                text=visible(text, 40),
            ),
        )


def duplicates(fields: list[RecordField]) -> Iterator[RecordDeviation]:
    """RFC 8461 3.2: of a field given twice all but the first are ignored."""
    seen: set[str] = set()
    for one in fields:
        if one.name in seen:
            yield deviation(
                RecordFault.DUPLICATE_FIELD,
                Weight.ODD,
                one.at,
                one.value.encode(),
                say(
                    '{name} is given twice: the first counts, "{value}" is ignored',
                    name=visible(one.name, 40),
                    value=visible(one.value, 40),
                ),
            )
        seen.add(one.name)


def no_id(raw: bytes, fields: list[RecordField]) -> RecordDeviation:
    """Describe a record without id (RFC 8461 3.1: required)."""
    shown = visible(raw, 60)
    hint = next((say(': "{name}" is not it', name=visible(one.name, 20)) for one in fields), "")
    return breaks(
        RecordFault.ID_MISSING,
        len(raw),
        raw[-20:],
        say('"{shown}" has no id{hint}', shown=shown, hint=hint),
    )


def id_faults(field: RecordField, raw: bytes) -> Iterator[RecordDeviation]:
    """RFC 8461 3.1: ``id=`` and 1 to 32 letters and digits."""
    start = raw.find(b"=", field.at) + 1
    value = field.value.encode()
    if not value:
        yield breaks(RecordFault.ID_EMPTY, field.at, b"id=", say("the id is empty"))
        return
    match = _ID.match(value)
    end = match.end() if match else 0
    if end < len(value):
        bad = field.value[len(value[:end].decode()) :][:1]
        yield breaks(
            RecordFault.ID_CHARACTER,
            start + end,
            bad.encode(),
            say(
                'the id "{field}" has "{bad}" in it: letters and digits only',
                field=visible(field.value, 40),
                bad=visible(bad),
            ),
        )
    if len(field.value) > 32:
        yield breaks(
            RecordFault.ID_TOO_LONG,
            start,
            value,
            say("the id has {field} characters, 32 are allowed", field=len(field.value)),
        )
