"""A lab DNS server with a few zones, plain queries to it, and a validator from the root down."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import dns.asyncquery
import dns.dnssec
import dns.flags
import dns.message
import dns.name
import dns.rdatatype
import dns.rrset

from mxwalk.clock import FixedClock, from_rfc3339
from mxwalk.lab.dns_server import LabDns
from mxwalk.lab.zones import ZoneFault, ZoneSpec

NOW = from_rfc3339("2026-11-21T20:00:00Z")
EXAMPLE = (
    "@ MX 10 mx1",
    "@ MX 20 mx2.hosting.example.",
    "mx1 A 192.0.2.1",
    "mx1 AAAA 2001:db8::1",
    "_25._tcp.mx1 TLSA 3 1 1 " + "ab" * 32,
    "_25._tcp.bad TLSA \\# 3 030101",
    "deep.in.tree A 192.0.2.4",
    '*.wild TXT "any"',
    "alias CNAME mx1",
    "away CNAME mx2.hosting.example.",
    "l1 CNAME l2",
    "l2 CNAME l1",
    "old DNAME hosting.example.",
    "lame NS ns.nowhere.example.",
    "ns.lame A 192.0.2.99",
    "big TXT " + " ".join(f'"{"x" * 250}"' for _ in range(8)),
    "192.0.2.1 PTR mx1.example.com.",
    "2001:db8::1 PTR mx1.example.com.",
)
HOSTING = ("mx2 A 192.0.2.2", "www.mx1 A 192.0.2.3")


def zones(*faults: ZoneFault, nsec3_iterations: int | None = None) -> list[ZoneSpec]:
    return [
        ZoneSpec(
            name="example.com",
            records=EXAMPLE,
            faults=frozenset(faults),
            nsec3_iterations=nsec3_iterations,
        ),
        ZoneSpec(name="plain.example.com", signed=False, records=("@ A 192.0.2.5",)),
        ZoneSpec(name="hosting.example", records=HOSTING, signed=False),
    ]


class Client:
    def __init__(self, lab: LabDns) -> None:
        self.lab = lab

    async def ask(self, name: str, rtype: str, *, do=True, cd=False, tcp=False):
        query = dns.message.make_query(name, rtype, want_dnssec=do, use_edns=0 if do else False)
        if cd:
            query.flags |= dns.flags.CD
        send = dns.asyncquery.tcp if tcp else dns.asyncquery.udp
        return await send(query, self.lab.address, port=self.lab.port, timeout=5)

    async def trusted_keys(self, zone: dns.name.Name) -> dns.rrset.RRset:
        """The zone's DNSKEY set, validated from the trust anchor down (RFC 4035 5)."""
        keys, signature = pair((await self.ask(zone, "DNSKEY", cd=True, tcp=True)).answer)
        if zone == dns.name.root:
            ds_set = anchor(self.lab)
        else:
            ds_set, ds_signature = pair((await self.ask(zone, "DS", cd=True)).answer)
            await self.validate(ds_set, ds_signature)
        digests = {dns.dnssec.make_ds(zone, key, "SHA256") for key in keys}
        if not digests & set(ds_set):
            raise dns.dnssec.ValidationFailure(f"no DNSKEY of {zone} matches its DS set")
        dns.dnssec.validate_rrsig(keys, signature[0], {zone: keys}, now=NOW.timestamp())
        return keys

    async def validate(self, rrset: dns.rrset.RRset, signature: dns.rrset.RRset) -> None:
        signer = signature[0].signer
        keys = await self.trusted_keys(signer)
        for each in signature:
            dns.dnssec.validate_rrsig(rrset, each, {signer: keys}, now=NOW.timestamp())

    async def validate_section(self, section) -> list[str]:
        """Validate every RRset of a section; returns ``name type`` of each."""
        done = []
        for rrset in section:
            if rrset.rdtype == dns.rdatatype.RRSIG:
                continue
            signature = next(
                s for s in section if s.name == rrset.name and s.covers == rrset.rdtype
            )
            await self.validate(rrset, signature)
            done.append(f"{rrset.name} {dns.rdatatype.to_text(rrset.rdtype)}")
        return done


def pair(section) -> tuple[dns.rrset.RRset, dns.rrset.RRset]:
    data, signature = section
    return data, signature


def anchor(lab: LabDns) -> dns.rrset.RRset:
    name, rdclass, rtype, rest = lab.trust_anchor.split(None, 3)
    return dns.rrset.from_text(name, 0, rdclass, rtype, rest)


@asynccontextmanager
async def lab_dns(specs=None, faults=None, rtt_s=0.0, at: datetime = NOW) -> AsyncIterator[Client]:
    lab = LabDns(zones() if specs is None else specs, faults or {}, rtt_s, clock=FixedClock(at))
    await lab.start()
    try:
        yield Client(lab)
    finally:
        await lab.stop()
