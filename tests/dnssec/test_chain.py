"""The way down to a zone: probes at names that begin none, and bounds on questions."""

import dns.dnssec
import dns.name
import dns.rrset
import pytest

from mxwalk.dnssec import keys, nsec3
from mxwalk.dnssec.book import AnswerBook
from mxwalk.dnssec.fetch import validate_live
from mxwalk.dnssec.model import DenialKind, Question, Status
from mxwalk.dnssec.reasons import Culprit, Reason
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from tests.dnssec.world import NOW, World, from_wire, message, records


@pytest.fixture
def world():
    world = World()
    world.put("www.example.test", "A", [records("www.example.test.", "A", "192.0.2.1")])
    return world


def probed(world: World, *authority, rcode: int = 0, answer=()):
    world.put("www.example.test", "DS", answer, [*world.zone.soa(), *authority], rcode=rcode)
    return world.validate("www.example.test", "A")


def test_a_name_proved_not_to_exist_has_no_cut_below_and_its_unsigned_answer_is_bogus(world):
    denial = world.zone.nsec("example.test.", "zz.example.test.", "NS SOA")
    result = probed(world, *denial, rcode=3)
    assert (result.status, result.reason) == (Status.BOGUS, Reason.RRSIG_MISSING)
    assert result.hops[0].zone == "example.test"


def test_a_signed_alias_is_no_cut(world):
    alias = world.zone.signed(records("www.example.test.", "CNAME", "a.example.test."))
    assert probed(world, answer=alias).reason is Reason.RRSIG_MISSING


def test_an_alias_that_does_not_verify_is_bogus(world):
    alias = world.zone.signed(
        records("www.example.test.", "CNAME", "a.example.test."), signature=b"x" * 64
    )
    result = probed(world, answer=alias)
    assert (result.reason, result.links[-1].zone) == (Reason.RRSIG_WRONG, "www.example.test")


def test_a_ds_set_that_does_not_verify_breaks_the_link(world):
    ds = records("www.example.test.", "DS", world.zone.ds())
    result = probed(world, answer=world.zone.signed(ds, signature=b"x" * 64))
    assert result.reason is Reason.RRSIG_WRONG
    assert "the DS set of www.example.test" in result.sentence


def test_a_cut_without_signatures_in_a_signed_zone_is_bogus(world):
    ds = records("www.example.test.", "DS", world.zone.ds())
    assert probed(world, answer=[ds]).reason is Reason.RRSIG_MISSING


def test_a_failing_probe_is_indeterminate(world):
    failed = DnsAnswer(
        qname="www.example.test", rtype="DS", status=DnsStatus.TIMEOUT, error="no answer"
    )
    world.answers.append(failed)
    result = world.validate("www.example.test", "A")
    assert (result.status, result.reason) == (Status.INDETERMINATE, Reason.LOOKUP_FAILED)
    assert "no answer" in result.sentence


def test_a_message_that_breaks_off_is_unreadable(world):
    whole = message("www.example.test", "DS", [], world.zone.soa())
    world.answers.append(
        DnsAnswer(
            qname="www.example.test", rtype="DS", status=DnsStatus.NODATA, wire=whole.wire[:-9]
        )
    )
    result = world.validate("www.example.test", "A")
    assert (result.status, result.reason) == (Status.INDETERMINATE, Reason.UNREADABLE)
    assert result.culprit is Culprit.RESOLVER
    assert from_wire("www.example.test", "DS", whole.wire[:-9]).status is DnsStatus.MALFORMED


def test_ds_records_that_each_lack_something_are_insecure(world):
    words = world.zone.ds().split()
    both = [" ".join([words[0], "253", *words[2:]]), " ".join([*words[:2], "99", words[3]])]
    ds = records("www.example.test.", "DS", *both)
    result = probed(world, answer=world.zone.signed(ds))
    assert (result.status, result.reason) == (Status.INSECURE, Reason.UNSUPPORTED_ALGORITHM)


