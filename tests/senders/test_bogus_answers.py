"""Senders whose resolver validates get SERVFAIL for a bogus answer, whatever it says."""

from dataclasses import replace

import pytest

from mxwalk.delivery.model import Delivery
from mxwalk.dnssec.model import Status
from mxwalk.evidence.dns import DnsStatus
from mxwalk.senders.model import Outcome
from mxwalk.senders.registry import profile
from tests.dane.world import leaf, looked, record, validation
from tests.senders.dane_walks import Domain, Host
from tests.senders.walks import Walked

DANE = ("rfc7672", "exchange-online", "postfix:dane", "postfix:dane-only", "exim:try-dane")
VALIDATING = (*DANE, "postfix:none", "postfix:may", "postfix:secure", "exim:require-dane")
GOOD = record("3 1 1", leaf())


def _null_mx() -> Delivery:
    return Walked().resolver().mx("0 .").delivery


def _no_domain() -> Delivery:
    return Walked().resolver().mx(status=DnsStatus.NXDOMAIN).delivery


@pytest.mark.parametrize("said", [_null_mx, _no_domain])
@pytest.mark.parametrize("sender", VALIDATING)
def test_a_bogus_answer_that_refuses_mail_bounces_nothing(said, sender: str) -> None:
    plain = said()
    bounced = profile(sender).judge(replace(plain, mx_validation=validation(Status.SECURE)))
    bogus = profile(sender).judge(replace(plain, mx_validation=validation(Status.BOGUS)))
    assert bounced.outcome is Outcome.BOUNCED
    assert bogus.outcome is Outcome.DEFERRED
    assert "bogus" in bogus.reason


@pytest.mark.parametrize("sender", DANE)
@pytest.mark.parametrize("mx", [Status.SECURE, Status.INSECURE])
def test_a_bogus_denial_of_a_hosts_address_defers(sender: str, mx: Status) -> None:
    domain = Domain(Host(address_status=Status.BOGUS), mx=mx)
    delivery = domain.delivery
    hosts = tuple(replace(host, addresses=()) for host in delivery.hosts)
    verdict = profile(sender).judge(replace(delivery, hosts=hosts))
    assert verdict.outcome is Outcome.DEFERRED
    if sender != "postfix:dane-only" or mx is Status.SECURE:
        assert "bogus" in verdict.reason


@pytest.mark.parametrize("sender", ["rfc7672", "exchange-online", "postfix:dane", "exim:try-dane"])
def test_a_family_whose_answer_is_bogus_is_not_connected_to(sender: str) -> None:
    delivery = Domain(Host(tlsa=(GOOD,))).good().delivery
    (host,) = delivery.hosts
    assert host.dane is not None
    bogus = looked("mx.example.net", "AAAA", "2001:db8::1", secure=Status.BOGUS).validation
    both = replace(host.dane, addresses=(*host.dane.addresses, bogus))
    six = replace(host, addresses=("2001:db8::1", *host.addresses), dane=both)
    verdict = profile(sender).judge(replace(delivery, hosts=(six,)))
    assert verdict.outcome is Outcome.DELIVERED_VERIFIED
    assert [one.address for one in verdict.attempts] == ["192.0.2.1"]
