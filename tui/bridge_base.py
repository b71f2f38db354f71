"""What the screen reads of a walk: one interface for a live ``Walk`` and for a saved trace.

``BridgeBase`` holds the walk or the trace with a cursor in it and performs nothing; ``bridge`` does.
"""

import asyncio
import enum
from typing import TYPE_CHECKING

from textual.message import Message
from textual.widget import Widget
from textual.worker import Worker

from mxwalk.clock import Clock, SystemClock
from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.notes import notes_of
from mxwalk.evidence.notes import cut
from mxwalk.evidence.step import StepKind
from mxwalk.evidence.trace import Purpose, Trace
from mxwalk.language import say
from mxwalk.walk.model import Pending
from mxwalk.walk.order import next_item
from mxwalk.walk.propose import propose
from mxwalk.walk.walker import Walk
from tui.request import Request

if TYPE_CHECKING:  # loaded with a message
    from mxwalk.mailauth.asking import Asked


class Phase(enum.Enum):
    """What is going on."""

    OPENING = "opening"
    PAUSED = "paused"
    RUNNING = "running"
    OVER = "over"
    REPLAY = "replay"
    FAILED = "failed"


class BridgeBase(Widget):
    """Live walk or replay; invisible."""

    DEFAULT_CSS = "BridgeBase { display: none; }"

    class Changed(Message, namespace="bridge"):
        """The evidence, the pending step or the phase is another than before."""

        def can_replace(self, message: Message) -> bool:
            """Several changes in a row are drawn once."""
            return isinstance(message, BridgeBase.Changed)

    class Failed(Message, namespace="bridge"):
        """The walk could not be opened or our own side failed; ``text`` says why."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Noticed(Message, namespace="bridge"):
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
        self._on_wire = False
        self._wanted = ""  # "n" or "c", asked for before the walk was open
        self._edits = 0
        self._pending: tuple[tuple[int, int, int], Pending | None] | None = None
        self.since: float = 0.0
        self._why_unsaved = ""
        self._has_file = False
        self._kept_at = 0  # so many steps of it were written to a file of the person's
        self._in_file = self._whole  # a saved trace as its file has it
        self._exported: Trace | None = None  # and as a file of the person's has it

    @property
    def unsaved(self) -> str:
        """That what was walked, or noted, is in no file, or not all of it, and why; else empty."""
        if self._whole is not None:
            return self._why_unsaved if self._noted_in_vain else ""
        walk = self._walk
        return self._why_unsaved if walk and len(walk.trace.steps) > self._kept_at else ""

    @property
    def told_unsaved(self) -> str:
        """The same as a sentence."""
        return _sentence(self.unsaved)

    @property
    def is_kept(self) -> bool:
        """Whether what is walked is saved, or will be once there is a step."""
        walked = self._walk is not None and bool(self._walk.trace.steps)
        return self.is_replay or not (self.unsaved if walked else self._why_unsaved)

    @property
    def keeps_nothing(self) -> str:
        """That no step will be saved, and why, in a sentence; empty where it will, or there is one."""
        return "" if self.is_kept or self.unsaved else _sentence(self._why_unsaved)

    @property
    def _noted_in_vain(self) -> bool:
        """Whether no file has the notes of a saved trace."""
        if self._whole is None or self._whole is self._in_file:
            return False
        files = (one for one in (self._in_file, self._exported) if one is not None)
        return notes_of(self._whole) not in map(notes_of, files)

    @property
    def loses(self) -> str:
        """What leaving loses of a walk that is not saved, in a sentence; empty where it is kept."""
        if not self.unsaved:
            return ""
        if self._whole is not None:
            return say("What you noted is in no file: leaving loses it.")
        if self._has_file:
            return say("This walk is no longer saved: leaving loses what came since.")
        return say("This walk is not saved: leaving loses it.")

    @property
    def leaving_loses(self) -> str:
        """What leaving loses, for whoever was told that the walk is not saved."""
        return say("Leaving loses what came since.") if self._has_file else say("Leaving loses it.")

    @property
    def damage(self) -> str:
        """What is wrong with the file that a saved trace came from; empty when nothing is."""
        return self._whole.damage if self._whole else ""

    @property
    def is_going(self) -> bool:
        """Whether the walk, or what is left of a saved trace, goes on."""
        at, end = self.position
        ended = self.phase is Phase.REPLAY and at == end
        return not ended and self.phase not in (Phase.OVER, Phase.FAILED)

    @property
    def is_replay(self) -> bool:
        """Whether a saved trace is shown."""
        return self._whole is not None

    @property
    def trace(self) -> Trace | None:
        """The evidence up to now, or up to the replay's cursor."""
        if self._whole is not None:
            return cut(self._whole, self._at if self._ready else 0)
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
        delivery = build_delivery(cut(self._whole, self._at))
        item = next_item(delivery)
        return propose(delivery, item, "") if item else None

    @property
    def purpose(self) -> Purpose:
        """What is walked."""
        return self._request.purpose

    @property
    def position(self) -> tuple[int, int]:
        """The replay's cursor and its end, as numbers of steps that are no notes."""
        if self._whole is None:
            return 0, 0
        return self._last_step(self._at), self._last_step(len(self._whole.steps))

    def _last_step(self, at: int) -> int:
        steps = self._whole.steps if self._whole else ()
        while at and steps[at - 1].kind is StepKind.NOTE:
            at -= 1
        return at

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
    def on_wire(self) -> str:
        """What the running step does, where it moves octets on a connection; else empty."""
        return self._doing if self.phase is Phase.RUNNING and self._on_wire else ""

    @property
    def wanted(self) -> str:
        """What follows as soon as the walk is open, in words; empty without a wish."""
        return {"n": say("the first step"), "c": say("the whole walk")}.get(self._wanted, "")

    @property
    def resolver(self) -> "Asked | None":
        """What a live walk asks; ``None`` in a replay, where nothing may be asked."""
        return self._walk.resolver if self._walk else None

    @property
    def breakpoints(self) -> set[StepKind]:
        """The kinds of steps to stop before."""
        return self._walk.breakpoints if self._walk else set()


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}." if words else ""
