"""NSEC3 proofs, checked by hashing the names again (RFC 5155 8)."""

import dns.dnssec
import dns.flags
import dns.name
import dns.rcode
import dns.rdatatype
import pytest

from mxwalk.lab.zones import ZoneFault
from tests.lab.dns_client import lab_dns, zones

ITERATIONS = 3


def hashed(name: str) -> str:
    return dns.dnssec.nsec3_hash(name, "", ITERATIONS, 1).upper()


class Proofs:
    def __init__(self, response) -> None:
        self.records = {
            rrset.name.labels[0].decode().upper(): rrset[0]
            for rrset in response.authority
            if rrset.rdtype == dns.rdatatype.NSEC3
        }

    def matches(self, name: str) -> bool:
        return hashed(name) in self.records

    def covers(self, name: str) -> bool:
        wanted = hashed(name)
        for owner, record in self.records.items():
            following = record.next_name().labels[0].decode().upper()
            between = owner < wanted and (wanted < following or following <= owner)
            wrapped = following <= owner and wanted < following
            if between or wrapped:
                return True
        return False

    def types(self, name: str) -> str:
        return self.records[hashed(name)].to_text().partition(" - ")[2].partition(" ")[2]


@pytest.fixture
async def client():
    async with lab_dns(zones(nsec3_iterations=ITERATIONS)) as client:
        yield client


async def proved(client, name: str, rtype: str):
    response = await client.ask(name, rtype, tcp=True)
    assert await client.validate_section(response.authority)
    assert response.flags & dns.flags.AD
    return response, Proofs(response)


async def test_no_such_name_is_proved_by_encloser_next_closer_and_wildcard(client):
    response, proofs = await proved(client, "a.b.example.com", "A")
    assert response.rcode() == dns.rcode.NXDOMAIN
    assert proofs.matches("example.com")
    assert proofs.covers("b.example.com")
    assert proofs.covers("*.example.com")


async def test_no_data_is_proved_by_the_types_at_the_name(client):
    response, proofs = await proved(client, "mx1.example.com", "MX")
    assert response.rcode() == dns.rcode.NOERROR
    assert proofs.types("mx1.example.com") == "A AAAA RRSIG"


async def test_an_empty_non_terminal_has_a_record_without_types(client):
    response, proofs = await proved(client, "in.tree.example.com", "A")
    assert response.rcode() == dns.rcode.NOERROR
    assert proofs.types("in.tree.example.com") == ""


async def test_a_wildcard_answer_proves_the_next_closer_name_away(client):
    response, proofs = await proved(client, "x.y.wild.example.com", "TXT")
    assert response.answer[1][0].labels == 3
    assert proofs.covers("y.wild.example.com")


async def test_no_data_at_a_wildcard_is_proved_in_three_parts(client):
    response, proofs = await proved(client, "x.wild.example.com", "A")
    assert response.rcode() == dns.rcode.NOERROR
    assert proofs.matches("wild.example.com")
    assert proofs.covers("x.wild.example.com")
    assert proofs.types("*.wild.example.com") == "TXT RRSIG"


async def test_an_insecure_delegation_has_ns_and_no_ds(client):
    _, proofs = await proved(client, "plain.example.com", "DS")
    assert proofs.types("plain.example.com") == "NS"


async def test_glue_below_a_cut_has_no_record(client):
    response = await client.ask("lame.example.com", "DS", tcp=True)
    assert not Proofs(response).matches("ns.lame.example.com")


async def test_the_parameters_are_published_at_the_apex(client):
    response = await client.ask("example.com", "NSEC3PARAM")
    assert await client.validate_section(response.answer) == ["example.com. NSEC3PARAM"]
    assert response.answer[0][0].to_text() == f"1 0 {ITERATIONS} -"


async def test_too_many_iterations_make_negative_answers_insecure():
    async with lab_dns(zones(nsec3_iterations=500)) as client:
        assert (await client.ask("example.com", "MX")).flags & dns.flags.AD
        response = await client.ask("no.example.com", "A")
        assert response.rcode() == dns.rcode.NXDOMAIN
        assert not response.flags & dns.flags.AD
        assert [error.code for error in response.extended_errors()] == [27]


async def test_a_wrong_denial_does_not_cover_the_name_and_is_bogus():
    async with lab_dns(zones(ZoneFault.WRONG_DENIAL)) as client:
        assert (await client.ask("no.example.com", "A")).rcode() == dns.rcode.SERVFAIL
        shown = await client.ask("no.example.com", "A", cd=True)
        (nsec,) = [r for r in shown.authority if r.rdtype == dns.rdatatype.NSEC]
        assert nsec[0].next < dns.name.from_text("no.example.com")
        await client.validate_section(shown.authority)
