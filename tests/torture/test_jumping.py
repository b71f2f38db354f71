"""The loop whose clock jumps: waiting is free, work and threads are waited for, hanging is raised."""

import asyncio
import contextlib
import signal
import socket
import time

import pytest

from mxwalk.walk.walker import Walk
from tests.torture import stage
from tests.torture.faults import Case
from tests.torture.jumping import EndlessError, Stuck, run_jumping
from tests.torture.stage import staged
from tests.torture.sweep import Bench
from tests.torture.walks import walk_named


def test_hours_of_waiting_take_no_time_and_are_counted_to_the_second():
    async def main() -> float:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        await asyncio.sleep(7_200)
        return loop.time() - begun

    begun = time.perf_counter()
    assert run_jumping(main) == pytest.approx(7_200)
    assert time.perf_counter() - begun < 600


def test_timers_run_in_the_order_of_their_times():
    async def main() -> list[int]:
        ran: list[int] = []

        async def at(seconds: int) -> None:
            await asyncio.sleep(seconds)
            ran.append(seconds)

        async with asyncio.TaskGroup() as group:
            for seconds in (30, 10, 20):
                group.create_task(at(seconds))
        return ran

    assert run_jumping(main) == [10, 20, 30]


def test_a_thread_is_waited_for_and_takes_no_virtual_time():
    async def main() -> float:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        async with asyncio.timeout(1):
            await asyncio.to_thread(time.sleep, 0.05)
        return loop.time() - begun

    assert run_jumping(main) == 0


def test_octets_between_sockets_come_before_any_timeout():
    async def main() -> bytes:
        loop = asyncio.get_running_loop()
        left, right = socket.socketpair()
        with left, right:
            left.setblocking(False)
            right.setblocking(False)
            received = b""
            for number in range(200):
                await loop.sock_sendall(left, bytes([number]))
                async with asyncio.timeout(0.001):
                    received += await loop.sock_recv(right, 10)
            return received

    assert run_jumping(main) == bytes(range(200))


def test_waiting_for_what_can_never_come_is_raised(monkeypatch):
    monkeypatch.setattr("tests.torture.jumping._STUCK_S", 0.05)

    async def main() -> None:
        await asyncio.Event().wait()

    with pytest.raises(Stuck):
        run_jumping(main)


def test_a_walk_that_computes_without_an_end_is_raised_with_its_case(monkeypatch):
    async def computes(_: Walk) -> None:
        while True:
            with contextlib.suppress(Exception):
                sum(range(1_000))

    async def main() -> None:
        async with staged(walk_named("plain")) as here:
            bench = await Bench.on(here)
            monkeypatch.setattr(stage, "REAL_S", 0.2)
            monkeypatch.setattr(Walk, "step", computes)
            await bench.run(Case.parse("plain/smtp1/server/3/reset"))

    before = signal.getsignal(signal.SIGALRM)
    with pytest.raises(BaseException, match="plain/smtp1/server/3/reset: no end within") as raised:
        run_jumping(main)
    assert isinstance(raised.value, EndlessError)
    assert signal.getsignal(signal.SIGALRM) is before
