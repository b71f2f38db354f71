from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.findings import commands
from tests.hostile import HOSTILE


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (commands.dig("example.com", "MX"), "dig example.com MX"),
        (commands.dig("example.com", "MX", "192.0.2.53:53"), "dig @192.0.2.53 example.com MX"),
        (
            commands.dig(".", "DNSKEY", "192.0.2.53:5353", dnssec=True),
            "dig @192.0.2.53 -p 5353 . DNSKEY +dnssec",
        ),
        (commands.dig("a.test", "A", "[2001:db8::53]:53"), "dig @2001:db8::53 a.test A"),
        (commands.dig("a.test", "A", "2001:db8::53"), "dig @2001:db8::53 a.test A"),
        (commands.dig("192.0.2.1", "PTR"), "dig -x 192.0.2.1"),
        (
            commands.s_client("192.0.2.1", 25, "mx.test"),
            "openssl s_client -starttls smtp -connect 192.0.2.1:25 -servername mx.test </dev/null",
        ),
        (
            commands.s_client("192.0.2.1", 25, "192.0.2.1"),
            "openssl s_client -starttls smtp -connect 192.0.2.1:25 </dev/null",
        ),
        (
            commands.s_client("192.0.2.1", 25, "mx.test", say=("EHLO a.test", "QUIT")),
            (
                "{ sleep 2; printf '%s\\r\\n' 'EHLO a.test'; sleep 2; printf '%s\\r\\n' QUIT; sleep 2; }"
                " | openssl s_client -starttls smtp -connect 192.0.2.1:25 -servername mx.test -quiet"
            ),
        ),
        (
            commands.s_client("2001:db8::1", 587),
            "openssl s_client -starttls smtp -connect '[2001:db8::1]:587' </dev/null",
        ),
        (commands.nc("2001:db8::1", 25), "nc -v -w 60 2001:db8::1 25"),
        (
            commands.swaks("192.0.2.1", 25, ("--tls", ""), ("--quit-after", "EHLO")),
            "swaks --server 192.0.2.1:25 --tls --quit-after EHLO",
        ),
        (
            commands.posttls_finger("mx.test"),
            "posttls-finger -t30 -T180 -c -L verbose,summary '[mx.test]:25'",
        ),
    ],
)
def test_a_command_reads_as_an_administrator_would_type_it(made: str, expected: str) -> None:
    assert made == expected


def test_a_name_that_looks_like_an_option_is_not_read_as_one() -> None:
    assert commands.dig("-froot", "MX") == "dig -q -froot -t MX"


@pytest.mark.parametrize("raw", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_stays_one_printable_word(raw: bytes) -> None:
    _check_words(raw.decode("utf-8", "replace"))


@given(st.text(max_size=400))
def test_any_name_stays_one_printable_word(name: str) -> None:
    _check_words(name)


def _check_words(name: str) -> None:
    for made, words in (
        (commands.s_client("192.0.2.1", 25, "x" + name), 9),
        (commands.swaks("192.0.2.1", 25, ("--to", "x" + name)), 5),
        (commands.nc("x" + name, 25), 6),
        (commands.dig("x" + name, "MX"), 3),
        (commands.posttls_finger(name), 7),
    ):
        assert made.isprintable()
        assert len(shlex.split(made)) == words
