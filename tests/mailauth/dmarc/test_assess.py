"""Alignment and assessment: the examples of RFC 9989 B.1 and B.4, RFC 7489 B.1, and what may fail."""

import pytest

from mxwalk.evidence.dns import DnsStatus
from mxwalk.mailauth.dmarc.assess import assess
from mxwalk.mailauth.dmarc.discovery import domain_key, look_up
from mxwalk.mailauth.dmarc.model import DmarcResult, Policy, PolicyFrom, Reading
from tests.hostile import HOSTILE
from tests.mailauth.dmarc.zone import Zone

NONE, REJECT = "v=DMARC1; p=none", "v=DMARC1; p=reject"
BOTH = tuple(Reading)


def judge(reading, zone, authors, spf=None, dkim=(), *, identifiers=True):
    """Assess as a message walk does: one look-up for every identifier."""
    if not isinstance(zone, Zone):
        zone = Zone({f"_dmarc.{name}": text for name, text in zone.items()})
    authors = [authors] if isinstance(authors, str) else authors
    found = {domain_key(name): zone.run(look_up(name, author=True)) for name in authors}
    others = [spf[1]] if spf else []
    others += [one[1] for one in dkim]
    for name in others if identifiers else ():
        found.setdefault(domain_key(name), zone.run(look_up(name, author=False)))
    return assess(reading, authors, spf, dkim, found)


@pytest.mark.parametrize("reading", BOTH)
@pytest.mark.parametrize(
    ("identifier", "from_", "relaxed", "strict"),
    [
        # RFC 9989 B.1.1 and B.1.2, RFC 7489 B.1.1 and B.1.2, examples 1 to 3
        ("example.com", "example.com", True, True),
        ("child.example.com", "example.com", True, False),
        ("example.net", "child.example.com", False, False),
        ("example.com", "child.example.com", True, False),
        # RFC 9989 4.4, table 1
        ("foo.example.com", "news.example.com", True, False),
        ("news.example.com", "news.example.com", True, True),
        ("foo.example.net", "news.example.com", False, False),
        ("NEWS.Example.COM", "news.example.com", True, True),  # RFC 4343
        ("com", "example.com", False, False),
        ("xn--bcher-kva.example.com", "Bücher.example.com", True, True),
    ],
)
def test_relaxed_and_strict_alignment_stand_side_by_side(
    reading, identifier, from_, relaxed, strict
):
    zone = {"example.com": REJECT, "example.net": NONE}
    by_spf = judge(reading, zone, from_, ("pass", identifier))
    by_dkim = judge(reading, zone, from_, None, [(1, identifier, "pass")])
    for found in (by_spf, by_dkim):
        (one,) = found.alignments
        assert (one.relaxed, one.strict, one.aligned) == (relaxed, strict, relaxed)
        assert one.why
        assert not one.uncertain
        assert found.result is (DmarcResult.PASS if relaxed else DmarcResult.FAIL)
        assert found.disposition is (Policy.NONE if relaxed else Policy.REJECT)


@pytest.mark.parametrize("reading", BOTH)
def test_strict_mode_counts_for_its_own_method_alone(reading):
    zone = {"example.com": REJECT + "; adkim=s"}
    found = judge(reading, zone, "example.com", None, [(1, "news.example.com", "pass")])
    assert found.result is DmarcResult.FAIL
    assert "adkim=s" in found.alignments[0].why
    found = judge(reading, zone, "example.com", ("pass", "news.example.com"))
    assert found.result is DmarcResult.PASS


@pytest.mark.parametrize("reading", BOTH)
def test_b_1_alignment_cannot_exist_where_the_method_did_not_pass(reading):
    for result in ("fail", "softfail", "neutral", "none", "permerror"):
        found = judge(
            reading,
            {"example.com": REJECT},
            "example.com",
            (result, "example.com"),
            [(1, "example.com", "fail")],
        )
        assert found.result is DmarcResult.FAIL
        assert not any(one.counts for one in found.alignments)
        assert all(one.aligned for one in found.alignments)
        assert "would have been aligned" in found.why


@pytest.mark.parametrize("reading", BOTH)
def test_one_aligned_signature_of_many_makes_it_pass(reading):
    dkim = [
        (1, "list.example.net", "pass"),
        (2, "example.com", "fail"),
        (3, "mail.example.com", "pass"),
    ]
    found = judge(reading, {"example.com": REJECT}, "example.com", ("pass", "example.net"), dkim)
    assert found.result is DmarcResult.PASS
    assert [one.number for one in found.alignments if one.counts] == [3]
    assert "DKIM signature 3" in found.why


def test_b_4_1_simple_example():
    zone = {"example.com": NONE, "signing.example.com": NONE}
    found = judge(
        Reading.RFC9989,
        zone,
        "example.com",
        ("pass", "example.com"),
        [(1, "signing.example.com", "pass")],
    )
    assert found.discovery.organizational == "example.com"
    assert [one.counts for one in found.alignments] == [True, True]
    assert found.policy.source is PolicyFrom.AUTHOR_DOMAIN


