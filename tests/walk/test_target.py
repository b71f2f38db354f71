import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.clock import from_rfc3339, to_rfc3339
from mxwalk.errors import UsageError
from mxwalk.evidence.target import TargetKind
from mxwalk.walk.target import parse_target
from tests.hostile import HOSTILE


@pytest.mark.parametrize(
    ("text", "kind", "domain", "local", "address", "port"),
    [
        ("user@example.com", TargetKind.MAILBOX, "example.com", "user", "", 0),
        ("<user@example.com>", TargetKind.MAILBOX, "example.com", "user", "", 0),
        ("mailto:user@example.com", TargetKind.MAILBOX, "example.com", "user", "", 0),
        ('"a@b"@example.com', TargetKind.MAILBOX, "example.com", '"a@b"', "", 0),
        ("Example.COM.", TargetKind.DOMAIN, "example.com", "", "", 0),
        ("bücher.example", TargetKind.DOMAIN, "xn--bcher-kva.example", "", "", 0),
        ("mx1.example.com:587", TargetKind.HOST, "mx1.example.com", "", "", 587),
        ("[192.0.2.1]:587", TargetKind.ADDRESS, None, "", "192.0.2.1", 587),
        ("[IPv6:2001:DB8::1]", TargetKind.ADDRESS, None, "", "2001:db8::1", 0),
        ("2001:db8::1", TargetKind.ADDRESS, None, "", "2001:db8::1", 0),
        ("192.0.2.1", TargetKind.ADDRESS, None, "", "192.0.2.1", 0),
        ("192.0.2.1:587", TargetKind.ADDRESS, None, "", "192.0.2.1", 587),
        ("user@[192.0.2.1]", TargetKind.ADDRESS, None, "user", "192.0.2.1", 0),
    ],
)
def test_each_form_of_target_is_understood(text, kind, domain, local, address, port):
    target = parse_target(text)
    assert target.kind is kind
    assert (target.domain.ascii if target.domain else None) == domain
    assert (target.local_part, target.address, target.port) == (local, address, port)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no target"),
        ("user@", "empty"),
        ("@example.com", "local part"),
        ("a..b", "empty label"),
        ("host:0", "port"),
        ("host:70000", "port"),
        ("[300.1.1.1]", "no IP address"),
        ("x" * 64 + ".example", "63"),
        ("a b.example", "letters, digits"),
        ("x" * 5000, "5000 characters"),
    ],
)
def test_an_unusable_target_is_refused_with_the_reason(text, said):
    with pytest.raises(UsageError, match=said) as caught:
        parse_target(text)
    assert str(caught.value).isprintable()


@given(st.text(max_size=200))
def test_any_text_is_a_target_or_a_usage_error(text):
    try:
        target = parse_target(text)
    except UsageError as error:
        assert str(error).isprintable()
    else:
        assert target.domain is not None or target.address


@pytest.mark.parametrize("raw", HOSTILE)
def test_hostile_text_is_refused_or_becomes_a_printable_name(raw):
    text = raw.decode("utf-8", "surrogateescape")
    try:
        target = parse_target(f"user@{text}")
    except UsageError as error:
        assert str(error).isprintable()
    else:
        assert target.domain is None or target.domain.ascii.isascii()


@pytest.mark.parametrize(
    "text",
    [
        "\udcff@example.com",
        "host.test:²",
        "user@abc\n.example.com",
        "a@b@example.com",
        "a\tb@c.test",
    ],
)
def test_text_that_only_looks_like_a_target_is_a_usage_error(text):
    with pytest.raises(UsageError):
        parse_target(text)


def test_a_mailbox_at_an_address_literal_may_name_a_port():
    assert parse_target("user@[192.0.2.1]:2525").port == 2525


def test_a_time_beyond_the_calendar_is_a_value_error():
    with pytest.raises(ValueError, match="calendar"):
        from_rfc3339("0001-01-01T00:00:00+14:00")


def test_every_time_that_can_be_written_can_be_read_again():
    for text in ("0001-01-01T00:00:00Z", "0999-12-31T23:59:59Z", "2026-12-24T18:00:00Z"):
        assert to_rfc3339(from_rfc3339(text)) == text
