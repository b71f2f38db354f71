"""A saved trace validates again without asking; commands show the same with public tools."""

import shlex

import pytest

from mxwalk.dnssec.book import AnswerBook
from mxwalk.dnssec.commands import commands_for
from mxwalk.dnssec.fetch import validate_live
from mxwalk.dnssec.model import Question, Status
from mxwalk.dnssec.offline import validate_saved
from mxwalk.dnssec.reasons import Reason
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.lab.zones import ZoneFault
from tests.dnssec.test_lab_zones import Validator
from tests.dnssec.world import NOW, World, ZoneKeys, records
from tests.lab.dns_client import lab_dns, zones


def secure_world() -> World:
    world = World()
    world.put(
        "example.test",
        "MX",
        world.zone.signed(records("example.test.", "MX", "10 mx.example.test.")),
    )
    return world


def test_a_trace_that_holds_everything_says_what_the_walk_said():
    world = secure_world()
    live = world.validate("example.test", "MX")
    saved = validate_saved(
        Question("example.test", "MX"), AnswerBook.of(world.answers), world.anchors, NOW
    )
    assert saved == live


def test_a_trace_without_the_keys_is_indeterminate_and_names_what_lacks():
    world = secure_world()
    book = AnswerBook.of(each for each in world.answers if each.rtype == "MX")
    result = validate_saved(Question("example.test", "MX"), book, world.anchors, NOW)
    assert (result.status, result.reason) == (Status.INDETERMINATE, Reason.ANSWERS_MISSING)
    assert "DNSKEY" in result.sentence
    assert "more are not in it" in result.sentence


def test_an_answer_replaces_a_failure_and_is_not_replaced_by_one():
    world = secure_world()
    failed = DnsAnswer(
        qname="example.test", rtype="MX", status=DnsStatus.SERVFAIL, rcode="SERVFAIL"
    )
    question = Question("example.test", "MX")
    for answers in ([failed, *world.answers], [*world.answers, failed]):
        result = validate_saved(question, AnswerBook.of(answers), world.anchors, NOW)
        assert result.status is Status.SECURE
    book = AnswerBook.of([failed])
    assert validate_saved(question, book, world.anchors, NOW).reason is Reason.LOOKUP_FAILED
    for each in world.answers:
        book.add(each)
    assert validate_saved(question, book, world.anchors, NOW).status is Status.SECURE


async def test_what_a_validating_resolver_refused_is_asked_again_with_cd():
    async with lab_dns(zones(ZoneFault.EXPIRED)) as client:
        check = Validator(client.lab)
        refused = DnsAnswer(qname="example.com", rtype="MX", status=DnsStatus.SERVFAIL)
        result, used = await validate_live(check.resolver, refused, check.anchors, NOW, check.book)
        assert result.reason is Reason.RRSIG_EXPIRED
        assert [each.status for each in used if each.rtype == "MX"] == [DnsStatus.OK]


def test_the_commands_show_the_weakest_link():
    assert commands_for(secure_world().validate("example.test", "MX")) == (
        "dig +dnssec +cd example.test MX",
        "delv +vtrace example.test MX",
    )
    world = secure_world()
    world.put(
        "example.test",
        "DS",
        world.tld.signed(records("example.test.", "DS", ZoneKeys("example.test.").ds())),
    )
    stale = world.validate("example.test", "MX")
    assert commands_for(stale)[:2] == (
        "dig +dnssec +cd example.test DS",
        "dig +dnssec +cd +multiline example.test DNSKEY",
    )
    world.put(".", "DNSKEY", [records(".", "DNSKEY", str(world.root.key.dnskey))])
    stripped = world.validate("example.test", "MX")
    assert commands_for(stripped) == ("dig +dnssec +cd . DNSKEY",)


@pytest.mark.parametrize("label", [r"\;reboot", r"\$\(reboot\)", "'", r"\027[2J"])
def test_a_hostile_name_is_one_word_of_the_command(label):
    world = secure_world()
    result = validate_saved(Question(f"{label}.test", "MX"), AnswerBook(), world.anchors, NOW)
    command = commands_for(result)[0]
    assert command.isprintable()
    assert len(shlex.split(command)) == 5


def test_a_name_like_an_option_stays_a_name():
    result = validate_saved(Question("+short.test", "MX"), AnswerBook(), World().anchors, NOW)
    assert commands_for(result)[0] == "dig +dnssec +cd -q +short.test MX"
