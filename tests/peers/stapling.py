"""An SMTP server on loopback that staples what it is given, and a real Exim that delivers to it."""

import contextlib
import re
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

from OpenSSL import SSL

from tests.peers.openssl_ca import write
from tests.tls.pki import Issued

_CONFIGURATION = """\
primary_hostname = probe.test
exim_path = /usr/local/sbin/exim4
spool_directory = {here}/spool
log_file_path = {here}/log-%s
pid_file_path = {here}/pid
log_selector = +tls_certificate_verified
keep_environment =
never_users =
begin routers
all:
  driver = manualroute
  route_list = * 127.0.0.1
  self = send
  transport = smtp
begin transports
smtp:
  driver = smtp
  port = {port}
  hosts_require_tls = *
  tls_verify_certificates = {here}/root.pem
  tls_verify_cert_hostnames =
  {settings}
  connect_timeout = 5s
  command_timeout = 5s
begin retry
* * F,1d,1h
"""


@contextlib.contextmanager
def stapling(chain: tuple[Issued, ...], staple: bytes, where: Path) -> Iterator[int]:
    """Serve one SMTP connection with STARTTLS; yields the port."""
    leaf = write(chain[0], where, "leaf")
    leaf.write_bytes(b"".join(one.pem for one in chain))
    context = SSL.Context(SSL.TLS_METHOD)
    context.use_certificate_chain_file(str(leaf))
    context.use_privatekey_file(str(leaf.with_suffix(".key")))
    context.set_ocsp_server_callback(lambda *_: staple)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(10)
        thread = threading.Thread(target=_serve, args=(listening, context))
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            thread.join(25)  # nobody came: the wait for a connection ends before
            assert not thread.is_alive()


def _serve(listening: socket.socket, context: SSL.Context) -> None:
    with contextlib.suppress(TimeoutError), listening.accept()[0] as plain:
        plain.settimeout(10)
        for said in (b"220 mx", b"250-mx\r\n250 STARTTLS", b"220 go ahead"):
            plain.sendall(said + b"\r\n")
            if not said.startswith(b"220 go"):
                plain.recv(4096)
        plain.settimeout(None)  # OpenSSL reads the socket itself
        secured = SSL.Connection(context, plain)
        secured.set_accept_state()
        with contextlib.suppress(SSL.Error):
            secured.do_handshake()
            while said := secured.recv(4096):
                data = said[:4].upper() == b"DATA"
                secured.sendall(b"354 go ahead\r\n" if data else b"250 taken\r\n")


def exim_delivers(port: int, root: Issued, settings: str, where: Path) -> tuple[bool, str]:
    """Send a message with Exim; return whether it was delivered over a verified connection, and the log."""
    (where / "spool").mkdir()
    where.chmod(0o755)
    subprocess.run(["chown", "-R", "Debian-exim", where], check=True)
    (where / "root.pem").write_bytes(root.pem)
    text = _CONFIGURATION.format(here=where, port=port, settings=settings.format(here=where))
    (where / "configuration").write_text(text)
    subprocess.run(
        ["/usr/local/sbin/exim4", "-C", where / "configuration", "-odf", "-f", "a@probe.test", "u@example.test"],
        input=b"Subject: test\n\ntest\n", capture_output=True, timeout=40, check=True,
    )  # fmt: skip
    log = (where / "log-main").read_text()
    line = re.search(r"^.* (=>|==|\*\*) u@.*$", log, re.MULTILINE)
    assert line, log
    return line[1] == "=>" and " CV=yes" in line[0], line[0]
