"""The trace of a walk under way: it grows by a step, a decision or a note at a time.

Each step is numbered, timed from the walk's start and told to whoever listens as soon as it is there.
"""

from collections.abc import Callable

from mxwalk.clock import Clock
from mxwalk.delivery.build import build_delivery
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.notes import note_step
from mxwalk.evidence.step import Evidence, Scope, Step, StepKind
from mxwalk.evidence.trace import Header, Trace
from mxwalk.evidence.wire import WireChunk
from mxwalk.walk.order import Item, next_item


class Recording:
    """The evidence of a walk so far; ``on_step`` is called with each step once it is in the trace."""

    def __init__(
        self, header: Header, clock: Clock, on_step: Callable[[Step], None] | None
    ) -> None:
        self.trace = Trace(header=header)
        self._clock = clock
        self._on_step = on_step
        self._started = clock.monotonic()
        self._delivery: Delivery | None = None
        self._following: tuple[Delivery, Item | None] | None = None

    @property
    def delivery(self) -> Delivery:
        """The evidence so far, in its places."""
        if self._delivery is None or self._delivery.trace is not self.trace:
            self._delivery = build_delivery(self.trace)
        return self._delivery

    @property
    def following(self) -> Item | None:
        """What comes next by that evidence; ``None`` when the walk is over."""
        delivery = self.delivery
        if self._following is None or self._following[0] is not delivery:
            self._following = (delivery, next_item(delivery))
        return self._following[1]

    def elapsed_s(self) -> float:
        """Return the seconds since the walk began."""
        return self._clock.monotonic() - self._started

    def add(
        self,
        kind: StepKind,
        scope: Scope,
        evidence: Evidence,
        wire: tuple[WireChunk, ...] = (),
        *,
        begun_s: float | None = None,
        cancelled: bool = False,
    ) -> Step:
        """Add a step that took from ``begun_s`` until now; without it, no time."""
        now_s = self.elapsed_s()
        begun_s = now_s if begun_s is None else begun_s
        return self._told(
            Step(
                seq=len(self.trace.steps) + 1,
                kind=kind,
                scope=scope,
                started_s=round(begun_s, 6),
                elapsed_s=round(now_s - begun_s, 6),
                evidence=evidence,
                wire=wire,
                cancelled=cancelled,
            )
        )

    def note(self, about: int, text: str) -> Step:
        """Add a note on the step with this number.  Raises ``UsageError`` where no note can be."""
        return self._told(note_step(self.trace, about, text, self.elapsed_s()))

    def _told(self, step: Step) -> Step:
        self.trace = self.trace.with_step(step)
        if self._on_step is not None:
            self._on_step(step)
        return step
