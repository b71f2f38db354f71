"""The lab as a whole: it comes up, serves what the scenario says, and leaves nothing behind."""

import asyncio
import time

from mxwalk.clock import SystemClock
from mxwalk.evidence.dns import DnsStatus
from mxwalk.evidence.wire import Ending, EndingKind
from mxwalk.lab.lab import Lab
from mxwalk.lab.scenario import load_scenario
from mxwalk.tls.handshake import ClientEngine


async def test_the_worked_example_is_resolvable_reachable_and_trusted():
    async with Lab(load_scenario("esa-hosted")) as lab:
        assert lab.target.domain is not None
        assert lab.target.domain.ascii == "example.com"
        assert lab.options.helo == "probe.example.net"
        assert lab.options.trust == lab.store.evidence.kind == "lab"
        assert lab.store.evidence.roots == 1
        mx = await lab.resolver.query("example.com", "MX")
        assert sorted(mx.records()) == [
            "10 mx01.subd.emailhosted.not.",
            "20 mx02.subd.emailhosted.not.",
        ]
        ptr = await lab.resolver.query("1.2.0.192.in-addr.arpa", "PTR")
        assert ptr.records() == ("mx0a.emailhosted.not.",)
        connection = await lab.dialer.dial("192.0.2.1", 25, 5.0)
        assert not isinstance(connection, Ending)
        greeting = await connection.receive(5.0)
        assert greeting == b"220 mx0a.emailhosted.not ESMTP\r\n"
        await connection.send(b"STARTTLS\r\n")
        assert (await connection.receive(5.0)).startswith(b"220")
        engine = ClientEngine("mx01.subd.emailhosted.not", lab.store, None)
        assert await connection.start_tls(engine, 5.0) is None
        chain = engine.chain_evidence(SystemClock().now())
        assert chain.errors == ()
        assert len(chain.path) == 3
        await connection.close()


async def test_an_address_outside_the_scenario_is_unreachable():
    async with Lab(load_scenario("esa-hosted")) as lab:
        outcome = await lab.dialer.dial("192.0.2.200", 25, 5.0)
        assert isinstance(outcome, Ending)
        assert outcome.kind is EndingKind.UNREACHABLE


async def test_an_ipv6_address_is_served_from_loopback():
    scenario = load_scenario("ipv6-broken")
    async with Lab(scenario) as lab:
        answer = await lab.resolver.query("mx1.example.com", "AAAA")
        assert answer.status is DnsStatus.OK
        outcome = await lab.dialer.dial("2001:db8:0::110", 25, 5.0)
        assert isinstance(outcome, Ending)


async def test_the_same_lab_can_be_started_again_after_it_stopped(record_property):
    scenario = load_scenario("mx-many")
    for _ in range(2):
        started = time.monotonic()
        async with Lab(scenario) as lab:
            took_s = time.monotonic() - started
            connection = await lab.dialer.dial("203.0.113.20", 25, 5.0)
            assert not isinstance(connection, Ending)
            await connection.close()
        record_property("twenty hosts up after, ms", round(took_s * 1000))


async def test_the_options_of_a_scenario_reach_the_walk():
    async with Lab(load_scenario("esa-routes-priority")) as lab:
        assert [route.destination for route in lab.options.routes] == [
            "third.partner.test",
            "first.partner.test",
            "second.partner.test",
        ]
    async with Lab(load_scenario("silent")) as lab:
        assert lab.options.timeouts.greeting_s == 1.0
        assert lab.options.timeouts.dns_s == 3.0


async def test_a_lab_can_be_left_in_another_task_than_it_was_entered():
    lab = Lab(load_scenario("esa-san"))
    async with asyncio.TaskGroup() as group:
        group.create_task(lab.__aenter__())
    connection = await lab.dialer.dial("192.0.2.10", 25, 5.0)
    assert not isinstance(connection, Ending)
    assert (await connection.receive(5.0)) == b"220 mx1.example.com ESMTP\r\n"
    async with asyncio.TaskGroup() as group:
        group.create_task(lab.__aexit__(None, None, None))
    assert isinstance(await connection.receive(5.0), Ending)
    await connection.close()


async def test_a_cancelled_walk_leaves_the_lab_in_order():
    entered = asyncio.Event()

    async def wait_forever():
        async with Lab(load_scenario("silent")) as lab:
            connection = await lab.dialer.dial("192.0.2.85", 25, 5.0)
            assert not isinstance(connection, Ending)
            entered.set()
            try:
                await asyncio.Event().wait()
            finally:
                await connection.close()

    async with asyncio.TaskGroup() as group:
        task = group.create_task(wait_forever())
        await asyncio.wait_for(entered.wait(), 5)
        task.cancel()
    assert task.cancelled()


async def test_every_answer_takes_one_simulated_round_trip():
    async with Lab(load_scenario("esa-san"), rtt_s=0.03) as lab:
        for wait in (
            lambda: lab.resolver.query("example.com", "MX"),
            lambda: lab.dialer.dial("192.0.2.10", 25, 5.0),
        ):
            started = time.monotonic()
            outcome = await wait()
            assert time.monotonic() - started >= 0.025
        assert not isinstance(outcome, Ending)
        await outcome.close()
