"""Receiving Postfix, Exim, OpenSMTPD and aiosmtpd, each with a TLS configuration for every one of its addresses.

Postfix, Exim and aiosmtpd are one instance for all of them.  OpenSMTPD leaves the protocol versions to OpenSSL's
configuration, which a process has one of; its paths are compiled in, so it runs in a mount namespace
with a spool of its own.
"""

import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.docs.citations import ROOT
from tests.peers.daemons import daemon
from tests.peers.level_hosts import RECEIVING, write_instance
from tests.peers.servers import run, stop
from tests.peers.tls_servers import wait_for

SMTP, SMTPS = 25, 465
NO_TLS, OPTIONAL, REQUIRED, IMPLICIT = "none", "optional", "required", "implicit"
ANY, TLS_1_2, TLS_1_3 = "any", "TLSv1.2", "TLSv1.3"


@dataclass(frozen=True)
class TlsHost:
    """An address: its name, its key and chain (PEM files), whether and how it speaks TLS."""

    address: str
    name: str
    key: Path
    chain: Path
    mode: str = OPTIONAL
    versions: str = ANY

    @property
    def port(self) -> int:
        """Where it listens."""
        return SMTPS if self.mode == IMPLICIT else SMTP

    @property
    def place(self) -> tuple[str, int]:
        """Where it listens, with the address."""
        return self.address, self.port


_LEVELS = {NO_TLS: "none", REQUIRED: "encrypt"}
_PROTOCOLS = {ANY: ">=TLSv1.2", TLS_1_2: "TLSv1.2", TLS_1_3: "TLSv1.3"}


@contextlib.contextmanager
def postfix_hosts(where: Path, hosts: Sequence[TlsHost]) -> Iterator[None]:
    """Run one Postfix with a service for each of them."""
    services = ""
    for one in hosts:
        options = (
            f"myhostname = {one.name}",
            f"smtpd_tls_security_level = {_LEVELS.get(one.mode, 'may')}",
            f"smtpd_tls_protocols = {_PROTOCOLS[one.versions]}",
            f"smtpd_tls_mandatory_protocols = {_PROTOCOLS[one.versions]}",
            f"smtpd_tls_wrappermode = {'yes' if one.mode == IMPLICIT else 'no'}",
            f"smtpd_tls_chain_files = {one.key}, {one.chain}",
        )
        services += f"{one.address}:{one.port} inet n - n - - smtpd\n"
        services += "".join(f"    -o {{ {option} }}\n" for option in options)
    instance = write_instance(where, "postfix-hosts", RECEIVING, services)
    try:
        run("postfix", "-c", instance / "conf", "start", cwd=where)
        for one in hosts:
            wait_for(one.place)
        yield
    finally:
        stop(instance / "spool/pid/master.pid")


_EXIM = """\
exim_path = /usr/local/sbin/exim4
spool_directory = {here}/spool
log_file_path = {here}/log-%s
pid_file_path = {here}/pid
exim_user = Debian-exim
exim_group = Debian-exim
never_users =
primary_hostname = exim.test
local_interfaces = {interfaces}
tls_on_connect_ports = 465
tls_advertise_hosts = ${{lookup{{$received_ip_address}}lsearch{{{here}/clear}}{{}}{{*}}}}
tls_certificate = {here}/$received_ip_address.chain
tls_privatekey = {here}/$received_ip_address.key
tls_require_ciphers = ${{lookup{{$received_ip_address}}lsearch{{{here}/priority}}{{$value}}{{NORMAL}}}}
host_lookup =
rfc1413_hosts =
keep_environment =
smtp_accept_max = 0
acl_smtp_mail = check
acl_smtp_rcpt = accept
acl_smtp_data = discard
begin acl
check:
  deny message = 530 5.7.0 TLS is required
       condition = ${{lookup{{$received_ip_address}}lsearch{{{here}/required}}{{yes}}{{no}}}}
       !encrypted = *
  accept
"""
_PRIORITY = {TLS_1_2: "NORMAL:-VERS-TLS1.3", TLS_1_3: "NORMAL:-VERS-ALL:+VERS-TLS1.3"}


