"""The only piece that drives a ``Walk``, and the cursor over a saved trace: one interface for both.

Workers perform steps and post messages; everything the screen shows it computes from ``trace``.  A
cancelled worker leaves a valid trace, because the walk records how far the step came.
"""

import asyncio
import contextlib
import enum
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import work
from textual.message import Message
from textual.widget import Widget
from textual.worker import Worker, WorkerCancelled, WorkerFailed, WorkerState

from mxwalk.clock import Clock, SystemClock
from mxwalk.delivery.build import build_delivery
from mxwalk.errors import MxwalkError
from mxwalk.evidence.step import Step, StepKind
from mxwalk.evidence.trace import Purpose, Trace
from mxwalk.session import default_options, lab_options, open_walk
from mxwalk.walk.model import Pending
from mxwalk.walk.order import next_item
from mxwalk.walk.propose import propose
from mxwalk.walk.walker import Walk
from tui.request import Request

if TYPE_CHECKING:  # loaded with a message
    from mxwalk.mailauth.asking import Asked

_HEAVY_BYTES = 256 * 1024


class Phase(enum.Enum):
    """What is going on."""

    OPENING = "opening"
    PAUSED = "paused"
    RUNNING = "running"
    OVER = "over"
    REPLAY = "replay"
    FAILED = "failed"


