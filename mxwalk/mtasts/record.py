"""The ``_mta-sts`` TXT record, read by the grammar of RFC 8461 3.1.

Exactly one record must begin with ``v=STSv1;``; others at the name are discarded.  A record that
breaks the grammar counts as none, so every deviation is told with its octet and value.
"""

import re
from collections.abc import Sequence

from mxwalk.dns.txt import txt_records
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.told import no_answer_words
from mxwalk.language import say
from mxwalk.mtasts.model import (
    RecordDeviation,
    RecordFault,
    RecordLookup,
    RecordStanding,
    StsRecord,
    Weight,
)
from mxwalk.mtasts.record_fields import (
    VERSION,
    WSP,
    breaks,
    deviation,
    duplicates,
    id_faults,
    no_id,
    read_fields,
)
from mxwalk.text import visible

_LIKE_VERSION = re.compile(rb"(?i)[\s\"']*v\s*=\s*stsv1\b")
_OTHER_VERSION = re.compile(rb"v=STS[^;\s]*")
_SOME_VERSION = re.compile(rb"(?i)(?:^|[;\s\"'])v\s*=\s*stsv1\b")
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
    if answer.status in _OURS or answer.doubted:
        why = no_answer_words(answer.error or answer.status.value, 200)
        return RecordStanding.OURS, say(
            "our resolver does not tell whether {name} has a record: {why}", name=name, why=why
        )
    if answer.status not in (DnsStatus.OK, DnsStatus.NODATA, DnsStatus.NXDOMAIN):
        why = no_answer_words(answer.error or answer.status.value, 200)
        return RecordStanding.FAILED, say("the look-up of {name} failed: {why}", name=name, why=why)
    if not records:
        near = next((one for one in others if one.meant), None)
        if near is None:
            return RecordStanding.ABSENT, say("{name} has no MTA-STS record", name=name)
        return RecordStanding.ABSENT, f"{name}: {near.deviations[0].sentence}"
    if len(records) > 1:
        return (
            RecordStanding.SEVERAL,
            say(
                "{name} has {records} MTA-STS records, not one: for senders there is none",
                name=name,
                records=len(records),
            ),
        )
    broken = next((d for d in records[0].deviations if d.weight is Weight.BREAKS), None)
    if broken is not None:
        return RecordStanding.INVALID, f"{name}: {broken.sentence}"
    return RecordStanding.VALID, say(
        "{name} has one valid record, id {id}", name=name, id=visible(records[0].id, 40)
    )


def read_record(strings: Sequence[bytes]) -> StsRecord:
    """Read one TXT record given as its character-strings; total.

    The strings count as joined without anything between them (RFC 8461 3.1).
    """
    raw = b"".join(strings)
    found: list[RecordDeviation] = []
    if len(strings) > 1:
        found.append(
            deviation(
                RecordFault.SEVERAL_STRINGS,
                Weight.ODD,
                0,
                b"",
                say("{strings} strings, joined without blanks", strings=len(strings)),
            )
        )
    version = _read_version(raw)
    if version is not None:
        return StsRecord(raw=raw, deviations=(version, *found))
    fields, faults = read_fields(raw)
    found += faults
    found += duplicates(fields)
    first = next((one for one in fields if one.name == "id"), None)
    if first is None:
        found.append(no_id(raw, fields))
    else:
        found += id_faults(first, raw)
    return StsRecord(
        raw=raw,
        fields=tuple(fields),
        id=first.value if first else "",
        deviations=tuple(sorted(found, key=lambda one: (list(Weight).index(one.weight), one.at))),
    )


def _read_version(raw: bytes) -> RecordDeviation | None:
    """RFC 8461 3.1: sts-version comes first, in these very letters; else the record is discarded."""
    rest = raw[len(VERSION) :]
    if raw.startswith(VERSION) and rest.lstrip(WSP)[:1] == b";":
        return None
    shown = visible(raw[:40], 40)
    if raw.startswith(VERSION) and not rest[:1].isalnum():
        stands = say('stands "{rest}"', rest=visible(rest, 20)) if rest else say("nothing stands")
        return breaks(
            RecordFault.NO_DELIMITER,
            len(VERSION),
            rest[:20],
            say(
                "behind v=STSv1 {stands} where a semicolon must be: the record is discarded",
                stands=stands,
            ),
        )
    other = _OTHER_VERSION.match(raw)
    if other is not None:
        value = other.group()
        return breaks(
            RecordFault.VERSION_UNKNOWN,
            0,
            value,
            say(
                'the version is "{value}", not "v=STSv1": the record is discarded',
                value=visible(value, 40),
            ),
        )
    if (match := _LIKE_VERSION.match(raw)) is not None:
        at = raw.lower().find(b"v", 0, match.end())
        if at == 0:
            return breaks(
                RecordFault.VERSION_CASE,
                0,
                match.group(),
                say(
                    '"{group}" is not "v=STSv1" letter by letter: the record is discarded',
                    group=visible(match.group(), 40),
                ),
            )
        return breaks(
            RecordFault.VERSION_NOT_FIRST,
            0,
            raw[:at],
            say(
                '"{raw}" stands before v=STSv1: the record is discarded', raw=visible(raw[:at], 20)
            ),
        )
    if (match := _SOME_VERSION.search(raw)) is not None:
        return breaks(
            RecordFault.VERSION_NOT_FIRST,
            match.start(),
            raw[:40],
            say(
                'v=STSv1 is not the first field of "{shown}": the record is discarded', shown=shown
            ),
        )
    return breaks(
        RecordFault.VERSION_MISSING,
        0,
        raw[:40],
        say('"{shown}" does not begin with v=STSv1; it is no MTA-STS record', shown=shown),
    )
