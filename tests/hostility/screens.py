"""The screens as a way out: a door's text in the interface, every key of it pressed (``tests.keywalks``).

The last guard of the application is taken away here, so that what is drawn is held against the glyphs as
the widgets make it.  What keys open (dialogs, previews, lists) is looked at after every key, and what a
key copies.
"""

from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from textual import events

from mxwalk.evidence.trace import Trace
from tests.hostility.doors import Door, Kind
from tests.hostility.seen import unseen
from tests.keywalks import walker
from tests.keywalks.cases import Case
from tests.keywalks.keys import Offered
from tests.keywalks.sealed import sealed
from tests.keywalks.walker import KeyWalk, Walked
from tests.keywalks.watched import WatchedApp, settle
from tui.request import Request
from tui.screens.walk import Walking
from tui.settings import Settings
from widgets.only_visible import OnlyVisible

SIZE = (120, 60)


class UnguardedApp(WatchedApp):
    """The application without its last guard; what is copied is kept."""

    def __init__(self, request: Request | None, settings: Settings) -> None:
        super().__init__(request, settings)
        self._filters = [one for one in self._filters if not isinstance(one, OnlyVisible)]
        self.copied: list[str] = []

    def copy_to_clipboard(self, text: str) -> None:
        """Keep what a widget gave, before it is made visible."""
        self.copied.append(text)
        super().copy_to_clipboard(text)


class HostileWalk(KeyWalk):
    """A walk by keys that looks at every cell after every key."""

    def __init__(
        self, door: Door, name: str, brought: Trace | bytes, language: str = "en", *, whole: bool
    ) -> None:
        case = Case("trace", f"{door.name}:{name}".replace(" ", "-"), SIZE, language)
        super().__init__(case, 8, at_random=10 if whole else 0)
        self._door, self._brought, self._whole = door, brought, whole
        self.unseen: list[str] = []

    async def run(self) -> Walked:
        """Walk, and return the figures with what was wrong."""
        with mock.patch.multiple(walker, request_for=self._asked, WatchedApp=UnguardedApp):
            done = await super().run()
        # A key that does nothing, or a pane that is out of place, is the other sweep's matter.
        kept = [one for one in done.wrong if ": ended the interface" in one or "no text" in one]
        kept += [one for one in done.wrong if "worker" in one or "log:" in one or "loop:" in one]
        done.wrong = list(dict.fromkeys((*self.unseen, *kept)))
        return done

    async def _asked(self, _case: Case) -> Request:
        return request_of(self._door, self._brought)

    async def _every_key(self) -> None:
        """Press every key, or only show every view and copy from it."""
        if self._whole:
            await super()._every_key()
            return
        base = self.app.screen
        for view in base.VIEWS if isinstance(base, Walking) else ():
            for key in (view.key, "down", "y"):
                await self.press(key)
        await self.press("y")

    async def press(self, key: str, offered: Offered | None = None) -> None:
        """Press a key, and look."""
        await super().press(key, offered)
        app = self.app
        assert isinstance(app, UnguardedApp)
        if app._exception is None:
            self._note(acting(app))
        for text in app.copied:
            self._note(f"copied: {one}" for one in unseen(text))
        for text in app.told:
            self._note(f"told: {one}" for one in unseen(text))
        app.copied.clear()
        app.told.clear()

    def _note(self, found: Iterator[str]) -> None:
        for one in found:
            if len(self.unseen) < 20:
                top = type(self.app.screen).__name__
                self.unseen.append(f"{self.case}: {top}: {one}; keys: {' '.join(self.trail[-6:])}")


async def pasted(text: str) -> list[str]:
    """Paste a text into the first field and into the box, as a terminal does; return what is wrong."""
    with sealed():
        app = WatchedApp(None, Settings())
        async with app.run_test(size=SIZE, message_hook=app.hook) as pilot:
            wrong = []
            for key in ("", "f5"):
                await pilot.press(key or "ctrl+u")
                await settle(pilot, app)
                app.told.clear()
                app.post_message(events.Paste(text))
                if not await settle(pilot, app):
                    wrong.append("it does not come to rest")
                wrong += acting(app)
                if not any(f"{len(text):,}" in told for told in app.told):
                    wrong.append(f"it is not said that not all was taken: {app.told}")
                wrong += [fault for told in app.told for fault in unseen(told)]
            return wrong + app.failed


def request_of(door: Door, brought: Trace | bytes) -> Request:
    """Return what opens that which a door brought; a file is written into the working folder."""
    if isinstance(brought, Trace):
        return Request(trace=brought)
    match door.brings:
        case Kind.TLS_REPORT:
            return Request(reports=(_written(brought, "report.json"),))
        case Kind.DMARC_REPORT:
            from mxwalk.dmarcrpt.known import read_known
            from mxwalk.dmarcrpt.look import Look

            path = _written(brought, "report.xml")
            look = Look(paths=(path,), known=read_known(()), resolver="127.0.0.1:9")
            return Request(dmarc=look)
        case Kind.PASTE | Kind.WALK:
            from mxwalk.clues.reading import understand
            from mxwalk.commands.clue import decoded

            return Request(clues=understand(decoded(brought)))


def _written(raw: bytes, name: str) -> Path:
    path = Path(name).absolute()
    path.write_bytes(raw)
    return path


def acting(app: WatchedApp) -> Iterator[str]:
    """Yield what on the screen is not text alone: characters, links, actions of a text."""
    for strip in app.screen._compositor.render_strips():
        yield from unseen(strip.text)
        for segment in strip:
            style = segment.style
            if style is None:
                continue
            if style.link:
                yield f"a link to {style.link!a}"
            if any(name == "@click" for name in style.meta):
                yield f"an action {ascii(style.meta)[:200]} in {segment.text!a}"
