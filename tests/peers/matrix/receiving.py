"""Receiving hosts: four servers in every scenario, walked by us and looked at by four tools."""

import asyncio
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives import serialization

from mxwalk.delivery.model import Delivery
from mxwalk.findings.registry import check
from mxwalk.senders.model import Outcome
from mxwalk.senders.registry import profile
from tests.peers.levels import Lab, lab
from tests.peers.matrix import delivering, tools
from tests.peers.matrix.opinions import Opinion
from tests.peers.matrix.scenarios import (
    BY_NAME,
    EXPIRED,
    NO_ISSUER,
    NOT_YET,
    PEERS,
    SELF_SIGNED,
    TRUSTED,
    WRONG_NAME,
    Scenario,
    situations,
)
from tests.peers.matrix.section import Section
from tests.peers.situations import Host, Situation, middle, root
from tests.peers.tls_hosts import (
    IMPLICIT,
    NO_TLS,
    REQUIRED,
    TlsHost,
    aiosmtpd_hosts,
    exim_hosts,
    opensmtpd_hosts,
    postfix_hosts,
)
from tests.peers.walked import all_walked

TITLE = "Receiving hosts"
PROGRAMS = (
    "postfix", "exim4", "smtpd", "nsd", "unbound", "ldns-signzone", "unshare", "openssl",
    "posttls-finger", "swaks", "ldns-dane",
)  # fmt: skip
RUNS = {
    "postfix": postfix_hosts,
    "exim": exim_hosts,
    "opensmtpd": opensmtpd_hosts,
    "aiosmtpd": aiosmtpd_hosts,
}
_CERTIFICATE = {
    "CERT002": EXPIRED, "CERT003": NOT_YET, "CERT005": SELF_SIGNED, "CERT006": NO_ISSUER,
}  # fmt: skip
_AT_ONCE = 4
_IN_CLEAR = ("no-tls", "starttls", "required")
_INTRO = (
    "Each server is walked by us and looked at by `openssl s_client`, `posttls-finger` (at `verify`, and at"
    " `dane` where there are TLSA records) and `swaks --tls-verify`, which says only whether it trusts what"
    " it sees; `swaks` is also run without TLS where that tells.  Where there are TLSA records `ldns-dane`, which"
    " speaks no STARTTLS, holds them against the chain that the server was set up with."
)


def scenario_of(host: Host) -> Scenario:
    """Return the scenario a host is in, by its mail domain."""
    label = host.name.split(".")[-2]  # mx1.<scenario>-<peer>.test
    return BY_NAME[label.rpartition("-")[0]]


