"""Real TLS servers behind STARTTLS on loopback, each with a configuration of its own.

``openssl s_server`` speaks no STARTTLS, so a small front in this process speaks SMTP up to the 220 and
then passes bytes on.  Postfix and Exim are started as they are, one service or port a configuration.
"""

import contextlib
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from tests.peers.servers import POSTFIX_SERVICES, run, stop

S_SERVER, POSTFIX, EXIM = "127.0.28.1", "127.0.28.2", "127.0.28.3"
HOST = "mx.example.test"
FIRST_PORT = 2610
_READY_S = 10.0


def make_certificates(where: Path) -> None:
    """Make a root, an intermediate, and leaves with an EC and an RSA key, with openssl."""
    ca = ("basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign")
    leaf = ("basicConstraints=critical,CA:FALSE", f"subjectAltName=DNS:{HOST}",
            "extendedKeyUsage=serverAuth")  # fmt: skip
    ec = ("ec", "-pkeyopt", "ec_paramgen_curve:P-256")
    _issue(where, "root", "", "/CN=Facts Root", ca, ec)
    _issue(where, "inter", "root", "/O=Facts/CN=Facts Intermediate", ca, ec)
    _issue(where, "ecdsa", "inter", f"/CN={HOST}", leaf, ec)
    _issue(where, "rsa", "inter", f"/CN={HOST}", leaf, ("rsa:2048",))
    inter = (where / "inter.pem").read_text()
    for name in ("ecdsa", "rsa"):
        key, own = (where / f"{name}.key").read_text(), (where / f"{name}.pem").read_text()
        (where / f"{name}-chain.pem").write_text(own + inter)
        (where / f"{name}-all.pem").write_text(key + own + inter)


def _issue(
    where: Path, name: str, issuer: str, subject: str, lines: tuple[str, ...], key: tuple[str, ...]
) -> None:
    run("openssl", "req", "-nodes", "-newkey", *key, "-keyout", f"{name}.key",
        "-out", f"{name}.csr", "-subj", subject, cwd=where)  # fmt: skip
    (where / f"{name}.ext").write_text("\n".join(lines) + "\n")
    signer = ("-CA", f"{issuer}.pem", "-CAkey", f"{issuer}.key", "-CAcreateserial") if issuer else (
        "-signkey", f"{name}.key")  # fmt: skip
    run("openssl", "x509", "-req", "-in", f"{name}.csr", *signer, "-days", "20",
        "-extfile", f"{name}.ext", "-out", f"{name}.pem", cwd=where)  # fmt: skip


@contextlib.contextmanager
def s_server(
    where: Path, port: int, leaf: str, *options: str, configuration: str = ""
) -> Iterator[None]:
    """Run s_server with these options behind a front at ``S_SERVER:port``."""
    environment = {"PATH": "/usr/bin:/bin"}
    if configuration:
        file = where / f"openssl-{port}.cnf"
        file.write_text(configuration)
        environment["OPENSSL_CONF"] = str(file)
    inner = port + 500
    command = ["openssl", "s_server", "-accept", f"{S_SERVER}:{inner}", "-rev",
               "-cert", f"{leaf}.pem", "-key", f"{leaf}.key",
               *options]  # fmt: skip
    with (
        (where / f"s_server-{port}.log").open("wb") as log,
        subprocess.Popen(command, cwd=where, env=environment, stdout=log, stderr=log) as process,
    ):
        try:
            wait_for((S_SERVER, inner))
            with _front(port, inner):
                yield
        finally:
            process.kill()


