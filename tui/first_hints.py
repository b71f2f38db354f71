"""The words of the hints for the first start and the first walk."""

from textual.content import Content

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
    return FirstHint(WALK, walk_lines())


def walk_lines(*, kept: bool = True) -> tuple[Content, ...]:
    """Return the lines of the hint while there are steps to perform; ``kept`` where it is saved."""
    begin = keyed("n", " " + say("performs the next step,") + " ", "c", " " + say("all of them."))
    return (begin, *_everywhere(kept=kept))


def end_lines(*, writes: bool, kept: bool = True) -> tuple[Content, ...]:
    """Return the lines of the hint once the walk is over; ``writes`` where somebody else must act."""
    write = ("M", " " + say("writes to whoever must act,") + " ") if writes else ()
    more = ("x", " " + say("writes a report,") + " ", "]", " " + say("goes to the next problem."))
    return (keyed(*write, *more), *_everywhere(kept=kept))


def _everywhere(*, kept: bool) -> tuple[Content, ...]:
    leaves = say("leaves; the walk is kept.") if kept else say("leaves; it is not saved.")
    return (
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
        keyed("?", " " + say("shows all keys,") + " ", "q", " " + leaves),
    )
