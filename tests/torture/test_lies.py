"""Lies about why and where a walk ended are found: each is put into the evidence of true walks."""

from collections.abc import Callable
from dataclasses import replace
from unittest import mock

import msgspec
import pytest

from mxwalk.evidence.connection import Exchanged
from mxwalk.evidence.step import Step
from mxwalk.evidence.trace import Trace
from mxwalk.evidence.wire import Ending, EndingKind
from mxwalk.senders.model import Outcome
from tests.torture.dns_faults import Relay
from tests.torture.faults import DELAY_S, Case
from tests.torture.judging import Judged, Judges
from tests.torture.jumping import run_jumping
from tests.torture.oracle import Faultless, untrue
from tests.torture.stage import Ran, staged
from tests.torture.sweep import Bench
from tests.torture.walks import walk_named

CUTS = [
    "starttls/smtp1/server/3/reset",  # in the greeting
    "starttls/smtp1/server/60/half-close",  # in the EHLO response
    "starttls/smtp1/server/80/close",
    "starttls/smtp1/server/300/stall",  # in the handshake
    "starttls/smtp1/client/800/reset",
    "starttls/smtp1+inside/server/10/close",
    "starttls/smtp1+inside/server/10/stall",
]
Lie = Callable[[Ending], Ending | None]


def _our_disk_or_tuesday(ending: Ending) -> Ending:
    match ending.kind:
        case EndingKind.RESET:
            detail = "our own machine is out of disk space"
            return msgspec.structs.replace(ending, kind=EndingKind.LOCAL, detail=detail)
        case EndingKind.CLOSED | EndingKind.HALF_CLOSED:
            return msgspec.structs.replace(
                ending, kind=EndingKind.TIMEOUT, detail="it is Tuesday", after_s=60.0
            )
        case _:
            return msgspec.structs.replace(ending, detail="it is Tuesday")


def _another_of_these(ending: Ending) -> Ending:
    """Tell another kind in its own good words."""
    match ending.kind:
        case EndingKind.RESET:
            detail = ending.detail.replace("reset the connection (RST)", "closed the connection")
            return msgspec.structs.replace(ending, kind=EndingKind.CLOSED, detail=detail)
        case _:
            peer = ending.detail.partition(" port 25")[0]
            detail = f"{peer} port 25 reset the connection (RST) after 1 second"
            return msgspec.structs.replace(ending, kind=EndingKind.RESET, detail=detail)


LIES: dict[str, Lie] = {
    "our disk, or Tuesday": _our_disk_or_tuesday,
    "another kind in good words": _another_of_these,
    "no ending": lambda _: None,
}


def _lied(step: Step, lie: Lie) -> Step:
    ending = _ending(step)
    if ending is None:
        return step
    evidence = msgspec.structs.replace(step.evidence, ending=lie(ending))
    return msgspec.structs.replace(step, evidence=evidence)


def _a_step_earlier(trace: Trace) -> Trace | None:
    """Give the ending to the dialogue's step before, and leave out the one that it was of."""
    at = next(n for n, step in enumerate(trace.steps) if _ending(step))
    earlier = [step for step in trace.steps[:at] if isinstance(step.evidence, Exchanged)]
    if not earlier:
        return None
    before = earlier[-1]
    evidence = msgspec.structs.replace(before.evidence, reply=b"", ending=_ending(trace.steps[at]))
    moved = msgspec.structs.replace(before, evidence=evidence, wire=())
    return Trace(header=trace.header, steps=(*trace.steps[: before.seq - 1], moved))


def _ending(step: Step) -> Ending | None:
    found: Ending | None = getattr(step.evidence, "ending", None)
    return found


async def _each(names: list[str]) -> list[tuple[Faultless, Ran, Judges]]:
    cases = [Case.parse(name) for name in names]
    async with staged(walk_named(cases[0].walk)) as stage:
        bench = await Bench.on(stage)
        found = []
        for case in cases:
            ran = await stage.run(case)
            assert not untrue(bench.faultless, ran, bench.judges.judge(ran.trace)), case
            found.append((bench.faultless, ran, bench.judges))
        return found


@pytest.fixture(scope="module")
def walks() -> list[tuple[Faultless, Ran, Judges]]:
    return run_jumping(lambda: _each(CUTS))


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_another_reason_for_an_ending_than_what_was_done_is_found(
    walks: list[tuple[Faultless, Ran, Judges]], lie: Lie
) -> None:
    for faultless, ran, judges in walks:
        steps = tuple(_lied(step, lie) for step in ran.trace.steps)
        told = replace(ran, trace=Trace(header=ran.trace.header, steps=steps))
        assert untrue(faultless, told, judges.judge(told.trace)), ran.case


def _unknown(judged: Judged, **changes: object) -> Judged:
    verdicts = {
        sender: replace(verdict, outcome=Outcome.UNKNOWN, **changes)
        for sender, verdict in judged.verdicts.items()
    }
    return replace(judged, verdicts=verdicts)


def test_verdicts_that_have_no_idea_are_found(
    walks: list[tuple[Faultless, Ran, Judges]],
) -> None:
    for faultless, ran, judges in walks:
        told = _unknown(judges.judge(ran.trace), step=None, reason="no idea")
        wrong = untrue(faultless, ran, told)
        assert len(wrong) == len(told.verdicts), ran.case
        assert all("no step is named" in sentence for sentence in wrong)


def test_unknown_at_a_step_that_was_not_harmed_or_in_words_of_another_is_found(
    walks: list[tuple[Faultless, Ran, Judges]],
) -> None:
    for faultless, ran, judges in walks:
        judged = judges.judge(ran.trace)
        ended = next(one for one in ran.trace.steps if _ending(one))
        elsewhere = untrue(faultless, ran, _unknown(judged, step=2, reason="no idea"))
        assert any("is as it was without the fault" in sentence for sentence in elsewhere)
        wordless = untrue(faultless, ran, _unknown(judged, step=ended.seq, reason="no idea"))
        assert any("has no word of step" in sentence for sentence in wordless)


def test_an_ending_in_the_step_before_the_one_that_was_struck_is_found(
    walks: list[tuple[Faultless, Ran, Judges]],
) -> None:
    found = 0
    for faultless, ran, judges in walks:
        earlier = _a_step_earlier(ran.trace)
        if earlier is None:
            continue
        wrong = untrue(faultless, replace(ran, trace=earlier), judges.judge(earlier))
        assert any("was struck, and" in sentence for sentence in wrong), ran.case
        found += 1
    assert found == len(CUTS) - 1  # there is no step before the greeting


def test_a_callback_that_raises_is_told_whatever_stages_there_were_before() -> None:
    async def main() -> list[str]:
        async with staged(walk_named("plain")) as stage:
            bench = await Bench.on(stage)
            with mock.patch.object(Relay, "_answer", side_effect=ValueError("oops")):
                ran = await stage.run(Case.parse("plain/dns:example.com:MX/server/0/lose"))
            return untrue(bench.faultless, ran, bench.judges.judge(ran.trace))

    assert any("ValueError('oops')" in sentence for sentence in run_jumping(main))


def test_a_delayed_answer_is_an_answer() -> None:
    async def main() -> list[str]:
        async with staged(walk_named("dane")) as stage:
            bench = await Bench.on(stage)
            result = await bench.run(Case.parse("dane/dns:com:DS:cd/server/0/delay"))
            assert result.hit
            assert result.elapsed_s >= DELAY_S
            return list(result.wrong)

    assert run_jumping(main) == []