def test_b_4_2_deep_example():
    zone = {"example.com": NONE, "signing.example.com": NONE}
    found = judge(
        Reading.RFC9989,
        zone,
        "a.b.c.d.e.f.g.h.i.j.k.example.com",
        ("pass", "example.com"),
        [(1, "signing.example.com", "pass")],
    )
    assert [one.counts for one in found.alignments] == [True, True]
    assert found.policy.source is PolicyFrom.ORGANIZATIONAL


def test_b_4_3_public_suffix_example_and_where_the_readings_part():
    zone = {"giant.bank.example": REJECT, "bank.example": NONE + "; psd=y"}
    spf, dkim = ("pass", "mail.giant.bank.example"), [(1, "mail.mega.bank.example", "pass")]
    found = judge(Reading.RFC9989, zone, "giant.bank.example", spf, dkim)
    assert [one.counts for one in found.alignments] == [True, False]
    assert found.alignments[1].organizational == "mega.bank.example"
    # by the list every name below bank.example belongs together
    found = judge(Reading.RFC7489, zone, "giant.bank.example", spf, dkim)
    assert [one.counts for one in found.alignments] == [True, True]


def test_a_parent_without_record_aligns_by_the_list_and_not_by_the_tree_walk():
    zone = {"news.example.com": REJECT}
    dkim = [(1, "example.com", "pass")]
    bis = judge(Reading.RFC9989, zone, "news.example.com", None, dkim)
    old = judge(Reading.RFC7489, zone, "news.example.com", None, dkim)
    assert (bis.result, bis.disposition) == (DmarcResult.FAIL, Policy.REJECT)
    assert old.result is DmarcResult.PASS


def test_the_seeds_message_of_united_passes_by_dkim_and_not_by_spf():
    """The seed: MAIL FROM @envfrm.rsys2.com, d=news.united.com, dmarc=pass (p=none dis=none)."""
    zone = {"united.com": NONE}
    for reading in BOTH:
        found = judge(
            reading,
            zone,
            "news.united.com",
            ("pass", "envfrm.rsys2.com"),
            [(1, "news.united.com", "pass")],
        )
        assert found.result is DmarcResult.PASS
        assert [one.counts for one in found.alignments] == [False, True]
        assert found.disposition is Policy.NONE


@pytest.mark.parametrize("reading", BOTH)
def test_without_a_record_dmarc_does_not_apply(reading):
    found = judge(reading, {}, "example.com", ("pass", "example.com"))
    assert (found.result, found.disposition) == (DmarcResult.NONE, None)
    assert found.alignments[0].aligned


@pytest.mark.parametrize("reading", BOTH)
def test_a_record_that_is_not_applied_gives_a_permanent_error(reading):
    found = judge(
        reading, {"example.com": "v=DMARC1; p=block"}, "example.com", ("fail", "example.com")
    )
    assert (found.result, found.disposition) == (DmarcResult.PERMERROR, None)
    assert "p is not valid" in found.why


# What failed


def zone_failing(*names, **txt):
    return Zone(
        {"_dmarc.example.com": REJECT, "_dmarc.example.net": NONE, **txt},
        status={f"_dmarc.{name}": DnsStatus.SERVFAIL for name in names},
    )


@pytest.mark.parametrize("reading", BOTH)
def test_a_failed_query_for_the_policy_is_a_temporary_error_and_never_none(reading):
    found = judge(reading, zone_failing("example.com"), "example.com", ("pass", "example.com"))
    assert (found.result, found.disposition) == (DmarcResult.TEMPERROR, None)


def test_a_failed_query_that_decides_nothing_changes_nothing():
    zone = zone_failing("com")
    # RFC 9989 4.10.2: identical names with a record of their own need no walk
    found = judge(Reading.RFC9989, zone, "example.com", ("pass", "example.com"))
    assert found.result is DmarcResult.PASS
    # strict alignment needs none either
    strict = Zone(
        {"_dmarc.example.com": REJECT + "; aspf=s"}, status={"_dmarc.com": DnsStatus.TIMEOUT}
    )
    found = judge(Reading.RFC9989, strict, "example.com", ("pass", "a.example.com"))
    assert found.result is DmarcResult.FAIL


def test_a_failed_walk_of_an_identifier_leaves_relaxed_alignment_open():
    zone = zone_failing("a.example.com")
    found = judge(Reading.RFC9989, zone, "example.com", ("pass", "a.example.com"))
    assert found.result is DmarcResult.TEMPERROR
    assert found.alignments[0].uncertain
    assert (
        judge(Reading.RFC7489, zone, "example.com", ("pass", "a.example.com")).result
        is DmarcResult.PASS
    )
    # what has not passed does not matter
    found = judge(Reading.RFC9989, zone, "example.com", ("fail", "a.example.com"))
    assert found.result is DmarcResult.FAIL


