"""Looks whose connection ends before their time: what is told of it, and what is not asked any more."""

import msgspec
import pytest

from mxwalk.delivery.looks import as_seen_by
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.target import Timeouts
from mxwalk.evidence.wire import EndingKind
from mxwalk.lab.scenario import load_scenario
from mxwalk.senders.model import Outcome
from mxwalk.senders.registry import profile
from tests.walk import harness
from tests.walk.harness import lab_walk, run


@pytest.fixture
def answering(monkeypatch):
    """Make the hosts of every scenario answer EHLO inside TLS like this."""

    def change(ehlo_tls: tuple[str, ...]) -> None:
        def load(name: str):
            scenario = load_scenario(name)
            hosts = tuple(
                msgspec.structs.replace(host, ehlo_tls=ehlo_tls) for host in scenario.hosts
            )
            return msgspec.structs.replace(scenario, hosts=hosts)

        monkeypatch.setattr(harness, "load_scenario", load)

    return change


async def test_after_421_inside_a_look_nothing_more_is_said_to_the_server(answering):
    answering(("421 mx1.example.com too busy",))
    async with lab_walk("tls10-only", without_sni=True) as walk:
        kinds = await run(walk)
        (attempt,) = walk.delivery.attempts
    assert attempt.look(StepKind.LEGACY_TLS).inside.startswith(b"421 ")
    assert kinds[-2:] == ["legacy-tls", "revocation"]


async def test_no_answer_inside_a_look_is_not_taken_for_an_answer_still_to_come(answering):
    answering(())
    timeouts = Timeouts(command_s=0.3, quit_s=0.3)
    async with lab_walk("tls10-only", timeouts=timeouts) as walk:
        await run(walk)
        (attempt,) = walk.delivery.attempts
        verdict = profile("postfix:may").judge(walk.delivery)
    assert attempt.look(StepKind.LEGACY_TLS).inside_ending.kind is EndingKind.TIMEOUT
    exchanged = as_seen_by(attempt, StepKind.LEGACY_TLS).exchange(StepKind.EHLO_TLS)
    assert exchanged.ending.kind is EndingKind.TIMEOUT
    assert verdict.outcome is Outcome.UNKNOWN
    assert "not decided yet" not in verdict.reason
