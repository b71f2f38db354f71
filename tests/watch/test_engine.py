"""The watch on a clock that is moved: when rounds are due, when it is over, how polite it is."""

import asyncio
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from mxwalk import limits
from mxwalk.clock import FixedClock, to_rfc3339
from mxwalk.delivery.build import build_delivery
from mxwalk.dns.servers import server_text
from mxwalk.errors import ProtocolMisuseError, TraceError, UsageError
from mxwalk.evidence.target import Options, Route, Timeouts
from mxwalk.evidence.trace import Trace
from mxwalk.lab.lab import Lab
from mxwalk.lab.scenario import load_scenario
from mxwalk.session import Saving, lab_options, open_walk
from mxwalk.walk.target import parse_target
from mxwalk.watch.conditions import parse_condition
from mxwalk.watch.engine import End, Plan, Round, Watch, run
from mxwalk.watch.politeness import back_off_s, check_interval, is_local
from mxwalk.watch.runner import Walker, Watched
from tests.dns.peers import closed_port
from tests.watch.facts_for import NOON


def clock() -> FixedClock:
    return FixedClock(NOON)


def plan(condition: str = "delivered", **more) -> Plan:
    given = {"condition": parse_condition(condition), "senders": ("esa:5",), "interval_s": 300}
    return Plan(**{**given, **more})


_TRACES: dict[str, Trace] = {}


async def trace_of(scenario: str) -> Trace:
    """Return a scenario's whole walk; walked once."""
    if scenario not in _TRACES:
        async with open_walk(
            None, lab_options(scenario), scenario=scenario, save=Saving.NOWHERE, clock=clock()
        ) as walk:
            while await walk.step() is not None:
                pass
        _TRACES[scenario] = walk.trace
    return _TRACES[scenario]


async def watched(
    watch: Watch, at: FixedClock, scenarios: list[str]
) -> tuple[list[Round], list[float]]:
    """Run with these scenarios one after the other; the last one stays."""
    rounds: list[Round] = []
    waits: list[float] = []

    async def walk_once(number: int) -> Trace:
        trace = await trace_of(scenarios[min(number, len(scenarios)) - 1])
        header = replace(trace.header, started_at=to_rfc3339(at.now()))
        return replace(trace, header=header)

    async def wait(seconds: float) -> None:
        waits.append(seconds)
        at.advance(seconds)

    await run(watch, walk_once, wait, rounds.append)
    return rounds, waits


async def test_it_ends_with_the_round_that_fulfils_the_condition() -> None:
    at = clock()
    watch = Watch(plan("tlsa"), at)
    rounds, waits = await watched(watch, at, ["dane-mismatch", "dane-mismatch", "dane-good"])
    assert watch.end is End.HOLDS
    assert [one.holds for one in rounds] == [False, False, True]
    assert waits == [300, 300]
    assert [one.at.minute for one in rounds] == [0, 5, 10]
    assert rounds[1].changes == ()
    assert {one.what for one in rounds[2].changes} >= {"TLSA", "A"}
    assert any("may be cached until" in one.words for one in watch.old)


async def test_a_condition_that_holds_at_once_needs_one_round() -> None:
    at = clock()
    rounds, waits = await watched(Watch(plan(), at), at, ["esa-hosted"])
    assert (len(rounds), waits) == (1, [])


async def test_it_ends_after_the_rounds_asked_for() -> None:
    at = clock()
    watch = Watch(plan("changed", rounds=3), at)
    rounds, _ = await watched(watch, at, ["esa-hosted"])
    assert (watch.end, len(rounds), watch.told_anything) == (End.ROUNDS, 3, True)


async def test_it_ends_when_no_further_round_fits_the_time() -> None:
    at = clock()
    watch = Watch(plan("changed", for_s=700), at)
    rounds, waits = await watched(watch, at, ["esa-hosted"])
    assert (watch.end, len(rounds), sum(waits)) == (End.TIME, 3, 600)


