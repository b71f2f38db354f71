"""The survey: everything a record leads to, what it costs, whom it lets pass."""

import random

import pytest

from mxwalk import limits
from mxwalk.evidence.dns import DnsStatus
from mxwalk.mailauth.spf import evaluate, expand
from mxwalk.mailauth.spf.model import Matched, SpfResult
from mxwalk.mailauth.spf.survey_model import State
from tests.mailauth.spf.peer import HARD, random_case
from tests.mailauth.spf.zone import Zone, run, spf, strings


def survey(**names):
    return run(
        expand("example.com"), Zone({name.replace("__", "."): one for name, one in names.items()})
    )


def test_every_term_is_walked_in_both_families():
    got = survey(
        example__com={
            **spf(
                "v=spf1 ip4:198.51.100.0/24 a mx:m.test include:i.test exists:%{i}.test ptr ~all"
            ),
            "A": ("192.0.2.1",),
            "AAAA": ("2001:db8::1",),
        },
        m__test={"MX": ("10 h1.test.", "20 h2.test.")},
        h1__test={"A": ("192.0.2.2",)},
        h2__test={"A": ("192.0.2.3", "192.0.2.2")},
        i__test=spf("v=spf1 ip6:2001:db8:1::/48 redirect=r.test"),
        r__test=spf("v=spf1 ip4:203.0.113.0/25 -ip4:203.0.113.128/25 -all"),
    )
    assert (got.lookups, got.voids, got.voids6) == (6, 0, 2)
    assert [leaf.state for leaf in got.root.leaves] == [
        State.KNOWN, State.KNOWN, State.KNOWN, State.KNOWN, State.DEPENDS, State.DEPENDS, State.KNOWN,
    ]  # fmt: skip
    assert [leaf.lookups for leaf in got.root.leaves] == [0, 1, 2, 4, 5, 6, 6]
    assert [reach.network for reach in got.passes] == [
        "198.51.100.0/24", "192.0.2.1/32", "2001:db8::1/128", "192.0.2.2/32", "192.0.2.3/32",
        "2001:db8:1::/48", "203.0.113.0/25",
    ]  # fmt: skip
    assert got.addresses4 == 256 + 3 + 128
    assert got.networks6 == 2
    assert got.depends


def test_what_an_include_does_not_pass_reaches_nothing():
    got = survey(
        example__com=spf("v=spf1 -include:a.test ?include:b.test -all"),
        a__test=spf("v=spf1 ip4:192.0.2.1 ~ip4:192.0.2.2 -all"),
        b__test=spf("v=spf1 ip4:192.0.2.3 -include:a.test -all"),
    )
    assert [(one.network, one.result) for one in got.reaches] == [
        ("192.0.2.1/32", SpfResult.FAIL),
        ("192.0.2.3/32", SpfResult.NEUTRAL),
    ]


def test_the_count_goes_on_beyond_the_limit_of_ten():
    names = {f"i{n}.test": spf(f"v=spf1 ip4:192.0.2.{n} -all") for n in range(14)}
    names["example.com"] = spf("v=spf1 " + " ".join(f"include:i{n}.test" for n in range(14)))
    got = run(expand("example.com"), Zone(names))
    assert (got.lookups, got.addresses4) == (14, 14)


def test_loops_and_the_surveys_own_bounds_end_it():
    got = survey(
        example__com=spf("v=spf1 include:b.test"), b__test=spf("v=spf1 include:Example.com")
    )
    assert got.root.leaves[0].child.leaves[0].state is State.LOOP
    names = {"example.com": spf("v=spf1 " + " ".join(f"include:i{n}.test" for n in range(50)))}
    for n in range(50):
        names[f"i{n}.test"] = spf("v=spf1 " + " ".join(f"a:h{k}.i{n}.test" for k in range(50)))
    zone = Zone(names)
    got = run(expand("example.com"), zone)
    assert got.is_cut
    assert len(zone.asked) <= limits.SPF_SURVEY_QUESTIONS + 2


@pytest.mark.parametrize(
    ("records", "problem"),
    [
        ((), SpfResult.NONE),
        ((strings("v=spf1 -all"), strings("v=spf1 +all")), SpfResult.PERMERROR),
        ((strings("v=spf1 moo"),), SpfResult.PERMERROR),
        (DnsStatus.TIMEOUT, SpfResult.TEMPERROR),
    ],
)
def test_a_domain_without_usable_record_says_why(records, problem):
    got = survey(example__com={"TXT": records, "A": ("192.0.2.1",)})
    assert got.root.problem is problem
    assert got.root.why


def test_a_record_of_type_99_is_asked_for():
    got = survey(example__com={**spf("v=spf1 -all"), "SPF": (strings("v=spf1 -all"),)})
    assert got.type99 == ('"v=spf1 -all"',)
    assert survey(example__com=spf("v=spf1 -all")).type99 == ()


def test_a_survey_of_anything_ends():
    for seed in range(300):
        case = random_case(random.Random(seed))
        got = run(expand(case.domain), case.zone)
        assert got.addresses4 <= 1 << 32
        assert got.lookups >= sum(
            leaf.term.asks for leaf in got.root.leaves if leaf.state is not State.IGNORED
        )
        assert len(case.zone.asked) <= limits.SPF_SURVEY_QUESTIONS + limits.SPF_SURVEY_RECORDS + 2


def test_the_survey_counts_what_an_evaluation_costs_that_matches_nothing():
    compared = 0
    for seed in range(1_500):
        case = random_case(random.Random(seed))
        got = run(evaluate("203.0.113.255", case.domain, case.sender, case.helo), case.zone)
        survey = run(expand(case.domain), case.zone)
        nodes = tuple(every(got.root))
        unmatched = all(
            node.outcome is not Matched.MATCH or node.term.name in ("all", "redirect")
            for node in nodes
        )
        if (
            got.result.value in ("permerror", "temperror", "none")
            or not unmatched
            or survey.depends
        ):
            continue
        assert survey.lookups == got.lookups, (seed, got.root.record.text)
        if not any(one.status in HARD for node in nodes for one in node.asked):
            assert survey.voids == got.voids, (seed, got.root.record.text)
        compared += 1
    assert compared > 100


def every(branch):
    for node in branch.nodes if branch else ():
        yield node
        yield from every(node.child)
