"""Reading messages octet for octet, their addresses, their deviations, and saved files."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.evidence.mailauth import MessageInput
from mxwalk.limits import MESSAGE_BYTES, MESSAGE_FIELDS, TRACE_HEADER_BYTES
from mxwalk.mailauth.envelope import arrival
from mxwalk.mailauth.message import read_message
from mxwalk.mailauth.message_addresses import read_addresses, read_path
from mxwalk.mailauth.message_oddities import Oddity, to_wire
from tests.hostile import HOSTILE

PLAIN = b"From: Ann <ann@example.com>\r\nDate: Sun, 15 Jun 2025 15:00:00 +0000\r\n\r\nHello.\r\n"


def oddities(raw: bytes, *, whole: bool = True) -> set[Oddity]:
    return {one.kind for one in read_message(raw, whole=whole).deviations}


def test_fields_keep_their_octets_beside_their_reading() -> None:
    message = read_message(b"Subject:  a\r\n\t b \r\nFrom: x@example.com\r\n\r\nbody")
    subject, author = message.fields
    assert (subject.raw, subject.value) == (b"Subject:  a\r\n\t b \r\n", "a\t b")
    assert (subject.name_octets, subject.value_octets) == (b"Subject", b"  a\r\n\t b \r\n")
    assert (author.number, author.line, author.key) == (2, 3, "from")
    assert (message.body, message.blank_line) == (b"body", b"\r\n")


@given(
    st.binary(max_size=300)
    | st.lists(
        st.sampled_from(
            [
                b"From: a@example.com",
                b"From",
                b": x",
                b" fold",
                b"\r\n",
                b"\n",
                b"\r",
                b"\0",
                b"Received: from",
                b"DKIM-Signature: v=1",
            ]
        ),
        max_size=20,
    ).map(b"".join)
)
def test_no_octet_is_lost_and_nothing_is_raised(raw: bytes) -> None:
    message = read_message(raw)
    mbox = any(one.kind is Oddity.MBOX_FROM for one in message.deviations)
    joined = b"".join(field.raw for field in message.fields) + message.blank_line + message.body
    assert raw.endswith(joined) if mbox else raw == joined
    assert [field.number for field in message.fields] == list(range(1, len(message.fields) + 1))


@pytest.mark.parametrize("octets", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_octets_are_a_message_too(octets: bytes) -> None:
    for raw in (octets, b"From: " + octets, b"Received: " + octets + b"\r\n\r\n" + octets):
        message = read_message(raw)
        assert all(domain.isascii() for domain in message.author_domains)
        to_wire(raw)


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (PLAIN.replace(b"Hello.\r\n", b"Hello.\n"), Oddity.BARE_LF),
        (PLAIN.replace(b"Hello", b"Hel\rlo"), Oddity.BARE_CR),
        (PLAIN.replace(b"Hello", b"Hel\0lo"), Oddity.NUL),
        (PLAIN.replace(b"Hello", b"H" * 999), Oddity.LONG_LINE),
        (PLAIN.replace(b"Ann", b"H" * 999), Oddity.LONG_LINE),
        (PLAIN.partition(b"\r\n\r\n")[0] + b"\r\n", Oddity.NO_BLANK_LINE),
        (b"From a@example.com Sun Jun 15 15:00:00 2025\r\n" + PLAIN, Oddity.MBOX_FROM),
        (PLAIN.replace(b"Date: ", b"no field\r\nDate: "), Oddity.NOT_A_FIELD),
        (b" stray\r\n" + PLAIN, Oddity.STRAY_FOLD),
        (PLAIN.replace(b"From:", b"From :"), Oddity.SPACE_BEFORE_COLON),
        (PLAIN.replace(b"Ann", b"\xc4nn"), Oddity.EIGHT_BIT_HEADER),
        (PLAIN.replace(b"From:", b"X:"), Oddity.NO_FROM),
        (PLAIN.replace(b"Date:", b"X:"), Oddity.NO_DATE),
        (b"From: b@example.net\r\n" + PLAIN, Oddity.REPEATED),
        (b"Subject: a\r\nSubject: b\r\n" + PLAIN, Oddity.REPEATED),
        (b"X: y\r\n" * MESSAGE_FIELDS + PLAIN, Oddity.TOO_MANY),
    ],
    ids=lambda value: value.name if isinstance(value, Oddity) else "",
)
def test_each_deviation_is_found(raw: bytes, kind: Oddity) -> None:
    assert oddities(PLAIN) == set()
    assert kind in oddities(raw)


def test_a_line_of_998_octets_is_allowed() -> None:
    assert oddities(PLAIN.replace(b"Hello.", b"H" * 998)) == set()


def test_a_deviation_names_its_line() -> None:
    message = read_message(
        b"From: a@example.com\r\nDate: x\r\nSubject: a\r\n b\r\nSubject: c\r\n\r\n"
    )
    (found,) = [one for one in message.deviations if one.kind is Oddity.REPEATED]
    assert (found.line, found.what) == (5, "2 Subject fields; RFC 5322 3.6 allows one")


def test_a_header_alone_lacks_no_empty_line() -> None:
    assert oddities(PLAIN.partition(b"\r\n\r\n")[0] + b"\r\n", whole=False) == set()


def test_the_header_ends_before_a_line_that_is_no_field() -> None:
    message = read_message(b"From: a@example.com\r\nHello, this is text.\r\nMore\r\n")
    assert len(message.fields) == 1
    assert message.body == b"Hello, this is text.\r\nMore\r\n"


@pytest.mark.parametrize(
    ("value", "domains"),
    [
        ("ann@example.com", ["example.com"]),
        ("Ann <ann@Example.COM>", ["example.com"]),
        ('"ann@example.net" <ann@example.com>', ["example.com"]),
        ("ann@example.net <ann@example.com>", ["example.com"]),
        ("a@example.com, B <b@example.net>, c@example.com", ["example.com", "example.net"]),
        ("staff: a@example.com, b@example.net;", ["example.com", "example.net"]),
        ("ann@example.com (Ann (at home))", ["example.com"]),
        ("=?utf-8?q?=C3=84nn?= <ann@example.com>", ["example.com"]),
        ("ann@b\u00fccher.example", ["xn--bcher-kva.example"]),
        ("ann@xn--bcher-kva.example", ["xn--bcher-kva.example"]),
        ("ann@[192.0.2.1]", []),
        ("undisclosed-recipients:;", []),
        ("ann", []),
        ("", []),
        ("a@example.com" * 2_000, []),
    ],
)
def test_author_domains_are_read_as_dmarc_needs_them(value: str, domains: list[str]) -> None:
    """RFC 9989 4.2: the domain of every author; RFC 6532 U-labels become A-labels."""
    assert list(read_addresses(value).domains) == domains


@pytest.mark.parametrize(
    "value",
    [
        "ceo@bank.example., x@evil.example",
        "ceo@bank.example\u3002, x@evil.example",
        "x@evil.example ceo@bank.example",
        "x@evil.example;ceo@bank.example",
        "x@evil.example, ceo@[192.0.2.1]",
        "x@evil.example\r\nFrom: ceo@bank.example.",
        ", ".join(f"x{at}@evil.example" for at in range(200)) + ", ceo@bank.example",
    ],
)
def test_an_author_who_cannot_be_read_is_not_spoken_for_by_another(value: str) -> None:
    """RFC 7489 6.6.1, RFC 9989 5.3.1: DMARC is about the one author domain."""
    message = read_message(f"From: {value}\r\n\r\n".encode())
    assert message.author.is_partial
    assert message.author.problems
    assert message.author_domains == ()


def test_many_from_fields_take_no_long_time_and_hide_nobody() -> None:
    fields = "".join(f"From: {at}{' a@evil.example,' * 250}\r\n" for at in range(400))
    began = time.process_time()
    message = read_message(f"{fields}From: ceo@bank.example\r\n\r\n".encode())
    assert time.process_time() - began < 5
    assert message.author_domains == ()


def test_the_largest_message_fits_the_first_line_of_a_trace() -> None:
    assert MESSAGE_BYTES * 4 / 3 < TRACE_HEADER_BYTES


def test_a_received_spf_field_of_one_word_takes_no_long_time() -> None:
    raw = b"Received-SPF: " + b"a" * 1_500_000 + b"\r\nFrom: a@example.com\r\n\r\n"
    began = time.process_time()
    assert arrival(read_message(raw), MessageInput(raw=raw)).mail_from.value == ""
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "value",
    ["Foo, Inc. <a@example.com>", "Acme @ Home <a@example.com>", "a@example.com, Mail System"],
)
def test_a_display_name_that_should_be_quoted_leaves_the_author_known(value: str) -> None:
    message = read_message(f"From: {value}\r\n\r\n".encode())
    assert message.author_domains == ("example.com",)


def test_two_from_fields_give_the_authors_of_both() -> None:
    message = read_message(b"From: a@example.com\r\nFrom: b@example.net\r\n\r\n")
    assert message.author_domains == ("example.com", "example.net")


def test_encoded_display_names_are_decoded() -> None:
    (one,) = read_addresses("=?utf-8?q?=C3=84nn?= <ann@example.com>").mailboxes
    assert (one.display, one.address, one.local) == ("\u00c4nn", "ann@example.com", "ann")


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("<>", ""),
        ("<a@example.com>", "a@example.com"),
        ("a@example.com", "a@example.com"),
        ("<@relay.example,@b.example:a@example.com>", "a@example.com"),
        ("", None),
        ("<a b@example.com>", None),
        ("MAILER-DAEMON", None),
    ],
)
def test_a_return_path_is_an_address_or_the_null_path(value: str, path: str | None) -> None:
    assert read_path(value) == path


@given(st.text(max_size=200))
def test_any_text_is_read_as_addresses_without_error(value: str) -> None:
    for one in read_addresses(value).mailboxes:
        assert bool(one.domain) is not bool(one.problem)
    read_path(value)


@pytest.mark.parametrize(
    ("saved", "said"),
    [
        (PLAIN, ""),
        (PLAIN.replace(b"\r\n", b"\n"), "LF alone"),
        (PLAIN.replace(b"\r\n", b"\r"), "CR alone"),
        (b"\xef\xbb\xbf" + PLAIN, "byte order mark"),
        (PLAIN.decode().encode("utf-16"), "UTF-16"),
        (b"\n\n" + PLAIN.replace(b"\r\n", b"\n"), "empty lines"),
        (b"From a@example.com Sun Jun 15 2025\n" + PLAIN.replace(b"\r\n", b"\n"), "mbox"),
    ],
)
def test_a_saved_message_gets_back_the_form_it_had_on_the_wire(saved: bytes, said: str) -> None:
    wire, notes = to_wire(saved)
    assert wire == PLAIN
    assert said in " ".join(notes)
    assert bool(notes) is bool(said)


def test_mixed_line_ends_are_left_and_said() -> None:
    mixed = PLAIN + b"more\n"
    wire, notes = to_wire(mixed)
    assert wire == mixed
    assert "1 lines end with LF alone" in notes[0]


def test_a_list_leaves_its_fields() -> None:
    message = read_message(
        b"List-Id: <l.example.org>\r\nList-Post: <x>\r\nFrom: a@example.com\r\n\r\n"
    )
    assert [field.name for field in message.list_fields] == ["List-Id", "List-Post"]
    assert message.value("list-id") == "<l.example.org>"
    assert message.value("X-None") == ""


def test_a_way_to_leave_alone_is_that_of_a_bulk_sender_and_no_list() -> None:
    message = read_message(
        b"List-Unsubscribe: <https://example.com/u>\r\n"
        b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nFrom: a@example.com\r\n\r\n"
    )
    assert message.list_fields == ()  # RFC 8058
