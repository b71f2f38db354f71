import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.dns.names import (
    MxRecord,
    display_name,
    host_in_record,
    parse_mx,
    reverse_name,
    same_address,
)
from mxwalk.names import InvalidNameError, parse_name
from tests.hostile import HOSTILE


@pytest.mark.parametrize(
    ("record", "preference", "host"),
    [
        ("10 mx.example.com.", 10, "mx.example.com"),
        ("0 .", 0, "."),
        ("65535 MX.Example.COM.", 65535, "mx.example.com"),
        ("10 192.0.2.1.", 10, "192.0.2.1"),
        ("10 mx\\032bad.example.", 10, "mx\\032bad.example"),
        ("10 mx\u202e.example.", 10, "mxU+202E.example"),
    ],
)
def test_an_mx_record_is_read_from_its_presentation_form(record, preference, host):
    assert parse_mx(record) == MxRecord(preference=preference, host=host)


@pytest.mark.parametrize(
    "record",
    ["", "10", "mx.example.com.", "-1 mx.", "65536 mx.", "1e1 mx.", "10 mx. more", "١٠ mx."],
)
def test_what_is_no_mx_record_is_none(record):
    assert parse_mx(record) is None


@given(st.text(max_size=80))
def test_any_text_is_read_without_raising_and_shown_printable(text):
    record = parse_mx(text)
    assert record is None or record.host.isprintable()
    assert host_in_record(text).isprintable()
    assert display_name(text).isprintable()


def test_hostile_strings_are_read_without_raising():
    for octets in HOSTILE:
        text = octets.decode("utf-8", "surrogateescape")
        assert display_name(text).isprintable()
        assert host_in_record(text).isprintable()
        assert parse_mx(f"10 {text}") is None or parse_mx(f"10 {text}").host.isprintable()


def test_a_labels_are_shown_as_u_labels():
    assert display_name("xn--bcher-kva.example") == "bücher.example"
    assert display_name("xn--zzzzzz99.example") == "xn--zzzzzz99.example"


def test_reverse_names_follow_rfc_1035_and_rfc_3596():
    assert reverse_name("192.0.2.1") == "1.2.0.192.in-addr.arpa"
    assert reverse_name("2001:db8::1").startswith("1.0.0.0.0.0")
    assert reverse_name("fe80::1%eth0").endswith("0.8.e.f.ip6.arpa")
    with pytest.raises(ValueError, match="mx"):
        reverse_name("mx.example.com")


def test_addresses_are_compared_by_value():
    assert same_address("2001:DB8::1", "2001:db8:0:0:0:0:0:1")
    assert not same_address("192.0.2.1", "192.0.2.2")
    assert not same_address("mx.example.com", "mx.example.com")


def test_refusal_of_a_long_name_beyond_ascii_is_short_and_printable():
    with pytest.raises(InvalidNameError, match="IDNA 2008") as refused:
        parse_name("\u3131\u0644\x1b" * 50)
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 300
