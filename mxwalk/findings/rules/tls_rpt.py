"""The TLS-RPT record: whether anybody is told of failures (RFC 8460 3)."""

from collections.abc import Iterator

from mxwalk.delivery.model import Delivery
from mxwalk.dns.txt import txt_line, txt_records
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.findings.commands import dig
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.raising import Where, entry, found, show
from mxwalk.language import say
from mxwalk.tlsrpt.destinations import Cost, Remark
from mxwalk.tlsrpt.record import RecordReading, RecordSet, Standing, read_records

_DNS = Owner.RECEIVER_DNS
SEVERAL = entry("RPT001", Severity.WARNING, _DNS, "more than one TLS-RPT record", "RFC 8460 3")
VOID = entry("RPT002", Severity.WARNING, _DNS, "a TLS-RPT record nobody can use", "RFC 8460 3")
REMARK = entry("RPT003", Severity.NOTICE, _DNS, "worth knowing of the TLS-RPT record", "RFC 8460 3")
ABSENT = entry("RPT004", Severity.NOTICE, _DNS, "MTA-STS without TLS-RPT", "RFC 8460 3")
IN_ORDER = entry("RPT005", Severity.OK, Owner.NOBODY, "TLS reports are asked for", "RFC 8460 3")

ENTRIES = (SEVERAL, VOID, REMARK, ABSENT, IN_ORDER)


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the record at ``_smtp._tls`` shows."""
    looked = delivery.policy_records
    if looked is None or not _answered(looked.tls_rpt):
        return
    answer = looked.tls_rpt
    read = read_records([b"".join(strings) for strings in txt_records(answer)])
    where = Where(step=delivery.records_step.seq if delivery.records_step else None)
    yield from _judged(delivery, answer, read, where)
    usable = read.standing is Standing.USABLE
    for record in read.records:
        yield from _remarks(delivery, answer, record, where, all_of_them=usable)


def _answered(answer: DnsAnswer) -> bool:
    return answer.status in (DnsStatus.OK, DnsStatus.NODATA, DnsStatus.NXDOMAIN)


def _line(delivery: Delivery) -> str:
    domain = delivery.domain
    return txt_line(f"_smtp._tls.{domain}", f"v=TLSRPTv1; rua=mailto:tls-reports@{domain}".encode())


def _judged(
    delivery: Delivery, answer: DnsAnswer, read: RecordSet, where: Where
) -> Iterator[Finding]:
    name, command = show(answer.qname), dig(answer.qname, "TXT")
    match read.standing:
        case Standing.SEVERAL:
            yield found(
                SEVERAL,
                where,
                f"{name}: {read.sentence}",
                say("keep one: {line}", line=_line(delivery)),
                command,
            )
        case Standing.VOID | Standing.NONE if read.records:
            yield found(
                VOID,
                where,
                f"{name}: {read.sentence}{_why(read)}",
                say("publish {line}", line=_line(delivery)),
                command,
            )
        case Standing.NONE:
            if delivery.sts.records is not None and delivery.sts.records.records:
                yield found(
                    ABSENT,
                    where,
                    say(
                        "{domain} has MTA-STS and no TLS-RPT record: nobody tells its owner"
                        " what fails, and testing mode is of no use without",
                        domain=show(delivery.domain),
                    ),
                    say("publish {line}", line=_line(delivery)),
                    command,
                )
        case Standing.USABLE:
            yield found(IN_ORDER, where, f"{name}: {read.sentence}", say("nothing to do"), command)


def _remarks(
    delivery: Delivery,
    answer: DnsAnswer,
    record: RecordReading,
    where: Where,
    *,
    all_of_them: bool,
) -> Iterator[Finding]:
    """Yield the remarks; those that make a record void are told with that already."""
    for one in record.remarks[:8]:
        grave = one.cost is not Cost.NOTHING
        if grave and not all_of_them:
            continue
        yield found(
            REMARK,
            where,
            f'{show(answer.qname)} "{show(record.text, 100)}": {_place(one)}',
            say("publish {line}", line=_line(delivery)) if grave else say("nothing has to be done"),
            dig(answer.qname, "TXT"),
            Severity.WARNING if grave else None,
        )


def _why(read: RecordSet) -> str:
    """Return the deviations that keep the records from being used."""
    grave = [one for r in read.records for one in r.remarks if one.cost is not Cost.NOTHING]
    return f" ({'; '.join(_place(one) for one in grave[:3])})" if grave else ""


def _place(one: Remark) -> str:
    return say("at character {at}: {sentence}", at=one.at, sentence=one.sentence)
