import dns.dnssec
import dns.flags
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import pytest

from mxwalk.dns.resolver import StubResolver
from mxwalk.errors import ScenarioError
from mxwalk.lab.recursor import Recursor
from mxwalk.lab.zones import ZoneFault, ZoneSpec, complete_zones
from tests.lab.dns_client import NOW, lab_dns, zones


def test_missing_parents_and_reverse_zones_are_made_up():
    names = [zone.name for zone in complete_zones(zones())]
    assert names[0] == ""
    assert {"com", "example", "test", "arpa", "in-addr.arpa", "ip6.arpa"} <= set(names)
    assert "2.0.192.in-addr.arpa" in names
    assert "8.b.d.0.1.0.0.2.ip6.arpa" in names


def test_parents_come_before_their_children():
    names = [zone.name for zone in complete_zones(zones())]
    for position, name in enumerate(names):
        parent = name.partition(".")[2]
        assert parent not in names[position + 1 :]


def test_what_a_scenario_writes_of_a_parent_is_kept():
    spec = ZoneSpec(name="com", records=("www A 192.0.2.1",), signed=False)
    (com,) = [zone for zone in complete_zones([*zones(), spec]) if zone.name == "com"]
    assert com == spec


def test_reverse_lines_join_a_reverse_zone_that_is_spelt_out():
    own = ZoneSpec(name="2.0.192.in-addr.arpa", records=("7 PTR seven.example.",), signed=False)
    (reverse,) = [zone for zone in complete_zones([*zones(), own]) if zone.name == own.name]
    assert reverse.records == ("7 PTR seven.example.", "1 PTR mx1.example.com.")
    assert not reverse.signed


@pytest.mark.parametrize(
    "line",
    [
        "mx1 A not-an-address",
        "@ MX",
        "x NOSUCH 1",
        "a..b A 192.0.2.1",
        "t TLSA \\# 4 0301",
        "@ A \\# x 00",
    ],
)
def test_a_line_that_cannot_be_read_is_an_error_of_the_scenario(line):
    with pytest.raises(ScenarioError, match=r"zone example\.com"):
        Recursor([ZoneSpec(name="example.com", records=(line,))], NOW)


@pytest.mark.parametrize(
    ("name", "rtype", "expected"),
    [
        ("example.com", "MX", ["example.com. MX"]),
        ("mx1.example.com", "A", ["mx1.example.com. A"]),
        ("_25._tcp.mx1.example.com", "TLSA", ["_25._tcp.mx1.example.com. TLSA"]),
        ("x.wild.example.com", "TXT", ["x.wild.example.com. TXT"]),
        ("alias.example.com", "AAAA", ["alias.example.com. CNAME", "mx1.example.com. AAAA"]),
        ("1.2.0.192.in-addr.arpa", "PTR", ["1.2.0.192.in-addr.arpa. PTR"]),
        ("example.com", "NS", ["example.com. NS"]),
        ("com", "SOA", ["com. SOA"]),
        ("example.com", "DS", ["example.com. DS"]),
        (".", "DNSKEY", [". DNSKEY"]),
        ("ns.lab.test", "A", ["ns.lab.test. A"]),
    ],
)
async def test_signed_answers_validate_up_to_the_root_anchor(name, rtype, expected):
    async with lab_dns() as client:
        response = await client.ask(name, rtype)
        assert await client.validate_section(response.answer) == expected
        assert response.flags & dns.flags.AD


async def test_a_malformed_record_is_signed_like_any_other():
    async with lab_dns() as client:
        resolver = StubResolver([(client.lab.address, client.lab.port)], 1.0)
        answer = await resolver.query("_25._tcp.bad.example.com", "TLSA")
        assert answer.authentic
        data = dns.rdata.GenericRdata(dns.rdataclass.IN, dns.rdatatype.TLSA, b"\x03\x01\x01")
        owner = dns.name.from_text(answer.qname)
        signature = dns.rrset.from_text(owner, 300, "IN", "RRSIG", *answer.records("RRSIG"))
        await client.validate(dns.rrset.from_rdata(owner, 300, data), signature)


def covers(nsec, name: str) -> bool:
    wanted, following = dns.name.from_text(name), nsec[0].next
    return nsec.name < wanted and (wanted < following or following <= nsec.name)


def nsec_of(response, *, covering: str) -> str:
    sets = [rrset for rrset in response.authority if rrset.rdtype == dns.rdatatype.NSEC]
    return next(nsec for nsec in sets if covers(nsec, covering))


async def test_nxdomain_comes_with_proofs_for_the_name_and_the_wildcard():
    async with lab_dns() as client:
        response = await client.ask("no.example.com", "A")
        assert response.rcode() == dns.rcode.NXDOMAIN
        proved = await client.validate_section(response.authority)
        assert "example.com. SOA" in proved
        assert nsec_of(response, covering="no.example.com")
        assert nsec_of(response, covering="*.example.com")


async def test_nodata_comes_with_the_types_that_exist():
    async with lab_dns() as client:
        response = await client.ask("mx1.example.com", "MX")
        assert response.rcode() == dns.rcode.NOERROR
        assert await client.validate_section(response.authority) == [
            "example.com. SOA",
            "mx1.example.com. NSEC",
        ]
        assert response.authority[2].to_text().endswith(" A AAAA RRSIG NSEC")


async def test_an_empty_non_terminal_exists_without_data():
    async with lab_dns() as client:
        response = await client.ask("in.tree.example.com", "A")
        assert response.rcode() == dns.rcode.NOERROR
        assert response.answer == []
        assert nsec_of(response, covering="in.tree.example.com")


