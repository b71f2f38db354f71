"""No message makes the validator raise, and none keeps it busy."""

import itertools

import dns.dnssec
import dns.name
import dns.rdata
import dns.rdataset
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxwalk.dnssec import signatures
from mxwalk.dnssec.anchors import IANA_ROOT, read_anchors, root_anchors
from mxwalk.dnssec.book import AnswerBook
from mxwalk.dnssec.chain import go_down
from mxwalk.dnssec.fetch import validate_live
from mxwalk.dnssec.link import Context, Place
from mxwalk.dnssec.message import read_message
from mxwalk.dnssec.model import HopKind, Need, Question, Status, Validation
from mxwalk.dnssec.reasons import Reason
from mxwalk.dnssec.signatures import Budget
from mxwalk.dnssec.validator import validate
from mxwalk.errors import UsageError
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.limits import (
    DNSSEC_CHECKS_PER_QUESTION,
    DNSSEC_CHECKS_PER_RRSET,
    DNSSEC_QUESTIONS,
)
from tests.dnssec.world import NOW, Key, World, from_wire, records
from tests.generated import examples
from tests.hostile import HOSTILE
from tests.timing import within

OFTEN = examples(150)


def whole_world() -> World:
    world = World()
    world.put(
        "example.test",
        "MX",
        world.zone.signed(records("example.test.", "MX", "10 mx.example.test.")),
    )
    denial = [*world.zone.soa(), *world.zone.nsec3("example.test.", "NS SOA"),
              *world.zone.nsec3("mx.example.test.", "A", covers=True),
              *world.zone.nsec3("*.example.test.", "A", covers=True)]  # fmt: skip
    world.put("mx.example.test", "TLSA", [], denial, rcode=3)
    return world


WORLD = whole_world()


def judged(answers: list[DnsAnswer], question: Question) -> Validation | Need:
    return validate(question, AnswerBook.of(answers), WORLD.anchors, NOW)


def says_the_same(result: Validation, answers: list[DnsAnswer]) -> bool:
    """Whether a secure answer still holds what was signed."""
    if result.question.rtype == "TLSA":
        return result.denial is not None and result.hops[-1].kind is not HopKind.ANSWER
    message = AnswerBook.of(answers).message(result.question)
    ((_, rrset),) = [each for each in message.answer.items() if each[0][1] == 15]
    return [str(each) for each in rrset.data] == ["10 mx.example.test."]


