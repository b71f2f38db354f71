"""Mailboxes out of records: what may stand in To:, and what may not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.letters.mailboxes import from_mailto, from_rname, mailbox
from tests.hostile import HOSTILE


@pytest.mark.parametrize(
    ("rname", "expected"),
    [
        ("hostmaster.example.com.", "hostmaster@example.com"),
        ("hostmaster.example.com", "hostmaster@example.com"),
        (r"anna\.berger.example.com.", "anna.berger@example.com"),  # RFC 1912 2.2
        (r"anna\046berger.example.com.", "anna.berger@example.com"),  # RFC 1035 5.1
        ("admin.dns.example.com.", "admin@dns.example.com"),
        ("hostmaster@example.com.", ""),  # a frequent slip: it is no mailbox of anybody
        (".", ""),
        ("", ""),
        ("hostmaster.", ""),
        (r"a\013\010Bcc:x.example.com.", ""),
        (r"a b.example.com.", ""),
    ],
)
def test_an_rname_is_a_mailbox_by_its_first_unescaped_dot(rname, expected):
    assert from_rname(rname) == expected


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("mailto:tls@example.com", "tls@example.com"),
        ("MAILTO:tls@example.com", "tls@example.com"),
        ("mailto:tls%2Breports@example.com", "tls+reports@example.com"),
        ("mailto:tls@example.com?subject=x%0d%0aBcc:y@example.net", "tls@example.com"),
        ("mailto:tls%0d%0aBcc:y@example.com", ""),
        ("mailto:%ff@example.com", ""),
        ("mailto:a@example.com,b@example.com", ""),
        ("mailto:tls@xn--bcher-kva.example", "tls@xn--bcher-kva.example"),
        ("mailto:tls@b%C3%BCcher.example", "tls@xn--bcher-kva.example"),
        ("mailto:tls@[192.0.2.1]", ""),
        ("https://example.com/tls", ""),
        ("mailto:", ""),
    ],
)
def test_a_mailto_uri_is_decoded_and_checked(uri, expected):
    assert from_mailto(uri) == expected


@pytest.mark.parametrize(
    "text",
    [
        '"a b"@example.com',
        "a@example",
        "a@_dmarc.example.com",
        "a@192.0.2.1",
        "a..b@example.com",
        ".a@example.com",
        "a@example.com>",
        "a@example.com\r\nBcc: b@example.com",
        "a" * 65 + "@example.com",
        "ä@example.com",
        "a@" + "b" * 70 + ".example",
    ],
)
def test_what_is_no_plain_mailbox_is_nothing(text):
    assert mailbox(text) == ""


@pytest.mark.parametrize("payload", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_values_give_a_plain_mailbox_or_nothing(payload):
    text = payload.decode("utf-8", "replace")
    for read in (mailbox, from_rname, from_mailto):
        for value in (text, f"{text}@example.com", f"mailto:{text}@example.com", f"a.{text}"):
            found = read(value)
            assert found == "" or (found.isascii() and found.isprintable() and " " not in found)


@given(st.text(max_size=80))
def test_reading_is_total(text):
    for read in (mailbox, from_rname, from_mailto):
        found = read(text)
        assert found.count("@") == (1 if found else 0)
