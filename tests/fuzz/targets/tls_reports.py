"""TLSRPT: the record, and reports in JSON however packed; what they come to, and that it adds up.

An input is a document or a file as it is (the last octet says which way it travels) and, before a first
line that is no JSON, a record.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from mxwalk.commands.tlsrpt_text import report_lines
from mxwalk.limits import TLSRPT_FIELDS, TLSRPT_POLICIES, TLSRPT_ROWS
from mxwalk.tlsrpt.model import Reading
from mxwalk.tlsrpt.reading import read_reports
from mxwalk.tlsrpt.record import Standing, read_record, read_records
from mxwalk.tlsrpt.rows import RowBudget
from mxwalk.tlsrpt.summary import summarise
from tests.fuzz import packing
from tests.fuzz.choices import Choices
from tests.fuzz.model import Target, printable, printable_lines, promise
from tests.fuzz.said import all_printable
from tests.fuzz.structure import pieces, tree

_WAYS = packing.ways(b"application/tlsrpt+gzip", b"a!b!1!2.json.gz")
_NAMES = ("as it is", "plain", "gzip", "twice", "mail", "members")


def _check(data: bytes) -> None:
    choices = Choices(data)
    way = choices.pick((*_NAMES, "record"))
    rest = choices.rest()
    if way == "record":
        _check_record(rest)
        return
    plain = read_reports(rest, "x", RowBudget())
    check_reading(plain, rest)
    if way in _WAYS and rest.lstrip(b" \t\r\n")[:1] == b"{":
        packed = read_reports(_WAYS[way](rest), "x", RowBudget())
        check_reading(packed, rest)
        promise(_bare(packed) == _bare(plain), "packed it is another report:", way)


def _bare(reading: Reading) -> list[object]:
    return [replace(one, source="", deviations=()) for one in reading.reports]


def check_reading(reading: Reading, data: bytes) -> None:
    """What must hold of any reading."""
    promise(reading.reports or reading.problems, "nothing at all is said of", data[:80])
    all_printable(reading.problems, 1_500)
    for report in reading.reports:
        all_printable(report.deviations, 1_500)  # its other texts are kept as they came
        promise(report.successes >= 0 <= report.failures, "a negative number of sessions")
        promise(len(report.policies) <= TLSRPT_POLICIES, "policies without end")
        rows = sum(len(policy.details) for policy in report.policies)
        promise(rows <= min(TLSRPT_ROWS, len(data)), "rows without end")
        for deviation in report.deviations:
            for place in deviation.places:
                printable(place)
        for policy in report.policies:
            promise(all(row.sessions >= 0 for row in policy.details), "a negative row")
    summary = summarise(reading.reports)
    promise(summary.reports == len(reading.reports), "reports are lost")
    printable_lines("\n".join(report_lines(reading, summary)))


def _check_record(raw: bytes) -> None:
    texts = raw.split(b"\n")
    found = read_records(texts)
    printable(found.sentence)
    promise(len(found.records) + found.others == len(texts), "records are lost")
    promise((found.record is not None) == (found.standing is Standing.USABLE), "usable or not")
    for text in texts[:4]:
        reading = read_record(text)
        all_printable(reading, 1_500)
        promise(
            len(reading.extensions) + len(reading.destinations) <= len(text), "more than there is"
        )
        promise(len(reading.extensions) <= TLSRPT_FIELDS, "fields without end")
        for remark in reading.remarks:
            promise(1 <= remark.at <= len(reading.text) + 2, "a remark at", remark.at)


def _seeds() -> Iterable[bytes]:
    from tests.tlsrpt.examples import APPENDIX_B, octets, report

    for number in range(len(_NAMES)):
        yield APPENDIX_B + bytes((number,))
    small = octets(report())
    yield small + b"\1"
    for drop in ("date-range", "policies", "organization-name", "report-id"):
        yield octets({key: value for key, value in report().items() if key != drop}) + b"\2"
    for name in ("gzip", "mail"):
        yield _WAYS[name](small) + b"\0"
    yield octets([report()]) + b"\1"
    yield b"[" * 300 + b"\1"
    yield b'{"policies": [1, {"policy": 2, "summary": {"total-failure-session-count": -1}}]}\1'
    for text in (
        b"v=TLSRPTv1;rua=mailto:tls@example.com", b"v=TLSRPTv1; rua=https://example.com/x,mailto:a!b@c", b"v=TLSRPTv1",
        b"v=TLSRPTv1;rua=", b"v=tlsrptv1; rua=mailto:a@b\nv=TLSRPTv1; x=y; rua=ftp://a\nother", b"v=TLSRPTv1;;rua=%zz,,\xff",
    ):  # fmt: skip
        yield text + b"\6"


_WORDS = (
    b'"policies"', b'"policy-string"', b'"failure-details"', b'"failed-session-count"', b'"date-range"', b"{", b"[",
    b'"start-datetime"', b'"2016-04-01T00:00:00Z"', b"v=TLSRPTv1;", b"rua=", b"mailto:", b"https://", b"\x1f\x8b\x08",
)  # fmt: skip


def _mutate(data: bytes, choices: Choices) -> bytes | None:
    changed = tree.mutate(data[:-1], choices)
    if changed is None:
        changed = pieces.mutate(data[:-1], choices, pieces.FIELDS, _WORDS)
    return changed + data[-1:]


TARGET = Target(
    promise="A report is the same however packed, its numbers add up, and every sentence is visible.",
    check=_check,
    calls=lambda size: 150_000 + 2_000 * size,
    max_len=3_000,
    words=_WORDS,
    mutate=_mutate,
    seeds=_seeds,
)
