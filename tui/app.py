"""The application: screens, theme, settings and the few things that hold everywhere."""

import asyncio
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.command import CommandPalette, Provider
from textual.notifications import Notify
from textual.screen import Screen

from mxwalk.evidence.mailauth import MessageInput, SurveyInput
from mxwalk.evidence.target import Options
from mxwalk.evidence.trace import Trace
from mxwalk.language import say, use_language
from mxwalk.text import visible, visible_lines
from tui import actions
from tui.faults import FaultsTold
from tui.first_time import put_away
from tui.key_sections import key_sections
from tui.palette import Palette
from tui.paths import settings_file
from tui.request import Request
from tui.settings import Settings, load_settings, remember_theme
from tui.terminal import Ending, check_terminal, drawn_on_terminal
from tui.themes import readable_themes
from widgets.glyphs import use_glyphs
from widgets.only_visible import OnlyVisible
from widgets.rows import Rows

if TYPE_CHECKING:  # loaded when reports are opened
    from mxwalk.compare.side import Side
    from mxwalk.dmarcrpt.look import Look
    from tui.jumping import JumpPlace


Commands = type[Provider] | Callable[[], type[Provider]]


def _search() -> type[Provider]:
    """Return what the palette searches with, imported when it is first opened."""
    from tui.search_provider import SearchProvider

    return SearchProvider


class MxwalkApp(FaultsTold):
    """mxwalk in a terminal."""

    CSS_PATH = "app.tcss"
    TITLE = "mxwalk"
    ENABLE_COMMAND_PALETTE = True
    NOTIFICATION_TIMEOUT = 3
    BINDINGS: ClassVar[list[BindingType]] = actions.bindings(actions.APP)
    COMMANDS: ClassVar[set[Commands]] = App.COMMANDS | {_search}

    def __init__(self, request: Request | None = None, settings: Settings | None = None) -> None:
        super().__init__()
        self._filters.append(OnlyVisible())
        for theme in readable_themes():
            self.register_theme(theme)
        self.stylesheet.set_variables(self.get_css_variables())
        self._request = request
        self.settings = settings or load_settings(settings_file(), actions.known_ids())
        self.keymap_in_use = dict(self.settings.keymap)
        self._started_with_walk = request is not None
        self.ending = Ending()

    def on_mount(self) -> None:
        """Apply the settings and open the first screen."""
        self.animation_level = "none"
        if not self.is_headless:
            self.ending.begin(partial(asyncio.get_running_loop().call_soon_threadsafe, self.exit))
        use_glyphs(self.settings.glyph_set)
        self.set_class(self.settings.glyph_set == "ascii", "-ascii")
        if self.settings.theme in self.available_themes:
            self.theme = self.settings.theme
        elif self.settings.theme:
            self.notify(
                say("There is no theme {theme}.", theme=self.settings.theme),
                severity="warning",
                markup=False,
            )
        self.set_keymap(self.settings.keymap)
        if self.settings.warnings:
            words = "\n".join(self.settings.warnings[:8])
            self.notify(words, title=say("settings"), severity="warning", markup=False, timeout=10)
        self.theme_changed_signal.subscribe(
            self, lambda theme: remember_theme(settings_file(), theme.name)
        )
        self.open(self._request)

    def open(self, request: Request | None) -> None:
        """Show the start screen, reports, what a text tells, or a walk."""
        if request is None:
            from tui.screens.start import StartScreen

            self.push_screen(StartScreen())
            return
        if request.reports:
            from tui.screens.reports import ReportsScreen

            self.push_screen(ReportsScreen(request.reports))
            return
        if request.dmarc is not None:
            from tui.screens.dmarc_reports import DmarcScreen

            self.push_screen(DmarcScreen(request.dmarc))
            return
        if request.comparison is not None:
            from tui.screens.compare import CompareScreen

            self.push_screen(CompareScreen(*request.comparison, request.sender))
            return
        if request.clues is not None:
            from tui.screens.clues import CluesScreen

            message = replace(request, clues=None) if request.message is not None else None
            self.push_screen(CluesScreen(request.clues, message))
            return
        from tui.screens.walk import screen_for

        self.push_screen(screen_for(request))

    def leave_walk(self, screen: Screen[Any]) -> None:
        """Back to the screen below, or out when what is left was named on the command line.

        ``screen`` is the one to leave; where it was left already, a second key leaves nothing more.
        """
        if screen is not self.screen:
            return
        if self._started_with_walk and len(self.screen_stack) <= 2:  # Textual's own, and this one
            self.exit()
        else:
            self.pop_screen()

    def notify(self, message: str, *, title: str = "", **more: Any) -> None:  # noqa: ANN401
        """Show a notice; paths and words of errors in it are made visible."""
        super().notify(visible_lines(message), title=visible(title), **more)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy what a person saw: what is pasted elsewhere acts on nothing there."""
        super().copy_to_clipboard(visible_lines(text))

    def _on_notify(self, _event: Notify) -> None:
        """Show one notice at a time: a new one takes the place of the one before.

        Textual calls its own handler after this one.
        """
        self._notifications.clear()
        self.call_after_refresh(self._lift_notices)

    def _lift_notices(self) -> None:
        """Keep notices above the footer and the hint over it, whose words stay in view."""
        screen = self.screen
        height = sum(one.outer_size.height for one in screen.query("FirstHint, #hints"))
        for rack in screen.query("ToastRack"):
            rack.styles.margin = (0, 0, max(1, height), 0)

    def action_copy_value(self) -> None:
        """Copy what is under the cursor, and say what it was."""
        selected = self.screen.get_selected_text()
        focused = self.focused
        value, what = "", ""
        if selected:
            value, what = selected, say("selection")
        elif isinstance(focused, Rows):
            value, what = focused.copy_value()
        if not value:
            self.notify(say("Nothing to copy here."), markup=False, timeout=2)
            return
        self.copy_to_clipboard(value)
        words = say(
            "Sent to the clipboard: {what}, {number} characters.", what=what, number=len(value)
        )
        self.notify(words, markup=False, timeout=2)

    def action_jump(self) -> None:
        """Show a label on everything in view; typing one goes there."""
        from tui.screens.jump import JumpScreen

        below = self.screen
        self.push_screen(JumpScreen(below), lambda place: self._jumped(below, place))

    async def _jumped(self, below: Screen[Any], place: "JumpPlace | None") -> None:
        if place is None or not place.widget.is_attached:
            return
        leave = getattr(below, "leave_place", None)
        if leave is not None:
            leave()
        if place.action:
            await self.run_action(place.action, below)
            return
        place.widget.focus()
        if place.row is not None and isinstance(place.widget, Rows):
            place.widget.go_to_row(place.row)

    async def action_put_hint_away(self) -> None:
        """Put the hint for the first time away, for good."""
        hints = self.screen.query("#first-hint")
        if not hints:
            self.notify(say("There is no hint to put away here."), markup=False, timeout=3)
        for hint in hints:
            put_away(hint.name or "")
            await hint.remove()

    async def action_quit(self) -> None:
        """Ctrl+Q quits from anywhere; a walk that is not saved is asked about first."""
        from tui.quitting import asks_before_quitting

        if not asks_before_quitting(self):
            self.exit()

    def action_help_quit(self) -> None:
        """Ctrl+C neither quits nor cancels: say what does."""
        self.notify(say("q leaves; Esc cancels what is running."), markup=False, timeout=4)

    def action_command_palette(self) -> None:
        """Open the palette."""
        if self.use_command_palette and not isinstance(self.screen, CommandPalette):
            field = say("Search for commands…")
            self.push_screen(Palette(id="--command-palette", placeholder=field))

    def action_help(self) -> None:
        """Show the keys of this screen."""
        from tui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            sections = key_sections(self.focused, self.screen, self, self.keymap_in_use)
            self.push_screen(HelpScreen(sections))

    def action_catalogue(self) -> None:
        """Show the catalogue of findings."""
        from tui.screens.catalogue import CatalogueScreen

        if not isinstance(self.screen, CatalogueScreen):
            self.push_screen(CatalogueScreen())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Suspending needs a terminal, and a shell behind it."""
        if action == "suspend_process":
            return self._driver is not None and self._driver.can_suspend
        return super().check_action(action, parameters)

    def get_system_commands(self, screen: Screen[object]) -> Iterator[SystemCommand]:
        """Offer every action of the screen and the app in the palette."""
        seen: set[str] = set()
        for node in (screen, self):
            for bindings in node._bindings.key_to_bindings.values():  # noqa: SLF001
                for binding in bindings:
                    name = binding.action.split("(")[0]
                    if (
                        binding.id is None
                        or binding.id in seen
                        or binding.action == "command_palette"
                    ):
                        continue
                    seen.add(binding.id)
                    if node.check_action(name, ()):
                        yield SystemCommand(
                            actions.command_name(binding),
                            say(binding.tooltip or binding.description),
                            self._runner(node, binding),
                        )
        for theme in ("textual-dark", "textual-light", "ansi-dark", "ansi-light"):
            yield SystemCommand(
                say("theme: {theme}", theme=theme),
                say("Change the colours"),
                lambda name=theme: setattr(self, "theme", name),
            )

    def _runner(self, node: "Screen[object] | App[None]", binding: Binding):  # type: ignore[no-untyped-def]  # noqa: ANN202
        async def run() -> None:
            await self.run_action(binding.action, node)

        return run


