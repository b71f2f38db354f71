"""Records as read: RFC 9989 4.7, 4.8, 4.10.1, RFC 7489 6.3 and 6.6.3, the seed's and the RFCs' records."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.mailauth.dmarc.model import Mode, Policy, Reading, TagState
from mxwalk.mailauth.dmarc.record import applied, is_record, read_record
from tests.hostile import HOSTILE

AA = (
    b"v=DMARC1; p=none; fo=1; ri=3600; rua=mailto:american@rua.agari.com,mailto:dmarc@aa.com;"
    b" ruf=mailto:american@ruf.agari.com,mailto:dmarc@aa.com"
)


def read(text: str | bytes):
    octets = text if isinstance(text, bytes) else text.encode()
    return read_record("_dmarc.example.com", octets)


def states(record):
    return {reading.name: reading.state for reading in record.readings}


def test_the_seeds_record_of_aa_is_read_tag_by_tag():
    record = read(AA)
    assert record.usable
    assert record.policy is Policy.NONE
    assert record.failure_options == ("1",)
    assert record.interval_s == 3600
    assert states(record)["ri"] is TagState.REMOVED
    assert [uri.host for uri in record.aggregate] == ["rua.agari.com", "aa.com"]
    assert [uri.address for uri in record.failure] == ["american@ruf.agari.com", "dmarc@aa.com"]
    assert not record.problems
    assert all(reading.meaning for reading in record.readings)


@pytest.mark.parametrize(
    "text",
    [
        "v=DMARC1; p=none; rua=mailto:dmarc-feedback@example.com",  # RFC 9989 B.2.1
        (
            "v=DMARC1; p=none; rua=mailto:dmarc-feedback@example.com; "
            "ruf=mailto:auth-reports@example.com"
        ),  # B.2.2
        (
            "v=DMARC1; p=none; rua=mailto:dmarc-feedback@example.com; "
            "ruf=mailto:auth-reports@thirdparty.example.net"
        ),  # B.2.3
        (
            "v=DMARC1; p=quarantine; rua=mailto:dmarc-feedback@example.com,"
            "mailto:tld-test@thirdparty.example.net; t=y"
        ),  # B.2.5
        "v=DMARC1; p=reject; aspf=r; rua=mailto:dmarc-feedback@example.com",  # B.3.1
        (
            "v=DMARC1; p=quarantine; rua=mailto:dmarc-feedback@example.com,"
            "mailto:tld-test@thirdparty.example.net!10m; pct=25"
        ),  # RFC 7489 B.2.4
    ],
)
def test_the_rfcs_examples_have_no_problem(text):
    record = read(text)
    assert record.usable
    assert not record.problems
    assert not [uri.problem for uri in (*record.aggregate, *record.failure) if uri.problem]


@pytest.mark.parametrize(
    "text", ["v=DMARC1", "v=DMARC1;", "v = DMARC1 ; p=none", "v=DMARC1;p=none"]
)
def test_the_version_may_have_white_space_around_its_equals_sign(text):
    assert is_record(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "v=dmarc1; p=reject",  # 4.8: %s"DMARC1" is case-sensitive
        "v=DMARC2; p=reject",
        "v=DMARC1.0; p=reject",
        "v=DMARC10; p=reject",
        " v=DMARC1; p=reject",
        "p=reject; v=DMARC1",  # 4.7: it must be the first tag
        "v=DMARC1 p=reject",
        "V=DMARC1; p=reject",
        "",
    ],
)
def test_what_does_not_begin_with_exactly_the_version_is_ignored_whole(text):
    record = read(text)
    assert not record.usable
    assert record.policy is None
    assert record.effective_policy is Policy.NONE
    assert record.problems
    for reading in Reading:
        assert not applied(record, reading).usable


def test_values_match_in_any_case_and_tag_names_do_not():
    record = read("v=DMARC1; p=Reject; ADKIM=s; aspf=S")
    assert record.policy is Policy.REJECT
    assert record.spf_mode is Mode.STRICT
    assert record.dkim_mode is Mode.RELAXED
    assert states(record)["ADKIM"] is TagState.UNKNOWN


def test_unknown_tags_are_ignored_and_bad_values_give_way_to_defaults():
    record = read(
        "v=DMARC1; p=reject; adkim=strict; aspf=; fo=2; psd=maybe; t=1; pct=300; ri=x; z=9"
    )
    assert record.usable
    assert record.policy is Policy.REJECT
    assert (record.dkim_mode, record.spf_mode) == (Mode.RELAXED, Mode.RELAXED)
    assert record.failure_options == ("0",)
    assert (record.psd, record.testing, record.percent, record.interval_s) == (
        "u",
        False,
        100,
        86_400,
    )
    found = states(record)
    assert found.pop("v") is TagState.OK
    assert found.pop("p") is TagState.OK
    assert found.pop("z") is TagState.UNKNOWN
    assert set(found.values()) == {TagState.DEFAULTED}


@pytest.mark.parametrize(
    ("text", "bis", "old"),
    [
        # RFC 9989 4.10.1 and RFC 7489 6.6.3: usable?, policy
        ("v=DMARC1; rua=mailto:a@example.com", (True, "none"), (True, "none")),
        ("v=DMARC1; p=bogus; rua=mailto:a@example.com", (True, "none"), (True, "none")),
        ("v=DMARC1; p=bogus", (False, "none"), (False, "none")),
        ("v=DMARC1", (False, "none"), (False, "none")),
        ("v=DMARC1; p=reject; sp=rejct; rua=mailto:a@example.com", (True, "none"), (True, "none")),
        ("v=DMARC1; p=reject; sp=rejct", (False, "none"), (False, "none")),
        ("v=DMARC1; p=reject; np=no; rua=mailto:a@example.com", (True, "none"), (True, "reject")),
        ("v=DMARC1; p=reject; np=no", (False, "none"), (True, "reject")),
        ("v=DMARC1; p=reject; rua=a@example.com", (True, "reject"), (True, "reject")),
        ("v=DMARC1; p=x; rua=a@example.com", (False, "none"), (False, "none")),
        ("v=DMARC1; p=x; rua=https://example.com/r", (True, "none"), (True, "none")),
    ],
)
def test_a_record_without_valid_policy_counts_as_none_only_if_it_asks_for_reports(text, bis, old):
    record = read(text)
    for reading, (usable, policy) in ((Reading.RFC9989, bis), (Reading.RFC7489, old)):
        result = applied(record, reading)
        assert (result.usable, result.policy.value) == (usable, policy), reading
        if policy == "none":
            assert result.why
    assert (record.usable, record.effective_policy.value) == bis


def test_a_tag_that_stands_twice_counts_by_its_first():
    record = read("v=DMARC1; p=none; p=reject")
    assert record.policy is Policy.NONE
    assert record.readings[-1].state is TagState.DUPLICATE
    assert record.problems


@pytest.mark.parametrize(
    ("written", "address", "problem"),
    [
        ("mailto:a@example.com", "a@example.com", ""),
        ("MAILTO:a@Example.COM", "a@Example.COM", ""),
        ("mailto:a%2Cb@example.com?subject=x", "a,b@example.com", ""),
        ("mailto:a@example.com!10m", "a@example.com", ""),
        ("https://example.com/report", "", "by e-mail only"),
        ("a@example.com", "", "bare address"),
        ("mailto:", "", "no URI"),
        ("mailto:a", "", "no e-mail address"),
        ("mailto:@example.com", "", "no e-mail address"),
        ("mailto:a@exa mple.com", "", "no URI"),
        ("mailto:a@-.com", "", "no usable domain"),
        ("", "", "nothing stands here"),
    ],
)
def test_report_addresses_are_read_each_for_itself(written, address, problem):
    record = read(f"v=DMARC1; p=none; rua=mailto:z@example.net, {written}")
    assert record.aggregate[0].host == "example.net"
    uri = record.aggregate[1]
    assert uri.address == address
    assert problem in uri.problem
    assert bool(problem) == bool(uri.problem)


def test_a_size_limit_of_rfc_7489_is_kept_apart():
    (uri,) = read("v=DMARC1; p=none; rua=mailto:a@example.com!50M").aggregate
    assert (uri.size, uri.host) == ("50M", "example.com")


@pytest.mark.parametrize("octets", HOSTILE)
def test_hostile_octets_are_read_and_shown_plainly(octets):
    for whole in (octets, b"v=DMARC1; p=reject; rua=" + octets, b"v=DMARC1;" + octets):
        record = read_record("_dmarc.example.com", whole)
        shown = [record.text, *record.problems]
        shown += [text for tag in record.readings for text in (tag.value, tag.meaning)]
        shown += [
            t for uri in record.aggregate for t in (uri.uri, uri.address, uri.host, uri.problem)
        ]
        assert all(text.isprintable() for text in shown)


@given(st.binary(max_size=300))
def test_any_octets_yield_a_record(octets):
    for whole in (octets, b"v=DMARC1;" + octets):
        record = read_record("_dmarc.example.com", whole)
        assert record.usable == applied(record, Reading.RFC9989).usable
        assert 0 <= record.percent <= 100


TAGS = st.tuples(
    st.sampled_from(["p", "sp", "np", "adkim", "aspf", "fo", "rua", "psd", "t", "pct", "x"]),
    st.sampled_from(
        ["none", "reject", "r", "s", "0:d", "mailto:a@example.com", "y", "n", "50", "", "!"]
    ),
)


@given(st.lists(TAGS, max_size=8))
def test_every_tag_of_a_record_is_explained_at_its_place(pairs):
    text = "v=DMARC1;" + ";".join(f"{name}={value}" for name, value in pairs)
    record = read(text)
    assert len(record.readings) == len(pairs) + 1
    for reading, (name, _) in zip(record.readings[1:], pairs, strict=True):
        assert text[reading.start : reading.end].startswith(name)
        assert reading.meaning
