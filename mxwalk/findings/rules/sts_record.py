"""The ``_mta-sts`` record: how many there are, and whether senders can read it (RFC 8461 3.1)."""

from collections.abc import Iterator

from mxwalk.delivery.model import Delivery
from mxwalk.delivery.security import judged_at
from mxwalk.findings.commands import dig
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.raising import Where, entry, found, show
from mxwalk.language import say
from mxwalk.mtasts.advice import policy_id, record_line
from mxwalk.mtasts.model import RecordDeviation, RecordLookup, RecordStanding, Weight

_DNS = Owner.RECEIVER_DNS
SEVERAL = entry("STS001", Severity.ERROR, _DNS, "more than one MTA-STS record", "RFC 8461 3.1")
BROKEN = entry("STS002", Severity.ERROR, _DNS, "an MTA-STS record nobody uses", "RFC 8461 3.1")
ODD = entry(
    "STS003", Severity.WARNING, _DNS, "senders differ on the MTA-STS record", "RFC 8461 3.1"
)
LOOKUP = entry("STS004", Severity.WARNING, _DNS, "the MTA-STS look-up fails", "RFC 8461 3.3")

ENTRIES = (SEVERAL, BROKEN, ODD, LOOKUP)


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the look-up of the record shows."""
    looked = delivery.sts.records
    if looked is None:
        return
    where = Where(step=delivery.sts.record_step)
    command = dig(looked.name, "TXT")
    match looked.standing:
        case RecordStanding.SEVERAL:
            ids = ", ".join(f'"{show(one.id, 40)}"' for one in looked.records[:4])
            yield found(
                SEVERAL,
                where,
                say(
                    "{looked} has {records} records that begin with v=STSv1 (ids {ids}):"
                    " senders take them for none and do not look at the policy",
                    looked=show(looked.name),
                    records=len(looked.records),
                    ids=ids,
                ),
                say("keep one of them: {fresh_record}", fresh_record=fresh_record(delivery)),
                command,
            )
        case RecordStanding.INVALID | RecordStanding.ABSENT:
            yield from _unused(delivery, looked, where, command)
        case RecordStanding.FAILED:
            yield found(
                LOOKUP,
                where,
                say(
                    "{reason}: senders that see this find no policy, or keep an older one",
                    reason=looked.reason,
                ),
                say(
                    "make all name servers answer TXT questions for this name: NOERROR or NXDOMAIN"
                ),
                command,
            )
        case _:
            pass
    if looked.standing is RecordStanding.VALID:
        yield from _differing(delivery, looked, where, command)


def fresh_record(delivery: Delivery) -> str:
    """Return the zone line of a record with a new id."""
    return record_line(delivery.sts.domain, policy_id(judged_at(delivery.trace.header)))


def _unused(
    delivery: Delivery, looked: RecordLookup, where: Where, command: str
) -> Iterator[Finding]:
    records = looked.records or tuple(one for one in looked.others if one.meant)
    for record in records[:4]:
        broken = [one for one in record.deviations if one.weight is Weight.BREAKS]
        for one in broken[:4]:
            yield found(
                BROKEN,
                where,
                say(
                    '{looked} "{raw}": {place}; senders find no policy',
                    looked=show(looked.name),
                    raw=show(record.raw, 100),
                    place=_place(one),
                ),
                say("publish {fresh_record}", fresh_record=fresh_record(delivery)),
                command,
            )


def _place(one: RecordDeviation) -> str:
    return say("at character {at}: {sentence}", at=one.at + 1, sentence=one.sentence)


def _differing(
    delivery: Delivery, looked: RecordLookup, where: Where, command: str
) -> Iterator[Finding]:
    record = looked.records[0]
    for one in record.deviations[:8]:
        grave = one.weight is Weight.DIFFERS
        yield found(
            ODD,
            where,
            f'{show(looked.name)} "{show(record.raw, 100)}": {_place(one)}',
            say("publish {fresh_record}", fresh_record=fresh_record(delivery))
            if grave
            else say("nothing has to be done"),
            command,
            None if grave else Severity.NOTICE,
        )
