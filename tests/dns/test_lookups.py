import asyncio

import pytest

from mxwalk.dns.lookups import check_resolver, look_up_addresses, look_up_mx, look_up_ptr
from mxwalk.evidence.dns import DnsAnswer, DnsStatus, RRset
from mxwalk.evidence.target import Family
from mxwalk.limits import PTR_NAMES


class TableResolver:
    """Answers from a table once ``together`` questions have come in."""

    def __init__(self, table, together=1):
        self.table = table
        self.asked = []
        self.together = asyncio.Barrier(together)

    async def query(self, qname, rtype):
        self.asked.append((qname, rtype))
        await self.together.wait()
        records = tuple(self.table.get((qname, rtype), ()))
        return DnsAnswer(
            qname=qname,
            rtype=rtype,
            status=DnsStatus.OK if records else DnsStatus.NODATA,
            answer=(RRset(name=qname, rtype=rtype, ttl_s=60, records=records),) if records else (),
        )


REVERSE = ("1.2.0.192.in-addr.arpa", "PTR")


async def test_the_resolver_is_checked_by_the_roots_keys():
    resolver = TableResolver({})
    assert (await check_resolver(resolver)).answer.qname == "."
    assert resolver.asked == [(".", "DNSKEY")]


async def test_mx_records_are_asked_for_the_domain():
    looked_up = await look_up_mx(TableResolver({("example.com", "MX"): ["0 ."]}), "example.com")
    assert (looked_up.domain, looked_up.answer.records()) == ("example.com", ("0 .",))


async def test_both_families_are_asked_at_the_same_time():
    async with asyncio.timeout(5):
        found = await look_up_addresses(TableResolver({}, together=2), "mx.example.com")
    assert [answer.rtype for answer in found.answers] == ["A", "AAAA"]


@pytest.mark.parametrize(("family", "rtype"), [(Family.IPV4, "A"), (Family.IPV6, "AAAA")])
async def test_one_family_is_one_question(family, rtype):
    resolver = TableResolver({})
    await look_up_addresses(resolver, "mx.example.com", family)
    assert resolver.asked == [("mx.example.com", rtype)]


async def test_a_reverse_name_is_confirmed_by_its_own_address():
    table = {REVERSE: ["MX0a.example.not."], ("mx0a.example.not", "A"): ["192.0.2.9", "192.0.2.1"]}
    ptr = await look_up_ptr(TableResolver(table), "192.0.2.1")
    assert [(name.name, name.confirmed) for name in ptr.names] == [("mx0a.example.not", True)]
    assert ptr.answer.records() == ("MX0a.example.not.",)


async def test_a_reverse_name_that_leads_elsewhere_is_not_confirmed():
    table = {REVERSE: ["mx.example.not."], ("mx.example.not", "A"): ["192.0.2.9"]}
    (name,) = (await look_up_ptr(TableResolver(table), "192.0.2.1")).names
    assert not name.confirmed
    assert name.answers[0].records() == ("192.0.2.9",)


async def test_a_reverse_name_without_address_is_not_confirmed():
    (name,) = (await look_up_ptr(TableResolver({REVERSE: ["mx.example.not."]}), "192.0.2.1")).names
    assert not name.confirmed
    assert name.answers[0].status is DnsStatus.NODATA


async def test_an_ipv6_address_is_confirmed_by_value_through_aaaa():
    reverse = "1." + "0." * 23 + "8.b.d.0.1.0.0.2.ip6.arpa"
    table = {(reverse, "PTR"): ["mx.example."], ("mx.example", "AAAA"): ["2001:db8:0:0::1"]}
    resolver = TableResolver(table)
    (name,) = (await look_up_ptr(resolver, "2001:DB8::1")).names
    assert name.confirmed
    assert ("mx.example", "A") not in resolver.asked


async def test_several_names_are_confirmed_together_each_on_its_own():
    class Forward(TableResolver):
        async def query(self, qname, rtype):
            if rtype == "PTR":
                return await TableResolver(self.table).query(qname, rtype)
            return await super().query(qname, rtype)

    table = {REVERSE: ["a.example.", "b.example.", "a.example."], ("b.example", "A"): ["192.0.2.1"]}
    async with asyncio.timeout(5):
        ptr = await look_up_ptr(Forward(table, together=2), "192.0.2.1")
    assert [(name.name, name.confirmed) for name in ptr.names] == [
        ("a.example", False),
        ("b.example", True),
    ]


async def test_only_so_many_names_are_followed():
    table = {REVERSE: [f"n{number}.example." for number in range(100)]}
    ptr = await look_up_ptr(TableResolver(table), "192.0.2.1")
    assert len(ptr.names) == PTR_NAMES
    assert len(ptr.answer.records()) == 100


async def test_an_address_without_reverse_name_has_no_names():
    ptr = await look_up_ptr(TableResolver({}), "192.0.2.1")
    assert (ptr.answer.status, ptr.names) == (DnsStatus.NODATA, ())