class Bridge(Widget):
    """Live walk or replay; invisible."""

    DEFAULT_CSS = "Bridge { display: none; }"

    class Changed(Message):
        """The evidence, the pending step or the phase is another than before."""

        def can_replace(self, message: Message) -> bool:
            """Several changes in a row are drawn once."""
            return isinstance(message, Bridge.Changed)

    class Failed(Message):
        """The walk could not be opened or our own side failed; ``text`` says why."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Noticed(Message):
        """Something worth a notice happened; the walk goes on."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, request: Request, clock: Clock | None = None) -> None:
        super().__init__()
        self._request = request
        self._clock = clock or SystemClock()
        self._walk: Walk | None = None
        self._whole: Trace | None = request.trace
        self._at = len(request.trace.steps) if request.trace else 0
        self._performer: Worker[None] | None = None
        self._holder: Worker[None] | None = None
        self._leaving = asyncio.Event()
        self._failed = False
        self.failure = ""  # why the walk could not be opened
        self._ready = True
        self._doing = ""
        self._wanted = ""  # "n" or "c", asked for before the walk was open
        self._edits = 0
        self._pending: tuple[tuple[int, int, int], Pending | None] | None = None
        self.since: float = 0.0

    def on_mount(self) -> None:
        """Open the walk; a trace is there at once."""
        if self._whole is None:
            self._holder = self._hold()
        elif _is_heavy(self._whole):
            self._ready = False
            self._prepare(self._whole)
        self.post_message(self.Changed())

    # -- what the screen reads ------------------------------------------------------------------

    @property
    def is_replay(self) -> bool:
        """Whether a saved trace is shown."""
        return self._whole is not None

    @property
    def trace(self) -> Trace | None:
        """The evidence up to now, or up to the replay's cursor."""
        if self._whole is not None:
            return _cut(self._whole, self._at if self._ready else 0)
        return self._walk.trace if self._walk else None

    @property
    def pending(self) -> Pending | None:
        """What would be done next; in a replay, what was.  Computed once for each change."""
        if self._walk is not None and self._walk.busy:
            return None
        trace = self._whole or (self._walk.trace if self._walk else None)
        # Before the walk is open there is no trace; an open one without a step has something pending.
        key = (len(trace.steps) if trace else -1, self._at, self._edits)
        if self._pending is None or self._pending[0] != key:
            self._pending = (key, self._next())
        return self._pending[1]

    def _next(self) -> Pending | None:
        if self._walk is not None:
            return self._walk.pending
        if self._whole is None or self._at >= len(self._whole.steps):
            return None
        delivery = build_delivery(_cut(self._whole, self._at))
        item = next_item(delivery)
        return propose(delivery, item, "") if item else None

    @property
    def purpose(self) -> Purpose:
        """What is walked."""
        return self._request.purpose

    @property
    def position(self) -> tuple[int, int]:
        """The replay's cursor and its end."""
        return self._at, len(self._whole.steps) if self._whole else 0

    @property
    def phase(self) -> Phase:
        """What is going on."""
        if self._whole is not None:
            return Phase.REPLAY
        if self._failed:
            return Phase.FAILED
        if self._walk is None:
            return Phase.OPENING
        if self._performer is not None and not self._performer.is_finished:
            return Phase.RUNNING
        return Phase.PAUSED if self.pending else Phase.OVER

    @property
    def idle_s(self) -> float | None:
        """Seconds since the last byte on the open connection."""
        return self._walk.idle_s if self._walk else None

    @property
    def is_connected(self) -> bool:
        """Whether a live connection would be lost."""
        return self._walk is not None and self._walk.is_connected

    @property
    def running_s(self) -> float:
        """Seconds the running step has taken so far."""
        return self._clock.monotonic() - self.since

    @property
    def waiting_for(self) -> str:
        """What the running step does, in words."""
        return self._doing

    @property
    def wanted(self) -> str:
        """What follows as soon as the walk is open, in words; empty without a wish."""
        return {"n": "the first step", "c": "the whole walk"}.get(self._wanted, "")

    @property
    def resolver(self) -> "Asked | None":
        """What a live walk asks; ``None`` in a replay, where nothing may be asked."""
        return self._walk.resolver if self._walk else None

    @property
    def breakpoints(self) -> set[StepKind]:
        """The kinds of steps to stop before."""
        return self._walk.breakpoints if self._walk else set()

    # -- what the screen asks for -----------------------------------------------------------------

    def go(self, *, whole: bool) -> None:
        """Perform the next step, or all to the end or a breakpoint."""
        if self._whole is not None:
            self.seek(len(self._whole.steps) if whole else self._at + 1)
        elif self.phase is Phase.OPENING:
            self._wanted = "c" if whole or self._wanted == "c" else "n"
            self.post_message(self.Changed())
        elif self.phase is Phase.PAUSED:
            self._performer = self._perform(whole)
            self.post_message(self.Changed())

    def cancel(self) -> bool:
        """Break off the running step, or take back what was asked for early; say if there was one."""
        if self.phase is Phase.OPENING and self._wanted:
            self._wanted = ""
            self.post_message(self.Changed())
            return True
        if self.phase is not Phase.RUNNING or self._performer is None:
            return False
        self._performer.cancel()
        return True

    def decide(self, decision: Callable[[Walk], Step | None]) -> bool:
        """Record a decision of the administrator; say whether it made sense here."""
        if self._walk is None or self._walk.busy or self.phase is Phase.RUNNING:
            return False
        made = decision(self._walk) is not None
        if made:
            self.post_message(self.Changed())
        return made

    def edit(self, payload: bytes) -> None:
        """Replace the pending command.  Raises ``UsageError`` when it cannot be sent."""
        if self._walk is not None:
            self._walk.edit(payload)
            self._edits += 1
            self.post_message(self.Changed())

    def seek(self, position: int) -> None:
        """Move the replay's cursor."""
        if self._whole is not None:
            self._at = min(max(0, position), len(self._whole.steps))
            self.post_message(self.Changed())

    async def leave(self) -> None:
        """End the walk in order: cancel, QUIT, close; bounded in time."""
        self._leaving.set()
        if self._holder is not None and self._holder.is_running:
            try:
                async with asyncio.timeout(3):
                    with contextlib.suppress(WorkerCancelled, WorkerFailed):
                        await self._holder.wait()
            except TimeoutError:
                self._holder.cancel()

    @work(thread=True, group="prepare", exit_on_error=False)
    def _prepare(self, trace: Trace) -> None:
        """Work out beside the interface what a large message costs; it is remembered."""
        build_delivery(trace)
        self._ready = True
        self.post_message(self.Changed())

    # -- workers --------------------------------------------------------------------------------------

    @work(exclusive=True, group="hold", exit_on_error=False)
    async def _hold(self) -> None:
        """Keep the walk (and its lab) open until the screen is left."""
        request = self._request
        try:
            options = request.options or (
                lab_options(request.scenario) if request.scenario else default_options()
            )
            async with open_walk(
                request.target,
                options,
                scenario=request.scenario,
                message=request.message,
                survey=request.survey,
                on_step=lambda _step: self._stepped(),
                on_notice=self._notice,
                clock=self._clock,
            ) as walk:
                self._walk = walk
                self.post_message(self.Changed())
                if self._wanted:
                    self.go(whole=self._wanted == "c")
                await self._leaving.wait()
                await self._halt()
        except MxwalkError as error:
            self._failed = True
            self.failure = f"The walk could not be opened: {error}"
            self.post_message(self.Failed(str(error)))
            self.post_message(self.Changed())

    @work(exclusive=True, group="walk", exit_on_error=False)
    async def _perform(self, whole: bool) -> None:
        walk = self._walk
        if walk is None:
            return
        self._note(walk)
        if not whole:
            await walk.step()
            return
        async for _ in walk:
            self._note(walk)

    def _note(self, walk: Walk) -> None:
        """Remember what is about to be done, and since when."""
        pending = walk.pending
        self._doing = pending.text if pending else ""
        self.since = self._clock.monotonic()

    async def _halt(self) -> None:
        """Cancel the running step and wait until it is in the trace."""
        if self._performer is not None and self._performer.is_running:
            self._performer.cancel()
            with contextlib.suppress(WorkerCancelled, WorkerFailed):
                await self._performer.wait()

    def _stepped(self) -> None:
        self.post_message(self.Changed())

    def _notice(self, text: str) -> None:
        self.post_message(self.Noticed(text))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Tell the screen when a worker has ended, and why if it failed."""
        event.stop()
        if event.state is WorkerState.ERROR:
            error = event.worker.error
            self.post_message(self.Failed(f"{type(error).__name__}: {error}"))
        if event.state in (WorkerState.SUCCESS, WorkerState.CANCELLED, WorkerState.ERROR):
            self.post_message(self.Changed())


def _is_heavy(trace: Trace) -> bool:
    """Say whether a trace holds a message that takes long to explain."""
    message = trace.header.message
    return message is not None and len(message.raw) > _HEAVY_BYTES


def _cut(trace: Trace, count: int) -> Trace:
    if count >= len(trace.steps):
        return trace
    return Trace(header=trace.header, steps=trace.steps[:count], damage="")
