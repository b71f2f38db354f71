"""A walk by keys: every key offered in every view and pane, the windows they open, then keys at random.

What a key did is told by what a person sees: the text of the screen, the focus and its cursor, messages
and windows.  A key that changes none of them is dead, unless it only moves something that is at its end.
"""

import asyncio
import contextlib
import logging
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from textual import events
from textual.keys import REPLACED_KEYS, key_to_character
from textual.pilot import Pilot

from mxwalk.language import speaking
from tests.keywalks import keys
from tests.keywalks.cases import SIZES, Case, request_for
from tests.keywalks.keys import Offered
from tests.keywalks.sealed import sealed
from tests.keywalks.watched import (
    LogKeeper,
    Sight,
    WatchedApp,
    drawn_when_looked_at,
    drawn_wrong,
    settle,
    sight,
    working,
)
from tui.bridge import Phase
from tui.palette import Palette
from tui.request import Request
from tui.screens.confirm import ConfirmScreen
from tui.screens.walk import Walking
from tui.settings import Settings
from widgets.glyphs import use_glyphs
from widgets.policy_file import CHAIN
from widgets.policy_state import Section
from widgets.policy_view import PolicyView
from widgets.rows import Rows

AT_RANDOM = 40
_OPENED = 6  # windows over one another at most, before they are closed
_STEPS = 12  # of a live walk, one at a time
_CODE = "DNS005"  # typed into the palette: a finding that is in every walk
_CLOSING = 6  # times Escape is pressed to close one


@dataclass
class Walked:
    """What one or many walks by keys came to."""

    keys: int = 0
    told: int = 0
    cases: int = 0
    views: set[str] = field(default_factory=set)
    screens: set[str] = field(default_factory=set)
    pressed: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    def add(self, other: "Walked") -> None:
        """Take another's figures in."""
        self.keys += other.keys
        self.told += other.told
        self.cases += other.cases
        self.views |= other.views
        self.screens |= other.screens
        self.pressed |= other.pressed
        self.wrong += other.wrong


