"""The tabs of the chain view: five of the selected certificate, two of the chain as a whole."""

import enum
import re
from collections.abc import Iterator

from rich.cells import cell_len
from textual.content import Content

from mxwalk.language import noted, say
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
    noted("  j k: certificates, Enter: read on, h l: tabs, a: date, y: copy"),
    noted("  Enter: read on, h l: tabs, a: date, y: copy"),
    noted("  Enter: read on, h l: tabs"),
    noted(" Enter: read on"),
    noted("  Enter, h l"),
)


class Tab(enum.Enum):
    """What is shown below the certificates."""

    SUMMARY = noted("summary")
    NAMES = noted("names")
    EXTENSIONS = noted("extensions")
    REVOCATION = noted("revocation")
    PEM = "PEM"
    PATHS = noted("paths")
    STORES = noted("stores")

    @property
    def words(self) -> str:
        """The name in the language spoken."""
        return say(self.value)

    def beside(self, by: int) -> "Tab":
        """Return the tab to the left or right; the first and the last are neighbours."""
        tabs = list(Tab)
        return tabs[(tabs.index(self) + by) % len(tabs)]


def tab_bar(chosen: Tab, width: int) -> Content:
    """Return the names of the tabs; the chosen one stands in brackets, too.  Keys where they fit."""
    parts: list[Content] = []
    for tab in Tab:
        words = f"[{tab.words}]" if tab is chosen else f" {tab.words} "
        parts.append(line((words, Look.DECIDES if tab is chosen else Look.DIM)))
    bar = Content("").join(parts)
    room = width - bar.cell_length
    fits = (words for words in map(say, _KEYS) if cell_len(words) <= room)
    return bar + line((next(fits, ""), Look.DIM))


def tab_at(bar: str, x: int) -> Tab | None:
    """Return the tab whose name stands at a cell of a line of the bar."""
    for word in re.finditer(r"\S+", bar):
        start = cell_len(bar[: word.start()])
        if start - 1 <= x <= start + cell_len(word[0]):
            name = word[0].strip("[]")
            return next((tab for tab in Tab if tab.words == name), None)
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
            return pem_text(entry.der), say("certificate as PEM")
        case Tab.NAMES:
            return names_text(entry), say("names")
        case Tab.EXTENSIONS:
            return extensions_text(entry), say("extensions")
        case Tab.REVOCATION:
            return revocation_text(state, entry), say("revocation")
        case Tab.PATHS:
            return paths_text(state), say("paths")
        case Tab.STORES:
            return stores_text(state), say("verdicts of the stores")
