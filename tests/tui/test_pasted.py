"""What is pasted is bounded before a field takes it, and that is said; every field of the product does so."""

import ast
from pathlib import Path

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.command import CommandInput
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Input, TextArea

from mxwalk.limits import FIELD_CHARS, PASTED_CHARS, PASTED_LINE_CHARS
from tests.hostile import HUGE, huge
from tests.keywalks.watched import WatchedApp
from tests.widgets.messages import PLAIN
from tests.widgets.samples import sample_trace
from tui.request import Request
from tui.screens.paste import BoxField, PasteScreen
from tui.screens.start import StartScreen
from tui.settings import Settings
from widgets.fields import LineField, PaletteField, TextField, cut_line, cut_text
from widgets.rows import Rows

_ROOT = Path(__file__).parents[2]
_BOUNCE = "550 5.1.1 <u@example.com>: no such user\r\n" * 5_000


def told_app(request: Request | None = None) -> WatchedApp:
    return WatchedApp(request, Settings())


async def paste(pilot: Pilot[None], text: str) -> None:
    """Paste as a terminal does: the event comes to the application."""
    pilot.app.post_message(events.Paste(text))
    await pilot.pause()


@pytest.mark.parametrize("name", HUGE)
async def test_ten_megabytes_in_a_field_or_the_box_are_cut_and_that_is_said(name: str) -> None:
    text = huge(name).decode("utf-8", "replace")
    app = told_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        await paste(pilot, text)
        field = app.screen.query_one("#target", LineField)
        assert len(field.value) <= FIELD_CHARS
        (told,) = app.told
        assert f"of {len(text):,} characters" in told
        assert "mxwalk clue FILE" in told
        await pilot.press("f5")
        await pilot.pause()
        box = app.screen.query_one(BoxField)
        for _ in range(2):  # the second finds no room
            await paste(pilot, text)
            assert 0 < len(box.text) <= PASTED_CHARS
            assert max(map(len, box.text.splitlines())) <= PASTED_LINE_CHARS
        assert len(app.told) == 3
        assert all("mxwalk clue FILE" in told for told in app.told)


async def test_every_other_field_holds_what_it_may() -> None:
    app = told_app(Request(trace=sample_trace()))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        for keys, kind, most in (
            (("ctrl+p",), PaletteField, FIELD_CHARS),
            (("N",), TextField, PASTED_CHARS),
            (("x", "tab"), LineField, FIELD_CHARS),
        ):
            app.told.clear()
            await pilot.press(*keys)
            await pilot.pause()
            app.screen.query_one(kind).focus()
            await pilot.pause()
            await paste(pilot, "ab" * 5_000_000)
            held = app.screen.query_one(kind)
            assert isinstance(held, Input | TextArea)
            assert 0 < len(held.value if isinstance(held, Input) else held.text) <= most
            assert len(app.told) == 1, keys
            await pilot.press("escape", "escape")
            await pilot.pause()
        await pilot.press("1", "slash")
        await paste(pilot, "ab" * 5_000_000)
        assert isinstance(app.focused, Rows)
        assert len(app.focused.filter.text) < 1_000


async def test_what_was_copied_here_is_pasted_once_and_bounded() -> None:
    app = told_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("f5")
        await pilot.pause()
        box = app.screen.query_one(BoxField)
        app.copy_to_clipboard("some words")
        await pilot.press("ctrl+v")
        await pilot.pause()
        assert box.text == "some words"
        app.copy_to_clipboard("x" * 2 * PASTED_CHARS)
        await pilot.press("ctrl+v")
        await pilot.pause()
        assert len(box.text) <= PASTED_CHARS
        assert len(app.told) == 1


async def test_lines_that_were_cut_tell_what_they_tell() -> None:
    app = told_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        await paste(pilot, _BOUNCE)
        assert isinstance(app.screen, StartScreen)
        assert app.screen.meaning.clues is not None
        assert len(app.told) == 1


async def test_a_message_that_was_cut_is_not_walked() -> None:
    text = PLAIN.decode() + "words\r\n" * PASTED_CHARS
    app = told_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        await paste(pilot, text)
        assert isinstance(app.screen, StartScreen)
        assert "F4" in app.screen.meaning.problem
        await pilot.press("f5")
        await pilot.pause()
        await paste(pilot, text)
        await pilot.press("f5")
        await pilot.pause()
        box = app.screen
        assert isinstance(box, PasteScreen)
        assert "F4" in str(box.query_one("#problem").render())
        area = box.query_one(BoxField)
        area.text = ""
        await paste(pilot, PLAIN.decode())
        assert not area.was_cut


def test_a_first_line_is_taken_and_the_others_are_no_loss() -> None:
    assert (cut_line("a\nb", 5).text, bool(cut_line("a\nb", 5))) == ("a", False)
    assert (cut_line("", 5).text, bool(cut_line("", 5))) == ("", False)
    assert (cut_line("abcdef\nb", 5).text, bool(cut_line("abcdef\nb", 5))) == ("abcde", True)
    assert cut_text("abc\r\nd\n", 100, 2).text == "ab\r\nd\n"
    assert not cut_text("abc\nd", 100)


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x85", "\u2028"])
def test_a_line_that_is_cut_keeps_its_end_whichever_it_is(end: str) -> None:
    lines = cut_text(f"{'a' * 50}{end}" * 20, 2_000, 40).text.splitlines()
    assert lines == ["a" * 40] * len(lines)
    assert len(lines) > 15


def test_no_other_field_is_made_in_the_product() -> None:
    for folder in ("tui", "widgets"):
        for path in (_ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                called = node.func.id if _is_call(node) else ""  # type: ignore[attr-defined]
                bases = (
                    [ast.unparse(b) for b in node.bases] if isinstance(node, ast.ClassDef) else []
                )
                own = path.name == "fields.py"
                fields = {"Input", "TextArea", "MaskedInput", "CommandInput"}
                assert own or not fields & {called, *bases}, f"{path}: {ast.unparse(node)[:80]}"


def _is_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name)


async def test_the_palette_that_is_overridden_is_textuals() -> None:
    class Bare(App[None]):
        def compose(self) -> ComposeResult:
            yield Widget()

    app = Bare()
    async with app.run_test() as pilot:
        await pilot.press("ctrl+p")
        await pilot.pause()
        (field,) = app.screen.query(Input)
        assert isinstance(field, CommandInput)
