"""The program as it is, for a pseudo-terminal; beside it, it tells when it has come to rest, and where.

After every key and every paste, once nothing is left to do and the screen is drawn, a line goes to a pipe:
how many of them there were, and the screens and the view that are shown.  The start screen's check of this
machine asks nobody.
"""

import asyncio
import os
from unittest import mock

from textual import events
from textual.pilot import Pilot

from mxwalk.cli import main
from mxwalk.commands import own
from tests.hostility.terminal import PIPE
from tests.keywalks.sealed import _no_checks
from tests.keywalks.watched import settle
from tui.app import MxwalkApp
from tui.screens.walk import Walking

_on_event = MxwalkApp.on_event


class _Teller:
    """Counts what was pressed, and tells of it once the interface rests."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self._pressed = 0
        self._telling: asyncio.Task[None] | None = None

    def saw(self, app: MxwalkApp, event: events.Event) -> None:
        """See an event that came to the application from the terminal."""
        self._pressed += isinstance(event, events.Key | events.Paste)
        if self._telling is not None:
            self._telling.cancel()
        self._telling = asyncio.create_task(self._tell(app))

    async def _tell(self, app: MxwalkApp) -> None:
        if await settle(Pilot(app), app):  # type: ignore[arg-type]
            names = [type(screen).__name__ for screen in app.screen_stack]
            names += [one.view.id for one in app.screen_stack if isinstance(one, Walking)]
            os.write(self._pipe, f"{self._pressed} {' '.join(names)}\n".encode())


def _watched() -> None:
    teller = _Teller(int(os.environ.pop(PIPE)))

    async def on_event(app: MxwalkApp, event: events.Event) -> None:
        pressed = isinstance(event, events.Key | events.Paste) and not event.is_forwarded
        await _on_event(app, event)
        if pressed or isinstance(event, events.Ready):
            teller.saw(app, event)

    with (
        mock.patch.object(MxwalkApp, "on_event", on_event),
        mock.patch.object(own, "self_check", _no_checks),
    ):
        main()


if __name__ == "__main__":
    _watched()
