"""Conditions, what changes between rounds, and durations: tables."""

import pytest

from mxwalk.errors import UsageError
from mxwalk.evidence.step import StepKind
from mxwalk.limits import WATCH_CHANGES
from mxwalk.senders.model import Outcome
from mxwalk.watch.changes import changes
from mxwalk.watch.conditions import KINDS, parse_condition
from mxwalk.watch.durations import duration_text, parse_duration
from mxwalk.watch.facts import Ground, filled
from tests.watch.facts_for import TlsaMatch, facts, leaf

D, B, V, E, C, U = (
    Outcome.DEFERRED,
    Outcome.BOUNCED,
    Outcome.DELIVERED_VERIFIED,
    Outcome.DELIVERED_ENCRYPTED,
    Outcome.DELIVERED_CLEAR,
    Outcome.UNKNOWN,
)

BAD = (Ground(code="CERT001", kind=StepKind.CHAIN, address="192.0.2.1"),)
DOWN = frozenset({(StepKind.CONNECT, "192.0.2.1")})
SEEN = frozenset({(StepKind.CHAIN, "192.0.2.1")})
OTHER = frozenset({(StepKind.CHAIN, "192.0.2.2")})


@pytest.mark.parametrize(
    ("text", "first", "now", "holds"),
    [
        ("delivered", facts(D), facts(D), False),
        ("delivered", facts(D), facts(C), True),
        ("delivered", facts(V), facts(V), True),
        ("delivered", facts(D), facts(U), False),
        ("verified", facts(D), facts(E), False),
        ("verified", facts(D), facts(V), True),
        ("not-delivered", facts(V), facts(U), False),
        ("not-delivered", facts(V), facts(B), True),
        ("deferred", facts(V), facts(D), True),
        ("delivered-clear", facts(V), facts(E), False),
        ("changed", facts(D), facts(D), False),
        ("changed", facts(D), facts(V), True),
        ("changed", facts(D), facts(U), False),
        ("changed", facts(U), facts(V), False),
        ("certificate", facts(leaves=(leaf("a"),)), facts(leaves=(leaf("a"),)), False),
        ("certificate", facts(leaves=(leaf("a"),)), facts(leaves=(leaf("b"),)), True),
        ("certificate", facts(leaves=(leaf("a"),)), facts(leaves=()), False),
        ("certificate", facts(leaves=(leaf("a"),)), facts(leaves=(leaf("b", "192.0.2.2"),)), False),
        ("tlsa", facts(), facts(tlsa_match=TlsaMatch.SOME), False),
        ("tlsa", facts(), facts(tlsa_match=TlsaMatch.ALL), True),
        ("tlsa", facts(), facts(tlsa_match=TlsaMatch.NO_RECORDS), False),
        ("mx", facts(mx=("10 a.",)), facts(mx=("10 b.",)), True),
        ("mx", facts(mx=("10 a.",)), facts(mx=None), False),
        ("mx", facts(mx=None), facts(mx=("10 a.",)), False),
        ("addresses", facts(addresses=(("a", ("192.0.2.1",)),)), facts(addresses=()), False),
        (
            "addresses",
            facts(addresses=(("a", ("192.0.2.1",)),)),
            facts(addresses=(("a", ("192.0.2.2",)),)),
            True,
        ),
        ("policy", facts(policy=""), facts(policy="enforce id=1"), True),
        ("policy", facts(policy=None), facts(policy="enforce id=1"), False),
        ("finding:CERT001", facts(), facts(findings=frozenset({"CERT001"})), True),
        ("no-finding:CERT001", facts(), facts(findings=frozenset({"CERT001"})), False),
        ("no-finding:CERT001", facts(), facts(), True),
        ("no-finding:CERT001", facts(), facts(U), False),
        ("no-finding:CERT001", facts(), facts(unreached=True), False),
        ("no-finding:CONN002", facts(), facts(unreached=True), True),
        ("no-finding:CERT001", facts(grounds=BAD), facts(looked=frozenset()), False),
        ("no-finding:CERT001", facts(grounds=BAD), facts(looked=DOWN), False),
        ("no-finding:CERT001", facts(grounds=BAD), facts(looked=SEEN), True),
        ("no-finding:CERT001", facts(grounds=BAD), facts(looked=OTHER), True),
        (
            "no-finding:CERT001",
            facts(grounds=BAD),
            facts(looked=OTHER, addresses=(("a", ("192.0.2.1", "192.0.2.2")),)),
            False,
        ),
    ],
)
def test_a_condition_is_judged_by_the_first_round_and_the_latest(text, first, now, holds) -> None:
    assert parse_condition(text).holds(first, now) is holds


