"""A lab of real servers for what senders do: signed zones, receiving hosts, sending Postfix and Exim.

NSD and Unbound stand on port 53 of loopback addresses, so that referrals work; the receiving Postfix
has one smtpd line for each host.  The senders run in a mount namespace of their own whose
resolv.conf names that Unbound.  A situation is a mail domain below ``test`` with its hosts.
"""

import contextlib
import re
import socket
import subprocess
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from mxwalk.dane.matching import association_data
from mxwalk.dane.tlsa import make_record
from mxwalk.lab.der_writer import integer, sequence
from mxwalk.lab.host import HostSpec, TlsSpec
from mxwalk.lab.pki import ServerIdentity
from mxwalk.lab.sha1 import resign_with_sha1
from mxwalk.tls.dh_groups import GENERATOR, PRIMES
from tests.peers.exim_host import start_exim_host
from tests.peers.our_host import OurHosts, Place
from tests.peers.servers import POSTFIX_SERVICES, run, stop
from tests.tls.pki import Issued, issue

AUTH, RECURSOR, SUBMIT = "127.0.53.1", "127.0.53.53", "127.0.26.9"
SILENT, FAILING = "127.0.53.99", "127.0.53.98"
DNS_PORT, SMTP_PORT, SUBMIT_PORT = 53, 25, 2526
DAY = timedelta(days=1)
LEVELS = ("none", "may", "encrypt", "dane", "dane-only", "verify", "secure")
POSTFIX, SCRIPTED, NOTHING = "postfix", "scripted", "nothing"
OURS = "ours"  # a host of our own lab
EXIM = "exim"  # a receiving Exim, with GnuTLS
PLAIN_TLS = TlsSpec()
GONE = "gone"  # the name has no address
TRUSTING, DISTRUSTING = "resolv.conf", "resolv.conf-without-trust-ad"  # glibc shows AD, or hides it

EHLO_1869 = b"250-STARTTLS\r\n250-mx.test\r\n250 8BITMIME\r\n"
EHLO_PLAIN = b"250-mx.test\r\n250 8BITMIME\r\n"
EHLO_TLS = b"250-mx.test\r\n250-STARTTLS\r\n250 8BITMIME\r\n"


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


def zone_files(where: Path, all_situations: list[Situation]) -> str:
    """Write and sign the zones; return the name of the key, the trust anchor."""
    head = "$ORIGIN {0}.\n$TTL 60\n@ SOA ns.test. hostmaster.test. 1 3600 600 86400 30\n@ NS ns.test.\n"
    signed = [
        head.format("test"),
        f"ns A {AUTH}",
        "plain NS ns",
        "silent A " + SILENT,
        "failing A " + FAILING,
    ]
    plain = [head.format("plain.test")]
    bogus: list[tuple[str, str]] = []
    for one in all_situations:
        lines = plain if one.zone == "plain.test" else signed
        for index, host in enumerate(one.hosts, 1):
            lines.append(f"{one.domain}. MX {10 * index} {host.name}.")
            target = plain if host.name.endswith("plain.test") else signed
            real = host.alias or host.name
            if host.alias:
                target.append(f"{host.name}. CNAME {host.alias}.")
            if host.kind != GONE:
                target.append(f"{real}. A {host.address}")
            base = host.name if host.at_alias else real
            match host.tlsa_fault:
                case "servfail":
                    target.append(f"_tcp.{base}. NS failing.test.")
                case "timeout":
                    target.append(f"_tcp.{base}. NS silent.test.")
                case fault:
                    target += [f"_25._tcp.{base}. TLSA {r}" for r in records_of(host)]
                    if fault == "bogus":
                        bogus.append((f"_25._tcp.{base}.", "TLSA"))
        if one.mx_fault == "bogus":
            bogus.append((f"{one.domain}.", "MX"))
    (where / "test.zone").write_text("\n".join(signed) + "\n")
    (where / "plain.test.zone").write_text("\n".join(plain) + "\n")
    key = run("ldns-keygen", "-a", "ECDSAP256SHA256", "-k", "test", cwd=where).strip()
    run("ldns-signzone", "-o", "test", "-f", "test.signed", "test.zone", key, cwd=where)
    kept = [
        line
        for line in (where / "test.signed").read_text().splitlines()
        if not any(
            line.startswith(f"{name}\t") and f"RRSIG\t{rtype} " in line for name, rtype in bogus
        )
    ]
    (where / "test.signed").write_text("\n".join(kept) + "\n")
    return key


