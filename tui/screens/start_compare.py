"""Comparing saved walks from the start screen: one is marked, another is held against it."""

from pathlib import Path
from typing import Any

from textual.screen import Screen

from mxwalk.errors import TraceError
from mxwalk.evidence.journal import read_trace
from mxwalk.language import say
from mxwalk.saved import earlier_walk
from tui.request import Request
from tui.screens.compare_with import in_order


def compare_saved(screen: "Screen[Any]", marked: Path | None, chosen: Path | None) -> Path | None:
    """Mark a walk, or open the comparison with the marked one; return what is marked now.

    A walk that is chosen twice is compared with the one before it of the same target.
    """
    if chosen is None:
        screen.notify(say("Choose a saved walk in the list first."), markup=False)
        return marked
    if marked is None:
        words = say("Marked. D on another walk compares the two; again here: with the one before.")
        screen.notify(words, markup=False, timeout=6)
        return chosen
    try:
        trace = read_trace(chosen)
        other = earlier_walk(trace) if marked == chosen else marked
        if other is None:
            screen.notify(say("No earlier walk of this target is saved."), markup=False)
            return None
        pair = in_order(read_trace(other), trace)
    except TraceError as error:
        screen.notify(str(error), severity="error", markup=False)
        return None
    if pair[0].trace.header.purpose is not pair[1].trace.header.purpose:
        screen.notify(say("That is a walk of another kind: nothing to compare."), markup=False)
        return None
    screen.app.open(  # type: ignore[attr-defined]
        Request(comparison=pair, sender=pair[1].trace.header.options.sender)
    )
    return None
