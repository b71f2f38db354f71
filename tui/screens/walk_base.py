"""The walk screen's regions and how they are drawn: from the bridge's trace to every widget.

The screen holds what is selected and nothing else; on each change it computes the moment from the
trace and hands it down.  New data moves neither focus nor scroll, except that following, a visible
mode, keeps the current step in view.
"""

from time import monotonic
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.screen import Screen

from mxwalk.evidence.step import Step, StepKind
from mxwalk.findings.concern import for_verdict
from mxwalk.language import noted, say
from mxwalk.receivers.registry import judge_or_first, judges
from mxwalk.senders.model import Verdict
from tui.bridge import Bridge, Phase
from tui.filtering import is_typing
from tui.first_hints import end_lines, walk_hint, walk_lines
from tui.layout import size_notice
from tui.moment import Moment, moment, shown
from tui.request import Request
from tui.screens.walk_words import (
    at_end,
    banner,
    filter_hints,
    head_state,
    hints,
    must_write,
)
from tui.views import VIEWS, ViewSpec
from widgets.banner import Banner
from widgets.findings_list import FindingsList
from widgets.first_hint import FirstHint
from widgets.hints import Head, Hint, Hints
from widgets.plain import Look, line
from widgets.rows import Rows
from widgets.shown import Shown, View
from widgets.steps_tree import StepsTree
from widgets.wire_view import WireView

_REDRAW_S = 0.1