def start_dns(where: Path, key: str) -> None:
    """Start NSD and Unbound on port 53 of their addresses."""
    (where / "nsd.conf").write_text(
        f'server:\n ip-address: {AUTH}@{DNS_PORT}\n username: ""\n zonesdir: "{where}"\n'
        f' database: ""\n pidfile: "{where}/nsd.pid"\n xfrdfile: "{where}/xfrd"\n'
        f' zonelistfile: "{where}/zones"\n server-count: 1\n rrl-ratelimit: 0\n'
        "remote-control:\n control-enable: no\n"
        'zone:\n name: "test"\n zonefile: "test.signed"\n'
        'zone:\n name: "plain.test"\n zonefile: "plain.test.zone"\n'
    )
    run("nsd", "-c", "nsd.conf", cwd=where)
    (where / "unbound.conf").write_text(
        f'server:\n directory: "{where}"\n chroot: ""\n username: ""\n pidfile: "{where}/unbound.pid"\n'
        f' use-syslog: no\n logfile: "{where}/unbound.log"\n interface: {RECURSOR}@{DNS_PORT}\n'
        " access-control: 127.0.0.0/8 allow\n do-ip6: no\n do-not-query-localhost: no\n ede: yes\n"
        f' outgoing-interface: {RECURSOR}\n local-zone: "test." nodefault\n'
        f' trust-anchor-file: "{where}/{key}.key"\nremote-control:\n control-enable: no\n'
        f'stub-zone:\n name: "test"\n stub-addr: {AUTH}@{DNS_PORT}\n'
    )
    run("unbound", "-c", "unbound.conf", cwd=where)
    for name, trust in ((TRUSTING, "trust-ad "), (DISTRUSTING, "")):
        options = f"options {trust}edns0 timeout:4 attempts:1"
        (where / name).write_text(f"nameserver {RECURSOR}\n{options}\n")


