"""Work beside the screen: in a thread of its own, that nobody waits for when the interface is left."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from contextvars import copy_context
from typing import TypeVar

from tui.meaning import Meaning

_T = TypeVar("_T")


async def aside(work: Callable[[], _T]) -> _T:
    """Return what ``work`` returns, or raise what it raises; the screen is drawn meanwhile."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[_T] = loop.create_future()
    context = copy_context()

    def settle(result: _T | None, error: BaseException | None) -> None:
        if done.done():  # nobody waits for it any more
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        result, error = None, None
        try:
            result = context.run(work)
        except BaseException as raised:  # noqa: BLE001 - whoever waits raises it
            error = raised
        with contextlib.suppress(RuntimeError):  # the interface is left
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=run, name="aside", daemon=True).start()
    return await done


class Later:
    """Understands what takes longer than a key may, one at a time; the last one asked for is told."""

    def __init__(self, tell: Callable[[Meaning], None]) -> None:
        self._tell = tell
        self._wanted: Callable[[], Meaning] | None = None
        self._number = 0
        self._running = False
        self.awaited = False

    def forget(self) -> None:
        """Something else was typed: what is under way is told to nobody."""
        self._number += 1
        self._wanted = None
        self.awaited = False

    def ask(self, work: Callable[[], Meaning]) -> None:
        """Have this understood next, by ``run``."""
        self.forget()
        self._wanted = work
        self.awaited = True

    async def run(self) -> None:
        """Understand what was asked for, until nothing is left."""
        if self._running:
            return
        self._running = True
        try:
            while self._wanted is not None:
                work, number = self._wanted, self._number
                self._wanted = None
                meaning = await aside(work)
                if number == self._number:
                    self.awaited = False
                    self._tell(meaning)
        except BaseException:  # nothing more will be told of what was asked for
            self.forget()
            raise
        finally:
            self._running = False
