"""Understanding is total, bounded and linear; codes are explained; leads are walks."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk import limits
from mxwalk.clues import causes, esa, exim, postfix, sendmail
from mxwalk.clues.exchange_codes import AS_SENDER, EXCHANGE, OWN
from mxwalk.clues.lines import logical
from mxwalk.clues.model import Form, Product, Standing
from mxwalk.clues.reading import understand
from mxwalk.clues.status_codes import Status, explain_status, parse_status
from mxwalk.clues.status_registry import REGISTERED
from mxwalk.findings.registry import catalogue
from mxwalk.senders.registry import profiles
from mxwalk.text import visible
from tests.clues.test_corpus import NAMES, text_of
from tests.hostile import HOSTILE

PIECES = [line for name in NAMES for line in text_of(name).splitlines() if line.strip()]


def check_sound(text: str) -> None:
    found = understand(text)
    assert len(found.clues) <= limits.CLUES
    assert len(found.leads) <= limits.CLUE_LEADS + 1
    for one in found.clues:
        assert 0 <= one.start <= one.end <= len(text)
        assert one.meaning
        said = (one.quoted, *one.recipients, one.host, one.address, one.when, one.status)
        assert tuple(map(visible, said)) == said


@given(st.text(max_size=400))
def test_any_text_is_understood_without_an_error(text: str) -> None:
    check_sound(text)


@given(
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=60)), max_size=12),
    st.sampled_from(["\n", "\r\n", " ", "\n\n", ""]),
)
def test_lines_of_all_products_mixed_with_anything_are_no_error(
    parts: list[str], joint: str
) -> None:
    check_sound(joint.join(parts))


@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_octets_alone_and_inside_a_log_line_are_no_error(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    check_sound(text)
    for piece in PIECES[:: len(PIECES) // 25]:
        middle = len(piece) // 2
        check_sound(piece[:middle] + text[:3_000] + piece[middle:])


GARBAGE = {
    "letters": "a" * 1_000_000,
    "words": "word " * 200_000,
    "at signs": "@" * 1_000_000,
    "mailboxes": "a@b.example " * 90_000,
    "brackets": "[" * 1_000_000,
    "quotes": "> " * 500_000,
    "digits": "5.7." * 250_000,
    "replies": "550 5.7.1 no\n" * 80_000,
    "log": (text_of("postfix-dane-mismatch") * 3_000)[:1_000_000],
    "esa": (text_of("esa-required-delayed") * 2_000)[:1_000_000],
    "exim": (text_of("exim-handshake") * 3_000)[:1_000_000],
    "tags": "<div " * 200_000,
    "mail": "Content-Type: text/html\n\n" + "<p" * 400_000,
    "boundaries": "Content-Type: multipart/mixed; boundary=x\n\n" + "--x\n" * 200_000,
    "equals": "status=" * 140_000,
    "hosts": "mx.example.com[" * 66_000,
}


@pytest.mark.parametrize("kind", GARBAGE)
def test_a_megabyte_costs_calls_in_proportion_to_its_lines(kind: str) -> None:
    text = GARBAGE[kind]
    calls = 0

    def count(_frame: object, event: str, _arg: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        understand(text)
    finally:
        sys.setprofile(before)
    lines = text.count("\n") + 1
    assert calls < 20_000 + 400 * min(lines, limits.CLUE_LINES)


@pytest.mark.parametrize("kind", GARBAGE)
def test_no_logical_line_is_longer_than_what_a_pattern_may_be_given(kind: str) -> None:
    lines = logical(GARBAGE[kind])
    assert max(len(line.text) for line in lines) <= 2 * limits.CLUE_LINE_CHARS
    assert len(lines) <= limits.CLUE_LINES


def test_what_is_longer_than_the_limit_is_cut_and_said() -> None:
    found = understand(text_of("postfix-not-offered") + "x" * limits.CLUE_CHARS)
    assert found.cut
    assert found.clues[0].product is Product.POSTFIX


def test_ordinary_words_mailboxes_and_domains_are_no_clue() -> None:
    for text in (
        "",
        "hello world",
        "user@example.com",
        "example.com",
        "mx.example.com:25",
        "192.0.2.1",
        "see you at 5.30",
    ):
        assert understand(text).clues == (), text


def test_an_address_in_a_text_is_no_status_code() -> None:
    assert understand("the host 192.0.2.1 and version 4.2.10.3 and 5.15.0-generic").clues == ()


# -- codes ---------------------------------------------------------------------------------------


def test_every_code_of_the_registry_and_of_exchange_has_words_and_findings_that_exist() -> None:
    details = [one.detail for one in REGISTERED]
    assert len(details) == len(set(details)) > 70
    for one in (*REGISTERED, *EXCHANGE):
        assert one.meaning.endswith(".")
        assert set(one.findings) <= set(catalogue()), one.detail
        assert one.reference
        assert one.title
    assert {one.detail for one in EXCHANGE} >= OWN | AS_SENDER


@pytest.mark.parametrize(
    "sayings", [causes.ALL, postfix.SAYINGS, exim.SAYINGS, sendmail.SAYINGS, esa.SAYINGS]
)
def test_sayings_name_findings_and_senders_that_exist(sayings: tuple[postfix.Saying, ...]) -> None:
    known = {one.id for one in profiles()} | {""}
    for one in sayings:
        assert set(one.findings) <= set(catalogue())
        assert one.sender in known
        assert one.meaning.endswith(".")


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("5.7.323", Status("5", 7, 323)),
        ("#5.7.1", Status("5", 7, 1)),
        (" 4.7.5 ", Status("4", 7, 5)),
        ("4/5.7.321", Status("", 7, 321)),
        ("X.7.30", Status("", 7, 30)),
        ("3.7.1", None),
        ("5.7", None),
        ("5.7.1.2", None),
        ("192.0.2.1", None),
        ("DANE002", None),
    ],
)
def test_a_status_code_is_told_from_other_numbers(text: str, want: Status | None) -> None:
    assert parse_status(text) == want


def test_exchange_onlines_meaning_stands_beside_the_registrys() -> None:
    words = "\n".join(explain_status(Status("4", 7, 5)))
    assert "Cryptographic failure" in words
    assert "MTA-STS" in words
    assert "RFC 3463" in words


def test_requiretls_and_null_mx_codes_name_their_rfc() -> None:
    assert "RFC 8689" in "\n".join(explain_status(Status("5", 7, 30)))
    assert "RFC 7505" in "\n".join(explain_status(Status("5", 1, 10)))
    assert "RFC 7505" in "\n".join(explain_status(Status("5", 7, 27)))
    assert "RFC 7372" in "\n".join(explain_status(Status("5", 7, 23)))


def test_a_code_that_nobody_registered_still_says_class_and_subject() -> None:
    words = "\n".join(explain_status(Status("5", 7, 999)))
    assert "permanent" in words
    assert "security" in words


# -- leads ---------------------------------------------------------------------------------------


def test_the_failed_recipient_comes_first_then_the_host_then_the_route() -> None:
    leads = understand(text_of("postfix-dane-mismatch")).leads
    assert [(one.target, one.routes) for one in leads] == [
        ("user@example.com", ()),
        ("mx.example.com:25", ()),
        ("user@example.com", ("mx.example.com",)),
    ]


def test_a_recipient_who_failed_comes_before_one_who_got_it() -> None:
    text = text_of("exim-delivered-dane") + text_of("exim-required").replace("user@", "other@")
    assert understand(text).leads[0].target == "other@example.com"


@pytest.mark.parametrize("mark", ["\u0301", "\u20dd", "\u202e", "\u200b", "\ufe0f"])
def test_a_recipient_with_what_is_not_seen_is_none(mark: str) -> None:
    text = text_of("postfix-dane-mismatch").replace("to=<user@", f"to=<{mark}user@")
    found = understand(text)
    check_sound(text)
    assert mark in text
    assert not any(one.recipients for one in found.clues)
    assert [one.target for one in found.leads] == ["mx.example.com:25"]


def test_the_failed_recipients_of_a_report_are_all_leads() -> None:
    targets = [one.target for one in understand(text_of("dsn-two-recipients")).leads]
    assert targets[:2] == ["user@example.com", "other@example.net"]


def test_the_senders_own_domain_is_never_a_lead() -> None:
    for name in NAMES:
        assert not any("example.org" in one.target for one in understand(text_of(name)).leads), name


def test_a_remark_alone_does_not_say_what_became_of_the_message() -> None:
    found = understand(text_of("esa-not-offered"))
    assert found.clues[0].standing is Standing.TOLD
    assert found.leads == ()


def test_a_message_that_quotes_a_code_is_not_taken_for_a_report() -> None:
    text = (
        "From: a@example.org\nTo: user@example.com\nSubject: question\n\nWhat is 550 5.7.1 about?\n"
    )
    assert all(one.form is Form.CODE for one in understand(text).clues)


def test_the_fix_it_owner_of_a_report_is_told() -> None:
    found = understand(text_of("exo-new-322"))
    assert "the recipient's side" in found.clues[0].meaning


def test_of_too_many_clues_those_that_failed_are_kept() -> None:
    text = text_of("postfix-not-offered") + text_of("exim-delivered-dane") * (limits.CLUES + 20)
    found = understand(text)
    assert len(found.clues) == limits.CLUES
    assert found.clues[0].standing is Standing.DEFERRED


def test_the_first_failure_of_a_target_is_when_it_was_seen_since() -> None:
    told = (
        "Jan  5 10:00:00 mx postfix/smtp[1]: A1: to=<user@example.com>,"
        " relay=mx.example.com[192.0.2.1]:25, dsn=4.7.5, status=deferred"
        " (Server certificate not verified)\n"
    )
    (first, *_) = understand(told + told.replace("10:00", "11:30")).leads
    assert first.target == "user@example.com"
    assert first.since == "Jan  5 10:00:00 (mx.example.com)"
    assert all(one.since == first.since for one in understand(told).leads)


def test_a_delivery_and_a_text_without_a_time_tell_of_no_first_failure() -> None:
    sent = (
        "Jan  5 10:00:00 mx postfix/smtp[1]: A1: to=<user@example.com>,"
        " relay=mx.example.com[192.0.2.1]:25, dsn=2.0.0, status=sent (250 ok)"
    )
    assert [one.since for one in understand(sent).leads] == [""] * len(understand(sent).leads)
    assert understand(sent).leads
    assert not any(one.since for one in understand(text_of("exo-old-323")).leads)