def pem_of(host: Host, where: Path) -> Path:
    """Write key and chain of a host for smtpd_tls_chain_files."""
    assert host.leaf is not None
    key = host.leaf.key.private_bytes(  # type: ignore[attr-defined]
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    parts = {"leaf": host.leaf, "middle": middle(), "root": root()}
    path = where / f"chain-{host.address}.pem"
    path.write_bytes(key + b"".join(parts[word].pem for word in host.chain.split()))
    return path


def our_hosts(all_situations: list[Situation]) -> OurHosts:
    """Start the hosts of our own lab."""
    places = []
    for host in (host for one in all_situations for host in one.hosts if host.kind == OURS):
        assert host.leaf is not None
        # To a sender that does not look at certificates a server may show none: see "anonymous".
        tls = msgspec.structs.replace(host.tls, ciphers=host.tls.ciphers or "ALL:!aNULL")
        if host.sni:
            tls = msgspec.structs.replace(tls, sni_required=(host.alias or host.name,))
        parts = {"leaf": host.leaf.der, "middle": middle().der, "root": root().der}
        chain = tuple(parts[word] for word in host.chain.split())
        identity = ServerIdentity(chain=chain, key=host.leaf.key)  # type: ignore[arg-type]
        at = f"{host.address}:{SMTP_PORT}"
        spec = HostSpec(at=(at,), name=host.name, certificate="leaf", tls=tls)
        places.append(Place(host.address, SMTP_PORT, spec, identity))
    started = OurHosts(places)
    started.start()
    return started


def write_instance(where: Path, name: str, main: str, master: str) -> Path:
    """Write a Postfix instance's configuration."""
    directory = where / name
    for part in ("conf", "spool", "data"):
        (directory / part).mkdir(parents=True)
    (directory / "conf/main.cf").write_text(
        f"compatibility_level = 3.6\nqueue_directory = {directory}/spool\n"
        f"data_directory = {directory}/data\ndaemon_directory = /usr/lib/postfix/sbin\n"
        f"maillog_file = {directory}/mail.log\nmaillog_file_prefixes = {where}\n"
        "inet_protocols = ipv4\nmydestination =\nalias_maps =\nlocal_recipient_maps =\nmax_idle = 1h\n"
        "notify_classes =\nsmtpd_peername_lookup = no\n" + main
    )
    (directory / "conf/master.cf").write_text(master + POSTFIX_SERVICES)
    (directory / "mail.log").touch()
    run("chown", "postfix", directory / "data", cwd=where)
    return directory


RECEIVING = """\
myhostname = receiver.test
virtual_mailbox_domains = static:all
virtual_mailbox_maps = static:all
virtual_transport = discard:
default_process_limit = 200
smtpd_tls_security_level = may
smtpd_relay_restrictions =
smtpd_recipient_restrictions = permit_mynetworks, reject
mynetworks = 127.0.0.0/8
"""


def start_receiver(where: Path, hosts: list[Host]) -> None:
    """Start the Postfix that receives, a line for every well-behaved host."""
    prime = sequence(integer(PRIMES[1024]), integer(GENERATOR))  # PKCS 3: DHParameter
    armour = (
        "-----BEGIN DH PARAMETERS-----",
        b64encode(prime).decode(),
        "-----END DH PARAMETERS-----",
    )
    (where / "dh1024.pem").write_text("\n".join(armour) + "\n")
    lines = []
    for host in hosts:
        if host.kind == POSTFIX:
            chain = f"smtpd_tls_chain_files = {pem_of(host, where)}"
            options = (chain, *(option.format(where=where) for option in host.options))
            lines.append(
                f"{host.address}:{SMTP_PORT} inet n - n - - smtpd\n"
                + "".join(f"    -o {{ {option} }}\n" for option in options)
            )
    receiver = write_instance(where, "receiver", RECEIVING, "".join(lines))
    run("postfix", "-c", receiver / "conf", "start", cwd=where)


def start_sender(where: Path) -> Path:
    """Start the Postfix that sends, in a mount namespace with the lab's resolv.conf."""
    (where / "root.pem").write_bytes(root().pem)
    levels = "".join(
        f"to-{level} unix - - n - - smtp\n    -o {{ smtp_tls_security_level = {level} }}\n"
        f"    -o {{ smtp_helo_name = {level}.sender.test }}\n"
        for level in LEVELS
    )
    choices = " ".join(f"{{ {level}@levels.invalid = to-{level}: }}" for level in LEVELS)
    sender = write_instance(
        where,
        "sender",
        f"myhostname = sender.test\nmynetworks = 127.0.0.0/8\n"
        "smtpd_relay_restrictions = permit_mynetworks, reject\nsmtp_dns_support_level = dnssec\n"
        f"smtp_tls_CAfile = {where}/root.pem\nsmtp_tls_loglevel = 1\nsmtp_helo_timeout = 10s\n"
        f"smtp_connect_timeout = 5s\nsmtp_starttls_timeout = 10s\n"
        f"minimal_backoff_time = 1s\nmaximal_backoff_time = 2s\nqueue_run_delay = 1s\n"
        "default_process_limit = 60\nsmtp_tls_note_starttls_offer = no\n"
        "smtpd_client_message_rate_limit = 0\nsmtpd_client_connection_rate_limit = 0\n"
        f"sender_dependent_default_transport_maps = inline:{{ {choices} }}\n",
        f"{SUBMIT}:{SUBMIT_PORT} inet n - n - - smtpd\n" + levels,
    )
    in_namespace(where, f"postfix -c {sender / 'conf'} start")
    return sender


def in_namespace(
    where: Path, command: str, timeout: float = 60, *, resolv_conf: str = TRUSTING
) -> str:
    """Run a shell command that sees the lab's resolv.conf, or another; return its output."""
    script = f"mount --make-rprivate / && mount --bind {where}/{resolv_conf} /etc/resolv.conf && {command}"
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script],
        capture_output=True, text=True, timeout=timeout, check=False, cwd=where,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return done.stdout + done.stderr


