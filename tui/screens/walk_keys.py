"""The keys that steer a live walk or move through a replay."""

from textual.events import Key

from mxwalk.evidence.step import Step
from mxwalk.evidence.trace import Purpose
from mxwalk.language import say
from tui.bridge import Phase
from tui.moment import moment
from tui.screens.walk_panes import WalkPanes
from tui.screens.walk_words import view_keys
from widgets.steps_tree import StepsTree

REPLAY_ONLY = frozenset({"step_back", "replay_problem", "replay_edge"})
DELIVERY_ONLY = frozenset({"skip_host", "edit"})
LIVE_ONLY = frozenset({"skip_host", "skip_step", "edit", "retry", "breakpoints"})


class WalkKeys(WalkPanes):
    """Stepping."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Say whether a key does anything here.

        Replay keys act in a replay only, steering keys in a live walk only, and what concerns a
        connection in a delivery only.
        """
        if action in REPLAY_ONLY:
            return self.bridge.is_replay
        if action in DELIVERY_ONLY and self.request.purpose is not Purpose.DELIVERY:
            return False
        if action == "sender":
            return len(self.senders) > 1
        if action == "retry" and self._pasted_host():
            return True
        return not (action in LIVE_ONLY and self.bridge.is_replay)

    def on_key(self, event: Key) -> None:
        """Say why a key of this screen does nothing here."""
        if event.key in self.active_bindings:  # of the focused widget, of this screen, of the app
            return
        bound = self._bindings.key_to_bindings.get(event.key, ())
        for binding in bound:
            action = binding.action.split("(")[0]
            if not self.check_action(action, ()):
                self.say(self.why_off(action))
                event.stop()
                return

    def why_off(self, action: str) -> str:
        """Return why an action is off in this walk."""
        if action in REPLAY_ONLY:
            return say("This walk is live: only a saved one can be gone back in.")
        if action in LIVE_ONLY and self.bridge.is_replay:
            return say("This walk is a saved one: nothing is sent from it, and nothing done again.")
        return say("This key acts in a delivery only.")

    def _pasted_host(self) -> str:
        """Return the host of a pasted dialogue as a target; empty for a walk or without a name."""
        trace = self.bridge.trace
        if trace is None or trace.header.pasted is None:
            return ""
        from mxwalk.clues.dialogue.reading import lead_of

        lead = lead_of(trace)
        return lead.target if lead else ""

    def say(self, words: str) -> None:
        """Say why a key does nothing here."""
        self.notify(words, markup=False, timeout=4)

    def action_next(self) -> None:
        """Perform the next step, or move the replay one step forward."""
        self.following = True
        at, end = self.bridge.position
        if self.bridge.phase is Phase.OVER:
            self.say(say("The walk is over. r does the selected step again, x exports, q leaves."))
        elif self.bridge.is_replay and at == end:
            self.say(say("The trace ends here."))
        self.bridge.go(whole=False)

    def action_continue(self) -> None:
        """Perform steps to the end or a breakpoint."""
        self.following = True
        self.bridge.go(whole=True)

    def action_skip_host(self) -> None:
        """Leave this delivery host."""
        self.following = True
        if not self.bridge.decide(lambda walk: walk.skip_host()):
            self.say(say("There is no delivery host to skip here."))

    def action_skip_step(self) -> None:
        """Leave out the pending command."""
        self.following = True
        if not self.bridge.decide(lambda walk: walk.skip_step()):
            words = say(
                "STARTTLS, RSET, revocation, missing issuers and further looks can be left out."
            )
            self.say(words)

    def action_retry(self) -> None:
        """Do the selected step again; of a pasted dialogue, walk to its host."""
        if host := self._pasted_host():
            from tui.screens.walk_request import walk_of

            self.app.open(walk_of(host))  # type: ignore[attr-defined]
            return
        step = self.selected
        self.following = True
        if not self.bridge.decide(lambda walk: walk.retry(step)):
            self.say(say("There is nothing to do again here."))

    def action_follow(self) -> None:
        """Follow the current step, or stay."""
        self.following = not self.following
        last = self.moment.last if self.moment else None
        if self.following and last is not None:
            self.selected = last
            spec = self.view_for(last.kind)
            if spec is not None:
                self.show_view(spec)
        self.draw()

    def action_problem(self, by: int) -> None:
        """Select the next step that is not in order."""
        problems = self.moment.problems() if self.moment else []
        step = _beyond(problems, self.selected.seq if self.selected else 0, by)
        if step is None:
            self.say(say("No problems so far."))
        elif step is self.selected and len(problems) == 1:
            self.say(say("This is the only problem."))
            self.go_to(step)
        else:
            self.go_to(step)

    def action_no_view(self, key: str) -> None:
        """Say which views there are."""
        keys = view_keys("".join(view.key for view in self.VIEWS)).replace(",", ", ")
        self.say(say("There is no view {key} here: {keys}.", key=key, keys=keys))

    def action_no_what_if(self) -> None:
        """Say where another SPF record is tried."""
        self.say(say("Another SPF record is tried in the SPF view: 2, then i."))

    def action_no_sender(self) -> None:
        """Say why nobody else can judge."""
        self.say(say("A survey is judged by one measure alone."))

    def go_to(self, step: Step) -> None:
        """Select a step and put the tree's cursor on it; back leads to the place before."""
        if step is not self.selected:
            self.leave_place()
        self.select(step)
        self.query_one(StepsTree).follow(step)

    def go_to_seq(self, seq: int | None) -> None:
        """Select the step with this number."""
        step = self.step_numbered(seq)
        if step is None:
            self.say(say("No step decides this yet."))
        else:
            self.go_to(step)

    # -- replay ---------------------------------------------------------------------------------

    def action_step_back(self) -> None:
        """One step back."""
        self.following = True
        self.bridge.seek(self.bridge.position[0] - 1)

    def action_replay_edge(self, end: int) -> None:
        """To the start or the end of the trace."""
        self.following = True
        self.bridge.seek(self.bridge.position[1] if end else 0)

    def action_replay_problem(self, by: int) -> None:
        """Move the cursor to the next problem of the whole trace."""
        whole = self.request.trace
        step = _beyond(moment(whole).problems() if whole else [], self.bridge.position[0], by)
        if step is None:
            self.say(say("There is no problem in this trace."))
        elif step.seq == self.bridge.position[0]:
            self.say(say("This is the only problem."))
        else:
            self.following = True
            self.bridge.seek(step.seq)


def _beyond(steps: list[Step], seq: int, by: int) -> Step | None:
    """Return the nearest step after or before a number, going round at the ends."""
    ahead = [step for step in steps if (step.seq > seq if by > 0 else step.seq < seq)] or steps
    return None if not ahead else ahead[0] if by > 0 else ahead[-1]
