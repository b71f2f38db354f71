"""DNS messages: read octet by octet as dnspython reads them whole, followed along their aliases, kept.

Also the names and texts in them: MX data, TXT strings there and back, names that are asked.
"""

import contextlib
from collections.abc import Iterable

import dns.exception
import dns.message
import dns.rdatatype

from mxwalk.dns.answers import Received, is_left_open, joined, to_answer, with_chain
from mxwalk.dns.chain import follow
from mxwalk.dns.messages import (
    UnaskableNameError,
    canonical_name,
    is_answer_to,
    is_truncated,
    make_query,
)
from mxwalk.dns.names import display_name, parse_mx, reverse_name, same_address
from mxwalk.dns.txt import txt_line, txt_octets, txt_strings
from mxwalk.dns.wire import read
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.limits import CNAME_HOPS, DNS_RECORDS
from tests.fuzz.choices import Choices
from tests.fuzz.evidence import comes_back
from tests.fuzz.model import Target, printable, promise, refusing
from tests.fuzz.structure import dns as structure

_TYPES = ("MX", "A", "TXT", "TLSA", "CNAME", "PTR", "DS")
_QUERIES = {
    rtype: make_query("example.test", rtype, edns=True, checking_disabled=True) for rtype in _TYPES
}


def _check(data: bytes) -> None:
    choices = Choices(data)
    rtype = choices.pick(_TYPES)
    wire = choices.rest()
    is_truncated(wire)
    is_answer_to(_QUERIES[rtype], wire)
    reading = read(wire)
    printable(reading.problem, 300)
    for section in (reading.answer, reading.authority):
        promise(sum(len(rrset.records) for rrset in section) <= DNS_RECORDS, "too many records")
    answer = to_answer(reading, Received("example.test", rtype, "192.0.2.53:53", "udp", wire))
    chain = follow("example.test", rtype, answer.answer)
    promise(len(chain.hops) <= CNAME_HOPS + 1, "hops without end")
    followed = with_chain(answer, chain)
    is_left_open(followed, chain)
    printable(followed.error if followed.status is not DnsStatus.LOOP else "", 2_000)
    comes_back(followed)
    comes_back(joined(followed, followed))
    promise((followed.status is DnsStatus.OK) <= bool(followed.records()), "OK without records")
    _check_records(followed)
    _check_by_dnspython(wire, answer)
    _check_texts(wire)


def _check_records(answer: DnsAnswer) -> None:
    for rrset in (*answer.answer, *answer.authority):
        for record in rrset.records:
            if rrset.rtype == "MX" and (mx := parse_mx(record)) is not None:
                printable(mx.host)
                printable(display_name(mx.host))
            if rrset.rtype == "TXT":
                octets = txt_octets(record)
                promise(b"".join(txt_strings(record)) == octets, "two readings of TXT")
            promise(record.isprintable(), "a record that is not visible:", record)


def _check_by_dnspython(wire: bytes, answer: DnsAnswer) -> None:
    """What dnspython reads as a whole message is read here with the same records."""
    try:
        whole = dns.message.from_wire(wire, one_rr_per_rrset=True)
    except (dns.exception.DNSException, ValueError):
        return
    for theirs, ours in ((whole.answer, answer.answer), (whole.authority, answer.authority)):
        if len(theirs) > DNS_RECORDS or any(each.rdclass != 1 for each in theirs):
            continue
        expected = {
            (
                each.name.canonicalize().to_text(omit_final_dot=True),
                dns.rdatatype.to_text(each.rdtype),
                rdata.to_text(),
            )
            for each in theirs
            for rdata in each
        }
        found = {(rrset.name, rrset.rtype, record) for rrset in ours for record in rrset.records}
        promise(expected <= found, "missing:", expected - found)


def _check_texts(data: bytes) -> None:
    line = txt_line("example.test", data[:2_000])
    printable(line)
    record = line.removeprefix("example.test. IN TXT ")
    promise(txt_octets(record) == data[:2_000], "TXT read back otherwise")
    text = data[:300].decode("utf-8", "surrogateescape")
    txt_strings(text)
    parse_mx(text)
    printable(display_name(text))
    same_address(text, text)
    with refusing(UnaskableNameError):
        name = canonical_name(text)
        printable(name)
        promise(canonical_name(name) == name, "not canonical:", name)
    with contextlib.suppress(ValueError):
        printable(reverse_name(text))


def _seeds() -> Iterable[bytes]:
    from tests.dnssec.world import World, message, records

    world = World()
    for each in world.answers:
        yield each.wire + b"\0"
    every = (
        ("A", "192.0.2.1"), ("AAAA", "2001:db8::1"), ("MX", "10 mx.example.test."), ("TXT", '"v=spf1 -all" "x"'),
        ("CNAME", "b.example.test."), ("PTR", "a.example.test."), ("SOA", "a. b. 1 2 3 4 5"), ("NS", "ns.test."),
        ("TLSA", "3 1 1 " + "ab" * 32), ("SRV", "1 2 3 a.test."), ("CAA", '0 issue "a"'), ("HTTPS", "1 . alpn=h2"),
        ("LOC", "1 2 3 N 4 5 6 E 7m"), ("NAPTR", '1 2 "a" "b" "c" d.'), ("DNAME", "c.test."), ("APL", "1:192.0.2.0/24"),
        ("SSHFP", "1 1 " + "ab" * 20), ("HINFO", "a b"), ("NSEC", "a.test. A MX"), ("URI", '1 2 "a"'),
        ("IPSECKEY", "10 1 2 192.0.2.1 AQID"), ("CERT", "1 2 3 AQID"), ("OPENPGPKEY", "AQID"), ("GPOS", "1 2 3"),
        ("AMTRELAY", "10 0 1 192.0.2.1"), ("SVCB", "1 a. port=5 ipv4hint=192.0.2.1"), ("ZONEMD", "1 1 1 " + "ab" * 48),
    )  # fmt: skip
    for number, (rtype, text) in enumerate(every):
        yield message("example.test", "MX", [records("example.test.", rtype, text)]).wire + bytes(
            (number % 7,)
        )
    loop = [
        records("example.test.", "CNAME", "b.test."),
        records("b.test.", "CNAME", "example.test."),
    ]
    yield message("example.test", "MX", loop).wire + b"\0"
    yield message("example.test", "MX", [], [], rcode=3).wire + b"\0"
    yield b"\0" * 12 + b"\0"


TARGET = Target(
    promise="A message is read as dnspython reads it, in bounds, visibly, and comes back from a trace.",
    check=_check,
    calls=lambda size: 60_000 + 3_000 * size,
    max_len=1_024,
    words=(
        b"\xc0\x0c",
        b"\0\x0f\0\1",
        b"\0\5\0\1",
        b"\0\x29",
        b"\0\x10\0\1",
        b"\x07example\x04test\0",
    ),
    mutate=structure.mutate,
    seeds=_seeds,
)
