"""The start: one field that takes anything, options, saved walks, lab scenarios, and your own side."""

from datetime import datetime
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from mxwalk.clock import SystemClock
from mxwalk.delivery.status import Mark
from mxwalk.errors import MxwalkError
from mxwalk.lab.scenario import load_scenario, scenario_names
from mxwalk.session import default_options, lab_options
from tui import actions
from tui.layout import HEIGHTS, WIDTHS, size_notice
from tui.paths import recent_traces
from tui.request import Request
from tui.self_check import Check, self_check
from tui.understand import Meaning, to_request, understand
from tui.walk_options import FIELDS, options_from, remember, remembered
from widgets.hints import Hint, Hints
from widgets.options_form import OptionsForm
from widgets.plain import Look, fit, glyphs, line, mark, paragraphs
from widgets.rows import Rows
from widgets.text_pane import Choice, ChoiceList, TextPane

_EXAMPLES = (
    "user@example.com, example.com, mx.example.com:25, [192.0.2.1]:25, a scenario, a trace file"
)
_GROUPS = {
    "esa": "sender identity (ESA)",
    "ehlo": "the EHLO dialogue",
    "starttls": "STARTTLS",
    "connect": "connections that misbehave",
    "pkix": "certificates",
    "routing": "routing",
    "hostile": "hostile servers",
}


