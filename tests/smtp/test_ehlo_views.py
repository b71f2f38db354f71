"""What views need of EHLO responses: the comparison of two, and the parts of a line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.smtp.ehlo import (
    ChangedKeyword,
    Part,
    PartKind,
    compare_responses,
    line_parts,
    read_ehlo,
)
from mxwalk.smtp.model import Reading
from mxwalk.text import visible
from tests.hostile import HOSTILE
from tests.marks import marks_named

K = PartKind


def parts(raw: bytes, number: int, reading: Reading = Reading.STRICT) -> list[tuple[PartKind, str]]:
    return [(p.kind, p.text) for p in line_parts(read_ehlo(raw).lines[number - 1], reading)]


def test_difference_names_what_tls_added_removed_and_changed() -> None:
    before = read_ehlo(
        b"250-mx.example.com\r\n250-SIZE 1000\r\n250-DSN\r\n250-HELP\r\n250 STARTTLS\r\n"
    )
    after = read_ehlo(
        b"250-mx.example.com\r\n250-HELP\r\n250-SIZE 2000\r\n250-dsn\r\n250 AUTH PLAIN\r\n"
    )
    difference = compare_responses(before, after)
    assert difference.added == ("AUTH",)
    assert difference.removed == ("STARTTLS",)
    assert difference.changed == (
        ChangedKeyword(keyword="SIZE", before=("1000",), after=("2000",)),
    )
    assert difference.unchanged == ("HELP", "DSN")
    assert not difference.empty


def test_same_extensions_in_other_order_and_case_differ_in_nothing() -> None:
    before = read_ehlo(b"250-mx.example.com\r\n250-AUTH plain\r\n250 DSN\r\n")
    after = read_ehlo(b"250-mx.example.com\r\n250-dsn\r\n250 auth PLAIN\r\n")
    assert compare_responses(before, after).empty


def test_difference_depends_on_the_reading() -> None:
    before = read_ehlo(b"250-STARTTLS\r\n250-mx.example.com\r\n250 DSN\r\n")
    after = read_ehlo(b"250-mx.example.com\r\n250 DSN\r\n")
    assert compare_responses(before, after, Reading.STRICT).removed == ()
    assert compare_responses(before, after, Reading.LENIENT).removed == ("STARTTLS",)


def test_extension_line_is_cut_into_keyword_and_parameters() -> None:
    raw = b"250-mx.example.com Hello you\r\n250-AUTH PLAIN LO\x07GIN\r\n250 DSN\n"
    assert parts(raw, 1) == [
        (K.CODE, "250"), (K.SEPARATOR, "-"), (K.GREETING_DOMAIN, "mx.example.com"), (K.SPACE, " "),
        (K.GREETING_TEXT, "Hello you"), (K.ENDING, "\\r\\n"),
    ]  # fmt: skip
    assert parts(raw, 2) == [
        (K.CODE, "250"), (K.SEPARATOR, "-"), (K.KEYWORD, "AUTH"), (K.SPACE, " "), (K.PARAMETER, "PLAIN"),
        (K.SPACE, " "), (K.INVALID, "LO\\x07GIN"), (K.ENDING, "\\r\\n"),
    ]  # fmt: skip
    assert parts(raw, 3) == [
        (K.CODE, "250"),
        (K.SEPARATOR, " "),
        (K.KEYWORD, "DSN"),
        (K.ENDING, "\\n"),
    ]


def test_parts_follow_the_reading() -> None:
    raw = b"250-STARTTLS\r\n250-mail.example.com Hi\r\n250 HELP\r\n"
    assert [kind for kind, _ in parts(raw, 1)] == [K.CODE, K.SEPARATOR, K.GREETING_DOMAIN, K.ENDING]
    assert [kind for kind, _ in parts(raw, 2)] == [K.CODE, K.SEPARATOR, K.INVALID, K.ENDING]
    assert (K.KEYWORD, "STARTTLS") in parts(raw, 1, Reading.LENIENT)
    assert (K.GREETING_DOMAIN, "mail.example.com") in parts(raw, 2, Reading.LENIENT)
    assert (K.GREETING_TEXT, "Hi") in parts(raw, 2, Reading.LENIENT)


def test_old_auth_form_marks_the_equals_sign() -> None:
    raw = b"250-mx.example.com\r\n250 AUTH=LOGIN PLAIN\r\n"
    assert parts(raw, 2, Reading.LENIENT)[2:-1] == [
        (K.KEYWORD, "AUTH"), (K.INVALID, "="), (K.PARAMETER, "LOGIN"), (K.SPACE, " "), (K.PARAMETER, "PLAIN"),
    ]  # fmt: skip
    assert parts(raw, 2)[2:-1] == [(K.INVALID, "AUTH=LOGIN PLAIN")]


def test_greeting_that_is_no_domain_is_an_invalid_part() -> None:
    assert parts(b"250 mx_1 Hello\r\n", 1)[2] == (K.INVALID, "mx_1")


def test_line_without_code_or_separator_has_no_such_part() -> None:
    raw = b"250-mx.example.com\r\nwrapped\r\n250DSN\r\n250 HELP"
    assert parts(raw, 2) == [(K.INVALID, "wrapped"), (K.ENDING, "\\r\\n")]
    assert parts(raw, 3) == [(K.CODE, "250"), (K.INVALID, "DSN"), (K.ENDING, "\\r\\n")]
    assert parts(raw, 4) == [(K.CODE, "250"), (K.SEPARATOR, " "), (K.KEYWORD, "HELP")]


def assert_whole(raw: bytes) -> None:
    for line in read_ehlo(raw).lines:
        for reading in Reading:
            cut = line_parts(line, reading)
            whole = "".join(part.text for part in cut)
            assert marks_named(whole) == marks_named(visible(line.reply.raw))
            assert all(part.text for part in cut)
            assert all(isinstance(part, Part) for part in cut)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([b"250-", b"250 ", b"250", b"99-", b""]),
            st.sampled_from([b"AUTH=", b"AUTH ", b"SIZE\t", b"", b"mx.example.com "]),
            st.binary(max_size=12),
            st.sampled_from([b"\r\n", b"\n", b"\r\r\n", b""]),
        ).map(b"".join),
        max_size=6,
    ).map(b"".join)
)
def test_parts_are_the_whole_line_in_both_readings(raw: bytes) -> None:
    assert_whole(raw)


@pytest.mark.parametrize("text", HOSTILE)
def test_parts_of_hostile_lines_are_whole_and_printable(text: bytes) -> None:
    assert_whole(b"250-" + text + b"\r\n250-" + text + b"\r\n250 AUTH " + text)
