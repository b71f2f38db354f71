"""Reading TLSA records, whether SMTP can use them, digest agility: RFC 6698, RFC 7671, RFC 7672."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.dane.tlsa import (
    TlsaRecord,
    Unusable,
    make_record,
    outranked,
    read_rdata,
    read_tlsa,
    zone_line,
)
from tests.dane.world import leaf, record
from tests.hostile import HOSTILE


@pytest.mark.parametrize(
    ("text", "problem", "words"),
    [
        ("3 1 1 " + "ab" * 32, None, ""),
        ("2 0 2 " + "ab" * 64, None, ""),
        ("3 1 1 " + "ab" * 20 + " " + "cd" * 12, None, ""),  # spaces in the data (RFC 6698 2.2)
        (r"\# 35 030101" + "ab" * 32, None, ""),  # RFC 3597 5
        ("0 0 1 " + "ab" * 32, Unusable.PKIX_USAGE, "RFC 7672 3.1.3"),
        ("1 1 1 " + "ab" * 32, Unusable.PKIX_USAGE, "PKIX-EE"),
        ("4 1 1 " + "ab" * 32, Unusable.UNKNOWN_USAGE, "usage 4"),
        ("255 1 1 " + "ab" * 32, Unusable.UNKNOWN_USAGE, "255"),
        ("3 2 1 " + "ab" * 32, Unusable.UNKNOWN_SELECTOR, "selector 2"),
        ("3 1 3 " + "ab" * 32, Unusable.UNKNOWN_MATCHING_TYPE, "type 3"),
        ("3 1 1 " + "ab" * 31, Unusable.WRONG_LENGTH, "31 octets; SHA-256 has 32"),
        ("3 1 2 " + "ab" * 32, Unusable.WRONG_LENGTH, "32 octets; SHA-512 has 64"),
        ("3 1 1", Unusable.WRONG_LENGTH, "0 octets"),
        ("3 0 0 " + "ab" * 40, Unusable.NOT_A_CERTIFICATE, "no certificate"),
        ("2 1 0 " + "ab" * 40, Unusable.NOT_A_KEY, "no public key"),
        (r"\# 2 0301", Unusable.MALFORMED, "2 octets"),
        (r"\# 9 030101", Unusable.MALFORMED, "no TLSA record"),
        ("3 1 1 abc", Unusable.MALFORMED, "no TLSA record"),
        ("300 1 1 ab", Unusable.MALFORMED, "no TLSA record"),
        ("", Unusable.MALFORMED, "no TLSA record"),
    ],
)
def test_a_record_is_usable_or_says_why_not(
    text: str, problem: Unusable | None, words: str
) -> None:
    read = read_tlsa(text)
    assert read.problem is problem
    assert words in read.why
    assert read.usable is (problem is None)


def test_a_full_certificate_and_a_full_key_are_usable() -> None:
    for params in ("2 0 0", "2 1 0", "3 0 0", "3 1 0"):
        assert record(params, leaf()).usable


def test_a_full_certificate_with_an_octet_behind_it_is_not_usable() -> None:
    assert make_record(3, 0, 0, leaf().der + b"\0").problem is Unusable.NOT_A_CERTIFICATE


@given(st.binary(max_size=200))
def test_any_octets_become_a_record_that_reads_back_the_same(rdata: bytes) -> None:
    read = read_rdata(rdata)
    assert read_tlsa(read.rdata) == read or (len(rdata) < 3 and not read.usable)
    assert read.acronyms.isprintable()
    assert read.why.isprintable()


@given(st.text(max_size=100))
def test_any_text_becomes_a_record(text: str) -> None:
    assert isinstance(read_tlsa(text), TlsaRecord)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_a_malformed_record(text: str | bytes) -> None:
    shown = text.decode("utf-8", "surrogateescape") if isinstance(text, bytes) else text
    read = read_tlsa(shown)
    assert read.problem is Unusable.MALFORMED
    assert read.why.isprintable()


def test_what_is_no_record_is_quoted_as_far_as_a_sentence_has_room() -> None:
    assert len(read_tlsa("\u202e" * 100).why) < 150


def test_only_the_strongest_digest_of_a_usage_and_selector_counts() -> None:
    # RFC 7671 9: per usage and selector; Full is never left out
    records = [
        make_record(3, 1, 1, b"a" * 32),
        make_record(3, 1, 2, b"b" * 64),
        make_record(3, 0, 1, b"c" * 32),  # another selector
        make_record(2, 1, 1, b"d" * 32),  # another usage
        record("3 1 0", leaf()),
    ]
    assert outranked(records) == {0}


def test_a_malformed_stronger_digest_outranks_nothing() -> None:
    records = [make_record(3, 1, 1, b"a" * 32), make_record(3, 1, 2, b"b" * 63)]
    assert outranked(records) == frozenset()


def test_a_zone_line_is_what_a_zone_file_takes() -> None:
    line = zone_line("mx.example.net", 25, make_record(3, 1, 1, b"\xab" * 32))
    assert line == "_25._tcp.mx.example.net. IN TLSA 3 1 1 " + "ab" * 32
