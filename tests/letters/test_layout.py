"""Plain text in 72 columns: prose wraps, zone lines and commands can be copied."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.letters.layout import WIDTH, command, fix, prose, zone
from mxwalk.wrapping import cells

DIGEST = "ab" * 32


def test_prose_is_wrapped_by_columns_not_characters():
    korean = "메일이 갈 곳을 알리는 DNS 레코드를 지금 상태로는 쓸 수 없습니다. " * 5
    lines = prose(korean, "   ").split("\n")
    assert len(lines) > 3
    assert all(cells(line) <= WIDTH and line.startswith("   ") for line in lines)
    assert " ".join(line.strip() for line in lines) == korean.strip()


def test_a_word_longer_than_the_line_is_not_broken():
    assert prose("x" * 100 + " y") == "x" * 100 + "\ny"


def test_a_long_tlsa_line_stands_in_parentheses():
    line = f"_25._tcp.mx.example.com. IN TLSA 3 1 1 {DIGEST}"
    assert zone(line) == f"    _25._tcp.mx.example.com. IN TLSA 3 1 1 (\n      {DIGEST} )"


def test_a_short_zone_line_stays_as_it_is():
    assert zone("example.com. IN MX 10 mx.example.com.") == (
        "    example.com. IN MX 10 mx.example.com."
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'publish example.com. IN TXT "v=spf1 -all", then wait',
            ["publish", 'example.com. IN TXT "v=spf1 -all"', "then wait"],
        ),
        (
            "mail.example.com. IN A 192.0.2.1; example.com. IN MX 10 mail.example.com.",
            ["mail.example.com. IN A 192.0.2.1", "example.com. IN MX 10 mail.example.com."],
        ),
        (
            "a.example. IN A <address of the host> or remove it",
            ["a.example. IN A <address of the host>", "or remove it"],
        ),
        ("renew it and reload the server", ["renew it and reload the server"]),
    ],
)
def test_zone_lines_in_a_fix_stand_on_lines_of_their_own(text, expected):
    assert [line.strip() for line in fix(text).split("\n")] == expected


def test_a_long_command_is_continued_with_backslashes_outside_of_quotes():
    text = (
        "openssl s_client -starttls smtp -connect 192.0.2.1:25 -dane_tlsa_rrdata"
        f" '3 1 1 {DIGEST}' -verify_return_error </dev/null"
    )
    lines = command(text).split("\n")
    assert all(line.endswith(" \\") for line in lines[:-1])
    assert " ".join(line.strip().removesuffix(" \\") for line in lines) == text
    assert any(f"'3 1 1 {DIGEST}'" in line for line in lines)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Z"))), st.text())
def test_no_word_is_lost(first, second):
    text = f"{first} {second}"
    assert prose(text).split() == text.split()
