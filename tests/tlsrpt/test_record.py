"""The record at ``_smtp._tls``: RFC 8460 3, its examples, and every deviation told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.tlsrpt.destinations import Cost, Fault
from mxwalk.tlsrpt.record import Standing, read_record, read_records
from tests.hostile import HOSTILE


def faults(text: str) -> list[tuple[Fault, int]]:
    return [(remark.fault, remark.at) for remark in read_record(text.encode()).remarks]


@pytest.mark.parametrize(
    "text",
    [
        "v=TLSRPTv1;rua=mailto:reports@example.com",  # RFC 8460 3.1.1
        "v=TLSRPTv1; rua=https://reporting.example.com/v1/tlsrpt",  # RFC 8460 3.1.2
        "v=TLSRPTv1; rua=mailto:a@example.com,https://example.com/x",
        "v=TLSRPTv1; rua=mailto:a@example.com , mailto:b@example.net;",
        "v=TLSRPTv1;\trua=mailto:a%2Cb@example.com",
        "v=TLSRPTv1; rua=https://[2001:db8::1]:8443/x?y=z#f",
    ],
)
def test_a_record_by_the_grammar_has_no_remarks_and_is_usable(text: str) -> None:
    reading = read_record(text.encode())
    assert not reading.remarks
    assert reading.usable
    assert all(destination.usable for destination in reading.destinations)
    assert read_records([text.encode()]).standing is Standing.USABLE


@pytest.mark.parametrize(
    ("text", "fault", "at", "usable"),
    [
        ("v=TLSRPTv1 ;rua=mailto:a@example.com", Fault.VERSION_SPACE, 11, False),
        ("v=tlsrptv1;rua=mailto:a@example.com", Fault.VERSION_CASE, 1, False),
        ("V=TLSRPTv1;rua=mailto:a@example.com", Fault.VERSION_CASE, 1, False),
        (" v=TLSRPTv1;rua=mailto:a@example.com", Fault.VERSION, 1, False),
        ("v=TLSRPTv2;rua=mailto:a@example.com", Fault.VERSION, 1, False),
        ("v=TLSRPTv1", Fault.VERSION_ALONE, 1, False),
        ("v=TLSRPTv1;", Fault.NO_RUA, 12, False),
        ("v=TLSRPTv1; x=y", Fault.NO_RUA, 16, False),
        ("v=TLSRPTv1;rua=", Fault.EMPTY_URI, 16, False),
        ("v=TLSRPTv1;RUA=mailto:a@example.com", Fault.RUA_CASE, 12, False),
        ("v=TLSRPTv1;rua =mailto:a@example.com", Fault.SPACE, 12, False),
        ("v=TLSRPTv1;rua= mailto:a@example.com", Fault.SPACE, 12, False),
        ("v=TLSRPTv1;rua=mailto:a@example.com;rua=mailto:b@example.com", Fault.RUA_TWICE, 37, True),
        ("v=TLSRPTv1;rua=mailto:a@example.com,", Fault.EMPTY_URI, 37, True),
        ("v=TLSRPTv1;rua=a@example.com", Fault.NO_SCHEME, 16, False),
        ("v=TLSRPTv1;rua=http://example.com/x", Fault.SCHEME, 16, False),
        ("v=TLSRPTv1;rua=ftp://example.com/x", Fault.SCHEME, 16, False),
        ("v=TLSRPTv1;rua=mailto:nobody", Fault.MAILBOX, 16, False),
        ("v=TLSRPTv1;rua=https:///x", Fault.HTTPS, 16, False),
        ("v=TLSRPTv1;rua=mailto:a@example.com!10m", Fault.NOT_ENCODED, 36, False),
        ("v=TLSRPTv1;rua=mailto:a b@example.com", Fault.CHARACTER, 24, False),
        ("v=TLSRPTv1;rua=mailto:ä@example.com", Fault.CHARACTER, 23, False),
        ("v=TLSRPTv1;rua=https://example.com/%zz", Fault.ESCAPE, 36, False),
        ("v=TLSRPTv1;;rua=mailto:a@example.com", Fault.EMPTY_FIELD, 12, True),
        ("v=TLSRPTv1;rua=mailto:a@example.com;x", Fault.FIELD, 37, False),
        ("v=TLSRPTv1;rua=mailto:a@example.com;_x=y", Fault.FIELD_NAME, 37, False),
        ("v=TLSRPTv1;rua=mailto:a@example.com;x=a b", Fault.FIELD_VALUE, 37, False),
        ("v=TLSRPTv1;rua=mailto:a@example.com;x=a=b", Fault.FIELD_VALUE, 37, False),
        ("v=TLSRPTv1;rua=mailto:a@example.com;v=TLSRPTv1", Fault.VERSION_TWICE, 37, False),
        ("v=TLSRPTv1;rua=mailto:a@example.com;ext=ok-1", Fault.UNKNOWN, 37, True),
    ],
)
def test_each_deviation_is_told_with_its_character(text, fault, at, usable) -> None:
    assert (fault, at) in faults(text)
    reading = read_record(text.encode())
    lost = [r for r in reading.remarks if r.cost is Cost.RECORD]
    if usable:
        assert not lost
    assert reading.usable is (usable and any(d.usable for d in reading.destinations))


def test_an_unknown_field_is_kept_and_costs_nothing() -> None:
    reading = read_record(b"v=TLSRPTv1;rua=mailto:a@example.com;ext=ok-1")
    assert reading.extensions == (("ext", "ok-1"),)
    assert reading.usable
    assert [remark.cost for remark in reading.remarks] == [Cost.NOTHING]


def test_two_records_are_none_and_others_do_not_count() -> None:
    good = b"v=TLSRPTv1;rua=mailto:a@example.com"
    several = read_records([good, good])
    assert several.standing is Standing.SEVERAL
    assert "2 TLSRPT records" in several.sentence
    beside = read_records([b"v=spf1 -all", good, b"v=STSv1; id=1"])
    assert beside.standing is Standing.USABLE
    assert beside.others == 2
    assert beside.record is not None
    assert "mailto:a@example.com" in beside.sentence


def test_one_of_two_that_is_discarded_leaves_one() -> None:
    found = read_records(
        [b"v=TLSRPTv1 ;rua=mailto:a@example.com", b"v=TLSRPTv1;rua=mailto:b@example.com"]
    )
    assert found.standing is Standing.USABLE
    assert found.record is not None
    assert found.record.destinations[0].uri == "mailto:b@example.com"


def test_without_any_record_nobody_is_told() -> None:
    assert read_records([]).standing is Standing.NONE
    assert "nobody is told" in read_records([b"something else"]).sentence
    assert "discard" in read_records([b"v=tlsrptv1;rua=mailto:a@example.com"]).sentence


def test_a_destination_that_is_no_use_does_not_take_the_other_along() -> None:
    found = read_records([b"v=TLSRPTv1;rua=http://example.com/x,mailto:a@example.com"])
    assert found.standing is Standing.USABLE
    assert "http://" not in found.sentence


@pytest.mark.parametrize("raw", HOSTILE)
def test_hostile_octets_are_read_and_told_printably(raw: bytes) -> None:
    for text in (
        raw,
        b"v=TLSRPTv1;" + raw,
        b"v=TLSRPTv1;rua=" + raw,
        b"v=TLSRPTv1;rua=mailto:" + raw,
    ):
        found = read_records([text])
        assert found.sentence.isprintable()
        for record in found.records:
            assert all(remark.sentence.isprintable() for remark in record.remarks)


PIECES = st.sampled_from(
    [
        "v=TLSRPTv1",
        ";",
        ",",
        "rua",
        "=",
        " ",
        "\t",
        "mailto:",
        "a@example.com",
        "https://",
        "!",
        "%",
        "ä",
        "x",
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    found = read_records([("v=TLSRPTv1;" + text).encode("utf-8", "surrogatepass")])
    assert found.standing in (Standing.USABLE, Standing.VOID)
    reading = found.records[0]
    assert reading.usable is (found.standing is Standing.USABLE)
    assert all(1 <= remark.at <= len(reading.text) + 2 for remark in reading.remarks)
    if not reading.remarks:
        assert reading.usable
