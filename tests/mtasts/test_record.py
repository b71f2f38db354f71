"""The ``_mta-sts`` record: RFC 8461 3.1's grammar, every deviation apart, total over any bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.dns.txt import txt_line, txt_octets, txt_strings
from mxwalk.evidence.dns import DnsAnswer, DnsStatus, RRset
from mxwalk.mtasts.model import RecordFault, RecordStanding, Weight
from mxwalk.mtasts.record import read_lookup, read_record

EXAMPLE = b"v=STSv1; id=20160831085700Z;"  # RFC 8461 3.1


def read(text: bytes):
    return read_record([text])


def faults(text: bytes):
    return {one.fault for one in read(text).deviations}


def answer(*records: str, status=DnsStatus.OK, hops=()):
    name = "_mta-sts.example.com"
    end = hops[-1] if hops else name
    return DnsAnswer(
        qname=name,
        rtype="TXT",
        status=status,
        cname_hops=hops,
        answer=(RRset(name=end, rtype="TXT", ttl_s=300, records=records),),
    )


@pytest.mark.parametrize(
    "text",
    [
        EXAMPLE,
        b"v=STSv1;id=1",
        b"v=STSv1; \tid=abcDEF123",
        b"v=STSv1; id=" + b"a" * 32 + b" ; ",
    ],
)
def test_what_the_grammar_allows_is_valid_without_a_word(text):
    record = read(text)
    assert record.valid
    assert record.counts
    assert record.deviations == ()


def test_the_id_is_read_and_extensions_are_kept():
    record = read(b"v=STSv1; x-note=made:by,hand; id=20160831085700Z; later.one=1")
    assert record.valid
    assert record.id == "20160831085700Z"
    assert [one.name for one in record.fields] == ["x-note", "id", "later.one"]
    assert {one.fault for one in record.deviations} == {RecordFault.UNKNOWN_FIELD}


@pytest.mark.parametrize(
    ("text", "fault", "at", "value"),
    [
        (b"v=STSv1; i=1;", RecordFault.ID_MISSING, 13, "v=STSv1; i=1;"),
        (b"v=STSv1;", RecordFault.ID_MISSING, 8, "v=STSv1;"),
        (b"v=STSv1; id=;", RecordFault.ID_EMPTY, 9, "id="),
        (b"v=STSv1; id=2024-01-01", RecordFault.ID_CHARACTER, 16, "-"),
        (b"v=STSv1; id=ab\xc3\xa4", RecordFault.ID_CHARACTER, 14, "ä"),
        (b"v=STSv1; id=" + b"1" * 33, RecordFault.ID_TOO_LONG, 12, "1" * 33),
        (b"v=STSv1; ID=1", RecordFault.ID_MISSING, 13, "v=STSv1; ID=1"),
        (b"v=STSv1; id = 1", RecordFault.SPACE_AT_EQUALS, 11, "id = 1"),
        (b"v=STSv1; id=1; note", RecordFault.NO_EQUALS, 15, "note"),
        (b"v=STSv1; id=1; -x=1", RecordFault.FIELD_NAME, 15, "-x"),
        (b"v=STSv1; id=1; " + b"a" * 33 + b"=1", RecordFault.FIELD_NAME_TOO_LONG, 15, "a" * 33),
        (b"v=STSv1; id=1; a=b=c", RecordFault.FIELD_VALUE, 18, "="),
        (b"v=STSv1; id=1; a=b\x07", RecordFault.FIELD_VALUE, 18, "\\x07"),
        (b"v=STSv1; id=1; a=", RecordFault.FIELD_VALUE_EMPTY, 17, "a="),
    ],
)
def test_what_breaks_the_grammar_is_told_with_place_and_value(text, fault, at, value):
    record = read(text)
    assert record.counts
    assert not record.valid
    found = next(one for one in record.deviations if one.fault is fault)
    assert (found.weight, found.at, found.value) == (Weight.BREAKS, at, value)
    assert found.sentence.isprintable()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (b"v=spf1 -all", RecordFault.VERSION_MISSING),
        (b"", RecordFault.VERSION_MISSING),
        (b"v=STSv2; id=1;", RecordFault.VERSION_UNKNOWN),
        (b"v=STSv11; id=1;", RecordFault.VERSION_UNKNOWN),
        (b"V=stsv1; id=1;", RecordFault.VERSION_CASE),
        (b" v=STSv1; id=1;", RecordFault.VERSION_NOT_FIRST),
        (b'"v=STSv1; id=1;"', RecordFault.VERSION_NOT_FIRST),
        (b"id=1; v=STSv1;", RecordFault.VERSION_NOT_FIRST),
        (b"v=STSv1", RecordFault.NO_DELIMITER),
        (b"v=STSv1 id=1", RecordFault.NO_DELIMITER),
        (b"v=STSv1, id=1", RecordFault.NO_DELIMITER),
    ],
)
def test_what_does_not_begin_with_the_version_is_discarded(text, fault):
    record = read(text)
    assert not record.counts
    assert record.deviations[0].fault is fault


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (b"v=STSv1 ; id=1", RecordFault.SPACE_AFTER_VERSION),  # erratum 6285
        (b"v=STSv1;; id=1", RecordFault.EMPTY_FIELD),
        (b"v=STSv1; id=1 ", RecordFault.TRAILING_SPACE),
    ],
)
def test_where_readers_differ_the_record_is_valid_and_a_word_is_said(text, fault):
    record = read(text)
    assert record.valid
    assert [one.fault for one in record.deviations] == [fault]
    assert record.deviations[0].weight is Weight.DIFFERS


def test_of_a_field_given_twice_the_first_counts():
    record = read(b"v=STSv1; id=1; id=2")
    assert (record.valid, record.id) == (True, "1")
    assert faults(b"v=STSv1; id=1; id=2") == {RecordFault.DUPLICATE_FIELD}


def test_strings_are_joined_without_blanks():
    record = read_record([b"v=STSv1; id=2016", b"0831;"])
    assert record.id == "20160831"
    assert [one.fault for one in record.deviations] == [RecordFault.SEVERAL_STRINGS]


@pytest.mark.parametrize(
    ("records", "standing"),
    [
        (['"v=STSv1; id=1;"'], RecordStanding.VALID),
        (['"v=STSv1; id=1;"', '"v=spf1 -all"', '"v=STSv1"'], RecordStanding.VALID),
        (['"v=STSv1; id=1;"', '"v=STSv1; id=2;"'], RecordStanding.SEVERAL),
        (['"v=STSv1; id=1;"', '"v=STSv1; broken"'], RecordStanding.SEVERAL),
        (['"v=STSv1; id=a_b;"'], RecordStanding.INVALID),
        (['"v=spf1 -all"'], RecordStanding.ABSENT),
        ([r"\# 3 616263"], RecordStanding.ABSENT),
    ],
)
def test_exactly_one_record_counts(records, standing):
    looked = read_lookup(answer(*records))
    assert looked.standing is standing
    assert (looked.record is not None) == (standing is RecordStanding.VALID)
    assert looked.reason.isprintable()


def test_aliases_are_followed():
    looked = read_lookup(answer('"v=STSv1; id=7;"', hops=("_mta-sts.provider.example",)))
    assert looked.standing is RecordStanding.VALID
    assert looked.hops == ("_mta-sts.provider.example",)


@pytest.mark.parametrize(
    ("status", "standing"),
    [
        (DnsStatus.NXDOMAIN, RecordStanding.ABSENT),
        (DnsStatus.NODATA, RecordStanding.ABSENT),
        (DnsStatus.SERVFAIL, RecordStanding.FAILED),
        (DnsStatus.LOOP, RecordStanding.FAILED),
        (DnsStatus.TIMEOUT, RecordStanding.OURS),
        (DnsStatus.CANCELLED, RecordStanding.OURS),
    ],
)
def test_no_answer_is_no_absence(status, standing):
    assert read_lookup(answer(status=status)).standing is standing


@given(st.lists(st.binary(max_size=80), max_size=4))
def test_any_strings_are_read(strings):
    record = read_record(strings)
    assert record.raw == b"".join(strings)
    assert len(record.deviations) <= 400
    for one in record.deviations:
        assert 0 <= one.at <= len(record.raw)
        assert one.sentence.isprintable()
        assert one.value.isprintable()


@given(st.text(alphabet='v=STSv1; id\t,A-.\\"0é', max_size=60))
def test_nearly_right_records_are_read_and_judged_by_the_grammar(text):
    record = read(b"v=STSv1;" + text.encode())
    assert record.counts
    assert record.valid or any(one.weight is Weight.BREAKS for one in record.deviations)
    if record.valid:
        assert 1 <= len(record.id) <= 32
        assert record.id.isalnum()
        assert record.id.isascii()


def test_a_flood_of_fields_is_cut():
    record = read(b"v=STSv1; id=1;" + b"a=1;" * 20_000)
    assert not record.valid
    assert len(record.fields) <= 100


@given(st.binary(max_size=600))
def test_a_zone_line_is_read_back(octets):
    line = txt_line("_mta-sts.example.com", octets)
    assert txt_octets(line.split(" IN TXT ", 1)[1]) == octets


@given(st.text(max_size=60))
def test_any_presentation_form_is_read(text):
    assert b"".join(txt_strings(text)) == txt_octets(text)


def test_a_name_like_id_beside_the_id_is_an_extension_as_the_grammar_has_it():
    record = read(b"v=STSv1; id=1; ID=2;")
    assert record.valid
    assert record.id == "1"
    assert [one.fault for one in record.deviations] == [RecordFault.ID_CASE]
