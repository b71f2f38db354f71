"""The formats of a file, of which one is chosen, and switches below them.

The cursor moves over all of them and changes nothing: Enter, Space or a click chooses.
"""

from widgets.rows import Rows
from widgets.text_pane import ChoiceList


class FormatList(ChoiceList):
    """A list whose rows are chosen by a click as well."""

    class Picked(Rows.Moved):
        """A click on a row."""

    def clicked(self, index: int, x: int, y: int) -> None:  # noqa: ARG002 - of the hook
        """Tell which row was clicked."""
        self.post_message(self.Picked(self, self.rows[index]))