@contextlib.contextmanager
def _front(port: int, inner: int) -> Iterator[None]:
    with socket.create_server((S_SERVER, port)) as listener:
        ended = threading.Event()
        thread = threading.Thread(target=_accept, args=(listener, inner, ended), daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            with contextlib.suppress(OSError):
                socket.create_connection((S_SERVER, port), 1).close()
            thread.join(5)


def _accept(listener: socket.socket, inner: int, ended: threading.Event) -> None:
    while True:
        client, _ = listener.accept()
        if ended.is_set():
            client.close()
            return
        threading.Thread(target=_serve, args=(client, inner), daemon=True).start()


def _serve(client: socket.socket, inner: int) -> None:
    with client, contextlib.suppress(OSError):
        client.settimeout(20)
        client.sendall(f"220 {HOST} ESMTP\r\n".encode())
        while line := _line(client):
            verb = line[:8].upper()
            if verb == b"STARTTLS":
                client.sendall(b"220 2.0.0 ready\r\n")
                break
            answer = b"250-%b\r\n250 STARTTLS\r\n" % HOST.encode()
            client.sendall(answer if verb[:4] in (b"EHLO", b"HELO") else b"221 2.0.0 bye\r\n")
        else:
            return
        with socket.create_connection((S_SERVER, inner), 5) as server:
            server.settimeout(20)
            back = threading.Thread(target=_pass, args=(server, client), daemon=True)
            back.start()
            _pass(client, server)
            back.join(20)


def _line(client: socket.socket) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        octet = client.recv(1)
        if not octet:
            return b""
        line += octet
    return line


def _pass(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def wait_for(place: tuple[str, int]) -> None:
    """Wait until something listens there."""
    until = time.monotonic() + _READY_S
    while True:
        try:
            socket.create_connection(place, 1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


@contextlib.contextmanager
def postfix(where: Path, services: dict[int, tuple[str, ...]]) -> Iterator[None]:
    """Run one Postfix with a service for each port, each with its own ``-o`` options."""
    for name in ("pf", "spool", "data"):
        (where / name).mkdir()
    (where / "pf/main.cf").write_text(
        f"compatibility_level = 3.6\nqueue_directory = {where}/spool\ndata_directory = {where}/data\n"
        f"daemon_directory = /usr/lib/postfix/sbin\nmaillog_file = {where}/mail.log\n"
        f"maillog_file_prefixes = {where}\ninet_protocols = ipv4\nmyhostname = {HOST}\n"
        "mydestination =\nalias_maps =\nlocal_recipient_maps =\nmax_idle = 1h\nnotify_classes =\n"
        "smtpd_peername_lookup = no\nsmtpd_tls_security_level = may\nsmtpd_tls_loglevel = 1\n"
        f"smtpd_tls_chain_files = {where}/ecdsa-all.pem\nsmtpd_relay_restrictions = reject\n"
    )
    master = "".join(
        f"{POSTFIX}:{port} inet n - n - - smtpd\n"
        + "".join(f"    -o {{ {one} }}\n" for one in options)
        for port, options in services.items()
    )
    (where / "pf/master.cf").write_text(master + POSTFIX_SERVICES)
    (where / "mail.log").touch()
    run("chown", "postfix", where / "data", cwd=where)
    try:
        run("postfix", "-c", where / "pf", "start", cwd=where)
        for port in services:
            wait_for((POSTFIX, port))
        yield
    finally:
        stop(where / "spool/pid/master.pid")


@contextlib.contextmanager
def exim(where: Path, priorities: dict[int, str], asking: int) -> Iterator[None]:
    """Run one Exim (GnuTLS) with a priority string for each port; ``asking`` wants a certificate."""
    for name in ("exim-spool", "exim-log"):
        (where / name).mkdir()
        run("chown", "Debian-exim", where / name, cwd=where)
    for kind in ("ecdsa", "rsa"):
        (where / f"exim-{kind}.key").write_bytes((where / f"{kind}.key").read_bytes())
        run("chown", "Debian-exim", where / f"exim-{kind}.key", cwd=where)
    chosen = "NORMAL"
    for port, priority in priorities.items():
        chosen = f"${{if eq{{$received_port}}{{{port}}}{{{priority}}}{{{chosen}}}}}"
    (where / "exim.conf").write_text(
        f"exim_path = /usr/local/sbin/exim4\nspool_directory = {where}/exim-spool\n"
        f"log_file_path = {where}/exim-log/%slog\npid_file_path = {where}/exim.pid\n"
        "exim_user = Debian-exim\nexim_group = Debian-exim\nnever_users =\n"
        f"primary_hostname = {HOST}\nlocal_interfaces = {EXIM}\ntls_advertise_hosts = *\n"
        f"daemon_smtp_ports = {' : '.join(map(str, priorities))}\n"
        f"tls_certificate = {where}/rsa-chain.pem\ntls_privatekey = {where}/exim-rsa.key\n"
        f"tls_require_ciphers = {chosen}\ntls_verify_certificates = {where}/root.pem\n"
        f"tls_try_verify_hosts = ${{if eq{{$received_port}}{{{asking}}}{{*}}{{}}}}\n"
        "host_lookup =\nrfc1413_hosts =\nkeep_environment =\n"
        "acl_smtp_rcpt = accept\nacl_smtp_data = deny\n"
    )
    try:
        run("exim4", "-C", where / "exim.conf", "-bd", cwd=where)
        for port in priorities:
            wait_for((EXIM, port))
        yield
    finally:
        stop(where / "exim.pid")
