"""The lab's signed zones: every fault has its reason, every kind of answer its status."""

import pytest

from mxwalk.clock import FixedClock
from mxwalk.dns.resolver import StubResolver
from mxwalk.dnssec.anchors import read_anchors
from mxwalk.dnssec.book import AnswerBook
from mxwalk.dnssec.fetch import validate_live
from mxwalk.dnssec.model import HopKind, Question, Status
from mxwalk.dnssec.reasons import Reason
from mxwalk.dnssec.validator import validate
from mxwalk.lab.dns_server import LabDns
from mxwalk.lab.zones import ZoneAlgorithm, ZoneFault, ZoneSpec
from tests.lab.dns_client import NOW, lab_dns, zones


class Validator:
    def __init__(self, lab: LabDns) -> None:
        self.lab = lab
        self.book = AnswerBook()
        self.anchors = read_anchors(lab.trust_anchor)
        address = (lab.address, lab.port)
        self.resolver = StubResolver([address], 2.0, clock=FixedClock(NOW), checking_disabled=True)

    async def __call__(self, qname: str, rtype: str):
        result, used = await validate_live(
            self.resolver, (qname, rtype), self.anchors, NOW, self.book
        )
        again = AnswerBook.of(used)  # what was used suffices to say the same offline
        assert validate(Question(qname, rtype), again, self.anchors, NOW) == result
        return result


S, I = Status.SECURE, Status.INSECURE  # noqa: E741 - columns of the table
ANSWERS = [
    (".", "DNSKEY", S),
    ("example.com", "MX", S),
    ("mx1.example.com", "MX", S),
    ("_25._tcp.mx1.example.com", "TLSA", S),
    ("_25._tcp.bad.example.com", "TLSA", S),
    ("_tcp.mx1.example.com", "TLSA", S),
    ("no.example.com", "A", S),
    ("a.b.example.com", "A", S),
    ("in.tree.example.com", "A", S),
    ("x.y.wild.example.com", "TXT", S),
    ("x.wild.example.com", "A", S),
    ("alias.example.com", "A", S),
    ("away.example.com", "A", I),
    ("mx2.old.example.com", "A", I),
    ("mx2.hosting.example", "A", I),
    ("no.hosting.example", "A", I),
    ("plain.example.com", "A", I),
    ("plain.example.com", "DS", S),
    ("example.com", "DS", S),
    ("example.com", "DNSKEY", S),
    ("1.2.0.192.in-addr.arpa", "PTR", S),
    ("big.example.com", "TXT", S),
    ("nosuchtld", "A", S),
]


@pytest.mark.parametrize("iterations", [None, 0, 3])
async def test_every_kind_of_answer_has_its_status(iterations):
    async with lab_dns(zones(nsec3_iterations=iterations)) as client:
        check = Validator(client.lab)
        for qname, rtype, status in ANSWERS:
            result = await check(qname, rtype)
            assert result.status is status, (qname, rtype, result.sentence)
            assert result.ad == (status is S), (qname, rtype)


@pytest.mark.parametrize("algorithm", list(ZoneAlgorithm))
async def test_zones_of_every_algorithm_are_secure(algorithm):
    zone = ZoneSpec(name="example.com", records=("@ MX 10 mx1",), algorithm=algorithm)
    async with lab_dns([zone]) as client:
        result = await Validator(client.lab)("example.com", "MX")
        assert result.status is S
        number = {"rsa": 8, "ecdsa": 13, "ed25519": 15}[algorithm.value]
        assert result.links[-1].keys[0].algorithm == number
        assert result.links[-1].keys[0].bits == {8: 2048}.get(number, 256)


FAULTS = {
    ZoneFault.EXPIRED: (Reason.RRSIG_EXPIRED, Reason.RRSIG_EXPIRED),
    ZoneFault.NOT_YET: (Reason.RRSIG_NOT_YET_VALID, Reason.RRSIG_NOT_YET_VALID),
    ZoneFault.STALE_DS: (Reason.DS_WITHOUT_KEY, Reason.DS_WITHOUT_KEY),
    ZoneFault.UNKNOWN_ALGORITHM: (Reason.UNSUPPORTED_ALGORITHM, Reason.UNSUPPORTED_ALGORITHM),
    ZoneFault.WRONG_KEY: (Reason.RRSIG_KEY_NOT_IN_SET, Reason.RRSIG_KEY_NOT_IN_SET),
    ZoneFault.BAD_SIGNATURE: (Reason.RRSIG_WRONG, Reason.RRSIG_WRONG),
    ZoneFault.MISSING_RRSIG: (Reason.RRSIG_MISSING, Reason.RRSIG_MISSING),
    ZoneFault.MISSING_DENIAL: (None, Reason.DENIAL_MISSING),
    ZoneFault.WRONG_DENIAL: (None, Reason.DENIAL_NAME),
}


@pytest.mark.parametrize("fault", list(ZoneFault))
async def test_every_fault_of_the_lab_is_told_apart(fault):
    async with lab_dns(zones(fault)) as client:
        check = Validator(client.lab)
        reasons = [(await check(name, "MX")).reason for name in ("example.com", "no.example.com")]
        assert tuple(reasons) == FAULTS[fault]


async def test_too_many_nsec3_iterations_are_insecure_and_positive_answers_secure():
    async with lab_dns(zones(nsec3_iterations=500)) as client:
        check = Validator(client.lab)
        assert (await check("example.com", "MX")).status is S
        for name, rtype in (
            ("no.example.com", "A"),
            ("mx1.example.com", "TLSA"),
            ("plain.example.com", "A"),
        ):
            result = await check(name, rtype)
            assert (result.status, result.reason) == (I, Reason.NSEC3_ITERATIONS)


async def test_zone_keys_are_asked_for_once_a_walk_and_siblings_together():
    async with lab_dns() as client:
        check = Validator(client.lab)
        await check("example.com", "MX")
        before = len(client.lab.questions)
        assert before == 6
        await check("mx1.example.com", "A")
        await check("_25._tcp.mx1.example.com", "TLSA")
        await check("no.example.com", "A")
        assert len(client.lab.questions) == before + 3


async def test_an_aliass_weaker_hop_decides_and_both_are_shown():
    async with lab_dns() as client:
        result = await Validator(client.lab)("away.example.com", "A")
        assert [(hop.kind, hop.status) for hop in result.hops] == [
            (HopKind.CNAME, S),
            (HopKind.ANSWER, I),
        ]
        assert result.hops[0].target == "mx2.hosting.example"
        assert [link.zone for link in result.links] == [".", "example", "hosting.example"]
        assert result.reason is Reason.NO_DS


async def test_an_anchor_of_a_zone_below_the_root_is_enough():
    async with lab_dns() as client:
        check = Validator(client.lab)
        keys = await client.ask("example.com", "DNSKEY")
        check.anchors = read_anchors(f"example.com. IN DNSKEY {keys.answer[0][0]}")
        result = await check("mx1.example.com", "A")
        assert result.status is S
        assert [link.zone for link in result.links] == ["example.com"]
        outside = await check("mx2.hosting.example", "A")
        assert (outside.status, outside.reason) == (Status.INDETERMINATE, Reason.NO_ANCHOR)
