"""What a resolver denies that denies the DNS root as well decides no delivery, whatever answers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec import structs

from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.mark import Mark
from mxwalk.delivery.model import Delivery
from mxwalk.delivery.route import RouteKind
from mxwalk.delivery.status import status
from mxwalk.evidence.connection import RevocationChecked
from mxwalk.evidence.dns import DnsStatus
from mxwalk.evidence.lookups import ResolverChecked, TlsaLookedUp
from mxwalk.evidence.revocation import CrlAsked, RevocationOf
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.target import Options, Route
from mxwalk.evidence.wire import EndingKind
from mxwalk.findings.decided import by_look_up
from mxwalk.findings.model import Owner
from mxwalk.findings.registry import check
from mxwalk.mtasts.fetch import FetchFault
from mxwalk.mtasts.state import StsStanding
from mxwalk.reports.detail import details
from mxwalk.reports.summary import summary
from mxwalk.senders.model import Outcome
from mxwalk.senders.registry import profile, profiles
from mxwalk.watch.conditions import parse_condition
from mxwalk.watch.gather import gather
from tests.findings import sts_cases
from tests.findings.builders import Trail, answer
from tests.reports.samples import lab_trace
from tests.senders.walks import Walked, certificate, ending

ADDRESS, DOMAIN = "192.0.2.1", "example.com"
SENDERS = [one.id for one in profiles()]


def implicit(resolver: DnsStatus | None, *, answers: bool, given: Options | None = None) -> Walked:
    """A domain whose MX records are denied, and what listens at the address it is said to have."""
    walked = Walked(options=given or Options())
    if resolver is not None:
        walked.resolver(None if resolver is DnsStatus.OK else resolver)
    walked.mx(status=DnsStatus.NODATA).addresses(DOMAIN, ADDRESS)
    at = walked.at(DOMAIN, ADDRESS)
    if answers:
        at.secured(certificate(DOMAIN))
    else:
        at.connect(ending(EndingKind.REFUSED, f"{ADDRESS} port 25 refused the connection"))
    return walked


@pytest.mark.parametrize("sender", SENDERS)
@pytest.mark.parametrize("answers", [True, False])
@pytest.mark.parametrize("denial", [DnsStatus.NODATA, DnsStatus.NXDOMAIN])
def test_a_denied_mx_record_makes_the_domain_no_host_of_its_own(
    denial: DnsStatus, sender: str, *, answers: bool
) -> None:
    delivery = build_delivery(implicit(denial, answers=answers).trace)
    verdict = profile(sender).judge(delivery)
    assert (verdict.outcome, verdict.step) == (Outcome.UNKNOWN, 2)
    assert verdict.reason == (
        f"our resolver says that {DOMAIN} has no MX record, but it denies the DNS root as well: a"
        " sender asks its own"
    )
    assert by_look_up(delivery, verdict)


@pytest.mark.parametrize("answers", [True, False])
def test_the_owner_of_the_resolver_must_act_and_nobody_else(*, answers: bool) -> None:
    delivery = build_delivery(implicit(DnsStatus.NODATA, answers=answers).trace)
    assert (delivery.route.kind, delivery.hosts) == (RouteKind.LOOKUP_FAILED, ())
    found = check(delivery)
    assert {one.actor for one in found} == {Owner.YOU}
    told = summary(delivery, profile("esa:5").judge(delivery), found)
    assert "One error was found: " in told
    assert "Who must act: you." in told
    assert "no part in the verdict" not in told
    assert status(delivery.trace.steps[1], delivery).mark is Mark.UNKNOWN
    for step in delivery.trace.steps:  # of a host that is none: told all the same
        assert status(step, delivery).summary or step.kind is StepKind.IDENTITY
        details(step, delivery, "esa:5")


@pytest.mark.parametrize("answers", [True, False])
@pytest.mark.parametrize("condition", ["delivered", "not-delivered", "verified", "deferred"])
def test_no_watch_ends_on_it(condition: str, *, answers: bool) -> None:
    facts = gather(implicit(DnsStatus.NODATA, answers=answers).trace, ["esa:5"])
    assert (facts.own_fault, facts.spoilt, facts.unreached) == ("DNS002", True, False)
    assert not parse_condition(condition).holds(facts, facts)


@pytest.mark.parametrize("resolver", [DnsStatus.OK, DnsStatus.TIMEOUT, None])
def test_without_a_denied_root_a_domain_without_mx_record_is_its_own_host(
    resolver: DnsStatus | None,
) -> None:
    verified = build_delivery(implicit(resolver, answers=True).trace)
    assert verified.route.kind is RouteKind.IMPLICIT
    assert profile("esa:5").judge(verified).outcome is Outcome.DELIVERED_VERIFIED
    refused = build_delivery(implicit(resolver, answers=False).trace)
    assert profile("esa:5").judge(refused).outcome is Outcome.DEFERRED


def test_an_older_check_of_the_resolver_that_was_made_again_plays_no_part() -> None:
    walked = Walked().resolver(DnsStatus.NODATA).resolver().mx(status=DnsStatus.NODATA)
    assert build_delivery(walked.trace).route.kind is RouteKind.IMPLICIT


def test_configured_routes_need_no_mx_record() -> None:
    walked = Walked(options=Options(routes=(Route(destination=ADDRESS),)))
    walked.resolver(DnsStatus.NODATA).mx(status=DnsStatus.NODATA)
    at = walked.at(ADDRESS, ADDRESS)
    at.connect(ending(EndingKind.REFUSED, f"{ADDRESS} port 25 refused the connection"))
    delivery = build_delivery(walked.trace)
    verdict = profile("esa:5").judge(delivery)
    assert (delivery.route.kind, verdict.outcome) == (RouteKind.ROUTES, Outcome.DEFERRED)
    assert not by_look_up(delivery, verdict)


# -- policies, TLSA records -----------------------------------------------------------------------


def with_denied_root(trail: Trail) -> Delivery:
    """The same walk by a resolver that denies the root."""
    checked = ResolverChecked(answer=answer(".", "DNSKEY", status=DnsStatus.NODATA))
    steps = [
        structs.replace(one, evidence=checked) if one.kind is StepKind.RESOLVER else one
        for one in trail.steps
    ]
    return build_delivery(structs.replace(trail.delivery().trace, steps=tuple(steps)))


@pytest.mark.parametrize("problem", ["", "TLS failed: timeout"])
def test_the_policy_that_such_a_resolver_led_to_is_told_as_ever(problem: str) -> None:
    trail = sts_cases.policy(None, sts_cases.fetched(**({"problem": problem} if problem else {})))
    step, sound, denied = trail.steps[-1], trail.delivery(), with_denied_root(trail)
    assert denied.sts.standing is sound.sts.standing
    assert status(step, denied) == status(step, sound)
    assert details(step, denied, "mta-sts") == details(step, sound, "mta-sts")
    assert "fetched again later" not in status(step, denied).summary


def test_a_denied_address_of_the_policy_host_is_no_fault_of_the_domain() -> None:
    problem = f"mta-sts.{DOMAIN} has no address (NODATA)"
    trail = sts_cases.policy(None, sts_cases.fetched(status=0, problem=problem))
    assert trail.delivery().sts.standing is StsStanding.FETCH_FAILED
    delivery = with_denied_root(trail)
    assert delivery.sts.standing is StsStanding.UNDECIDED
    assert delivery.sts.fault is FetchFault.RESOLVER
    assert "cannot be believed" in delivery.sts.reason
    assert status(trail.steps[-1], delivery).mark is Mark.UNKNOWN
    assert {one.actor for one in check(delivery)} == {Owner.YOU, Owner.NOBODY}
    told = details(trail.steps[-1], delivery, "mta-sts")
    assert not any("has no address" in one for one in told)


def test_what_is_told_of_denied_policies_is_not_that_there_are_none() -> None:
    trail = sts_cases.policy(
        sts_cases.records(reports=(), reply=answer(f"_mta-sts.{DOMAIN}", "TXT"))
    )
    told = details(trail.steps[-1], with_denied_root(trail), "mta-sts")
    assert sum("cannot be believed" in one for one in told) == 2
    assert told != details(trail.steps[-1], trail.delivery(), "mta-sts")


@pytest.mark.parametrize("sender", SENDERS)
def test_denied_tlsa_records_are_no_leave_to_do_without_dane(sender: str) -> None:
    trail = Trail("mx.example.com:25").resolver().host("mx.example.com", ADDRESS)
    tlsa = answer("_25._tcp.mx.example.com", "TLSA", status=DnsStatus.NXDOMAIN)
    trail.add(StepKind.TLSA, TlsaLookedUp(host="mx.example.com", port=25, answers=(tlsa,)))
    trail.connect(ADDRESS).greet().ehlo().starttls()
    chain = (certificate("mx.example.com"),)
    trail.handshake(chain).chain(path=chain).identity().ehlo_tls()
    delivery = with_denied_root(trail)
    verdict = profile(sender).judge(delivery)
    asks = sender in ("mta-sts", "rfc7672", "exchange-online") or "dane" in sender
    assert (verdict.outcome is Outcome.UNKNOWN) == asks
    assert by_look_up(delivery, verdict) == asks
    if asks:
        assert verdict.step == trail.steps[2].seq


def test_where_no_tlsa_records_were_looked_up_the_resolver_has_its_part() -> None:
    trail = Trail("mx.example.com:25").resolver().host("mx.example.com", ADDRESS)
    trail.connect(ADDRESS).greet().ehlo()
    delivery = with_denied_root(trail)
    verdict, found = profile("mta-sts").judge(delivery), check(delivery)
    assert (verdict.outcome, verdict.step) == (Outcome.UNKNOWN, None)
    assert "made no TLSA look-up" in verdict.reason
    assert by_look_up(delivery, verdict)
    assert "no part in the verdict" not in summary(delivery, verdict, found)
    waiting = profile("esa:5").judge(delivery)  # for the next step of the connection
    assert (waiting.outcome, by_look_up(delivery, waiting)) == (Outcome.UNKNOWN, False)
    ended = replace(delivery, stopped=True)
    assert not by_look_up(ended, profile("mta-sts").judge(ended))


# -- revocation -----------------------------------------------------------------------------------


def without_list(*, denies: bool, problem: str = "") -> Delivery:
    """A walk to a server whose revocation list is at a host that our resolver says has no address."""
    trace = lab_trace("revoked-crl")
    denied = ResolverChecked(answer=answer(".", "DNSKEY", status=DnsStatus.NODATA))
    problem = problem or "crl.example.com has no address (NXDOMAIN)"
    steps = []
    for step in trace.steps:
        evidence = step.evidence
        if isinstance(evidence, ResolverChecked) and denies:
            evidence = denied
        elif isinstance(evidence, RevocationChecked):
            evidence = structs.replace(
                evidence, certificates=tuple(unasked(one, problem) for one in evidence.certificates)
            )
        steps.append(structs.replace(step, evidence=evidence))
    return build_delivery(structs.replace(trace, steps=tuple(steps)))


def unasked(one: RevocationOf, problem: str) -> RevocationOf:
    asked = tuple(
        CrlAsked(fetch=structs.replace(each.fetch, status=0, problem=problem))
        for each in one.asked
        if isinstance(each, CrlAsked)
    )
    return structs.replace(one, asked=asked)


@pytest.mark.parametrize("denies", [True, False])
def test_a_list_at_a_denied_address_is_not_passed_over_but_not_known(*, denies: bool) -> None:
    delivery = without_list(denies=denies)
    step = next(one for one in delivery.trace.steps if one.kind is StepKind.REVOCATION)
    verdict = profile("esa:5").judge(delivery)
    outcome = Outcome.UNKNOWN if denies else Outcome.DELIVERED_VERIFIED
    assert (verdict.outcome, by_look_up(delivery, verdict)) == (outcome, denies)
    assert ("passed over" in verdict.reason) is not denies
    assert profile("postfix:verify").judge(delivery).outcome is Outcome.DELIVERED_VERIFIED
    owners = {one.actor for one in check(delivery) if one.code == "REVO005"}
    assert owners == ({Owner.YOU} if denies else {Owner.RECEIVER_CA})
    told = " ".join(details(step, delivery, "esa:5"))
    assert ("cannot be believed" in told, "has no address" in told) == (denies, not denies)
    assert status(step, delivery).mark is status(step, without_list(denies=False)).mark
    if denies:
        assert "no part in the verdict" not in summary(delivery, verdict, check(delivery))


def test_a_list_whose_address_our_resolver_does_not_tell_is_not_known_either() -> None:
    problem = "our resolver does not tell the addresses of crl.example.com: no answer in 5 s"
    delivery = without_list(denies=False, problem=problem)
    verdict = profile("esa:5").judge(delivery)
    assert (verdict.outcome, by_look_up(delivery, verdict)) == (Outcome.UNKNOWN, True)
    assert "nobody asked for it" in verdict.reason
