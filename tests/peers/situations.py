"""Mail domains below ``test`` and their hosts: how each behaves, what it presents, what the DNS says of it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from mxwalk.dane.matching import association_data
from mxwalk.dane.tlsa import make_record
from mxwalk.lab.host import Text, TlsSpec
from mxwalk.lab.sha1 import resign_with_sha1
from tests.tls.pki import Issued, issue

DAY = timedelta(days=1)
POSTFIX, SCRIPTED, NOTHING = "postfix", "scripted", "nothing"
OURS = "ours"  # a host of our own lab
EXIM = "exim"  # a receiving Exim, with GnuTLS
PLAIN_TLS = TlsSpec()
GONE = "gone"  # the name has no address


@cache
def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def dated(subject: str, issuer: Issued | None = None, *, begins: int = -5, ends: int = 20, **more):
    return issue(
        subject, issuer, begins=now() + begins * DAY, ends=now() + ends * DAY, **more
    )  # fmt: skip


@cache
def root() -> Issued:
    return dated("Peer Root", ca=True, begins=-50, ends=50)


@cache
def middle() -> Issued:
    return dated("Peer CA", root(), ca=True, begins=-40, ends=40)


def tlsa(params: str, certificate: Issued) -> str:
    usage, selector, mtype = (int(word) for word in params.split())
    data = association_data(certificate.der, selector, mtype)
    return make_record(usage, selector, mtype, data).rdata


@dataclass
class Host:
    """One MX host: how it behaves, what it presents, what the DNS says of it."""

    names: tuple[str, ...] = ("{host}",)
    chain: str = "leaf middle"  # which certificates are sent
    records: tuple[str, ...] = ()  # "3 1 1 leaf", or literal rdata
    kind: str = POSTFIX
    script: str = ""
    begins: int = -5
    ends: int = 20
    client_only: bool = False
    self_signed: bool = False
    name: str = ""  # default: mx<n>.<domain>
    alias: str = ""  # the host name is a CNAME to this one
    at_alias: bool = False  # TLSA at the alias instead of its target
    tlsa_fault: str = ""  # bogus, servfail, timeout
    address: str = ""
    tls: TlsSpec = PLAIN_TLS  # how a host of ours speaks TLS
    greeting: tuple[str, ...] = ()  # the lines with which a host of ours greets
    ehlo: tuple[str, ...] = ()  # those that it answers to EHLO
    ehlo_tls: Text = ()  # inside TLS; one string is sent as it stands
    replies: tuple[tuple[str, Text], ...] = ()  # to other commands
    sni: bool = False  # a host of ours wants its own name in server_name, its alias's target
    options: tuple[str, ...] = ()  # of the receiving Postfix, for this host
    priority: str = "NORMAL"  # of a receiving Exim's GnuTLS
    key: str = ""  # rsa-1024, rsa-2048; default: EC P-256
    sha1: bool = False  # the issuer signs with SHA-1
    extensions: tuple[tuple[x509.ExtensionType, bool], ...] = ()  # more of the leaf
    leaf: Issued | None = None


@dataclass
class Situation:
    """A mail domain; ``zone`` is ``test`` (signed) or ``plain.test`` (a proven unsigned delegation)."""

    label: str
    hosts: tuple[Host, ...]
    zone: str = "test"
    mx_fault: str = ""
    domain: str = ""


def situations() -> list[Situation]:
    """Return all situations, hosts not yet numbered."""
    good = ("3 1 1 leaf",)
    wrong = ("3 1 1 " + "ab" * 32,)
    one = lambda label, **host: Situation(label, (Host(**host),))  # noqa: E731
    return [
        one("ee-spki", records=good),
        one("ee-cert", records=("3 0 1 leaf",)),
        one("ee-sha512", records=("3 1 2 leaf",)),
        one("ee-full", records=("3 0 0 leaf",)),
        one("ta-spki", records=("2 1 1 middle",)),
        one("ta-root-sent", records=("2 0 1 root",), chain="leaf middle root"),
        one("ta-root-not-sent", records=("2 0 1 root",)),
        one("ta-not-sent", records=("2 1 1 middle",), chain="leaf"),
        one("ta-full", records=("2 0 0 middle",), chain="leaf"),
        one("ta-full-key", records=("2 1 0 middle",), chain="leaf"),
        one("ta-full-sent", records=("2 0 0 middle",)),
        one("ta-name", records=("2 1 1 middle",), names=("other.example",)),
        one("ta-nexthop-name", records=("2 1 1 middle",), names=("{domain}",)),
        one("ta-wildcard", records=("2 1 1 middle",), names=("*.{domain}",)),
        one("ta-expired", records=("2 1 1 middle",), begins=-9, ends=-2),
        one("ta-client-only", records=("2 1 1 middle",), client_only=True),
        one("ta-of-the-leaf", records=("2 1 1 leaf",)),
        one("ee-of-the-issuer", records=("3 1 1 middle",)),
        one("ee-expired", records=good, begins=-9, ends=-2),
        one("ee-not-yet", records=good, begins=2, ends=9),
        one("ee-mismatch", records=wrong),
        one("ee-other-name", records=good, names=("other.example",)),
        one("ee-self-signed", records=good, chain="leaf", self_signed=True),
        one("stale-and-good", records=(*wrong, *good)),
        one("bad-ee-good-ta", records=(*wrong, "2 1 1 middle")),
        one("agility", records=("3 1 1 leaf", "3 1 2 " + "ab" * 64)),
        one("agility-selectors", records=("3 0 1 leaf", "3 1 2 " + "ab" * 64)),
        one("pkix-usage", records=("1 1 1 leaf",)),
        one("short-digest", records=("3 1 1 " + "ab" * 31,)),
        one("short-and-good", records=("3 1 1 " + "ab" * 31, *good)),
        one("unknown-selector", records=("3 2 1 " + "ab" * 32,)),
        one("unknown-type", records=("3 1 3 " + "ab" * 32,)),
        one("no-tlsa"),
        one("no-tlsa-self-signed", chain="leaf", self_signed=True),
        one("no-tlsa-domain-name", names=("{domain}",)),
        one("no-tlsa-other-name", names=("other.example",)),
        one("no-tlsa-wildcard", names=("*.{domain}",)),
        Situation("hosted", (Host(name="mx.hosted.test"),)),
        Situation("same-domain", (Host(names=("mail.{domain}",)),)),
        one("no-starttls", kind=SCRIPTED, script="plain"),
        one("no-starttls-tlsa", kind=SCRIPTED, script="plain", records=good),
        one("no-starttls-unusable", kind=SCRIPTED, script="plain", records=("1 1 1 leaf",)),
        one("refused-454", kind=SCRIPTED, script="454"),
        one("refused-454-tlsa", kind=SCRIPTED, script="454", records=good),
        one("broken-handshake", kind=SCRIPTED, script="broken"),
        one("broken-handshake-tlsa", kind=SCRIPTED, script="broken", records=good),
        one("ehlo-1869", kind=SCRIPTED, script="1869"),
        one("ehlo-1869-tlsa", kind=SCRIPTED, script="1869", records=good),
        one("greeting-554", kind=SCRIPTED, script="554"),
        one("tlsa-bogus", records=good, tlsa_fault="bogus"),
        one("tlsa-servfail", tlsa_fault="servfail"),
        one("tlsa-timeout", tlsa_fault="timeout"),
        Situation("mx-bogus", (Host(records=good),), mx_fault="bogus"),
        Situation("insecure-zone", (Host(records=good),), zone="plain.test"),
        Situation("insecure-mx", (Host(records=good, name="mx.imx.test"),), zone="plain.test"),
        Situation("insecure-mx-wrong", (Host(records=wrong, name="mx.imw.test"),), zone="plain.test"),
        Situation("insecure-mx-unusable", (Host(records=("1 1 1 leaf",), name="mx.imu.test"),),
                  zone="plain.test"),
        Situation("insecure-host", (Host(records=wrong, name="mx.ih.plain.test"),)),
        one("alias-tlsa-at-target", alias="real.{domain}", records=good, names=("real.{domain}",)),
        one("alias-tlsa-at-alias", alias="real.{domain}", records=good, at_alias=True),
        one("alias-wrong-at-alias", alias="real.{domain}", records=wrong, at_alias=True),
        Situation("first-wrong-then-good", (Host(records=wrong), Host(records=good))),
        Situation("first-wrong-then-none", (Host(records=wrong), Host())),
        one("gone", kind=GONE),
        Situation("both-gone", (Host(kind=GONE), Host(kind=GONE))),
        Situation("first-gone-then-good", (Host(kind=GONE), Host(records=good))),
        Situation("first-gone-then-dead", (Host(kind=GONE), Host(kind=NOTHING))),
        Situation("first-dead-then-good", (Host(kind=NOTHING), Host(records=good))),
        Situation("first-bogus-then-none", (Host(records=good, tlsa_fault="bogus"), Host())),
        Situation("both-wrong", (Host(records=wrong), Host(records=wrong))),
        Situation("two-wrong-then-good", (Host(records=wrong), Host(records=wrong), Host())),
    ]  # fmt: skip


def prepare(all_situations: list[Situation]) -> None:
    """Give every domain its name, every host its name, address and certificate."""
    number = 0
    for one in all_situations:
        one.domain = f"{one.label}.{one.zone}"
        for index, host in enumerate(one.hosts, 1):
            number += 1
            host.address = f"127.0.25.{number}"
            host.name = host.name or f"mx{index}.{one.domain}"
            host.alias = host.alias.format(domain=one.domain)
            names = tuple(n.format(host=host.name, domain=one.domain) for n in host.names)
            host.leaf = _leaf(host, names)


def _leaf(host: Host, names: tuple[str, ...]) -> Issued:
    leaf = dated(
        names[0], None if host.self_signed else middle(), begins=host.begins, ends=host.ends,
        dns=names, client_only=host.client_only, extensions=host.extensions,
        key=rsa_key(int(host.key.removeprefix("rsa-"))) if host.key else None,
    )  # fmt: skip
    if not host.sha1:
        return leaf
    return Issued(resign_with_sha1(leaf.certificate, middle().key), leaf.key)  # type: ignore[arg-type]


@cache
def rsa_key(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def records_of(host: Host) -> list[str]:
    """Return the rdata of a host's TLSA records."""
    made = []
    for text in host.records:
        params, _, what = text.rpartition(" ")
        certificate = {"leaf": host.leaf, "middle": middle(), "root": root()}.get(what)
        made.append(tlsa(params, certificate) if certificate else text)
    return made
