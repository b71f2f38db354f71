"""The look for the other leaf: what the second connection sends, sees and leaves behind."""

import asyncio
import contextlib
import io

import msgspec
import pytest

from mxwalk.clock import SystemClock
from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.mark import Mark
from mxwalk.delivery.status import status
from mxwalk.evidence.connection import LookedAgain
from mxwalk.evidence.journal import dump_trace, read_trace
from mxwalk.evidence.redact import redact
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.tls import Offer
from mxwalk.evidence.wire import Direction, EndingKind, Layer
from mxwalk.findings.registry import check
from mxwalk.lab.lab import Lab
from mxwalk.lab.scenario import load_scenario
from mxwalk.net.dialer import MappedDialer
from mxwalk.reports.render import render
from mxwalk.tls.certificate import read_certificate
from mxwalk.walk.model import NodeState
from mxwalk.walk.plan import outline
from mxwalk.walk.walker import Walk
from tests.net.peers import Handler, serve
from tests.walk.harness import lab_walk, run, step_to

PLACE = ("198.51.100.21", 25)


class Turning:
    """A dialer that reaches the lab first, and from the second connection on another peer."""

    def __init__(self, lab, port: int) -> None:
        self._lab = lab
        self._then = MappedDialer({PLACE: ("127.0.0.1", port)})
        self._dialled = 0

    async def dial(self, address, port, timeout_s):
        self._dialled += 1
        dialer = self._lab if self._dialled == 1 else self._then
        return await dialer.dial(address, port, timeout_s)


@contextlib.asynccontextmanager
async def meeting(handler: Handler):
    """Walk to the two leaves, and meet ``handler`` when looking for the other one."""
    async with Lab(load_scenario("dane-two-leaves")) as lab, serve(handler) as port:
        walk = Walk(
            lab.target,
            lab.options,
            dialer=Turning(lab.dialer, port),
            resolver=lab.resolver,
            store=lab.store,
            clock=SystemClock(),
            validation=lab.validation,
        )
        try:
            yield walk
        finally:
            await walk.close()


def key_of(der):
    return read_certificate(der).key.type


async def test_both_leaves_are_seen_and_the_other_one_plays_no_part_in_the_first_connection():
    async with lab_walk("dane-two-leaves") as walk:
        kinds = await run(walk)
        assert not walk.is_connected
        delivery = walk.delivery
    (attempt,) = delivery.attempts
    other = attempt.other_leaf
    assert kinds[-2:] == ["quit", "other-leaf"]
    assert other.offer is Offer.RSA_LEAF
    assert other.ending is None
    assert key_of(attempt.handshake.presented[0]) != key_of(other.presented[0])
    assert key_of(other.presented[0]) == "RSA"
    assert not attempt.dead
    step = attempt.step(StepKind.OTHER_LEAF)
    clear = [c.data for c in step.wire if (c.layer, c.direction) == (Layer.CLEAR, Direction.SENT)]
    inside = [
        c.data for c in step.wire if (c.layer, c.direction) == (Layer.TLS_DATA, Direction.SENT)
    ]
    assert clear == [b"EHLO probe.example.net\r\n", b"STARTTLS\r\n"]
    assert inside == [b"QUIT\r\n"]
    assert status(step, delivery).mark is Mark.OK


async def test_the_finding_has_the_line_to_publish_and_the_reports_show_the_other_leaf():
    async with lab_walk("dane-two-leaves") as walk:
        await run(walk)
        trace, delivery = walk.trace, walk.delivery
    (finding,) = [one for one in check(delivery) if one.code == "DANE018"]
    spki = read_certificate(delivery.attempts[0].other_leaf.presented[0]).spki_sha256
    assert f"_25._tcp.mx1.example.com. IN TLSA 3 1 1 {spki.replace(':', '').lower()}" in finding.fix
    assert "the server has an RSA leaf, too" in render(trace, "text", sender="esa:5")
    report = msgspec.json.decode(render(trace, "json", sender="esa:5"))
    (connection,) = report["hosts"][0]["addresses"][0]["connections"]
    (look,) = connection["looks"]
    assert look["offer"] == "rsa-leaf"
    assert look["dane"]["authenticated"] is False
    assert report["settings"]["both_leaves"] is True
    kept = redact(read_trace(io.BytesIO(dump_trace(trace))))
    again, before = build_delivery(kept).attempts[0].other_leaf, delivery.attempts[0].other_leaf
    assert (again.handshake, again.identity) == (before.handshake, before.identity)
    assert b"probe.example.net" not in dump_trace(kept)


