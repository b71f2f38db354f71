"""The steps that ask CAs: what is asked, of whom, and what stays in the trace."""

import asyncio
import io
from dataclasses import replace

import pytest

from mxwalk import limits
from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.mark import Mark
from mxwalk.delivery.revocation import revoked_by_list, standings
from mxwalk.delivery.status import status
from mxwalk.evidence.connection import RevocationChecked
from mxwalk.evidence.journal import dump_trace, read_trace
from mxwalk.evidence.redact import redact
from mxwalk.evidence.revocation import CrlAsked, NotAsked, OcspAsked
from mxwalk.evidence.step import StepKind
from mxwalk.http.guard import PublicOnly
from mxwalk.revocation.model import Standing
from mxwalk.revocation.plan import pointers
from mxwalk.revocation.readings import read_path
from mxwalk.senders.model import Outcome
from mxwalk.senders.registry import profile
from mxwalk.tls.certificate import read_certificate
from mxwalk.walk.steps.revocation import _answers, _ask_all
from tests.revocation.papers import crl_points, point, responder_at
from tests.tls.pki import issue
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
    verdict = profile("esa:5").judge(delivery)
    assert verdict.outcome is Outcome.UNKNOWN
    assert "nobody asked for it" in verdict.reason
    assert profile("esa:4").judge(delivery).outcome is Outcome.DELIVERED_ENCRYPTED
    assert profile("postfix:verify").judge(delivery).outcome is Outcome.DELIVERED_VERIFIED
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
    assert [read_certificate(der).common_name for der in attempt.issuers.anchors] == ["Lab Root CA"]
    assert attempt.chain.errors
    assert profile("esa:5").judge(delivery).outcome is Outcome.DEFERRED
    kinds, delivery = await walked("pkix-missing-aia", offline=True)
    assert "issuers" not in kinds


async def test_a_path_that_ends_below_the_anchor_is_not_told_to_be_checked_to_its_end():
    _, delivery = await walked("pkix-missing-aia")
    last = standings(only(delivery))[-1]
    assert read_certificate(last.certificate).common_name == "Lab Mail CA 1"
    assert last.standing is Standing.NOT_APPLICABLE  # it names nobody, whoever stands above it
    assert only(delivery).revocation.certificates[-1].issuer == b""
    assert not read_path(standings(only(delivery))).hard.passes


async def test_the_step_can_be_left_out_and_nothing_is_verified_then():
    async with lab_walk("revoked-crl") as walk:
        await step_to(walk, "revocation")
        assert walk.skip_step() is not None
        await run(walk)
        assert only(walk.delivery).revocation is None
        assert profile("esa:5").judge(walk.delivery).outcome is Outcome.UNKNOWN


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


class Silence:
    """A fetcher to which nobody answers."""

    async def get(self, *_: object) -> None:
        await asyncio.Event().wait()

    post = get

    def forget(self) -> None:
        pass


@pytest.mark.parametrize(
    ("scenario", "kind"), [("revoked-crl", "revocation"), ("pkix-missing-aia", "issuers")]
)
async def test_a_mail_server_does_not_wait_for_ever_while_nobody_answers(
    monkeypatch, scenario, kind
):
    monkeypatch.setattr(limits, "ASKING_S", 0.05)
    async with lab_walk(scenario) as walk:
        walk._live.tools.fetcher = Silence()
        await step_to(walk, kind)
        step = await asyncio.wait_for(walk.step(), 5)
        assert walk.is_connected
    text = dump_trace(walk.trace).decode()
    assert not step.cancelled
    assert "given up: all questions of this step" in text


async def test_a_connection_that_is_made_again_asks_anew():
    async with lab_walk("revoked-crl") as walk:
        means = walk._live.tools.fetcher._means
        object.__setattr__(walk._live.tools.fetcher, "_means", replace(means, permit=PublicOnly()))
        await run(walk)
        assert standings(only(walk.delivery))[0].standing is Standing.UNREACHABLE
        walk._live.tools.fetcher._means = means
        walk.retry()
        await run(walk)
        assert standings(walk.delivery.attempts[-1])[0].standing is Standing.REVOKED


async def test_a_saved_trace_says_the_same_redacted_or_not():
    _, delivery = await walked("revoked-crl")
    first = standings(only(delivery))
    again = read_trace(io.BytesIO(dump_trace(delivery.trace)))
    assert standings(only(build_delivery(again))) == first
    assert standings(only(build_delivery(redact(again)))) == first


async def test_an_address_named_for_a_list_and_for_a_responder_is_asked_for_both():
    url = "http://pki.example.test/"
    leaf = issue("mx.example.net", extensions=(crl_points(point(url)), responder_at(url)))
    asked: dict = {}
    whom = (pointers(0, leaf.der, leaf.der),)
    async with lab_walk("pkix-good") as walk:
        await _ask_all(walk._live, whom, asked)
    assert [type(one) for one in _answers(whom[0], asked)] == [OcspAsked, CrlAsked]


async def test_a_list_that_cannot_be_had_is_passed_over_by_the_esa_and_the_verdict_says_so():
    _, delivery = await walked("crl-unreachable")
    verdict = profile("esa:5").judge(delivery)
    assert verdict.outcome is Outcome.DELIVERED_VERIFIED
    assert "passed over, as we read the ESA" in verdict.reason
