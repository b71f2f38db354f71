"""Which cause is told, to whom, and how often: on the lab's broken zones and resolvers."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from mxwalk.clock import Clock, FixedClock, SystemClock
from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.model import Delivery
from mxwalk.dnssec.model import Status
from mxwalk.dnssec.reasons import Reason
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.registry import check
from mxwalk.lab.dns_faults import DnsFaultKind
from mxwalk.lab.lab import Lab
from mxwalk.lab.model import DnsFaultText, ZoneText
from mxwalk.lab.scenario import load_scenario
from mxwalk.lab.zones import ZoneFault
from mxwalk.walk.walker import Walk
from tests.findings.dnssec_cases import SERVFAIL, mx, unsigned_host

RECORDS = "@ MX 10 mx1\nmx1 A 192.0.2.10\n192.0.2.10 PTR mx1.example.com.\n"
TOLD_ELSEWHERE = {Reason.ALIAS_LOOP, Reason.UNREADABLE, Reason.ANSWERS_MISSING}


async def walked(
    *faults: ZoneFault,
    dns: tuple[DnsFaultText, ...] = (),
    clock: Clock | None = None,
    **options: object,
):
    zone = ZoneText(records=RECORDS, signed=True, faults=faults)
    scenario = msgspec.structs.replace(
        load_scenario("esa-san"), zones={"example.com": zone}, dns_faults=dns
    )
    async with Lab(scenario) as lab:
        walk = Walk(
            lab.target,
            msgspec.structs.replace(lab.options, **options),
            dialer=lab.dialer,
            resolver=lab.resolver,
            store=lab.store,
            validation=lab.validation,
            clock=clock or SystemClock(),
        )
        try:
            while await walk.step() is not None:
                pass
        finally:
            await walk.close()
        return build_delivery(walk.trace)


def dnssec(delivery: Delivery) -> list[Finding]:
    return [each for each in check(delivery) if each.code.startswith("DNSSEC")]


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        (ZoneFault.STALE_DS, "DNSSEC001", "Replace the DS record at com"),
        (ZoneFault.MISSING_RRSIG, "DNSSEC004", "Sign the zone example.com again"),
        (ZoneFault.EXPIRED, "DNSSEC005", "Sign the zone example.com again"),
        (ZoneFault.NOT_YET, "DNSSEC006", "Set the clock of the signer of example.com"),
        (ZoneFault.WRONG_KEY, "DNSSEC007", "Publish the key in the DNSKEY set of example.com"),
        (ZoneFault.BAD_SIGNATURE, "DNSSEC008", "Sign the zone example.com again"),
        (ZoneFault.MISSING_DENIAL, "DNSSEC011", "name servers of example.com send the proof"),
        (ZoneFault.WRONG_DENIAL, "DNSSEC012", "Sign example.com again"),
        (ZoneFault.UNKNOWN_ALGORITHM, "DNSSEC030", "Sign example.com with algorithm 13"),
    ],
)
async def test_a_broken_zone_is_told_once_with_its_fix_to_its_operator(fault, code, words):
    (only,) = dnssec(await walked(fault))
    assert only.code == code
    assert only.entry.owner is Owner.RECEIVER_DNS
    assert words in only.fix
    assert only.command.startswith("dig +dnssec +cd ")
    assert only.step is not None


async def test_authentic_look_ups_are_confirmed_once():
    (only,) = dnssec(await walked())
    assert only.code == "DNSSEC040"
    assert only.level is Severity.OK


@pytest.mark.parametrize("kind", [DnsFaultKind.STRIP, DnsFaultKind.IGNORE_DO])
async def test_a_resolver_that_keeps_everything_back_is_told_of_the_root_alone(kind):
    delivery = await walked(dns=(DnsFaultText(name="*", kind=kind),))
    found = {each.code: each for each in check(delivery)}
    assert not dnssec(delivery)
    how = "removes DNSSEC records" if kind is DnsFaultKind.STRIP else "ignores EDNS and the DO bit"
    assert how in found["DNS003"].sentence
    assert found["DNS003"].entry.owner is Owner.YOU


async def test_a_resolver_that_vouches_for_expired_signatures_is_told_beside_them():
    lie = DnsFaultText(name="*", kind=DnsFaultKind.LIE)
    found = {each.code: each for each in dnssec(await walked(ZoneFault.EXPIRED, dns=(lie,)))}
    assert set(found) == {"DNSSEC005", "DNSSEC023"}
    assert "vouches with AD" in found["DNSSEC023"].sentence
    assert found["DNSSEC023"].entry.owner is Owner.YOU
    assert "mx1.example.com A" in found["DNSSEC005"].sentence  # the others are named, not repeated


async def test_signatures_of_the_root_out_of_time_are_our_clocks_matter():
    wrong = FixedClock(datetime(2035, 1, 1, tzinfo=UTC))
    (only,) = dnssec(await walked(clock=wrong))
    assert only.code == "DNSSEC024"
    assert only.entry.owner is Owner.YOU
    assert "2035-01-01" in only.sentence


async def test_certificates_judged_at_another_time_leave_signatures_alone():
    (only,) = dnssec(await walked(at="2035-01-01T00:00:00Z"))
    assert only.level is Severity.OK


async def test_a_failing_question_is_left_to_routing():
    fail = DnsFaultText(name="example.com", rtype="MX", kind=DnsFaultKind.SERVFAIL)
    delivery = await walked(dns=(fail,))
    assert not dnssec(delivery)
    assert "ROUTE004" in {each.code for each in check(delivery)}


def test_an_unsigned_domain_is_no_finding_but_an_unsigned_host_of_a_signed_one_is():
    assert not dnssec(mx(Reason.NO_DS)())
    (only,) = dnssec(unsigned_host())
    assert only.code == "DNSSEC032"
    assert only.level is Severity.NOTICE


@pytest.mark.parametrize("reason", sorted(set(Reason) - TOLD_ELSEWHERE, key=str))
def test_every_reason_has_a_code_where_it_matters(reason):
    if reason in (Reason.NO_DS, Reason.OPT_OUT):
        return
    assert dnssec(mx(reason)())


def test_a_resolver_that_fails_on_what_validates_is_told():
    (only,) = dnssec(mx(None, SERVFAIL)())[:1]
    assert only.code == "DNSSEC023"
    assert "answers SERVFAIL" in only.sentence
    assert mx(None)().mx_validation.status is Status.SECURE