class KeyWalk:
    """One case."""

    def __init__(self, case: Case, seed: int, at_random: int = AT_RANDOM) -> None:
        self.case = case
        self.random = Random(f"{seed} {case}")
        self.at_random = at_random
        self.turn = SIZES.index(case.size) if case.size in SIZES else 0
        self.done = Walked(cases=1)
        self.trail: list[str] = []
        self.log = LogKeeper()
        self.warned: list[str] = []
        self.closed: Counter[str] = Counter()
        self.app: WatchedApp
        self.pilot: Pilot[None]
        self.request: Request | None = None
        self._seen: Sight | None = None  # nothing has run since

    async def run(self) -> Walked:
        """Walk, and return the figures with what was wrong."""
        with sealed(), speaking(self.case.code), self._listening(), drawn_when_looked_at():
            use_glyphs("unicode")
            self.request = await request_for(self.case)
            self.app = WatchedApp(self.request, Settings())
            try:
                async with self.app.run_test(
                    size=self.case.size, notifications=True, message_hook=self.app.hook
                ) as pilot:
                    self.pilot = pilot
                    await self._opened()
                    await self._every_key()
                    await self._any_keys()
                    await self._leave()
            except Exception as error:  # noqa: BLE001 - whatever ends the interface is what is looked for
                self._wrong(f"ended the interface: {type(error).__name__}: {error}")
        for each in (*self.log.lines, *self.warned, *self.app.failed):
            self._wrong(each)
        self.done.told = len(self.app.told)
        return self.done

    @contextlib.contextmanager
    def _listening(self) -> Iterator[None]:
        root, loop = logging.getLogger(), asyncio.get_running_loop()
        root.addHandler(self.log)
        before = loop.get_exception_handler()
        loop.set_exception_handler(
            lambda _loop, context: self.warned.append(f"loop: {context['message']}")
        )
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                yield
            finally:
                root.removeHandler(self.log)
                loop.set_exception_handler(before)
        self.warned += [f"warning: {one.message}" for one in caught]

    def _wrong(self, words: str) -> None:
        if len(self.done.wrong) < 40:
            self.done.wrong.append(f"{self.case}: {words}; keys: {' '.join(self.trail[-8:])}")

    async def _settle(self) -> bool:
        self._seen = None
        return await settle(self.pilot, self.app)

    # -- a key --------------------------------------------------------------------------------------

    async def _send(self, key: str) -> None:
        event = events.Key(key, key_to_character(REPLACED_KEYS.get(key, key)))
        event.set_sender(self.app)
        assert self.app._driver is not None
        self.app._driver.send_message(event)
        if not await self._settle():
            at_work = ", ".join(sorted(one.name or one.group for one in working(self.app)))
            self._wrong(f"does not come to rest; at work: {at_work or 'a queue'}")

    async def press(self, key: str, offered: Offered | None = None) -> None:
        """Press a key; note what is wrong then."""
        before = self._seen or sight(self.app)
        self._seen = None
        self.trail.append(key)
        self.done.keys += 1
        self.done.pressed.add(keys.bound_to(self.app.screen, key))
        await self._send(key)
        if self.app._exception is not None:  # nothing answers any more
            raise self.app._exception
        screen = self.app.screen
        self.done.screens.add(type(screen).__name__)
        if isinstance(screen, Walking):
            self.done.views.add(screen.view.id)
        after = sight(self.app)
        for words in drawn_wrong(self.app, after.lines):
            self._wrong(words)
        if offered is not None:
            self.done.pressed.add(offered.id)
            if not offered.at_edge and after == before:
                off = "" if offered.enabled else " (off here)"
                self._wrong(f"dead: {key} {offered.id or offered.action}{off}")
        self._seen = after
        if self.app.left:
            await self._open_again()
        if self.app._notifications:
            self.app.clear_notifications()
            self._seen = None

    async def _open_again(self) -> None:
        self.app.left = 0
        while len(self.app.screen_stack) > 1:
            self.app.pop_screen()
            await self._settle()
        self.app.open(self.request)
        await self._opened()

    async def _opened(self) -> None:
        await self._settle()
        async with asyncio.timeout(60):
            while True:
                screen = self.app.screen
                opening = isinstance(screen, Walking) and screen.bridge.phase in (
                    Phase.OPENING,
                    Phase.RUNNING,
                )
                if not opening:
                    break
                await asyncio.sleep(0.005)
        await self._settle()

    # -- every key ------------------------------------------------------------------------------------

    async def _every_key(self) -> None:
        base = self.app.screen
        if isinstance(base, Walking):
            await self._every_view(base)
        else:
            await self._every_pane()
        await self._keys_of_screen()

    async def _every_view(self, base: Walking) -> None:
        if base.bridge.phase is Phase.PAUSED:
            await self._step_by_step(base)
        for view in base.VIEWS:
            await self.press(view.key)
            await self._pane()
            pane = base.query_one(f"#view-{view.id}", Rows)
            if isinstance(pane, PolicyView):
                pane.move_to((Section.POLICY, CHAIN))
                self._seen = None
            await self.press("enter")
            await self._inside(deep=True)
        for name in ("steps", "findings", "wire"):
            base.focus_named(name)
            await self._settle()
            await self._pane()

    async def _step_by_step(self, base: Walking) -> None:
        """Perform the first steps of a live walk, and edit what is sent."""
        for _ in range(_STEPS):
            pending = base.bridge.pending
            if pending is not None and pending.editable:
                await self.press("e")
                await self._inside(deep=True)
            await self.press("n")
            await self._opened()

    async def _every_pane(self) -> None:
        base = self.app.screen
        for pane in [one for one in base.focus_chain if isinstance(one, Rows)]:
            pane.focus()
            await self._settle()
            await self._pane()

    async def _pane(self) -> None:
        """Press what the pane with the focus offers, and some of what every list does."""
        pane = self.app.focused
        for key in keys.LISTS:
            await self.press(key)
        for offered in keys.of_pane(self.app.screen):
            if self.app.focused is not pane and pane is not None and pane.is_attached:
                pane.focus()
                await self._settle()
            await self._offered(offered, inside=self._turned(offered))

    async def _keys_of_screen(self) -> None:
        base = self.app.screen
        everywhere = keys.of_app(base)
        if self.case.kind == "trace":
            everywhere = [one for one in everywhere if self._turned(one, len(SIZES), 2)]
        for offered in (*keys.of_screen(base), *everywhere):
            if offered.id in keys.LEAVING:
                continue
            if isinstance(base, Walking) and self.app.screen is not base:
                break
            await self._offered(offered, inside=self._turned(offered))
            base = self.app.screen
        if isinstance(base, Walking):
            await self._choose_in_lists(base)

    async def _choose_in_lists(self, base: Walking) -> None:
        """Enter in each pane: it leads somewhere."""
        for pane in ("findings", "steps"):
            base.focus_named(pane)
            await self._settle()
            await self.press("enter")
            await self._inside(deep=True)

    def _turned(self, offered: Offered, of: int = 3, turns: int = 1) -> bool:
        """Whether it is a key's turn at this size: each has it at so many of the sizes.

        Windows are gone through in turn, and keys that hold on every screen are pressed in turn on a trace:
        with all traces both are at every size, many times.
        """
        return (sum(map(ord, offered.id + self.case.name)) + self.turn) % of < turns

    async def _offered(self, offered: Offered, *, inside: bool) -> None:
        await self.press(offered.key, offered)
        await self._inside(deep=inside)
        await self._stop_typing()

    async def _inside(self, *, deep: bool) -> None:
        """Go through the window a key opened, if it did, and close it."""
        if not self._is_over():
            return
        top = self.app.screen
        if isinstance(top, Palette):
            for key in (*_CODE, "down", "enter"):
                await self.press(key)
        elif deep:
            for key in keys.LISTS:
                await self.press(key)
            every = [*keys.of_pane(top), *keys.of_screen(top)]
            first = self.turn % (len(every) or 1)  # a key that closes hides those behind it
            for offered in (*every[first:], *every[:first]):
                if self.app.screen is not top:
                    break
                if offered.id not in keys.LEAVING and not self._types(offered):
                    await self.press(offered.key, offered)
                    await self._stop_typing()
        await self._close_all()

    def _types(self, offered: Offered) -> bool:
        """Whether a key would be typed into the field in use."""
        return keys.is_typing(self.app.screen) and len(offered.key) == 1

    def _is_over(self) -> bool:
        return len(self.app.screen_stack) > 2

    async def _close_all(self) -> None:
        """Close what is open over the screen, as a person does: by Escape."""
        for _ in range(_OPENED * _CLOSING):
            if not self._is_over():
                break
            top = self.app.screen
            self.closed[type(top).__name__] += 1
            if isinstance(top, Walking) and not keys.is_typing(top):
                await self.press("q")
            elif isinstance(top, ConfirmScreen):
                await self.press("tab")
                await self.press("enter")
            else:
                await self.press("escape")
        else:
            self._wrong(f"{type(self.app.screen).__name__} is not closed by Escape")
            await self._open_again()
        self.closed.clear()
        await self._stop_typing()

    async def _stop_typing(self) -> None:
        """Leave the filter of a list: the next key is meant for the screen."""
        while keys.is_typing(self.app.screen) and isinstance(self.app.focused, Rows):
            await self.press("escape")

    # -- any keys ---------------------------------------------------------------------------------------

    async def _any_keys(self) -> None:
        for _ in range(self.at_random):
            await self.press(self._drawn())
            if len(self.app.screen_stack) > _OPENED:
                await self._close_all()
        await self._close_all()

    def _drawn(self) -> str:
        screen = self.app.screen
        if self.random.random() < 0.3:
            return self.random.choice(keys.ANY)
        offered = [*keys.of_pane(screen), *keys.of_screen(screen), *keys.of_app(screen)]
        named = [one.key for one in offered if one.id not in keys.LEAVING]
        chosen: str = self.random.choice([*named, *keys.LISTS, "enter", "escape"])
        return chosen

    async def _leave(self) -> None:
        """Leave the screen, and leave the application."""
        if isinstance(self.app.focused, Rows):
            await self.press("escape")
        base = self.app.screen
        for offered in [one for one in keys.of_screen(base) if one.id in keys.LEAVING]:
            if self.app.screen is not base:
                break
            await self.press("escape" if keys.is_typing(self.app.screen) else offered.key, offered)
