"""Start real Postfix, NSD, Unbound and Exim on loopback, in a temporary directory, by pid.

Nothing of the system's own configuration is touched, and no packet leaves the loopback interface:
Unbound's outgoing interface is a loopback address, and it has a stub for the one zone it is asked
for.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mxwalk.dnssec.anchors import TrustAnchors, read_anchors

AUTH, RECURSOR, MX, MX2 = "127.0.54.1", "127.0.54.53", "127.0.26.1", "127.0.26.2"
EXIM = "127.0.26.3"
AUTH_PORT, DNS_PORT, SMTP_PORT = 5390, 5391, 2590
ZONE, HOST, HOST2 = "example.test", "mx.example.test", "mx2.example.test"

_END_S = 20.0
POSTFIX_SERVICES = """\
cleanup   unix  n - n -  0 cleanup
qmgr      unix  n - n 300 1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n -  - trivial-rewrite
bounce    unix  - - n -  0 bounce
defer     unix  - - n -  0 bounce
trace     unix  - - n -  0 bounce
anvil     unix  - - n -  1 anvil
discard   unix  - - n -  - discard
error     unix  - - n -  - error
retry     unix  - - n -  - error
postlog   unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True)
class Peers:
    """Where the started servers answer."""

    directory: Path
    resolver: str
    ca_file: Path
    leaf_file: Path
    anchors: TrustAnchors


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command and return its standard output; its complaint is the exception's text."""
    words = [str(part) for part in command]
    done = subprocess.run(words, cwd=cwd, check=False, capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr or done.stdout}")
    return done.stdout


def make_certificates(where: Path) -> None:
    """Make a root, and a leaf for both hosts and the domain, with openssl."""
    run("openssl", "req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
        "-keyout", "ca.key", "-out", "ca.pem", "-days", "30", "-subj", "/CN=Peer Test Root",
        "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
        cwd=where)  # fmt: skip
    run("openssl", "req", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
        "-keyout", "leaf.key", "-out", "leaf.csr", "-subj", f"/CN={HOST}", cwd=where)  # fmt: skip
    (where / "leaf.ext").write_text(
        f"subjectAltName=DNS:{HOST},DNS:{ZONE}\nextendedKeyUsage=serverAuth\n"
        "keyUsage=critical,digitalSignature\nbasicConstraints=critical,CA:FALSE\n"
    )
    run("openssl", "x509", "-req", "-in", "leaf.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "20",
        "-CAcreateserial", "-extfile", "leaf.ext", "-out", "leaf.pem", cwd=where)  # fmt: skip
    chain = "".join((where / name).read_text() for name in ("leaf.key", "leaf.pem"))
    (where / "chain.pem").write_text(chain)


def start_dns(where: Path) -> TrustAnchors:
    """Start NSD with the signed zone and Unbound with a stub and the zone's key as anchor."""
    (where / "zone").write_text(
        f"$ORIGIN {ZONE}.\n$TTL 60\n@ SOA ns hostmaster 1 3600 600 86400 30\n@ NS ns\nns A {AUTH}\n"
        f"@ MX 10 mx\n@ MX 20 mx2\nmx A {MX}\nmx2 A {MX2}\nalias CNAME mx\n"
        + "".join(f'big TXT "{"x" * 200}{n}"\n' for n in range(12))
    )
    key = run("ldns-keygen", "-a", "ECDSAP256SHA256", "-k", ZONE, cwd=where).strip()
    run("ldns-signzone", "-o", ZONE, "-f", "zone.signed", "zone", key, cwd=where)
    (where / "nsd.conf").write_text(
        f'server:\n ip-address: {AUTH}@{AUTH_PORT}\n username: ""\n zonesdir: "{where}"\n'
        f' database: ""\n pidfile: "{where}/nsd.pid"\n xfrdfile: "{where}/xfrd"\n'
        f' zonelistfile: "{where}/zones"\n server-count: 1\n rrl-ratelimit: 0\n'
        "remote-control:\n control-enable: no\n"
        f'zone:\n name: "{ZONE}"\n zonefile: "zone.signed"\n'
    )
    run("nsd", "-c", "nsd.conf", cwd=where)
    (where / "unbound.conf").write_text(
        f'server:\n directory: "{where}"\n chroot: ""\n username: ""\n pidfile: "{where}/unbound.pid"\n'
        f' use-syslog: no\n logfile: "{where}/unbound.log"\n interface: {RECURSOR}@{DNS_PORT}\n'
        f" access-control: 127.0.0.0/8 allow\n do-ip6: no\n do-not-query-localhost: no\n ede: yes\n"
        f' outgoing-interface: {RECURSOR}\n local-zone: "test." nodefault\n'
        f' local-zone: "127.in-addr.arpa." static\n'
        f' trust-anchor-file: "{where}/{key}.key"\nremote-control:\n control-enable: no\n'
        f'stub-zone:\n name: "{ZONE}"\n stub-addr: {AUTH}@{AUTH_PORT}\n'
    )
    run("unbound", "-c", "unbound.conf", cwd=where)
    return read_anchors((where / f"{key}.key").read_text())