@contextlib.contextmanager
def exim_hosts(where: Path, hosts: Sequence[TlsHost]) -> Iterator[None]:
    """Run one Exim (GnuTLS) for all of them."""
    here = where / "exim-hosts"
    (here / "spool").mkdir(parents=True)
    for one in hosts:
        (here / f"{one.address}.key").write_bytes(one.key.read_bytes())
        (here / f"{one.address}.chain").write_bytes(one.chain.read_bytes())
    tables = {
        "clear": [f"{one.address}: 1" for one in hosts if one.mode == NO_TLS],
        "required": [f"{one.address}: 1" for one in hosts if one.mode == REQUIRED],
        "priority": [f"{one.address}: {_PRIORITY[one.versions]}" for one in hosts if one.versions != ANY],
    }  # fmt: skip
    for name, lines in tables.items():
        (here / name).write_text("".join(f"{line}\n" for line in lines))
    run("chown", "-R", "Debian-exim", here, cwd=where)
    interfaces = " : ".join(f"{one.address}.{one.port}" for one in hosts)
    conf = where / "exim-hosts.conf"
    conf.write_text(_EXIM.format(here=here, interfaces=interfaces))
    with daemon(["exim4", "-C", conf, "-bdf"], where, [one.place for one in hosts], "exim"):
        yield


_OPENSSL = """\
openssl_conf = c
[c]
ssl_conf = s
[s]
system_default = d
[d]
MinProtocol = {low}
MaxProtocol = {high}
"""
_BOUNDS = {ANY: (TLS_1_2, TLS_1_3), TLS_1_2: (TLS_1_2, TLS_1_2), TLS_1_3: (TLS_1_3, TLS_1_3)}
_SCRIPT = """\
mount --make-rprivate /
mount --bind {here}/resolv.conf /etc/resolv.conf
mount -t tmpfs none /var/spool
mount -t tmpfs none /var/lib
mount -t tmpfs none /run
mkdir -p /var/lib/opensmtpd/empty
OPENSSL_CONF={here}/openssl.cnf exec /usr/local/sbin/smtpd -d -f {here}/conf
"""


@contextlib.contextmanager
def opensmtpd_hosts(where: Path, hosts: Sequence[TlsHost]) -> Iterator[None]:
    """Run an OpenSMTPD for each range of protocol versions."""
    with contextlib.ExitStack() as started:
        for versions in sorted({one.versions for one in hosts}):
            chosen = [one for one in hosts if one.versions == versions]
            here = where / f"opensmtpd-{versions}"
            here.mkdir()
            _write_opensmtpd(here, chosen, versions)
            (here / "resolv.conf").write_bytes((where / "resolv.conf").read_bytes())
            command = ["unshare", "-m", "sh", "-c", _SCRIPT.format(here=here)]
            places = [one.place for one in chosen]
            started.enter_context(daemon(command, here, places, "smtpd"))
        yield


def _write_opensmtpd(here: Path, hosts: Sequence[TlsHost], versions: str) -> None:
    words = {NO_TLS: "", OPTIONAL: "tls", REQUIRED: "tls-require", IMPLICIT: "smtps"}
    lines = []
    for one in hosts:
        key = here / f"{one.address}.key"
        key.touch(0o600)
        key.write_bytes(one.key.read_bytes())
        pki = f"pki {one.address}" if one.mode != NO_TLS else ""
        if pki:
            lines += [f'{pki} cert "{one.chain}"', f'{pki} key "{key}"']
        lines.append(
            f"listen on {one.address} port {one.port} {words[one.mode]} {pki} hostname {one.name}"
        )
    lines += [
        'action "drop" relay host smtp://127.0.25.254',
        'match from any for any action "drop"',
    ]
    (here / "conf").write_text("".join(f"{line}\n" for line in lines))
    low, high = _BOUNDS[versions]
    (here / "openssl.cnf").write_text(_OPENSSL.format(low=low, high=high))


@contextlib.contextmanager
def aiosmtpd_hosts(where: Path, hosts: Sequence[TlsHost]) -> Iterator[None]:
    """Run one process of aiosmtpd for all of them."""
    places = [
        {"address": one.address, "port": one.port, "name": one.name, "key": str(one.key),
         "chain": str(one.chain), "mode": one.mode, "versions": one.versions}
        for one in hosts
    ]  # fmt: skip
    (where / "aiosmtpd.json").write_text(json.dumps(places))
    script = ROOT / "tests/peers/aiosmtpd_server.py"
    with daemon(
        [sys.executable, script, where / "aiosmtpd.json"],
        where,
        [one.place for one in hosts],
        "aiosmtpd",
    ):
        yield
