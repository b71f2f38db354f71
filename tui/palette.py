"""Textual's command palette with its own sentence in the language of the interface, our field and list.

Textual has no setting for any of them: its timer, its field and its list are overridden, and tests tell
when they are used no more.
"""

from functools import partial

from textual.app import ComposeResult
from textual.command import CommandInput, CommandList, CommandPalette
from textual.widgets.option_list import Option

from mxwalk.language import say
from widgets.fields import PaletteField
from widgets.plain import Look, line


class PaletteList(CommandList):
    """Textual's list, which raises where a page is turned that has no height.

    So it is until the list is drawn, and on a terminal of four lines for ever.
    """

    def action_page_up(self) -> None:
        """Move up by what the list shows."""
        if self.scrollable_content_region:
            super().action_page_up()  # type: ignore[no-untyped-call]

    def action_page_down(self) -> None:
        """Move down by what the list shows."""
        if self.scrollable_content_region:
            super().action_page_down()  # type: ignore[no-untyped-call]


class Palette(CommandPalette):
    """The palette."""

    def compose(self) -> ComposeResult:
        """Lay out Textual's palette with our field and list."""
        for widget in super().compose():
            if isinstance(widget, CommandInput):
                yield PaletteField(placeholder=self._placeholder, select_on_focus=False)
            elif isinstance(widget, CommandList):
                yield PaletteList()
            else:
                yield widget

    def _start_no_matches_countdown(self, search_value: str) -> None:
        self._stop_no_matches_countdown()
        tell = partial(self._tell_no_matches, search_value)
        self._no_matches_timer = self.set_timer(self._NO_MATCHES_COUNTDOWN, tell)

    def _tell_no_matches(self, search_value: str) -> None:
        """Say that nothing was found, where something was looked for."""
        if search_value:
            words = line("  ", (say("Nothing found."), Look.DIM))
            option = Option(words, disabled=True, id=self._NO_MATCHES)
            self.query_one(CommandList).add_option(option)
        self._list_visible = bool(search_value)