async def test_a_server_with_one_leaf_refuses_the_handshake_and_that_is_no_fault():
    async with lab_walk("dane-good", both_leaves=True) as walk:
        await run(walk)
        delivery = walk.delivery
    other = delivery.attempts[0].other_leaf
    assert other.offer is Offer.RSA_LEAF
    assert other.presented == ()
    assert other.ending.kind is EndingKind.TLS_ALERT
    assert [alert.name for alert in other.handshake.alerts] == ["handshake_failure"]
    assert status(delivery.attempts[0].step(StepKind.OTHER_LEAF), delivery).mark is Mark.INFO
    assert set(load_scenario("dane-good").expect.findings) == {one.code for one in check(delivery)}


async def test_without_the_option_nobody_connects_again():
    async with lab_walk("dane-two-leaves", both_leaves=False) as walk:
        assert (await run(walk))[-1] == "quit"


@pytest.mark.parametrize("scenario", ["greet-421", "starttls-missing", "ehlo-helo-only"])
async def test_without_a_handshake_there_is_no_other_leaf_to_look_for(scenario):
    async with lab_walk(scenario, both_leaves=True) as walk:
        assert "other-leaf" not in await run(walk)
        nodes = [node for node in outline(walk.delivery).walk() if node.kind is StepKind.OTHER_LEAF]
    assert {node.state for node in nodes} == {NodeState.NOT_NEEDED}


async def test_the_plan_has_it_after_quit_from_the_start_to_the_end():
    async with lab_walk("dane-two-leaves") as walk:
        while True:
            kinds = [node.kind for node in outline(walk.delivery).walk() if node.kind]
            assert kinds[-2:] == [StepKind.QUIT, StepKind.OTHER_LEAF]
            if await walk.step() is None:
                break


@pytest.mark.parametrize(
    ("said", "answered", "ending"),
    [
        (b"", None, EndingKind.CLOSED),
        (b"421 4.3.2 too many connections\r\n", b"", EndingKind.CLOSED),
        (b"554 5.7.1 no\r\n", b"QUIT\r\n", EndingKind.CLOSED),
    ],
)
async def test_a_server_that_closes_or_refuses_leaves_it_unknown(said, answered, ending):
    heard = []

    async def handler(reader, writer):
        writer.write(said)
        if said:
            heard.append(await reader.readline())

    async with meeting(handler) as walk:
        await run(walk)
        assert not walk.is_connected
        delivery = walk.delivery
    other = delivery.attempts[0].other_leaf
    assert other.ending.kind is ending
    assert other.refusal == said
    assert heard == ([] if answered is None else [answered])
    assert status(delivery.attempts[0].step(StepKind.OTHER_LEAF), delivery).mark is Mark.UNKNOWN
    assert "DANE018" not in {one.code for one in check(delivery)}


async def test_a_cancelled_look_leaves_evidence_and_no_socket():
    arrived, gone = asyncio.Event(), asyncio.Event()

    async def handler(reader, _writer):
        arrived.set()
        with contextlib.suppress(ConnectionError):
            await reader.read()
        gone.set()

    async with meeting(handler) as walk:
        await step_to(walk, "other-leaf")
        assert not walk.is_connected
        task = asyncio.create_task(walk.step())
        await arrived.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not walk.is_connected
        async with asyncio.timeout(5):
            await gone.wait()
        last = walk.trace.steps[-1]
    assert last.cancelled
    assert isinstance(last.evidence, LookedAgain)
    assert last.evidence.ending.kind is EndingKind.CANCELLED
