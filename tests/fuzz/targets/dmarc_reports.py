"""DMARC aggregate reports: XML however packed, and in whatever pieces; what they come to adds up.

An input is a document or a file as it is; the last octet says in which way it travels.
"""

import io
from collections.abc import Iterable

from msgspec.structs import replace

from mxwalk.commands.dmarc_text import report_lines
from mxwalk.dmarcrpt.known import read_known
from mxwalk.dmarcrpt.model import Reading, Report
from mxwalk.dmarcrpt.reading import read_octets, read_reports
from mxwalk.dmarcrpt.summary import summarise
from mxwalk.errors import UsageError
from tests.fuzz import packing
from tests.fuzz.choices import Choices
from tests.fuzz.model import Target, printable, printable_lines, promise, refusing
from tests.fuzz.said import all_printable
from tests.fuzz.structure import pieces

_WAYS = packing.ways(b"application/gzip", b"a!b!1!2.xml.gz")
_NAMES = ("as it is", "plain", "gzip", "zip", "stored", "mail", "mail of zip", "members")


class _Slow(io.BytesIO):
    """A file that gives a few octets at a time, once its kind is known by the first ones."""

    def __init__(self, data: bytes, size: int) -> None:
        super().__init__(data)
        self._few = size

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() == 0:
            return super().read(size)
        wanted = self._few if size is None or size < 0 else min(size, self._few)
        return super().read(wanted)


def _check(data: bytes) -> None:
    choices = Choices(data)
    way, few = choices.pick(_NAMES), 1 + choices.number(64)
    rest = choices.rest()
    plain = read_octets(rest, "x")
    check_reading(plain)
    if way in _WAYS and b"<feedback" in rest[:200]:
        packed = read_octets(_WAYS[way](rest), "x")
        check_reading(packed)
        promise(_bare(packed) == _bare(plain), "packed it is another report:", way)
    if way == "as it is" and rest[:1] == b"<":
        in_pieces = read_reports(_Slow(rest, few), "x")
        promise(_bare(in_pieces) == _bare(plain), "in pieces it is another report")
    with refusing(UsageError):
        read_known(rest[:200].decode("utf-8", "surrogateescape").split("\n"))


def _bare(reading: Reading) -> list[Report]:
    return [replace(report, source="", deviations=()) for report in reading.reports]


def check_reading(reading: Reading) -> None:
    """What must hold of any reading."""
    promise(reading.reports or reading.problems, "nothing at all is said")
    all_printable(reading.problems, 1_500)
    for report in reading.reports:
        all_printable(report.deviations, 1_500)  # its other texts are kept as they came
        promise(all(row.messages >= 0 for row in report.rows), "a negative row")
        promise(report.failures <= report.messages, "more failures than messages")
        for deviation in report.deviations:
            for place in deviation.places:
                printable(place)
    summary = summarise(reading.reports)
    all_printable(summary)
    promise(summary.reports == len(reading.reports), "reports are lost")
    promise(summary.messages == sum(one.messages for one in reading.reports), "messages are lost")
    promise(sum(case.messages for case in summary.cases) == summary.messages, "cases do not add up")
    aligned = summary.alignment
    promise(
        aligned.both + aligned.dkim + aligned.spf + aligned.none == summary.messages,
        "alignments do not add up",
    )
    printable_lines("\n".join(report_lines(reading, summary, {})))


def _seeds() -> Iterable[bytes]:
    from tests.dmarcrpt.examples import APPENDIX_B, record, report

    small = report(record(), record("2001:db8::1", 3, dkim="fail", spf="fail"))
    for number in range(len(_NAMES)):
        yield APPENDIX_B + bytes((7, number))
        yield small + bytes((1, number))
    for name in ("gzip", "zip", "mail"):
        yield _WAYS[name](small) + b"\0\0"
    yield b"<feedback>" + b"<a>" * 60 + b"\0\0"
    yield b'<?xml version="1.0" encoding="x"?><feedback/>\0\0'
    yield b"<!DOCTYPE f [<!ENTITY a 'b'>]><feedback>&a;</feedback>\0\0"
    yield small.decode().encode("utf-16") + b"\0\0"
    yield small[: len(small) // 2] + b"\0\1"


_WORDS = (
    b"<record>", b"</record>", b"<row>", b"<count>", b"<source_ip>", b"<policy_evaluated>", b"<auth_results>", b"<dkim>",
    b"<spf>", b"<domain>", b"<result>", b"<reason>", b"<identifiers>", b"<header_from>", b"<begin>", b"<![CDATA[", b"]]>",
    b"<!DOCTYPE", b"<!ENTITY", b"&amp;", b"&#0;", b"&#x1b;", b"<?xml ", b"PK\3\4", b"PK\1\2", b"PK\5\6", b"\x1f\x8b\x08",
    b"<extension>", b"<version>1.0</version>", b"xmlns=", b"-1", b"99999999999999999999", b"<pct>", b"<selector>",
)  # fmt: skip
TARGET = Target(
    promise="A report is the same however packed and cut, and its numbers add up.",
    check=_check,
    calls=lambda size: 200_000 + 2_500 * size,
    max_len=3_000,
    words=_WORDS,
    mutate=lambda data, choices: pieces.mutate(data[:-1], choices, pieces.TAGS, _WORDS) + data[-1:],
    seeds=_seeds,
)
