"""The dialogs of the walk screen; each is imported when it is first opened."""

import asyncio
from typing import TYPE_CHECKING

from textual import work

from mxwalk.errors import MxwalkError
from mxwalk.findings.model import Finding
from mxwalk.language import language, say
from tui.bridge import Phase
from tui.screens.walk_keys import WalkKeys
from widgets.shown import View

if TYPE_CHECKING:  # the view is imported when it is first shown
    from mxwalk.compare.side import Side
    from widgets.chain_view import ChainView
    from widgets.domain_view import DomainView
    from widgets.policy_view import PolicyView
    from widgets.spf_view import SpfView


class WalkDialogs(WalkKeys):
    """Dialogs."""

    def explain(self, finding: Finding | None) -> None:
        """Open a finding's explanation."""
        from tui.screens.explain import ExplainScreen

        def closed(go: bool | None) -> None:
            if go and finding is not None:
                self.go_to_finding(finding)

        if finding is not None:
            step = self.step_numbered(finding.step)
            has_bytes = bool(step and step.wire)
            screen = ExplainScreen(finding, has_bytes=has_bytes, write=self.write_letter)
            self.app.push_screen(screen, closed)

    def go_to_finding(self, finding: Finding) -> None:
        """Show the step a finding rests on, its bytes beside, and the EHLO line it speaks of.

        A step that no view shows more of is shown by its bytes alone.
        """
        step = self.step_numbered(finding.step)
        self.leave_place()
        self.go_to_seq(finding.step)
        spec = self.view_for(step.kind) if step else None
        self.set_class(bool(step and step.wire), "-wire")
        if step is not None and step.wire and (spec is None or spec.id == "verdicts"):
            self.focus_pane(self.query_one("#wire"))
            return
        view = self.query_one(f"#view-{self.view.id}", View)
        self.focus_pane(view)
        if finding.line:
            self.call_after_refresh(view.move_to, finding.line)

    def action_edit(self) -> None:
        """Change the pending command."""
        from tui.screens.edit_command import EditCommandScreen

        pending = self.bridge.pending
        if pending is None or not pending.editable:
            self.notify(say("The next step sends no command that could be edited."), markup=False)
            return
        self.app.push_screen(EditCommandScreen(pending, self.edit_pending))

    def edit_pending(self, payload: bytes) -> str:
        """Replace the pending command; return what is wrong with it, or an empty text."""
        try:
            self.bridge.edit(payload)
        except MxwalkError as error:
            return str(error)
        return ""

    def on_chain_view_date_wanted(self, event: "ChainView.DateWanted") -> None:
        """Ask for the date to evaluate the chain at."""
        from tui.screens.chain_date import ChainDateScreen

        self.app.push_screen(ChainDateScreen(event.at, event.view.evaluate_at))

    def on_policy_view_chain_wanted(self, event: "PolicyView.ChainWanted") -> None:
        """Open the chain of the policy host."""
        from tui.screens.policy_chain import PolicyChainScreen

        if event.view.shown is not None:
            self.app.push_screen(PolicyChainScreen(event.view.shown, event.attempt))

    def on_policy_view_step_wanted(self, event: "PolicyView.StepWanted") -> None:
        """Show the connection to a host."""
        self.go_to_seq(event.seq)
        self.focus_pane(self.query_one(f"#view-{self.view.id}", View))

    def on_spf_view_what_if_wanted(self, event: "SpfView.WhatIfWanted") -> None:
        """Try another record or address; nothing is published."""
        from tui.screens.spf_what_if import SpfWhatIfScreen

        screen = SpfWhatIfScreen(event.checked, event.record, self.bridge.resolver)
        self.app.push_screen(screen)

    def on_spf_view_nothing_to_try(self) -> None:
        """Say why nothing can be tried."""
        self.say(say("There is no evaluation to vary yet: n performs the next step."))

    def on_domain_view_step_wanted(self, event: "DomainView.StepWanted") -> None:
        """Show what a step of a survey found."""
        self.go_to_seq(event.seq)
        self.focus_pane(self.query_one(f"#view-{self.view.id}", View))

    def action_breakpoints(self) -> None:
        """Choose the kinds of steps to stop before."""
        from tui.screens.breakpoints import BreakpointsScreen

        self.app.push_screen(BreakpointsScreen(self.bridge.breakpoints))

    def action_sender(self) -> None:
        """Choose another sender."""
        from tui.screens.sender import SenderScreen

        everyone, verdicts = self.senders, self.verdicts()

        def chosen(name: str | None) -> None:
            if name:
                self.leave_place()
                self.choose_sender(name)

        self.app.push_screen(
            SenderScreen(everyone, verdicts, self.sender.id, over=not self.bridge.is_going), chosen
        )

    def action_compare(self) -> None:
        """Hold this walk, or two of its hosts, against another."""
        from tui.screens.compare import CompareScreen
        from tui.screens.compare_with import CompareWithScreen

        trace = self.bridge.trace
        if trace is None or not trace.steps:
            self.notify(say("Nothing was walked yet: n performs the first step."), markup=False)
            return

        def chosen(pair: "tuple[Side, Side] | None") -> None:
            if pair is not None:
                self.app.push_screen(CompareScreen(*pair, self.sender.id))

        self.app.push_screen(CompareWithScreen(trace), chosen)

    def action_export(self) -> None:
        """Write a report or the trace."""
        self.export("markdown")

    def export(self, form: str, *, at_name: bool = False) -> None:
        """Open what writes the walk to a file, with this format chosen; in its name, if asked for."""
        from tui.screens.export import ExportScreen

        trace = self.bridge.trace
        if trace is None or not trace.steps:
            self.notify(say("Nothing was walked yet: n performs the first step."), markup=False)
            return
        screen = ExportScreen(
            trace,
            self.sender.id,
            self.selected,
            self.action_letter,
            kept=self.bridge.kept,
            form=form,
        )
        screen.at_name = at_name
        self.app.push_screen(screen)

    def action_letter(self) -> None:
        """Write to whoever must act on what was found."""
        self.write_letter("")

    @work(exclusive=True, group="letter", exit_on_error=False)
    async def write_letter(self, code: str) -> None:
        """Open the letter about the finding with this code, or about what matters."""
        from mxwalk.letters.compose import write_letters
        from mxwalk.letters.offered import offered
        from tui.screens.letter import LetterScreen
        from tui.screens.letter_desk import Desk

        trace, sender = self.bridge.trace, self.sender.id
        if trace is None or not trace.steps:
            self.notify(say("Nothing was walked yet: n performs the first step."), markup=False)
            return
        if self.bridge.phase is Phase.RUNNING:
            self.notify(say("The walk is still going on: M when it is over."), markup=False)
            return
        parties = await asyncio.to_thread(offered, trace, sender)
        if not parties:
            post = await asyncio.to_thread(write_letters, trace, sender, language())
            self.notify(post.nothing, markup=False, timeout=6)
            return
        desk = Desk(trace, sender, parties, code)
        self.app.push_screen(LetterScreen(desk))

    @work(exclusive=True, group="leave", exit_on_error=False)
    async def action_leave(self) -> None:
        """Back to the start screen, or out; asks when a live connection would be lost."""
        if self.bridge.unsaved:
            if not await self._loses_walk():
                return
        elif self.bridge.is_connected:
            from tui.screens.confirm import ConfirmScreen

            question = say(
                "A connection is open. Leaving sends QUIT and closes it; the trace is saved."
            )
            if not await self.app.push_screen_wait(ConfirmScreen(question, say("Leave"))):
                return
        await self.bridge.leave()
        self.app.call_later(self.app.leave_walk, self)  # type: ignore[attr-defined]

    async def _loses_walk(self) -> bool:
        """Ask whether a walk that is not saved is to be lost; ``s`` saves it elsewhere."""
        from tui.screens.leave_unsaved import LeaveUnsavedScreen

        asked = LeaveUnsavedScreen(self.bridge)
        leaves = await self.app.push_screen_wait(asked)
        if asked.saves:
            self.export("trace", at_name=True)
        return bool(leaves)

    def action_watch(self) -> None:
        """Walk again and again until something changes; never beside a walk that is at work."""
        from tui.screens.watch import WatchScreen
        from tui.screens.watch_request import watch_of

        if self.bridge.phase is Phase.RUNNING or self.bridge.is_connected:
            self.say(say("This walk is still connected: c ends it, then W watches."))
            return
        try:
            watched, plan = watch_of(self.request, self.bridge.trace, self.sender.id, self.verdict)
        except MxwalkError as error:
            self.notify(str(error), markup=False)
            return
        self.app.push_screen(WatchScreen(watched, plan))
