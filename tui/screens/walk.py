"""The walk: steps, the view of the selected step, findings and wire; live and in replay alike.

The screen holds what is selected and nothing else: on each change of the bridge it computes the moment
from the trace and hands it to the widgets.
"""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from mxwalk.errors import MxwalkError
from mxwalk.evidence.step import Step, StepKind
from mxwalk.walk.model import Pending
from tui import actions
from tui.bridge import Bridge, Phase
from tui.moment import Moment, moment, sender_named, shown
from tui.request import Request
from tui.screens.walk_dialogs import WalkDialogs
from tui.views import VIEWS, ViewSpec, view_for, view_named
from widgets.findings_list import FindingsList
from widgets.hints import Head, HeadState, Hint, Hints
from widgets.plain import Look, glyphs, line
from widgets.rows import Rows
from widgets.shown import View
from widgets.steps_tree import StepsTree
from widgets.verdict_table import VerdictTable
from widgets.wire_view import WireView


class WalkScreen(WalkDialogs, Screen[None]):
    """One walk or one trace."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *actions.bindings(actions.WALK),
        *(
            Binding(v.key, f"view('{v.id}')", v.name, id=f"view.{v.id}", tooltip=v.tooltip, show=False)
            for v in VIEWS
        ),
    ]
    HORIZONTAL_BREAKPOINTS: ClassVar[list[tuple[int, str]] | None] = [
        (0, "-single"), (60, "-stacked"), (100, "-beside"), (140, "-three"),
    ]  # fmt: skip
    VERTICAL_BREAKPOINTS: ClassVar[list[tuple[int, str]] | None] = [
        (0, "-tiny"), (16, "-low"), (30, "-high"),
    ]  # fmt: skip

    def __init__(self, request: Request) -> None:
        super().__init__()
        self.request = request
        self.bridge = Bridge(request)
        self.sender = sender_named(request.sender)
        self.moment: Moment | None = None
        self.selected: Step | None = None
        self.following = True
        self.view: ViewSpec = VIEWS[0]
        self._drawn_at = -1

    def compose(self) -> ComposeResult:
        """Lay out the regions."""
        yield self.bridge
        yield Head(id="head")
        with Container(id="body"):
            yield StepsTree(id="steps")
            with Container(id="views"):
                yield Hints(id="tabs")
            with Container(id="side"):
                yield Input(placeholder="filter findings and wire; Esc clears", id="find")
                yield FindingsList(id="findings")
                yield WireView(id="wire")
        yield Hints(id="hints")

    def on_mount(self) -> None:
        """Show the first view and keep the clock in the header going."""
        self.query_one("#find").display = False
        self.show_view(self.view)
        self.query_one(StepsTree).focus()
        self.set_interval(0.5, self.show_head)

    # -- drawing ----------------------------------------------------------------------------------

    def on_bridge_changed(self) -> None:
        """Compute the moment anew and draw it."""
        trace = self.bridge.trace
        if trace is not None and len(trace.steps) != self._drawn_at:
            self._drawn_at = len(trace.steps)
            self.moment = moment(trace)
            gone = self.selected is not None and self.selected not in trace.steps
            if self.following or gone or self.selected is None:
                self.selected = self.moment.last
                spec = view_for(self.selected.kind) if self.selected else None
                if spec is not None and self.following:
                    self.show_view(spec)
        self.draw()

    def draw(self) -> None:
        """Hand the moment to every widget."""
        now = self.moment
        if now is None:
            self.show_head()
            return
        pending = self.bridge.pending
        tree = self.query_one(StepsTree)
        tree.show(now.plan, now.delivery, pending, self._waiting(pending))
        if self.following:
            replaying = self.bridge.phase in (Phase.REPLAY, Phase.OVER)
            tree.follow(self.selected if replaying and self.selected else None)
        self.draw_selection()
        self.query_one(FindingsList).show(now.findings, walked=bool(now.trace.steps))
        self.show_head()

    def draw_selection(self) -> None:
        """Draw what depends on the selected step, sender or view."""
        now = self.moment
        if now is None:
            return
        current = shown(now, self.sender, self.selected, self.bridge.pending)
        view = self.query_one(f"#view-{self.view.id}", View)
        view.show(current)
        self._titles()
        attempt = current.attempt
        steps = attempt.steps if attempt else now.trace.steps
        wire = self.query_one(WireView)
        wire.show(steps, self.selected)
        if self.selected is not None and not wire.has_focus:
            wire.go_to(self.selected)

    def _titles(self) -> None:
        view = self.query_one(f"#view-{self.view.id}", View)
        place = view.title_words()
        container = self.query_one("#views")
        container.border_title = line(  # type: ignore[assignment]
            (f"{self.view.key} {self.view.name}", Look.STRONG), f"  {place}" if place else ""
        )
        count = len(self.moment.findings) if self.moment else 0
        titles = {"#steps": "steps", "#findings": f"findings ({count})", "#wire": "wire"}
        if not self.following:
            titles["#steps"] = "steps, not following: f"
        for name, words in titles.items():
            self.query_one(name).border_title = line((words, Look.STRONG))  # type: ignore[assignment]
        tabs = [
            Hint(key=v.key, words=v.name, action=f"screen.view('{v.id}')", chosen=v is self.view)
            for v in VIEWS
        ]
        self.query_one("#tabs", Hints).show(tabs)

    def _waiting(self, pending: Pending | None) -> str:
        if self.bridge.phase is not Phase.RUNNING:
            return ""
        return pending.text if pending else f"waiting, {self.bridge.running_s:.0f} s; Esc cancels"

    def show_head(self) -> None:
        """Draw header and footer."""
        worst, words = self.moment.worst() if self.moment else (HeadState(target="", sender="", state="").worst, "")
        trace = self.bridge.trace
        self.query_one(Head).show(
            HeadState(
                target=trace.header.target.text if trace else self.request.words,
                sender=self.sender.label,
                state=self._state_words(),
                running=self.bridge.phase in (Phase.RUNNING, Phase.OPENING),
                worst=worst,
                worst_words=words,
                idle_s=self.bridge.idle_s,
            )
        )
        self.query_one("#hints", Hints).show(self._hints())

    def _state_words(self) -> str:
        pending = self.bridge.pending
        match self.bridge.phase:
            case Phase.OPENING:
                return "opening"
            case Phase.RUNNING:
                return f"running {self.bridge.running_s:.0f} s"
            case Phase.PAUSED:
                return f"paused, next: {pending.text}" if pending else "paused"
            case Phase.OVER:
                return "walk is over"
            case Phase.REPLAY:
                at, end = self.bridge.position
                return f"replay {at}/{end}"
            case Phase.FAILED:
                return "could not be opened"

    def _hints(self) -> list[Hint]:
        wanted: tuple[str, ...]
        match self.bridge.phase:
            case Phase.RUNNING | Phase.OPENING:
                wanted = ("walk.cancel", "walk.verdicts", "walk.wire", "app.help")
            case Phase.REPLAY:
                wanted = ("walk.next", "replay.back", "replay.next-problem", "walk.sender", "walk.export", "app.help")
            case Phase.PAUSED:
                wanted = ("walk.next", "walk.continue", "walk.edit", "walk.sender", "walk.verdicts", "app.help")
                pending = self.bridge.pending
                if pending is None or not pending.editable:
                    wanted = tuple("walk.skip" if w == "walk.edit" else w for w in wanted)
            case _:
                wanted = ("walk.next-problem", "walk.sender", "walk.verdicts", "walk.export", "app.help", "walk.leave")
        known = {action.id: action for action in actions.all_actions()}
        keymap = self.app.keymap_in_use if hasattr(self.app, "keymap_in_use") else {}
        return [
            Hint(
                key=actions.key_words(keymap.get(name, known[name].key)),
                words=known[name].words,
                action=("app." if name.startswith("app.") else "screen.") + known[name].action,
            )
            for name in wanted
        ]

    # -- views -----------------------------------------------------------------------------------

    def show_view(self, spec: ViewSpec) -> None:
        """Show a view, mounting it the first time."""
        self.view = spec
        container = self.query_one("#views")
        if not self.query(f"#view-{spec.id}"):
            container.mount(spec.make())
        had_focus = any(view.has_focus for view in self.query(View))
        for view in self.query(View):
            view.display = view.id == f"view-{spec.id}"
        if had_focus:
            self.query_one(f"#view-{spec.id}").focus()

    def action_view(self, name: str) -> None:
        """Show a view and give it the focus."""
        self.show_view(view_named(name))
        self.draw_selection()
        self.query_one(f"#view-{name}").focus()

    def on_view_retitled(self) -> None:
        """A view changed by a key of its own."""
        self._titles()

    # -- selection ------------------------------------------------------------------------------

    def on_rows_moved(self, event: Rows.Moved) -> None:
        """Selecting a step shows it as it was; the walk's end is followed no more."""
        if not isinstance(event.rows, StepsTree):
            return
        step = event.rows.step_at_cursor()
        if step is None or step is self.selected:
            return
        self.select(step)

    def select(self, step: Step, *, view: ViewSpec | None = None) -> None:
        """Select a step and show its natural view."""
        self.following = self.moment is not None and step is self.moment.last
        self.selected = step
        spec = view or view_for(step.kind)
        if spec is not None:
            self.show_view(spec)
        self.draw_selection()

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Enter: a finding is explained, a verdict leads to its step, a step to its view."""
        match event.rows:
            case FindingsList():
                self.explain(event.rows.chosen())
            case VerdictTable():
                self.go_to_seq(event.rows.deciding_step())
            case StepsTree():
                if event.rows.step_at_cursor() is None:
                    event.rows.action_fold()
                else:
                    self.query_one(f"#view-{self.view.id}").focus()
            case _:
                pass

    def on_verdict_table_picked(self, event: VerdictTable.Picked) -> None:
        """Judge as the sender of this row."""
        self.choose_sender(str(event.row.key))

    def go_to_seq(self, seq: int | None) -> None:
        """Select the step with this number."""
        steps = self.moment.trace.steps if self.moment else ()
        step = next((s for s in steps if s.seq == seq), None)
        if step is None:
            self.notify("No step decides this yet.", markup=False)
            return
        self.select(step)
        self.query_one(StepsTree).follow(step)

    def choose_sender(self, name: str) -> None:
        """Judge as another sender; nothing is asked of the network."""
        self.sender = sender_named(name)
        self.draw_selection()
        self.show_head()

    # -- the walk's own keys ------------------------------------------------------------------------

    def action_next(self) -> None:
        """Perform the next step."""
        self.resume()
        if self.bridge.phase is Phase.OVER:
            self.notify("The walk is over. x exports, q leaves, r asks again.", markup=False)
        self.bridge.go(whole=False)

    def action_continue(self) -> None:
        """Perform steps to the end or a breakpoint."""
        self.resume()
        self.bridge.go(whole=True)

    def resume(self) -> None:
        """Follow the walk again."""
        self.following = True

    def action_skip_host(self) -> None:
        """Leave this delivery host."""
        self.resume()
        if not self.bridge.decide(lambda walk: walk.skip_host()):
            self.notify("There is no host to skip here.", markup=False)

    def action_skip_step(self) -> None:
        """Leave out the pending command."""
        self.resume()
        if not self.bridge.decide(lambda walk: walk.skip_step()):
            self.notify("Only STARTTLS and RSET can be left out.", markup=False)

    def action_retry(self) -> None:
        """Do the selected step again."""
        step = self.selected
        self.resume()
        if not self.bridge.decide(lambda walk: walk.retry(step)):
            self.notify("There is nothing to do again here.", markup=False)

    def action_follow(self) -> None:
        """Follow the current step, or stay."""
        self.following = not self.following
        if self.following and self.moment is not None and self.moment.last is not None:
            self.selected = self.moment.last
            spec = view_for(self.selected.kind)
            if spec is not None:
                self.show_view(spec)
        self.draw()

    def action_problem(self, by: int) -> None:
        """Select the next step that is not in order."""
        problems = self.moment.problems() if self.moment else []
        at = self.selected.seq if self.selected else 0
        ahead = [s for s in problems if (s.seq > at if by > 0 else s.seq < at)]
        if not ahead:
            self.notify("No further problem that way." if problems else "No problems.", markup=False)
            return
        step = ahead[0] if by > 0 else ahead[-1]
        self.select(step)
        self.query_one(StepsTree).follow(step)

    # -- replay ---------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Replay keys act in a replay only, and steering keys in a live walk only."""
        if action in ("step_back", "replay_problem", "replay_edge"):
            return self.bridge.is_replay
        if action in ("skip_host", "skip_step", "edit", "retry", "breakpoints"):
            return not self.bridge.is_replay
        return True

    def action_step_back(self) -> None:
        """One step back."""
        self.resume()
        self.bridge.seek(self.bridge.position[0] - 1)

    def action_replay_edge(self, end: int) -> None:
        """To the start or the end of the trace."""
        self.resume()
        self.bridge.seek(self.bridge.position[1] if end else 0)

    def action_replay_problem(self, by: int) -> None:
        """Move the cursor to the next problem of the whole trace."""
        whole = self.request.trace
        if whole is None:
            return
        at = self.bridge.position[0]
        found = [s.seq for s in moment(whole).problems() if (s.seq > at if by > 0 else s.seq < at)]
        if not found:
            self.notify("No further problem that way.", markup=False)
            return
        self.resume()
        self.bridge.seek(found[0] if by > 0 else found[-1])

    # -- panes -------------------------------------------------------------------------------------

    def panes(self) -> list[Widget]:
        """Return the panes in reading order."""
        found: list[Widget] = [self.query_one("#steps"), self.query_one(f"#view-{self.view.id}")]
        return [*found, self.query_one("#findings"), self.query_one("#wire")]

    def action_pane(self, by: int) -> None:
        """Focus the next pane, showing it when only one is shown."""
        panes = self.panes()
        here = next((index for index, pane in enumerate(panes) if pane.has_focus), -1)
        self.focus_pane(panes[(here + by) % len(panes)])

    def focus_pane(self, pane: Widget) -> None:
        """Show and focus a pane."""
        self.set_class(pane.id == "wire", "-wire")
        names = {"steps": "-at-steps", "findings": "-at-side", "wire": "-at-side"}
        for name in ("-at-steps", "-at-views", "-at-side"):
            self.set_class(names.get(pane.id or "", "-at-views") == name, name)
        pane.focus()

    def action_wire(self) -> None:
        """Show the wire, or the findings again."""
        wire = self.query_one("#wire")
        self.focus_pane(self.query_one("#findings") if wire.has_focus else wire)

    def action_zoom(self) -> None:
        """Give the focused pane the whole screen, or back."""
        if not self.has_class("-zoom") and self.focused is not None:
            self.focus_pane(self.focused)
        self.toggle_class("-zoom")

    # -- find ----------------------------------------------------------------------------------------

    def action_find(self) -> None:
        """Open the filter."""
        field = self.query_one("#find", Input)
        field.display = True
        field.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as one types."""
        found = self.query_one(FindingsList).show_filter(event.value)
        lines = self.query_one(WireView).show_filter(event.value)
        words = f"findings: {found} match, wire: {lines} lines" if event.value else "findings"
        self.query_one("#findings").border_title = line((words, Look.STRONG))  # type: ignore[assignment]

    def on_input_submitted(self) -> None:
        """Go to the findings that are left."""
        self.query_one("#findings").focus()

    def action_back_out(self) -> None:
        """Cancel the running step; else close the filter, then the zoom, one level at a time."""
        field = self.query_one("#find", Input)
        if self.bridge.cancel():
            self.notify("Cancelled; the trace keeps how far it came.", markup=False)
        elif field.display:
            field.value = ""
            field.display = False
            self.query_one("#findings").focus()
            self.draw_selection()
        elif self.has_class("-zoom"):
            self.remove_class("-zoom")
        else:
            self.query_one(StepsTree).focus()

    # -- trouble ----------------------------------------------------------------------------------

    def on_bridge_failed(self, event: Bridge.Failed) -> None:
        """Say what went wrong and what to do."""
        severity = "warning" if isinstance(event, Bridge.Noticed) else "error"
        self.notify(event.text, severity=severity, markup=False, timeout=12)  # type: ignore[arg-type]

    def breakpoint_kinds(self) -> set[StepKind]:
        """Return the kinds the walk stops before."""
        return self.bridge.breakpoints

    def edit_pending(self, payload: bytes) -> str:
        """Replace the pending command; return what is wrong with it, or an empty text."""
        try:
            self.bridge.edit(payload)
        except MxwalkError as error:
            return str(error)
        return ""

    def marker(self) -> str:
        """Return the sign of the focused pane."""
        return glyphs().next
