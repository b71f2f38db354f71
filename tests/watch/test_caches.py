"""What caches may still say: the arithmetic of TTLs (RFC 2181 8, RFC 4034 3.1.4, RFC 8461 3.2)."""

import pytest

from mxwalk.evidence.dns import DnsAnswer, DnsStatus, RRset
from mxwalk.watch.caches import replaced, sentences, still_cached, suggested_s
from mxwalk.watch.gather import _of_answers, negative_ttl_s, original_ttl_s
from tests.watch.facts_for import at, facts, leaf, life

NAME = "_25._tcp.mx.example.com"


def tlsa(data: str, *, minutes: float, ttl_s: int = 3_600):
    return facts(
        minutes=minutes,
        tlsa=(("mx.example.com", (data,)),),
        lifetimes=(life("TLSA", NAME, ttl_s, minutes=minutes),),
    )


def test_an_old_record_lives_for_its_whole_ttl_after_the_new_one_was_seen() -> None:
    before, after = tlsa("3 1 1 aa", minutes=0), tlsa("3 1 1 bb", minutes=32, ttl_s=300)
    (old,) = replaced(before, after)
    assert old.until == at(92)
    assert old.words == (
        f"the old TLSA record of {NAME} may be cached until 14:32 UTC"
        " (TTL 3600 s, the new one seen 13:32 UTC)"
    )


def test_a_record_of_another_host_is_not_old() -> None:
    one = facts(
        tlsa=(("mx.example.com", ("a",)), ("mx2.example.com", ("b",))),
        lifetimes=(life("TLSA", NAME, 60), life("TLSA", "_25._tcp.mx2.example.com", 60)),
    )
    two = facts(minutes=1, tlsa=(("mx.example.com", ("a",)), ("mx2.example.com", ("c",))))
    (old,) = replaced(one, two)
    assert old.name == "_25._tcp.mx2.example.com"


def test_what_did_not_change_is_not_old() -> None:
    one = tlsa("a", minutes=0)
    assert replaced(one, tlsa("a", minutes=5)) == ()


def test_a_day_later_the_date_is_said_too() -> None:
    before, after = tlsa("a", minutes=0, ttl_s=86_400), tlsa("b", minutes=5)
    (old,) = replaced(before, after)
    assert "until 2026-11-23 13:05 UTC" in old.words


@pytest.mark.parametrize(
    ("lives", "minutes", "until"),
    [
        ((life("MX", "example.com", 3_600, left_s=600),), 5, at(10)),
        ((life("MX", "example.com", 3_600, left_s=600),), 11, None),
        ((life("MX", "a", 60, left_s=60), life("A", "b", 3_600)), 5, None),
        ((life("MX", "a", 900), life("A", "b", 3_600)), 5, at(15)),
        ((life("MX", "a", 900, zone=True),), 5, None),
        ((), 5, None),
    ],
)
def test_a_round_learns_nothing_while_every_answer_comes_from_the_cache(
    lives, minutes, until
) -> None:
    assert still_cached(facts(lifetimes=lives), at(minutes)) == until


def test_only_the_answers_a_condition_rests_on_matter() -> None:
    now = facts(lifetimes=(life("MX", "a", 60), life("TLSA", NAME, 3_600)))
    assert still_cached(now, at(5), ("TLSA",)) == at(60)
    assert still_cached(now, at(5), ("MX",)) is None


@pytest.mark.parametrize(
    ("rests_on", "interval", "suggested"),
    [(("TLSA",), 300, 3_600), (("TLSA",), 3_600, None), ((), 300, None), (("MX",), 300, None)],
)
def test_a_longer_interval_is_suggested_where_the_ttl_is_longer(
    rests_on, interval, suggested
) -> None:
    now = facts(lifetimes=(life("TLSA", NAME, 3_600),))
    assert suggested_s(now, rests_on, interval) == suggested


def test_policies_and_certificates_are_told_with_their_end() -> None:
    now = facts(
        lifetimes=(life("MTA-STS", "example.com", 604_800),),
        leaves=(
            leaf("a", "192.0.2.1", at(60 * 24)),
            leaf("b", "192.0.2.2", at(-60)),
            leaf("c", "192.0.2.3", at(60 * 24 * 90)),
            leaf("d", "192.0.2.4", None),
        ),
    )
    assert sentences(now, (), at(0)) == (
        "senders may use the MTA-STS policy fetched now until 2026-11-29 13:00 UTC (max_age 7d)",
        "the certificate at mx.example.com [192.0.2.1] expires in 1d (2026-11-23 13:00 UTC)",
        "the certificate at mx.example.com [192.0.2.2] expired 1h ago",
    )