class WalkBase(Screen[None]):
    """Regions, state and drawing.

    ``VIEWS`` are those of this kind of walk, ``END_VIEW`` is the one to show when it is over.  ``WIRE``
    is the pane of what came as it came, by the name ``WIRE_TITLE``.
    """

    VIEWS: ClassVar[tuple[ViewSpec, ...]] = VIEWS
    END_VIEW: ClassVar[str] = "verdicts"
    WIRE: ClassVar[type[WireView]] = WireView
    WIRE_TITLE: ClassVar[str] = noted("wire")
    WIRE_WORDS: ClassVar[str] = noted("C we sent  S received  T inside TLS")

    def __init__(self, request: Request) -> None:
        super().__init__()
        self.request = request
        self.bridge = Bridge(request)
        purpose = request.purpose
        self.sender = judge_or_first(purpose, request.sender)
        self.senders = judges(purpose, request.sender)  # one configured there stays in the lists
        self.moment: Moment | None = None
        self.verdict: Verdict | None = None
        self.selected: Step | None = None
        self.following = True
        self.view: ViewSpec = self.VIEWS[0]
        self._drawn_at = (-1, 0)
        self._drawn_last = 0.0
        self._redraw_set = False
        self._over = False

    def compose(self) -> ComposeResult:
        """Lay out the regions."""
        yield self.bridge
        yield size_notice()
        yield Head(id="head")
        yield Banner(id="banner")
        with Container(id="body"):
            yield StepsTree(id="steps")
            with Container(id="views"):
                yield Hints(id="tabs")
            with Container(id="side"):
                yield FindingsList(id="findings")
                yield self.WIRE(id="wire")
        hint = walk_hint() if self.request.tour is None else None
        if hint is not None:
            yield hint
        yield Hints(id="hints")

    def on_mount(self) -> None:
        """Show the first view and keep the clock in the header going."""
        self.show_view(self.view)
        self.add_class("-at-steps")
        self.query_one(StepsTree).focus()
        self.set_interval(0.5, self.tick)

    # -- drawing ----------------------------------------------------------------------------------

    def on_bridge_changed(self) -> None:
        """Draw what changed; while steps come fast, not more often than can be seen."""
        wait = self._drawn_last + _REDRAW_S - monotonic()
        if self.bridge.phase is Phase.RUNNING and wait > 0:
            if not self._redraw_set:
                self._redraw_set = True
                self.set_timer(wait, self._redraw)
            return
        self.compute()

    def _redraw(self) -> None:
        self._redraw_set = False
        self.compute()

    def compute(self) -> None:
        """Compute the moment anew and draw it."""
        self._drawn_last = monotonic()
        trace = self.bridge.trace
        drawn = (len(trace.steps) if trace else -1, self.bridge.position[0])
        if trace is not None and drawn != self._drawn_at:
            self._drawn_at = drawn
            self.moment = moment(trace)
            gone = self.selected is not None and self.selected not in trace.steps
            if self.following or gone or self.selected is None:
                self.selected = self.moment.last
                spec = self.view_for(self.selected.kind) if self.selected else None
                if spec is not None and self.following:
                    self.show_view(spec)
        over = at_end(self.bridge)
        if over and not self._over and self.following:
            self._show_end()
        self._over = over
        self.set_class(over, "-ended")
        self.draw()

    def _show_end(self) -> None:
        """At the end show what came of it, and select the step that decided or is in disorder."""
        now = self.moment
        if now is None or not now.trace.steps:
            return
        seq = now.telling_step(self.sender.judge(now.delivery))
        self.selected = next((s for s in now.trace.steps if s.seq == seq), self.selected)
        self.show_view(self.view_named(self.END_VIEW))

    def draw(self) -> None:
        """Hand the moment to every widget."""
        now = self.moment
        if now is None:
            opening = self.bridge.phase is Phase.OPENING
            why = say("Opening the walk.") if opening else self.bridge.failure
            self.query_one(StepsTree).say_nothing(why)
        if now is not None:
            busy = self.bridge.waiting_for if self.bridge.phase is Phase.RUNNING else ""
            tree = self.query_one(StepsTree)
            tree.show(now.plan, now.delivery, self.bridge.pending, busy)
            if self.following:
                ended = self.bridge.phase in (Phase.REPLAY, Phase.OVER)
                tree.follow(self.selected if ended and self.selected else None)
            self.draw_selection()
        self.show_head()

    def draw_selection(self) -> None:
        """Draw what depends on the selected step, the sender or the view."""
        now = self.moment
        if now is None:
            return
        bridge = self.bridge
        current = shown(
            now, self.sender, self.senders, self.selected, bridge.pending, going=bridge.is_going
        )
        self.verdict = current.verdict
        verdict = current.verdict
        findings = for_verdict(now.findings, verdict, now.delivery) if verdict else now.findings
        self.query_one(FindingsList).show(findings, walked=bool(now.trace.steps))
        self.query_one(f"#view-{self.view.id}", View).show(current)
        self.show_titles()
        wire = self.query_one(WireView)
        steps = self.wire_steps(current)
        wire.show(steps, self.selected, bridge.on_wire, going=bridge.is_going)
        if self.selected is not None and not wire.has_focus:
            wire.go_to(self.selected)

    def wire_steps(self, current: Shown) -> tuple[Step, ...]:
        """Return the steps whose bytes are shown: those of the connection looked at, or all."""
        if current.attempt is not None:
            return current.attempt.steps
        here = self.selected is not None and self.selected.scope.host
        return () if here else current.delivery.trace.steps

    def show_titles(self) -> None:
        """Name the regions: view, place or verdict, number of findings, whether it follows."""
        view = self.query_one(f"#view-{self.view.id}", View)
        words = view.title_words()
        tabs = [
            Hint(
                key=v.key, words=say(v.name), action=f"screen.view('{v.id}')", chosen=v is self.view
            )
            for v in self.VIEWS
        ]
        self.query_one("#tabs", Hints).show(tabs)
        count = len(self.moment.findings) if self.moment else 0
        follow = say("steps") if self.following else say("steps, not following: f follows")
        titles = (
            (
                "#views",
                view,
                f"{self.view.key} {say(self.view.name)}",
                f"  {words}" if words else "",
            ),
            ("#steps", self.query_one(StepsTree), follow, ""),
            (
                "#findings",
                self.query_one(FindingsList),
                say("findings ({count})", count=count),
                say("  Enter explains") if count else "",
            ),
            ("#wire", self.query_one(WireView), say(self.WIRE_TITLE), f"  {say(self.WIRE_WORDS)}"),
        )
        for name, rows, title, more in titles:
            self.query_one(name).border_title = _title(rows, title, more)

    def show_head(self) -> None:
        """Draw header and footer."""
        head = head_state(
            self.bridge, self.moment, self.sender.label, self.verdict, self.request.words
        )
        self.query_one(Head).show(head)
        self.query_one(Banner).show(banner(self.bridge, self.moment))
        writes = must_write(self.bridge, self.moment, self.sender.id)
        for hint in self.query(FirstHint):
            kept = self.bridge.is_kept
            hint.show(end_lines(writes=writes, kept=kept) if self._over else walk_lines(kept=kept))
        if is_typing(self):  # letters are typed there
            self.query_one("#hints", Hints).show(filter_hints())
            return
        found = hints(
            self.bridge,
            self.keymap(),
            self.focused,
            lambda action: bool(self.check_action(action, ())),
            "".join(view.key for view in self.VIEWS),
            writes=writes,
        )
        self.query_one("#hints", Hints).show(found)

    def tick(self) -> None:
        """Keep running and idle times going."""
        if self.bridge.phase in (Phase.RUNNING, Phase.PAUSED):
            self.show_head()

    def keymap(self) -> dict[str, str]:
        """Return the remapped keys."""
        found: dict[str, str] = getattr(self.app, "keymap_in_use", {})
        return found

    def view_for(self, kind: StepKind) -> ViewSpec | None:
        """Return the natural view of a step, ``None`` for a decision."""
        return next((view for view in self.VIEWS if kind in view.kinds), None)

    def view_named(self, name: str) -> ViewSpec:
        """Return a view of this screen by its id; the first where it has none of that id."""
        return next((view for view in self.VIEWS if view.id == name), self.VIEWS[0])

    # -- selection ------------------------------------------------------------------------------

    def show_view(self, spec: ViewSpec) -> None:
        """Show a view, mounting it the first time."""
        had_focus = any(view.has_focus for view in self.query(View))
        if not self.query(f"#view-{spec.id}") and not self._mount_view(spec):
            return
        self.view = spec
        for view in self.query(View):
            view.display = view.id == f"view-{spec.id}"
        if had_focus:
            self.query_one(f"#view-{spec.id}").focus()

    def _mount_view(self, spec: ViewSpec) -> bool:
        """Mount a view; ``False`` where the screen is being left and can take none any more."""
        views = self.query_one("#views")
        if views.is_attached:
            views.mount(spec.make())
        return bool(self.query(f"#view-{spec.id}"))

    def select(self, step: Step) -> None:
        """Select a step and show its natural view."""
        self.following = self.moment is not None and step is self.moment.last
        self.selected = step
        spec = self.view_for(step.kind)
        if spec is not None:
            self.show_view(spec)
        self.draw_selection()

    def choose_sender(self, name: str) -> None:
        """Judge as another sender; nothing is asked of the network."""
        self.sender = judge_or_first(self.request.purpose, name)
        self.draw_selection()
        self.show_head()


def _title(rows: Rows, name: str, more: str) -> Content:
    """Return a region's title: its name and what more there is to say; a filter tells its own."""
    if rows.filter.text:
        return line((name, Look.STRONG))
    return line((name, Look.STRONG), (more, Look.DIM))
