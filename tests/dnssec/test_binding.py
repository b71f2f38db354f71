"""What was validated must be what is used: a resolver may answer one question in two ways."""

import msgspec
import pytest

from mxwalk.clock import to_rfc3339
from mxwalk.delivery.security import Security
from mxwalk.dns.answers import joined, with_chain
from mxwalk.dns.chain import follow
from mxwalk.dnssec.model import Status
from mxwalk.dnssec.reasons import Culprit, Reason
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.target import Options
from mxwalk.evidence.trace import Header
from tests.dnssec.world import NOW, World, message, records
from tests.senders.walks import one_host

ASKED, TARGET = "_25._tcp.mx.example.test", "tlsa.example.test"
GOOD, FORGED = "3 1 1 " + "ab" * 32, "3 1 1 " + "cd" * 32


def left_open(world: World, *target: object) -> DnsAnswer:
    """Return what a walk has where the alias came alone, and its target was asked for again."""
    alias = world.zone.signed(records(f"{ASKED}.", "CNAME", f"{TARGET}."))
    first = message(ASKED, "TLSA", alias)
    answer = joined(first, message(TARGET, "TLSA", target))
    return with_chain(answer, follow(ASKED, "TLSA", answer.answer))


def validated(world: World, answer: DnsAnswer, *target: object):
    """Return the validation of ``answer`` where ``target`` came when signatures were asked for."""
    alias = world.zone.signed(records(f"{ASKED}.", "CNAME", f"{TARGET}."))
    support = (message(ASKED, "CNAME", alias), message(TARGET, "TLSA", target))
    return Security((answer, *world.answers, *support), header(world)).of(answer)


def header(world: World) -> Header:
    return msgspec.structs.replace(
        one_host(options=Options(trust_anchor=f". IN DS {world.root.ds()}")).trace.header,
        started_at=to_rfc3339(NOW),
    )


def genuine(world: World):
    return world.zone.signed(records(f"{TARGET}.", "TLSA", GOOD))


def test_equal_answers_are_secure():
    world = World()
    answer = left_open(world, *genuine(world))
    assert answer.records() == (GOOD,)
    assert validated(world, answer, *genuine(world)).status is Status.SECURE


@pytest.mark.parametrize("text", [FORGED, None])
def test_records_that_were_put_in_place_of_the_signed_ones_are_not_secure(text):
    world = World()
    forged = [records(f"{TARGET}.", "TLSA", text)] if text else []
    answer = left_open(world, *forged)
    assert answer.status is (DnsStatus.OK if text else DnsStatus.NODATA)
    found = validated(world, answer, *genuine(world))
    assert (found.status, found.reason) == (Status.INDETERMINATE, Reason.ANSWERS_DIFFER)
    assert found.culprit is Culprit.RESOLVER
    assert ASKED in found.sentence


def test_one_record_more_is_not_secure():
    world = World()
    answer = left_open(world, records(f"{TARGET}.", "TLSA", GOOD, FORGED))
    assert validated(world, answer, *genuine(world)).status is Status.INDETERMINATE


def test_an_alias_that_leads_elsewhere_is_not_secure():
    world = World()
    elsewhere = "evil.example.test"
    forged = message(ASKED, "TLSA", [records(f"{ASKED}.", "CNAME", f"{elsewhere}.")])
    answer = joined(forged, message(elsewhere, "TLSA", [records(f"{elsewhere}.", "TLSA", GOOD)]))
    answer = with_chain(answer, follow(ASKED, "TLSA", answer.answer))
    assert answer.records() == (GOOD,)
    found = validated(world, answer, *genuine(world))
    assert found.reason is Reason.ANSWERS_DIFFER


def test_the_case_of_names_is_no_difference():
    world = World()
    world.put(
        "example.test",
        "MX",
        world.zone.signed(records("example.test.", "MX", "10 mx.example.test.")),
    )
    answer = message("example.test", "MX", [records("example.test.", "MX", "10 MX.example.TEST.")])
    support = world.answers[-1]
    security = Security((support, *world.answers), header(world))
    found = security.of(msgspec.structs.replace(answer, server="192.0.2.99:53"))
    assert found is not None
    assert found.status is Status.SECURE
