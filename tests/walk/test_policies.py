"""The steps of MTA-STS and TLS-RPT: when they are made, and what a policy host can do to them."""

import asyncio
import contextlib
from dataclasses import dataclass, replace

import pytest
from msgspec import structs

from mxwalk.clock import SystemClock
from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.status import status
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.evidence.step import DecisionKind, StepKind
from mxwalk.findings.registry import check
from mxwalk.http.guard import PublicOnly
from mxwalk.lab.lab import Lab
from mxwalk.lab.scenario import load_scenario
from mxwalk.mtasts.fetch import FetchFault
from mxwalk.mtasts.state import StsStanding
from mxwalk.senders.registry import profile
from mxwalk.walk.model import NodeState
from mxwalk.walk.plan import outline
from mxwalk.walk.walker import Walk
from tests.walk.harness import lab_walk, run, step_to


async def test_the_records_come_after_mx_and_the_policy_before_the_hosts():
    async with lab_walk("sts-enforce-good") as walk:
        kinds = await run(walk)
    assert kinds[:5] == ["resolver", "mx", "policy-records", "sts-policy", "address"]


@pytest.mark.parametrize("name", ["esa-route", "mx-null", "mx-loop"])
async def test_with_routes_or_without_mail_hosts_nothing_is_asked(name):
    async with lab_walk(name) as walk:
        kinds = await run(walk)
        standing = walk.delivery.sts.standing
    asked = name == "mx-loop"
    assert ("policy-records" in kinds) == asked
    assert (standing is StsStanding.NO_DOMAIN) != asked


async def test_a_domain_without_record_is_not_asked_for_a_policy():
    async with lab_walk("pkix-good") as walk:
        kinds = await run(walk)
        nodes = {node.kind: node for node in outline(walk.delivery).walk() if node.kind}
    assert "sts-policy" not in kinds
    assert nodes[StepKind.STS_POLICY].state is NodeState.NOT_NEEDED
    assert nodes[StepKind.STS_POLICY].note == "no record"


async def test_the_pending_steps_say_what_they_would_do():
    async with lab_walk("sts-enforce-good") as walk:
        await step_to(walk, "policy-records")
        assert walk.pending.text == "ask for the MTA-STS and TLS-RPT records of example.com"
        await walk.step()
        assert walk.pending.text == "fetch the MTA-STS policy from mta-sts.example.com"
        assert not walk.pending.editable


async def test_both_records_are_asked_for_at_the_same_time():
    async with lab_walk("sts-enforce-good") as walk:
        await step_to(walk, "policy-records")
        asked, both = [], asyncio.Event()
        plain = walk._live.tools.resolver

        class Together:
            async def query(self, qname, rtype):
                asked.append(qname)
                if len(asked) == 2:
                    both.set()
                async with asyncio.timeout(5):
                    await both.wait()
                return await plain.query(qname, rtype)

        walk._live.tools.resolver = Together()
        await walk.step()
    assert asked == ["_mta-sts.example.com", "_smtp._tls.example.com"]


@pytest.mark.parametrize("kind", ["policy-records", "sts-policy"])
async def test_a_cancelled_step_says_so_and_can_be_made_again(kind):
    async with lab_walk("sts-enforce-good") as walk:
        await step_to(walk, kind)
        task = asyncio.ensure_future(walk.step())
        await asyncio.sleep(0)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        assert walk.trace.steps[-1].cancelled
        assert walk.delivery.sts.standing is StsStanding.UNDECIDED
        assert status(walk.trace.steps[-1], walk.delivery).mark.value == "unknown"
        assert profile("mta-sts").judge(walk.delivery).outcome.value == "unknown"
        assert walk.retry().evidence.decision is DecisionKind.RETRY
        assert walk.pending.kind.value == kind
        await run(walk)
        assert walk.delivery.sts.standing is StsStanding.ACTIVE


async def test_a_retry_of_the_records_fetches_the_policy_again():
    async with lab_walk("sts-enforce-good") as walk:
        await step_to(walk, "address")
        records = next(s for s in walk.trace.steps if s.kind is StepKind.POLICY_RECORDS)
        walk.retry(records)
        await walk.step()
        assert walk.pending.kind is StepKind.STS_POLICY


