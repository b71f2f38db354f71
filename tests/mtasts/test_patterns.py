"""Patterns against hosts both ways, and what to publish."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.dns.txt import txt_octets
from mxwalk.mtasts.advice import (
    ENFORCE_AGE_S,
    advise,
    advise_on,
    patterns_for,
    policy_text,
    record_line,
)
from mxwalk.mtasts.fetch import FetchFault
from mxwalk.mtasts.model import Mode, MxPattern
from mxwalk.mtasts.patterns import coverage, match_host, matches
from mxwalk.mtasts.policy import read_policy
from mxwalk.mtasts.record import read_record
from mxwalk.mtasts.state import StsStanding, StsState
from tests.timing import within

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


def pattern(text: str, line: int = 3) -> MxPattern:
    return MxPattern(
        text=text, name=text.removeprefix("*."), wildcard=text.startswith("*."), line=line
    )


@pytest.mark.parametrize(
    ("text", "host", "expected"),
    [
        # RFC 8461 4.1: "*.example.com" matches "mail.example.com", but neither of the others
        ("*.example.com", "mail.example.com", True),
        ("*.example.com", "example.com", False),
        ("*.example.com", "foo.bar.example.com", False),
        ("mail.example.com", "MAIL.example.com.", True),
        ("mail.example.com", "amail.example.com", False),
        ("*.example.com", "mailexample.com", False),
        ("*.example.com", ".example.com", False),
        ("xn--pota-h6a.example.com", "pošta.example.com", True),
    ],
)
def test_a_pattern_matches_as_rfc_8461_has_it(text, host, expected):
    assert matches(pattern(text), host) is expected


def test_hosts_and_patterns_are_held_against_each_other_both_ways():
    patterns = [
        pattern("mx1.example.com"),
        pattern("*.example.net", 4),
        pattern("old.example.com", 5),
    ]
    found = coverage(
        patterns, ["mx1.example.com", "mx2.example.com", "a.example.net", "example.net"]
    )
    assert [one.pattern for one in found.hosts] == [patterns[0], None, patterns[1], None]
    assert [one.host for one in found.missing] == ["mx2.example.com", "example.net"]
    assert found.unused == (patterns[2],)
    assert "wants one label before example.net" in found.missing[1].sentence


def test_a_near_miss_says_that_a_wildcard_stands_for_one_label():
    found = match_host([pattern("*.example.com")], "a.b.example.com")
    assert "stands for one label only" in found.sentence


def test_what_is_advised_first_is_testing_and_valid():
    advice = advise("example.com", ["mx1.example.com", "mx2.example.com"], NOW)
    for publication, mode in ((advice.first, Mode.TESTING), (advice.then, Mode.ENFORCE)):
        policy = read_policy(publication.text.encode())
        assert policy.valid
        assert policy.mode is mode
        assert not coverage(policy.patterns, ["mx1.example.com", "mx2.example.com"]).missing
        record = read_record([txt_octets(publication.record.partition(" IN TXT ")[2])])
        assert record.valid
        assert record.deviations == ()
        assert record.id == publication.id
    assert advice.first.url == "https://mta-sts.example.com/.well-known/mta-sts.txt"
    assert advice.first.id == "20261122T083000Z"
    assert advice.first.id != advice.then.id
    assert advice.report.startswith('_smtp._tls.example.com. IN TXT "v=TLSRPTv1;')
    assert advice.new_id


@pytest.mark.parametrize(
    ("body", "new_id", "word"),
    [
        (policy_text(["mx.example.com"], Mode.ENFORCE, 1_209_600), False, "stay as they are"),
        (policy_text(["mx.example.com"], Mode.TESTING, 1_209_600), False, "stay as they are"),
        (policy_text(["mx.example.com"], Mode.NONE, 1_209_600), True, "mode changes from none"),
        (
            policy_text(["a.example.com"], Mode.ENFORCE, 1_209_600),
            True,
            "1 MX host is added; 1 that matches no MX host",
        ),
        ("nonsense", True, "no valid policy"),
    ],
)
def test_the_id_changes_exactly_when_the_file_does(body, new_id, word):
    advice = advise("example.com", ["mx.example.com"], NOW, read_policy(body.encode()))
    assert advice.new_id is new_id
    assert word in advice.why


def test_who_enforces_already_is_not_sent_back_to_testing():
    published = read_policy(policy_text(["a.example.com"], Mode.ENFORCE, 1_209_600).encode())
    advice = advise("example.com", ["mx.example.com"], NOW, published)
    assert advice.first.mode is Mode.ENFORCE


def test_a_host_that_lacks_changes_the_mx_lines_and_nothing_else():
    body = "version: STSv1\r\nmode: {0}\r\nmx: *.Example.com\r\nmx: old.example.net\r\n{1}max_age: 604800\r\n"
    hosts = ["mx1.example.com", "mx.example.org"]
    for mode in ("enforce", "testing"):
        published = read_policy(body.format(mode, "").encode())
        advice = advise("example.com", hosts, NOW, published, "1")
        lines = "mx: *.example.com\r\nmx: old.example.net\r\nmx: mx.example.org\r\n"
        assert advice.first.text == (
            f"version: STSv1\r\nmode: {mode}\r\n{lines}max_age: 604800\r\n"
        )
        assert advice.first.id == "20261122T083000Z"
        assert "max_age: 604800" in advice.then.text


def test_a_file_that_fits_is_shown_as_it_is_with_its_own_id():
    body = "version: STSv1\r\nmode: enforce\r\nmax_age: 604800\r\nmx: *.example.com\r\nx: y\r\n"
    advice = advise("example.com", ["mx.example.com"], NOW, read_policy(body.encode()), "7a")
    assert not advice.new_id
    assert advice.first.text == body
    assert advice.publications == (advice.first,)
    assert "id=7a;" in advice.first.record


def test_the_age_of_a_trial_is_not_carried_into_enforce_and_the_later_id_is_explained():
    published = read_policy(policy_text(["mx.example.com"], Mode.TESTING, 86_400).encode())
    advice = advise("example.com", ["mx.example.com"], NOW, published, "1")
    assert "max_age: 86400" in advice.first.text
    assert f"max_age: {ENFORCE_AGE_S}" in advice.then.text
    assert any("a time four weeks ahead" in step for step in advice.steps)
    assert not any(step.startswith("serve the file") for step in advice.steps)


def test_no_file_is_proposed_in_place_of_one_behind_a_redirect():
    state = StsState(
        domain="example.com",
        standing=StsStanding.FETCH_FAILED,
        reason="a redirect",
        fault=FetchFault.REDIRECT,
    )
    advice = advise_on(state, ["mx.example.com"], NOW)
    assert advice.publications == ()
    assert not advice.new_id
    assert advice.steps[0].endswith("itself, and no other file")


def test_many_hosts_below_one_name_become_a_wildcard():
    hosts = [f"mx{n}.mail.example.net" for n in range(12)]
    assert patterns_for([*hosts, "mx.example.com"]) == ("*.mail.example.net", "mx.example.com")


@given(st.from_regex(r"[A-Za-z0-9]{1,32}", fullmatch=True))
def test_a_record_line_is_read_back(policy_id):
    line = record_line("example.com", policy_id)
    assert read_record([txt_octets(line.partition(" IN TXT ")[2])]).id == policy_id


def test_a_long_policy_against_many_hosts_takes_no_time():
    patterns = tuple(
        MxPattern(text=f"m{n}.example", name=f"m{n}.example", wildcard=bool(n % 2), line=n)
        for n in range(2_000)
    )
    hosts = [f"a{n}.{'b' * 60}.example.net" for n in range(99)] + ["x.m1.example"]
    with within(1):
        found = coverage(patterns, hosts)
    assert len(found.missing) == 99
    assert len(found.unused) == 1_999
