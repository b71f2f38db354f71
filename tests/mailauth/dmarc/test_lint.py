"""Remarks on records, and records put right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.evidence.dns import DnsStatus
from mxwalk.mailauth.dmarc.discovery import discover
from mxwalk.mailauth.dmarc.lint import lint, lint_record
from mxwalk.mailauth.dmarc.model import Policy, Query
from mxwalk.mailauth.dmarc.record import is_record, read_record
from mxwalk.mailauth.dmarc.remarks import Around, RemarkKind, Seen, Weight
from mxwalk.mailauth.dmarc.repair import fixed
from mxwalk.mailauth.dmarc.reporting import authorise
from tests.hostile import HOSTILE
from tests.mailauth.dmarc.zone import Zone

K = RemarkKind
RUA = "rua=mailto:d@example.com"
GOOD = f"v=DMARC1; p=reject; {RUA}"


def read(text):
    return read_record("_dmarc.example.com", text if isinstance(text, bytes) else text.encode())


def kinds(text, domain="example.com", **around):
    return {one.kind for one in lint_record(read(text), Around(domain=domain, **around))}


def test_a_sound_record_gives_no_remark():
    assert not kinds(GOOD)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"v=DMARC1; p=none; {RUA}; np=reject", {K.POLICY_NONE}),
        ("v=DMARC1; p=none; np=reject", {K.NO_EFFECT}),
        ("v=DMARC1; p=reject", {K.NO_REPORTS}),
        ("v=DMARC1; p=reject; rua=d@example.com", {K.BAD_ADDRESS, K.NO_REPORTS}),
        (f"v=DMARC1; p=reject; sp=none; np=reject; {RUA}", {K.SUBDOMAINS_WEAKER}),
        (f"v=DMARC1; p=reject; np=none; {RUA}", {K.NONEXISTENT_WEAKER}),
        (f"v=DMARC1; p=quarantine; {RUA}", {K.NONEXISTENT_ADVICE}),
        (f"v=DMARC1; p=reject; pct=50; {RUA}", {K.PERCENT}),
        (f"v=DMARC1; p=reject; pct=100; ri=3600; rf=afrf; {RUA}", {K.REMOVED}),
        (f"v=DMARC1; p=reject; x=1; {RUA}", {K.UNKNOWN}),
        (f"v=DMARC1; p=reject; ASPF=s; {RUA}", {K.TAG_CASE}),
        (f"v=DMARC1; p=reject; aspf=strict; {RUA}", {K.BAD_VALUE}),
        (f"v=DMARC1; p=reject; p=none; {RUA}", {K.DUPLICATE}),
        (f"v=DMARC1; p=reject; {RUA}; what", {K.MALFORMED}),
        (f"v=DMARC1; {RUA}; p=reject", {K.POLICY_NOT_SECOND}),
        (f"v=DMARC1; {RUA}; np=reject", {K.NO_POLICY, K.POLICY_NONE}),
        ("v=DMARC1; np=reject", {K.NO_POLICY}),
        (f"v=DMARC1; p=rejet; {RUA}", {K.BAD_POLICY}),
        (f"v=DMARC1; p=reject; sp=rejet; {RUA}", {K.BAD_POLICY}),
        (f"v=DMARC1; p=reject; {RUA}; ruf=mailto:r@example.com", {K.FAILURE_REPORTS}),
        (f"v=DMARC1; p=reject; {RUA}; fo=1", {K.OPTIONS_UNUSED}),
        (f"v=DMARC1; p=reject; {RUA}!10m", {K.ADDRESS_SIZE}),
        (f"v=DMARC1; p=reject; {RUA}; psd=y", {K.SUFFIX_CLAIMED}),
        (f"v=DMARC1; p=reject; {RUA}; t=y", {K.TESTING}),
        (
            f"v=DMARC1; p=none; np=none; {RUA}; t=y",
            {K.POLICY_NONE, K.NONEXISTENT_ADVICE, K.TESTING_UNUSED},
        ),
    ],
)
def test_each_fault_is_remarked_on_and_nothing_else(text, expected):
    assert kinds(text) == expected


def test_a_public_suffix_must_say_so_and_must_not_ask_for_failure_reports():
    """RFC 9989 5.2, 10.2."""
    assert kinds(GOOD, "co.uk") == {K.SUFFIX_UNMARKED}
    assert kinds(GOOD + "; psd=y", "co.uk") == set()
    text = GOOD + "; psd=y; ruf=mailto:r@example.com"
    assert kinds(text, "co.uk") == {K.SUFFIX_FAILURE_REPORTS, K.FAILURE_REPORTS}


def test_psd_n_of_a_subdomain_cuts_it_off():
    assert kinds(GOOD + "; psd=n", "dept.example.com") == {K.OWN_ORGANIZATION}
    assert kinds(GOOD + "; psd=n") == set()


def test_sp_of_a_subdomains_record_is_ignored():
    """RFC 9989 4.7, sp: ignored below the Organizational Domain."""
    text = GOOD + "; sp=none; np=none"
    assert kinds(text, "mail.example.com", organizational="example.com") == {K.IGNORED_BELOW}


def test_enforcement_needs_something_that_can_align():
    """RFC 9989 7.4."""
    neither = {"spf": Seen.NO, "dkim": Seen.NO}
    assert kinds(GOOD, **neither) == {K.NO_ALIGNMENT}
    assert kinds(GOOD, **neither, sends=Seen.NO) == set()
    assert kinds(GOOD, spf=Seen.YES, dkim=Seen.NO) == {K.REJECT_NEEDS_DKIM}
    assert kinds(GOOD, spf=Seen.YES) == set()
    assert (
        kinds(GOOD.replace("reject", "quarantine") + "; np=reject", spf=Seen.YES, dkim=Seen.NO)
        == set()
    )


def test_an_outside_address_without_consent_gets_the_line_to_publish():
    record = read("v=DMARC1; p=reject; rua=mailto:a@example.net")
    found = Zone().run(authorise("example.com", "example.com", record.aggregate))
    (remark,) = lint_record(record, Around(domain="example.com", authorisations=found))
    assert remark.kind is K.NOT_AUTHORISED
    assert remark.fix == 'example.com._report._dmarc.example.net. IN TXT "v=DMARC1;"'
    failing = Zone(status={"example.com._report._dmarc.example.net": DnsStatus.TIMEOUT})
    found = failing.run(authorise("example.com", "example.com", record.aggregate))
    (remark,) = lint_record(record, Around(domain="example.com", authorisations=found))
    assert remark.kind is K.AUTHORISATION_UNKNOWN


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([GOOD, GOOD], {K.SEVERAL_RECORDS}),
        (["v=DMARC1.0; p=reject"], {K.NOT_A_RECORD}),
        (["v=dmarc1; p=reject"], {K.NOT_A_RECORD}),
        (["V=DMARC1; p=reject"], {K.NOT_A_RECORD}),
        (["p=reject; v=DMARC1"], {K.NOT_A_RECORD}),
        ([" v=DMARC1; p=reject"], {K.WHITE_SPACE_FIRST}),
        ([GOOD, "v=spf1 -all"], {K.OTHER_TEXT}),
        (["v=spf1 -all"], {K.OTHER_TEXT}),
        ([GOOD, "v=DMARC2; p=none"], {K.NOT_A_RECORD}),
        ([], set()),
    ],
)
def test_what_stands_at_the_name_is_remarked_on(texts, expected):
    found = Zone({"_dmarc.example.com": texts}).run(discover("example.com"))
    assert {one.kind for one in lint(found.queries[0], Around(domain="example.com"))} == expected


def test_the_worst_comes_first():
    remarks = lint_record(read("v=DMARC1; p=rejet; fo=1; aspf=x"), Around(domain="example.com"))
    weights = [list(Weight).index(one.weight) for one in remarks]
    assert weights == sorted(weights)
    assert remarks[0].kind is K.BAD_POLICY


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (GOOD, GOOD),
        ("v=dmarc1; P=Reject", "v=DMARC1; p=reject"),
        (" v=DMARC1;p=none;", "v=DMARC1; p=none"),
        ("p=quarantine; v=DMARC1", "v=DMARC1; p=quarantine"),
        (
            "v=DMARC1 p=reject rua=mailto:a@example.com",
            "v=DMARC1; p=reject; rua=mailto:a@example.com",
        ),
        ("v=DMARC1; p=rejct; sp=quarentine", "v=DMARC1; p=reject; sp=quarantine"),
        ("v=DMARC1; p=whatever", "v=DMARC1; p=none"),
        ("v=DMARC1; p=reject; pct=0", "v=DMARC1; p=reject; t=y"),
        ("v=DMARC1; p=reject; pct=100; ri=86400; rf=afrf; z=1", "v=DMARC1; p=reject"),
        (
            "v=DMARC1; p=none; rua=a@example.com, mailto:b@example.com!10m, https://example.com",
            "v=DMARC1; p=none; rua=mailto:a@example.com,mailto:b@example.com",
        ),
        ("v=DMARC1; p=none; adkim=strict; aspf=relaxed; fo=1", "v=DMARC1; p=none; adkim=s; aspf=r"),
        (
            "v=DMARC1; p=none; fo=1,d; ruf=mailto:a@example.com",
            "v=DMARC1; p=none; fo=1:d; ruf=mailto:a@example.com",
        ),
    ],
)
def test_a_record_is_put_right_as_it_was_meant(text, right):
    assert fixed(read(text)) == right


@given(st.binary(max_size=200) | st.sampled_from(HOSTILE))
def test_what_is_put_right_is_a_sound_record(octets):
    for whole in (octets, b"v=DMARC1; p=reject; rua=" + octets, b"v=DMARC1; p=" + octets):
        right = fixed(read(whole))
        assert is_record(right.encode())
        again = read(right)
        assert again.usable
        assert fixed(again) == right
        assert right.isprintable()
        for remark in lint_record(read(whole), Around(domain="example.com")):
            assert remark.sentence.isprintable()
            assert remark.fix.isprintable()


@given(st.lists(st.text(max_size=60), max_size=4))
def test_any_texts_at_the_name_are_linted(texts):
    query = Query(qname="_dmarc.example.com", status=DnsStatus.OK, seen=tuple(texts))
    for remark in lint(query, Around(domain="example.com")):
        assert remark.sentence


def test_a_change_is_put_in_its_place():
    assert fixed(read(GOOD), p="quarantine", t="y", np="reject") == (
        "v=DMARC1; p=quarantine; np=reject; rua=mailto:d@example.com; t=y"
    )
    assert read(fixed(read("v=DMARC1"))).policy is Policy.NONE


def test_the_seeds_record_of_aa():
    text = (
        "v=DMARC1; p=none; fo=1; ri=3600; rua=mailto:american@rua.agari.com,mailto:dmarc@aa.com;"
        " ruf=mailto:american@ruf.agari.com,mailto:dmarc@aa.com"
    )
    expected = {K.POLICY_NONE, K.REMOVED, K.FAILURE_REPORTS, K.NONEXISTENT_ADVICE}
    assert kinds(text, "aa.com") == expected
    assert fixed(read(text)) == text.replace(" fo=1; ri=3600;", " fo=1;")
