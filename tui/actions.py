"""Every key of the interface, declared once: bindings, footer, help and command palette read it here.

An id is stable and is what a settings file remaps; ``words`` is the footer's hint, ``tooltip`` the
sentence of help and palette.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from textual.binding import Binding, BindingType

from mxwalk.evidence.trace import Purpose
from mxwalk.language import say
from tui.action import Action
from tui.action import declared as _a
from tui.key_words import key_words
from tui.report_actions import DMARC, REPORT_KEYS, REPORTS

__all__ = ["DMARC", "REPORTS", "Action", "key_words"]  # declared elsewhere, read here

APP = (
    _a("app.help", "question_mark,f1", "help", "help", "All keys of this screen"),
    _a("app.palette", "ctrl+p,colon", "command_palette", "commands", "Find any command by name"),
    _a(
        "app.jump",
        "ctrl+o,semicolon",
        "jump",
        "jump",
        "Labels on all in view: type one to go there",
    ),
    _a("app.hint", "f7", "put_hint_away", "hide hint", "Put the hint for newcomers away, for good"),
    _a("app.copy", "y", "copy_value", "copy", "Copy the value under the cursor (OSC 52)"),
    _a("app.catalogue", "f6", "catalogue", "all findings", "Read what every finding's code means"),
)
START = (
    _a("start.quit", "q,escape", "leave", "quit", "Quit"),
    _a("start.options", "f2", "toggle_options", "options", "Show or hide the options of the walk"),
    _a(
        "domain.survey", "f3", "survey", "survey", "Look at all that a domain publishes of its mail"
    ),
    _a("message.open-file", "f4", "ask_message", "message", "Walk a message: name its file"),
    _a(
        "start.egress",
        "f8",
        "egress",
        "port 25",
        "Your side: does TCP port 25 get out? Connects to large receivers, after asking",
    ),
    _a(
        "start.paste",
        "f5",
        "paste_box",
        "paste",
        "A box to paste a bounce, log lines or a dialogue",
    ),
    _a("start.list", "down", "focus_list", "list", "Go to the saved walks and lab scenarios"),
    _a(
        "start.compare",
        "D",
        "compare",
        "compare",
        "Saved walks: mark one, then compare it with another; twice: with the one before it",
    ),
    _a(
        "start.tour",
        "f9",
        "tour",
        "tour",
        "The guided tour: twelve scenarios of the lab, one thing each",
    ),
    _a("start.field", "t", "focus_field", "target", "Go to the target field"),
)
WALK = (
    _a("walk.next", "n", "next", "next", "Perform the next step; in a replay, one step forward"),
    _a("walk.continue", "c", "continue", "continue", "Perform steps to the end or a breakpoint"),
    _a(
        "walk.cancel",
        "escape",
        "back_out",
        "cancel",
        "Cancel the running step, or back out one level",
    ),
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
    _a("walk.edit", "e", "edit", "edit", "Change the pending command before it is sent"),
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
    _a("walk.follow", "f", "follow", "follow", "Follow the current step, or stay where you are"),
    _a(
        "walk.sender",
        "m",
        "sender",
        "sender",
        "Judge as another sender; no network work is repeated",
    ),
    _a("walk.verdicts", "v", "view('verdicts')", "verdicts", "What every sender would do"),
    _a("walk.wire", "w", "wire", "wire", "Show the bytes on the wire, or the findings again"),
    _a("walk.find", "slash", "find", "find", "Filter the list in use"),
    _a("walk.zoom", "z", "zoom", "zoom", "Give the focused pane the whole screen, or back"),
    _a("walk.note", "N", "note", "note", "Write a note on the step, kept in the trace"),
    _a(
        "walk.back",
        "less_than_sign",
        "place(-1)",
        "back",
        "Back to where you were before the last jump",
    ),
    _a("walk.forward", "greater_than_sign", "place(1)", "forward", "Forward again"),
    _a("walk.watch", "W", "watch", "watch", "Walk again and again until something changes"),
    _a(
        "walk.compare",
        "D",
        "compare",
        "compare",
        "Compare with another walk, or two hosts of this one: only what differs",
    ),
    _a("walk.export", "x", "export", "export", "Write a report or the trace to a file"),
    _a(
        "walk.letter",
        "M",
        "letter",
        "message to the other side",
        "Write to whoever must act; nothing is sent",
    ),
    _a(
        "walk.leave",
        "q",
        "leave",
        "quit",
        "Back, or quit; asks when a live connection would be lost",
    ),
    _a("walk.pane", "tab", "pane(1)", "pane", "To the next pane"),
    _a("walk.pane-before", "shift+tab", "pane(-1)", "pane", "To the pane before"),
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
COMPARE = (
    _a(
        "compare.before",
        "b",
        "open_side('before')",
        "before",
        "Open the earlier walk, or that of the first host, at the step of the difference",
    ),
    _a(
        "compare.after",
        "a",
        "open_side('after')",
        "after",
        "Open the later walk, or that of the second host, at the step of the difference",
    ),
    _a("compare.sender", "m", "sender", "sender", "Compare as another sender sees it"),
    _a("compare.export", "x", "export", "export", "Write the comparison to a file"),
    _a("compare.leave", "escape,q", "leave", "back", "Back to where you came from"),
)
CLUES = (
    _a("clue.walk", "w", "walk", "walk", "Open the walk that fits best, judged as its sender"),
    _a("clue.message", "m", "message", "as a message", "Walk the pasted mail as a message"),
    _a("clue.leave", "escape,q", "leave", "back", "Back to where you came from"),
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


PANE_IDS = (  # declared where they act; named here so that a settings file may remap them too
    "breakpoints.toggle",
    "chain.date",
    "chain.left",
    "chain.own-time",
    "chain.right",
    "dmarc.name",
    "ehlo.reading",
    "explain.letter",
    "explain.step",
    "export.part",
    "export.redact",
    "export.switch",
    "export.write",
    "note.save",
    "identity.both",
    "identity.left",
    "identity.right",
    "letter.ask",
    "letter.copy",
    "letter.copy-typing",
    "letter.pane",
    "letter.switch",
    "letter.write",
    "policy.left",
    "policy.right",
    "sources.name",
    "sources.names",
    "sources.spf",
    "sources.unknown",
    "spf.identity",
    "spf.what-if",
    "tls.other",
    "tree.close",
    "tree.fold",
    "tree.open",
    "verdicts.choose",
    "wire.hex",
)
EXPLAIN = (_a("explain.related", "r", "related", "related", "Choose one of the codes beside it"),)
CATALOGUE = (
    _a("catalogue.related", "r", "related", "related", "Go to one of the codes beside it"),
    _a("catalogue.pane", "tab,shift+tab", "pane", "pane", "To the text, or back to the codes"),
    _a("catalogue.leave", "q,escape", "back_out", "back", "Show all codes again, or back"),
)
MODAL = (_a("dialog.close", "escape,q", "close", "close", "Close this window"),)


def in_dialogs() -> list[BindingType]:
    """Return the bindings of a modal screen, which hides the application's: copying is wanted."""
    (copy,) = (action for action in APP if action.id == "app.copy")
    return bindings((*MODAL, replace(copy, action=f"app.{copy.action}")))