async def test_a_verdict_that_changes_is_noticed_against_the_first_round() -> None:
    at = clock()
    watch = Watch(plan("changed", senders=("rfc7672",)), at)
    rounds, _ = await watched(watch, at, ["dane-mismatch", "dane-good"])
    assert watch.end is End.HOLDS
    assert rounds[-1].changes[0].words == "verdict of rfc7672: deferred -> delivered, verified"


async def test_a_server_that_answers_421_is_left_alone_for_longer_each_time() -> None:
    at = clock()
    watch = Watch(plan(rounds=4), at)
    rounds, waits = await watched(watch, at, ["greet-421"])
    assert waits == [900, 1_800, 3_600]
    assert "421" in rounds[0].note
    assert "15m" in rounds[0].note


async def test_the_pause_after_421_has_an_end() -> None:
    assert back_off_s(300, 40, local=False) == 4 * 3_600
    assert back_off_s(86_400, 1, local=False) == 86_400
    assert back_off_s(2, 40, local=True) == 32


async def test_our_own_dead_resolver_changes_nothing_and_tells_nothing() -> None:
    at = clock()
    watch = Watch(plan("not-delivered", rounds=2), at)
    options = Options(
        resolver=server_text(closed_port()), trust="certifi", timeouts=Timeouts(dns_s=0.3)
    )

    async def wait(seconds: float) -> None:
        at.advance(seconds)

    rounds: list[Round] = []
    async with Walker(Watched(target="example.com", options=options), clock=at) as walker:
        await run(watch, walker.walk, wait, rounds.append)
    assert (watch.end, watch.told_anything, watch.latest) == (End.ROUNDS, False, None)
    assert rounds[0].facts is not None
    assert rounds[0].facts.own_fault == "DNS001"


async def test_two_walks_are_never_made_at_once() -> None:
    watch = Watch(plan(), clock())
    assert watch.begin() == 1
    assert watch.is_walking
    with pytest.raises(ProtocolMisuseError):
        watch.begin()
    watch.abandon()
    assert (watch.begin(), watch.count) == (1, 0)


async def test_a_walk_that_took_longer_than_the_interval_is_followed_by_a_pause() -> None:
    at = clock()
    watch = Watch(plan("changed", interval_s=120), at)
    watch.begin()
    at.advance(500)
    watch.finish(await trace_of("esa-hosted"))
    assert watch.next_in_s == 60


async def test_now_waits_until_it_is_polite() -> None:
    at = clock()
    watch = Watch(plan("changed"), at)
    assert watch.hurry() == 0
    watch.begin()
    watch.finish(await trace_of("esa-hosted"))
    assert watch.next_in_s == 300
    at.advance(20)
    assert watch.hurry() == 40
    at.advance(40)
    assert watch.next_in_s == 0


async def test_another_interval_counts_from_now_and_is_polite_too() -> None:
    at = clock()
    watch = Watch(plan("changed", interval_s=3_600), at)
    watch.begin()
    watch.finish(await trace_of("esa-hosted"))
    watch.change(plan("changed", interval_s=60))
    assert watch.next_in_s == 60
    with pytest.raises(UsageError):
        watch.change(plan("changed", interval_s=5))


async def test_a_watch_that_held_goes_on_for_another_condition() -> None:
    at = clock()
    watch = Watch(plan(), at)
    await watched(watch, at, ["esa-hosted"])
    watch.change(plan("deferred"))
    assert watch.end is None
    assert watch.next_in_s > 0


async def test_a_walk_that_cannot_be_opened_is_raised_first_and_noted_later() -> None:
    at = clock()
    watch = Watch(plan("changed", rounds=3), at)

    async def fails(number: int) -> Trace:
        if number != 1:
            raise TraceError("the disk is full")
        return await trace_of("esa-hosted")

    async def wait(seconds: float) -> None:
        at.advance(seconds)

    rounds: list[Round] = []
    await run(watch, fails, wait, rounds.append)
    assert [one.problem for one in rounds] == ["", "the disk is full", "the disk is full"]

    async def never(_number: int) -> Trace:
        raise UsageError("no such target")

    again = Watch(plan(), at)
    with pytest.raises(UsageError):
        await run(again, never, wait)
    assert not again.is_walking