@OFTEN
@given(st.data())
def test_no_changed_message_makes_it_raise_or_secure(data):
    answers = list(WORLD.answers)
    index = data.draw(st.integers(0, len(answers) - 1))
    wire = bytearray(answers[index].wire)
    for _ in range(data.draw(st.integers(1, 6))):
        wire[data.draw(st.integers(0, len(wire) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(wire)))
    changed = answers[index]
    answers[index] = from_wire(changed.qname, changed.rtype, bytes(wire[: cut or None]))
    for question in (Question("example.test", "MX"), Question("mx.example.test", "TLSA")):
        result = judged(answers, question)
        if isinstance(result, Validation):
            assert all((hop.sentence + hop.fix).isprintable() for hop in result.hops)
            assert result.status is not Status.SECURE or says_the_same(result, answers)


@OFTEN
@given(st.binary(max_size=300), st.sampled_from(["MX", "DS", "DNSKEY", "TLSA", "CNAME"]))
def test_no_bytes_make_it_raise(wire, rtype):
    for qname in ("example.test", ".", "test"):
        answer = DnsAnswer(qname=qname, rtype=rtype, status=DnsStatus.OK, wire=wire)
        answers = [answer, *WORLD.answers]
        assert isinstance(judged(answers, Question(qname, rtype)), (Need, Validation))


@pytest.mark.parametrize("wire", HOSTILE)
def test_hostile_bytes_are_no_message(wire):
    assert not read_message(wire).readable or len(wire) >= 12


RDATA = st.binary(min_size=0, max_size=80)


@OFTEN
@given(
    st.lists(st.tuples(st.sampled_from([6, 5, 39, 43, 46, 47, 48, 50, 15, 52]), RDATA), max_size=12)
)
def test_no_record_data_makes_it_raise(raw):
    sets = {}
    for number, (rtype, data) in enumerate(raw):
        owner = dns.name.from_text("example.test." if number % 3 else "a.example.test.")
        rdata = dns.rdata.GenericRdata(1, rtype, data)
        sets.setdefault((owner, rtype), dns.rrset.RRset(owner, 1, rtype)).add(rdata, 60)
    for qname, rtype in (
        ("example.test", "MX"),
        ("example.test", "DS"),
        ("example.test", "DNSKEY"),
    ):
        world = World.__new__(World)
        world.__dict__.update(WORLD.__dict__)
        world.answers = list(WORLD.answers)
        world.put(qname, rtype, sets.values(), sets.values())
        result = world.validate("example.test", "MX")
        assert isinstance(result, (Need, Validation))


@OFTEN
@given(st.text(max_size=40), st.text(max_size=8))
def test_no_question_makes_it_raise(qname, rtype):
    result = judged(WORLD.answers, Question(qname, rtype))
    if isinstance(result, Validation):
        assert result.status is not Status.BOGUS
        assert result.sentence.isprintable()


@given(st.text(max_size=400))
def test_anchor_files_are_read_or_refused(text):
    try:
        anchors = read_anchors(text)
    except UsageError as error:
        assert str(error).isprintable()
    else:
        assert anchors.lines


# -- bounded work ------------------------------------------------------------------------------------


def same_tag(key: Key, count: int) -> list[dns.rdata.Rdata]:
    """Keys of one tag: two 16-bit words of the key data are changed against each other."""
    base = key.dnskey.to_wire()
    found = []
    for shift in range(1, 60_000):
        high = (int.from_bytes(base[8:10], "big") + shift) % 65_535
        low = (int.from_bytes(base[10:12], "big") - shift) % 65_535
        wire = base[:8] + high.to_bytes(2, "big") + low.to_bytes(2, "big") + base[12:]
        rdata = dns.rdata.from_wire(1, 48, wire, 0, len(wire))
        if dns.dnssec.key_id(rdata) == key.tag:
            found.append(rdata)
        if len(found) == count:
            break
    assert len(found) == count
    return found


@pytest.fixture
def counted(monkeypatch):
    calls = itertools.count()
    total = {"checks": 0}
    real = dns.dnssec.validate_rrsig

    def count(*args, **kwargs):
        total["checks"] = next(calls) + 1
        return real(*args, **kwargs)

    monkeypatch.setattr(signatures.dns.dnssec, "validate_rrsig", count)
    return total


def test_keys_of_one_tag_and_many_signatures_end_within_the_bound(counted):
    """CVE-2023-50387: every signature would be tried with every key of the tag."""
    world = World()
    keys = dns.rdataset.from_rdata(300, *same_tag(world.zone.key, 60))
    rrset = dns.rrset.RRset(dns.name.from_text("example.test."), 1, 48)
    rrset.update(keys)
    rrset.add(world.zone.key.dnskey, 300)
    world.put("example.test", "DNSKEY", world.zone.signed(rrset))
    data = records("example.test.", "MX", "10 mx.example.test.")
    forged = dns.rrset.RRset(data.name, 1, 46, 15)
    for number in range(60):
        forged.add(world.zone.sign(data, signature=bytes([number]) * 64)[0], 300)
    world.put("example.test", "MX", [data, forged])
    result = world.validate("example.test", "MX")
    assert result.status is Status.BOGUS
    assert result.reason in {Reason.TOO_EXPENSIVE, Reason.RRSIG_WRONG}
    assert counted["checks"] <= 5 + DNSSEC_CHECKS_PER_RRSET


def test_a_denial_of_many_records_ends_within_the_bound(counted):
    world = World()
    authority = world.zone.soa()
    for number in range(45):
        proof = records(f"n{number}.example.test.", "NSEC", f"n{number}a.example.test. A")
        forged = dns.rrset.RRset(proof.name, 1, 46, 47)
        for octet in range(10):
            forged.add(world.zone.sign(proof, signature=bytes([octet]) * 64)[0], 300)
        authority += [proof, forged]
    world.put("x.example.test", "A", [], authority, rcode=3)
    assert world.validate("x.example.test", "A").status is Status.BOGUS
    assert counted["checks"] <= DNSSEC_CHECKS_PER_QUESTION


def test_a_bound_reached_by_one_question_says_nothing_of_the_next():
    book = AnswerBook.of(WORLD.answers)
    spent = Context(book, WORLD.anchors, NOW, Budget(book, left=0))
    place = go_down(spent, dns.name.from_text("example.test."))
    assert isinstance(place, Place)
    assert place.cause.reason is Reason.TOO_EXPENSIVE
    result = validate(Question("example.test", "MX"), book, spent.anchors, NOW)
    assert result.status is Status.SECURE


def test_hashing_of_a_name_of_many_labels_is_bounded(monkeypatch):
    """CVE-2023-50868: every ancestor of the name may be hashed, with all iterations."""
    hashed = []
    real = dns.dnssec.nsec3_hash
    monkeypatch.setattr(dns.dnssec, "nsec3_hash", lambda *a: hashed.append(a) or real(*a))
    world = World()
    name = ".".join(["a"] * 110) + ".example.test"
    proofs = [world.zone.nsec3(f"{n}.example.test.", "A", iterations=50) for n in range(20)]
    hashed.clear()
    world.put(name, "A", [], [*world.zone.soa(), *itertools.chain(*proofs)], rcode=3)
    with within(2):
        result = world.validate(name, "A")
        assert result.reason is Reason.DENIAL_NAME
        assert len(hashed) <= 120


def test_a_message_full_of_keys_ends_soon():
    world = World()
    rrset = dns.rrset.RRset(dns.name.from_text("example.test."), 1, 48)
    for number in range(800):
        data = b"\x01\x01\x03\x0d" + number.to_bytes(2, "big") * 32
        rrset.add(dns.rdata.from_wire(1, 48, data, 0, len(data)), 300)
    world.put("example.test", "DNSKEY", world.zone.signed(rrset))
    with within(2):
        result = world.validate("example.test", "MX")
        assert isinstance(result, Need)
        world.put(
            "example.test", "MX", world.zone.signed(records("example.test.", "MX", "10 a.test."))
        )
        result = world.validate("example.test", "MX")
        assert result.reason is Reason.DS_WITHOUT_KEY


class Endless:
    """A resolver whose every answer is an alias to another name."""

    def __init__(self) -> None:
        self.asked = 0

    async def query(self, qname: str, rtype: str) -> DnsAnswer:
        self.asked += 1
        target = f"a{self.asked}.{qname}."[-200:].lstrip(".")
        known = [each for each in WORLD.answers if (each.qname, each.rtype) == (qname, rtype)]
        if known:
            return known[0]
        alias = WORLD.zone.signed(records(f"{qname}.", "CNAME", target))
        world = World.__new__(World)
        world.answers = []
        world.put(qname, rtype, alias)
        return world.answers[0]


async def test_endless_aliases_end():
    resolver = Endless()
    result, _ = await validate_live(
        resolver, ("x.example.test", "A"), WORLD.anchors, NOW, AnswerBook()
    )
    assert result.reason is Reason.ALIAS_LOOP
    assert resolver.asked <= DNSSEC_QUESTIONS


# -- anchors -----------------------------------------------------------------------------------------

DS = IANA_ROOT[0][2]
KEY = (
    "257 3 13 "
    "mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ=="
)


def test_the_roots_anchors_are_both_of_ianas_keys():
    anchors = root_anchors()
    assert anchors.lines == tuple(f". IN DS {data}" for _, _, data in IANA_ROOT)
    assert "iana.org" in anchors.source
    assert [tag for tag, _, _ in IANA_ROOT] == ["20326", "38696"]


@pytest.mark.parametrize(
    "text",
    [
        f". IN DS {DS}",
        f".\t172800\tIN\tDS\t{DS} ; the root\n\n; a comment\n# another",
        f". DS {DS.upper()}",
        f". 86400 IN DNSKEY {KEY} ;{{id = 5 (ksk)}} ;;state=2 [  VALID  ] ;;count=0",
        f". IN DNSKEY ( {KEY[:20]}\n {KEY[20:]} )",
        f'trust-anchors {{\n // the root\n . initial-key {KEY[:9]} "{KEY[9:60]}\n {KEY[60:]}";\n}};',
        f'trust-anchors {{ "." static-ds {DS[:9]} "{DS[10:]}"; }};',
        f'trusted-keys {{ "." {KEY[:9]} "{KEY[9:]}"; }};',
        f'managed-keys {{ . initial-key {KEY[:9]} "{KEY[9:]}"; /* old */ }};',
    ],
)
def test_anchors_are_read_in_the_forms_people_have(text):
    anchors = read_anchors(text)
    assert len(anchors.lines) == 1
    assert anchors.lines[0].startswith(". IN D")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no trust anchor found"),
        ("; only a comment", "no trust anchor found"),
        (". IN A 192.0.2.1", "line 1"),
        (". IN DS 1 2", "line 1"),
        (". IN DS 20326 8 2 zz", "line 1"),
        ('trust-anchors { . initial-key 257 3 8 AwEAAa; };', "BIND"),
        (f". IN DNSKEY {KEY} ;;state=4 [REVOKED]", "no trust anchor found"),
        (". IN DS " + "\x1b[2J", "line 1"),
        ("x" * 100_001, "characters long"),
    ],
)  # fmt: skip
def test_what_holds_no_anchor_is_refused_with_the_reason(text, words):
    with pytest.raises(UsageError, match=words):
        read_anchors(text)