def test_all_of_several_senders_must_fulfil_a_condition() -> None:
    both = facts(outcomes=(("esa:5", V), ("rfc7672", D)))
    assert not parse_condition("delivered").holds(both, both)
    assert parse_condition("delivered").holds(both, facts(outcomes=(("esa:5", V), ("rfc7672", E))))


@pytest.mark.parametrize("text", ["delivered", "not-delivered", "no-finding:CERT001", "deferred"])
def test_a_round_that_our_own_resolver_spoilt_fulfils_nothing(text) -> None:
    outcome = V if text == "delivered" else D
    assert not parse_condition(text).holds(facts(), facts(outcome, own_fault="DNS001"))


@pytest.mark.parametrize(
    "text", ["", "sometimes", "finding", "finding:", "finding:XXXX999", "delivered:A"]
)
def test_what_is_no_condition_is_refused_in_a_sentence(text) -> None:
    with pytest.raises(UsageError, match=r"there is no (condition|finding)"):
        parse_condition(text)


def test_every_condition_and_every_outcome_can_be_named() -> None:
    for name, kind in KINDS.items():
        condition = parse_condition(f"{name}:CERT001" if kind.takes_code else name)
        assert condition.words
        assert "{" not in condition.words
    assert {one.value for one in Outcome} <= set(KINDS)


def test_changes_are_told_verdict_first_and_only_of_what_both_rounds_know() -> None:
    before = facts(D, mx=("10 a.",), tlsa=(("a", ("3 1 1 aa",)),), findings=frozenset({"DANE002"}))
    after = facts(V, mx=None, tlsa=(("a", ("3 1 1 bb",)), ("b", ())), leaves=(leaf("b"),))
    told = changes(before, after)
    assert [one.what for one in told] == ["verdict", "TLSA", "findings"]
    assert told[0].words == "verdict of esa:5: deferred -> delivered, verified"
    assert told[1].words == "TLSA records of a: +3 1 1 bb, -3 1 1 aa"
    assert told[2].words == "findings: -DANE002"


def test_nothing_is_told_where_nothing_changed() -> None:
    assert changes(facts(), facts(minutes=5)) == ()


@pytest.mark.parametrize(
    ("text", "seconds", "back"),
    [
        ("90s", 90, "1m 30s"),
        ("5m", 300, "5m"),
        ("2h", 7_200, "2h"),
        ("1d", 86_400, "1d"),
        ("1h30m", 5_400, "1h 30m"),
        (" 5M ", 300, "5m"),
        ("1d1h1m1s", 90_061, "1d 1h"),
    ],
)
def test_durations_are_read_and_written(text, seconds, back) -> None:
    assert parse_duration(text, "--every") == seconds
    assert duration_text(seconds) == back


@pytest.mark.parametrize(
    "text", ["", "5", "m", "5x", "-5m", "5m!", "0s", "999999d", "٥m", "5m " * 9, "1.5h"]
)
def test_what_is_no_duration_is_refused_with_the_option(text) -> None:
    with pytest.raises(UsageError, match="--every"):
        parse_duration(text, "--every")


def test_many_other_changes_hide_none_that_is_waited_for() -> None:
    hosts = [f"mx{n}.example.com" for n in range(WATCH_CHANGES + 1)]
    one = facts(addresses=tuple((host, ("192.0.2.1",)) for host in hosts), leaves=(leaf("a"),))
    two = facts(addresses=tuple((host, ("192.0.2.2",)) for host in hosts), leaves=(leaf("b"),))
    assert len(changes(one, two)) == WATCH_CHANGES
    assert parse_condition("certificate").holds(one, two)


def test_a_round_that_did_not_learn_something_keeps_what_was_known() -> None:
    down = filled(facts(mx=None, leaves=()), facts(mx=("10 a.",), leaves=(leaf("a"),)))
    (certificate,) = changes(down, facts(mx=("10 a.",), leaves=(leaf("b"),)))
    assert certificate.what == "certificate"
    assert filled(facts(U), facts(V)).outcome is V
