"""A real Exim as a receiving host whose TLS is GnuTLS's: it takes any message and throws it away."""

from pathlib import Path

from tests.peers.servers import run

_CONFIGURATION = """\
exim_path = /usr/local/sbin/exim4
spool_directory = {here}/spool
log_file_path = {here}/log-%s
pid_file_path = {here}/pid
exim_user = Debian-exim
exim_group = Debian-exim
never_users =
primary_hostname = {name}
daemon_smtp_ports = {port}
local_interfaces = {address}
tls_advertise_hosts = *
tls_certificate = {here}/chain.pem
tls_privatekey = {here}/chain.pem
tls_require_ciphers = {priority}
host_lookup =
rfc1413_hosts =
keep_environment =
smtp_accept_max = 0
acl_smtp_rcpt = accept
acl_smtp_data = discard
"""


def start_exim_host(
    where: Path, name: str, address: str, port: int, chain: Path, priority: str
) -> Path:
    """Start it with key and chain from one file and a priority string of GnuTLS; return its pid file."""
    here = where / f"host-{address}"
    (here / "spool").mkdir(parents=True)
    (here / "chain.pem").write_bytes(chain.read_bytes())
    run("chown", "-R", "Debian-exim", here, cwd=where)
    (here / "configuration").write_text(
        _CONFIGURATION.format(here=here, name=name, address=address, port=port, priority=priority)
    )
    run("exim4", "-C", here / "configuration", "-bd", cwd=where)
    return here / "pid"
