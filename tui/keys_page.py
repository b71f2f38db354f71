"""The page of all keys, written from the registry that the interface itself reads.

``python -m tui.keys_page`` writes ``docs/keys.md`` anew after a key has changed; a test fails while the
two differ.
"""

import importlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from textual.binding import Binding, BindingType

from mxwalk.evidence.trace import Purpose
from tui import actions
from tui.actions import Action, key_words
from tui.views import DOMAIN_VIEWS, MESSAGE_VIEWS, VIEWS, ViewSpec
from widgets.findings_list import FindingsList
from widgets.rows import Rows
from widgets.steps_tree import StepsTree
from widgets.verdict_table import VerdictTable
from widgets.wire_view import WireView

PAGE = Path(__file__).resolve().parents[1] / "docs" / "keys.md"
_HEAD = """# Keys

Written from the interface's own registry by `python -m tui.keys_page`.  In mxwalk, `?` shows the keys
of what has the focus, as you have mapped them.  The id in the last column is what the table `keymap` of
the settings file names, for example `"walk.next" = "space"`.
"""


def keys_page() -> str:
    """Return the page."""
    parts = [_HEAD]
    parts += _section("Everywhere", _of_actions(actions.APP))
    parts += _section("In every list", _of_bindings(Rows.BINDINGS))
    parts += _section("Start", _of_actions(actions.START))
    parts += _section("A walk", _of_actions(actions.WALK))
    for purpose, name in ((Purpose.MESSAGE, "message"), (Purpose.DOMAIN, "domain survey")):
        others = (
            one
            for one, own in zip(actions.walk_actions(purpose), actions.WALK, strict=True)
            if one != own
        )
        parts += _section(f"What differs in a {name}", _of_actions(others))
    for views, name in (
        (VIEWS, "delivery"),
        (MESSAGE_VIEWS, "message"),
        (DOMAIN_VIEWS, "domain survey"),
    ):
        parts += _section(f"The views of a {name}", _of_views(views))
    parts += _section("In single views and panes", _of_panes())
    parts += _section("TLS reports", _of_actions(actions.REPORTS))
    parts += _section("DMARC reports", _of_actions(actions.DMARC))
    parts += _section("Dialogs", _of_actions(actions.MODAL))
    told = "\n".join(parts)
    rest = (one for one in actions.all_actions() if f"`{one.id}` |" not in told)
    return "\n".join([*parts, *_section("Other screens", _of_actions(rest))])


_Line = tuple[str, str, str]


def _section(title: str, lines: Iterable[_Line]) -> list[str]:
    rows = [f"| {keys} | {words} | `{name}` |" for keys, words, name in lines]
    if not rows:
        return []
    return [f"## {title}\n", "| key | what it does | id |", "|---|---|---|", *rows, ""]


def _of_actions(found: Iterable[Action]) -> Iterator[_Line]:
    for one in found:
        yield _keys(one.key), _cell(one.tooltip), one.id


def _of_bindings(found: Iterable[BindingType]) -> Iterator[_Line]:
    for one in found:
        if isinstance(one, Binding) and one.id:
            yield _keys(one.key), _cell(one.tooltip or one.description), one.id


def _of_views(views: Iterable[ViewSpec]) -> Iterator[_Line]:
    for view in views:
        yield _keys(view.key), _cell(f"{view.name}: {view.tooltip}"), f"view.{view.id}"


def _of_panes() -> Iterator[_Line]:
    """Yield the keys that a view or pane has of its own, each id once."""
    classes: list[type] = [StepsTree, FindingsList, WireView, VerdictTable]
    for view in (*VIEWS, *MESSAGE_VIEWS, *DOMAIN_VIEWS):
        module, _, name = view.factory.partition(":")
        classes.append(getattr(importlib.import_module(module), name))
    lists = set(actions.list_ids())
    seen: set[str] = set()
    for each in classes:
        found = (one for base in each.__mro__ for one in vars(base).get("BINDINGS", ()))
        for keys, words, name in _of_bindings(found):
            if name not in lists and name not in seen:
                seen.add(name)
                yield keys, words, name


def _keys(keys: str) -> str:
    return " ".join(f"`{key_words(key)}`" for key in keys.split(","))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(keys_page(), encoding="utf-8")
