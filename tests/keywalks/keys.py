"""Which keys a screen offers at a moment, and what each may do."""

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cache

from textual.dom import DOMNode
from textual.screen import Screen
from textual.widgets import Input, TextArea

import tui.screens
from tui import actions
from tui.views import DOMAIN_VIEWS, MESSAGE_VIEWS, VIEWS
from widgets.rows import Rows

# By these the interface or the screen is left: each is pressed, at the end of a walk.
LEAVING = frozenset(one.id for one in actions.all_actions() if one.id.endswith(".leave")) | {
    "start.quit",
    "reports.cancel",
}
# Moves something, and nothing at its end: the first row, the last tab, the view shown already.
EDGES = (
    "list.",
    "tree.",
    "chain.left",
    "chain.right",
    "policy.left",
    "policy.right",
    "identity.left",
    "identity.right",
    "tlsa.left",
    "tlsa.right",
    "replay.start",
    "replay.end",
    "replay.back",
    "view.",
    "walk.cancel",
    "chain.own-time",
    "reports.view-",
    "dmarc.view-",
    "start.field",
    "start.list",
)
# Classes that other screens are made of.
_BASES = frozenset(
    {"Dialog", "LeftOnce", "OwnSide", "ReportsBase", "FileDialog", "Walking", "_Explaining"}
) | {f"Walk{part}" for part in ("Base", "Places", "Panes", "Keys", "Dialogs", "Tour")}
LISTS = ("down", "G", "pageup", "g")  # of what every list can do; the rest is pressed at random
ANY: tuple[str, ...] = (
    *"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    *("escape", "enter", "tab", "shift+tab", "backspace", "delete", "space", "home", "end"),
    *("up", "down", "left", "right", "pageup", "pagedown", "slash", "question_mark", "colon"),
    *("f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "ctrl+a", "ctrl+c", "ctrl+s"),
    *("ctrl+o", "ctrl+p", "ctrl+u", "ctrl+d", "ctrl+x", "ctrl+z", "less_than_sign"),
    *("greater_than_sign", "left_square_bracket", "right_square_bracket", "left_curly_bracket"),
)


@dataclass(frozen=True, slots=True)
class Offered:
    """A key, and what it is bound to."""

    key: str
    id: str
    action: str
    enabled: bool

    @property
    def at_edge(self) -> bool:
        """Whether it moves something, and so may move nothing at its end."""
        return self.id.startswith(EDGES)


def _of(node: DOMNode, app: DOMNode) -> list[Offered]:
    found: dict[str, Offered] = {}
    for key, bindings in node._bindings.key_to_bindings.items():
        for one in bindings:
            if one.id is None and not one.show and "no_" not in one.action:
                continue  # Textual's own, of fields and scrolling
            enabled = node.check_action(one.action.split("(")[0], ()) is True
            offered = Offered(key, one.id or "", one.action, enabled)
            found.setdefault(one.id or one.action, offered)
    return list(found.values())


def of_pane(screen: Screen[object]) -> list[Offered]:
    """Return the keys of the widget with the focus that are not those of every list."""
    pane = screen.focused
    if pane is None or isinstance(pane, Input | TextArea):
        return []
    return [one for one in _of(pane, screen.app) if not one.id.startswith("list.")]


def of_screen(screen: Screen[object]) -> list[Offered]:
    """Return the keys of the screen itself."""
    return _of(screen, screen.app)


def of_app(screen: Screen[object]) -> list[Offered]:
    """Return the keys that hold everywhere; a modal screen hides them."""
    if screen.is_modal:
        return []
    return [one for one in _of(screen.app, screen.app) if one.enabled]


def is_typing(screen: Screen[object]) -> bool:
    """Whether what is pressed is typed into a field."""
    focused = screen.focused
    if isinstance(focused, Rows):
        return focused.filter.typing
    return isinstance(focused, Input | TextArea)


def bound_to(screen: Screen[object], key: str) -> str:
    """Return the id of what a key does now; nothing where it is typed, or does nothing of ours."""
    if is_typing(screen) and len(key) == 1:
        return ""
    active = screen.active_bindings.get(key)
    return (active and active.enabled and active.binding.id) or ""


def every_view() -> frozenset[str]:
    """Return the ids of all views."""
    return frozenset(view.id for view in (*VIEWS, *MESSAGE_VIEWS, *DOMAIN_VIEWS))


@cache
def every_screen() -> frozenset[str]:
    """Return the names of the classes of all screens and windows, and of the palette."""
    found = {"Palette"}
    for module in pkgutil.iter_modules(tui.screens.__path__, "tui.screens."):
        here = importlib.import_module(module.name)
        for one in vars(here).values():
            if (
                isinstance(one, type)
                and issubclass(one, Screen)
                and one.__module__ == here.__name__
            ):
                found.add(one.__name__)
    return frozenset(found - _BASES)


def declared() -> frozenset[str]:
    """Return the ids of all keys that the registry declares."""
    return actions.known_ids()
