"""The second implementation, pyspf, over the same canned zone; and random records to compare on."""

import ipaddress
import random
from collections.abc import Iterator
from dataclasses import dataclass

import spf as pyspf

from mxwalk.evidence.dns import DnsStatus
from mxwalk.mailauth.spf.names import asked_as
from mxwalk.mailauth.spf.record import strings_of
from tests.mailauth.spf.zone import Zone, spf, strings

HARD = (DnsStatus.SERVFAIL, DnsStatus.TIMEOUT, DnsStatus.REFUSED)


@dataclass(frozen=True)
class Case:
    zone: Zone
    ip: str
    sender: str
    helo: str

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2]

    @property
    def record(self) -> str:
        return " | ".join(
            f"{name}: {record}"
            for name, records in self.zone.names.items()
            for record in (records.get("TXT") if isinstance(records.get("TXT"), tuple) else ())
        )


def lookup_in(zone: Zone):
    def look_up(name, qtype, strict=True, timeout=None) -> Iterator[tuple]:
        answer = zone.answer(asked_as(name.removesuffix(".")), qtype)
        if answer.status in (DnsStatus.NXDOMAIN, DnsStatus.NODATA):
            return
        if answer.status is not DnsStatus.OK:
            raise pyspf.TempError(f"DNS {answer.status.value}")
        # the name asked for has the records, so that an alias is followed once
        for record in answer.records():
            yield (name, qtype), _value(qtype, record)

    return look_up


def _value(qtype: str, record: str):
    if qtype == "MX":
        preference, _, host = record.partition(" ")
        return int(preference), host.removesuffix(".")
    if qtype == "TXT":
        return strings_of((record,))[0]
    return record.removesuffix(".")


HOSTS = tuple(f"h{number}.example.com" for number in range(8))
RECORDS = tuple(f"r{number}.example.net" for number in range(6))
IP4 = ("192.0.2.1", "192.0.2.77", "198.51.100.9", "203.0.113.200")
IP6 = ("2001:db8::1", "2001:db8:0:1::9")
MACROS = (
    "%{d}", "%{o}", "%{i}", "%{ir}", "%{v}", "%{h}", "%{d2}", "%{d1r}", "%{l}", "%{l-}",
    "%{lr-}", "%{l1r+}", "%{s}", "%{p}", "%{D}", "%{H}", "%{L}", "%%", "%_", "%-", "%{d0}", "%{x}",
    "%{c}", "%{d2r-}", "%{i3}", "%(d)", "%{o1}", "%{S}",
)  # fmt: skip


def random_case(rng: random.Random) -> Case:
    names: dict = {}
    for host in HOSTS:
        names[host] = _host(rng)
    for record in RECORDS:
        names[record] = {**_host(rng), **spf(random_record(rng, depth=1))}
    domain = rng.choice(("example.com", "mail.example.com", "sub.example.org"))
    names[domain] = {**_host(rng), **spf(random_record(rng, depth=0))}
    if rng.random() < 0.03:
        names[domain]["TXT"] = (*names[domain]["TXT"], strings("v=spf1 -all"))
    if rng.random() < 0.03:
        names[domain]["TXT"] = rng.choice(HARD)
    names["exp.example.com"] = {"TXT": (strings("%{i} may not send for %{d}"),)}
    if rng.random() < 0.1:
        many = rng.choice((10, 11))
        names["h1.example.com"]["MX"] = tuple(f"{at} {rng.choice(HOSTS)}." for at in range(many))
    names["alias.example.com"] = {"CNAME": (f"{rng.choice(HOSTS)}.",)}
    for host in rng.sample(HOSTS, 2):
        names[f"joe.{host}"] = {"A": ("127.0.0.2",)}
    ip = rng.choice((*IP4, *IP4, *IP6))
    for address in (*IP4, *IP6):
        if rng.random() < 0.6:
            count = rng.choice((1, 1, 1, 2, 3, 14))
            pointers = tuple(f"{rng.choice((*HOSTS, *RECORDS))}." for _ in range(count))
            names[_reverse(address)] = {"PTR": tuple(dict.fromkeys(pointers))}
    sender = f"{rng.choice(('joe', 'strong-bad', 'a.b', 'x+y'))}@{domain}"
    return Case(Zone(names), ip, sender, rng.choice((*HOSTS, "mta")))


