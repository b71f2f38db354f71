"""The words of the hints for the first start and the first walk."""

from mxwalk.language import say
from tui.first_time import seen
from widgets.first_hint import FirstHint, keyed

START, WALK = "start", "walk"


def start_hint() -> FirstHint | None:
    """Return the hint of the start screen, unless it was put away."""
    if START in seen():
        return None
    return FirstHint(
        START,
        (
            keyed(
                "Enter",
                " " + say("walks to the address, domain or host typed above, one step at a time."),
            ),
            keyed(
                "Down",
                " " + say("goes to the lab: servers on this machine;") + " ",
                "F9",
                " " + say("takes a tour of it."),
            ),
            keyed("F1", " " + say("shows all keys,") + " ", "Ctrl+P", " " + say("finds anything.")),
        ),
    )


def walk_hint() -> FirstHint | None:
    """Return the hint of the walk's screen, unless it was put away."""
    if WALK in seen():
        return None
    return FirstHint(
        WALK,
        (
            keyed("n", " " + say("performs the next step,") + " ", "c", " " + say("all of them.")),
            keyed(
                "1-9",
                " " + say("choose a view,") + " ",
                "Tab",
                " " + say("the pane,") + " ",
                "/",
                " " + say("filters it,") + " ",
                "Enter",
                " " + say("explains a finding."),
            ),
            keyed(
                "?", " " + say("shows all keys,") + " ", "q", " " + say("leaves; the walk is kept.")
            ),
        ),
    )
