"""A walk on the application's own screen, without a terminal: prints how many steps the screen knows.

``python -m tests.resources.shown_walk SCENARIO`` is what ``killed`` kills.  The walk is saved where the
application saves it (``XDG_STATE_HOME``); a line is printed once the screen has drawn that many steps.
"""

import asyncio
import os
import sys

from tui.app import MxwalkApp
from tui.bridge import Phase
from tui.request import Request
from tui.screens.walk import Walking
from tui.settings import Settings


async def show(scenario: str) -> None:
    """Walk to the end on the screen; tell each number of steps once."""
    told = -1
    app = MxwalkApp(Request(scenario=scenario), Settings(glyphs="ascii"))
    async with app.run_test(size=(100, 30)) as pilot:
        while not isinstance(app.screen, Walking):
            await pilot.pause()
        await pilot.press("c")
        bridge = app.screen.bridge
        while True:
            over = bridge.phase in (Phase.OVER, Phase.FAILED)
            drawn = len(bridge.trace.steps) if bridge.trace else 0
            if drawn > told:
                os.write(1, f"drawn {drawn}\n".encode())
                told = drawn
            if over:
                return
            await pilot.pause(0.005)


if __name__ == "__main__":
    asyncio.run(show(sys.argv[1]))
