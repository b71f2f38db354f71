"""On a real terminal: it is given back whatever ends the interface, and a fault is one sentence."""

import sys
from pathlib import Path

import pytest

from tests.keywalks.onterminal import CHECKS, _coloured

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


@pytest.mark.parametrize(
    ("numbers", "coloured"),
    [
        ("38;5;203", True), ("1;48;5;4", True), ("38;5;244;48;5;16", False), ("38;5;231", False),
        ("38;2;1;2;3", True), ("38;2;9;9;9;48;2;0;0;0", False), ("1;31", True), ("90;107", False),
        ("0", False), ("", False), ("94", True), ("38;2;7;7;7;41", True),
    ],
)  # fmt: skip
def test_a_colour_is_told_in_whatever_number_of_colours_it_is_asked_for(
    numbers: str, *, coloured: bool
) -> None:
    assert _coloured(f"\x1b[2;3Hx\x1b[{numbers}mwords\x1b[0m") is coloured
