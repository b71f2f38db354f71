"""Quitting from anywhere: a walk that no file holds is asked about first.

A key that is held down comes again: on the question it is no answer, and nothing is lost by it.
"""

from textual.app import App

from mxwalk.language import say
from tui.screens.leave_unsaved import LeaveUnsavedScreen
from tui.screens.walk_dialogs import WalkDialogs


def asks_before_quitting(app: "App[None]") -> bool:
    """Ask, if a walk is open that is not saved; say whether it is asked, now or already."""
    if isinstance(app.screen, LeaveUnsavedScreen):
        words = say("This is asked first: Tab, then Enter, loses it; Esc stays.")
        app.notify(words, markup=False, timeout=4)
        return True
    walks = (one for one in app.screen_stack if isinstance(one, WalkDialogs))
    walk = next((one for one in walks if one.bridge.unsaved), None)
    if walk is None:
        return False
    asked = LeaveUnsavedScreen(walk.bridge)

    def answered(leaves: bool | None) -> None:
        if leaves:
            app.exit()
        elif asked.saves:
            walk.export("trace", at_name=True)

    app.push_screen(asked, answered)
    return True
