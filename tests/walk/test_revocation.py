"""The steps that ask CAs: what is asked, of whom, and what stays in the trace."""

import asyncio
import io

import pytest

from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.mark import Mark
from mxwalk.delivery.revocation import revoked_by_list, standings
from mxwalk.delivery.status import status
from mxwalk.evidence.journal import dump_trace, read_trace
from mxwalk.evidence.redact import redact
from mxwalk.evidence.revocation import NotAsked
from mxwalk.evidence.step import RevocationChecked, StepKind
from mxwalk.http.guard import PublicOnly
from mxwalk.revocation.model import Standing
from mxwalk.senders.model import Outcome
from mxwalk.senders.registry import profile
from mxwalk.tls.certificate import read_certificate
from tests.walk.harness import lab_walk, run, step_to


async def walked(scenario, **options):
    async with lab_walk(scenario, **options) as walk:
        kinds = await run(walk)
        return kinds, walk.delivery


def only(delivery):
    (attempt,) = delivery.attempts
    return attempt


async def test_a_list_that_names_the_certificate_keeps_the_esa_from_delivering_and_postfix_not():
    _, delivery = await walked("revoked-crl")
    attempt = only(delivery)
    leaf, *_ = standings(attempt)
    assert leaf.standing is Standing.REVOKED
    assert leaf.revocation.reason == "keyCompromise"
    assert revoked_by_list(attempt).depth == 0
    verdict = profile("esa:5").judge(delivery)
    assert (verdict.outcome, verdict.step) == (
        Outcome.DEFERRED,
        attempt.step(StepKind.REVOCATION).seq,
    )
    assert profile("postfix:verify").judge(delivery).outcome is Outcome.DELIVERED_VERIFIED
    assert status(attempt.step(StepKind.REVOCATION), delivery).mark is Mark.FAIL


@pytest.mark.parametrize("scenario", ["revoked-ocsp", "revoked-stapled"])
async def test_what_ocsp_says_is_not_seen_by_those_who_read_lists(scenario):
    _, delivery = await walked(scenario)
    attempt = only(delivery)
    assert standings(attempt)[0].standing is Standing.REVOKED
    assert revoked_by_list(attempt) is None
    assert profile("esa:5").judge(delivery).outcome is Outcome.DELIVERED_VERIFIED


async def test_offline_nobody_is_asked_and_a_staple_is_read_all_the_same():
    _, delivery = await walked("revoked-crl", offline=True)
    checked = only(delivery).revocation
    assert checked.not_asked is NotAsked.OFFLINE
    assert [one.asked for one in checked.certificates] == [()] * len(checked.certificates)
    assert standings(only(delivery))[0].standing is Standing.NOT_CHECKED
    assert profile("esa:5").judge(delivery).outcome is Outcome.DELIVERED_VERIFIED
    _, delivery = await walked("revoked-stapled", offline=True)
    assert standings(only(delivery))[0].standing is Standing.REVOKED


async def test_addresses_of_the_documentation_are_not_asked_unless_the_lab_permits_its_own():
    async with lab_walk("revoked-crl") as walk:
        object.__setattr__(walk._live.tools.fetcher._means, "permit", PublicOnly())
        await run(walk)
        attempt = only(walk.delivery)
    (asked,) = attempt.revocation.certificates[0].asked
    assert "documentation" in asked.fetch.problem
    assert standings(attempt)[0].standing is Standing.UNREACHABLE


async def test_a_missing_issuer_is_fetched_to_explain_and_changes_no_verdict():
    kinds, delivery = await walked("pkix-missing-aia")
    assert kinds[kinds.index("chain") :][:3] == ["chain", "issuers", "revocation"]
    attempt = only(delivery)
    (issuer,) = attempt.issuers.certificates
    assert read_certificate(issuer).common_name == "Lab Mail CA 1"
    assert attempt.chain.errors
    assert profile("esa:5").judge(delivery).outcome is Outcome.DEFERRED
    kinds, delivery = await walked("pkix-missing-aia", offline=True)
    assert "issuers" not in kinds


async def test_the_step_can_be_left_out():
    async with lab_walk("revoked-crl") as walk:
        await step_to(walk, "revocation")
        assert walk.skip_step() is not None
        await run(walk)
        assert only(walk.delivery).revocation is None
        assert profile("esa:5").judge(walk.delivery).outcome is Outcome.DELIVERED_VERIFIED


async def test_a_cancelled_look_keeps_what_had_come_and_the_walk_goes_on():
    async with lab_walk("crl-inside") as walk:
        await step_to(walk, "revocation")
        task = asyncio.create_task(walk.step())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        last = walk.trace.steps[-1]
        assert last.cancelled
        assert isinstance(last.evidence, RevocationChecked)
        assert walk.is_connected
        assert (await run(walk))[-1] == "quit"


async def test_a_saved_trace_says_the_same_redacted_or_not():
    _, delivery = await walked("revoked-crl")
    first = standings(only(delivery))
    again = read_trace(io.BytesIO(dump_trace(delivery.trace)))
    assert standings(only(build_delivery(again))) == first
    assert standings(only(build_delivery(redact(again)))) == first
