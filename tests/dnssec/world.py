"""A root, a top-level domain and a zone whose every record and signature a test makes itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import dns.dnssec
import dns.flags
import dns.message
import dns.name
import dns.rdatatype
import dns.rrset
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from dns.dnssectypes import Algorithm

from mxwalk.dns.answers import Received, to_answer, with_chain
from mxwalk.dns.chain import follow
from mxwalk.dns.wire import read
from mxwalk.dnssec.anchors import TrustAnchors, read_anchors
from mxwalk.dnssec.book import AnswerBook
from mxwalk.dnssec.model import Need, Question, Validation
from mxwalk.dnssec.validator import validate
from mxwalk.evidence.dns import DnsAnswer

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
TTL = 300


class Key:
    """A private key and its DNSKEY record."""

    def __init__(self, algorithm: int = 13, flags: int = 257) -> None:
        if algorithm in {8, 10, 5, 7}:
            self.private = rsa.generate_private_key(65537, 2048)
        elif algorithm == 15:
            self.private = ed25519.Ed25519PrivateKey.generate()
        else:
            curve = ec.SECP256R1() if algorithm == 13 else ec.SECP384R1()
            self.private = ec.generate_private_key(curve)
        self.dnskey = dns.dnssec.make_dnskey(
            self.private.public_key(), Algorithm.make(algorithm), flags=flags
        )

    @property
    def tag(self) -> int:
        return dns.dnssec.key_id(self.dnskey)


def records(name: str, rtype: str, *texts: str) -> dns.rrset.RRset:
    return dns.rrset.from_text(dns.name.from_text(name), TTL, "IN", rtype, *texts)


@dataclass
class ZoneKeys:
    """A zone's name and the key that signs for it."""

    name: str
    key: Key = field(default_factory=Key)

    def sign(
        self,
        rrset: dns.rrset.RRset,
        key: Key | None = None,
        begins: timedelta = timedelta(days=-1),
        ends: timedelta = timedelta(days=14),
        **changes: object,
    ) -> dns.rrset.RRset:
        key = key or self.key
        rrsig = dns.dnssec.sign(
            rrset,
            key.private,
            dns.name.from_text(self.name),
            key.dnskey,
            inception=NOW + begins,
            expiration=NOW + ends,
        )
        if changes:
            rrsig = rrsig.replace(**changes)
        return dns.rrset.from_rdata(rrset.name, TTL, rrsig)

    def signed(self, rrset: dns.rrset.RRset, **how: object) -> list[dns.rrset.RRset]:
        return [rrset, self.sign(rrset, **how)]

    def ds(self, digest: str = "SHA256") -> str:
        policy = dns.dnssec.allow_all_policy
        name = dns.name.from_text(self.name)
        return str(dns.dnssec.make_ds(name, self.key.dnskey, digest, policy=policy))

    def soa(self) -> list[dns.rrset.RRset]:
        return self.signed(records(self.name, "SOA", "ns.test. host.test. 1 3600 600 86400 30"))

    def nsec(self, owner: str, following: str, types: str) -> list[dns.rrset.RRset]:
        return self.signed(records(owner, "NSEC", f"{following} {types}"))

    def nsec3(
        self,
        name: str,
        types: str,
        *,
        covers: bool = False,
        opt_out: bool = False,
        iterations: int = 0,
    ) -> list[dns.rrset.RRset]:
        """A record that matches the name's hash, or covers just it."""
        value = int(dns.dnssec.nsec3_hash(name, "", iterations, 1), 32)
        owner, following = (value - 1, value + 1) if covers else (value, value + 1)
        text = f"1 {int(opt_out)} {iterations} - {_base32(following)} {types}"
        return self.signed(records(f"{_base32(owner)}.{self.name}", "NSEC3", text.strip()))


def _base32(value: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuv"
    text = ""
    for _ in range(32):
        value, rest = divmod(value, 32)
        text = digits[rest] + text
    return text


class World:
    """The book of a root, ``test`` and ``example.test``, ready for a test's own answers."""

    def __init__(self, zone: ZoneKeys | None = None) -> None:
        self.root, self.tld = ZoneKeys("."), ZoneKeys("test.")
        self.zone = zone or ZoneKeys("example.test.")
        self.book = AnswerBook()
        self.answers: list[DnsAnswer] = []
        for each in (self.root, self.tld, self.zone):
            self.put(
                each.name, "DNSKEY", each.signed(records(each.name, "DNSKEY", str(each.key.dnskey)))
            )
        self.put("test.", "DS", self.root.signed(records("test.", "DS", self.tld.ds())))
        self.put(
            "example.test.", "DS", self.tld.signed(records("example.test.", "DS", self.zone.ds()))
        )

    @property
    def anchors(self) -> TrustAnchors:
        return read_anchors(f". IN DS {self.root.ds()}")

    def put(
        self, qname: str, rtype: str, answer: Iterable = (), authority: Sequence = (), **how
    ) -> None:
        self.answers.append(message(qname, rtype, answer, authority, **how))

    def validate(self, qname: str, rtype: str) -> Need | Validation:
        book = AnswerBook()
        for each in reversed(self.answers):  # what a test puts comes before what was made up
            book.add(each)
        self.book = book
        return validate(Question(qname, rtype), book, self.anchors, NOW)


def message(
    qname: str,
    rtype: str,
    answer: Iterable = (),
    authority: Iterable = (),
    *,
    rcode: int = 0,
    edns: bool = True,
    ad: bool = False,
) -> DnsAnswer:
    """Return the evidence of a response with these RRsets."""
    query = dns.message.make_query(qname, rtype, use_edns=0 if edns else False, want_dnssec=edns)
    response = dns.message.make_response(query)
    response.set_rcode(rcode)
    response.flags |= dns.flags.AD if ad else 0
    response.answer, response.authority = list(answer), list(authority)
    wire = response.to_wire(max_size=65_535, want_shuffle=False)
    return from_wire(qname, rtype, wire)


def from_wire(qname: str, rtype: str, wire: bytes) -> DnsAnswer:
    name = dns.name.from_text(qname).canonicalize().to_text(omit_final_dot=True)
    answer = to_answer(read(wire), Received(name, rtype, "192.0.2.53:53", "udp", wire))
    return with_chain(answer, follow(name, rtype, answer.answer))
