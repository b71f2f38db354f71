"""Every key of the interface, declared once: bindings, footer, help and command palette read it here.

An id is stable and is what a settings file remaps; ``words`` is the footer's hint, ``tooltip`` the
sentence of help and palette.  The keys of walks and of reports stand in modules of their own.
"""

from collections.abc import Iterable
from dataclasses import replace

from textual.binding import Binding, BindingType

from mxwalk.language import say
from tui.action import Action
from tui.action import declared as _a
from tui.key_words import key_words
from tui.report_actions import DMARC, REPORT_KEYS, REPORTS
from tui.walk_actions import TOUR, WALK, WATCH, walk_actions

__all__ = [  # declared elsewhere, read here
    "DMARC",
    "REPORTS",
    "TOUR",
    "WALK",
    "WATCH",
    "Action",
    "key_words",
    "walk_actions",
]

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
    _a(
        "app.suspend",
        "ctrl+z",
        "suspend_process",
        "suspend",
        "Back to the shell for a while; there, fg goes on",
    ),
    _a("app.catalogue", "f6", "catalogue", "all findings", "Read what every finding's code means"),
)
START = (
    _a(
        "start.paste",
        "f5",
        "paste_box",
        "paste",
        "A box to paste a bounce, log lines or a dialogue",
    ),
    _a("message.open-file", "f4", "ask_message", "message", "Walk a message: name its file"),
    _a(
        "domain.survey", "f3", "survey", "survey", "Look at all that a domain publishes of its mail"
    ),
    _a("start.options", "f2", "toggle_options", "options", "Show or hide the options of the walk"),
    _a("start.list", "down", "focus_list", "list", "Go to the saved walks and lab scenarios"),
    _a(
        "start.tour",
        "f9",
        "tour",
        "tour",
        "The guided tour: twelve scenarios of the lab, one thing each",
    ),
    _a(
        "start.compare",
        "D",
        "compare",
        "compare",
        "Saved walks: mark one, then compare it with another; twice: with the one before it",
    ),
    _a(
        "start.egress",
        "f8",
        "egress",
        "port 25",
        "Your side: does TCP port 25 get out? Connects to large receivers, after asking",
    ),
    _a("start.field", "t", "focus_field", "target", "Go to the target field"),
    _a("start.quit", "q,escape", "leave", "quit", "Quit"),
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
