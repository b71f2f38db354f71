"""A text that tells nothing: it is said once, with what could be pasted, and the text is kept."""

import base64

import pytest
from textual import events
from textual.widgets import Static, TextArea

from tui.app import MxwalkApp
from tui.screens.paste import PasteScreen
from tui.screens.start import StartScreen
from tui.understand import boxed_text, understand

LINES = "\n".join(f"nothing of the kind {number}" for number in range(5_000))


def test_a_text_of_no_kind_is_no_address() -> None:
    for text in (base64.b64encode(b"x" * 300).decode(), "these are just some words"):
        assert understand(text).problem.startswith("Nothing recognised in 1 line.")
    assert "5000 lines" in boxed_text(LINES).problem
    assert "label" in understand("user@" + "a" * 64 + ".example").problem


@pytest.mark.parametrize("text", ["user@example.com", "user@example.com\n", "5.7.323"])
def test_one_line_in_the_box_is_understood(text: str) -> None:
    assert boxed_text(text).usable


async def test_the_box_keeps_what_tells_nothing() -> None:
    app = MxwalkApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f5")
        await pilot.pause()
        box = app.screen
        assert isinstance(box, PasteScreen)
        box.query_one(TextArea).text = LINES
        await pilot.press("f5")
        await pilot.pause()
        assert app.screen is box
        assert box.query_one(TextArea).text == LINES
        assert "5000 lines" in str(box.query_one("#problem", Static).render())


async def test_lines_in_the_field_are_said_once_to_tell_nothing() -> None:
    app = MxwalkApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.screen.query_one("#target").post_message(events.Paste(LINES))
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, StartScreen)
        assert "5000 lines" in screen.meaning.problem
        await pilot.press("enter")
        await pilot.pause()
        assert not app._notifications
