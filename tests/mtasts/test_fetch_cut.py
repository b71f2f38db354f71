"""A policy host that ends at any octet, or says anything else: a finding, never an exception."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from mxwalk.clock import FixedClock
from mxwalk.delivery.status import status
from mxwalk.evidence.fetch import Purpose
from mxwalk.evidence.step import StepKind
from mxwalk.findings.registry import check
from mxwalk.http.model import POLICY_TERMS, FetchLimits
from mxwalk.mtasts.advice import policy_url
from mxwalk.mtasts.fetch import FetchFault
from mxwalk.mtasts.state import StsStanding
from mxwalk.senders.model import Outcome
from mxwalk.senders.registry import profile
from mxwalk.tls.server import ServerEngine
from mxwalk.walk.steps.policies import policy_evidence, policy_limits
from tests.findings.sts_cases import policy
from tests.generated import examples
from tests.http.parts import ADDRESS, Names, fetcher
from tests.http.test_https import https, leaf
from tests.net.peers import serve
from tests.tls.pki import NOW, pki

HOST = "mta-sts.example.com"
BODY = b"version: STSv1\nmode: enforce\nmx: mx01.example.com\nmax_age: 1209600\n"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % len(BODY)
ANSWER = HEAD + BODY


async def fetch(handler, *, store=None, limits=None):
    """Fetch the policy of example.com from this server; return the delivery that holds it."""
    async with serve(handler) as port:
        client = fetcher(
            {(ADDRESS, 443): port},
            store=pki().store if store is None else store,
            clock=FixedClock(NOW),
            names=Names({HOST: (ADDRESS,)}),
            limits=limits or FetchLimits(timeout_s=5),
        )
        url = policy_url("example.com")
        result = await client.get(url, Purpose.STS_POLICY, POLICY_TERMS)
    return policy(None, policy_evidence("example.com", result)).delivery()


def examined(delivery):
    """Look at the delivery in every way there is; return the codes of MTA-STS."""
    step = next(s for s in delivery.trace.steps if s.kind is StepKind.STS_POLICY)
    assert status(step, delivery).summary.isprintable()
    assert delivery.sts.effective.isprintable()
    for sender in ("mta-sts", "exchange-online"):
        assert profile(sender).judge(delivery).outcome is Outcome.UNKNOWN  # no host was seen yet
    return {finding.code for finding in check(delivery) if finding.code.startswith("STS")}


async def test_the_whole_answer_is_a_policy():
    delivery = await fetch(https(ANSWER, leaf(HOST), []))
    assert delivery.sts.standing is StsStanding.ACTIVE
    assert examined(delivery) == set()


@pytest.mark.parametrize("notify", [True, False], ids=["close_notify", "FIN alone"])
@pytest.mark.parametrize("cut", range(len(ANSWER)))
async def test_an_answer_cut_at_any_octet_is_a_finding(cut, notify):
    delivery = await fetch(https(ANSWER[:cut], leaf(HOST), [], notify=notify))
    assert delivery.sts.standing is StsStanding.FETCH_FAILED
    assert delivery.sts.fault in (FetchFault.NO_ANSWER, FetchFault.BODY)
    assert delivery.sts.policy is None
    assert examined(delivery) == {"STS005"}


def cut_off(limit: int, sent: list[int]):
    """Return a server whose octets, TLS records and all, end at this one."""

    async def handler(reader, writer):
        engine = ServerEngine([leaf(HOST).der, pki().intermediate.der], leaf(HOST).key)
        answered = False
        while data := await reader.read(65_536):
            engine.feed(data)
            if engine.advance() and not answered and engine.decrypt():
                engine.encrypt(ANSWER)
                answered = True
            out = engine.outgoing()
            writer.write(out[: max(0, limit - sum(sent))])
            sent.append(len(out))
            await writer.drain()
            if sum(sent) >= limit or answered:
                return

    return handler


async def test_a_connection_cut_inside_tls_is_a_finding_wherever_it_ends():
    sent: list[int] = []
    assert (await fetch(cut_off(1 << 20, sent))).sts.standing is StsStanding.ACTIVE
    whole = sum(sent)
    assert whole > 1_000
    close = whole - 24  # no two handshakes are of one length, for the signatures in them are not
    for limit in [*range(0, close, 29), close]:
        delivery = await fetch(cut_off(limit, []))
        assert delivery.sts.standing is StsStanding.FETCH_FAILED, limit
        assert examined(delivery) == {"STS005"}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (ANSWER.replace(b"text/plain", b"text/html"), "STS008"),
        (ANSWER.replace(b"Content-Type: text/plain\r\n", b""), "STS008"),
        (ANSWER.replace(b"200 OK", b"404 Not Found"), "STS005"),
        (ANSWER.replace(b"200 OK", b"204 No Content"), "STS005"),
        (b"HTTP/1.1 302 Found\r\nLocation: https://www.example.com/\r\n\r\n", "STS007"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n", "STS010"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n" + b"x" * 70_000, "STS005"),
        (b"220 mx01.example.com ESMTP\r\n", "STS005"),
        (ANSWER.replace(b"text/plain", b"Text/Plain; charset=utf-8"), None),
    ],
)
async def test_each_way_not_to_serve_a_policy_has_its_finding(answer, code):
    delivery = await fetch(https(answer, leaf(HOST), []))
    assert examined(delivery) == ({code} if code else set())


@pytest.mark.parametrize("names", [("www.example.com",), ("*.com",)])
async def test_a_certificate_for_another_host_has_its_finding(names):
    delivery = await fetch(https(ANSWER, leaf(*names), []))
    assert delivery.sts.fault is FetchFault.CERTIFICATE
    assert examined(delivery) == {"STS006"}
    finding = next(f for f in check(delivery) if f.code == "STS006")
    assert finding.entry.tls_rpt == "sts-webpki-invalid"
    assert names[0] in finding.sentence


@examples(40, HealthCheck.differing_executors)
@given(answer=st.binary(max_size=200))
async def test_any_answer_is_a_finding(answer):
    examined(await fetch(https(answer, leaf(HOST), [])))


def test_the_patience_is_a_minute_at_most():
    from mxwalk.evidence.target import Timeouts

    assert policy_limits(Timeouts()).timeout_s == 60.0  # RFC 8461 3.3
    assert policy_limits(Timeouts(command_s=5.0)).timeout_s == 5.0
