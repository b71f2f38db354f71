"""The lint list: each remark with its place and fix; the mended record; flattening; what if."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.evidence.dns import DnsStatus
from mxwalk.mailauth.asking import ask, replay
from mxwalk.mailauth.spf import (
    DENY_ALL,
    Kind,
    RememberingResolver,
    Severity,
    SpfResult,
    WhatIfResolver,
    evaluate,
    expand,
    fixed,
    flatten_advice,
    lint,
    read_record,
    with_record,
)
from mxwalk.mailauth.spf.repair import parted
from tests.hostile import HOSTILE
from tests.mailauth.spf.peer import random_case
from tests.mailauth.spf.zone import Zone, run, spf, strings, trace, txt

OTHERS = {
    "pass.test": spf("v=spf1 ip4:192.0.2.0/24 -all"),
    "open.test": spf("v=spf1 redirect=open2.test"),
    "open2.test": spf("v=spf1 +all"),
    "loop.test": spf("v=spf1 include:example.com -all"),
    "broken.test": spf("v=spf1 moo -all"),
    "slow.test": {"TXT": DnsStatus.TIMEOUT, "A": DnsStatus.TIMEOUT, "AAAA": DnsStatus.TIMEOUT},
    "host.test": {"A": ("192.0.2.9",)},
    "many.test": {"MX": tuple(f"{n} host.test." for n in range(11))},
    "six.test": {"AAAA": ("2001:db8::1",)},
}


def remarks(text, sends=True, **at_name):
    names = {**OTHERS, "example.com": {**(spf(text) if text else {}), **at_name}}
    survey = run(expand("example.com"), Zone(names))
    return lint(survey=survey, sends=sends)


def kinds(text, **at_name):
    return [one.kind for one in remarks(text, **at_name)]


SOUND = "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/48 a:host.test include:pass.test -all"

CASES = [
    ("v=spf1 ip4:192.0.2.1 +all", Kind.PLUS_ALL, "+all"),
    ("v=spf1 ip4:192.0.2.1 all", Kind.PLUS_ALL, "all"),
    ("v=spf1 ip4:192.0.2.1 ?all", Kind.NEUTRAL_ALL, "?all"),
    ("v=spf1 ip4:192.0.2.1", Kind.NO_ALL, ""),
    ("v=spf1 -all ip4:192.0.2.1", Kind.TERMS_AFTER_ALL, "ip4:192.0.2.1"),
    ("v=spf1 -all redirect=pass.test", Kind.REDIRECT_WITH_ALL, "redirect=pass.test"),
    ("v=spf1 ptr -all", Kind.PTR, "ptr"),
    ("v=spf1 ip4:192.0.0.0/15 -all", Kind.WIDE_IP4, "ip4:192.0.0.0/15"),
    ("v=spf1 ip6:2001:db8::/31 -all", Kind.WIDE_IP6, "ip6:2001:db8::/31"),
    ("v=spf1 ip4:10.1.2.3 -all", Kind.NOT_PUBLIC, "ip4:10.1.2.3"),
    ("v=spf1 ip4:192.0.2.9/24 -all", Kind.HOST_BITS, "ip4:192.0.2.9/24"),
    ("v=spf1 ipv4:192.0.2.9 -all", Kind.SYNTAX, "ipv4:192.0.2.9"),
    ("v=spf1 ip4:192.0.2.1 moo=cow -all", Kind.UNKNOWN_MODIFIER, "moo=cow"),
    ("v=spf1 ip4:192.0.2.1 include=pass.test -all", Kind.UNKNOWN_MODIFIER, "include=pass.test"),
    ("v=spf1 exists:%{L}.host.test -all", Kind.URL_ESCAPED, "exists:%{L}.host.test"),
    ("v=spf1 IP4:192.0.2.1 -all", Kind.UPPERCASE, "IP4:192.0.2.1"),
    ("v=spf1 a:host.test a:HOST.test -all", Kind.DUPLICATE, "a:HOST.test"),
    ("v=spf1 include:none.test -all", Kind.INCLUDE_BROKEN, "include:none.test"),
    ("v=spf1 include:broken.test -all", Kind.INCLUDE_BROKEN, "include:broken.test"),
    ("v=spf1 redirect=none.test", Kind.INCLUDE_BROKEN, "redirect=none.test"),
    ("v=spf1 include:open.test -all", Kind.INCLUDE_PASSES_ALL, "include:open.test"),
    ("v=spf1 include:loop.test -all", Kind.LOOP, "include:example.com"),
    ("v=spf1 a:none.test -all", Kind.VOID, "a:none.test"),
    ("v=spf1 mx:host.test -all", Kind.VOID, "mx:host.test"),
    ("v=spf1 mx:many.test -all", Kind.TOO_MANY_MX, "mx:many.test"),
    ("v=spf1 include:slow.test -all", Kind.NOT_LOOKED_UP, "include:slow.test"),
    ("v=spf1 a:slow.test -all", Kind.NOT_LOOKED_UP, "a:slow.test"),
    ("v=spf1 ip4:192.0.2.1include:pass.test -all", Kind.JOINED, "ip4:192.0.2.1include:pass.test"),
    ("v=spf1 include:pass.testip4:192.0.2.1 -all", Kind.JOINED, "include:pass.testip4:192.0.2.1"),
]


def test_a_sound_record_has_no_remark():
    assert remarks(SOUND) == ()
    assert remarks("v=spf1 redirect=pass.test") == ()
    assert remarks(DENY_ALL, sends=False) == ()


@pytest.mark.parametrize(("text", "kind", "at"), CASES)
def test_a_remark_stands_at_its_term(text, kind, at):
    found = [one for one in remarks(text) if one.kind is kind]
    assert found
    assert found[0].text == at
    assert found[0].sentence
    assert found[0].fix
    if at and found[0].domain == "example.com":
        covered = text[found[0].start : found[0].end]
        assert covered
        assert covered in at


@pytest.mark.parametrize("rest", [" ip4:192.0.2.1", " redirect=pass.test"])
def test_what_stands_in_a_record_is_made_visible_in_a_fix(rest):
    found = remarks(f"v=spf1 -all:\x1b[2J{'x' * 300}{rest}")
    assert all(one.fix.isprintable() and len(one.fix) < 250 for one in found)
    assert any("-all:\\x1b[2J" in one.fix for one in found)


def test_every_kind_has_a_case_here():
    other = {
        Kind.NO_RECORD, Kind.NEAR_RECORD, Kind.SEVERAL_RECORDS, Kind.TOO_MANY_LOOKUPS,
        Kind.NOT_DENY_ALL,
        Kind.MANY_LOOKUPS, Kind.TOO_MANY_VOIDS, Kind.LONG_RECORD, Kind.TYPE99,
    }  # fmt: skip
    assert {kind for _, kind, _ in CASES} | other == set(Kind)


def test_no_record_is_a_remark_and_deny_all_its_fix_for_who_sends_nothing():
    (one,) = remarks("", A=("192.0.2.1",))
    assert one.kind is Kind.NO_RECORD
    (one,) = remarks("", sends=False, A=("192.0.2.1",))
    assert one.fix == 'publish "v=spf1 -all"'


@pytest.mark.parametrize(
    "octets",
    [
        b" v=spf1 ip4:192.0.2.0/24 -all",  # as one provider in the guide publishes it
        b'"v=spf1 -all"',
        b"\xc2\xa0v=spf1 -all",
        b"v=spf1; ip4:192.0.2.1",
        b"v=spf1-all",
        b"v=spf2 -all",
        b"spf1 -all",
    ],
)
def test_what_only_looks_like_a_record_is_told(octets):
    found = remarks("", TXT=(txt(octets),))
    assert [one.kind for one in found] == [Kind.NEAR_RECORD]
    assert found[0].severity is Severity.ERROR


def test_a_domain_that_sends_nothing_refuses_every_host():
    for text in ("v=spf1 a:host.test -all", "v=spf1 ~all", "v=spf1 include:pass.test -all"):
        found = remarks(text, sends=False)
        assert Kind.NOT_DENY_ALL in [one.kind for one in found]
        assert Kind.NOT_DENY_ALL not in kinds(text)
    assert remarks("v=spf1 redirect=pass.test", sends=False) == ()


def test_several_records_and_type_99():
    both = (strings("v=spf1 ip4:192.0.2.1 -all"), strings("v=spf1 ip4:192.0.2.2 -all"))
    found = remarks("", TXT=both, SPF=(strings("v=spf1 -all"),))
    assert [one.kind for one in found] == [Kind.SEVERAL_RECORDS, Kind.TYPE99]


@pytest.mark.parametrize(
    ("count", "kind"),
    [(8, None), (9, Kind.MANY_LOOKUPS), (10, Kind.MANY_LOOKUPS), (11, Kind.TOO_MANY_LOOKUPS)],
)
def test_the_lookups_are_counted_if_nothing_matched(count, kind):
    names = {f"h{n}.test": {"A": ("192.0.2.1",), "AAAA": ("2001:db8::1",)} for n in range(count)}
    names["example.com"] = spf("v=spf1 " + " ".join(f"a:h{n}.test" for n in range(count)) + " -all")
    found = lint(survey=run(expand("example.com"), Zone(names)))
    assert [one.kind for one in found] == ([kind] if kind else [])


def test_void_lookups_are_counted_for_each_family():
    found = remarks("v=spf1 a:n1.test a:n2.test a:n3.test -all")
    assert [one.kind for one in found[:2]] == [Kind.TOO_MANY_VOIDS] * 2
    names = {f"h{n}.test": {"A": ("192.0.2.1",)} for n in range(3)}
    names["example.com"] = spf("v=spf1 a:h0.test a:h1.test a:h2.test -all")
    (one,) = lint(survey=run(expand("example.com"), Zone(names)))
    assert (one.kind, one.severity) == (Kind.TOO_MANY_VOIDS, Severity.WARNING)
    assert "IPv6" in one.sentence


def test_a_long_record_and_words_glued_where_strings_meet():
    text = "v=spf1 " + " ".join(f"ip4:192.0.2.{n}" for n in range(40)) + " -all"
    assert Kind.LONG_RECORD in kinds(text)
    joined = (strings("v=spf1 ip4:192.0.2.1", "a:host.test -all"),)
    found = remarks("", TXT=joined)
    glued = next(one for one in found if one.kind is Kind.JOINED)
    assert "two strings" in glued.sentence
    sound = (strings("v=spf1 ip4:192.0", ".2.1 a:host.test -all"),)
    assert remarks("", TXT=sound) == ()


FIXES = [
    ("v=spf1 ip4:192.0.2.1 +all", "v=spf1 ip4:192.0.2.1 ~all"),
    ("v=spf1 ip4:192.0.2.1 ?all", "v=spf1 ip4:192.0.2.1 ~all"),
    ("v=spf1 ip4:192.0.2.1 -all", "v=spf1 ip4:192.0.2.1 -all"),
    ("V=SPF1  A   MX/24 ~ALL ", "v=spf1 a mx/24 ~all"),
    ("v=spf1 a", "v=spf1 a ~all"),
    ("v=spf1", "v=spf1 ~all"),
    ("v=spf1 a redirect=b.test", "v=spf1 a redirect=b.test"),
    ("v=spf1 redirect=b.test a -all mx", "v=spf1 a -all"),
    ("v=spf1 a a:b.test a -all", "v=spf1 a a:b.test -all"),
    ("v=spf1 +a exp=e.test -all", "v=spf1 a -all exp=e.test"),
    (
        "v=spf1 ipv4:192.0.2.1 192.0.2.2 a:192.0.2.3/32 -all",
        "v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 ip4:192.0.2.3 -all",
    ),
    (
        "v=spf1 ip4:2001:db8::1 include=b.test a, mx; -all",
        "v=spf1 ip6:2001:db8::1 include:b.test a mx -all",
    ),
    ("v=spf1 ip4:192.0.2.9/24 a/024 -all", "v=spf1 ip4:192.0.2.0/24 a/24 -all"),
    ("v=spf1 ip4:192.0.2.1include:b.test-all", "v=spf1 ip4:192.0.2.1 include:b.test -all"),
    ("v=spf1 -redirect=b.test", "v=spf1 redirect=b.test"),
    ("v=spf1 REDIRECT=b.test/24 a", "v=spf1 a REDIRECT=b.test/24"),  # a fault for its remark
    ("v=spf1 ptr what:is.this -all", "v=spf1 ptr what:is.this -all"),  # never dropped silently
]


@pytest.mark.parametrize(("text", "expected"), FIXES)
def test_the_mended_record_is_what_should_be_published(text, expected):
    record = read_record("example.com", text.encode())
    assert fixed(record) == expected
    again = read_record("example.com", expected.encode())
    assert fixed(again) == expected


@given(
    st.one_of(
        st.binary(max_size=120),
        st.sampled_from(HOSTILE),
        st.lists(
            st.sampled_from([one for text, _ in FIXES for one in text.split(" ")]), max_size=9
        ).map(lambda words: " ".join(words).encode()),
    ),
    st.integers(0, 40),
)
def test_lint_and_mending_are_total(octets, cut):
    whole = b"v=spf1 " + octets
    record = read_record("example.com", whole, (min(cut, len(whole)), max(0, len(whole) - cut)))
    for one in lint(record):
        assert 0 <= one.start <= one.end <= len(whole)
        assert one.sentence.isprintable()
        assert one.fix.isprintable()
    assert fixed(record).lower().startswith("v=spf1")


def test_mending_keeps_the_results_of_a_sound_record():
    for seed in range(300):
        case = random_case(random.Random(seed))
        before = run(evaluate(case.ip, case.domain, case.sender, case.helo), case.zone)
        if before.root.record is None or before.root.record.faults:
            continue
        every = [term for term in before.root.record.terms if term.name == "all"]
        if not every or any(term.qualifier in "+?" for term in every):
            continue  # these are mended to another result
        names = {
            **case.zone.names,
            case.domain: {**case.zone.names[case.domain], **spf(fixed(before.root.record))},
        }
        after = run(evaluate(case.ip, case.domain, case.sender, case.helo), Zone(names))
        if before.result is SpfResult.PERMERROR:
            continue  # terms standing twice are asked once now
        assert after.result is before.result, (seed, before.root.record.text)


def test_words_are_parted_only_where_terms_begin():
    assert parted("include:a.testip4:192.0.2.1~all") == ["include:a.test", "ip4:192.0.2.1", "~all"]
    for word in (
        "include:_spf.ip4.test",
        "-all",
        "exists:%{i}.all.test",
        "a:mail-all.test",
        "x" * 5_000,
    ):
        assert parted(word) == [word]


def test_flattening_is_shown_with_its_price():
    names = {
        **OTHERS,
        "example.com": spf("v=spf1 include:pass.test a:host.test exists:%{i}.x.test ~all"),
    }
    advice = flatten_advice(run(expand("example.com"), Zone(names)))
    assert advice.text == "v=spf1 ip4:192.0.2.0/24 exists:%{i}.x.test ~all"
    assert advice.kept == ("exists:%{i}.x.test",)
    assert (advice.lookups, advice.lookups_before) == (1, 3)
    assert "change them without telling" in advice.warning
    assert advice.lines == (
        'example.com. IN TXT "v=spf1 ip4:192.0.2.0/24 exists:%{i}.x.test ~all"',
    )


def test_flattening_keeps_what_it_cannot_replace():
    names = {
        **OTHERS,
        "example.com": spf(
            "v=spf1 -include:pass.test include:mixed.test include:slow.test redirect=r.test"
        ),
        "mixed.test": spf("v=spf1 -ip4:192.0.2.1 ip4:192.0.2.0/24 -all"),
        "r.test": {**spf("v=spf1 a -all"), "A": ("192.0.2.77",)},
    }
    advice = flatten_advice(run(expand("example.com"), Zone(names)))
    assert advice.text == (
        "v=spf1 -include:pass.test include:mixed.test include:slow.test ip4:192.0.2.77 -all"
    )
    assert flatten_advice(run(expand("none.test"), Zone(names))) is None


def test_a_long_flattened_record_is_split_into_includes():
    names = {
        f"i{n}.test": spf(
            "v=spf1 " + " ".join(f"ip4:192.0.{n}.{k}" for k in range(0, 60, 3)) + " -all"
        )
        for n in range(4)
    }
    names["example.com"] = spf(
        "v=spf1 " + " ".join(f"include:i{n}.test" for n in range(4)) + " -all"
    )
    advice = flatten_advice(run(expand("example.com"), Zone(names)))
    assert len(advice.lines) > 2
    assert (
        advice.lines[0]
        == 'example.com. IN TXT "v=spf1 '
        + " ".join(f"include:_spf{n}.example.com" for n in range(1, len(advice.lines)))
        + ' -all"'
    )
    assert advice.networks == 80


def test_flattening_keeps_the_results():
    held = 0
    for seed in range(600):
        case = random_case(random.Random(seed))
        advice = flatten_advice(run(expand(case.domain), case.zone))
        if advice is None:
            continue
        before = run(evaluate(case.ip, case.domain, case.sender, case.helo), case.zone)
        if before.result in (SpfResult.PERMERROR, SpfResult.TEMPERROR):
            continue
        names = {
            **case.zone.names,
            case.domain: {**case.zone.names[case.domain], **spf(advice.text)},
        }
        after = run(evaluate(case.ip, case.domain, case.sender, case.helo), Zone(names))
        every = [term for term in before.root.record.terms if term.name in ("all", "redirect")]
        if not every:
            continue  # the flattened one ends with ~all
        assert after.result is before.result, (seed, before.root.record.text, advice.text)
        held += 1
    assert held > 100


NAMES = {
    **OTHERS,
    "example.com": {**spf("v=spf1 include:pass.test -all"), "MX": ("10 host.test.",)},
}
ASK = ("198.51.100.7", "example.com", "joe@example.com", "h.test")


async def test_live_and_replayed_evaluations_are_equal():
    for seed in range(150):
        case = random_case(random.Random(seed))
        arguments = (case.ip, case.domain, case.sender, case.helo)
        live = await ask(evaluate(*arguments), case.zone)
        assert replay(evaluate(*arguments), live.answers) == live.result
        survey = await ask(expand(case.domain), case.zone)
        assert replay(expand(case.domain), survey.answers) == survey.result


async def test_what_if_another_record_stood_there():
    got, answers = trace(evaluate(*ASK), Zone(NAMES))
    assert got.result is SpfResult.FAIL
    other = with_record(
        answers, "Example.COM.", "v=spf1 ip4:198.51.100.0/24 include:pass.test -all"
    )
    assert replay(evaluate(*ASK), other).result is SpfResult.PASS
    # what nobody asked before is not known to a trace, and asked by a live resolver
    wider = with_record(answers, "example.com", "v=spf1 a:host.test ~all")
    assert replay(evaluate(*ASK), wider).result is SpfResult.TEMPERROR
    zone = Zone(NAMES)
    live = WhatIfResolver(
        RememberingResolver(answers, zone), "example.com", "v=spf1 a:host.test ~all"
    )
    outcome = await ask(evaluate(*ASK), live)
    assert outcome.result.result is SpfResult.SOFTFAIL
    assert [one.qname for one in zone.asked] == ["host.test"]


def test_what_if_there_were_no_record_or_no_answer():
    _, answers = trace(evaluate(*ASK), Zone(NAMES))
    assert replay(evaluate(*ASK), with_record(answers, "example.com", "")).result is SpfResult.NONE
    assert (
        replay(evaluate(*ASK), with_record((), "example.com", "v=spf1 ~all")).result
        is SpfResult.SOFTFAIL
    )
    beside = Zone({"example.com": {"TXT": (strings("v=spf1 -all"), strings("site=1"))}})
    _, answers = trace(evaluate(*ASK), beside)
    (changed,) = with_record(answers, "example.com", "v=spf1 ?all")
    assert changed.records() == ('"site=1"', '"v=spf1 ?all"')
