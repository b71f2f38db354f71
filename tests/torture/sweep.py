"""Running many cases of one walk, and what came of each."""

import gc
import multiprocessing.connection
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self

from mxwalk.evidence.target import Timeouts
from mxwalk.lab.model import Scenario
from mxwalk.senders.model import Outcome
from tests.torture.asked import answers_by_name
from tests.torture.faults import Case, Way
from tests.torture.judging import Judged, Judges
from tests.torture.jumping import run_jumping
from tests.torture.oracle import Faultless, Outcomes, untrue
from tests.torture.plan import Wire, cases_on, dns_cases, wires
from tests.torture.stage import Ran, Stage, staged
from tests.torture.walks import Tortured, walk_named, without_records, without_tls

_FAULTLESS_WALKS = 3
_NO_DNS_CASE = "dns:none"
# On a connection a fault costs one phase at most, then QUIT, the closing, and a look at whether the peer
# still listens; a lost DNS answer costs its question, which a later step may ask once more.
_CLOSING_S = 4.0
_QUESTIONS = 2
_TRANSPORTS = 2
_GC = (20_000, 20, 50)
_CLEARING_S = 5.0
_TURN_BITS = 32  # the low ones choose which cases are run


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of one case: ``wrong`` is empty when all is as it must be.

    ``ends`` is the kind of step the fault broke, with how; ``outcomes`` what the senders made of it;
    ``rendered`` the format of the report that was made, if its evidence was new.
    """

    case: Case
    hit: bool
    harmless: bool
    ends: str
    outcomes: tuple[Outcome, ...]
    elapsed_s: float
    budget_s: float
    real_s: float
    wrong: tuple[str, ...]
    rendered: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Bench:
    """A stage with its faultless walk, ready for cases.  ``wires`` are what can be harmed."""

    stage: Stage
    faultless: Faultless
    wires: list[Wire]
    asked: dict[str, tuple[bytes, bytes]]
    judges: Judges
    base_s: float

    @classmethod
    async def on(cls, stage: Stage) -> Self:
        """Walk without a fault, and see what of it senders rest on."""
        walk, judges = stage.walk, Judges()
        runs = [await stage.run(None) for _ in range(_FAULTLESS_WALKS)]
        nothing = Case(walk=walk.name, wire=_NO_DNS_CASE, way=Way.SERVER, position=0, fault="lose")
        asked = (await stage.run(nothing)).asked
        judged = [judges.judge(run.trace) for run in runs]
        if judges.made > 2 or any(run.faults for run in runs):  # the first one fills the cache
            raise AssertionError(f"{walk.name}: faultless walks differ or fail: {runs}")
        last = judged[-1]
        stage.remember(runs[-1].trace, asked)
        verified = _verified(_outcomes(last))
        faultless = Faultless(
            trace=runs[-1].trace,
            judged=last,
            answers=dict(answers_by_name(runs[-1].trace.steps)),
            without_tls=await _variant(walk, without_tls),
            by_dane=verified
            - _verified(await _variant(walk, lambda s: without_records(s, "TLSA"))),
            by_sts=verified
            - _verified(await _variant(walk, lambda s: without_records(s, "_mta-sts"))),
        )
        base_s = max(run.elapsed_s for run in runs)
        return cls(
            stage=stage,
            faultless=faultless,
            wires=wires(max(runs, key=lambda run: len(run.links[-1].passed.to_client))),
            asked=asked,
            judges=judges,
            base_s=base_s,
        )

    def cases(self) -> Iterable[Case]:
        """Return every case of this walk."""
        for wire in self.wires:
            yield from cases_on(self.stage.walk, wire)
        if self.stage.walk.on_dns:
            yield from dns_cases(self.stage.walk, self.asked)

    async def run(self, case: Case) -> Result:
        """Run one case and hold everything against what it must be."""
        ran = await self.stage.run(case)
        rendered = self.judges.rendered.copy()
        judged = self.judges.judge(ran.trace, case.number >> _TURN_BITS)
        wrong = untrue(self.faultless, ran, judged)
        budget_s = self.base_s + _budget_s(self.stage.options.timeouts, case)
        if ran.elapsed_s > budget_s:
            wrong.append(f"it took {ran.elapsed_s:.1f} s, its budget is {budget_s:.1f} s")
        return Result(
            case=case,
            hit=ran.hit,
            harmless=judged.evidence == self.faultless.judged.evidence,
            ends=_ends(ran),
            outcomes=tuple(_outcomes(judged).values()),
            elapsed_s=ran.elapsed_s,
            budget_s=budget_s,
            real_s=ran.real_s,
            wrong=tuple(wrong),
            rendered=tuple((self.judges.rendered - rendered).elements()),
        )


def _budget_s(timeouts: Timeouts, case: Case) -> float:
    """Return the virtual seconds that a fault may cost a walk."""
    if case.wire.startswith("dns"):
        return _QUESTIONS * _TRANSPORTS * timeouts.dns_s
    phases = (timeouts.greeting_s, timeouts.command_s, timeouts.tls_s, timeouts.connect_s)
    return max(phases) + timeouts.quit_s + _CLOSING_S


def _outcomes(judged: Judged) -> dict[str, Outcome]:
    return {sender: verdict.outcome for sender, verdict in judged.verdicts.items()}


def _verified(outcomes: Outcomes) -> frozenset[str]:
    return frozenset(
        sender for sender, outcome in outcomes.items() if outcome is Outcome.DELIVERED_VERIFIED
    )


async def _variant(walk: Tortured, change: Callable[[Scenario], Scenario]) -> Outcomes:
    """Return what senders do in another form of the walk's scenario."""
    other = replace(walk, scenario=lambda: change(walk.scenario()))
    async with staged(other) as stage:
        return _outcomes(Judges().judge((await stage.run(None)).trace))


def _ends(ran: Ran) -> str:
    """Return at which step the walk says that something ended, and how."""
    for step in ran.trace.steps:
        ending = getattr(step.evidence, "ending", None)
        if ending is not None:
            return f"{step.kind.value}: {ending.kind.value}"
    return "to the end"


def end_with_parent() -> None:
    """Let a worker process end when the process that started it does, however that ended.

    The case at hand is broken off, so that its files are cleared away; for that there is some time.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_await_end, args=(parent.sentinel,), daemon=True).start()


def _await_end(sentinel: int) -> None:
    multiprocessing.connection.wait([sentinel])
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(_CLEARING_S)
    os._exit(1)


def run_batch(cases: Sequence[Case]) -> list[Result]:
    """Run cases of one walk on a stage of their own."""

    async def run() -> list[Result]:
        async with staged(walk_named(cases[0].walk)) as stage:
            bench = await Bench.on(stage)
            gc.freeze()  # what lives as long as the batch is not looked through again and again
            gc.set_threshold(*_GC)
            return [await bench.run(case) for case in cases]

    return run_jumping(run)
