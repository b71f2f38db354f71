"""*Your side* on the start screen: checks that ask nobody else, and port 25 on request."""

import asyncio
import importlib

from textual import work
from textual.screen import Screen

from mxwalk.clock import SystemClock
from mxwalk.errors import MxwalkError
from mxwalk.language import say
from tui.screens.confirm import ConfirmScreen
from tui.walk_options import remembered
from widgets.self_panel import SelfPanel

_COMMAND = "mxwalk.commands.own"
_EGRESS_KEY = "F8"


class OwnSide(Screen[None]):
    """Fills the panel of a screen that has one."""

    @work(exclusive=True, group="self", exit_on_error=False)
    async def check_self(self) -> None:
        """Make the checks; nobody but the resolver is asked."""
        checks = await asyncio.to_thread(importlib.import_module, _COMMAND)
        values = remembered()
        panel = self.query_one(SelfPanel)
        resolver, helo = values.get("resolver", ""), values.get("helo", "")
        async for check in checks.self_check(resolver, helo, SystemClock()):
            panel.add(check)
        panel.hint(
            say("{key} tests whether port 25 gets out; a walk shows it too", key=_EGRESS_KEY)
        )

    def action_egress(self) -> None:
        """Ask, then connect to some large receivers."""
        from mxwalk.ownside.egress import DOMAINS

        question = say(
            "Connect to {receivers} on TCP port 25, one after the other, wait for the greeting and"
            " send QUIT?",
            receivers=", ".join(DOMAINS),
        )

        def answered(yes: bool | None) -> None:
            if yes:
                self._try_egress()

        self.app.push_screen(ConfirmScreen(question, say("Connect"), say("No")), answered)

    @work(exclusive=True, group="egress", exit_on_error=False)
    async def _try_egress(self) -> None:
        checks = await asyncio.to_thread(importlib.import_module, _COMMAND)
        panel = self.query_one(SelfPanel)
        panel.hint("")
        panel.note("")
        panel.note(say("connecting ..."))
        made = []
        try:
            async for attempt in checks.egress_check(
                remembered().get("resolver", ""), SystemClock()
            ):
                made.append(attempt)
                panel.note(attempt.words)
        except MxwalkError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        panel.add(checks.way_out.conclude(made))
