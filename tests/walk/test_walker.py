"""The walker on the lab: order, politeness, edits, decisions, cancellation."""

import asyncio

import pytest

from mxwalk.delivery.mark import Mark
from mxwalk.delivery.status import status
from mxwalk.errors import ProtocolMisuseError, UsageError
from mxwalk.evidence.connection import Exchanged
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.wire import Direction, EndingKind, Layer
from mxwalk.senders.model import Outcome
from mxwalk.senders.registry import profile
from mxwalk.walk.model import NodeState
from mxwalk.walk.plan import outline
from tests.walk.harness import lab_walk, run, step_to

ONE_HOST = [
    "resolver", "mx", "policy-records", "address", "tlsa", "ptr", "connect", "greeting", "ehlo",
    "starttls", "handshake", "chain", "revocation", "identity", "ehlo-tls", "quit",
]  # fmt: skip


def leaf_states(walk, state):
    """Return the labels of the leaves in this state."""
    nodes, found = [outline(walk.delivery)], []
    while nodes:
        node = nodes.pop()
        nodes.extend(node.children)
        if node.kind is not None and node.state is state:
            found.append(node.label)
    return found


async def test_a_good_host_is_walked_in_the_order_of_rfc_5321_and_3207():
    async with lab_walk("pkix-good") as walk:
        assert await run(walk) == ONE_HOST
        assert walk.pending is None
        assert not walk.is_connected


async def test_nothing_is_performed_before_a_step_is_asked_for():
    async with lab_walk("pkix-good") as walk:
        assert walk.trace.steps == ()
        assert walk.pending.kind is StepKind.RESOLVER
        assert walk.idle_s is None


async def test_every_host_is_examined_although_the_first_delivers():
    async with lab_walk("esa-hosted") as walk:
        await run(walk)
        hosts = [attempt.host.name for attempt in walk.delivery.attempts]
    assert hosts == ["mx01.subd.emailhosted.not", "mx02.subd.emailhosted.not"]


async def test_enough_ends_the_walk_after_the_first_host_that_delivers():
    async with lab_walk("esa-hosted", enough=lambda delivery: True) as walk:
        kinds = await run(walk)
    assert kinds == ONE_HOST  # one host, closed with QUIT
    assert walk.trace.steps[-1].kind is StepKind.DECISION


async def test_every_connection_that_stands_is_left_with_quit():
    async with lab_walk("starttls-stripped-on-one-mx") as walk:
        await run(walk)
        for attempt in walk.delivery.attempts:
            assert attempt.steps[-1].kind is StepKind.QUIT


async def test_after_421_nothing_more_is_sent():
    async with lab_walk("greet-421") as walk:
        await run(walk)
        sent = [c for s in walk.trace.steps for c in s.wire if c.direction is Direction.SENT]
    assert sent == []


async def test_the_pending_command_shows_its_exact_bytes_and_can_be_edited():
    async with lab_walk("pkix-good") as walk:
        await step_to(walk, "ehlo")
        assert walk.pending.payload == b"EHLO probe.example.net\r\n"
        walk.edit(b"EHLO other.example.org\r\n")
        assert walk.pending.text == "EHLO other.example.org"
        step = await walk.step()
    assert isinstance(step.evidence, Exchanged)
    assert step.evidence.command == b"EHLO other.example.org\r\n"
    assert step.evidence.planned == b"EHLO probe.example.net\r\n"


async def test_ehlo_edited_into_helo_means_no_extensions_and_no_tls():
    async with lab_walk("pkix-good") as walk:
        await step_to(walk, "ehlo")
        walk.edit(b"HELO probe.example.net\r\n")
        kinds = await run(walk)
    assert kinds == ["helo", "quit"]


@pytest.mark.parametrize(
    "payload",
    [b"DATA\r\n", b"EHLO a\r\nMAIL FROM:<>\r\n", b"EHLO a", b"QUIT\r\n", b"EHLO \x00\r\n", b""],
)
async def test_an_edit_that_is_no_single_ehlo_is_refused(payload):
    async with lab_walk("pkix-good") as walk:
        await step_to(walk, "ehlo")
        with pytest.raises(UsageError):
            walk.edit(payload)
        assert walk.pending.payload == b"EHLO probe.example.net\r\n"