def test_no_data_behind_a_wildcard_by_nsec3(world):
    denial = [
        *world.zone.nsec3("example.test.", "NS SOA"),
        *world.zone.nsec3("mx.example.test.", "A", covers=True),
        *world.zone.nsec3("*.example.test.", "A"),
    ]
    world.put("mx.example.test", "TLSA", [], [*world.zone.soa(), *denial])
    result = world.validate("mx.example.test", "TLSA")
    assert result.status is Status.SECURE
    assert result.denial.kind is DenialKind.WILDCARD_NO_DATA


def test_a_type_at_the_wildcard_is_not_denied_by_nsec3(world):
    denial = [
        *world.zone.nsec3("example.test.", "NS SOA"),
        *world.zone.nsec3("mx.example.test.", "A", covers=True),
        *world.zone.nsec3("*.example.test.", "TLSA"),
    ]
    world.put("mx.example.test", "TLSA", [], [*world.zone.soa(), *denial])
    assert world.validate("mx.example.test", "TLSA").reason is Reason.DENIAL_TYPE


def test_a_cut_between_encloser_and_name_proves_nothing_by_nsec3(world):
    denial = [
        *world.zone.nsec3("sub.example.test.", "NS DS"),
        *world.zone.nsec3("mx.sub.example.test.", "A", covers=True),
        *world.zone.nsec3("*.sub.example.test.", "A", covers=True),
    ]
    world.put("mx.sub.example.test", "A", [], [*world.zone.soa(), *denial], rcode=3)
    assert world.validate("mx.sub.example.test", "A").reason is Reason.DENIAL_NAME


def test_hashing_stops_at_its_bound(world, monkeypatch):
    monkeypatch.setattr(nsec3, "NSEC3_HASHES_PER_QUESTION", 2)
    proof = world.zone.nsec3("zz.example.test.", "A")
    world.put("a.b.example.test", "A", [], [*world.zone.soa(), *proof], rcode=3)
    result = world.validate("a.b.example.test", "A")
    assert (result.status, result.reason) == (Status.BOGUS, Reason.TOO_EXPENSIVE)
    assert "2 names to hash" in result.sentence


def test_digests_stop_at_their_bound(world, monkeypatch):
    made = []
    real = dns.dnssec.make_ds
    monkeypatch.setattr(dns.dnssec, "make_ds", lambda *a, **k: made.append(a) or real(*a, **k))
    monkeypatch.setattr(keys, "DNSSEC_DIGESTS_PER_SET", 3)
    words = world.zone.ds().split()
    made.clear()
    forged = [" ".join([*words[:3], f"{number:064x}"]) for number in range(40)]
    world.put("example.test", "DS", world.tld.signed(records("example.test.", "DS", *forged)))
    assert world.validate("www.example.test", "A").reason is Reason.DS_WITHOUT_KEY
    assert sum(name == dns.name.from_text("example.test.") for name, *_ in made) == 3


class Silent:
    """A resolver that knows the chain and says no more."""

    def __init__(self, world: World) -> None:
        self.known = AnswerBook.of(world.answers)
        self.asked: list[tuple[str, str]] = []

    async def query(self, qname: str, rtype: str) -> DnsAnswer:
        self.asked.append((qname, rtype))
        known = self.known.get(Question(qname, rtype))
        failed = DnsAnswer(qname=qname, rtype=rtype, status=DnsStatus.TIMEOUT, error="silence")
        return known or failed


async def test_a_resolver_that_falls_silent_ends_the_validation(world):
    resolver = Silent(world)
    result, used = await validate_live(
        resolver, Question("WWW.example.test.", "A"), world.anchors, NOW, AnswerBook()
    )
    assert (result.status, result.reason) == (Status.INDETERMINATE, Reason.LOOKUP_FAILED)
    assert ("www.example.test", "DS") in resolver.asked
    assert len(resolver.asked) == len(set(resolver.asked))
    assert {each.qname for each in used} == {".", "test", "example.test", "www.example.test"}


async def test_more_questions_than_the_bound_are_not_asked(world, monkeypatch):
    monkeypatch.setattr("mxwalk.dnssec.fetch.DNSSEC_QUESTIONS", 3)
    resolver = Silent(world)
    result, _ = await validate_live(
        resolver, ("www.example.test", "A"), world.anchors, NOW, AnswerBook()
    )
    assert result.reason is Reason.TOO_MANY_QUESTIONS
    assert len(resolver.asked) <= 3
