"""The lab's servers: one loopback listener for each address and port of the scenario.

Each listener has an ephemeral port on 127.0.0.1; the dialer maps the documentation address to it.
A host that refuses is a bound port that nobody listens on.  Everything is closed when the context
ends.
"""

import asyncio
import functools
import socket
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self, assert_never

from mxwalk.lab.channel import Channel, PeerGone
from mxwalk.lab.host import Arrival
from mxwalk.lab.reading import parse_endpoint
from mxwalk.net.dialer import Fault

CONNECTIONS = 200  # at a time, over all hosts
LOOPBACK = "127.0.0.1"
SETTLE_S = 0.01  # before a RST, so that the client has seen its connection stand
_BACKLOG = 64
_ACCEPT_PAUSE_S = 0.05
_DIALER_FAULTS = {Arrival.UNREACHABLE: Fault.UNREACHABLE, Arrival.DROP: Fault.SILENT}

Serve = Callable[[Channel], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A server to be reached at every ``address:port`` of ``at``.

    ``prepare`` is called once a listener when it starts, and gives what serves its clients; that never
    raises but ``PeerGone``.
    """

    at: tuple[str, ...]
    arrival: Arrival
    prepare: Callable[[], Serve]


class Listeners:
    """The listeners of all places; an async context manager.

    After the start ``mapping`` leads from ``(address, port)`` of the scenario to the loopback port, or
    to what the dialer makes of it.
    """

    def __init__(self, places: Sequence[Place], rtt_s: float = 0.0) -> None:
        self._places = places
        self._rtt_s = rtt_s
        self._slots = asyncio.Semaphore(CONNECTIONS)
        self._stack = AsyncExitStack()
        self._tasks: set[asyncio.Task[None]] = set()
        self.mapping: dict[tuple[str, int], tuple[str, int] | Fault] = {}

    async def __aenter__(self) -> Self:
        """Bind every port, then serve."""
        async with AsyncExitStack() as stack:
            open_ports = [
                (place, listener)
                for place in self._places
                for text in place.at
                if (listener := self._open(place, parse_endpoint(text), stack)) is not None
            ]
            # Leaving goes backwards: the tasks are cancelled, awaited, then the ports are closed.
            group = await stack.enter_async_context(asyncio.TaskGroup())
            stack.callback(self._cancel_all)
            for place, listener in open_ports:
                self._spawn(group, self._accept(place, listener, group))
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop serving and close every socket."""
        await self._stack.aclose()

    def _cancel_all(self) -> None:
        for task in self._tasks:
            task.cancel()

    def _open(
        self, place: Place, endpoint: tuple[str, int], stack: AsyncExitStack
    ) -> socket.socket | None:
        """Bind a port for the place; return it when it listens."""
        if place.arrival in _DIALER_FAULTS:
            self.mapping[endpoint] = _DIALER_FAULTS[place.arrival]
            return None
        listener = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
        listener.setblocking(False)
        listener.bind((LOOPBACK, 0))
        self.mapping[endpoint] = (LOOPBACK, listener.getsockname()[1])
        if place.arrival is Arrival.REFUSE:  # bound, so that nobody else gets the port
            return None
        listener.listen(_BACKLOG)
        return listener

    def _spawn(
        self, group: asyncio.TaskGroup, work: Coroutine[None, None, None]
    ) -> asyncio.Task[None]:
        task = group.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _accept(
        self, place: Place, listener: socket.socket, group: asyncio.TaskGroup
    ) -> None:
        loop = asyncio.get_running_loop()
        serve = place.prepare()
        while True:
            async with self._slots:  # waits while too many clients are connected
                pass
            await _readable(loop, listener)
            try:  # no await before the task has it: loop.sock_accept loses it when cancelled
                client, _ = listener.accept()
            except (BlockingIOError, InterruptedError):
                continue
            except OSError:  # the client went before it was accepted, or out of descriptors
                await asyncio.sleep(_ACCEPT_PAUSE_S)
                continue
            client.setblocking(False)
            channel = Channel(client, self._rtt_s)
            task = self._spawn(group, self._serve(place.arrival, serve, channel))
            task.add_done_callback(functools.partial(_close, client))

    async def _serve(self, arrival: Arrival, serve: Serve, channel: Channel) -> None:
        async with self._slots:
            with suppress(PeerGone):
                await _meet(arrival, serve, channel)


async def _meet(arrival: Arrival, serve: Serve, channel: Channel) -> None:
    match arrival:
        case Arrival.RESET:
            await asyncio.sleep(SETTLE_S)
            channel.reset()
        case Arrival.CLOSE:
            await channel.close()
        case Arrival.SILENT:
            await channel.wait_until_gone()
        case Arrival.ACCEPT:
            await serve(channel)
        case Arrival.REFUSE | Arrival.UNREACHABLE | Arrival.DROP:
            raise AssertionError("no connection can arrive at a host without a listener")
        case _ as unreachable:
            assert_never(unreachable)


async def _readable(loop: asyncio.AbstractEventLoop, listener: socket.socket) -> None:
    arrived = asyncio.Event()
    loop.add_reader(listener, arrived.set)
    try:
        await arrived.wait()
    finally:
        loop.remove_reader(listener)


def _close(client: socket.socket, _task: asyncio.Task[None]) -> None:
    client.close()