async def test_a_step_that_sends_nothing_cannot_be_edited():
    async with lab_walk("pkix-good") as walk:
        with pytest.raises(UsageError, match="nothing is sent"):
            walk.edit(b"EHLO a.example\r\n")


async def test_breakpoint_stops_before_the_kind():
    async with lab_walk("esa-hosted") as walk:
        walk.breakpoints = {StepKind.HANDSHAKE}
        kinds = await run(walk)
        assert kinds[-1] == "starttls"
        assert walk.pending.kind is StepKind.HANDSHAKE
        kinds = await run(walk)  # continues over the breakpoint, to the next host's
        assert kinds[0] == "handshake"
        assert kinds[-1] == "starttls"


async def test_skipping_a_host_quits_it_and_goes_to_the_next():
    async with lab_walk("esa-hosted") as walk:
        await step_to(walk, "starttls")
        walk.skip_host()
        assert walk.pending.text == "QUIT"
        assert (await run(walk))[:2] == ["quit", "address"]
        assert walk.delivery.hosts[0].skipped


async def test_skipping_starttls_goes_on_in_clear():
    async with lab_walk("pkix-good") as walk:
        await step_to(walk, "starttls")
        walk.skip_step()
        assert await run(walk) == ["quit"]


async def test_stop_between_starttls_and_handshake_sends_no_quit_into_tls():
    async with lab_walk("pkix-good") as walk:
        await step_to(walk, "handshake")
        walk.stop()
        assert walk.pending is None
        assert await run(walk) == []


async def test_retry_makes_a_second_connection_to_the_same_address():
    async with lab_walk("pkix-good") as walk:
        await step_to(walk, "quit")
        walk.retry()
        kinds = await run(walk)
        assert kinds[:3] == ["quit", "connect", "greeting"]
        assert [a.number for a in walk.delivery.hosts[0].attempts] == [1, 2]
        assert walk.delivery.hosts[0].attempts[1].tls_is_up


async def test_retry_of_a_lookup_asks_the_server_again():
    async with lab_walk("pkix-good") as walk:
        await walk.step()
        await walk.step()
        walk.retry()
        assert walk.pending.kind is StepKind.MX
        step = await walk.step()
        assert not step.evidence.answer.from_cache
        assert "address" in await run(walk)


async def test_retry_of_a_reverse_lookup_asks_for_it_again_before_the_connection():
    async with lab_walk("pkix-good") as walk:
        await step_to(walk, "connect")
        assert walk.retry() is not None
        assert walk.pending.kind is StepKind.PTR
        assert not (await walk.step()).evidence.answer.from_cache
        assert (await run(walk))[0] == "connect"
        assert len(walk.delivery.attempts) == 1


async def test_retry_of_a_reverse_lookup_leaves_the_open_connection_as_it_is():
    async with lab_walk("pkix-good") as walk:
        await step_to(walk, "starttls")
        ptr = next(step for step in walk.trace.steps if step.kind is StepKind.PTR)
        walk.retry(ptr)
        assert leaf_states(walk, NodeState.NEXT) == ["PTR"]
        again = await walk.step()
        assert again.kind is StepKind.PTR
        assert again.evidence.names[0].confirmed
        assert walk.delivery.attempts[0].ptr_step is again
        assert (await run(walk))[0] == "starttls"
        assert len(walk.delivery.attempts) == 1


async def test_retry_of_a_reverse_lookup_at_the_end_connects_to_nobody():
    async with lab_walk("pkix-good") as walk:
        await run(walk)
        walk.retry(next(step for step in walk.trace.steps if step.kind is StepKind.PTR))
        assert await run(walk) == ["ptr"]


async def test_an_address_step_does_not_wait_for_the_names_of_other_hosts():
    asked = []

    async with lab_walk("esa-hosted") as walk:
        resolver = walk._live.tools.resolver
        query = resolver.query

        async def noting(qname, rtype):
            asked.append(qname)
            return await query(qname, rtype)

        await step_to(walk, "address")
        resolver.query = noting
        step = await walk.step()
    assert set(asked) == {step.scope.host}


