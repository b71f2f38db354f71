"""A walk to a domain of the levels' lab, validating from the lab's own trust anchor."""

import asyncio
from collections.abc import Mapping

import msgspec

from mxwalk.clock import SystemClock
from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.model import Delivery
from mxwalk.dns.resolver import StubResolver
from mxwalk.dnssec.anchors import read_anchors
from mxwalk.evidence.target import Options, Timeouts
from mxwalk.net.dialer import SystemDialer
from mxwalk.tls.store import LoadedStore
from mxwalk.walk.live import ValidationTools
from mxwalk.walk.target import parse_target
from mxwalk.walk.walker import Walk
from tests.peers.level_zones import DNS_PORT, RECURSOR
from tests.peers.situations import root

OPTIONS = Options(
    helo="probe.example.net",
    timeouts=Timeouts(dns_s=5, connect_s=5, greeting_s=20, command_s=20, tls_s=20, quit_s=5),
)
_AT_ONCE = 4
SERVERS = [(RECURSOR, DNS_PORT)]


async def walked(
    domain: str, anchor: str, *, without_sni: bool = False, envelope: bool = False
) -> Delivery:
    """Walk to the domain, or a target, to the end; ``anchor`` is the DNSKEY line of the lab's zone.

    With ``envelope`` a sender and a recipient are asked for as well.
    """
    options = msgspec.structs.replace(OPTIONS, trust_anchor=anchor, without_sni=without_sni)
    if envelope:
        names = {"mail_from": "try@levels.invalid", "rcpt_to": f"u@{domain}"}
        options = msgspec.structs.replace(options, **names)
    walk = Walk(
        parse_target(domain if "@" in domain or ":" in domain else f"u@{domain}"),
        options,
        dialer=SystemDialer(),
        resolver=StubResolver(SERVERS, 5.0),
        store=LoadedStore.from_pem("lab", "peers", root().pem),
        clock=SystemClock(),
        validation=ValidationTools(
            StubResolver(SERVERS, 5.0, checking_disabled=True), read_anchors(anchor)
        ),
    )
    try:
        async for _ in walk:
            pass
    finally:
        await walk.close()
    return build_delivery(walk.trace)


async def all_walked(
    targets: Mapping[str, str], anchor: str, *, without_sni: bool = False, envelope: bool = False
) -> dict[str, Delivery]:
    """Walk to every target (by label), a few at a time; return the deliveries by label."""
    slots = asyncio.Semaphore(_AT_ONCE)

    async def one(label: str, target: str) -> tuple[str, Delivery]:
        async with slots:
            return label, await walked(target, anchor, without_sni=without_sni, envelope=envelope)

    return dict(await asyncio.gather(*(one(*each) for each in targets.items())))