async def test_a_cancelled_round_does_not_count() -> None:
    watch = Watch(plan(), clock())
    begun = asyncio.Event()

    async def hangs(_number: int) -> Trace:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    async with asyncio.TaskGroup() as group:
        task = group.create_task(run(watch, hangs, asyncio.sleep))
        await begun.wait()
        task.cancel()
    assert (watch.count, watch.is_walking) == (0, False)


async def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    at = clock()
    watch = Watch(plan("changed", rounds=limits.WATCH_TRACES + 5), at)
    await watched(watch, at, ["esa-hosted"])
    kept = [number for number in range(1, watch.count + 1) if watch.trace(number) is not None]
    assert kept == list(range(6, limits.WATCH_TRACES + 6))
    assert watch.rounds.maxlen == limits.WATCH_ROUNDS


@pytest.mark.parametrize(
    ("seconds", "local", "polite"),
    [
        (60, False, True),
        (59, False, False),
        (1, True, True),
        (0.5, True, False),
        (300, False, True),
    ],
)
def test_the_shortest_interval_depends_on_whose_server_it_is(seconds, local, polite) -> None:
    if polite:
        check_interval(seconds, local=local)
        return
    with pytest.raises(UsageError, match="more often"):
        Watch(plan(interval_s=seconds, local=local), clock())


@pytest.mark.parametrize(
    ("target", "routes", "lab", "local"),
    [
        ("example.com", (), False, False),
        ("example.com", (), True, True),
        ("[127.0.0.1]:2525", (), False, True),
        ("[::1]", (), False, True),
        ("[192.0.2.1]", (), False, False),
        ("example.com", ("127.0.0.1",), False, True),
        ("[127.0.0.1]", ("192.0.2.1",), False, False),
        ("example.com", ("127.0.0.1", "mx.example.net"), False, False),
        ("localhost:25", (), False, False),
    ],
)
def test_only_the_lab_and_loopback_are_ours(target, routes, lab, local) -> None:
    options = Options(routes=tuple(Route(destination=one) for one in routes))
    assert is_local(parse_target(target), options, in_lab=lab) is local


async def test_the_lab_keeps_its_certificates_from_round_to_round() -> None:
    given = Watched(target=None, options=lab_options("esa-hosted"), scenarios=("esa-hosted",))
    async with Walker(given, clock=FixedClock(datetime.now(UTC))) as walker:
        leaves = []
        for number in (1, 2):
            delivery = build_delivery(await walker.walk(number))
            shake = delivery.attempts[0].handshake
            assert shake is not None
            leaves.append(shake.presented[0])
    assert leaves[0] == leaves[1]


async def test_a_running_lab_is_used_and_left_running() -> None:
    async with Lab(load_scenario("esa-hosted")) as lab:
        for _ in range(2):
            async with open_walk(
                None,
                lab_options("esa-hosted"),
                scenario="esa-hosted",
                save=Saving.NOWHERE,
                lab=lab,
            ) as walk:
                assert await walk.step() is not None


async def test_each_rounds_trace_is_saved_where_it_was_asked_for(tmp_path) -> None:
    given = Watched(
        target=None, options=lab_options("esa-hosted"), scenarios=("esa-hosted",), save=tmp_path
    )
    async with Walker(given) as walker:
        await walker.walk(1)
        await walker.walk(2)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) == 2
    assert names[0].endswith("-esa-hosted-0001.mxtrace")


async def test_each_scenario_of_a_watch_has_its_own_options() -> None:
    names = ("esa-hosted", "dane-good")
    given = [replace(lab_options(one), helo=f"{one}.example") for one in names]
    watched = Watched(target=None, options=given[0], scenarios=names, later=(given[1],))
    async with Walker(watched) as walker:
        walked = [await walker.walk(number) for number in (1, 2, 3)]
    assert [one.header.scenario for one in walked] == [names[0], names[1], names[1]]
    assert [one.header.options.helo for one in walked] == [
        *("esa-hosted.example", "dane-good.example", "dane-good.example")
    ]
