"""An event loop whose clock stands still while there is work, and jumps when there is none.

Sockets, bytes and threads are real; only waiting is not.  When nothing is ready, no thread works and
nothing comes for a moment, the time moves on to the next timer at once.  A loop in which nothing can
ever happen again is stuck, and that is raised as ``Stuck`` instead of hanging; what computes without an
end is raised as ``EndlessError`` (``ending_within``).
"""

import asyncio
import contextlib
import selectors
import signal
from collections.abc import Callable, Coroutine, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

Result = TypeVar("Result")

# Loopback delivers within the sender's own system call; this is for what it leaves to the kernel's
# threads on a busy machine.
GRACE_S = 0.002
_THREAD_S = 120.0
_STUCK_S = 5.0


class Stuck(Exception):
    """Nothing is scheduled, nothing arrives, and yet somebody waits."""


class EndlessError(BaseException):
    """What computes without an end; nothing that is tried catches it."""


@contextlib.contextmanager
def ending_within(seconds: float, what: object) -> Iterator[None]:
    """Raise ``EndlessError`` for what takes more of the machine's time.

    In the main thread of a process, for that is where a signal is heard.
    """

    def ends(*_: object) -> None:
        raise EndlessError(f"{what}: no end within {seconds} s of the machine's time")

    before = signal.signal(signal.SIGALRM, ends)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class _JumpingSelector(selectors.BaseSelector):
    """The system's selector, asked without waiting; ``jump`` moves the time on instead."""

    def __init__(self, jump: Callable[[float], None], working: Callable[[], bool]) -> None:
        self._inner = selectors.DefaultSelector()
        self._jump = jump
        self._working = working

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._inner.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._inner.unregister(fileobj)

    def modify(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._inner.modify(fileobj, events, data)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._inner.get_map()

    def get_key(self, fileobj: Any) -> selectors.SelectorKey:
        return self._inner.get_key(fileobj)

    def close(self) -> None:
        self._inner.close()

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = self._inner.select(0)
        if ready or (timeout is not None and timeout <= 0):
            return ready
        if self._working():
            return self._inner.select(_THREAD_S)
        ready = self._inner.select(GRACE_S)
        if ready:
            return ready
        if timeout is None:
            if ready := self._inner.select(_STUCK_S):
                return ready
            raise Stuck("nothing is scheduled and nothing arrives")
        self._jump(timeout)
        return []


class JumpingLoop(asyncio.SelectorEventLoop):
    """See the module; ``jumps`` counts how often the time moved on."""

    def __init__(self) -> None:
        self._now = 1_000.0
        self._threads = 0
        self.jumps = 0
        super().__init__(_JumpingSelector(self._move_on, lambda: self._threads > 0))

    def time(self) -> float:
        return self._now

    def _move_on(self, seconds: float) -> None:
        self.jumps += 1
        self._now += seconds

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> "asyncio.Future[Any]":
        """Run in a thread; the time stands still until it has done."""
        future = super().run_in_executor(executor, func, *args)
        self._threads += 1
        future.add_done_callback(self._thread_done)
        return future

    def _thread_done(self, _future: object) -> None:
        self._threads -= 1


class JumpingClock:
    """The walk's clock on such a loop; the date stands still, so that equal walks have equal evidence."""

    def __init__(self, loop: asyncio.AbstractEventLoop, date: datetime | None = None) -> None:
        self._loop = loop
        self._date = date or datetime.now(UTC).replace(microsecond=0)

    def now(self) -> datetime:
        return self._date

    def monotonic(self) -> float:
        return self._loop.time()


def run_jumping(main: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Run a coroutine to its end on a loop of this kind."""
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(main())
