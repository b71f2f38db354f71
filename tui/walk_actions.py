"""The keys of a walk's screen, of the tour over it, and of a watch; in the words of each purpose.

They stand in the order of help and of the page of keys: what goes on, what is done with it, how it is
judged and looked at, then what steers it.
"""

from collections.abc import Mapping
from dataclasses import replace

from mxwalk.evidence.trace import Purpose
from tui.action import Action
from tui.action import declared as _a

WALK = (
    _a("walk.next", "n", "next", "next", "Perform the next step; in a replay, one step forward"),
    _a("walk.continue", "c", "continue", "continue", "Perform steps to the end or a breakpoint"),
    _a("replay.back", "p", "step_back", "back", "Replay: one step back"),
    _a(
        "replay.next-problem",
        "right_curly_bracket",
        "replay_problem(1)",
        "problem",
        "Replay: go to the next problem",
    ),
    _a(
        "replay.previous-problem",
        "left_curly_bracket",
        "replay_problem(-1)",
        "problem",
        "Replay: back to the problem before",
    ),
    _a("replay.start", "home", "replay_edge(0)", "start", "Replay: to the start", priority=True),
    _a("replay.end", "end", "replay_edge(-1)", "end", "Replay: to the end", priority=True),
    _a(
        "walk.letter",
        "M",
        "letter",
        "message to the other side",
        "Write to whoever must act; nothing is sent",
    ),
    _a("walk.export", "x", "export", "export", "Write a report or the trace to a file"),
    _a("walk.note", "N", "note", "note", "Write a note on the step, kept in the trace"),
    _a(
        "walk.compare",
        "D",
        "compare",
        "compare",
        "Compare with another walk, or two hosts of this one: only what differs",
    ),
    _a("walk.watch", "W", "watch", "watch", "Walk again and again until something changes"),
    _a(
        "walk.sender",
        "m",
        "sender",
        "sender",
        "Judge as another sender; no network work is repeated",
    ),
    _a("walk.verdicts", "v", "view('verdicts')", "verdicts", "What every sender would do"),
    _a("walk.wire", "w", "wire", "wire", "Show the bytes on the wire, or the findings again"),
    _a(
        "walk.next-problem",
        "right_square_bracket,J",
        "problem(1)",
        "next problem",
        "Select the next step that is not in order",
    ),
    _a(
        "walk.previous-problem",
        "left_square_bracket,K",
        "problem(-1)",
        "problem before",
        "Select the step before that is not in order",
    ),
    _a("walk.edit", "e", "edit", "edit", "Change the pending command before it is sent"),
    _a(
        "walk.skip",
        "s",
        "skip_host",
        "skip host",
        "Leave this delivery host and go on with the next",
    ),
    _a(
        "walk.leave-out",
        "S",
        "skip_step",
        "leave out",
        "Leave out the pending step where the walk can do without it",
    ),
    _a(
        "walk.retry",
        "r",
        "retry",
        "retry",
        "Do the selected step again, on a new connection if need be",
    ),
    _a(
        "walk.breakpoints",
        "b",
        "breakpoints",
        "breakpoints",
        "Choose the kinds of steps to stop before",
    ),
    _a(
        "walk.cancel",
        "escape",
        "back_out",
        "cancel",
        "Cancel the running step, or back out one level",
    ),
    _a("walk.follow", "f", "follow", "follow", "Follow the current step, or stay where you are"),
    _a("walk.find", "slash", "find", "find", "Filter the list in use"),
    _a("walk.zoom", "z", "zoom", "zoom", "Give the focused pane the whole screen, or back"),
    _a(
        "walk.back",
        "less_than_sign",
        "place(-1)",
        "back",
        "Back to where you were before the last jump",
    ),
    _a("walk.forward", "greater_than_sign", "place(1)", "forward", "Forward again"),
    _a("walk.pane", "tab", "pane(1)", "pane", "To the next pane"),
    _a("walk.pane-before", "shift+tab", "pane(-1)", "pane", "To the pane before"),
    _a(
        "walk.leave",
        "q",
        "leave",
        "quit",
        "Back, or quit; asks when a live connection would be lost",
    ),
)
TOUR = (
    _a(
        "tour.next",
        "t",
        "tour_next",
        "tour",
        "Tour: what there is to see, a question, its answer; on",
    ),
    _a("tour.back", "T", "tour_back", "tour back", "Tour: the part or the stop before"),
    _a("tour.leave", "f9", "tour_leave", "leave the tour", "Tour: leave it, and stay in this walk"),
)
WATCH = (
    _a("watch.now", "n", "now", "now", "Walk at once, or as soon as it is polite"),
    _a("watch.pause", "space", "pause", "pause", "Make no further round, or go on"),
    _a("watch.condition", "u", "condition", "until", "Wait for something else"),
    _a("watch.interval", "i", "interval", "interval", "Choose how often a round is walked"),
    _a("watch.pane", "tab,shift+tab", "pane", "pane", "To the other pane"),
    _a("watch.leave", "q,escape", "leave", "end", "End the watch and go back"),
)
# What a key does in a walk of another purpose, where the words differ: hint, sentence, action.
_OTHER_WORDS: Mapping[Purpose, Mapping[str, tuple[str, str, str]]] = {
    Purpose.DELIVERY: {},
    Purpose.MESSAGE: {
        "walk.sender": (
            "receiver",
            "Judge as another receiver; no network work is repeated",
            "sender",
        ),
        "walk.verdicts": ("verdicts", "What every receiver would do", "view('verdicts')"),
        "walk.wire": (
            "source",
            "Show the header fields as they came, or the findings again",
            "wire",
        ),
        "walk.retry": ("retry", "Do the selected step again", "retry"),
        "walk.leave-out": ("leave out", "Leave out the pending step", "skip_step"),
    },
    Purpose.DOMAIN: {
        "walk.verdicts": ("roll-out", "What the roll-out has come to", "view('rollout')"),
        "walk.wire": (
            "answers",
            "Show the DNS answers as they came, or the findings again",
            "wire",
        ),
        "walk.retry": ("retry", "Do the selected step again", "retry"),
        "walk.leave-out": ("leave out", "Leave out the pending step", "skip_step"),
    },
}


def walk_actions(purpose: Purpose) -> tuple[Action, ...]:
    """Return the actions of a walk's screen in the words of its purpose."""
    others = _OTHER_WORDS[purpose]
    return tuple(
        replace(one, words=others[one.id][0], tooltip=others[one.id][1], action=others[one.id][2])
        if one.id in others
        else one
        for one in WALK
    )
