"""A resolver that keeps DNSSEC records from us is named, and nothing is said of the zone."""

import pytest

from mxwalk.clock import FixedClock
from mxwalk.dns.resolver import StubResolver
from mxwalk.dnssec.anchors import read_anchors
from mxwalk.dnssec.book import AnswerBook
from mxwalk.dnssec.fetch import validate_live
from mxwalk.dnssec.model import Status
from mxwalk.dnssec.reasons import Culprit, Reason
from mxwalk.lab.dns_faults import DnsFaultKind, Fault
from mxwalk.lab.zones import ZoneFault
from tests.dnssec.world import World, message, records
from tests.lab.dns_client import NOW, lab_dns, zones

EVERY = ("*", "*")


async def seen(faults, *broken: ZoneFault):
    async with lab_dns(zones(*broken), faults=faults) as client:
        address = (client.lab.address, client.lab.port)
        resolver = StubResolver([address], 0.3, clock=FixedClock(NOW), checking_disabled=True)
        anchors = read_anchors(client.lab.trust_anchor)
        result, _ = await validate_live(resolver, ("example.com", "MX"), anchors, NOW, AnswerBook())
        return result


@pytest.mark.parametrize(
    ("faults", "reason"),
    [
        ({EVERY: Fault(kind=DnsFaultKind.STRIP)}, Reason.RESOLVER_STRIPS),
        ({EVERY: Fault(kind=DnsFaultKind.IGNORE_DO)}, Reason.RESOLVER_IGNORES_DO),
        ({(".", "DNSKEY"): Fault(kind=DnsFaultKind.STRIP)}, Reason.RESOLVER_STRIPS),
        ({("com", "DS"): Fault(kind=DnsFaultKind.STRIP)}, Reason.RESOLVER_STRIPS),
        ({("example.com", "MX"): Fault(kind=DnsFaultKind.IGNORE_DO)}, Reason.RESOLVER_IGNORES_DO),
        ({(".", "DNSKEY"): Fault(kind=DnsFaultKind.SERVFAIL)}, Reason.RESOLVER_FAILS_DO),
        ({(".", "DNSKEY"): Fault(kind=DnsFaultKind.REFUSED)}, Reason.RESOLVER_FAILS_DO),
        ({(".", "DNSKEY"): Fault(kind=DnsFaultKind.TIMEOUT)}, Reason.LOOKUP_FAILED),
    ],
)  # fmt: skip
async def test_the_resolver_is_the_culprit(faults, reason):
    result = await seen(faults)
    assert (result.status, result.reason) == (Status.INDETERMINATE, reason)
    assert result.culprit is Culprit.RESOLVER
    assert "--resolver" in result.fix


@pytest.mark.parametrize("rtype", ["DS", "DNSKEY"])
async def test_a_failing_question_about_the_zone_is_the_zones(rtype):
    result = await seen({("example.com", rtype): Fault(kind=DnsFaultKind.SERVFAIL)})
    assert (result.status, result.reason) == (Status.INDETERMINATE, Reason.LOOKUP_FAILED)
    assert result.culprit is Culprit.ZONE


async def test_ad_without_the_records_is_a_resolver_that_strips():
    world = World()
    world.put(
        "example.test", "MX", [records("example.test.", "MX", "10 mx.example.test.")], ad=True
    )
    result = world.validate("example.test", "MX")
    assert (result.status, result.reason) == (Status.INDETERMINATE, Reason.RESOLVER_STRIPS)
    assert result.ad


async def test_a_resolver_that_lies_about_ad_is_seen_by_the_difference():
    result = await seen({EVERY: Fault(kind=DnsFaultKind.LIE)}, ZoneFault.BAD_SIGNATURE)
    assert result.status is Status.BOGUS
    assert result.reason is Reason.RRSIG_WRONG
    assert result.ad


def test_a_zone_that_lacks_signatures_is_blamed_itself():
    world = World()
    world.put("example.test", "MX", [records("example.test.", "MX", "10 mx.example.test.")])
    world.answers.append(message("x.example.test", "MX"))
    assert world.validate("example.test", "MX").culprit is Culprit.ZONE
