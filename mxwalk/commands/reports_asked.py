"""What the commands that open reports have in common: their files, the screen, and JSON."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from mxwalk.errors import UsageError
from mxwalk.files import named
from mxwalk.language import say
from mxwalk.text import visible


def wants_screen(files: Sequence[str], fmt: str | None, *, text: bool) -> bool:
    """Whether the terminal UI is what was asked for and can be had."""
    if text or fmt is not None or "-" in files:
        return False
    return sys.stdin.isatty() and sys.stdout.isatty()


def paths_of(files: Sequence[str]) -> list[Path]:
    """Return the paths as a shell would have them."""
    return [named(name) for name in files]


def there(paths: list[Path], what: str) -> list[Path]:
    """Return the paths.  Raises ``UsageError`` where none is there and a screen would stay empty."""
    if any(os.path.lexists(path) for path in paths):
        return paths
    first = visible(str(paths[0]), 300)
    raise UsageError(
        say("there is no {first}; give {what}, or a folder of them", first=first, what=what)
    )


def json_of(document: object) -> str:
    """Return a document as JSON with every text in it made visible; the keys are ours."""
    plain = _visible(msgspec.to_builtins(document))
    return msgspec.json.format(msgspec.json.encode(plain), indent=2).decode() + "\n"


def _visible(value: Any) -> Any:  # noqa: ANN401 - any part of a document
    match value:
        case str():
            return visible(value)
        case dict():
            return {name: _visible(each) for name, each in value.items()}
        case list() | tuple():
            return [_visible(each) for each in value]
        case _:
            return value
