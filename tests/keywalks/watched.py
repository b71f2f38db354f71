"""The application as it is, with everything noted down that it must not do while keys are pressed."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from rich.cells import cell_len
from textual._compositor import Compositor
from textual._context import visible_screen_stack
from textual.message import Message
from textual.pilot import Pilot
from textual.widget import Widget
from textual.worker import Worker, WorkerState

import tui.app
from tui.app import MxwalkApp
from tui.request import Request
from tui.screens.confirm import ConfirmScreen
from tui.settings import Settings

_CALM = 2  # rounds without anything to do, before it is believed
_WORKING_S = 120.0  # of a short worker
_ROUNDS = 400  # of settling, before it is said that a screen never comes to rest
_LASTING = frozenset({"hold", "watch", "rounds", "self"})  # groups of workers that run on


@dataclass(frozen=True, slots=True)
class Sight:
    """What a person can tell a change by."""

    lines: tuple[str, ...]
    focus: int
    cursor: str
    stack: tuple[int, ...]
    told: int
    left: int


class WatchedApp(MxwalkApp):
    """mxwalk, with its messages, faults and failed workers kept."""

    CSS_PATH = str(Path(tui.app.__file__).parent / "app.tcss")

    def __init__(self, request: Request | None, settings: Settings) -> None:
        super().__init__(request, settings)
        self.told: list[str] = []
        self.failed: list[str] = []
        self.left = 0

    def notify(self, message: str, **how: Any) -> None:
        """Keep the message; it stays until the next key."""
        self.told.append(message)
        super().notify(message, **{**how, "timeout": 3600})

    def exit(self, *_given: object, **_named: object) -> None:
        """Note that the application was left; whoever walks opens it anew."""
        self.left += 1

    def copy_to_clipboard(self, text: str) -> None:
        """Note a change: what is copied is told, too."""
        super().copy_to_clipboard(text)

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Open nothing."""
        self.told.append(f"{url} {new_tab}")

    def hook(self, message: Message) -> None:
        """See every message of every widget: a worker that failed is told to its owner."""
        if isinstance(message, Worker.StateChanged) and message.state is WorkerState.ERROR:
            error = message.worker.error
            self.failed.append(f"worker {message.worker.name}: {type(error).__name__}: {error}")


class LogKeeper(logging.Handler):
    """Keeps what is logged as a warning or worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"log: {record.name}: {record.getMessage()}")


def picture(app: MxwalkApp) -> list[str]:
    """Return the lines of the screen."""
    visible_screen_stack.set(app._background_screens)  # a window is drawn over what is behind it
    return [strip.text for strip in app.screen._compositor.render_strips()]


def sight(app: WatchedApp) -> Sight:
    """Return what is to be seen now."""
    focused = app.focused
    cursor = repr(getattr(focused, "cursor_location", "")) + repr(
        getattr(focused, "cursor_position", "")
    )
    return Sight(
        lines=tuple(picture(app)),
        focus=id(focused),
        cursor=cursor,
        stack=tuple(map(id, app.screen_stack)),
        told=len(app.told),
        left=app.left,
    )


def drawn_wrong(app: MxwalkApp, lines: Sequence[str]) -> list[str]:
    """Return what is drawn outside the screen, or is no text at all; ``lines`` is its picture."""
    width, height = app.size
    name = type(app.screen).__name__
    wrong = [] if len(lines) == height else [f"{name}: {len(lines)} lines of {height}"]
    for number, line in enumerate(lines):
        if cell_len(line) != width:
            wrong.append(f"{name}: line {number} has {cell_len(line)} cells of {width}: {line!r}")
        if not line.isprintable():
            wrong.append(f"{name}: line {number} is no text: {line!r}")
    region = app.screen.region
    for widget, at in app.screen._compositor.full_map.items():
        if not at.region.area or _scrolls(widget) or region.contains_region(at.region):
            continue
        wrong.append(f"{name}: {widget.css_identifier} at {tuple(at.region)} in {width}x{height}")
    focused = app.focused
    if focused is not None and (not focused.display or not focused.region.area):
        wrong.append(f"{name}: the focus is on {focused.css_identifier}, which is not to be seen")
    return wrong


def _scrolls(widget: Widget) -> bool:
    """Say whether what a widget stands in can be scrolled to it."""
    above = (each for each in widget.ancestors if isinstance(each, Widget))
    return any(each.is_scrollable and each is not widget.screen for each in above) or any(
        "ToastRack" in each.css_identifier or "Tooltip" in each.css_identifier
        for each in (widget, *widget.ancestors)
        if isinstance(each, Widget)
    )


async def settle(pilot: Pilot[None], app: WatchedApp) -> bool:
    """Wait until nothing is in any queue and no short worker runs; say whether that came."""
    calm = number = 0
    end = time.monotonic() + _WORKING_S
    while number < _ROUNDS and time.monotonic() < end:
        if app._exception is not None:
            return True
        app.screen._on_timer_update()
        rests, runs = not _busy(app), bool(working(app))
        calm = calm + 1 if rests and not runs else 0
        number += not runs  # a worker takes the time that the machine gives it
        if calm >= _CALM:  # what is still under way in a handler is waited for, too
            screen = app.screen
            if not await pilot._wait_for_screen():
                return True
            app.screen._on_timer_update()
            if app.screen is screen and not _busy(app) and not working(app):
                return True
            calm = 0
        await asyncio.sleep(0.002 if runs else 0 if number < 50 else 0.002)
    return False


def _busy(app: WatchedApp) -> bool:
    if app._batch_count:  # a handler is at work on what is drawn at its end
        return True
    pumps = (app, *app.screen.walk_children(with_self=True))
    return any(not pump._message_queue.empty() for pump in pumps)


def working(app: WatchedApp) -> list[Worker[Any]]:
    """Return the short workers that run; one that waits for the answer to a question does not."""
    asks = app.screen_stack[-2] if isinstance(app.screen, ConfirmScreen) else None
    short = (one for one in app.workers if one.is_running and one.group not in _LASTING)
    return [one for one in short if one.node and one.node is not asks]


@contextlib.contextmanager
def drawn_when_looked_at() -> Iterator[None]:
    """Draw a screen when it is looked at alone: between two looks a headless one need not be.

    What is dirty is forgotten as by drawing.
    """

    def nothing(self: Compositor, **_how: object) -> None:
        self._dirty_regions.clear()

    with patch.object(Compositor, "render_update", nothing):
        yield