class StartScreen(Screen[None]):
    """What shall be walked?"""

    BINDINGS: ClassVar[list[BindingType]] = actions.bindings(actions.START)
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    DEFAULT_CSS = """
    StartScreen #banner { height: 1; background: $panel; padding: 0 1; }
    StartScreen #top { height: auto; padding: 0 1; }
    StartScreen #target { height: 3; border: round $foreground 35%; border-title-color: $foreground; }
    StartScreen #target:focus { border: round $border; }
    StartScreen #meaning { height: auto; padding: 0 2; }
    StartScreen #options { margin: 0 1; display: none; }
    StartScreen.-options #options { display: block; }
    StartScreen #lists { height: 1fr; }
    StartScreen.-beside #lists, StartScreen.-three #lists { layout: horizontal; }
    StartScreen #choices { border-top: solid $foreground 35%; height: 1fr; }
    StartScreen #choices:focus, StartScreen #self:focus, StartScreen #story:focus {
        border-top: heavy $border; border-title-color: $text-accent; }
    StartScreen #self, StartScreen #story { border-top: solid $foreground 35%; height: 1fr; }
    StartScreen #right { height: 8; }
    StartScreen #story { display: none; }
    StartScreen.-story #story { display: block; }
    StartScreen.-single.-story #self, StartScreen.-stacked.-story #self { display: none; }
    StartScreen.-beside #choices, StartScreen.-three #choices { width: 3fr; }
    StartScreen.-beside #right, StartScreen.-three #right { width: 2fr; height: 100%; margin-left: 1; }
    StartScreen.-tiny #right { display: none; }
    StartScreen #choices, StartScreen #self, StartScreen #story { border-title-color: $foreground; }
    StartScreen.-single #options { grid-size: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.meaning = Meaning()
        self._checks: list[Check] = []

    def compose(self) -> ComposeResult:
        """Lay out the parts."""
        yield size_notice()
        yield Static(
            line(
                ("mxwalk", Look.STRONG),
                ("  walk an SMTP delivery over TLS, step by step", Look.DIM),
            ),
            id="banner",
        )
        with Container(id="top"):
            field = Input(
                id="target",
                placeholder=_EXAMPLES,
            )
            field.border_title = line(("what shall be walked?", Look.STRONG))
            yield field
            yield Static("", id="meaning")
        yield OptionsForm(FIELDS, id="options")
        with Container(id="lists"):
            yield ChoiceList(id="choices")
            with Container(id="right"):
                yield TextPane(id="self")
                yield TextPane(id="story")
        yield Hints(id="hints")

    def on_mount(self) -> None:
        """Fill in what is known at once and start the self-check."""
        self.query_one("#choices").border_title = line(
            ("saved walks and lab scenarios", Look.STRONG)
        )
        self.query_one("#self").border_title = line(("your side", Look.STRONG))
        values = remembered()
        self.query_one(OptionsForm).fill(values)
        self.set_class(bool(values), "-options")
        self._say(Meaning())
        self.query_one("#target").focus()
        self.call_after_refresh(self._fill)
        self._show_checks()
        self._check_self()

    def on_screen_resume(self) -> None:
        """A walk that was just left is among the saved ones."""
        if self.is_mounted:
            self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        choices: list[Choice] = []
        recent = recent_traces(5)
        choices.append(_heading("saved walks"))
        if not recent:
            choices.append(
                Choice(
                    key="none",
                    words=line(("  none yet: every walk is saved as it goes", Look.DIM)),
                    heading=True,
                )
            )
        choices.extend(
            Choice(key=path, words=line("  ", *_saved(path)), detail="replay", copy=str(path))
            for path in recent
        )
        group = None
        scenarios = [load_scenario(name) for name in scenario_names()]
        order = list(_GROUPS)
        scenarios.sort(
            key=lambda s: (
                order.index(s.group) if s.group in order else 99,
                s.name != "esa-hosted",
                s.name,
            )
        )
        for scenario in scenarios:
            if scenario.group != group:
                group = scenario.group
                choices.append(Choice(key=("gap", group), words=Content(), heading=True))
                choices.append(_heading(f"lab: {_GROUPS.get(group, group)}"))
            choices.append(
                Choice(
                    key=scenario.name,
                    words=line("  ", fit(scenario.name, 24, Look.INFO)),
                    detail=scenario.title,
                    copy=scenario.name,
                )
            )
        self.query_one("#choices", ChoiceList).show(choices)

    # -- the field -----------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what was understood while typing."""
        if event.input.id == "target":
            self._say(understand(event.value))

    def _say(self, meaning: Meaning) -> None:
        self.meaning = meaning
        if meaning.problem:
            words = line((f"{glyphs().warn} ", Look.WARN), (meaning.problem, Look.WARN))
        elif meaning.usable:
            words = line((f"{glyphs().next} ", Look.ACCENT), meaning.words)
        else:
            words = line(
                ("Nothing is sent before you press Enter, and then only step by step.", Look.DIM)
            )
        self.query_one("#meaning", Static).update(words)
        hints = [
            Hint(key="Enter", words="walk", action="screen.submit"),
            Hint(key="F2", words="options", action="screen.toggle_options"),
            Hint(key="Down", words="list", action="screen.focus_list"),
            Hint(key="Esc", words="quit", action="screen.leave"),
            Hint(key="F1", words="help", action="app.help"),
        ]
        self.query_one(Hints).show(hints)

    def on_input_submitted(self) -> None:
        """Enter in any field starts the walk."""
        self.action_submit()

    def action_submit(self) -> None:
        """Start what the field means."""
        field = self.query_one("#target", Input)
        if not self.meaning.usable:
            self.notify("Type a mailbox, domain, host or address first.", markup=False)
            field.focus()
            return
        self._start(self.meaning)

    def _start(self, meaning: Meaning) -> None:
        form = self.query_one(OptionsForm).values()
        try:
            request = to_request(meaning, form.get("sender", "esa:5"))
            if request.trace is None:
                base = lab_options(meaning.scenario) if meaning.scenario else default_options()
                if meaning.scenario:  # a scenario brings its own resolver, routes and trust
                    form = {name: form[name] for name in ("sender", "helo") if name in form}
                options = options_from(form, base)
                request = Request(
                    target=request.target,
                    scenario=request.scenario,
                    options=options,
                    sender=options.sender,
                )
            if not meaning.scenario:
                remember(form)
        except MxwalkError as error:
            self.notify(str(error), severity="error", markup=False, timeout=10)
            return
        self.app.open(request)  # type: ignore[attr-defined]

    # -- the lists -----------------------------------------------------------------------------

    def on_rows_moved(self, event: Rows.Moved) -> None:
        """Tell the story of the scenario under the cursor."""
        if event.rows.id == "choices":
            self._tell(event.row.key)

    def on_descendant_focus(self) -> None:
        """The story belongs to the list: in the field, your own side is shown again."""
        choices = self.query_one("#choices", ChoiceList)
        row = choices.cursor_row
        self._tell(row.key if row and choices.has_focus else None)

    def _tell(self, key: object) -> None:
        scenario = load_scenario(key) if isinstance(key, str) else None
        self.set_class(scenario is not None, "-story")
        if scenario is not None:
            pane = self.query_one("#story", TextPane)
            pane.border_title = line((scenario.name, Look.STRONG))
            pane.show(
                [
                    line((scenario.title, Look.STRONG)),
                    Content(),
                    paragraphs(" ".join(scenario.story.split())),
                ]
            )

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Open a saved walk or a scenario."""
        key = event.row.key
        if isinstance(key, Path):
            self._start(Meaning(words="saved walk", path=key))
        elif isinstance(key, str):
            self._start(Meaning(words="scenario", scenario=key))

    # -- your side --------------------------------------------------------------------------------

    @work(exclusive=True, group="self", exit_on_error=False)
    async def _check_self(self) -> None:
        values = remembered()
        async for check in self_check(
            values.get("resolver", ""), values.get("helo", ""), SystemClock()
        ):
            self._checks.append(check)
            self._show_checks()

    def _show_checks(self) -> None:
        pane = self.query_one("#self", TextPane)
        lines: list[Content] = []
        for check in self._checks:
            symbol, look = mark(check.state)
            lines.append(line((symbol, look), " ", fit(check.name, 12), (check.words, Look.DIM)))
        if not self._checks:
            lines.append(line((f"{glyphs().next} asking the resolver ...", Look.DIM)))
        failed = any(check.state is Mark.FAIL for check in self._checks)
        words = "your side: look here first" if failed else "your side"
        pane.border_title = line((words, Look.FAIL if failed else Look.STRONG))
        pane.show(lines, indent=14)

    # -- keys ----------------------------------------------------------------------------------

    def action_toggle_options(self) -> None:
        """Show or hide the options."""
        self.toggle_class("-options")
        shown = self.has_class("-options")
        self.query_one("#option-sender" if shown else "#target").focus()

    def action_focus_field(self) -> None:
        """Go to the field."""
        self.query_one("#target").focus()

    def action_focus_list(self) -> None:
        """Go to the saved walks and scenarios."""
        self.query_one("#choices").focus()

    def action_leave(self) -> None:
        """Quit."""
        self.app.exit()


def _saved(path: Path) -> tuple[Content, Content]:
    """Return when a walk was begun, and where to; the file's name tells both."""
    stamp, _, name = path.stem.partition("-")
    try:
        when = f"{datetime.strptime(stamp, '%Y%m%dT%H%M%SZ'):%Y-%m-%d %H:%M} UTC"  # noqa: DTZ007
    except ValueError:
        when, name = "", path.stem
    return fit(name, 30, Look.STRONG), fit(when, 22, Look.DIM)


def _heading(text: str) -> Choice:
    return Choice(key=("heading", text), words=line((text, Look.HEADING)), heading=True)
