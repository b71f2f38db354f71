"""On a real terminal: it is given back whatever ends the interface, and a fault is one sentence."""

import sys
from pathlib import Path

import pytest

from tests.keywalks.onterminal import CHECKS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
SAMPLE = (
    "sigterm",
    "sigquit",
    "suspend",
    "hang-up-untold",
    "fault-drawing",
    "fault-step",
    "home-file",
)
CHEAP = ("dumb", "no-term")


@pytest.mark.parametrize("name", [*SAMPLE, *CHEAP])
def test_the_terminal_is_as_before_and_what_happened_is_told(name: str, tmp_path: Path) -> None:
    assert not CHECKS[name](tmp_path), f"python -m tests.keywalks --terminal ({name})"
