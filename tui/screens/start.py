"""The start: one field that takes anything, options, saved walks, lab scenarios, and your own side."""

import asyncio
import importlib
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.widgets import Input, Static

from mxwalk.errors import MxwalkError
from mxwalk.language import noted, say
from tui import actions
from tui.aside import Later, aside
from tui.filtering import cleared
from tui.first_hints import start_hint
from tui.layout import HEIGHTS, WIDTHS, size_notice
from tui.meaning import Meaning, to_request
from tui.screens.own_side import OwnSide
from tui.screens.start_field import TargetField, meaning_line, start_hints
from tui.start_choices import TOUR, start_choices, story_of, tour_story, with_what_came
from tui.understand import understand
from tui.walk_options import FIELDS, remembered, with_options
from widgets.hints import Hints
from widgets.options_form import OptionsForm
from widgets.plain import Look, line
from widgets.rows import Rows
from widgets.self_panel import SelfPanel
from widgets.text_pane import ChoiceList, TextPane

_EXAMPLES = noted("user@example.com, host:port, mail.eml; or paste a bounce or a log")


class StartScreen(OwnSide):
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
    StartScreen #options { padding: 0 1; display: none; }
    StartScreen.-options #options { display: block; }
    StartScreen #lists { height: 1fr; }
    StartScreen.-beside #lists, StartScreen.-three #lists { layout: horizontal; }
    StartScreen #choices { border-top: solid $foreground 35%; height: 2fr; }
    StartScreen #choices:focus, StartScreen #self:focus, StartScreen #story:focus {
        border-top: heavy $border; border-title-color: $text-accent; }
    StartScreen #self, StartScreen #story { border-top: solid $foreground 35%; height: 1fr; }
    StartScreen #right { height: 1fr; max-height: 8; }
    StartScreen.-single.-low.-well #right, StartScreen.-stacked.-low.-well #right { height: 2; }
    StartScreen.-single.-low.-story #right, StartScreen.-stacked.-low.-story #right { height: 1fr; }
    StartScreen #story { display: none; }
    StartScreen.-story #story { display: block; }
    StartScreen.-single.-story #self, StartScreen.-stacked.-story #self { display: none; }
    StartScreen.-beside #choices, StartScreen.-three #choices { width: 3fr; height: 100%; }
    StartScreen.-beside #right, StartScreen.-three #right {
        width: 2fr; height: 100%; max-height: 100%; margin-left: 1; }
    StartScreen.-tiny #right { display: none; }
    StartScreen #choices, StartScreen #self, StartScreen #story { border-title-color: $foreground; }
    StartScreen.-single #options { grid-size: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._marked: Path | None = None  # the saved walk that another is compared with
        self.meaning = Meaning()
        self._later = Later(self._told)
        self._starts = False  # what is being read, once it is understood

    def compose(self) -> ComposeResult:
        """Lay out the parts."""
        yield size_notice()
        yield Static(
            line(
                ("mxwalk", Look.STRONG),
                (say("  walk an SMTP delivery over TLS, step by step"), Look.DIM),
            ),
            id="banner",
        )
        with Container(id="top"):
            field = TargetField(id="target", placeholder=say(_EXAMPLES))
            field.border_title = line((say("what shall be walked?"), Look.STRONG))
            yield field
            yield Static("", id="meaning")
        yield OptionsForm(FIELDS, id="options")
        with Container(id="lists"):
            yield ChoiceList(id="choices")
            with Container(id="right"):
                yield SelfPanel(id="self")
                yield TextPane(id="story")
        hint = start_hint()
        if hint is not None:
            yield hint
        yield Hints(id="hints")

    def on_mount(self) -> None:
        """Fill in what is known at once and start the self-check."""
        self.query_one("#choices").border_title = line(
            (say("saved walks and lab scenarios"), Look.STRONG)
        )
        values = remembered()
        self.query_one(OptionsForm).fill(values)
        self.set_class(bool(values), "-options")
        self._say(Meaning())
        self.query_one("#target").focus()
        self.call_after_refresh(self._load)
        self.call_after_refresh(self.check_self)

    def on_screen_resume(self) -> None:
        """A walk that was just left is among the saved ones."""
        if self.query_one("#choices", ChoiceList).rows:
            self._load()

    @work(exclusive=True, group="load", exit_on_error=False)
    async def _load(self) -> None:
        """Read walks and scenarios, and bring in the engine while the first frame is looked at."""
        choices = await asyncio.to_thread(start_choices)
        self.query_one("#choices", ChoiceList).show(choices)
        self._tell_chosen()  # the list may have been gone to before anything was in it
        await asyncio.to_thread(importlib.import_module, "tui.screens.walk")
        told = await aside(partial(with_what_came, choices))
        self.query_one("#choices", ChoiceList).show(told)

    # -- the field -----------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what was understood while typing."""
        if event.input.id == "target":
            self._later.forget()
            meaning = understand(event.value)
            self._say(meaning)
            if meaning.later:
                self._starts = False
                self._later.ask(partial(understand, event.value, whole=True))
                self._understand_later()

    @work(group="understand", exit_on_error=False)
    async def _understand_later(self) -> None:
        await self._later.run()

    def _told(self, meaning: Meaning) -> None:
        """Say what a long file tells; meanwhile Enter was pressed perhaps, or another screen opened."""
        self._say(meaning)
        if self._starts and meaning.usable and self.is_active:
            self.action_submit()

    def on_target_field_pasted(self, event: TargetField.Pasted) -> None:
        """Say what was pasted; Enter walks it."""
        self._later.forget()
        self._say(event.meaning)

    def _say(self, meaning: Meaning) -> None:
        self.meaning = meaning
        self.query_one("#meaning", Static).update(meaning_line(meaning))
        self.query_one(Hints).show(start_hints(meaning))

    def on_input_submitted(self) -> None:
        """Enter in any field starts the walk."""
        self.action_submit()

    def action_submit(self) -> None:
        """Start what the field means."""
        field = self.query_one("#target", Input)
        if self._later.awaited:
            self._starts = True
            return
        if not self.meaning.usable:
            if not self.meaning.problem:  # a problem stands below the field already
                words = self.meaning.hint or say("Type a mailbox, domain, host or address first.")
                self.notify(words, markup=False)
            field.focus()
            return
        self._start(self.meaning)

    def _start(self, meaning: Meaning) -> None:
        form = self.query_one(OptionsForm).values()
        try:
            request = to_request(meaning, form.get("sender", "esa:5"))
            if request.trace is None and request.clues is None and not request.is_for_reports:
                request = with_options(request, form)
        except MxwalkError as error:
            self.notify(str(error), severity="error", markup=False, timeout=10)
            return
        self.app.open(request)  # type: ignore[attr-defined]

    def action_survey(self) -> None:
        """Look at what the domain in the field publishes, instead of walking to it."""
        domain = self.meaning.surveyable or self.meaning.domain
        if not domain:
            self.notify(
                say("Type a mail domain first: F3 looks at what it publishes."), markup=False
            )
            return
        self._start(Meaning(words="survey", domain=domain, selectors=self.meaning.selectors))

    def action_paste_box(self) -> None:
        """Open a box for a text of many lines."""
        from tui.screens.paste import PasteScreen

        self.app.push_screen(PasteScreen(), self._take)

    def _take(self, meaning: Meaning | None) -> None:
        """Say what the text from the box means, and open it if it means something."""
        if meaning is None:
            return
        self._later.forget()
        self._say(meaning)
        if meaning.usable:
            self.action_submit()

    def action_ask_message(self) -> None:
        """Ask for the file of a message."""
        field = self.query_one("#target", Input)
        field.value = "message: "
        field.cursor_position = len(field.value)
        field.focus()

    # -- the lists -----------------------------------------------------------------------------

    def on_rows_moved(self, event: Rows.Moved) -> None:
        """Tell the story of the scenario under the cursor."""
        if event.rows.id == "choices":
            self._tell(event.row.key)

    def on_descendant_focus(self) -> None:
        """The story belongs to the list: in the field, your own side is shown again."""
        self._tell_chosen()

    def _tell_chosen(self) -> None:
        choices = self.query_one("#choices", ChoiceList)
        row = choices.cursor_row
        self._tell(row.key if row and choices.has_focus else None)

    def _tell(self, key: object) -> None:
        self.set_class(isinstance(key, str) or key == TOUR, "-story")
        if key == TOUR:
            pane = self.query_one("#story", TextPane)
            pane.border_title = line((say("tour"), Look.STRONG))
            pane.show(tour_story())
        elif isinstance(key, str):
            pane = self.query_one("#story", TextPane)
            pane.border_title = line((key, Look.STRONG))
            pane.show(story_of(key))

    def action_compare(self) -> None:
        """Compare two saved walks: the first time marks one, the second time names the other."""
        from tui.screens.start_compare import compare_saved

        row = self.query_one("#choices", ChoiceList).cursor_row
        chosen = row.key if row is not None and isinstance(row.key, Path) else None
        self._marked = compare_saved(self, self._marked, chosen)

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Open a saved walk or a scenario."""
        key = event.row.key
        if isinstance(key, Path):
            self._start(Meaning(words="saved walk", path=key))
        elif isinstance(key, str):
            self._start(Meaning(words="scenario", scenario=key))
        elif key == TOUR:
            self.action_tour()

    def action_tour(self) -> None:
        """Begin the guided tour."""
        from tui.touring import request_for

        self.app.open(request_for(0))  # type: ignore[attr-defined]

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
        """Quit; a filter is cleared first."""
        if not cleared(self):
            self.app.exit()
