"""The signed zones of the senders' lab, on NSD and Unbound at port 53, so that referrals work."""

import contextlib
import socket
import threading
from pathlib import Path

from tests.peers.servers import run
from tests.peers.situations import GONE, Situation, records_of

AUTH, RECURSOR = "127.0.53.1", "127.0.53.53"
SILENT, FAILING = "127.0.53.99", "127.0.53.98"
DNS_PORT = 53
TRUSTING, DISTRUSTING = "resolv.conf", "resolv.conf-without-trust-ad"  # glibc shows AD, or hides it


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
