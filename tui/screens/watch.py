"""A watch: the strip of rounds, what each changed, when the next one is, and what caches may say.

The watch goes on while another screen lies over this one, such as the walk of a round; it ends when
this screen is left.  When the condition holds, the terminal's bell rings and a notice says so.
"""

import asyncio
from dataclasses import replace
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.screen import Screen

from mxwalk.clock import Clock, SystemClock
from mxwalk.errors import MxwalkError, UsageError
from mxwalk.language import say
from mxwalk.limits import WATCH_TRACES
from mxwalk.text import visible
from mxwalk.watch.conditions import parse_condition
from mxwalk.watch.durations import duration_text, duration_typed, parse_duration
from mxwalk.watch.engine import End, Plan, Round, WalkOnce, Watch, run
from mxwalk.watch.politeness import check_interval
from mxwalk.watch.runner import Walker, Watched
from tui import actions
from tui.layout import HEIGHTS, WIDTHS, size_notice
from tui.request import Request
from tui.screens.watch_words import Shown, head_state, hints, known, strip
from widgets.hints import Head, Hints
from widgets.plain import Look, line
from widgets.rows import Rows
from widgets.text_pane import TextPane
from widgets.watch_rounds import WatchRounds
from widgets.watch_strip import WatchStrip


class WatchScreen(Screen[None]):
    """A walk repeated until a condition holds.

    ``walk_once`` makes the walk of a round where it is not the usual one.
    """

    BINDINGS: ClassVar[list[BindingType]] = actions.bindings(actions.WATCH)
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS

    def __init__(
        self,
        watched: Watched,
        plan: Plan,
        *,
        clock: Clock | None = None,
        walk_once: WalkOnce | None = None,
    ) -> None:
        super().__init__()
        self.watched = watched
        self.clock = clock or SystemClock()
        self.rounds = Watch(plan, self.clock)
        self.failure = ""
        self._walk_once = walk_once
        self._wake = asyncio.Event()
        self._steps = 0

    @property
    def subject(self) -> str:
        """What is watched, in words."""
        return self.watched.target or say(
            "lab: {scenarios}", scenarios=", ".join(self.watched.scenarios)
        )

    def shown(self) -> Shown:
        """Return what header, pane and footer are drawn from."""
        return Shown(
            watch=self.rounds,
            subject=self.subject,
            step=self._steps + 1,
            now=self.clock.now(),
            failure=self.failure,
            keymap=self.app.keymap_in_use,  # type: ignore[attr-defined]
        )

    def compose(self) -> ComposeResult:
        """Lay out the regions."""
        yield size_notice()
        yield Head(id="head")
        yield WatchStrip(id="strip")
        with Container(id="body"):
            yield WatchRounds(id="rounds")
            yield TextPane(id="known")
        yield Hints(id="hints")

    def on_mount(self) -> None:
        """Begin with the first round at once."""
        self.app.clear_notifications()
        self.query_one("#known").border_title = line((say("what is known"), Look.STRONG))
        self.query_one("#rounds").focus()
        self.set_interval(1.0, self.tick)
        self.draw()
        self.go_on()

    # -- watching ------------------------------------------------------------------------------

    @work(exclusive=True, group="watch", exit_on_error=False)
    async def go_on(self) -> None:
        """Walk and wait until it is over."""
        try:
            if self._walk_once is not None:
                await run(self.rounds, self._walk_once, self._wait, self._told)
                return
            walker = Walker(self.watched, clock=self.clock, on_step=lambda _step: self._stepped())
            async with walker:
                await run(self.rounds, walker.walk, self._wait, self._told)
        except (MxwalkError, OSError) as error:
            self.failure = str(error)
            self.notify(visible(str(error), 300), severity="error", markup=False, timeout=20)
        finally:
            if self.is_running:
                self.draw()

    async def _wait(self, seconds: float) -> None:
        """Wait until the next round is due or a key has changed that."""
        self.draw()
        self._wake.clear()
        try:
            async with asyncio.timeout(None if self.rounds.paused else seconds):
                await self._wake.wait()
        except TimeoutError:
            return

    def _stepped(self) -> None:
        self._steps += 1

    def _told(self, made: Round) -> None:
        self._steps = 0
        self.query_one(WatchRounds).show(tuple(self.rounds.rounds))
        self.draw()
        if made.holds:
            self.app.bell()
            words = say(
                "Round {number}: {what}.", number=made.number, what=self.rounds.plan.condition.words
            )
            self.app.notify(words, title=self.subject, markup=False, timeout=30)

    # -- drawing -------------------------------------------------------------------------------

    def tick(self) -> None:
        """Count down."""
        self.query_one(Head).show(head_state(self.shown()))
        self.query_one(WatchStrip).show(strip(self.rounds), walking=self.rounds.is_walking)

    def draw(self) -> None:
        """Draw everything but the rounds, which change with a round only."""
        self.tick()
        count = self.rounds.count
        words = say("rounds ({count})", count=count)
        hint = "  " + say("Enter opens the walk") if count else ""
        self.query_one("#rounds").border_title = line((words, Look.STRONG), (hint, Look.DIM))
        pane = self.query_one("#known", TextPane)
        pane.show(known(self.shown()), indent=2)
        self.query_one("#hints", Hints).show(hints(self.shown()))

    def on_screen_resume(self) -> None:
        """What was said meanwhile is drawn."""
        self.draw()

    # -- keys ----------------------------------------------------------------------------------

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Open the walk of a round."""
        number = event.row.key
        trace = self.rounds.trace(number) if isinstance(number, int) else None
        if trace is None:
            words = say("Only the walks of the last {count} rounds are kept.", count=WATCH_TRACES)
            self.notify(words, markup=False)
            return
        sender = self.rounds.plan.senders[0]
        self.app.open(Request(trace=trace, sender=sender))  # type: ignore[attr-defined]

    def action_now(self) -> None:
        """Walk at once, or as soon as it is polite."""
        if self.rounds.end is not None:
            declared = next(one for one in actions.WATCH if one.id == "watch.condition")
            key = actions.key_words(self.shown().keymap.get(declared.id, declared.key))
            self.notify(say("It is over: {key} waits for something else.", key=key), markup=False)
            return
        if self.rounds.is_walking:
            self.notify(say("A round is being walked."), markup=False, timeout=2)
            return
        wait_s = self.rounds.hurry()
        if wait_s > 0:
            words = say(
                "The server was asked a moment ago: the next round is in {wait}.",
                wait=duration_text(wait_s),
            )
            self.notify(words, markup=False)
        self._begin_again()
        self._wake.set()
        self.draw()

    def action_pause(self) -> None:
        """Make no further round, or go on."""
        self.rounds.paused = not self.rounds.paused
        self._wake.set()
        self.draw()

    def action_interval(self) -> None:
        """Choose another interval."""
        from tui.screens.watch_dialogs import AskScreen

        plan = self.rounds.plan

        def understood(text: str) -> str:
            seconds = parse_duration(text, say("interval"))
            check_interval(seconds, local=plan.local)
            return say("a round every {every}", every=duration_text(seconds))

        value = duration_typed(plan.interval_s)
        dialog = AskScreen(say("interval"), value, understood, "90s 5m 2h 1d")
        self.app.push_screen(dialog, self._set_interval)

    def _set_interval(self, text: str | None) -> None:
        if text is not None:
            seconds = parse_duration(text, say("interval"))
            self._change(replace(self.rounds.plan, interval_s=seconds))

    def action_condition(self) -> None:
        """Choose another condition."""
        from mxwalk.watch.conditions import KINDS
        from tui.screens.watch_dialogs import AskScreen

        def understood(text: str) -> str:
            return say("until {what}", what=parse_condition(text).words)

        names = [f"{name}:CODE" if kind.takes_code else name for name, kind in KINDS.items()]
        value = self.rounds.plan.condition.text
        dialog = AskScreen(say("wait until"), value, understood, "  ".join(names))
        self.app.push_screen(dialog, self._set_condition)

    def _set_condition(self, text: str | None) -> None:
        if text is not None:
            self._change(replace(self.rounds.plan, condition=parse_condition(text)))

    def _change(self, plan: Plan) -> None:
        was_over = self.rounds.end is End.HOLDS
        try:
            self.rounds.change(plan)
        except UsageError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        if was_over and self.rounds.end is None:
            self.go_on()
        self._begin_again()
        self._wake.set()
        self.draw()

    def _begin_again(self) -> None:
        """Try once more what could not be opened; when, is for the watch to say."""
        if self.failure:
            self.failure = ""
            self.go_on()

    def action_pane(self) -> None:
        """To the other pane."""
        at_rounds = self.query_one("#rounds").has_focus
        self.query_one("#known" if at_rounds else "#rounds").focus()

    def action_leave(self) -> None:
        """End the watch and go back."""
        self.app.leave_walk(self)  # type: ignore[attr-defined]
