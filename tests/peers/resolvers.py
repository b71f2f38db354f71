"""Three authoritative servers and three validating resolvers, all on port 53 of loopback addresses.

NSD, named and knotd serve what ldns, BIND and Knot signed; Unbound, another named and kresd resolve
from the tree's own root and its key.  Each sends from its own loopback address, which no packet leaves.
"""

import contextlib
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import dns.exception
import dns.flags
import dns.message
import dns.query

from tests.peers.daemons import READY_S, daemon
from tests.peers.relay import Place, relayed
from tests.peers.signed_zones import AUTH, ROOT_SERVER, Tree, build

PORT = 53
SERVING, RESOLVING = "named-serving", "named-resolving"
NAMED_PORT = {SERVING: 5397, RESOLVING: 5398}
ASKING = "127.0.58.54"
_ATTEMPTS, _DELV_S = 3, 30
RESOLVERS: Mapping[str, Place] = {
    "Unbound": ("127.0.58.53", PORT),
    "BIND": ("127.0.0.1", NAMED_PORT[RESOLVING]),
    "Knot": ("127.0.58.55", PORT),
}
_NAMED = """\
options {{
  directory "{here}"; pid-file "{here}/pid"; session-keyfile "{here}/session"; lock-file none;
  managed-keys-directory "{here}"; listen-on port {port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }};
  query-source address {address}; allow-query {{ 127.0.0.0/8; }}; notify no; empty-zones-enable no;
  {options}
}};
controls {{ }};
"""


def _named(where: Path, name: str, address: str, options: str, more: str) -> list[str | Path]:
    """It listens on 127.0.0.1 (see ``relay``), and asks from an address of its own."""
    here = where / name
    here.mkdir()
    head = _NAMED.format(here=here, address=address, options=options, port=NAMED_PORT[name])
    (here / "conf").write_text(head + more)
    return ["named", "-4", "-g", "-n", "1", "-c", here / "conf"]


def _nsd(where: Path, zones: Mapping[str, Path]) -> list[str | Path]:
    (where / "nsd.conf").write_text(
        f'server:\n ip-address: {AUTH["ldns"]}@{PORT}\n username: ""\n zonesdir: "{where}"\n'
        f' database: ""\n pidfile: "{where}/nsd.pid"\n xfrdfile: "{where}/xfrd"\n'
        f' zonelistfile: "{where}/zones"\n server-count: 1\n rrl-ratelimit: 0\n'
        "remote-control:\n control-enable: no\n"
        + "".join(
            f'zone:\n name: "{origin}"\n zonefile: "{file}"\n' for origin, file in zones.items()
        )
    )
    return ["nsd", "-d", "-c", where / "nsd.conf"]


def _bind_server(where: Path, zones: Mapping[str, Path]) -> list[str | Path]:
    hints = f'zone "." {{ type hint; file "{where}/root.hints"; }};\n'
    served = "".join(
        f'zone "{origin}" {{ type primary; file "{file}"; check-names ignore; }};\n'
        for origin, file in zones.items()
    )
    return _named(
        where, SERVING, AUTH["bind"], "recursion no; dnssec-validation no;", hints + served
    )


def _knotd(where: Path, zones: Mapping[str, Path]) -> list[str | Path]:
    here = where / "knotd"
    here.mkdir()
    (here / "conf").write_text(
        f"server:\n    rundir: {here}\n    listen: {AUTH['knot']}@{PORT}\n    udp-workers: 1\n"
        "    tcp-workers: 1\n    background-workers: 1\n"
        f"log:\n  - target: stderr\n    any: warning\ndatabase:\n    storage: {here}\n"
        f"template:\n  - id: default\n    storage: {here}\n    semantic-checks: off\n"
        "    zonefile-sync: -1\n    journal-content: none\nzone:\n"
        + "".join(f"  - domain: {origin}\n    file: {file}\n" for origin, file in zones.items())
    )
    return ["knotd", "-c", here / "conf"]


def _unbound(where: Path) -> list[str | Path]:
    address, _ = RESOLVERS["Unbound"]
    (where / "unbound.conf").write_text(
        f'server:\n directory: "{where}"\n chroot: ""\n username: ""\n pidfile: "{where}/unbound.pid"\n'
        f" use-syslog: no\n interface: {address}@{PORT}\n access-control: 127.0.0.0/8 allow\n"
        f" do-ip6: no\n do-not-query-localhost: no\n ede: yes\n outgoing-interface: {address}\n"
        ' val-log-level: 2\n local-zone: "test." nodefault\n'
        f' root-hints: "{where}/root.hints"\n trust-anchor-file: "{where}/root.key"\n'
        "remote-control:\n control-enable: no\n"
    )
    return ["unbound", "-d", "-c", where / "unbound.conf"]


