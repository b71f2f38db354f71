"""The lab's recursor claims what validation would say; here Unbound validates the same zones."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from mxwalk.clock import SystemClock
from mxwalk.dns.resolver import StubResolver
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.lab.dns_server import LabDns
from mxwalk.lab.zones import ZoneFault
from tests.lab.dns_client import zones

pytestmark = pytest.mark.peers
NEEDS = ("unbound",)

ADDRESS, PORT = "127.0.59.53", 5399  # nobody else is given a port of this address
QUESTIONS = [
    (".", "DNSKEY"),
    ("example.com", "MX"),
    ("mx1.example.com", "MX"),
    ("_25._tcp.bad.example.com", "TLSA"),
    ("no.example.com", "A"),
    ("a.b.example.com", "A"),
    ("in.tree.example.com", "A"),
    ("x.y.wild.example.com", "TXT"),
    ("x.wild.example.com", "A"),
    ("alias.example.com", "A"),
    ("away.example.com", "A"),
    ("mx2.old.example.com", "A"),
    ("mx2.hosting.example", "A"),
    ("plain.example.com", "A"),
    ("plain.example.com", "DS"),
    ("1.2.0.192.in-addr.arpa", "PTR"),
    ("big.example.com", "TXT"),
    ("nosuchtld", "A"),
]
CONFIGURATION = """
server:
  interface: {address}@{port}
  outgoing-interface: 127.0.0.1
  do-not-query-localhost: no
  do-daemonize: no
  chroot: ""
  username: ""
  directory: "{where}"
  pidfile: ""
  use-syslog: no
  logfile: "{where}/unbound.log"
  trust-anchor-file: "{where}/anchor"
  module-config: "validator iterator"
  val-log-level: 2
  ede: yes
  local-zone: "test." nodefault
  local-zone: "example." nodefault
  local-zone: "2.0.192.in-addr.arpa." nodefault
  local-zone: "8.b.d.0.1.0.0.2.ip6.arpa." nodefault
remote-control:
  control-enable: no
forward-zone:
  name: "."
  forward-addr: 127.0.0.1@{lab_port}
"""


@asynccontextmanager
async def both(where: Path, specs) -> AsyncIterator[tuple[StubResolver, StubResolver]]:
    """Ask the lab itself, and an Unbound that validates what the lab gives it."""
    lab = LabDns(specs, {}, clock=SystemClock())
    await lab.start()
    where.chmod(0o755)
    (where / "anchor").write_text(f"{lab.trust_anchor}\n")
    (where / "unbound.conf").write_text(
        CONFIGURATION.format(address=ADDRESS, port=PORT, where=where, lab_port=lab.port)
    )
    unbound = await asyncio.create_subprocess_exec(
        shutil.which("unbound") or "unbound", "-d", "-c", str(where / "unbound.conf")
    )
    validating = StubResolver([(ADDRESS, PORT)], 10.0)
    try:
        async with asyncio.timeout(60):
            while (await validating.query(".", "NS")).status is DnsStatus.UNREACHABLE:
                await asyncio.sleep(0.02)
        yield StubResolver([(lab.address, lab.port)], 10.0), validating
    finally:
        unbound.terminate()
        await unbound.wait()
        await lab.stop()


def meaning(answer: DnsAnswer) -> tuple[DnsStatus, bool, tuple[str, ...], tuple[str, ...]]:
    records = tuple(sorted(answer.records())) if answer.status is DnsStatus.OK else ()
    return answer.status, answer.authentic, answer.cname_hops, records


@pytest.mark.parametrize("iterations", [None, 0, 3, 500])
async def test_unbound_reads_the_labs_zones_as_the_lab_does(tmp_path, iterations):
    async with both(tmp_path, zones(nsec3_iterations=iterations)) as (lab, unbound):
        for question in QUESTIONS:
            expected, found = await lab.query(*question), await unbound.query(*question)
            assert meaning(found) == meaning(expected), question


@pytest.mark.parametrize("fault", list(ZoneFault))
async def test_unbound_objects_to_what_the_lab_says_is_wrong(tmp_path, fault):
    async with both(tmp_path, zones(fault)) as (lab, unbound):
        expected, found = [await each.query("example.com", "MX") for each in (lab, unbound)]
        assert meaning(found) == meaning(expected)
        # The first answer's reason: Unbound calls what it has found bogus before just that.
        codes = [[error.code for error in each.extended_errors] for each in (expected, found)]
        assert codes[0] == codes[1]
        expected, found = [await each.query("no.example.com", "A") for each in (lab, unbound)]
        assert meaning(found) == meaning(expected)
