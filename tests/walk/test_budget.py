"""One walk asks so many DNS questions and works so long; over that it ends, keeps all, and says so."""

import asyncio
from collections.abc import Coroutine, Iterable
from pathlib import Path

import msgspec
import pytest

from mxwalk import limits
from mxwalk.clock import SystemClock
from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.status import status
from mxwalk.dns.resolver import Resolver
from mxwalk.dnssec.anchors import root_anchors
from mxwalk.evidence.dns import DnsAnswer, DnsStatus, RRset
from mxwalk.evidence.journal import read_trace
from mxwalk.evidence.journal_writer import JournalWriter
from mxwalk.evidence.step import Decided, DecisionKind, Evidence, Step, StepKind
from mxwalk.net.dialer import Fault, MappedDialer
from mxwalk.reports.render import render
from mxwalk.senders.model import Outcome
from mxwalk.senders.registry import profile
from mxwalk.tls.store import LoadedStore
from mxwalk.walk.budget import Budget
from mxwalk.walk.live import Live, Task, ValidationTools
from mxwalk.walk.steps import PERFORMERS
from mxwalk.walk.target import parse_target
from mxwalk.walk.walker import Walk
from tests.walk.harness import lab_walk, run
from tests.walk.test_odd_peers import OPTIONS, PLAIN, walking

_HOSTS = 100


class Domain:
    """A domain of a hundred hosts of two addresses, each with ``names``, counting what it is asked."""

    def __init__(self, names: int) -> None:
        self.asked = 0
        self._names = names

    async def query(self, qname: str, rtype: str) -> DnsAnswer:
        self.asked += 1
        await asyncio.sleep(0)
        found = self._records(qname, rtype)
        sets = (RRset(name=qname, rtype=rtype, ttl_s=60, records=found),) if found else ()
        outcome = DnsStatus.OK if found else DnsStatus.NODATA
        return DnsAnswer(qname=qname, rtype=rtype, status=outcome, answer=sets)

    def forget(self) -> None:
        pass

    def _records(self, qname: str, rtype: str) -> tuple[str, ...]:
        number = qname.removeprefix("h").split(".")[0]
        match rtype:
            case "MX":
                return tuple(f"{one} h{one}.example.com." for one in range(_HOSTS))
            case "A" if number.isdecimal():
                return tuple(f"192.0.2.{2 * int(number) + one + 1}" for one in (0, 1))
            case "PTR":
                label = qname.split(".", maxsplit=1)[0]
                return tuple(f"n{one}.p{label}.example.com." for one in range(self._names))
            case _:
                return ()


def walk_of(domain: Domain, asked_beside: Domain) -> Walk:
    """A walk whose servers refuse every connection."""
    refusing = MappedDialer({(f"192.0.2.{one}", 25): Fault.REFUSED for one in range(1, 201)})
    return Walk(
        parse_target("example.com"),
        OPTIONS,
        dialer=refusing,
        resolver=domain,
        store=LoadedStore.from_pem("lab", "", b""),
        clock=SystemClock(),
        validation=ValidationTools(asked_beside, root_anchors()),
    )


def last_decision(walk: Walk) -> DecisionKind | None:
    evidence = walk.trace.steps[-1].evidence
    return evidence.decision if isinstance(evidence, Decided) else None


def saved(walk: Walk, path: Path) -> None:
    """What was walked can be saved and opens whole."""
    with JournalWriter(path, walk.trace.header) as journal:
        for step in walk.trace.steps:
            journal.write(step)
    assert read_trace(path) == walk.trace


async def test_a_domain_of_a_hundred_hosts_is_within_the_limit_with_a_wide_margin() -> None:
    domain, beside = Domain(names=2), Domain(names=0)
    walk = walk_of(domain, beside)
    await run(walk)
    assert sum(step.kind is StepKind.CONNECT for step in walk.trace.steps) == 2 * _HOSTS
    assert not any(isinstance(step.evidence, Decided) for step in walk.trace.steps)
    assert domain.asked + beside.asked < limits.DNS_QUESTIONS_PER_WALK / 2