def start_postfix(where: Path) -> None:
    """Start one Postfix that listens well-behaved on MX and refuses STARTTLS with 454 on MX2."""
    for name in ("pf", "spool", "data"):
        (where / name).mkdir()
    (where / "pf/main.cf").write_text(
        f"compatibility_level = 3.6\nqueue_directory = {where}/spool\ndata_directory = {where}/data\n"
        f"daemon_directory = /usr/lib/postfix/sbin\nmaillog_file = {where}/mail.log\n"
        f"maillog_file_prefixes = {where}\ninet_protocols = ipv4\nmyhostname = {HOST}\n"
        f"mydestination =\nalias_maps =\nlocal_recipient_maps =\nvirtual_mailbox_domains = {ZONE}\n"
        "virtual_mailbox_maps = static:all\nvirtual_transport = discard:\nmax_idle = 1h\n"
        "notify_classes =\nsmtpd_peername_lookup = no\nsmtpd_tls_security_level = may\n"
        f"smtpd_tls_chain_files = {where}/chain.pem\nsmtpd_recipient_restrictions = reject_unauth_destination\n"
        "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination\n"
    )
    (where / "pf/master.cf").write_text(
        f"{MX}:{SMTP_PORT} inet n - n - - smtpd\n"
        f"{MX2}:{SMTP_PORT} inet n - n - - smtpd\n"
        f"    -o {{ myhostname = {HOST2} }}\n    -o smtpd_tls_chain_files=\n"
        f"    -o {{ smtpd_tls_cert_file = {where}/missing.pem }}\n" + POSTFIX_SERVICES
    )
    (where / "mail.log").touch()
    run("chown", "postfix", where / "data", cwd=where)
    run("postfix", "-c", where / "pf", "start", cwd=where)


def start_exim(where: Path) -> None:
    """Start Exim (GnuTLS) with the same certificate, as a server that takes any recipient."""
    for name in ("exim-spool", "exim-log"):
        (where / name).mkdir()
        run("chown", "Debian-exim", where / name, cwd=where)
    (where / "exim.key").write_bytes((where / "leaf.key").read_bytes())
    run("chown", "Debian-exim", where / "exim.key", cwd=where)
    (where / "exim.conf").write_text(
        f"exim_path = /usr/local/sbin/exim4\nspool_directory = {where}/exim-spool\n"
        f"log_file_path = {where}/exim-log/%slog\npid_file_path = {where}/exim.pid\n"
        "exim_user = Debian-exim\nexim_group = Debian-exim\nnever_users =\n"
        f"primary_hostname = {HOST}\ndaemon_smtp_ports = {SMTP_PORT}\n"
        f"local_interfaces = {EXIM}\ntls_advertise_hosts = *\n"
        f"tls_certificate = {where}/leaf.pem\ntls_privatekey = {where}/exim.key\n"
        "host_lookup =\nrfc1413_hosts =\nkeep_environment =\n"
        "acl_smtp_rcpt = accept\nacl_smtp_data = deny\n"
    )
    run("exim4", "-C", where / "exim.conf", "-bd", cwd=where)


def stop(pidfile: Path) -> None:
    """End the process a pid file names, and wait for its end; by force when it does not listen."""
    with contextlib.suppress(FileNotFoundError, ValueError, ProcessLookupError):
        pid = int(pidfile.read_text().strip())
        os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + _END_S
        while _runs(pid):
            if time.monotonic() > until:
                os.kill(pid, signal.SIGKILL)
                return
            time.sleep(0.02)


def _runs(pid: int) -> bool:
    """Say whether a process has not ended, nor is dead and only not yet collected."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@contextlib.contextmanager
def peers(where: Path) -> Iterator[Peers]:
    """Run all of them for the length of the block."""
    where.chmod(0o755)
    make_certificates(where)
    try:
        anchors = start_dns(where)
        start_postfix(where)
        start_exim(where)
        yield Peers(where, f"{RECURSOR}:{DNS_PORT}", where / "ca.pem", where / "leaf.pem", anchors)
    finally:
        for pidfile in ("spool/pid/master.pid", "exim.pid", "unbound.pid", "nsd.pid"):
            stop(where / pidfile)
