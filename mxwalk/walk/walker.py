"""The walker: performs the plan's next step when told to, and appends its evidence.

Nothing touches the network until ``step`` is awaited.  Time spent paused belongs to no step.  A
cancelled step leaves evidence of how far it came, a connection it used is closed, and the trace stays
valid; the same holds when the peer fails in whatever way.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence

from mxwalk import __version__
from mxwalk.clock import Clock, to_rfc3339
from mxwalk.delivery.looks import LOOKS
from mxwalk.delivery.model import Delivery
from mxwalk.dns.resolver import Resolver
from mxwalk.errors import ProtocolMisuseError
from mxwalk.evidence.mailauth import MessageInput, SurveyInput
from mxwalk.evidence.step import Decided, DecisionKind, Evidence, Scope, Step, StepKind
from mxwalk.evidence.target import Options, Target
from mxwalk.evidence.trace import Header, Purpose, Trace
from mxwalk.http.client import Fetcher
from mxwalk.http.guard import Permit, PublicOnly
from mxwalk.net.dialer import Dialer
from mxwalk.tls.store import LoadedStore
from mxwalk.walk.budget import Budget
from mxwalk.walk.live import Live, Task, Tools, ValidationTools
from mxwalk.walk.model import Pending
from mxwalk.walk.order import same_place, to_repeat
from mxwalk.walk.propose import edited, propose
from mxwalk.walk.recording import Recording
from mxwalk.walk.steps import PERFORMERS
from mxwalk.walk.steps.policies import policy_limits

# Steps that send nothing over the open connection; cancelling one leaves it as it was.
_BESIDE = frozenset({StepKind.CHAIN, StepKind.ISSUERS, StepKind.REVOCATION, StepKind.IDENTITY})


class Walk:
    """One walk to one target.

    ``on_step`` is called with each step as soon as it is in the trace (the journal, the interface).
    ``enough`` ends the walk between two connections once it returns true (``--first-host``).
    ``permit`` decides which addresses may be asked that certificates name (by default public ones);
    ``beside`` are trust stores whose verdict is told beside that of ``store``.  With ``message`` it is
    a message walk, with ``survey`` one of what the target publishes: no mail server is connected to.
    ``since`` is when and where the fault was seen before.  Over the limits of a walk (DNS questions,
    time of work) it ends by a decision of its own.
    """

    def __init__(  # noqa: PLR0913 - the seams a caller supplies, by keyword
        self,
        target: Target,
        options: Options,
        *,
        dialer: Dialer,
        resolver: Resolver,
        store: LoadedStore,
        clock: Clock,
        validation: ValidationTools,
        permit: Permit | None = None,
        beside: Sequence[LoadedStore] = (),
        on_step: Callable[[Step], None] | None = None,
        enough: Callable[[Delivery], bool] | None = None,
        scenario: str = "",
        message: MessageInput | None = None,
        survey: SurveyInput | None = None,
        since: str = "",
    ) -> None:
        header = Header(
            tool=f"mxwalk {__version__}",
            started_at=to_rfc3339(clock.now()),
            target=target,
            options=options,
            scenario=scenario,
            message=message,
            survey=survey,
            since=since,
        )
        self._recording = Recording(header, clock, on_step)
        permit = permit or PublicOnly()
        self._budget = Budget()
        resolver = self._budget.counting(resolver)
        asking = self._budget.counting(validation.resolver)
        validation = ValidationTools(asking, validation.anchors)
        fetcher = Fetcher(dialer, resolver, store, clock=clock, permit=permit)
        waits = policy_limits(options.timeouts)
        policies = Fetcher(dialer, resolver, store, clock=clock, permit=permit, limits=waits)
        tools = Tools(dialer, resolver, store, clock, validation, fetcher, policies, tuple(beside))
        self._live = Live(tools=tools)
        self._clock = clock
        self._enough = enough
        self._edit: bytes | None = None
        self._again: Step | None = None  # what to repeat once the connection is closed
        self._busy = False
        self.breakpoints: set[StepKind] = set()

    @property
    def trace(self) -> Trace:
        """The evidence so far."""
        return self._recording.trace

    @property
    def delivery(self) -> Delivery:
        """The evidence so far, in its places."""
        return self._recording.delivery

    @property
    def pending(self) -> Pending | None:
        """What ``step`` would do next, with an edit applied; ``None`` when the walk is over."""
        proposed = self._proposed()
        if proposed is None or self._edit is None:
            return proposed
        return edited(proposed, self._edit)

    @property
    def busy(self) -> bool:
        """Whether a step is being performed."""
        return self._busy

    @property
    def is_connected(self) -> bool:
        """Whether a connection is open."""
        return self._live.connection is not None

    @property
    def resolver(self) -> Resolver:
        """What the walk asks; for questions beside it that are no step."""
        return self._live.tools.resolver

    @property
    def idle_s(self) -> float | None:
        """Seconds since the last byte on the open connection; ``None`` without one or when busy."""
        if self._live.connection is None or self._busy:
            return None
        return self._clock.monotonic() - self._live.last_activity

    def _proposed(self) -> Pending | None:
        item = self._recording.following
        if item is None:
            return None
        connection = self._live.connection
        return propose(self.delivery, item, connection.local_address if connection else "")

    def edit(self, payload: bytes) -> Pending:
        """Replace the bytes of the pending command; ``UsageError`` if they cannot be sent."""
        proposed = self._proposed()
        if proposed is None:
            raise ProtocolMisuseError("the walk is over; there is nothing to edit")
        result = edited(proposed, payload)
        self._edit = payload
        return result

    def skip_host(self) -> Step | None:
        """Leave the host at hand (with QUIT if connected); ``None`` when no host is at hand."""
        pending = self.pending
        if pending is None or not pending.scope.host:
            return None
        return self._decide(DecisionKind.SKIP_HOST, Scope(host=pending.scope.host))

    def skip_step(self) -> Step | None:
        """Leave out the pending step on this connection; ``None`` where that makes no sense."""
        pending = self.pending
        if pending is not None and self.trace.header.purpose is not Purpose.DELIVERY:
            return self._decide(DecisionKind.SKIP_STEP, pending.scope, pending.kind)
        skippable = (
            StepKind.STARTTLS,
            StepKind.RSET,
            StepKind.ISSUERS,
            StepKind.REVOCATION,
            *LOOKS,
        )
        if pending is None or pending.kind not in skippable:
            return None
        return self._decide(DecisionKind.SKIP_STEP, pending.scope, pending.kind)

    def retry(self, step: Step | None = None) -> Step | None:
        """Do again what ``step`` (default: the last one) was about.

        A look-up is asked again, past the cache; anything on a connection means a new connection to
        the same address.  Another connection that is open gets its QUIT first, and is made anew
        afterwards; until then ``step`` itself is returned instead of the decision.  ``None`` when
        there is nothing to repeat, or the walk or the host was given up.
        """
        beside = (StepKind.DECISION, StepKind.NOTE)
        made = [s for s in self.trace.steps if s.kind not in beside]
        step = step or (made[-1] if made else None)
        delivery = self.delivery
        if step is None or delivery.stopped or (found := to_repeat(delivery, step)) is None:
            return None
        live, pending = self._live, self.pending
        if live.connection is None or same_place(found[0], live.scope):
            return self._repeat(*found)
        self._again = step
        if pending is None or pending.kind is not StepKind.QUIT:  # else it is as good as done
            self._decide(DecisionKind.RETRY, live.scope)
        return self._repeat_after_quit() or step

    def _repeat(self, scope: Scope, kind: StepKind | None) -> Step:
        if kind is not None:
            self._live.forget()
        else:  # lists and responders may say something else by now
            self._live.tools.fetcher.forget()
        return self._decide(DecisionKind.RETRY, scope, kind)

    def _repeat_after_quit(self) -> Step | None:
        """Do again what waited for another connection's QUIT, unless it still waits."""
        step, following = self._again, self._recording.following
        quits = following is not None and following.kind is StepKind.QUIT
        if step is None or (self._live.connection is not None and quits):
            return None
        self._again = None
        found = to_repeat(self.delivery, step)
        return self._repeat(*found) if found else None

    def note(self, about: int, text: str) -> Step:
        """Write a note on the step with this number; an empty one takes the note back.

        It may be written at any time, also while a step is performed: the note stands before that step
        in the trace then.  Raises ``UsageError`` where no note can be.
        """
        return self._recording.note(about, text)

    def stop(self) -> Step | None:
        """End the walk; an open connection still gets its QUIT.  ``None`` if it is over already."""
        if self.pending is None:
            return None
        self._again = None
        return self._decide(DecisionKind.STOP, Scope())

    def _decide(self, decision: DecisionKind, scope: Scope, kind: StepKind | None = None) -> Step:
        if self._busy:
            raise ProtocolMisuseError("cancel the running step first")
        self._edit = None
        return self._decided(decision, scope, kind)

    def _decided(self, decision: DecisionKind, scope: Scope, kind: StepKind | None = None) -> Step:
        evidence = Decided(decision=decision, step_kind=kind)
        return self._recording.add(StepKind.DECISION, scope, evidence, self._live.take_wire())

    async def step(self) -> Step | None:
        """Perform the pending step and return it; ``None`` when the walk is over.

        Raises ``asyncio.CancelledError`` after a cancelled step is in the trace.
        """
        if self._busy:
            raise ProtocolMisuseError("a step is being performed already")
        delivery = self.delivery
        proposed = self._proposed()
        if proposed is None:
            await self._live.hang_up()
            return None
        pending = proposed if self._edit is None else edited(proposed, self._edit)
        self._edit = None
        self._busy = True
        try:
            return await self._perform(Task(pending=pending, proposed=proposed, delivery=delivery))
        finally:
            self._busy = False
            self._repeat_after_quit()

    async def _perform(self, task: Task) -> Step:
        live, pending = self._live, task.pending
        if live.connection is not None and live.scope != pending.scope:
            await live.hang_up()
        begun = self._recording.elapsed_s()
        try:
            async with self._budget.step(limited=not task.delivery.stopped):
                evidence = await PERFORMERS[pending.kind](live, task)
        except asyncio.CancelledError:
            await self._break_off(task, begun)
            raise
        except TimeoutError:
            if self._budget.spent is None:
                raise
            await self._break_off(task, begun)
            self._again = None
            return self._decided(self._budget.spent, Scope())
        finally:
            live.partial = None
        step = self._record(task, evidence, begun, cancelled=False)
        await self._tidy(step)
        if self._budget.spent is not None and not self.delivery.stopped:  # in the moment it ended
            self._again = None
            self._decided(self._budget.spent, Scope())
        return step

    async def _break_off(self, task: Task, begun: float) -> None:
        """Keep what a step that is broken off has so far."""
        if self._live.partial is not None:
            self._record(task, self._live.partial(), begun, cancelled=True)
        if task.pending.kind not in _BESIDE:  # a dialogue that was broken off cannot be trusted
            await self._live.hang_up()

    def _record(self, task: Task, evidence: Evidence, begun: float, *, cancelled: bool) -> Step:
        self._live.last_activity = self._clock.monotonic()
        return self._recording.add(
            task.pending.kind,
            task.pending.scope,
            evidence,
            self._live.take_wire(),
            begun_s=begun,
            cancelled=cancelled,
        )

    async def _tidy(self, step: Step) -> None:
        """Close a connection that is not needed any more; ask whether the walk has enough."""
        following = self._recording.following
        if step.scope.attempt == 0:
            return
        if following is not None and following.scope == step.scope:
            if step.kind is StepKind.QUIT or step.kind in LOOKS:  # a look connects anew
                await self._live.hang_up()
            return
        await self._live.hang_up()
        if following is not None and self._enough is not None:
            delivery = self.delivery
            if not delivery.stopped and self._enough(delivery):
                self._decided(DecisionKind.ENOUGH, Scope())

    async def __aiter__(self) -> AsyncIterator[Step]:
        """Perform steps to the end, or until a breakpoint's kind is next."""
        while True:
            step = await self.step()
            if step is None:
                return
            yield step
            pending = self.pending
            if pending is not None and pending.kind in self.breakpoints:
                return

    async def close(self) -> None:
        """End the walk: QUIT if a connection is open, then close it."""
        if self._busy:
            raise ProtocolMisuseError("cancel the running step first")
        if self._live.connection is not None and self.stop() is not None:
            limit_s = self.trace.header.options.timeouts.quit_s + 1
            with contextlib.suppress(TimeoutError):  # the cancelled step is in the trace
                async with asyncio.timeout(limit_s):
                    while await self.step() is not None:
                        pass
        await self._live.hang_up()
