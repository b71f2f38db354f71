"""The keys that act at a moment, for help: those of the pane, of the screen, and everywhere."""

from collections.abc import Iterable, Mapping

from textual.dom import DOMNode

from mxwalk.language import say
from tui.key_words import key_words

Section = tuple[str, list[tuple[str, str]]]  # its name; keys with what they do


def key_sections(nodes: Iterable[DOMNode | None], remapped: Mapping[str, str]) -> list[Section]:
    """Return the keys of a pane, a screen and the application; without a pane, of the other two."""
    acting = [node for node in nodes if node is not None]
    names = [say("this pane"), say("this screen"), say("everywhere")][3 - len(acting) :]
    sections = []
    for name, node in zip(names, acting, strict=True):
        rows = dict(
            sorted(_rows(node, remapped).items(), key=lambda row: row[0].startswith("list."))
        )
        if rows:
            shown = [(" ".join(keys[:3]), words) for keys, words in rows.values() if words]
            sections.append((name, shown))
    return sections


def _rows(node: DOMNode, remapped: Mapping[str, str]) -> dict[str, tuple[list[str], str]]:
    rows: dict[str, tuple[list[str], str]] = {}
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
