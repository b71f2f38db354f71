"""Keys that come faster than a window closes: it is left once, and nothing below it with it."""

import asyncio
import importlib
import pkgutil
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot
from textual.screen import ModalScreen, Screen

import tui.screens
from mxwalk.evidence.step import StepKind
from mxwalk.letters.offered import offered
from tests.reports.samples import lab_trace
from tests.tui.driving import app_for, until_paused
from tests.widgets.samples import sample_trace
from tui.app import MxwalkApp
from tui.jumping import labels, places
from tui.request import Request
from tui.screens.breakpoints import BreakpointsScreen
from tui.screens.catalogue import CatalogueScreen
from tui.screens.chain_date import ChainDateScreen
from tui.screens.code import CodeScreen
from tui.screens.compare_with import CompareWithScreen
from tui.screens.confirm import ConfirmScreen
from tui.screens.dialog import LeftOnce
from tui.screens.explain import RelatedScreen
from tui.screens.export import ExportScreen
from tui.screens.help import HelpScreen
from tui.screens.letter import LetterScreen
from tui.screens.letter_desk import Desk
from tui.screens.note import NoteScreen
from tui.screens.paste import PasteScreen
from tui.screens.watch_dialogs import AskScreen
from tui.settings import Settings


def at_once(pilot: Pilot[None], *keys: str) -> None:
    """Type keys without waiting for what each one does."""
    for key in keys:
        pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))


def modal_screens() -> Iterator[type[Screen[Any]]]:
    for module in pkgutil.iter_modules(tui.screens.__path__):
        for each in vars(importlib.import_module(f"tui.screens.{module.name}")).values():
            if isinstance(each, type) and issubclass(each, ModalScreen):
                yield each


def test_every_window_is_left_once() -> None:
    own = [each for each in modal_screens() if each.__module__.startswith("tui.")]
    assert own
    for each in own:
        assert issubclass(each, LeftOnce), each
        assert each.dismiss is LeftOnce.dismiss, each


NOW = datetime(2026, 1, 1, tzinfo=UTC)


def windows() -> dict[str, tuple[Any, tuple[str, ...]]]:
    """Return how windows are made, and the keys that close them besides Escape."""
    trace = lab_trace("ehlo-1869")
    return {
        "breakpoints": (lambda: BreakpointsScreen({StepKind.EHLO}), ("space", "enter")),
        "catalogue": (CatalogueScreen, ("q",)),
        "date": (lambda: ChainDateScreen(NOW, lambda _at: None), ("enter",)),
        "code": (lambda: CodeScreen("EHLO003"), ("r",)),
        "compare": (lambda: CompareWithScreen(trace), ("enter",)),
        "confirm": (lambda: ConfirmScreen("Really?", "Do it"), ("enter",)),
        "related": (lambda: RelatedScreen("EHLO003"), ("enter",)),
        "export": (lambda: ExportScreen(trace, "esa:5", None), ("enter", "ctrl+s")),
        "help": (lambda: HelpScreen(()), ("enter",)),
        "letter": (
            lambda: LetterScreen(Desk(trace, "esa:5", offered(trace, "esa:5"))),
            ("ctrl+s",),
        ),
        "note": (lambda: NoteScreen("a step", "", lambda _text: ""), ("ctrl+s",)),
        "paste": (PasteScreen, ("f5",)),
        "ask": (lambda: AskScreen("how often", "5", lambda text: text, "Enter"), ("enter",)),
    }


NAMES = [
    "breakpoints",
    "catalogue",
    "date",
    "code",
    "compare",
    "confirm",
    "related",
    "export",
    "help",
    "letter",
    "note",
    "paste",
    "ask",
]


@pytest.mark.parametrize("name", NAMES)
async def test_a_key_that_comes_twice_at_once_closes_one_window(name: str) -> None:
    make, keys = (await asyncio.to_thread(windows))[name]
    for key in (*keys, "escape"):
        async with MxwalkApp(None, Settings(glyphs="unicode")).run_test(size=(80, 24)) as pilot:
            await pilot.pause(0.1)
            below = pilot.app.screen
            await pilot.app.push_screen(make())
            await pilot.pause()
            at_once(pilot, key, key)
            await pilot.pause(0.2)
            assert pilot.app._exception is None
            assert below in pilot.app.screen_stack, key


async def test_two_letters_at_once_in_jump_mode() -> None:
    async with app_for(trace=sample_trace()).run_test(size=(120, 36)) as pilot:
        screen = await until_paused(pilot)
        first = labels(len(places(screen)))[0]
        at_once(pilot, "semicolon")
        await pilot.pause()
        at_once(pilot, *first, *first, "escape")
        await pilot.pause(0.2)
        assert pilot.app.screen is screen


async def test_q_twice_at_once_leaves_the_walk_and_not_the_start_screen() -> None:
    app = MxwalkApp(None, Settings(glyphs="unicode"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.1)
        below: Screen[Any] = app.screen
        trace = await asyncio.to_thread(lab_trace, "dane-good")
        app.open(Request(trace=trace))
        await until_paused(pilot)
        at_once(pilot, "q", "q")
        await pilot.pause(0.3)
        assert pilot.app.screen is below