@pytest.mark.parametrize("reading", BOTH)
def test_a_method_that_could_not_be_checked_keeps_the_policy_from_being_applied(reading):
    """RFC 7489 6.6.2, RFC 9989 5.3.6."""
    zone = {"example.com": REJECT}
    found = judge(reading, zone, "example.com", ("temperror", "example.com"))
    assert (found.result, found.disposition) == (DmarcResult.TEMPERROR, None)
    found = judge(
        reading,
        zone,
        "example.com",
        ("fail", "example.com"),
        [(1, "mail.example.com", "temperror")],
    )
    assert found.result is DmarcResult.TEMPERROR
    # one that could never be aligned changes nothing
    found = judge(reading, zone, "example.com", ("temperror", "example.net"))
    assert found.result is DmarcResult.FAIL
    # a pass elsewhere decides
    found = judge(
        reading, zone, "example.com", ("temperror", "example.com"), [(1, "example.com", "pass")]
    )
    assert found.result is DmarcResult.PASS


def test_an_identifier_nobody_looked_up_is_uncertain():
    found = judge(
        Reading.RFC9989,
        {"example.com": REJECT},
        "example.com",
        ("pass", "a.example.com"),
        identifiers=False,
    )
    assert found.result is DmarcResult.TEMPERROR
    assert "not looked up" in found.alignments[0].why


# From


@pytest.mark.parametrize("reading", BOTH)
def test_no_from_domain_means_no_judgement(reading):
    found = judge(reading, {}, [], ("pass", "example.com"))
    assert (found.result, found.disposition) == (DmarcResult.NONE, None)
    assert found.author_domain == ""


def test_several_from_domains_end_it_by_rfc_9989_and_the_strictest_counts_by_rfc_7489():
    zone = {"example.com": REJECT, "example.net": "v=DMARC1; p=quarantine", "example.org": REJECT}
    authors = ["example.net", "example.com", "example.org"]
    bis = judge(Reading.RFC9989, zone, authors, ("pass", "example.org"))
    assert bis.result is DmarcResult.NONE
    assert "5.3.1" in bis.why
    old = judge(Reading.RFC7489, zone, authors, ("pass", "example.org"))
    assert (old.result, old.disposition, old.author_domain) == (
        DmarcResult.FAIL,
        Policy.REJECT,
        "example.com",
    )


def test_one_domain_named_twice_is_one():
    found = judge(
        Reading.RFC9989,
        {"example.com": REJECT},
        ["example.com", "Example.COM."],
        ("pass", "example.com"),
    )
    assert found.result is DmarcResult.PASS


# Disposition


@pytest.mark.parametrize(
    ("record", "reading", "expected"),
    [
        (REJECT, Reading.RFC9989, Policy.REJECT),
        (REJECT + "; t=y", Reading.RFC9989, Policy.QUARANTINE),
        (REJECT + "; t=y", Reading.RFC7489, Policy.REJECT),
        (REJECT + "; pct=0", Reading.RFC7489, Policy.QUARANTINE),
        (REJECT + "; pct=0", Reading.RFC9989, Policy.REJECT),
        (NONE, Reading.RFC9989, Policy.NONE),
    ],
)
def test_the_disposition_of_a_failing_message_follows_t_and_pct(record, reading, expected):
    found = judge(reading, {"example.com": record}, "example.com", ("fail", "example.com"))
    assert (found.result, found.disposition) == (DmarcResult.FAIL, expected)


@pytest.mark.parametrize("octets", HOSTILE)
def test_hostile_names_are_judged_and_shown_plainly(octets):
    name = octets.decode("utf-8", "surrogateescape")
    for reading in BOTH:
        found = judge(reading, {"example.com": REJECT}, name, ("pass", name), [(1, name, name)])
        assert found.why.isprintable()
        found = judge(
            reading, {"example.com": REJECT}, "example.com", (name, name), [(1, name, "pass")]
        )
        assert found.why.isprintable()
        assert all(
            text.isprintable()
            for one in found.alignments
            for text in (one.why, one.domain, one.organizational)
        )


def test_rfc_7489_needs_no_look_up_of_other_identifiers():
    found = judge(
        Reading.RFC7489,
        {"example.com": REJECT},
        "example.com",
        ("pass", "a.example.com"),
        identifiers=False,
    )
    assert found.result is DmarcResult.PASS
    assert found.alignments[0].organizational == "example.com"


def test_unknown_existence_is_told_where_np_asks_for_something_else():
    for text, uncertain in (("; np=quarantine", True), ("; np=reject", False), ("", False)):
        zone = Zone(
            {"_dmarc.example.com": REJECT + text}, status={"a.example.com": DnsStatus.SERVFAIL}
        )
        found = judge(Reading.RFC9989, zone, "a.example.com", ("fail", "a.example.com"))
        assert found.exists is None
        assert found.policy.uncertain is uncertain
        assert ("is not known" in found.why) is uncertain


@pytest.mark.parametrize("reading", BOTH)
def test_of_more_from_domains_than_are_judged_none_passes_for_the_rest(reading):
    own = [f"a{at}.evil.example" for at in range(12)]
    zone = {"evil.example": REJECT, "bank.example": REJECT}
    found = judge(reading, zone, [*own, "bank.example"], ("pass", "evil.example"))
    assert found.result is DmarcResult.NONE