def tls_host(where: Path, host: Host) -> TlsHost:
    """Write a host's key and chain; return it as the servers want it."""
    assert host.leaf is not None
    key = host.leaf.key.private_bytes(  # type: ignore[attr-defined]
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    parts = {"leaf": host.leaf, "middle": middle(), "root": root()}
    files = where / f"{host.address}.key", where / f"{host.address}.chain"
    files[0].write_bytes(key)
    files[1].write_bytes(b"".join(parts[word].pem for word in host.chain.split()))
    scenario = scenario_of(host)
    return TlsHost(host.address, host.name, *files, scenario.mode, scenario.versions)


def _starter(
    runs: Callable[[Path, Sequence[TlsHost]], AbstractContextManager[None]],
    where: Path,
    hosts: list[Host],
) -> AbstractContextManager[None]:
    return runs(where, [tls_host(where, host) for host in hosts])


def receiving(where: Path) -> AbstractContextManager[Lab]:
    """Run every peer in every scenario for the length of the block."""
    starters = {kind: partial(_starter, runs) for kind, runs in RUNS.items()}
    return lab(where, list(situations()), starters)


def surveys() -> tuple[Section, Section]:
    """Run the servers; return what everybody said of every host, and what senders did with messages."""
    with (
        tempfile.TemporaryDirectory(prefix="mxwalk-receiving-") as directory,
        receiving(Path(directory)) as started,
    ):
        (started.directory / "anchor.key").write_text(started.anchor)
        waiting = delivering.submitted(started)
        deliveries = asyncio.run(_walked(started))
        seen = [opinion for one in started.situations for opinion in _ours(one, deliveries)]
        asked = [
            (one.hosts[0].kind, tools.Asked(started, one.domain, _known(started, one.hosts[0])))
            for one in started.situations
        ]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for several in pool.map(lambda one: list(_theirs(*one)), asked):
                seen += several
        sent = delivering.opinions(started, waiting, deliveries)
    rows = {name: _by_rights(one) for name, one in BY_NAME.items()}
    to_port_25 = {name: words for name, words in rows.items() if BY_NAME[name].mode != IMPLICIT}
    heads = ("Situation", "what it is")
    peers = tuple(PEERS.values())
    return (
        Section(TITLE, _INTRO, heads, rows, peers, seen),
        Section(delivering.TITLE, delivering.INTRO, heads, to_port_25, peers, sent),
    )


def _known(started: Lab, host: Host) -> TlsHost:
    files = started.directory / f"{host.address}.key", started.directory / f"{host.address}.chain"
    scenario = scenario_of(host)
    return TlsHost(host.address, host.name, *files, scenario.mode, scenario.versions)


async def _walked(started: Lab) -> Mapping[str, Delivery]:
    """Return our walks by the situations' labels."""
    targets = {}
    for one in started.situations:
        (host,) = one.hosts
        implicit = scenario_of(host).mode == IMPLICIT
        targets[one.label] = f"{host.name}:465" if implicit else f"u@{one.domain}"
    return await all_walked(targets, started.anchor, without_sni=True)


def _ours(one: Situation, deliveries: Mapping[str, Delivery]) -> Iterator[Opinion]:
    (host,) = one.hosts
    scenario = scenario_of(host)
    said = _read(deliveries[one.label])
    opinion = partial(Opinion, TITLE, scenario.name, PEERS[host.kind])
    yield opinion("mxwalk", said[0], _by_rights(scenario))
    if scenario.dane is not None:
        yield opinion("mxwalk, DANE", said[1], _dane(scenario))


def _by_rights(scenario: Scenario) -> str:
    match scenario.mode:
        case "none":
            return tools.NO_STARTTLS
        case "implicit":
            return "implicit TLS"
        case _:
            return f"{scenario.protocol}, {scenario.certificate}"


def _dane(scenario: Scenario) -> str:
    if scenario.mode == NO_TLS:
        return "no TLS"
    return "match" if scenario.dane else "no match"


def _read(delivery: Delivery) -> tuple[str, str]:
    """Return what a walk's findings say: version and certificate, and of TLSA records."""
    codes = {one.code for one in check(delivery)}
    if "CONN014" in codes:
        return "implicit TLS", ""
    dane = {"DANE001": "match", "DANE002": "no match", "DANE003": "no TLS"}
    by_records = next((word for code, word in dane.items() if code in codes), "")
    if "STLS001" in codes:
        return tools.NO_STARTTLS, by_records
    if "STLS007" in codes:
        return tools.ALERT, by_records
    certificate = next((word for code, word in _CERTIFICATE.items() if code in codes), "")
    if not certificate:
        verdict = profile("postfix:verify").judge(delivery)
        nameless = "no name of the certificate matches" in verdict.reason
        verified = verdict.outcome is Outcome.DELIVERED_VERIFIED
        certificate = TRUSTED if verified else WRONG_NAME if nameless else verdict.reason
    (attempt,) = delivery.attempts
    version = attempt.handshake.protocol if attempt.handshake else ""
    return f"{version}, {certificate}", by_records


def _theirs(kind: str, asked: tools.Asked) -> Iterator[Opinion]:
    label = asked.domain.removesuffix(".test")
    scenario = BY_NAME[label.rpartition("-")[0]]
    opinion = partial(Opinion, TITLE, scenario.name, PEERS[kind])
    shown = (
        f"{scenario.protocol}, {scenario.certificate}" if scenario.protocol else tools.NO_STARTTLS
    )
    yield opinion("s_client", tools.s_client(asked), shown)
    if scenario.dane is None:
        yield opinion("posttls-finger", tools.posttls_finger(asked, "verify"), shown)
    else:
        word = "Verified" if scenario.dane else "Untrusted"
        wanted = f"{scenario.protocol}, {word}" if scenario.protocol else tools.NO_STARTTLS
        yield opinion("posttls-finger", tools.posttls_finger(asked, "dane"), wanted)
    distrusted = scenario.protocol and scenario.certificate != TRUSTED
    yield opinion("swaks", tools.swaks(asked), tools.REFUSED if distrusted else shown)
    if scenario.name in _IN_CLEAR:
        clear = "530" if scenario.mode == REQUIRED else tools.TAKEN
        yield opinion("swaks without TLS", tools.swaks_in_clear(asked), clear)
    if scenario.dane is not None:
        said = tools.ldns_dane(asked, asked.host.chain)
        yield opinion(
            "ldns-dane", said, "match" if scenario.dane or not scenario.protocol else "no match"
        )
