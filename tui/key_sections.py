"""The keys that act at a moment, for help: what can be done on the screen first, moving about last."""

from collections.abc import Iterable, Mapping

from textual.dom import DOMNode

from mxwalk.language import say
from tui.actions import all_actions
from tui.key_words import key_words

Row = tuple[str, str]  # keys, and what they do
Section = tuple[str, list[Row]]  # its name; keys with what they do


def key_sections(
    pane: DOMNode | None, screen: DOMNode, app: DOMNode, remapped: Mapping[str, str]
) -> list[Section]:
    """Return the keys of the screen, of the pane with the focus, and of the application.

    A screen's keys stand in the order of the registry.  The keys that every list has, and those of the
    views, stand apart: they would hide what only this pane or screen can do.
    """
    of_screen, of_app = _rows(screen, remapped), _rows(app, remapped)
    of_pane = {} if pane is None else _rows(pane, remapped)
    views = [name for name in of_screen if name.startswith("view.")]
    moving = [name for name in of_pane if name.startswith("list.") and name != "list.open"]
    order = [one.id for one in all_actions() if one.id in of_screen]
    others = [name for name in of_screen if name not in {*order, *views}]
    sections = (
        (say("this screen"), _those(of_screen, (*order, *others))),
        (say("this pane"), _those(of_pane, (name for name in of_pane if name not in moving))),
        (say("views"), _those(of_screen, views)),
        (say("everywhere"), _those(of_app, of_app)),
        (say("in a list"), _those(of_pane, moving)),
    )
    return [(name, rows) for name, rows in sections if rows]


_Rows = dict[str, tuple[list[str], str]]  # by id


def _those(rows: _Rows, names: Iterable[str]) -> list[Row]:
    found = (rows[name] for name in names)
    return [(" ".join(keys[:3]), words) for keys, words in found if words]


def _rows(node: DOMNode, remapped: Mapping[str, str]) -> _Rows:
    rows: _Rows = {}
    for bindings in node._bindings.key_to_bindings.values():  # noqa: SLF001
        for each in bindings:
            if each.id is None or not node.check_action(each.action.split("(")[0], ()):
                continue
            keys, _ = rows.setdefault(each.id, ([], say(each.tooltip or each.description)))
            own = remapped.get(each.id)
            if own is None:
                keys.append(key_words(each.key))
            elif key_words(own) not in keys:
                keys.append(key_words(own))
    return rows
