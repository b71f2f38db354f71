"""A lab of real servers for what senders do: signed zones, receiving hosts, a sending Postfix.

NSD and Unbound stand on port 53 of loopback addresses, so that referrals work; the receiving Postfix
has one smtpd line for each host.  A situation is a mail domain below ``test`` with its hosts.
"""

import contextlib
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.peers.exim_host import start_exim_host
from tests.peers.level_hosts import SMTP_PORT, Scripted, our_hosts, pem_of, start_receiver
from tests.peers.level_zones import SILENT, Failing, start_dns, zone_files
from tests.peers.our_host import OurHosts
from tests.peers.sending import start_sender
from tests.peers.servers import stop
from tests.peers.situations import EXIM, POSTFIX, SCRIPTED, Host, Situation, prepare, situations


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
        stop(where / "sender/spool/pid/master.pid")  # before the hosts it still delivers to
        further.close()
        silent.close()
        failing.close()
        for server in started.scripted:
            server.close()
        if started.ours:
            started.ours.close()
        for pidfile in started.pidfiles:
            stop(pidfile)
        for pidfile in ("receiver/spool/pid/master.pid", "unbound.pid", "nsd.pid"):
            stop(where / pidfile)
