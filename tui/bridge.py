"""The only piece that drives a ``Walk``, and the cursor over a saved trace.

Workers perform steps and post messages; everything the screen shows it computes from ``trace``.  A
cancelled worker leaves a valid trace, because the walk records how far the step came.
"""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

from textual import work
from textual.worker import Worker, WorkerCancelled, WorkerFailed, WorkerState

from mxwalk.delivery.build import build_delivery
from mxwalk.errors import MxwalkError, TraceError
from mxwalk.evidence.journal_writer import append_steps
from mxwalk.evidence.notes import note_step
from mxwalk.evidence.step import Step, StepKind
from mxwalk.evidence.trace import Trace
from mxwalk.language import say
from mxwalk.session import default_options, lab_options, open_walk
from mxwalk.walk.model import Pending
from mxwalk.walk.walker import Walk
from tui.bridge_base import BridgeBase, Phase

_HEAVY_BYTES = 256 * 1024

__all__ = ["Bridge", "Phase"]


class Bridge(BridgeBase):
    """Live walk or replay; invisible."""

    def on_mount(self) -> None:
        """Open the walk; a trace is there at once."""
        if self._whole is None:
            self._holder = self._hold()
        elif _is_heavy(self._whole):
            self._ready = False
            self._prepare(self._whole)
        self.post_message(self.Changed())

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
            steps = self._whole.steps
            at = min(max(0, position), len(steps))
            while at < len(steps) and steps[at].kind is StepKind.NOTE:
                at += 1  # a note is no place to stop at
            self._at = at
            self.post_message(self.Changed())

    def note(self, about: int, text: str) -> str:
        """Write a note on a step; return what is to be said of it, empty when all is well.

        In a replay it is appended to the file the trace came from, if that is ours; else it is
        ``unsaved``.  Raises ``UsageError`` where no note can be.
        """
        if self._walk is not None:
            self._walk.note(about, text)
            self.post_message(self.Changed())
            return ""
        if self._whole is None:
            return say("There is nothing to write a note on yet.")
        whole = self._whole
        step = note_step(whole, about, text, whole.steps[-1].started_s)
        noted, said = whole.with_step(step), ""
        try:
            self._keep(noted)
        except TraceError as error:
            self._why_unsaved = say("what you noted is in no file: {why}", why=str(error))
            said = say(
                "The note is in no file: {why}. Leaving loses it; x writes it to one.",
                why=str(error),
            )
        else:
            self._in_file = noted
        at_end = self._at >= len(whole.steps)
        self._whole = noted
        if at_end:
            self._at = len(self._whole.steps)
        self.post_message(self.Changed())
        return said

    def _keep(self, noted: Trace) -> None:
        """Append what its file does not have yet, which may be more than the last note."""
        path, known = self._request.path, self._in_file
        if path is None or known is None:
            raise TraceError(say("the trace did not come from a file"))
        if noted.header.redacted:
            raise TraceError(say("a redacted trace takes no notes"))
        append_steps(path, known, noted.steps[len(known.steps) :])

    def kept(self, trace: Trace) -> None:
        """This much of what is shown is in a file now that a person named."""
        self._kept_at = max(self._kept_at, len(trace.steps))
        if self._whole is not None:
            self._exported = trace
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
                since=request.since,
                on_step=lambda _step: self._stepped(),
                on_notice=self._notice,
                on_file=self._kept,
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
            self.failure = say("The walk could not be opened: {error}", error=error)
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
        self._on_wire = pending is not None and _is_on_wire(pending)
        self.since = self._clock.monotonic()

    async def _halt(self) -> None:
        """Cancel the running step and wait until it is in the trace."""
        if self._performer is not None and self._performer.is_running:
            self._performer.cancel()
            with contextlib.suppress(WorkerCancelled, WorkerFailed):
                await self._performer.wait()

    def _stepped(self) -> None:
        self.post_message(self.Changed())

    def _kept(self, path: Path) -> None:
        self._has_file = True
        self.app.kept_in = path  # type: ignore[attr-defined]

    def _notice(self, text: str) -> None:
        """Say that the walk is not saved, once and as long as that is so."""
        self._why_unsaved = text
        self.app.kept_in = None  # type: ignore[attr-defined]
        self.post_message(self.Noticed(text))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Tell the screen when a worker has ended; the application says why if it failed."""
        event.stop()
        if event.state in (WorkerState.SUCCESS, WorkerState.CANCELLED, WorkerState.ERROR):
            self.post_message(self.Changed())


def _is_on_wire(pending: Pending) -> bool:
    """Say whether a step moves octets that the pane of the wire shows."""
    return bool(pending.scope.address) and pending.kind is not StepKind.PTR


def _is_heavy(trace: Trace) -> bool:
    """Say whether a trace holds a message that takes long to explain."""
    message = trace.header.message
    return message is not None and len(message.raw) > _HEAVY_BYTES