def run_app(  # noqa: PLR0913 - what there is to open has no smaller shape
    *,
    target: str | None = None,
    options: Options | None = None,
    scenario: str | None = None,
    trace: Trace | None = None,
    path: Path | None = None,
    reports: tuple[Path, ...] = (),
    dmarc: "Look | None" = None,
    message: MessageInput | None = None,
    survey: SurveyInput | None = None,
    comparison: "tuple[Side, Side] | None" = None,
    tour: int | None = None,
    sender: str = "esa:5",
    ascii_only: bool = False,
) -> None:
    """Run the interface until it is left.

    Without anything to open the start screen opens.  ``survey`` goes with ``target``.  ``ascii_only``
    draws with the ASCII symbols whatever the settings say.  Raises ``UsageError`` for an unknown
    sender or receiver, and whatever fault ended the interface.
    """
    from mxwalk.receivers.registry import judge_or_first

    request = Request(
        target=target,
        scenario=scenario,
        trace=trace,
        path=path,
        reports=reports,
        dmarc=dmarc,
        message=message,
        survey=survey,
        comparison=comparison,
        tour=tour,
        options=options,
        sender=sender,
    )
    judge_or_first(request.purpose, sender)
    check_terminal()
    settings = load_settings(settings_file(), actions.known_ids())
    if settings.language and not ascii_only and not os.environ.get("MXWALK_LANGUAGE"):
        use_language(settings.language)
    opened = request if request.is_anything else None
    app = MxwalkApp(opened, replace(settings, glyphs="ascii") if ascii_only else settings)
    with drawn_on_terminal():
        app.run(mouse=app.settings.mouse)
        app.ending.finish()
        if app.return_code:  # Textual ends by a fault as by a key; who called must know
            raise app.fault()
