"""Files made to hurt: bombs, entities, depth, floods, and anything hypothesis thinks of."""

import gzip
import io
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk import limits
from mxwalk.dmarcrpt.document import RowBudget
from mxwalk.dmarcrpt.model import Reading, Report
from mxwalk.dmarcrpt.reading import Allowance, read_octets
from mxwalk.dmarcrpt.summary import summarise
from mxwalk.reportfiles.model import Kind
from tests.dmarcrpt.examples import (
    APPENDIX_B,
    mail,
    metadata,
    packed_mail,
    record,
    report,
    result,
    zipped,
)
from tests.generated import examples
from tests.hostile import HOSTILE
from tests.timing import within

MIB = 1024 * 1024


def sentence_of(data: bytes) -> str:
    reading = read_octets(data, "x")
    assert not reading.reports
    return reading.problems[0].sentence


def one(data: bytes) -> Report:
    (found,) = read_octets(data, "x").reports
    return found


def sound(reading: Reading) -> None:
    """What must hold of any reading."""
    assert reading.reports or reading.problems
    assert all(p.sentence.isprintable() for p in reading.problems)
    for found in reading.reports:
        for deviation in found.deviations:
            assert deviation.sentence.isprintable()
            assert all(place.isprintable() for place in deviation.places)
        assert all(row.messages >= 0 for row in found.rows)
        assert found.failures <= found.messages
    summary = summarise(reading.reports)
    assert summary.reports == len(reading.reports)
    assert summary.messages == sum(found.messages for found in reading.reports)
    assert sum(case.messages for case in summary.cases) == summary.messages
    assert sum(summary.alignment.__getattribute__(n) for n in ("both", "dkim", "spf", "none")) == (
        summary.messages
    )


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><feedback><version>&c;</version></feedback>"""


@pytest.mark.parametrize(
    "data",
    [
        LAUGHS,
        LAUGHS.decode().encode("utf-16"),
        b'<!DOCTYPE feedback SYSTEM "http://192.0.2.1/x.dtd"><feedback/>',
        b'<!DOCTYPE f [<!ENTITY x SYSTEM "file:///etc/passwd">]><feedback><a>&x;</a></feedback>',
        b'<!DOCTYPE f [<!ENTITY % x SYSTEM "http://192.0.2.1/">%x;]><feedback/>',
        gzip.compress(LAUGHS),
        zipped(LAUGHS),
        packed_mail(LAUGHS),
    ],
    ids=["laughs", "UTF-16", "DTD", "external", "parameter", "gzip", "zip", "mail"],
)
def test_document_types_and_entities_are_refused_in_a_sentence(data: bytes) -> None:
    assert sentence_of(data) == (
        "it declares a document type, which no report has: it is not read any further"
    )


def test_an_entity_nobody_declared_ends_the_reading_there() -> None:
    found = one(report(record(count=1), record(header_from="&x;")))
    assert found.messages == 1
    assert "undefined entity" in found.deviations[0].sentence


def test_a_gzip_bomb_is_refused_by_its_ratio() -> None:
    bomb = gzip.compress(b"<feedback>" + b" " * (64 * MIB), 9)
    with within(5):
        assert "unpacks to more than 250 times its size" in sentence_of(bomb)


def test_a_gzip_bomb_within_gzip_and_of_many_members_is_refused() -> None:
    member = gzip.compress(b" " * (8 * MIB), 9)
    assert "unpacks to more than" in sentence_of(member * 10)
    assert "unpacks to more than" in sentence_of(gzip.compress(member * 10))


def test_a_zip_bomb_is_refused_by_its_ratio() -> None:
    bomb = zipped(b"<feedback>" + b" " * (64 * MIB))
    assert len(bomb) < MIB
    assert "unpacks to more than 250 times its size" in sentence_of(bomb)


def test_xml_beyond_the_absolute_limit_is_refused(monkeypatch) -> None:
    monkeypatch.setattr("mxwalk.dmarcrpt.reading.DMARC_XML_BYTES", 10_000)
    data = report(*(record() for _ in range(50)))
    assert "more than" in sentence_of(data)
    assert "more than" in sentence_of(gzip.compress(data))
    assert "more than" in sentence_of(zipped(data))


def test_all_files_together_have_a_limit() -> None:
    allowance = Allowance(octets=5_000)
    assert read_octets(report(), "x", allowance).reports
    large = report(*(record() for _ in range(50)))
    assert "too much XML" in read_octets(large, "x", allowance).problems[0].sentence


def test_a_zip_of_very_many_files_is_refused_before_its_directory_is_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(limits.DMARC_ZIP_ENTRIES + 1):
            archive.writestr(str(number), b"x")
    assert "more than 1,000 files" in sentence_of(out.getvalue())
    data = bytearray(out.getvalue())
    at = data.rindex(b"PK\x05\x06")
    data[at + 12 : at + 16] = (64 * MIB).to_bytes(4, "little")
    assert "far too many files" in sentence_of(bytes(data))


def test_zip_entries_that_are_encrypted_or_packed_otherwise_are_not_read() -> None:
    data = bytearray(zipped(APPENDIX_B))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        where = data.index(signature)
        data[where + at] |= 1
    assert "encrypted" in sentence_of(bytes(data))
    assert "by a method" in sentence_of(zipped(APPENDIX_B, method=zipfile.ZIP_BZIP2))


def test_a_zip_entry_without_a_name_and_a_64_bit_directory_are_survived() -> None:
    data = bytearray(zipped(APPENDIX_B))
    at = data.index(b"PK\x01\x02")
    name = int.from_bytes(data[at + 28 : at + 30], "little")
    nameless = data[: at + 28] + b"\0\0" + data[at + 30 : at + 46] + data[at + 46 + name :]
    size = int.from_bytes(nameless[-10:-6], "little") - name
    nameless[-10:-6] = size.to_bytes(4, "little")
    sound(read_octets(bytes(nameless), "x"))
    end = data.rindex(b"PK\x05\x06")
    assert "64-bit" in sentence_of(bytes(data[:end] + b"PK\x06\x07" + bytes(16) + data[end:]))


@pytest.mark.parametrize(
    "name", ["utf-7", "utf-32", "rot13", "idna", "shift_jis", "no-such", "hex"]
)
def test_encodings_that_cannot_be_read_are_said(name: str) -> None:
    data = report().decode().replace("UTF-8", name).encode()
    assert "its encoding cannot be read" in sentence_of(data)


def test_a_zip_whose_sizes_and_checksums_lie_is_told() -> None:
    data = zipped(APPENDIX_B)
    crc = zlib.crc32(APPENDIX_B).to_bytes(4, "little")
    found = read_octets(data.replace(crc, b"\0\0\0\0"), "x")
    sound(found)
    words = [d.sentence for r in found.reports for d in r.deviations]
    words += [p.sentence for p in found.problems]
    assert any("damaged" in sentence for sentence in words)


@pytest.mark.parametrize(
    "inside",
    [b"<a>" * 200_000, b"<record>" * 200_000, b"<record>" + b"<row>" * 200_000],
)
def test_depth_is_refused(inside: bytes) -> None:
    with within(5):
        assert "deep" in sentence_of(b"<feedback>" + inside)


@pytest.mark.parametrize(
    "data",
    [
        b"<feedback><!--" + b"x" * (4 * MIB),
        b"<feedback><a " + b"x" * (4 * MIB),
        b"<feedback><a b='" + b"x" * (4 * MIB),
        b"<feedback><?x " + b"x" * (4 * MIB),
        b"<feedback " + b"x='y' " * MIB,
    ],
    ids=["comment", "name", "value", "instruction", "attributes"],
)
def test_a_single_token_of_megabytes_is_refused_at_once(data: bytes) -> None:
    with within(3):
        sentence_of(data)


def test_a_text_of_megabytes_is_cut() -> None:
    data = report(head=metadata(organisation="x" * (8 * MIB)))
    found = one(data)
    assert len(found.organisation) == limits.REPORT_TEXT_CHARS
    assert any(d.kind is Kind.LIMIT for d in found.deviations)
    found = one(report().replace(b"<org_name>", b"<org_name><![CDATA[" + b"y" * 9_000 + b"]]>"))
    assert len(found.organisation) == limits.REPORT_TEXT_CHARS


def test_floods_of_different_names_are_refused() -> None:
    flood = b"".join(b"<a%d/>" % number for number in range(100_000))
    assert "different names" in sentence_of(b"<feedback>" + flood + b"</feedback>")
    flood = b"".join(b"<a a%d=''/>" % number for number in range(100_000))
    assert "different names" in sentence_of(b"<feedback>" + flood + b"</feedback>")


def test_floods_of_elements_in_one_record_are_passed_over_and_said() -> None:
    results = [result("dkim", "example.com", "pass", selector=f"s{n}") for n in range(3_000)]
    found = one(report(record(results=results)))
    assert len(found.rows[0].signatures) == limits.DMARC_SIGNATURES
    assert any("are passed over" in d.sentence for d in found.deviations)
    reasons = [("other", str(n)) for n in range(100)]
    assert len(one(report(record(reasons=reasons))).rows[0].reasons) == limits.DMARC_REASONS


def test_floods_of_metadata_are_bounded() -> None:
    found = one(report(head=metadata(more="<error>x</error>" * 50_000)))
    assert len(found.errors) <= 20
    many = "<policy_published/>" * 20_000 + "<x/>" * 20_000
    found = one(report(policy=many))
    assert any(d.kind is Kind.REPEATED for d in found.deviations)


def test_rows_beyond_the_limit_are_added_up_without_addresses() -> None:
    data = report(*(record(ip=f"192.0.2.{n}", count=n) for n in range(1, 6)))
    (found,) = read_octets(data, "x", Allowance(rows=RowBudget(left=2))).reports
    assert [(r.source_ip, r.messages, r.rows) for r in found.rows] == [
        ("192.0.2.1", 1, 1),
        ("192.0.2.2", 2, 1),
        ("", 12, 3),
    ]
    assert found.messages == 15
    assert any(d.kind is Kind.LIMIT for d in found.deviations)
    assert summarise((found,)).sources.count == 2


def test_numbers_of_any_length_cost_nothing() -> None:
    for count in ("9" * 100_000, "9" * 19, "1e9", "٣", "²", "0x10", "+5", "1,000", "1_0"):
        found = one(report(record(count=count)))
        assert 0 <= found.messages <= 1 << 53


def test_a_reading_can_be_stopped_in_the_middle_of_a_file() -> None:
    data = report(*(record(ip=f"2001:db8::{n:x}") for n in range(4_000)))
    pieces = iter([False, True, True])
    allowance = Allowance(stopped=lambda: next(pieces, True))
    (found,) = read_octets(data, "x", allowance).reports
    assert 0 < len(found.rows) < 4_000
    assert "reading was stopped there" in found.deviations[0].sentence


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_octets_anywhere(hostile: bytes) -> None:
    sound(read_octets(hostile, "x"))
    sound(read_octets(report() + hostile, "x"))
    for place in (b"<org_name>", b"<source_ip>", b"<count>", b"<header_from>", b"<begin>", b"<p>"):
        sound(read_octets(report().replace(place, place + hostile), "x"))
        text = hostile.replace(b"&", b"&amp;").replace(b"<", b"&lt;")
        sound(read_octets(report().replace(place, place + text), "x"))
    sound(read_octets(bytes(mail(gzip.compress(hostile))), "x"))
    sound(read_octets(zipped(hostile), "x"))


@given(st.binary(max_size=300))
def test_any_octets(data: bytes) -> None:
    for wrapped in (data, gzip.compress(data), b"<feedback>" + data, zipped(data)):
        sound(read_octets(wrapped, "x"))


ELEMENTS = st.recursive(
    st.text(max_size=20).map(lambda t: t.replace("&", "").replace("<", "")),
    lambda inside: st.tuples(
        st.sampled_from(
            [
                "feedback",
                "record",
                "row",
                "identifiers",
                "auth_results",
                "dkim",
                "spf",
                "domain",
                "result",
                "selector",
                "count",
                "source_ip",
                "policy_evaluated",
                "reason",
                "type",
                "comment",
                "report_metadata",
                "date_range",
                "begin",
                "end",
                "policy_published",
                "p",
                "sp",
                "pct",
                "version",
                "extension",
                "x",
                "Record",
            ]
        ),
        st.lists(inside, max_size=4),
    ).map(lambda pair: f"<{pair[0]}>{''.join(pair[1])}</{pair[0]}>"),
    max_leaves=30,
)


@given(st.lists(ELEMENTS, max_size=6))
@examples(150)
def test_any_elements_in_any_place(inside: list[str]) -> None:
    body = "".join(inside)
    sound(read_octets(f"<feedback>{body}</feedback>".encode("utf-8", "surrogatepass"), "x"))
    sound(read_octets(report(record(), body), "x"))


@given(st.integers(0, 3_000), st.binary(max_size=4))
@examples(150)
def test_a_report_with_octets_replaced_anywhere(at: int, octets: bytes) -> None:
    for data in (report(), APPENDIX_B, gzip.compress(APPENDIX_B), zipped(report())):
        place = at % len(data)
        sound(read_octets(data[:place] + octets + data[place + len(octets) :], "x"))
