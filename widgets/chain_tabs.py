"""The tabs of the chain view: five of the selected certificate, two of the chain as a whole."""

import enum
import re
from collections.abc import Iterator

from textual.content import Content

from widgets.chain_entry import Entry
from widgets.chain_extensions import extension_rows, extensions_text
from widgets.chain_names import names_rows, names_text
from widgets.chain_paths import paths_rows, paths_text, stores_rows, stores_text
from widgets.chain_revocation import revocation_rows, revocation_text
from widgets.chain_state import Picture
from widgets.chain_summary import pem_rows, pem_text, summary_rows
from widgets.plain import Look, line
from widgets.row import Row

_KEYS = (  # as many as there is room for
    "  j k: certificates, Enter: read on, h l: tabs, a: date, y: copy",
    "  Enter: read on, h l: tabs, a: date, y: copy",
    "  Enter: read on, h l: tabs",
    " Enter: read on",
    "  Enter, h l",
)


class Tab(enum.Enum):
    """What is shown below the certificates."""

    SUMMARY = "summary"
    NAMES = "names"
    EXTENSIONS = "extensions"
    REVOCATION = "revocation"
    PEM = "PEM"
    PATHS = "paths"
    STORES = "stores"

    def beside(self, by: int) -> "Tab":
        """Return the tab to the left or right; the first and the last are neighbours."""
        tabs = list(Tab)
        return tabs[(tabs.index(self) + by) % len(tabs)]


def tab_bar(chosen: Tab, width: int) -> Content:
    """Return the names of the tabs; the chosen one stands in brackets, too.  Keys where they fit."""
    parts: list[Content] = []
    for tab in Tab:
        words = f"[{tab.value}]" if tab is chosen else f" {tab.value} "
        parts.append(line((words, Look.DECIDES if tab is chosen else Look.DIM)))
    bar = Content("").join(parts)
    fits = (words for words in _KEYS if bar.cell_length + len(words) <= width)
    return bar + line((next(fits, ""), Look.DIM))


def tab_at(bar: str, x: int) -> Tab | None:
    """Return the tab whose name stands at a cell of a line of the bar."""
    for word in re.finditer(r"\S+", bar):
        if word.start() - 1 <= x <= word.end():
            name = word[0].strip("[]")
            return next((tab for tab in Tab if tab.value == name), None)
    return None


def tab_rows(
    tab: Tab, state: Picture, entry: Entry, zone: tuple[str, int], width: int
) -> Iterator[Row]:
    """Yield what a tab shows of the selected certificate, or of the chain."""
    match tab:
        case Tab.SUMMARY:
            yield from summary_rows(state, entry, zone, width)
        case Tab.NAMES:
            yield from names_rows(state, entry, width)
        case Tab.EXTENSIONS:
            yield from extension_rows(entry, width)
        case Tab.REVOCATION:
            yield from revocation_rows(state, entry, width)
        case Tab.PEM:
            yield from pem_rows(entry, width)
        case Tab.PATHS:
            yield from paths_rows(state, width)
        case Tab.STORES:
            yield from stores_rows(state, width)


def copied(tab: Tab, state: Picture, entry: Entry) -> tuple[str, str]:
    """Return what ``y`` copies on a certificate while a tab is shown, and the name of it."""
    match tab:
        case Tab.SUMMARY | Tab.PEM:
            return pem_text(entry.der), "certificate as PEM"
        case Tab.NAMES:
            return names_text(entry), "names"
        case Tab.EXTENSIONS:
            return extensions_text(entry), "extensions"
        case Tab.REVOCATION:
            return revocation_text(state, entry), "revocation"
        case Tab.PATHS:
            return paths_text(state), "paths"
        case Tab.STORES:
            return stores_text(state), "verdicts of the stores"
