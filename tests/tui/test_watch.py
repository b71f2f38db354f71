"""The watch screen: rounds, keys, what is known, and the walk of a round; driven by a moved clock."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot
from textual.widgets import Static
from textual.worker import WorkerState

from mxwalk.clock import FixedClock, to_rfc3339
from mxwalk.errors import TraceError
from mxwalk.evidence.trace import Trace
from mxwalk.session import Saving, lab_options, open_walk
from mxwalk.watch.conditions import parse_condition
from mxwalk.watch.engine import End, Plan
from mxwalk.watch.runner import Watched
from tests.hostile import HOSTILE
from tests.tui.driving import app_for, picture, until_paused
from tui.app import MxwalkApp
from tui.screens.walk import WalkScreen
from tui.screens.watch import WatchScreen
from tui.settings import Settings
from widgets.hints import Head
from widgets.rows import Rows

NOON = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
_TRACES: dict[str, Trace] = {}


async def trace_of(scenario: str) -> Trace:
    if scenario not in _TRACES:
        async with open_walk(
            None,
            lab_options(scenario),
            scenario=scenario,
            save=Saving.NOWHERE,
            clock=FixedClock(NOON),
        ) as walk:
            while await walk.step() is not None:
                pass
        _TRACES[scenario] = walk.trace
    return _TRACES[scenario]


def plan(
    condition: str, *, interval_s: float = 300, senders: tuple[str, ...] = ("rfc7672",)
) -> Plan:
    return Plan(condition=parse_condition(condition), senders=senders, interval_s=interval_s)


def watching(scenarios: tuple[str, ...], condition: str, clock: FixedClock) -> WatchScreen:
    async def walk_once(number: int) -> Trace:
        trace = await trace_of(scenarios[min(number, len(scenarios)) - 1])
        return replace(trace, header=replace(trace.header, started_at=to_rfc3339(clock.now())))

    watched = Watched(target="user@example.com", options=lab_options(scenarios[0]))
    return WatchScreen(watched, plan(condition), clock=clock, walk_once=walk_once)


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():
            await pilot.pause(0.01)
    await pilot.pause()


async def opened(pilot: Pilot[None], screen: WatchScreen, rounds: int = 1) -> None:
    await pilot.pause()
    pilot.app.push_screen(screen)
    await until(pilot, lambda: screen.rounds.count >= rounds)


def said(pilot: Pilot[None], screen: WatchScreen) -> str:
    """Return what both panes say, unwrapped."""
    rows = (row for pane in screen.query(Rows) for row in pane.rows)
    return " ".join(" ".join(part.plain for row in rows for part in row.lines).split())


def app() -> MxwalkApp:
    return MxwalkApp(None, Settings())


async def next_round(pilot: Pilot[None], screen: WatchScreen, clock: FixedClock) -> None:
    count = screen.rounds.count
    clock.advance(300)
    await pilot.press("n")
    await until(pilot, lambda: screen.rounds.count > count)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50), (50, 14)])
async def test_rounds_what_changed_and_what_caches_may_say_are_shown(size) -> None:
    clock = FixedClock(NOON)
    screen = watching(("dane-mismatch", "dane-good"), "tlsa", clock)
    async with app().run_test(size=size) as pilot:
        await opened(pilot, screen)
        first = said(pilot, screen)
        assert "deferred" in picture(pilot)
        await next_round(pilot, screen, clock)
        text = said(pilot, screen)
        assert "13:05" in picture(pilot)
    assert screen.rounds.end is End.HOLDS
    assert "until a TLSA record matches at every connection" in first
    assert "verdict of rfc7672: deferred -> delivered, verified" in text
    assert "TLSA records of mx1.example.com: +3 1 1" in text
    assert "the old TLSA record of _25._tcp.mx1.example.com may be cached until 13:10 UTC" in text


async def test_the_bell_rings_and_a_notice_says_so_when_it_holds(monkeypatch) -> None:
    rung: list[bool] = []
    monkeypatch.setattr(MxwalkApp, "bell", lambda _self: rung.append(True))
    screen = watching(("dane-good",), "delivered", FixedClock(NOON))
    async with app().run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, screen)
        notes = [str(note.message) for note in pilot.app._notifications]
        assert rung == [True]
        assert notes == ["Round 1: the mail is delivered."]
        assert "it holds" in picture(pilot)


async def test_now_is_held_back_until_it_is_polite() -> None:
    clock = FixedClock(NOON)
    screen = watching(("dane-mismatch",), "delivered", clock)
    async with app().run_test(size=(80, 24), notifications=True) as pilot:
        await opened(pilot, screen)
        await pilot.press("n")
        await pilot.pause()
        notes = [str(note.message) for note in pilot.app._notifications]
        assert notes == ["The server was asked a moment ago: the next round is in 1m."]
        assert screen.rounds.count == 1


async def test_space_pauses_and_goes_on() -> None:
    clock = FixedClock(NOON)
    screen = watching(("dane-mismatch",), "delivered", clock)
    async with app().run_test(size=(80, 24)) as pilot:
        await opened(pilot, screen)
        await pilot.press("space")
        await pilot.pause()
        assert "paused" in picture(pilot)
        clock.advance(1_000)
        await pilot.pause(0.1)
        assert screen.rounds.count == 1
        await pilot.press("space")
        await until(pilot, lambda: screen.rounds.count == 2)


async def test_the_interval_is_asked_for_and_refused_when_it_is_not_polite() -> None:
    screen = watching(("dane-mismatch",), "delivered", FixedClock(NOON))
    async with app().run_test(size=(80, 24)) as pilot:
        await opened(pilot, screen)
        await pilot.press("i", *["backspace"] * 4, *"5s", "enter")
        await pilot.pause()
        assert "more often" in picture(pilot)
        await pilot.press("backspace", "backspace", *"2h", "enter")
        await pilot.pause()
        assert screen.rounds.plan.interval_s == 7_200
        assert "a round every 2h" in picture(pilot)


async def test_another_condition_lets_a_watch_that_held_go_on() -> None:
    clock = FixedClock(NOON)
    screen = watching(("dane-good", "dane-mismatch"), "delivered", clock)
    async with app().run_test(size=(80, 24)) as pilot:
        await opened(pilot, screen)
        assert screen.rounds.end is End.HOLDS
        await pilot.press("u", *["backspace"] * 20, *"deferred", "enter")
        await pilot.pause()
        assert screen.rounds.end is None
        await next_round(pilot, screen, clock)
        assert screen.rounds.end is End.HOLDS


async def test_enter_opens_the_walk_of_a_round_and_q_comes_back() -> None:
    screen = watching(("dane-mismatch",), "delivered", FixedClock(NOON))
    async with app().run_test(size=(120, 36)) as pilot:
        await opened(pilot, screen)
        await pilot.press("enter")
        await pilot.pause()
        walk = await until_paused(pilot)
        assert isinstance(walk, WalkScreen)
        assert walk.bridge.is_replay
        await pilot.press("q")
        await pilot.pause(0.1)
        assert pilot.app.screen is screen


async def test_a_walk_that_is_over_is_watched_by_a_key_and_the_lab_serves_it() -> None:
    async with app_for(scenario="esa-hosted").run_test(size=(80, 24)) as pilot:
        await until_paused(pilot)
        await pilot.press("c")
        await until_paused(pilot)
        await pilot.press("W")
        await pilot.pause()
        screen = pilot.app.screen
        assert isinstance(screen, WatchScreen)
        await until(pilot, lambda: screen.rounds.count >= 1)
        assert screen.rounds.plan.condition.text == "changed"
        assert screen.rounds.plan.local
        await pilot.press("q")
        await pilot.pause(0.1)
        assert isinstance(pilot.app.screen, WalkScreen)


async def test_a_message_cannot_be_watched() -> None:
    async with app_for(scenario="dkim-good").run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.pause(0.1)
        async with asyncio.timeout(20):
            while pilot.app.screen.bridge.phase.value in ("opening", "running"):  # type: ignore[attr-defined]
                await pilot.pause(0.02)
        await pilot.press("W")
        await pilot.pause()
        assert not isinstance(pilot.app.screen, WatchScreen)


async def test_hostile_words_of_a_peer_are_drawn_as_text() -> None:
    from dataclasses import replace as other

    screen = watching(("dane-mismatch",), "delivered", FixedClock(NOON))
    async with app().run_test(size=(80, 24)) as pilot:
        await opened(pilot, screen)
        made = screen.rounds.rounds[-1]
        assert made.facts is not None
        for text in HOSTILE[:20]:
            raw = text if isinstance(text, str) else text.decode("latin-1")
            told = other(made, facts=other(made.facts, reason=raw), problem=raw, note=raw)
            screen.rounds.rounds[-1] = told
            screen.query_one("#rounds").show((told,))  # type: ignore[attr-defined]
            screen.draw()
            await pilot.pause()
            assert "\x1b" not in picture(pilot)


async def test_a_watch_that_could_not_begin_is_tried_again_by_n() -> None:
    clock = FixedClock(NOON)
    trace = await trace_of("dane-good")
    tries: list[int] = []

    async def walk_once(number: int) -> Trace:
        tries.append(number)
        if len(tries) == 1:
            raise TraceError("the directory cannot be written")
        return trace

    watched = Watched(target="user@example.com", options=lab_options("dane-good"))
    screen = WatchScreen(watched, plan("delivered"), clock=clock, walk_once=walk_once)
    async with app().run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        pilot.app.push_screen(screen)
        await until(pilot, lambda: bool(screen.failure))
        await pilot.press("n")
        assert tries == [1]  # the server may have been asked a moment ago
        clock.advance(60)
        await pilot.press("n")
        await until(pilot, lambda: screen.rounds.count == 1)
        assert (tries, screen.failure) == ([1, 1], "")


class Lingering(Static):
    """Goes no sooner than ``may_go`` says, and holds up the screen it is on."""

    def __init__(self, may_go: asyncio.Event) -> None:
        super().__init__()
        self._may_go = may_go

    async def on_unmount(self) -> None:
        await self._may_go.wait()


@pytest.mark.parametrize("then", ["a round", "its end"])
async def test_what_comes_while_the_screen_is_taken_down_is_no_fault(then: str) -> None:
    trace = await trace_of("dane-good")
    may_end, may_go = asyncio.Event(), asyncio.Event()

    async def walk_once(number: int) -> Trace:
        await may_end.wait()
        if then == "its end":
            raise TraceError("the directory cannot be written")
        return trace

    watched = Watched(target="user@example.com", options=lab_options("dane-good"))
    clock = FixedClock(NOON)
    screen = WatchScreen(watched, plan("delivered"), clock=clock, walk_once=walk_once)
    async with app().run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        pilot.app.push_screen(screen)
        await until(pilot, lambda: screen.rounds.is_walking)
        await screen.mount(Lingering(may_go))
        (watch,) = (one for one in pilot.app.workers if one.group == "watch")
        leaving = pilot.app.pop_screen()
        async with asyncio.timeout(60):  # no pause: the app itself waits for the screen
            while screen.query(Head):
                await asyncio.sleep(0)
            may_end.set()
            while not watch.is_finished:
                await asyncio.sleep(0)
        assert watch.state is not WorkerState.CANCELLED  # as it would be a moment later
        assert screen.rounds.count == (0 if then == "its end" else 1)
        may_go.set()
        await leaving
        await pilot.pause()
        assert not any("fault of mxwalk" in one.message for one in pilot.app._notifications)