class Scripted(threading.Thread):
    """Hosts that misbehave: each connection follows one script."""

    def __init__(self, host: Host) -> None:
        super().__init__(daemon=True)
        self.script = host.script
        self.socket = socket.create_server((host.address, SMTP_PORT), backlog=50)

    def run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.socket.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.settimeout(20)
            greeting = b"554 no service\r\n" if self.script == "554" else b"220 mx.test ESMTP\r\n"
            connection.sendall(greeting)
            lines = connection.makefile("rb")
            in_data = False
            for line in lines:
                if in_data:
                    if line == b".\r\n":
                        in_data = False
                        connection.sendall(b"250 2.0.0 taken\r\n")
                    continue
                word = line.strip().upper()
                reply = self._reply(word)
                in_data = word == b"DATA"
                connection.sendall(reply)
                if word == b"QUIT" or reply.startswith(b"NOTLS"):
                    return
                if word == b"STARTTLS" and self.script == "broken":
                    connection.sendall(b"this is no TLS\r\n")
                    return

    def _reply(self, word: bytes) -> bytes:
        if word.startswith(b"EHLO"):
            return {"1869": EHLO_1869, "plain": EHLO_PLAIN}.get(self.script, EHLO_TLS)
        if word == b"STARTTLS":
            return b"454 4.7.0 TLS not available\r\n" if self.script == "454" else b"220 go\r\n"
        return {b"DATA": b"354 go\r\n", b"QUIT": b"221 bye\r\n"}.get(word, b"250 ok\r\n")


