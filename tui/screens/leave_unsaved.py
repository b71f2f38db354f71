"""The question before a walk is left that no file holds: stay, save it elsewhere, or lose it."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Static

from mxwalk.language import say
from tui.bridge_base import BridgeBase
from tui.screens.confirm import ConfirmScreen
from widgets.plain import Look, line


class LeaveUnsavedScreen(ConfirmScreen):
    """Dismissed with true to leave; ``saves`` says that it is to be saved elsewhere instead."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "save", "Save it elsewhere", show=False, id="unsaved.save"),
    ]

    def __init__(self, bridge: BridgeBase) -> None:
        super().__init__(_told(bridge), say("Lose it"))
        self.saves = False

    def on_mount(self) -> None:
        """Name the key below the buttons."""
        super().on_mount()
        words = line(("s", Look.ACCENT), " " + say("saves it elsewhere"))
        self.query_one(".box").mount(Static(words, classes="hint"))

    def action_save(self) -> None:
        """Stay, and open what writes it to a file."""
        self.saves = True
        self.dismiss(False)


def _told(bridge: BridgeBase) -> str:
    """Return that the walk is not saved, why, and what leaving does."""
    told = [say("A connection is open: leaving sends QUIT.")] if bridge.is_connected else []
    return " ".join((*told, bridge.told_unsaved, bridge.leaving_loses))
