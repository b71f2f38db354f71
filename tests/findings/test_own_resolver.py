"""A resolver that denies the DNS root: what it denies is unknown, and what it has no part in stands."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from mxwalk.delivery.mark import Mark
from mxwalk.delivery.model import Delivery
from mxwalk.delivery.status import status
from mxwalk.evidence.dns import DnsStatus
from mxwalk.evidence.policy import PolicyRecordsLookedUp
from mxwalk.evidence.step import Scope, StepKind
from mxwalk.evidence.wire import EndingKind
from mxwalk.findings.concern import OWN_RESOLVER, for_verdict
from mxwalk.findings.decided import by_look_up
from mxwalk.findings.first_suspect import first_suspect
from mxwalk.findings.model import Owner, Severity
from mxwalk.findings.registry import check
from mxwalk.mtasts.model import RecordStanding
from mxwalk.reports.summary import summary
from mxwalk.senders.model import Outcome
from mxwalk.senders.registry import profile
from mxwalk.watch.gather import gather
from tests.findings.builders import Trail, answer, ending
from tests.findings.certificates import leaf

ADDRESS = "192.0.2.1"
HTTP = b"HTTP/1.1 400 Bad Request\r\n"


def denying(target: str = f"[{ADDRESS}]") -> Trail:
    trail = Trail(target).resolver(answer(".", "DNSKEY", status=DnsStatus.NXDOMAIN))
    if target.startswith("["):
        trail.scope = Scope(host=ADDRESS, address=ADDRESS, port=25)
        trail.ptr(ADDRESS, reply=answer("1.2.0.192.in-addr.arpa", "PTR", status=DnsStatus.NXDOMAIN))
    return trail


def to_host(*addresses: str) -> Trail:
    trail = denying("example.com").mx("10 mx01.example.com.")
    return trail.host("mx01.example.com", *addresses)


def silent() -> Delivery:
    return denying().connect(ADDRESS).greet(b"", ending(EndingKind.TIMEOUT)).delivery()


def busy() -> Delivery:
    trail = denying().connect(ADDRESS).greet()
    return trail.ehlo(b"421 4.7.0 too many connections from you\r\n").delivery()


def half_a_line() -> Delivery:
    return denying().connect(ADDRESS).greet(b"220 no end", ending(EndingKind.TIMEOUT)).delivery()


def hanging() -> Delivery:
    trail = denying().connect(ADDRESS).greet().ehlo().starttls()
    return trail.handshake((), ending=ending(EndingKind.TIMEOUT)).delivery()


def web() -> Delivery:
    return denying().connect(ADDRESS).greet(HTTP).delivery()


def stuck() -> Delivery:
    return to_host(ADDRESS).connect(ADDRESS).greet(b"", ending(EndingKind.TIMEOUT)).delivery()


@pytest.mark.parametrize("made", [silent, busy, half_a_line, hanging, web, stuck])
def test_where_a_connection_decided_its_fault_leads_and_the_resolver_is_told_beside(made) -> None:
    delivery = made()
    verdict = profile("esa:5").judge(delivery)
    found = check(delivery)
    assert not by_look_up(delivery, verdict)
    assert not first_suspect(verdict, found, looked_up=False)
    first = for_verdict(found, verdict, delivery)[0]
    assert first.code not in OWN_RESOLVER
    (own,) = [one for one in found if one.code in OWN_RESOLVER]
    assert own.level is Severity.WARNING
    told = summary(delivery, verdict, found)
    assert "root's keys" not in told
    assert "Who must act: you" not in told
    assert "DANE, policies and PTR names cannot be judged." in told


def test_where_a_look_up_decided_the_resolver_leads() -> None:
    trail = denying("example.com")
    delivery = trail.mx(reply=answer("example.com", "MX", status=DnsStatus.NXDOMAIN)).delivery()
    verdict, found = profile("esa:5").judge(delivery), check(delivery)
    assert by_look_up(delivery, verdict)
    assert first_suspect(verdict, found)
    assert for_verdict(found, verdict, delivery)[0].code == "DNS002"
    assert "One error was found: 192.0.2.53:53 answered" in summary(delivery, verdict, found)


def test_a_denied_name_of_an_address_is_not_known_and_nobody_elses_fault() -> None:
    delivery = silent()
    (finding,) = [one for one in check(delivery) if one.code.startswith("ROUTE")]
    assert (finding.code, finding.actor) == ("ROUTE031", Owner.YOU)
    assert "cannot be believed" in finding.sentence
    assert "IN PTR" not in finding.fix
    ptr = status(delivery.trace.steps[1], delivery)
    assert (ptr.mark, "cannot be believed" in ptr.summary) == (Mark.UNKNOWN, True)


def test_a_denied_way_back_of_a_name_is_not_known() -> None:
    trail = to_host(ADDRESS).ptr(ADDRESS, ("mail.example.net", True)).connect(ADDRESS).greet()
    (step,) = [one for one in trail.steps if one.kind is StepKind.PTR]
    name = replace(
        step.evidence.names[0],  # type: ignore[union-attr]
        answers=(answer("mail.example.net", "A", status=DnsStatus.NXDOMAIN),),
        confirmed=False,
    )
    trail.steps[step.seq - 1] = replace(step, evidence=replace(step.evidence, names=(name,)))
    codes = {one.code for one in check(trail.delivery())}
    assert {"ROUTE030", "ROUTE031"} & codes == {"ROUTE031"}


def test_a_denied_address_and_a_denied_mx_record_are_not_known() -> None:
    delivery = to_host().delivery()
    assert "ROUTE021" not in {one.code for one in check(delivery)}
    verdict = profile("esa:5").judge(delivery)
    assert verdict.outcome is Outcome.UNKNOWN
    assert "cannot be believed" in verdict.reason
    trail = denying("example.com").mx(reply=answer("example.com", "MX"))
    found = {one.code: one for one in check(trail.delivery())}
    assert "ROUTE002" not in found
    assert found["ROUTE005"].actor is Owner.YOU
    assert status(trail.steps[1], trail.delivery()).mark is Mark.UNKNOWN


def test_denied_policies_are_not_known() -> None:
    trail = denying("example.com").mx("10 mx01.example.com.")
    records = PolicyRecordsLookedUp(
        domain="example.com",
        sts=answer("_mta-sts.example.com", "TXT", status=DnsStatus.NXDOMAIN),
        tls_rpt=answer("_smtp._tls.example.com", "TXT", status=DnsStatus.NXDOMAIN),
    )
    delivery = trail.add(StepKind.POLICY_RECORDS, records).delivery()
    assert delivery.sts.records is not None
    assert delivery.sts.records.standing is RecordStanding.OURS
    told = status(trail.steps[-1], delivery)
    assert told.mark is Mark.UNKNOWN
    assert "no MTA-STS" not in told.summary
    assert "no TLS-RPT" not in told.summary


@pytest.mark.parametrize(("setting", "outcome"), [("esa:5", Outcome.UNKNOWN)])
def test_the_esa_cannot_be_said_to_refuse_a_cn_that_may_be_the_name_of_the_address(
    setting: str, outcome: Outcome
) -> None:
    def walked(resolver: Trail) -> Delivery:
        trail = resolver.connect(ADDRESS).greet().ehlo().starttls()
        chain = (leaf("mail.example.net", ()),)
        return trail.handshake(chain).chain(path=chain).identity().ehlo_tls().delivery()

    unknown = profile(setting).judge(walked(denying()))
    assert unknown.outcome is outcome
    assert by_look_up(walked(denying()), unknown)
    known = Trail(f"[{ADDRESS}]").resolver()
    known.scope = Scope(host=ADDRESS, address=ADDRESS, port=25)
    known.ptr(ADDRESS, reply=answer("1.2.0.192.in-addr.arpa", "PTR", status=DnsStatus.NXDOMAIN))
    assert profile(setting).judge(walked(known)).outcome is Outcome.DEFERRED


def test_a_round_of_a_watch_says_of_the_target_what_a_connection_showed() -> None:
    facts = gather(web().trace, ["esa:5"])
    assert (facts.own_fault, facts.spoilt) == ("DNS002", False)
    assert "says nothing of the target" not in facts.own_fault_words
    trail = denying("example.com")
    trail.mx(reply=answer("example.com", "MX", status=DnsStatus.NXDOMAIN))
    spoilt = gather(trail.delivery().trace, ["esa:5"])
    assert (spoilt.own_fault, spoilt.spoilt) == ("DNS002", True)
    assert "says nothing of the target" in spoilt.own_fault_words