def _anchors(anchor: str) -> str:
    """Return the root's key as BIND has it."""
    words = anchor.partition(";")[0].split()
    flags, protocol, algorithm, *key = words[words.index("DNSKEY") + 1 :]
    return f'trust-anchors {{ . static-key {flags} {protocol} {algorithm} "{"".join(key)}"; }};\n'


def _bind_resolver(where: Path, anchor: str) -> list[str | Path]:
    hints = f'zone "." {{ type hint; file "{where}/root.hints"; }};\n'
    options = "recursion yes; dnssec-validation yes;"
    return _named(where, RESOLVING, ASKING, options, _anchors(anchor) + hints)


def _kresd(where: Path) -> list[str | Path]:
    address, _ = RESOLVERS["Knot"]
    here = where / "kresd"
    here.mkdir()
    (here / "conf").write_text(
        "net.ipv6 = false\n"
        f"net.listen('{address}', {PORT}, {{ kind = 'dns' }})\nnet.outgoing_v4('{address}')\n"
        "cache.size = 20 * MB\noption('ALLOW_LOCAL', true)\n"
        "modules.unload('detect_time_skew')\nmodules.unload('ta_update')\n"
        "modules = { 'hints', 'policy' }\n"
        f"hints.root({{ ['{ROOT_SERVER}'] = '{AUTH['ldns']}' }})\n"
        "policy.add(policy.suffix(policy.PASS, policy.todnames({ 'test.' })))\n"
        f"trust_anchors.add_file('{where}/root.key', true)\n"
    )
    return ["kresd", "-n", "-c", here / "conf", here]


@dataclass(frozen=True)
class Running:
    """Where the tree's resolvers are, and the anchor they have."""

    directory: Path
    anchor: str


@contextlib.contextmanager
def resolvers(where: Path) -> Iterator[Running]:
    """Sign the tree, run all six servers for the length of the block."""
    where.chmod(0o755)
    tree: Tree = build(where)
    (where / "root.key").write_text(tree.anchor)
    (where / "delv.anchor").write_text(_anchors(tree.anchor))
    (where / "root.hints").write_text(
        f". 3600 IN NS {ROOT_SERVER}\n{ROOT_SERVER} 3600 IN A {AUTH['ldns']}\n"
    )
    zones = tree.zones
    named = {name: ("127.0.0.1", port) for name, port in NAMED_PORT.items()}
    serving = {
        "nsd": (_nsd(where, zones["ldns"]), (AUTH["ldns"], PORT)),
        SERVING: (_bind_server(where, zones["bind"]), named[SERVING]),
        "knotd": (_knotd(where, zones["knot"]), (AUTH["knot"], PORT)),
        "unbound": (_unbound(where), RESOLVERS["Unbound"]),
        RESOLVING: (_bind_resolver(where, tree.anchor), named[RESOLVING]),
        "kresd": (_kresd(where), RESOLVERS["Knot"]),
    }
    with contextlib.ExitStack() as started:
        for name, (command, place) in serving.items():
            started.enter_context(daemon(command, where, [place], name))
            if name == SERVING:
                started.enter_context(relayed((AUTH["bind"], PORT), place))
        for place in RESOLVERS.values():
            _ready(place)
        yield Running(where, tree.anchor)


def _ready(place: Place) -> None:
    """Wait until it validates: kresd listens before it has learnt who serves the root."""
    until = time.monotonic() + READY_S
    query = dns.message.make_query("test", "SOA", want_dnssec=True)
    while True:
        with contextlib.suppress(dns.exception.Timeout):
            answer = dns.query.udp(query, place[0], 5.0, place[1])
            if answer.flags & dns.flags.AD:
                return
        if time.monotonic() > until:
            raise RuntimeError(f"the resolver at {place} does not validate")
        time.sleep(0.05)


def delv(running: Running, place: Place, qname: str, rtype: str) -> str:
    """Return what BIND's delv says of an answer it validates itself.

    Its exit code tells nothing; and once in some thousand runs it prints nothing and never ends.
    """
    command = [
        "delv", f"@{place[0]}", "-p", str(place[1]), "-4", "-a", "delv.anchor", "+root=.", "+cd",
        qname, rtype,
    ]  # fmt: skip
    for _ in range(_ATTEMPTS):
        with contextlib.suppress(subprocess.TimeoutExpired):
            done = subprocess.run(
                command, cwd=running.directory, check=False, capture_output=True, text=True,
                timeout=_DELV_S,
            )  # fmt: skip
            return done.stdout + done.stderr
    raise RuntimeError(f"{command} does not end")