def _reverse(address: str) -> str:
    return ipaddress.ip_address(address).reverse_pointer


def _host(rng: random.Random) -> dict:
    records: dict = {}
    if rng.random() < 0.75:
        records["A"] = tuple(rng.sample(IP4, rng.randint(1, 2)))
    if rng.random() < 0.5:
        records["AAAA"] = tuple(rng.sample(IP6, 1))
    if rng.random() < 0.5:
        hosts = rng.sample(HOSTS, rng.randint(1, 3))
        records["MX"] = tuple(f"{10 * at} {host}." for at, host in enumerate(hosts))
    if rng.random() < 0.02:
        records["A"] = rng.choice(HARD)
    return records


def random_record(rng: random.Random, depth: int) -> str:
    terms = [random_term(rng, depth) for _ in range(rng.randint(0, 6))]
    if rng.random() < 0.7:
        terms.append(rng.choice(("-all", "~all", "?all", "all", "-all")))
    elif rng.random() < 0.4:
        terms.append(f"redirect={rng.choice(RECORDS)}")
    if rng.random() < 0.1:
        terms.append("exp=exp.example.com")
    if rng.random() < 0.04:
        terms.append(rng.choice(BROKEN))
    if rng.random() < 0.03:
        terms.append(f"Redirect={rng.choice(RECORDS)}")
    if rng.random() < 0.03:
        terms += ["moo=cow", "moo=%{d}"]
    if rng.random() < 0.03 and terms:
        terms[0] = terms[0].upper()
    if rng.random() < 0.05:
        rng.shuffle(terms)
    version = rng.choice(("v=spf1", "v=spf1", "V=SPF1", "v=spf1 "))
    return " ".join([version, *terms])


BROKEN = (
    "ipv4:192.0.2.1", "ip4:192.0.2.1/33", "ip4:192.0.2", "ip4:192.0.2.01", "ip6:2001:db8::/129",
    "ip6::1", "a:", "include", "include:", "all:x", "ptr/24", "a/024", "a:example", "exists",
    "mx:foo.1", "a:foo.example.com,", "+", "redirect=", "-redirect=r1.example.net", "foo", "x=%{z}",
    "moo=cow", "a/24//64", "a//64", "mx:h1.example.com//129", "ip4:192.0.2.1//32", "exp=",
)  # fmt: skip


def random_term(rng: random.Random, depth: int) -> str:
    qualifier = rng.choice(("", "", "", "", "-", "~", "?", "+"))
    kind = rng.choice(("ip4", "ip4", "ip6", "a", "a", "mx", "ptr", "exists", "include", "include"))
    spec = rng.choice((*HOSTS, *RECORDS, "alias.example.com", "none.example.com"))
    if rng.random() < 0.12:
        spec = f"{rng.choice(MACROS)}.{spec}"
    elif rng.random() < 0.05:
        spec = f"{rng.choice(('joe.', ''))}{rng.choice(MACROS)}"
    cidr = rng.choice(("", "", "", "", "/24", "/16", "/30//64", "//32", "/0"))
    match kind:
        case "ip4":
            return (
                f"{qualifier}ip4:{rng.choice(IP4)}{rng.choice(('', '', '/24', '/8', '/32', '/0'))}"
            )
        case "ip6":
            return f"{qualifier}ip6:{rng.choice(IP6)}{rng.choice(('', '/64', '/48', '/0'))}"
        case "a" | "mx":
            return f"{qualifier}{kind}{rng.choice(('', f':{spec}'))}{cidr}"
        case "ptr":
            return f"{qualifier}ptr{rng.choice(('', f':{spec}', ':example.com'))}"
        case "include":
            return f"{qualifier}include:{rng.choice(RECORDS) if rng.random() < 0.93 else spec}"
        case _:
            return f"{qualifier}exists:{spec}"