async def test_the_policy_hosts_handshake_and_chain_are_kept():
    async with lab_walk("sts-enforce-good") as walk:
        await step_to(walk, "address")
        fetch = walk.delivery.sts.fetch
    assert fetch.handshake.sni == "mta-sts.example.com"
    assert fetch.handshake.presented
    assert fetch.handshake.messages
    assert fetch.chain.errors == ()
    assert fetch.objection == ""


async def test_older_traces_without_the_step_are_judged_as_before():
    async with lab_walk("sts-mx-mismatch") as walk:
        await run(walk)
        trace = walk.trace
    kept = tuple(
        step
        for step in trace.steps
        if step.kind not in (StepKind.POLICY_RECORDS, StepKind.STS_POLICY)
    )
    old = build_delivery(structs.replace(trace, steps=kept))
    assert old.sts.standing is StsStanding.NOT_LOOKED_UP
    assert profile("mta-sts").judge(old).outcome.value == "unknown"
    assert profile("exchange-online").judge(old).outcome.value == "delivered-encrypted"
    assert outline(old).state is NodeState.DONE


async def test_every_part_of_a_walk_is_open_until_the_policy_is_known():
    async with lab_walk("sts-mx-mismatch") as walk:
        await run(walk)
        trace = walk.trace
    for count in range(len(trace.steps)):
        part = build_delivery(structs.replace(trace, steps=trace.steps[:count]))
        for sender in ("mta-sts", "exchange-online"):
            outcome = profile(sender).judge(part).outcome.value
            assert outcome in ("unknown", "deferred")


@dataclass(frozen=True)
class _OwnMachine(PublicOnly):
    """The lab's addresses count as public ones, and they are this machine's."""

    def objection(self, address: str, port: int) -> str:
        return ""

    def objection_to_end(self, address: str, own_address: str) -> str:
        return super().objection_to_end(address, address)


@pytest.mark.parametrize(
    ("permit", "words"),
    [
        (PublicOnly(), "public senders need mta-sts.example.com at a public address"),
        (_OwnMachine(), "if this machine is to serve mta-sts.example.com"),
    ],
)
async def test_a_policy_host_inside_or_at_this_machine_is_not_asked(permit, words):
    async with Lab(load_scenario("sts-enforce-good")) as lab:
        walk = Walk(
            lab.target, lab.options, dialer=lab.dialer, resolver=lab.resolver, store=lab.store,
            validation=lab.validation, clock=SystemClock(), permit=permit,
        )  # fmt: skip
        await step_to(walk, "address")
        delivery = walk.delivery
        await walk.close()
    assert delivery.sts.fault is FetchFault.GUARDED
    assert delivery.sts.standing is StsStanding.UNDECIDED
    (finding,) = [finding for finding in check(delivery) if finding.code == "STS009"]
    assert words in finding.fix


async def test_a_retry_sees_a_mended_policy():
    async with lab_walk("sts-redirect") as walk:
        await step_to(walk, "address")
        assert walk.delivery.sts.standing is StsStanding.FETCH_FAILED
        assert walk.retry() is not None
        assert walk.pending.kind is StepKind.STS_POLICY
        await walk.step()
        fetches = [step for step in walk.trace.steps if step.kind is StepKind.STS_POLICY]
        assert status(fetches[0], walk.delivery).summary == "fetched again later"
        assert fetches[1].elapsed_s > 0


@pytest.mark.parametrize("failed", [("A", "AAAA"), ("A",)])
async def test_a_resolver_that_does_not_tell_the_policy_hosts_addresses_decides_nothing(failed):
    async with lab_walk("sts-enforce-good") as walk:
        await step_to(walk, "sts-policy")
        plain = walk._live.tools.policies._means.resolver

        class Silent:
            async def query(self, qname, rtype):
                if rtype in failed and qname == "mta-sts.example.com":
                    return DnsAnswer(qname=qname, rtype=rtype, status=DnsStatus.TIMEOUT)
                return await plain.query(qname, rtype)

        walk._live.tools.policies._means = replace(
            walk._live.tools.policies._means, resolver=Silent()
        )
        await walk.step()
        assert walk.delivery.sts.fault is FetchFault.RESOLVER
        assert walk.delivery.sts.standing is StsStanding.UNDECIDED
        assert profile("mta-sts").judge(walk.delivery).outcome.value == "unknown"
        assert "STS005" not in {finding.code for finding in check(walk.delivery)}