async def test_a_walk_asks_no_more_than_it_may_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "DNS_QUESTIONS_PER_WALK", 300)
    domain, beside = Domain(names=10), Domain(names=0)
    walk = walk_of(domain, beside)
    await run(walk)
    assert domain.asked + beside.asked <= 300
    assert last_decision(walk) is DecisionKind.LOOKUPS_SPENT
    assert walk.pending is None
    broken_off = walk.trace.steps[-2]
    assert broken_off.cancelled
    assert walk.retry() is None
    assert profile("esa:5").judge(walk.delivery).outcome is Outcome.UNKNOWN
    text = render(walk.trace, "text", sender="esa:5")
    assert "a walk makes 300 DNS look-ups at most" in text
    assert "made all the DNS look-ups a walk may make" in text
    saved(walk, tmp_path / "walk.mxtrace")


async def test_aliases_are_charged_and_what_is_remembered_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "DNS_QUESTIONS_PER_WALK", 100)

    class Aliases(Domain):
        async def query(self, qname: str, rtype: str) -> DnsAnswer:
            found = await super().query(qname, rtype)
            hops = tuple(f"c{number}.example.com" for number in range(9))
            known = qname.startswith("known")
            return msgspec.structs.replace(found, cname_hops=hops, from_cache=known)

    walk = walk_of(Aliases(0), Domain(0))
    for _ in range(50):
        assert (await walk.resolver.query("known.example.com", "TXT")).from_cache
    statuses = [(await walk.resolver.query("new.example.com", "TXT")).status for _ in range(20)]
    assert statuses.count(DnsStatus.CANCELLED) == 10


async def test_a_walk_works_no_longer_than_it_may_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "WALK_S", 0.5)

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(PLAIN[0])
        await reader.read()

    async with walking(silent) as walk:
        async with asyncio.timeout(20):
            await run(walk)
        assert last_decision(walk) is DecisionKind.TIME_SPENT
        broken_off = walk.trace.steps[-2]
        assert broken_off.kind is StepKind.EHLO
        assert broken_off.cancelled
        assert sum(step.elapsed_s for step in walk.trace.steps) < 1.0
        assert not walk.is_connected
        assert profile("esa:5").judge(walk.delivery).outcome is Outcome.UNKNOWN
        text = render(walk.trace, "text", sender="esa:5")
        assert "a walk works for 0.000138889 hours at most" in text
        assert "worked for as long as a walk may" in text
        saved(walk, tmp_path / "walk.mxtrace")


async def test_pauses_cost_nothing_and_steps_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "WALK_S", 0.3)
    budget = Budget()
    await asyncio.sleep(0.4)
    async with budget.step(limited=True):
        await asyncio.sleep(0)
    await asyncio.sleep(0.4)
    async with budget.step(limited=True):
        await asyncio.sleep(0)
    async with budget.step(limited=False):  # taking leave
        await asyncio.sleep(0.4)
    assert budget.spent is None
    with pytest.raises(TimeoutError):
        async with budget.step(limited=True):
            await asyncio.sleep(60)
    assert budget.spent is DecisionKind.TIME_SPENT


async def side_by_side(budget: Budget, work: Iterable[Coroutine[None, None, None]]) -> None:
    """Do all of this in one step."""
    async with budget.step(limited=True), asyncio.TaskGroup() as group:
        for one in work:
            group.create_task(one)


@pytest.mark.parametrize("turns", [(1, 1, 1, 1), (1, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5)])
async def test_questions_side_by_side_end_a_step_once(
    turns: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "DNS_QUESTIONS_PER_WALK", len(turns))

    class Late(Domain):
        async def query(self, qname: str, rtype: str) -> DnsAnswer:
            for _ in range(int(qname)):
                await asyncio.sleep(0)
            return await super().query(qname, rtype)

    budget = Budget()
    resolver = budget.counting(Late(0))

    async def two(turn: int) -> None:
        await resolver.query(str(turn), "A")
        await resolver.query("0", "A")

    with pytest.raises(TimeoutError):
        await side_by_side(budget, map(two, turns))
    assert budget.spent is DecisionKind.LOOKUPS_SPENT


