"""What is told once: the hints of the first start and the first walk, and that they were put away."""

import contextlib
import json
from pathlib import Path

import platformdirs

from mxwalk.files import make_directory, write_whole
from tui.own_files import UNREADABLE, read_own

_KEPT = 20  # names in the file; there are two


def _file() -> Path:
    return platformdirs.user_state_path("mxwalk", appauthor=False) / "hints-seen.json"


def seen() -> frozenset[str]:
    """Return the names of the hints that were put away."""
    try:
        found = json.loads(read_own(_file()))
    except UNREADABLE:
        return frozenset()
    if not isinstance(found, list):
        return frozenset()
    return frozenset(name for name in found[:_KEPT] if isinstance(name, str))


def put_away(name: str) -> None:
    """Remember that a hint was put away; a state directory that cannot be written is no matter."""
    with contextlib.suppress(OSError):
        make_directory(_file().parent)
        write_whole(_file(), json.dumps(sorted(seen() | {name})).encode(), replace=True)
