"""From JSON to reports (RFC 8460 4.4), leniently and within bounds.

The document is taken apart without building it whole: policies and rows are kept as slices of the
input until each is read on its own, so that memory stays near the size of the file.  Whatever is not a
report raises ``NoReportError`` with one sentence; what deviates is noted and read on.
"""

import codecs
from collections.abc import Sequence
from datetime import datetime

import msgspec

from mxwalk.language import say
from mxwalk.limits import (
    TLSRPT_JSON_BYTES,
    TLSRPT_JSON_VALUES,
    TLSRPT_REPORTS,
    TLSRPT_ROW_BYTES,
)
from mxwalk.reportfiles.collecting import Deviations
from mxwalk.reportfiles.dates import read_date
from mxwalk.reportfiles.errors import NoReportError
from mxwalk.reportfiles.model import Kind
from mxwalk.tlsrpt.members import Members
from mxwalk.tlsrpt.model import Report
from mxwalk.tlsrpt.objects import NOTHING, UNREADABLE
from mxwalk.tlsrpt.policies import PolicyReader
from mxwalk.tlsrpt.rows import RowBudget
from mxwalk.wordings import json_words

_PIECE = 1024 * 1024
_BOM = b"\xef\xbb\xbf"


class _Document(msgspec.Struct):
    """The members of a report, each still JSON."""

    organization: msgspec.Raw = msgspec.field(name="organization-name", default=NOTHING)
    date_range: msgspec.Raw = msgspec.field(name="date-range", default=NOTHING)
    contact: msgspec.Raw = msgspec.field(name="contact-info", default=NOTHING)
    report_id: msgspec.Raw = msgspec.field(name="report-id", default=NOTHING)
    policies: msgspec.Raw = NOTHING


_DOCUMENT = msgspec.json.Decoder(_Document)
_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])
_MEMBERS = {
    "organization-name": "organization",
    "date-range": "date_range",
    "contact-info": "contact",
    "report-id": "report_id",
}