async def test_a_question_while_a_step_ends_for_its_time_waits_for_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "DNS_QUESTIONS_PER_WALK", 0)
    monkeypatch.setattr(limits, "WALK_S", 0.0)
    budget = Budget()
    resolver = budget.counting(Domain(0))

    async def later(turns: int) -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
        await resolver.query("example.com", "A")

    with pytest.raises(TimeoutError):
        await side_by_side(budget, map(later, range(3)))
    assert budget.spent is DecisionKind.TIME_SPENT


async def test_a_question_beside_a_step_is_not_waited_for_beyond_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "DNS_QUESTIONS_PER_WALK", 0)
    budget = Budget()
    resolver = budget.counting(Domain(0))
    beside: list[asyncio.Task[DnsAnswer]] = []

    async def working() -> None:
        async with budget.step(limited=True):
            beside.append(asyncio.ensure_future(resolver.query("example.com", "TXT")))
            await asyncio.sleep(60)

    with pytest.raises(TimeoutError):
        await working()
    async with asyncio.timeout(5):
        assert (await beside[0]).status is DnsStatus.CANCELLED


async def test_a_step_that_ends_in_the_moment_it_is_struck_holds_no_later_one_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "DNS_QUESTIONS_PER_WALK", 0)
    budget = Budget()
    resolver = budget.counting(Domain(0))
    await _ended_when_struck(budget, resolver)
    assert budget.spent is DecisionKind.LOOKUPS_SPENT
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(5) as waited, budget.step(limited=True):
            await resolver.query("example.com", "A")
    assert not waited.expired()


async def _ended_when_struck(budget: Budget, resolver: Resolver) -> None:
    """Let a step end by itself in the turn of the loop in which a question beside it strikes it."""
    ends = asyncio.Event()

    async def beside() -> None:
        await ends.wait()
        await resolver.query("example.com", "TXT")

    task = asyncio.create_task(beside())
    await asyncio.sleep(0)
    async with budget.step(limited=True):
        ends.set()
        await asyncio.sleep(0)
    await task


async def test_a_walk_whose_step_ends_in_the_moment_it_is_struck_ends_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "DNS_QUESTIONS_PER_WALK", 300)
    walk = walk_of(Domain(names=1), Domain(names=0))
    ends, perform = asyncio.Event(), PERFORMERS[StepKind.MX]

    async def performed(live: Live, task: Task) -> Evidence:
        evidence = await perform(live, task)
        ends.set()
        await asyncio.sleep(0)
        return evidence

    async def beside() -> None:
        await ends.wait()
        monkeypatch.setattr(limits, "DNS_QUESTIONS_PER_WALK", 0)
        await walk.resolver.query("beside.example", "TXT")

    monkeypatch.setitem(PERFORMERS, StepKind.MX, performed)
    task = asyncio.create_task(beside())
    async with asyncio.timeout(20):
        await run(walk)
        await task
    assert last_decision(walk) is DecisionKind.LOOKUPS_SPENT
    assert [step.kind for step in walk.trace.steps][-2:] == [StepKind.MX, StepKind.DECISION]
    assert not walk.trace.steps[-2].cancelled


async def test_a_survey_says_why_it_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "DNS_QUESTIONS_PER_WALK", 12)
    async with lab_walk("domain-complete") as walk:
        await run(walk)
        assert last_decision(walk) is DecisionKind.LOOKUPS_SPENT
        text = render(walk.trace, "text", sender="esa:5")
    assert "a walk makes 12 DNS look-ups at most" in text


@pytest.mark.parametrize("decision", [DecisionKind.LOOKUPS_SPENT, DecisionKind.TIME_SPENT])
async def test_the_decision_is_a_step_that_tells_it(decision: DecisionKind) -> None:
    async with lab_walk("esa-san") as walk:
        await walk.step()
    trace = walk.trace
    evidence = Decided(decision=decision)
    step = Step(
        seq=2,
        kind=StepKind.DECISION,
        scope=trace.steps[0].scope,
        started_s=1,
        elapsed_s=0,
        evidence=evidence,
    )
    delivery = build_delivery(msgspec.structs.replace(trace, steps=(trace.steps[0], step)))
    assert delivery.stopped
    assert status(step, delivery).summary.startswith("the walk ended: it ")
