"""The watch itself: when the next round is due, what each round came to, and when it is over.

No socket and no sleep is in here: whoever runs it walks, hands in the trace and waits as long as
``next_in_s`` says; time comes from the clock passed in.  Two walks are never at work at once.  The
latest traces are kept whole, of older rounds what they came to, of the oldest nothing.
"""

import enum
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from mxwalk.clock import Clock
from mxwalk.errors import MxwalkError, ProtocolMisuseError
from mxwalk.evidence.trace import Trace
from mxwalk.language import say
from mxwalk.limits import WATCH_REMEMBERED, WATCH_ROUNDS, WATCH_TRACES
from mxwalk.watch.caches import OldRecord, clock, replaced, still_cached
from mxwalk.watch.changes import Change, changes
from mxwalk.watch.conditions import Condition
from mxwalk.watch.durations import duration_text
from mxwalk.watch.facts import Facts, filled
from mxwalk.watch.gather import gather
from mxwalk.watch.politeness import back_off_s, check_interval, least_s

_SHORTEST_WAIT_S = 0.05


class End(enum.Enum):
    """Why a watch is over."""

    HOLDS = "the condition holds"
    ROUNDS = "the number of rounds is reached"
    TIME = "the time is over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to wait for, judged as whom, how often and how long.

    ``for_s`` and ``rounds`` are ``None`` for no end; ``local`` tells that no server of others is asked.
    """

    condition: Condition
    senders: tuple[str, ...]
    interval_s: float
    for_s: float | None = None
    rounds: int | None = None
    local: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One round: what it came to and what was different from the one before.

    ``facts`` is ``None`` where no walk could be made; ``problem`` says why.  ``note`` says what is
    worth knowing about the wait that follows.
    """

    number: int
    at: datetime
    facts: Facts | None = None
    changes: tuple[Change, ...] = ()
    holds: bool = False
    problem: str = ""
    note: str = ""