async def test_a_wildcard_answer_proves_that_the_name_itself_does_not_exist():
    async with lab_dns() as client:
        response = await client.ask("x.wild.example.com", "TXT")
        signature = response.answer[1][0]
        assert signature.labels == 3
        assert await client.validate_section(response.authority)
        assert nsec_of(response, covering="x.wild.example.com")


async def test_an_insecure_delegation_is_proved_by_the_parents_denial_of_ds():
    async with lab_dns() as client:
        answer = await client.ask("mx2.hosting.example", "A")
        assert [rrset.rdtype for rrset in answer.answer] == [dns.rdatatype.A]
        assert not answer.flags & dns.flags.AD
        denial = await client.ask("hosting.example", "DS")
        assert await client.validate_section(denial.authority)
        nsec = denial.authority[2]
        assert nsec.name == dns.name.from_text("hosting.example")
        assert nsec.to_text().endswith(" NS RRSIG NSEC")


async def test_a_chain_is_only_as_secure_as_its_weakest_zone():
    async with lab_dns() as client:
        response = await client.ask("away.example.com", "A")
        assert [str(rrset.name) for rrset in response.answer] == [
            "away.example.com.",
            "away.example.com.",
            "mx2.hosting.example.",
        ]
        assert not response.flags & dns.flags.AD


async def test_a_dname_gives_its_own_signature_and_an_unsigned_cname():
    async with lab_dns() as client:
        response = await client.ask("mx2.old.example.com", "A")
        types = [dns.rdatatype.to_text(rrset.rdtype) for rrset in response.answer]
        assert types == ["DNAME", "RRSIG", "CNAME", "A"]
        await client.validate(response.answer[0], response.answer[1])
        assert response.answer[2][0].target == dns.name.from_text("mx2.hosting.example")


async def test_a_dname_that_makes_the_name_too_long_is_yxdomain():
    long_target = ".".join(["x" * 60] * 3) + ".example."
    specs = [ZoneSpec(name="example.com", records=(f"old DNAME {long_target}",))]
    async with lab_dns(specs) as client:
        response = await client.ask(f"{'y' * 60}.{'z' * 60}.old.example.com", "A")
        assert response.rcode() == dns.rcode.YXDOMAIN


async def test_cname_loops_end():
    async with lab_dns() as client:
        response = await client.ask("l1.example.com", "A")
        assert response.rcode() == dns.rcode.NOERROR
        owners = [str(r.name) for r in response.answer if r.rdtype == dns.rdatatype.CNAME]
        assert owners == ["l1.example.com.", "l2.example.com."]


async def test_a_delegation_nobody_serves_is_servfail():
    async with lab_dns() as client:
        response = await client.ask("www.lame.example.com", "A")
        assert response.rcode() == dns.rcode.SERVFAIL
        assert [error.code for error in response.extended_errors()] == [22]


BOGUS = [
    (ZoneFault.EXPIRED, 7, "expired"),
    (ZoneFault.NOT_YET, 8, "not yet valid"),
    (ZoneFault.STALE_DS, 9, "matches its DS"),
    (ZoneFault.WRONG_KEY, 9, "verify failure"),
    (ZoneFault.BAD_SIGNATURE, 6, "verify failure"),
]


@pytest.mark.parametrize(("fault", "ede", "words"), BOGUS)
async def test_a_bogus_zone_is_servfail_with_the_reason_and_visible_with_cd(fault, ede, words):
    async with lab_dns(zones(fault)) as client:
        refused = await client.ask("example.com", "MX")
        assert refused.rcode() == dns.rcode.SERVFAIL
        assert [error.code for error in refused.extended_errors()] == [ede]
        shown = await client.ask("example.com", "MX", cd=True)
        assert shown.rcode() == dns.rcode.NOERROR
        assert not shown.flags & dns.flags.AD
        with pytest.raises(dns.dnssec.ValidationFailure) as failure:
            await client.validate_section(shown.answer)
        assert words in str(failure.value)


async def test_a_wrong_key_is_none_of_the_dnskey_set():
    async with lab_dns(zones(ZoneFault.WRONG_KEY)) as client:
        keys = await client.trusted_keys(dns.name.from_text("example.com"))
        signature = (await client.ask("example.com", "MX", cd=True)).answer[1][0]
        assert signature.key_tag not in {dns.dnssec.key_id(key) for key in keys}


async def test_missing_signatures_are_missing():
    async with lab_dns(zones(ZoneFault.MISSING_RRSIG)) as client:
        assert (await client.ask("example.com", "MX")).rcode() == dns.rcode.SERVFAIL
        shown = await client.ask("example.com", "MX", cd=True)
        assert [rrset.rdtype for rrset in shown.answer] == [dns.rdatatype.MX]


async def test_missing_denial_spoils_negative_answers_only():
    async with lab_dns(zones(ZoneFault.MISSING_DENIAL)) as client:
        positive = await client.ask("example.com", "MX")
        assert positive.flags & dns.flags.AD
        negative = await client.ask("no.example.com", "MX")
        assert negative.rcode() == dns.rcode.SERVFAIL
        shown = await client.ask("no.example.com", "MX", cd=True)
        assert shown.rcode() == dns.rcode.NXDOMAIN
        assert not any(rrset.rdtype == dns.rdatatype.NSEC for rrset in shown.authority)


async def test_a_ds_of_an_unknown_algorithm_makes_the_zone_insecure():
    async with lab_dns(zones(ZoneFault.UNKNOWN_ALGORITHM)) as client:
        response = await client.ask("example.com", "MX")
        assert response.rcode() == dns.rcode.NOERROR
        assert not response.flags & dns.flags.AD
        (ds,) = (await client.ask("example.com", "DS")).answer[0]
        assert ds.algorithm == 253


def test_an_unsigned_root_has_no_trust_anchor():
    assert Recursor([ZoneSpec(name="", signed=False)], NOW).trust_anchor == ""