@pytest.mark.parametrize(
    ("signature", "ttl"),
    [
        ("TLSA 13 5 3600 20261201000000 20261101000000 1 example.com. AA==", 3_600),
        ("MX 13 5 3600 20261201000000 20261101000000 1 example.com. AA==", 0),
        ("TLSA 13 5 many", 0),
        ("TLSA", 0),
        ("TLSA 13 5 99999999999999999999", 2**31 - 1),
    ],
)
def test_the_zones_own_ttl_is_read_off_the_signature(signature, ttl) -> None:
    sets = (RRset(name=NAME, rtype="RRSIG", ttl_s=17, records=(signature,)),)
    answer = DnsAnswer(qname=NAME, rtype="TLSA", status=DnsStatus.OK, answer=sets)
    assert original_ttl_s(answer) == ttl


def answer(status: DnsStatus = DnsStatus.OK, rtype: str = "A", **more) -> DnsAnswer:
    return DnsAnswer(qname="mx.example.com", rtype=rtype, status=status, **more)


def soa(ttl_s: int, minimum: str) -> RRset:
    record = f"ns.example.com. root.example.com. 1 7200 900 1209600 {minimum}"
    return RRset(name="example.com", rtype="SOA", ttl_s=ttl_s, records=(record,))


@pytest.mark.parametrize(
    ("ttl_s", "minimum", "kept_s"),
    [(3_600, "300", 300), (60, "300", 60), (0, "300", 0), (3_600, "0", 0), (3_600, "many", 0)],
)
def test_a_denial_is_kept_for_the_lesser_of_ttl_and_minimum(ttl_s, minimum, kept_s) -> None:
    denied = answer(DnsStatus.NXDOMAIN, authority=(soa(ttl_s, minimum),))
    assert negative_ttl_s(denied) == kept_s
    (one,) = _of_answers([denied], at(0))
    assert (one.left_s, one.denied) == (kept_s, True)


def test_a_denial_without_soa_is_not_cached() -> None:
    assert negative_ttl_s(answer(DnsStatus.NODATA)) == 0


def test_a_denied_record_may_appear_before_the_other_answers_are_over() -> None:
    denied = answer(DnsStatus.NXDOMAIN, "TLSA", authority=(soa(300, "60"),))
    lives = (life("MX", "a", 86_400), *_of_answers([denied], at(0)))
    now = facts(lifetimes=lives)
    assert still_cached(now, at(5), ("TLSA", "MX")) is None
    assert suggested_s(now, ("TLSA", "MX"), 300) is None


def test_a_failed_look_up_is_asked_anew() -> None:
    lives = (life("MX", "a", 900), *_of_answers([answer(DnsStatus.SERVFAIL)], at(0)))
    assert still_cached(facts(lifetimes=lives), at(5)) is None


def test_an_alias_on_the_way_has_a_ttl_of_its_own() -> None:
    aliased = answer(
        cname_hops=("cdn.example.net",),
        answer=(
            RRset(name="mx.example.com", rtype="CNAME", ttl_s=3_600, records=("cdn.example.net.",)),
            RRset(name="cdn.example.net", rtype="A", ttl_s=30, records=("192.0.2.1",)),
        ),
    )
    (one,) = _of_answers([aliased], at(0))
    assert (one.ttl_s, one.left_s, one.aged) == (3_600, 30, True)


@pytest.mark.parametrize(
    ("flags", "aged"), [(("AA",), False), (("RD", "RA"), True)], ids=["zone", "cache"]
)
def test_what_a_cache_had_left_is_said_to_be_the_least(flags, aged) -> None:
    found = answer(
        flags=flags,
        answer=(RRset(name="mx.example.com", rtype="A", ttl_s=600, records=("192.0.2.1",)),),
    )
    before = facts(
        addresses=(("mx.example.com", ("192.0.2.1",)),), lifetimes=(*_of_answers([found], at(0)),)
    )
    after = facts(minutes=5, addresses=(("mx.example.com", ("192.0.2.2",)),))
    (old,) = replaced(before, after)
    assert ("at least" in old.words) is aged


def test_a_new_ipv4_address_leaves_the_ipv6_record_alone() -> None:
    host = "mx.example.com"
    before = facts(
        addresses=((host, ("192.0.2.1", "2001:db8::1")),),
        lifetimes=(life("A", host, 600), life("AAAA", host, 600)),
    )
    after = facts(minutes=5, addresses=((host, ("192.0.2.2", "2001:db8::1")),))
    assert [one.what for one in replaced(before, after)] == ["A"]


def test_that_there_was_no_record_is_cached_too() -> None:
    denied = answer(DnsStatus.NXDOMAIN, "TLSA", authority=(soa(3_600, "1800"),))
    (gone,) = _of_answers([denied], at(0))
    before = facts(tlsa=(("mx.example.com", ()),), lifetimes=(gone,))
    after = facts(minutes=5, tlsa=(("mx.example.com", ("3 1 1 aa",)),))
    (old,) = replaced(before, after)
    assert old.until == at(35)
    assert old.words.startswith("that mx.example.com has no TLSA record may be cached until 13:35")
