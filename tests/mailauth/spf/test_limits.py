"""RFC 7208 4.6.4 at each limit and one beyond; loops; the overall time."""

import asyncio

import pytest

from mxwalk.evidence.dns import DnsStatus
from mxwalk.mailauth.spf import Limits, check_host, evaluate
from mxwalk.mailauth.spf.model import Matched
from tests.mailauth.spf.zone import Zone, run, spf

IP = "198.51.100.7"


def check(zone: Zone, ip: str = IP, **options):
    return run(evaluate(ip, "example.com", "joe@example.com", "mta.example.net", **options), zone)


def hosts(count: int) -> dict:
    return {f"h{number}.example.com": {"A": (f"192.0.2.{number}",)} for number in range(count)}


@pytest.mark.parametrize(("count", "result"), [(10, "fail"), (11, "permerror")])
def test_ten_terms_may_ask(count, result):
    terms = " ".join(f"a:h{number}.example.com" for number in range(count))
    got = check(Zone({**hosts(count), "example.com": spf(f"v=spf1 {terms} -all")}))
    assert got.result.value == result
    assert got.lookups == count
    if result == "permerror":
        assert "term number 11" in got.why
        assert got.root.nodes[10].outcome is Matched.ERROR
        assert got.root.nodes[11].outcome is Matched.NOT_REACHED


def test_every_kind_that_asks_counts_and_the_others_do_not():
    zone = Zone(
        {
            "example.com": {
                **spf(
                    "v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 a mx include:i.example.com "
                    "exists:e.example.com ptr redirect=r.example.com exp=x.example.com"
                ),
                "A": ("192.0.2.1",),
                "MX": ("10 h0.example.com.",),
            },
            **hosts(1),
            "i.example.com": spf("v=spf1 ip4:192.0.2.1 -all"),
            "r.example.com": spf("v=spf1 -all"),
            "7.100.51.198.in-addr.arpa": {"PTR": ("h0.example.com.",)},
            "e.example.com": {"AAAA": ("2001:db8::1",)},
        }
    )
    got = check(zone)
    assert got.result.value == "fail"
    assert [node.lookups for node in got.root.nodes] == [0, 0, 1, 2, 3, 4, 5, 6, 6]
    assert got.lookups == 6
    assert got.voids == 1  # e.example.com has an AAAA record, and exists asks for A


def test_the_count_runs_through_includes_and_redirect():
    names = hosts(8)
    names["example.com"] = spf("v=spf1 include:one.example.com redirect=two.example.com")
    names["one.example.com"] = spf("v=spf1 " + " ".join(f"a:h{n}.example.com" for n in range(4)))
    names["two.example.com"] = spf(
        "v=spf1 " + " ".join(f"a:h{n}.example.com" for n in range(4)) + " -all"
    )
    assert (check(Zone(names)).result.value, check(Zone(names)).lookups) == ("fail", 10)
    names["one.example.com"] = spf("v=spf1 " + " ".join(f"a:h{n}.example.com" for n in range(5)))
    assert check(Zone(names)).result.value == "permerror"


def test_a_match_before_the_limit_is_a_match():
    terms = " ".join(f"a:h{number}.example.com" for number in range(11))
    zone = Zone({**hosts(11), "example.com": spf(f"v=spf1 ip4:{IP} {terms} -all")})
    assert check(zone).result.value == "pass"


@pytest.mark.parametrize(("count", "result"), [(2, "fail"), (3, "permerror")])
def test_two_void_lookups_are_allowed(count, result):
    terms = " ".join(f"a:none{number}.example.com" for number in range(count))
    got = check(Zone({"example.com": spf(f"v=spf1 {terms} -all")}))
    assert (got.result.value, got.voids) == (result, count)


