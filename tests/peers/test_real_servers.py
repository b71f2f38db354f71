"""Walks against real Postfix, Unbound and NSD on loopback, and the same seen by openssl."""

import re
import subprocess
import tempfile
from pathlib import Path

import msgspec
import pytest

from mxwalk.clock import SystemClock
from mxwalk.delivery.build import build_delivery
from mxwalk.dns.resolver import StubResolver
from mxwalk.evidence.connection import Exchanged
from mxwalk.evidence.dns import DnsStatus
from mxwalk.evidence.target import Options, Timeouts
from mxwalk.evidence.trace import Trace
from mxwalk.findings.registry import check
from mxwalk.net.dialer import SystemDialer
from mxwalk.senders.registry import profile
from mxwalk.smtp.model import Reading
from mxwalk.tls.store import load_store
from mxwalk.walk.live import ValidationTools
from mxwalk.walk.target import parse_target
from mxwalk.walk.walker import Walk
from tests.peers.servers import DNS_PORT, EXIM, HOST, HOST2, MX, RECURSOR, SMTP_PORT, Peers, peers

pytestmark = pytest.mark.peers
NEEDS = ("postfix", "exim4", "nsd", "unbound", "ldns-signzone", "openssl")


@pytest.fixture(scope="module")
def servers():
    # Postfix's own user must be able to enter it, which pytest's directories do not allow.
    with (
        tempfile.TemporaryDirectory(prefix="mxwalk-peers-") as where,
        peers(Path(where)) as started,
    ):
        yield started


OPTIONS = Options(
    helo="probe.example.net",
    port=SMTP_PORT,
    timeouts=Timeouts(dns_s=5, connect_s=5, greeting_s=20, command_s=20, tls_s=20, quit_s=5),
)


def resolver(*, checking_disabled: bool = False) -> StubResolver:
    return StubResolver([(RECURSOR, DNS_PORT)], 5.0, checking_disabled=checking_disabled)


async def walked(servers: Peers, target: str = "user@example.test", **changes: object) -> Trace:
    walk = Walk(
        parse_target(target),
        msgspec.structs.replace(OPTIONS, **changes),
        dialer=SystemDialer(),
        resolver=resolver(),
        store=load_store(str(servers.ca_file)),
        clock=SystemClock(),
        validation=ValidationTools(resolver(checking_disabled=True), servers.anchors),
    )
    try:
        async for _ in walk:
            pass
    finally:
        await walk.close()
    return walk.trace


async def test_signed_zone_and_postfix_are_delivered_to_verified(servers):
    delivery = build_delivery(await walked(servers))
    assert [host.planned.name for host in delivery.hosts] == [HOST, HOST2]
    assert delivery.mx.answer.authentic  # Unbound validated with the zone's key
    first = delivery.hosts[0].attempts[0]
    assert first.handshake.protocol == "TLSv1.3"
    assert first.chain.errors == ()
    assert first.ehlo.offers("STARTTLS", Reading.STRICT)
    assert not first.ehlo_tls.offers("STARTTLS", Reading.STRICT)
    assert first.reply(first.steps[-1].kind).code == 221
    for sender in ("esa:5", "esa:6"):
        assert profile(sender).judge(delivery).outcome.value == "delivered-verified"


async def test_postfix_without_certificate_answers_454_and_verdicts_follow(servers):
    delivery = build_delivery(await walked(servers, f"{HOST2}:{SMTP_PORT}"))
    assert delivery.hosts[0].attempts[0].starttls.code == 454
    assert profile("esa:2").judge(delivery).outcome.value == "delivered-clear"
    assert profile("esa:5").judge(delivery).outcome.value == "deferred"
    assert "STLS002" in {finding.code for finding in check(delivery)}


async def test_envelope_is_accepted_and_no_message_is_queued(servers):
    trace = await walked(servers, mail_from="a@example.net", rcpt_to="user@example.test")
    replies = {
        s.kind.value: s.evidence.reply[:3]
        for s in trace.steps
        if isinstance(s.evidence, Exchanged) and s.scope.host == HOST
    }
    assert replies["mail"] == replies["rcpt"] == replies["rset"] == b"250"
    log = (servers.directory / "mail.log").read_text()
    assert "message-id" not in log
    assert "lost connection" not in log  # every session ended with QUIT


async def test_relaying_refused_by_postfix_is_a_bounce(servers):
    trace = await walked(servers, mail_from="a@example.net", rcpt_to="x@elsewhere.example")
    verdict = profile("esa:3").judge(build_delivery(trace))
    assert verdict.outcome.value == "bounced"


async def test_presented_chain_and_parameters_equal_what_openssl_sees(servers):
    delivery = build_delivery(await walked(servers))
    handshake = delivery.hosts[0].attempts[0].handshake
    seen = subprocess.run(
        ["openssl", "s_client", "-starttls", "smtp", "-connect", f"{MX}:{SMTP_PORT}",
         "-servername", HOST, "-showcerts"],
        input="QUIT\n", capture_output=True, text=True, timeout=30, check=False,
    ).stdout  # fmt: skip
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    pems = re.findall(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", seen, re.DOTALL)
    ders = [x509.load_pem_x509_certificate(p.encode()).public_bytes(Encoding.DER) for p in pems]
    assert list(handshake.presented) == ders[: len(handshake.presented)]
    assert handshake.protocol in seen
    assert handshake.cipher in seen
    assert handshake.signature.startswith("ecdsa")


async def test_exim_with_gnutls_is_walked_the_same_way(servers):
    delivery = build_delivery(await walked(servers, f"[{EXIM}]:{SMTP_PORT}"))
    attempt = delivery.hosts[0].attempts[0]
    assert b"Exim" in attempt.greeting.raw
    assert attempt.tls_is_up
    assert attempt.chain.errors == ()
    assert attempt.handshake.sni == ""  # an address is never sent as SNI (RFC 6066 3)
    assert attempt.handshake.signature.startswith("ecdsa")
    assert "PIPECONNECT" in attempt.ehlo.keywords(Reading.STRICT)
    assert attempt.reply(attempt.steps[-1].kind).code == 221


@pytest.mark.parametrize(
    ("qname", "rtype", "status"),
    [
        ("example.test", "MX", DnsStatus.OK),
        ("alias.example.test", "A", DnsStatus.OK),
        ("example.test", "TLSA", DnsStatus.NODATA),
        ("missing.example.test", "A", DnsStatus.NXDOMAIN),
        ("big.example.test", "TXT", DnsStatus.OK),
    ],
)
async def test_answers_of_a_real_recursor_are_read(servers, qname, rtype, status):
    answer = await resolver().query(qname, rtype)
    assert answer.status is status
    assert answer.authentic
    if qname.startswith("alias"):
        assert answer.cname_hops == (HOST,)
    if qname.startswith("big"):
        assert answer.transport == "tcp"