class Watch:
    """The history and the next step; raises ``UsageError`` for an interval that is not polite."""

    def __init__(self, plan: Plan, clock: Clock) -> None:
        check_interval(plan.interval_s, local=plan.local)
        self.plan = plan
        self.rounds: deque[Round] = deque(maxlen=WATCH_ROUNDS)
        self.old: tuple[OldRecord, ...] = ()
        self.end: End | None = None
        self.paused = False
        self._clock = clock
        self._began_s = clock.monotonic()
        self._due_s = self._began_s
        self._least_due_s = self._began_s
        self._walking: datetime | None = None
        self._count = 0
        self._throttled = 0
        self._first: Facts | None = None  # what was known first of each thing
        self._known: Facts | None = None  # what was known last of each thing
        self._last: Facts | None = None
        self._traces: OrderedDict[int, Trace] = OrderedDict()

    # -- what is read ------------------------------------------------------------------------------

    @property
    def count(self) -> int:
        """How many rounds there were."""
        return self._count

    @property
    def is_walking(self) -> bool:
        """Whether a round is being walked."""
        return self._walking is not None

    @property
    def next_in_s(self) -> float:
        """Seconds until the next round is due; 0 when it is, or one is being walked."""
        return 0.0 if self.is_walking else max(0.0, self._due_s - self._clock.monotonic())

    @property
    def next_at(self) -> datetime:
        """When the next round is due."""
        return self._clock.now() + timedelta(seconds=self.next_in_s)

    @property
    def latest(self) -> Facts | None:
        """The latest facts."""
        return self._last

    @property
    def told_anything(self) -> bool:
        """Whether any round decided what the senders do."""
        return self._first is not None and self._first.conclusive

    def trace(self, number: int) -> Trace | None:
        """Return a round's trace while it is kept."""
        return self._traces.get(number)

    # -- what is done ------------------------------------------------------------------------------

    def begin(self) -> int:
        """A round begins; return its number.  Raises ``ProtocolMisuseError`` beside another one."""
        if self._walking is not None or self.end is not None:
            raise ProtocolMisuseError("a watch makes one walk at a time, and none when it is over")
        self._walking, now_s = self._clock.now(), self._clock.monotonic()
        self._due_s = now_s + self.plan.interval_s
        # Whatever becomes of this round, the server is asked now.
        least = now_s + min(least_s(local=self.plan.local), self.plan.interval_s)
        self._least_due_s = max(self._least_due_s, least)
        return self._count + 1

    def finish(self, trace: Trace) -> Round:
        """A round is over: keep what it came to, and say when the next one is."""
        self._traces[self._count + 1] = trace
        while len(self._traces) > WATCH_TRACES:
            self._traces.popitem(last=False)
        facts = gather(trace, self.plan.senders)
        found = changes(self._known, facts) if self._known is not None else ()
        holds = False
        if not facts.spoilt:
            self._remember(facts)
            holds = self._first is not None and self.plan.condition.holds(self._first, facts)
        self._throttled = self._throttled + 1 if facts.throttled else 0
        return self._close(facts=facts, changes=found, holds=holds, note=self._schedule(facts))

    def _remember(self, facts: Facts) -> None:
        now = self._clock.now()
        old = self.old
        if self._known is not None:
            old = (*replaced(self._known, facts), *old)
        latest = {(one.what, one.name): one for one in sorted(old, key=lambda one: one.until)}
        kept = [one for one in reversed(latest.values()) if one.until > now]
        self.old = tuple(kept[:WATCH_REMEMBERED])
        self._last = facts
        self._first = facts if self._first is None else filled(self._first, facts)
        self._known = facts if self._known is None else filled(facts, self._known)

    def fail(self, problem: str) -> Round:
        """No walk could be made."""
        return self._close(problem=problem)

    def abandon(self) -> None:
        """The round that was begun is broken off and does not count."""
        self._walking = None

    def hurry(self) -> float:
        """Make the next round due as soon as it is polite; return the seconds until then."""
        self._due_s = max(self._clock.monotonic(), self._least_due_s)
        self.paused = False
        return self.next_in_s

    def change(self, plan: Plan) -> None:
        """Go on with another interval or condition.  Raises ``UsageError`` like the constructor."""
        check_interval(plan.interval_s, local=plan.local)
        if plan.interval_s != self.plan.interval_s and self._count:
            wanted = self._clock.monotonic() + plan.interval_s
            self._due_s = max(self._least_due_s, min(wanted, self._due_s))
        self.plan = plan
        if self.end is End.HOLDS:
            self.end = None

    def _close(
        self,
        *,
        facts: Facts | None = None,
        changes: tuple[Change, ...] = (),
        holds: bool = False,
        problem: str = "",
        note: str = "",
    ) -> Round:
        at = self._walking or self._clock.now()
        self._walking = None
        self._count += 1
        made = Round(
            number=self._count,
            at=at,
            facts=facts,
            changes=changes,
            holds=holds,
            problem=problem,
            note=note,
        )
        self.rounds.append(made)
        least = self._clock.monotonic() + min(least_s(local=self.plan.local), self.plan.interval_s)
        self._least_due_s = max(self._least_due_s, least)
        self._due_s = max(self._due_s, self._least_due_s)
        self.end = self._ended(holds=holds)
        return made

    def _schedule(self, facts: Facts) -> str:
        """Wait longer after 421; say what the wait is about."""
        now_s, now = self._clock.monotonic(), self._clock.now()
        if self._throttled:
            plan = self.plan
            pause_s = back_off_s(plan.interval_s, self._throttled, local=plan.local)
            self._due_s = self._least_due_s = now_s + pause_s
            return say(
                "the server answered 421: it is left alone for {pause}",
                pause=duration_text(pause_s),
            )
        rests_on = self.plan.condition.kind.rests_on
        due = now + timedelta(seconds=max(0.0, self._due_s - now_s))
        asks_cache = bool(rests_on) and not self.plan.local  # a lab's resolver has no cache
        cached = still_cached(facts, due, rests_on) if asks_cache else None
        if cached is None:
            return ""
        return say(
            "until {until} our resolver answers {what} from its cache: a round before then cannot see"
            " a new record",
            until=clock(cached, now),
            what="/".join(rests_on),
        )

    def _ended(self, *, holds: bool) -> End | None:
        plan = self.plan
        if holds:
            return End.HOLDS
        if plan.rounds is not None and self._count >= plan.rounds:
            return End.ROUNDS
        if plan.for_s is not None and self._due_s > self._began_s + plan.for_s:
            return End.TIME
        return None


WalkOnce = Callable[[int], Awaitable[Trace]]
Wait = Callable[[float], Awaitable[None]]


async def run(
    watch: Watch, walk_once: WalkOnce, wait: Wait, told: Callable[[Round], None] | None = None
) -> End:
    """Walk and wait until the watch is over, and return why it is.

    ``walk_once`` makes the walk of a round; what it raises in the first round is raised, later it is
    the round's problem.  ``wait`` waits for some seconds or less.  A cancelled round does not count.
    """
    while watch.end is None:
        due_s = watch.next_in_s
        if due_s > 0 or watch.paused:
            await wait(max(due_s, _SHORTEST_WAIT_S))
            continue
        made = await _round(watch, walk_once)
        if told is not None:
            told(made)
    return watch.end


async def _round(watch: Watch, walk_once: WalkOnce) -> Round:
    number = watch.begin()
    done = False
    try:
        trace = await walk_once(number)
        done = True
    except MxwalkError as error:
        if number == 1:
            raise
        done = True
        return watch.fail(str(error))
    finally:
        if not done:
            watch.abandon()
    return watch.finish(trace)
