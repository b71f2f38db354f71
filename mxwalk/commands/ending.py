"""How a command ends before its work is done: by Ctrl-C, or by a signal that asks it to end.

SIGTERM and SIGHUP end what is under way as Ctrl-C does: the walk is cancelled, QUIT is sent, and what
was seen is saved, redacted where that was asked for.  A process that was started to live on without its
terminal (``nohup``) ignores SIGHUP, and goes on doing so.
"""

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, TypeVar

from mxwalk.commands.streams import OutputLost, ReaderGone
from mxwalk.language import say

_T = TypeVar("_T")
_ENDING = ("SIGTERM", "SIGHUP")
_IN_ORDER_S = 10.0  # to end in order after a signal; then the process ends all the same
_SIGNALLED = 128  # what a shell adds to the number of the signal that a program died of


class Ended(KeyboardInterrupt):
    """A signal asked the command to end."""

    def __init__(self, by: signal.Signals) -> None:
        super().__init__(by.name)
        self.by = by


def exit_code_of(error: BaseException | None) -> int:
    """Return the exit code after Ctrl-C or a signal: 128 and the number of the signal."""
    return _SIGNALLED + (error.by if isinstance(error, Ended) else signal.SIGINT)


def words_for(error: BaseException | None) -> str:
    """Return what is told on standard error after Ctrl-C or a signal."""
    if isinstance(error, Ended):
        return say("mxwalk: ended by {signal}", signal=error.by.name)
    return say("mxwalk: interrupted")


def run(work: Coroutine[Any, Any, _T]) -> _T:
    """Run what a command does to its end, as ``asyncio.run`` does.

    Raises ``KeyboardInterrupt`` after Ctrl-C, and of it ``Ended`` after a signal, when what was under
    way is in order.
    """
    came: list[signal.Signals] = []

    async def watched() -> _T:
        task, loop = asyncio.current_task(), asyncio.get_running_loop()
        assert task is not None

        def end(by: signal.Signals) -> None:
            came.append(by)
            loop.call_soon_threadsafe(task.cancel)

        with _signals_call(end):
            return await work

    try:
        return asyncio.run(watched())
    except (asyncio.CancelledError, OutputLost, ReaderGone):
        if not came:
            raise
        raise Ended(came[0]) from None  # the terminal that is gone may be what was printed on


@contextmanager
def _signals_call(end: Callable[[signal.Signals], None]) -> Iterator[None]:
    """Call ``end`` at the first signal inside the block; it is called in the midst of anything."""
    if threading.current_thread() is not threading.main_thread():  # signal.signal would refuse
        yield
        return
    timers: list[threading.Timer] = []

    def came(number: int, _frame: FrameType | None) -> None:
        if timers:
            return  # who ends a group of processes may ask each of them twice
        timers.append(threading.Timer(_IN_ORDER_S, os._exit, [_SIGNALLED + number]))
        timers[0].daemon = True
        timers[0].start()
        end(signal.Signals(number))

    before = {}
    for name in _ENDING:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            before[number] = signal.signal(number, came)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for timer in timers:
            timer.cancel()