def test_a_void_lookup_is_nxdomain_or_no_data_of_the_type_asked_for():
    zone = Zone(
        {
            "example.com": spf(
                "v=spf1 a:gone.example.com mx:h0.example.com exists:six.example.com ~all"
            ),
            "six.example.com": {"AAAA": ("2001:db8::1",)},
            **hosts(1),
        }
    )
    got = check(zone)
    assert got.result.value == "permerror"
    assert [node.voids for node in got.root.nodes] == [1, 2, 3, 3]
    assert [one.is_void for node in got.root.nodes for one in node.asked] == [True, True, True]


def test_mx_hosts_without_address_are_void_lookups_too():
    zone = Zone(
        {"example.com": {**spf("v=spf1 mx -all"), "MX": tuple(f"{n} n{n}.test." for n in range(3))}}
    )
    assert check(zone).result.value == "permerror"


def test_the_limits_can_be_set():
    zone = Zone({"example.com": spf("v=spf1 a:n1.test a:n2.test a:n3.test -all")})
    assert check(zone, limits=Limits(voids=5)).result.value == "fail"
    assert check(zone, limits=Limits(terms=2, voids=5)).result.value == "permerror"


@pytest.mark.parametrize(("count", "result"), [(10, "pass"), (11, "permerror")])
def test_an_mx_has_at_most_ten_names(count, result):
    names = hosts(count)
    names["h9.example.com"] = {"A": (IP,)}
    exchangers = tuple(f"{number} h{number}.example.com." for number in range(count))
    zone = Zone({**names, "example.com": {**spf("v=spf1 mx -all"), "MX": exchangers}})
    assert check(zone).result.value == result


def test_of_the_names_of_an_address_only_ten_count():
    pointers = tuple(f"h{number}.example.com." for number in range(11))
    names = {**hosts(10), "h10.example.com": {"A": (IP,)}}
    names["example.com"] = spf("v=spf1 ptr -all")
    names["7.100.51.198.in-addr.arpa"] = {"PTR": pointers}
    got = check(Zone(names))
    assert got.result.value == "fail"
    assert "1 more names were ignored" in got.root.nodes[0].why
    names["h9.example.com"] = {"A": (IP,)}
    assert check(Zone(names)).result.value == "pass"


@pytest.mark.parametrize(
    "records",
    [
        {"example.com": "v=spf1 include:example.com -all"},
        {"example.com": "v=spf1 redirect=example.com"},
        {
            "example.com": "v=spf1 include:b.example.com",
            "b.example.com": "v=spf1 include:example.com",
        },
        {
            "example.com": "v=spf1 redirect=b.example.com",
            "b.example.com": "v=spf1 a:example.com redirect=example.com",
        },
    ],
)
def test_a_loop_ends_by_the_limit(records):
    zone = Zone({name: {**spf(text), "A": ("192.0.2.1",)} for name, text in records.items()})
    got = check(zone)
    assert (got.result.value, got.lookups) == ("permerror", 11)


def test_exp_and_its_macros_do_not_count():
    zone = Zone(
        {
            "example.com": spf("v=spf1 a:n1.test a:n2.test -all exp=%{p}.n3.test"),
        }
    )
    got = check(zone)
    assert (got.result.value, got.lookups, got.voids) == ("fail", 2, 2)


class Slow:
    """A resolver that never answers the second question."""

    def __init__(self, zone: Zone) -> None:
        self._zone = zone
        self._asked = 0

    async def query(self, qname: str, rtype: str):
        self._asked += 1
        if self._asked > 1:
            await asyncio.Event().wait()
        return self._zone.answer(qname, rtype)


async def test_an_evaluation_that_takes_too_long_is_temperror_with_its_tree():
    zone = Zone({"example.com": spf("v=spf1 a:h0.example.com mx -all"), **hosts(1)})
    got = await check_host(
        IP, "example.com", "joe@example.com", "mta.test", Slow(zone), overall_s=0.01
    )
    assert got.result.value == "temperror"
    assert got.root.nodes[0].asked[0].status is DnsStatus.TIMEOUT