def read_document(
    data: bytes,
    source: str,
    around: Sequence[tuple[Kind, str]] = (),
    budget: RowBudget | None = None,
) -> tuple[Report, ...]:
    """Return the reports in a JSON document, nearly always one.

    ``around`` is what was noted of its wrapping; ``budget`` how many rows may still be kept.  Raises
    ``NoReportError``.
    """
    budget = budget or RowBudget()
    if len(data) > TLSRPT_JSON_BYTES:
        raise NoReportError(
            say("it has more than {most} MiB of JSON", most=TLSRPT_JSON_BYTES // 1024 // 1024)
        )
    noted = list(around)
    data = _in_utf_8(data, noted)
    if data.count(b",") > TLSRPT_JSON_VALUES:
        raise NoReportError(say("it has more than {most:,} values", most=TLSRPT_JSON_VALUES))
    if data[:1] != b"[":
        return (_report(data, source, noted, budget),)
    noted.append((Kind.ARRAY, say("the document is an array; a report is an object")))
    documents = _array(data)
    if len(documents) > TLSRPT_REPORTS:
        raise NoReportError(
            say("it is an array of more than {most:,} elements", most=TLSRPT_REPORTS)
        )
    if not documents:
        raise NoReportError(say("it is an empty array"))
    name = source if len(documents) == 1 else f"{source}[{{}}]"
    return tuple(
        _report(document, name.replace("{}", str(number)), noted, budget)
        for number, document in enumerate(documents)
    )


def _in_utf_8(data: bytes, noted: list[tuple[Kind, str]]) -> bytes:
    """Return the document as UTF-8 (RFC 8259 8.1) without spaces around it."""
    if data.startswith(_BOM):
        noted.append(
            (Kind.ENCODING, say("a byte order mark stands before the JSON (RFC 8259 8.1)"))
        )
        data = data[len(_BOM) :]
    elif data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        noted.append((Kind.ENCODING, say("it is encoded in UTF-16, not in UTF-8 (RFC 8259 8.1)")))
        data = data.decode("utf-16", "replace").encode()
    if not _is_utf_8(data):
        noted.append(
            (Kind.ENCODING, say("it is not in UTF-8 throughout; bytes that are not are replaced"))
        )
        data = data.decode("utf-8", "replace").encode()
    return data.strip(b" \t\r\n")


def _is_utf_8(data: bytes) -> bool:
    """Say whether it is, without a second copy of it all."""
    if data.isascii():
        return True
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for at in range(0, len(data), _PIECE):
            decoder.decode(data[at : at + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _array(data: bytes | msgspec.Raw) -> list[msgspec.Raw]:
    try:
        return _ARRAY.decode(data)
    except UNREADABLE as error:
        raise NoReportError(_why(error)) from error


def _why(error: BaseException) -> str:
    if isinstance(error, RecursionError):
        return say("it is nested too deeply")
    return say("it is not well-formed JSON: {error}", error=json_words(error))


def _report(
    data: bytes | msgspec.Raw,
    source: str,
    noted: Sequence[tuple[Kind, str]],
    budget: RowBudget,
) -> Report:
    try:
        document = _DOCUMENT.decode(data)
    except msgspec.ValidationError as error:
        raise NoReportError(say("it is JSON, but not a report: a report is an object")) from error
    except UNREADABLE as error:
        raise NoReportError(_why(error)) from error
    if not document.policies and not document.report_id:
        raise NoReportError(
            say("it is JSON, but not a TLS report: it has neither policies nor report-id")
        )
    deviations = Deviations()
    for kind, words in noted:
        deviations.add(kind, "", words)
    top = Members(_top(document, deviations), "", deviations)
    organisation = top.text("organization-name", required=True)
    begins, ends = _period(top, deviations)
    contact = top.text("contact-info", required=True)
    report_id = top.text("report-id", required=True)
    policies = PolicyReader(deviations, budget).read(document.policies)
    return Report(
        source=source,
        organisation=organisation,
        begins=begins,
        ends=ends,
        contact=contact,
        report_id=report_id,
        policies=policies,
        deviations=deviations.found(),
    )


def _top(document: _Document, deviations: Deviations) -> dict[str, object]:
    """Return the small members as values; one that is long or cannot be read is left out."""
    values: dict[str, object] = {}
    for name, attribute in _MEMBERS.items():
        raw: msgspec.Raw = getattr(document, attribute)
        if memoryview(raw).nbytes > TLSRPT_ROW_BYTES:
            deviations.add(
                Kind.LIMIT,
                name,
                say(
                    "is longer than {tlsrpt_row_bytes:,} octets", tlsrpt_row_bytes=TLSRPT_ROW_BYTES
                ),
            )
        elif raw:
            try:
                values[name] = msgspec.json.decode(raw)
            except UNREADABLE:
                deviations.add(Kind.UNREADABLE, name, say("cannot be read"))
    return values


def _period(top: Members, deviations: Deviations) -> tuple[datetime | None, datetime | None]:
    """Return the beginning and the end of the period, as far as they can be read."""
    value = top.value("date-range", required=True)
    if value is None:
        return None, None
    if not isinstance(value, dict):
        deviations.add(Kind.TYPE, "date-range", say("is no object"))
        return None, None
    dates = Members(value, "date-range", deviations)
    found: list[datetime | None] = []
    for name in ("start-datetime", "end-datetime"):
        written = dates.value(name, required=True)
        read = read_date(written) if written is not None else None
        if read is not None and read.deviation:
            deviations.add(Kind.DATE, dates.at(name), read.deviation, written)
        found.append(read.moment if read else None)
    begins, ends = found
    if begins and ends and ends < begins:
        deviations.add(Kind.VALUE, "date-range", say("ends before it begins"))
    return begins, ends