def bindings(actions: Iterable[Action]) -> list[BindingType]:
    """Return the Textual bindings of some actions."""
    return [action.binding for action in actions]


def all_actions() -> tuple[Action, ...]:
    """Return every declared action."""
    dmarc = (action for action in DMARC if action not in REPORT_KEYS)
    walks = (*WALK, *TOUR, *WATCH)
    return (*APP, *START, *walks, *REPORTS, *COMPARE, *CLUES, *dmarc, *CATALOGUE, *EXPLAIN, *MODAL)


def known_ids() -> frozenset[str]:
    """Return every id a settings file may remap, those of the lists and views included."""
    from tui.views import DOMAIN_VIEWS, MESSAGE_VIEWS, VIEWS

    views = (f"view.{view.id}" for view in (*VIEWS, *MESSAGE_VIEWS, *DOMAIN_VIEWS))
    return frozenset((*(action.id for action in all_actions()), *views, *list_ids(), *PANE_IDS))


def list_ids() -> tuple[str, ...]:
    """Return the binding ids the widgets bring along."""
    from widgets.rows import Rows

    return tuple(
        binding.id for binding in Rows.BINDINGS if isinstance(binding, Binding) and binding.id
    )


_NAMED = frozenset({"walk.letter"})  # whose id is not what one would look for


def command_name(binding: Binding) -> str:
    """Return a command as the palette names it; in another language with its own word beside."""
    name = f"{binding.id or ''}".replace(".", ": ")
    spoken = say(binding.description)
    own = spoken == binding.description and binding.id not in _NAMED
    word = "" if own else f" {spoken}"
    return f"{name}{word} ({key_words(binding.key)})"
