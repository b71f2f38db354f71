"""Drive the application by its keys and read what it shows."""

import asyncio

from textual.pilot import Pilot

from mxwalk.evidence.target import Options
from mxwalk.evidence.trace import Trace
from tui.app import MxwalkApp
from tui.bridge import Phase
from tui.request import Request
from tui.screens.walk import Walking
from tui.settings import Settings


def app_for(
    *,
    scenario: str | None = None,
    options: Options | None = None,
    trace: Trace | None = None,
    sender: str = "esa:5",
    glyphs: str = "unicode",
    theme: str = "",
) -> MxwalkApp:
    request = (
        Request(scenario=scenario, options=options, trace=trace, sender=sender)
        if scenario or trace
        else None
    )
    return MxwalkApp(request, Settings(glyphs=glyphs, theme=theme))


def screen_of(pilot: Pilot[None]) -> Walking:
    screen = pilot.app.screen
    assert isinstance(screen, Walking)
    return screen


async def until_paused(pilot: Pilot[None]) -> Walking:
    """Wait until nothing is opened or performed any more, bounded by the clock."""
    async with asyncio.timeout(20):
        while True:
            await pilot.pause(0.01)
            screen = screen_of(pilot)
            if screen.bridge.phase not in (Phase.OPENING, Phase.RUNNING):
                await pilot.pause()
                return screen


async def until_shown(pilot: Pilot[None], words: str) -> None:
    """Wait until words are on the screen, bounded by the clock."""
    async with asyncio.timeout(20):
        while words not in picture(pilot):
            await pilot.pause(0.02)


def picture(pilot: Pilot[None]) -> str:
    """Return the screen as text, line by line."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)
