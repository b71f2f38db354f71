"""Walks to servers that a modern ClientHello does not get through to, or that need a name."""

import msgspec
import pytest

from mxwalk.delivery.looks import examined, looks_of
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.tls import Offer
from mxwalk.evidence.wire import Direction, Layer
from mxwalk.lab.scenario import load_scenario
from mxwalk.senders.model import Outcome
from mxwalk.senders.registry import profile
from tests.walk import harness
from tests.walk.harness import lab_walk, run, step_to


async def walked(scenario, **options):
    async with lab_walk(scenario, **options) as walk:
        kinds = await run(walk)
        assert not walk.is_connected
        return kinds, walk.delivery


async def test_a_tls_1_0_server_is_seen_by_a_legacy_look_and_marked_as_such():
    kinds, delivery = await walked("tls10-only")
    assert kinds[-3:] == ["handshake", "legacy-tls", "revocation"]
    (attempt,) = delivery.attempts
    ((step, look),) = looks_of(attempt)
    assert (look.offer, look.handshake.offer) == (Offer.LEGACY, Offer.LEGACY)
    assert look.handshake.protocol == "TLSv1"
    assert look.chain.errors == ()
    assert look.identity.recipient_domain == "example.com"
    assert examined(attempt).handshake.presented == look.handshake.presented
    sent = [chunk.data for chunk in step.wire if chunk.direction is Direction.SENT]
    assert sent[:2] == [b"EHLO probe.example.net\r\n", b"STARTTLS\r\n"]
    inside = [
        chunk.data
        for chunk in step.wire
        if (chunk.layer, chunk.direction) == (Layer.TLS_DATA, Direction.SENT)
    ]
    assert inside == [b"EHLO probe.example.net\r\n", b"QUIT\r\n"]


async def test_a_hello_that_is_too_large_gets_through_without_hybrid_groups_and_no_legacy_look_follows():
    kinds, delivery = await walked("tls-large-hello")
    assert kinds[-3:] == ["handshake", "classic-groups", "revocation"]
    (attempt,) = delivery.attempts
    look = attempt.look(StepKind.CLASSIC_GROUPS)
    assert look.ending is None
    assert (
        look.handshake.facts.client_hello_octets
        < 1_200
        < attempt.handshake.facts.client_hello_octets
    )
    assert profile("esa:5").judge(delivery).outcome is Outcome.DELIVERED_VERIFIED


async def test_where_nobody_gets_through_each_look_is_made_once():
    kinds, delivery = await walked("tls-no-common-cipher")
    assert kinds[-3:] == ["handshake", "classic-groups", "legacy-tls"]
    assert all(look.ending is not None for _, look in looks_of(delivery.attempts[0]))


async def test_between_two_looks_no_connection_stays_open():
    async with lab_walk("tls-no-common-cipher") as walk:
        await step_to(walk, "legacy-tls")
        assert walk.trace.steps[-1].kind is StepKind.CLASSIC_GROUPS
        assert not walk.is_connected


async def test_without_sni_is_looked_at_on_request_only_and_after_quit():
    kinds, delivery = await walked("tls-sni-required")
    assert kinds[-2:] == ["quit", "without-sni"]
    look = delivery.attempts[0].look(StepKind.WITHOUT_SNI)
    assert (look.handshake.sni, [a.name for a in look.handshake.alerts]) == (
        "",
        ["unrecognized_name"],
    )
    kinds, _ = await walked("tls-sni-required", without_sni=False)
    assert kinds[-1] == "quit"


async def test_a_look_can_be_left_out_and_the_verdict_then_rests_on_the_first_handshake():
    async with lab_walk("tls-large-hello") as walk:
        await step_to(walk, "classic-groups")
        assert profile("esa:5").judge(walk.delivery).outcome is Outcome.UNKNOWN
        assert walk.skip_step() is not None
        await step_to(walk, "legacy-tls")
        assert walk.skip_step() is not None
        assert await walk.step() is None
        assert profile("esa:5").judge(walk.delivery).outcome is Outcome.DEFERRED


async def test_a_stopped_walk_looks_no_more():
    async with lab_walk("tls10-only") as walk:
        await step_to(walk, "legacy-tls")
        walk.stop()
        assert await run(walk) == []


@pytest.mark.parametrize("scenario", ["starttls-broken", "silent", "greet-421", "starttls-454"])
async def test_what_is_no_tls_gives_no_reason_to_look_again(scenario):
    kinds, _ = await walked(scenario)
    assert not {"classic-groups", "legacy-tls", "without-sni"} & set(kinds)


async def test_a_leaf_that_only_a_look_shows_is_asked_about_too(monkeypatch):
    revoked, large = load_scenario("revoked-crl"), load_scenario("tls-large-hello")
    hosts = tuple(msgspec.structs.replace(host, tls=large.hosts[0].tls) for host in revoked.hosts)
    both = msgspec.structs.replace(revoked, hosts=hosts)
    monkeypatch.setattr(harness, "load_scenario", lambda _: both)
    kinds, delivery = await walked("both")
    assert kinds[-2:] == ["classic-groups", "revocation"]
    verdict = profile("esa:5").judge(delivery)
    assert (verdict.outcome, verdict.step) == (
        Outcome.DEFERRED,
        delivery.attempts[0].step(StepKind.REVOCATION).seq,
    )
