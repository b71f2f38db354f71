"""Who must act: nobody is blamed for what the walk cannot know, and nothing is told twice."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.mark import Mark
from mxwalk.delivery.status import status
from mxwalk.evidence.dns import DnsStatus
from mxwalk.evidence.lookups import MxLookedUp
from mxwalk.evidence.trace import Trace
from mxwalk.evidence.wire import EndingKind
from mxwalk.findings.model import Owner, Severity
from mxwalk.findings.registry import catalogue, check
from tests.findings.builders import Trail, answer, ending, with_certificate
from tests.findings.certificates import leaf
from tests.findings.test_judgement import codes, only


@pytest.mark.parametrize("silent", ["2001:db8::1", "192.0.2.9"])
def test_a_time_out_of_a_family_that_never_answered_is_inconclusive(silent: str) -> None:
    good = "192.0.2.1" if ":" in silent else "2001:db8::2"
    trail = Trail().mx("10 mx01.example.com.").host("mx01.example.com", silent, good)
    delivery = trail.connect(silent, ending(EndingKind.TIMEOUT)).connect(good).greet().delivery()
    finding = only(delivery, "CONN002")
    assert (finding.level, finding.actor) == (Severity.NOTICE, Owner.YOU)
    assert "inconclusive, it may be your own network" in finding.sentence
    if ":" in silent:
        broken = only(delivery, "ROUTE027")
        assert (broken.level, broken.actor) == (Severity.NOTICE, Owner.NOBODY)
        assert "inconclusive" in broken.sentence


def test_a_time_out_where_its_family_answers_elsewhere_is_the_receivers() -> None:
    trail = Trail().mx("10 mx01.example.com.", "20 mx02.example.com.")
    trail.host("mx01.example.com", "2001:db8::1", "192.0.2.1")
    trail.connect("2001:db8::1", ending(EndingKind.TIMEOUT)).connect("192.0.2.1").greet()
    delivery = (
        trail.host("mx02.example.com", "2001:db8::2").connect("2001:db8::2").greet().delivery()
    )
    for code in ("CONN002", "ROUTE027"):
        finding = only(delivery, code)
        assert (finding.level, finding.actor) == (Severity.WARNING, Owner.RECEIVER)


def test_time_outs_beside_an_address_without_a_route_are_no_ones_but_ours() -> None:
    trail = Trail().mx("10 mx01.example.com.").host("mx01.example.com", "2001:db8::1", "192.0.2.1")
    trail.connect("2001:db8::1", ending(EndingKind.UNREACHABLE))
    delivery = trail.connect("192.0.2.1", ending(EndingKind.TIMEOUT)).delivery()
    assert {"CONN002", "CONN003"} & codes(delivery) == {"CONN003"}


def test_the_receiver_orders_the_certificate_that_is_meant_for_servers() -> None:
    assert catalogue()["CERT015"].owner is Owner.RECEIVER


def test_a_name_that_fails_verify_is_told_once() -> None:
    delivery = with_certificate(leaf("", ("other.example.net",))).delivery()
    assert {"IDENT001", "IDENT009"} & codes(delivery) == {"IDENT001"}


def test_commands_ask_the_resolver_of_the_walk_but_not_the_labs() -> None:
    trace = Trail().mx("10 mx01.example.com.").delivery().trace
    (step,) = [step for step in trace.steps if isinstance(step.evidence, MxLookedUp)]
    assert isinstance(step.evidence, MxLookedUp)
    asked = replace(step.evidence, answer=replace(step.evidence.answer, server="127.0.0.1:5353"))
    steps = tuple(replace(s, evidence=asked) if s is step else s for s in trace.steps)

    def commands(scenario: str) -> str:
        header = replace(trace.header, scenario=scenario)
        walked = build_delivery(Trace(header=header, steps=steps))
        return " ".join(finding.command for finding in check(walked))

    assert "@127.0.0.1 -p 5353" in commands("")
    assert "127.0.0.1" not in commands("esa-san")


def test_a_resolver_that_denies_the_root_is_blamed_and_the_domain_is_not() -> None:
    denied = answer(".", "DNSKEY", status=DnsStatus.NXDOMAIN)
    trail = Trail().resolver(denied)
    trail.mx(reply=answer("example.com", "MX", status=DnsStatus.NXDOMAIN))
    delivery = trail.delivery()
    codes = {finding.code for finding in check(delivery)}
    assert "DNS002" in codes
    assert "ROUTE003" not in codes
    assert status(delivery.trace.steps[0], delivery).mark is Mark.FAIL