class Failing(threading.Thread):
    """A name server that answers every question with SERVFAIL."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((FAILING, DNS_PORT))

    def run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                query, peer = self.socket.recvfrom(4096)
                if len(query) < 12:
                    return  # the end of the lab
                header = query[:2] + b"\x80\x02" + query[4:6] + bytes(6)
                end = query.index(0, 12) + 5  # the question: name, type, class
                self.socket.sendto(header + query[12:end], peer)

    def close(self) -> None:
        self.socket.sendto(b"end", (FAILING, DNS_PORT))
        self.join(5)
        self.socket.close()


@dataclass
class Lab:
    """The started servers."""

    directory: Path
    situations: list[Situation]
    anchor: str
    sender: Path | None = None
    scripted: list[Scripted] = field(default_factory=list)
    ours: OurHosts | None = None
    pidfiles: list[Path] = field(default_factory=list)  # of receiving Exims


Starter = Callable[[Path, list[Host]], contextlib.AbstractContextManager[None]]


@contextlib.contextmanager
def lab(
    where: Path,
    chosen: list[Situation] | None = None,
    starters: Mapping[str, Starter] | None = None,
) -> Iterator[Lab]:
    """Run everything for the length of the block; what was started is stopped by pid.

    ``starters`` run the hosts of further kinds, or of these instead.
    """
    where.chmod(0o755)
    all_situations = situations() if chosen is None else chosen
    prepare(all_situations)
    silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    failing = Failing()
    failing.start()
    started = Lab(where, all_situations, "")
    further = contextlib.ExitStack()
    try:
        silent.bind((SILENT, 53))
        key = zone_files(where, all_situations)
        started.anchor = (where / f"{key}.key").read_text()
        start_dns(where, key)
        hosts = [host for one in all_situations for host in one.hosts]
        for kind, starter in (starters or {}).items():
            own = [host for host in hosts if host.kind == kind]
            further.enter_context(starter(where, own))
        hosts = [host for host in hosts if host.kind not in (starters or {})]
        for host in hosts:
            if host.kind == SCRIPTED:
                server = Scripted(host)
                server.start()
                started.scripted.append(server)
        started.ours = our_hosts(all_situations)
        for host in (host for host in hosts if host.kind == EXIM):
            chain = pem_of(host, where)
            pidfile = start_exim_host(
                where, host.name, host.address, SMTP_PORT, chain, host.priority
            )
            started.pidfiles.append(pidfile)
        if any(host.kind == POSTFIX for host in hosts):
            start_receiver(where, hosts)
        started.sender = start_sender(where)
        yield started
    finally:
        further.close()
        silent.close()
        failing.close()
        for server in started.scripted:
            server.close()
        if started.ours:
            started.ours.close()
        for pidfile in started.pidfiles:
            stop(pidfile)
        for pidfile in (
            "sender/spool/pid/master.pid", "receiver/spool/pid/master.pid", "unbound.pid", "nsd.pid",
        ):  # fmt: skip
            stop(where / pidfile)


@dataclass(frozen=True)
class Sent:
    """What a real sender did with one message."""

    status: str  # sent, deferred, bounced
    reason: str
    trust: str = ""  # the first word of the TLS summary, of the last connection made


def submit(recipients: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Hand messages to the sending Postfix; map queue ids to (situation, level)."""
    found: dict[str, tuple[str, str]] = {}
    with socket.create_connection((SUBMIT, SUBMIT_PORT), timeout=20) as connection:
        lines = connection.makefile("rb")

        def say(text: str) -> str:
            if text:
                connection.sendall(text.encode() + b"\r\n")
            reply = lines.readline().decode()
            while reply[3:4] == "-":
                reply = lines.readline().decode()
            return reply

        say("")
        say("EHLO test")
        for label, domain in recipients.items():
            for level in LEVELS:
                say(f"MAIL FROM:<{level}@levels.invalid>")
                say(f"RCPT TO:<u@{domain}>")
                say("DATA")
                reply = say("Subject: test\r\n\r\ntest\r\n.")
                match = re.search(r"queued as (\w+)", reply)
                assert match, reply
                found[match[1]] = (label, level)
        say("QUIT")
    return found


_ANY_STATUS = re.compile(r"postfix/[\w-]+/?\w*\[(\d+)\]: (\w+): to=<.*?status=(\w+) \((.*)\)$")
_TRUST = re.compile(r"postfix/[\w-]+/?\w*\[(\d+)\]: (\w+) TLS connection established to")


def deliveries(
    log: Path, ids: dict[str, tuple[str, str]], retried: set[tuple[str, str]], timeout_s: float
) -> dict[tuple[str, str], Sent]:
    """Read the log until every message has a status; those in ``retried`` are waited for longer."""
    end = time.monotonic() + timeout_s
    while True:
        results = read_log(log.read_text(), ids)
        waiting = [k for k in ids.values() if k not in results] + [
            k for k in retried if k in results and results[k].status == "deferred"
        ]
        if not waiting or time.monotonic() > end:
            return results
        time.sleep(0.2)


def read_log(text: str, ids: dict[str, tuple[str, str]]) -> dict[tuple[str, str], Sent]:
    """Return the last status of each message, with the TLS summary its process wrote before."""
    trust: dict[str, str] = {}
    found: dict[tuple[str, str], Sent] = {}
    for line in text.splitlines():
        if match := _TRUST.search(line):
            trust[match[1]] = match[2]
        elif (match := _ANY_STATUS.search(line)) and match[2] in ids:
            found[ids[match[2]]] = Sent(match[3], match[4], trust.pop(match[1], ""))
    return found