async def test_envelope_is_sent_only_when_asked_for_and_reset_before_quit():
    async with lab_walk("pkix-good", mail_from="a@example.net", rcpt_to="b@example.com") as walk:
        kinds = await run(walk)
    assert kinds[-4:] == ["mail", "rcpt", "rset", "quit"]
    commands = [s.evidence.command for s in walk.trace.steps if isinstance(s.evidence, Exchanged)]
    assert b"MAIL FROM:<a@example.net>\r\n" in commands
    assert not any(command.upper().startswith((b"DATA", b"BDAT")) for command in commands)


async def test_cancelled_step_leaves_evidence_and_no_connection():
    async with lab_walk("silent") as walk:
        await step_to(walk, "greeting")
        task = asyncio.ensure_future(walk.step())
        while not walk.busy:
            await asyncio.sleep(0)
        for _ in range(5):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        last = walk.trace.steps[-1]
        assert last.cancelled
        assert last.evidence.ending.kind is EndingKind.CANCELLED
        assert not walk.is_connected
        assert status(last, walk.delivery).mark is Mark.UNKNOWN
        await run(walk)  # the walk goes on behind it


async def test_two_steps_at_once_are_refused():
    async with lab_walk("pkix-good") as walk:
        task = asyncio.ensure_future(walk.step())
        await asyncio.sleep(0)
        with pytest.raises(ProtocolMisuseError):
            await walk.step()
        await task


async def test_wire_holds_every_byte_of_the_dialogue_in_both_directions():
    async with lab_walk("pkix-good") as walk:
        await run(walk)
    chunks = [chunk for step in walk.trace.steps for chunk in step.wire]
    clear = b"".join(
        c.data for c in chunks if c.layer is Layer.CLEAR and c.direction is Direction.SENT
    )
    inside = b"".join(
        c.data for c in chunks if c.layer is Layer.TLS_DATA and c.direction is Direction.SENT
    )
    assert clear == b"EHLO probe.example.net\r\nSTARTTLS\r\n"
    assert inside == b"EHLO probe.example.net\r\nQUIT\r\n"
    assert [c.at_s for c in chunks] == sorted(c.at_s for c in chunks)


async def test_bytes_in_clear_behind_the_220_are_kept_and_not_fed_to_tls():
    async with lab_walk("starttls-injection") as walk:
        await run(walk)
        attempt = walk.delivery.attempts[0]
        starttls = attempt.exchange(StepKind.STARTTLS)
        assert starttls.trailing + attempt.handshake.clear_leftover
        assert attempt.tls_is_up


async def test_broken_handshake_ends_the_connection_but_not_the_walk():
    async with lab_walk("starttls-broken") as walk:
        assert (await run(walk))[-1] == "handshake"
        assert walk.delivery.attempts[0].handshake.ending.kind is EndingKind.TLS_ERROR


async def test_close_midway_says_quit():
    async with lab_walk("pkix-good") as walk:
        await step_to(walk, "starttls")
        await walk.close()
        assert walk.trace.steps[-1].kind is StepKind.QUIT
        assert not walk.is_connected


async def test_paused_time_belongs_to_no_step():
    class Moving:
        def __init__(self):
            self.t = 0.0
            from mxwalk.clock import SystemClock

            self.real = SystemClock()

        def now(self):
            return self.real.now()

        def monotonic(self):
            return self.t

    clock = Moving()
    async with lab_walk("pkix-good", clock=clock) as walk:
        await step_to(walk, "starttls")
        clock.t += 120
        assert walk.idle_s == 120
        step = await walk.step()
        assert step.started_s == 120
        assert step.elapsed_s == 0


async def test_routes_are_all_looked_up_before_the_first_connection():
    async with lab_walk("esa-routes-same-ip") as walk:
        kinds = await run(walk)
    assert kinds.count("connect") == 1
    assert max(i for i, k in enumerate(kinds) if k == "address") < kinds.index("connect")


async def test_a_walk_that_was_ended_before_its_first_answer_has_nothing_to_come():
    async with lab_walk("pkix-good") as walk:
        walk.stop()
        assert await run(walk) == []
        verdict = profile("esa:5").judge(walk.delivery)
    assert verdict.outcome is Outcome.UNKNOWN
    assert "the walk was ended" in verdict.reason
