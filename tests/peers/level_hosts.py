"""The receiving hosts of the senders' lab: a Postfix with a line for each, our own lab's, scripts that misbehave."""

import contextlib
import socket
import threading
from base64 import b64encode
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives import serialization

from mxwalk.lab.der_writer import integer, sequence
from mxwalk.lab.host import HostSpec
from mxwalk.lab.pki import ServerIdentity
from mxwalk.tls.dh_groups import GENERATOR, PRIMES
from tests.peers.our_host import OurHosts, Place
from tests.peers.servers import POSTFIX_SERVICES, run
from tests.peers.situations import OURS, POSTFIX, Host, Situation, middle, root

SMTP_PORT = 25
EHLO_1869 = b"250-STARTTLS\r\n250-mx.test\r\n250 8BITMIME\r\n"
EHLO_PLAIN = b"250-mx.test\r\n250 8BITMIME\r\n"
EHLO_TLS = b"250-mx.test\r\n250-STARTTLS\r\n250 8BITMIME\r\n"


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
        spec = HostSpec(
            at=(at,),
            name=host.name,
            certificate="leaf",
            tls=tls,
            greeting=host.greeting or None,
            ehlo=host.ehlo or None,
            ehlo_tls=host.ehlo_tls or None,
            replies=dict(host.replies),
        )
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
