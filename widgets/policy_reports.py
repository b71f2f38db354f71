"""The TLS-RPT record: part by part, where reports go, and what to publish instead."""

from collections.abc import Iterator

from mxwalk.delivery.mark import Mark
from mxwalk.dns.txt import txt_line, txt_octets
from mxwalk.evidence.dns import DnsAnswer
from mxwalk.language import noted, say
from mxwalk.tlsrpt.destinations import Cost, Destination, Fault, Remark, read_destination
from mxwalk.tlsrpt.record import RecordReading, Standing, read_record
from widgets.plain import Look, line
from widgets.policy_fields import (
    Part,
    Said,
    answer_rows,
    field,
    heading_rows,
    part_rows,
    raw_row,
    remark,
    state_words,
    to_publish,
)
from widgets.policy_marks import mark_of
from widgets.policy_state import Picture, Section
from widgets.row import Row, text_row

_HERE = Section.REPORTS
_RECORDS_SHOWN = 20
_COSTS = {
    Cost.RECORD: (Mark.FAIL, noted("breaks the record")),
    Cost.DESTINATION: (Mark.FAIL, noted("costs the destination")),
    Cost.NOTHING: (Mark.INFO, noted("allowed")),
}


def report_rows(found: Picture, width: int) -> Iterator[Row]:
    """Yield the look-up, every record in parts, and the destinations."""
    answer, reports = found.report_answer, found.reports
    if answer is None:
        yield from heading_rows(_HERE, line((say("not looked up yet: n goes on"), Look.DIM)), width)
        return
    if reports is None:
        words = state_words(Mark.UNKNOWN, say("the look-up does not tell"))
        yield from heading_rows(_HERE, words, width)
        yield from answer_rows(_HERE, answer, found.delivery, width)
        return
    yield from heading_rows(_HERE, state_words(mark_of(found, _HERE), reports.sentence), width)
    yield from answer_rows(_HERE, answer, found.delivery, width)
    yield from _records(answer, width)
    if reports.standing is Standing.SEVERAL:
        yield remark(_HERE, "one", Mark.INFO, say("one record names all destinations:"), width)
    if reports.standing is not Standing.USABLE and (mended := report_line(found)):
        yield to_publish(_HERE, "publish", mended, width)


def _records(answer: DnsAnswer, width: int) -> Iterator[Row]:
    records = answer.records("TXT")
    for number, record in enumerate(records[:_RECORDS_SHOWN]):
        yield raw_row(_HERE, number, record, width)
        octets = txt_octets(record)
        if b"tlsrpt" not in octets.lower():
            words = say("something else: senders pass over it")
            yield remark(_HERE, ("other", number), Mark.INFO, words, width, indent=4)
            continue
        reading = read_record(octets)
        said = [_said(one) for one in reading.remarks]
        yield from part_rows(_HERE, number, _split(reading), said, width)
        for index, one in enumerate(reading.destinations):
            yield _destination((number, index), one, counts=reading.usable, width=width)
    if len(records) > _RECORDS_SHOWN:
        more = line(
            (say("  and {records} more records", records=len(records) - _RECORDS_SHOWN), Look.WARN)
        )
        yield text_row((_HERE, "more"), more)


def _split(reading: RecordReading) -> list[Part]:
    parts: list[Part] = []
    at = 0
    for piece in reading.text.split(";"):
        text = piece.strip()
        start = at + len(piece) - len(piece.lstrip())
        if text:
            word = say("the version") if not parts else say("where reports go")
            word = word if not parts or text.startswith("rua=") else say("read")
            parts.append(
                Part(
                    text=text,
                    start=start if parts else 0,
                    end=at + len(piece),
                    word=word if reading.counts else say("discarded"),
                )
            )
        at += len(piece) + 1
    return parts


def _said(one: Remark) -> Said:
    state, word = _COSTS[one.cost]
    if one.fault is Fault.UNKNOWN:
        word = noted("ignored")
    at = -1 if one.fault is Fault.NO_RUA else one.at - 1
    return Said(at=at, mark=state, word=say(word), sentence=one.sentence)


def _destination(key: object, one: Destination, *, counts: bool, width: int) -> Row:
    if not one.usable:
        words = state_words(Mark.FAIL, say("no report goes to "))
    elif not counts:
        words = state_words(Mark.WARN, say("would go to "))
    else:
        how = say("by mail to ") if one.scheme == "mailto" else say("by https to ")
        words = state_words(Mark.OK, how)
    words += line((one.uri or say("(nothing)"), Look.STRONG))
    return field(_HERE, noted("reports"), words, width, copy=one.uri, key=("destination", key))


def report_line(found: Picture) -> str:
    """Return the record to publish: with the destinations there are, or the one advised."""
    records = found.reports.records if found.reports else ()
    named = (_reachable(one) for record in records for one in record.destinations)
    usable = [uri for uri in named if uri]
    if not usable or found.report_answer is None:
        return found.advice.report if found.advice else ""
    uris = ",".join(dict.fromkeys(usable)).encode("utf-8", "surrogateescape")
    return txt_line(found.report_answer.qname, b"v=TLSRPTv1; rua=" + uris)


def _reachable(one: Destination) -> str:
    """Return the URI if a report can go there, a mailbox as what it means, else nothing."""
    if one.usable:
        return one.uri
    mailbox = f"mailto:{one.uri}"
    return mailbox if not one.scheme and read_destination(mailbox, 0)[0].usable else ""
