"""Make the pictures from the real application on the lab: ``python -m screenshots.make [NAME...]``.

Each picture is what to open, a terminal size and the keys pressed; nothing in them is drawn by hand.
Each is made in English and, below ``ko``, in Korean.
"""

import asyncio
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from textual.pilot import Pilot

from mxwalk.clock import Clock
from mxwalk.commands import own
from mxwalk.delivery.mark import Mark
from mxwalk.language import ENGLISH, LANGUAGES, say, use_language
from mxwalk.ownside.result import Result
from screenshots import inputs
from tui.app import MxwalkApp
from tui.bridge import Phase
from tui.first_time import put_away
from tui.request import Request
from tui.screens.start import StartScreen
from tui.screens.walk import Walking
from tui.screens.watch import WatchScreen
from tui.settings import Settings
from widgets.text_pane import ChoiceList

FOLDER = Path(__file__).parent
WAIT = "<wait>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A name, what to open, the size, and the keys.

    Opened is a scenario, or what ``opens`` makes in a folder of its own.  ``<wait>`` among the keys
    waits until the walk pauses or the watch ends; a function is called with the application.
    """

    name: str
    keys: Sequence[str | Callable[[MxwalkApp], None]]
    size: tuple[int, int] = (120, 36)
    scenario: str | None = None
    sender: str = "esa:5"
    opens: Callable[[Path], Request] | None = None


PICTURES = (
    Picture(name="start", keys=["down"]),
    Picture(name="stepping", scenario="esa-hosted", keys=["n", WAIT] * 14),
    Picture(name="ehlo-malformed", scenario="ehlo-1869", keys=[*(["n", WAIT] * 9), "2"]),
    Picture(name="tls", scenario="tls10-only", keys=["c", WAIT, "3"]),
    Picture(name="chain", scenario="pkix-missing-intermediate", keys=["c", WAIT, "4"]),
    Picture(name="identity-5", scenario="esa-hosted", keys=["c", WAIT, "5"]),
    Picture(
        name="identity-5-and-6",
        scenario="esa-hosted",
        size=(190, 30),
        keys=["c", WAIT, "5", "d", "z"],
    ),
    Picture(name="tlsa", scenario="dane-mismatch", sender="exchange-online", keys=["c", WAIT, "6"]),
    Picture(
        name="dnssec",
        scenario="dnssec-stale-ds",
        sender="exchange-online",
        keys=["c", WAIT, "7"],
    ),
    Picture(name="policy", scenario="sts-mx-mismatch", sender="mta-sts", keys=["c", WAIT, "8"]),
    Picture(name="spf", scenario="spf-too-many-lookups", keys=["c", WAIT, "2"]),
    Picture(name="dkim", scenario="dkim-list-footer", keys=["c", WAIT, "3"]),
    Picture(name="dmarc", scenario="dmarc-third-party", keys=["c", WAIT, "4"]),
    Picture(name="rollout", scenario="domain-monitoring", keys=["c", WAIT, "5"]),
    Picture(name="verdicts", scenario="esa-hosted", keys=["c", WAIT, "v"]),
    Picture(name="explain", scenario="ehlo-1869", keys=["c", WAIT, "tab", "tab", "enter"]),
    Picture(name="export", scenario="esa-hosted", keys=["c", WAIT, "x"]),
    Picture(name="three-panes", scenario="esa-hosted", size=(180, 48), keys=["c", WAIT, "5"]),
    Picture(name="route", scenario="dane-good", keys=["c", WAIT, "1"]),
    Picture(name="message", scenario="dmarc-third-party", keys=["c", WAIT, "1"]),
    Picture(name="headers", scenario="dmarc-third-party", keys=["c", WAIT, "5"]),
    Picture(name="domain", scenario="domain-monitoring", keys=["c", WAIT, "1"]),
    Picture(name="tour", opens=inputs.tour, size=(100, 30), keys=["c", WAIT, "2", WAIT]),
    Picture(name="clue", opens=inputs.clue, keys=[WAIT]),
    Picture(name="reports", opens=inputs.tls_reports, keys=[WAIT]),
    Picture(name="dmarc-reports", opens=inputs.dmarc_reports, keys=[WAIT]),
    Picture(name="catalogue", keys=["f6", WAIT, "/", *"tlsa", "enter", WAIT]),
    Picture(
        name="letter",
        scenario="dane-mismatch",
        sender="exchange-online",
        keys=["c", WAIT, "M", WAIT, WAIT, WAIT],
    ),
    Picture(name="compare", opens=inputs.compare, keys=[WAIT, WAIT]),
    Picture(
        name="watch",
        scenario="dane-mismatch",
        sender="exchange-online",
        keys=["c", WAIT, inputs.watch, WAIT, "home"],
    ),
    Picture(name="jump", scenario="esa-hosted", keys=["c", WAIT, "5", "ctrl+o"]),
    Picture(name="palette", scenario="esa-hosted", keys=["c", WAIT, "ctrl+p", *"mx0a", WAIT, WAIT]),
    Picture(name="note", scenario="pkix-expired", keys=["c", WAIT, "N", *"renewed today at 14:00"]),
    Picture(name="80x24", scenario="ehlo-1869", size=(80, 24), keys=[*(["n", WAIT] * 9), "2"]),
)


async def take(picture: Picture) -> str:
    """Run the application, press the keys, and return the SVG."""
    request = (
        Request(scenario=picture.scenario, sender=picture.sender) if picture.scenario else None
    )
    if picture.opens is not None:
        request = await asyncio.to_thread(_opened, picture.opens)
    app = MxwalkApp(request, Settings(glyphs="unicode"))
    async with app.run_test(size=picture.size) as pilot:
        await _settle(pilot)
        for key in picture.keys:
            if key == WAIT:
                await _settle(pilot)
            elif callable(key):
                key(app)
                await pilot.pause()
            else:
                await pilot.press(key)
                await pilot.pause()
        await pilot.pause(0.3)
        return plain_svg(app.export_screenshot(title="mxwalk"))


def _opened(opens: Callable[[Path], Request]) -> Request:
    """Return what a picture opens; its files are in a folder that the system clears."""
    return opens(Path(tempfile.mkdtemp(prefix="mxwalk-picture-")))


async def _settle(pilot: Pilot[None]) -> None:
    async with asyncio.timeout(30):
        while True:
            await pilot.pause(0.02)
            screen = pilot.app.screen
            if isinstance(screen, WatchScreen):
                if screen.rounds.end is not None:
                    break
                continue
            if isinstance(screen, StartScreen) and not screen.query_one(ChoiceList).rows:
                continue
            if not isinstance(screen, Walking):
                break
            if screen.bridge.phase not in (Phase.OPENING, Phase.RUNNING):
                break
        await pilot.pause(0.1)


def plain_svg(svg: str) -> str:
    """Take out the fonts loaded from elsewhere, and keep spaces where viewers would drop them."""
    svg = re.sub(r"@font-face\s*\{.*?\}", "", svg, flags=re.DOTALL)
    svg = svg.replace(
        "Fira Code, monospace", "Fira Code, DejaVu Sans Mono, Menlo, Consolas, monospace"
    )
    svg = svg.replace("&#160;", " ").replace("<text ", '<text xml:space="preserve" ')
    return re.sub(r"[ \t]+\n", "\n", svg)


async def _checks(
    resolver: str, helo: str, clock: Clock, outside: Sequence[str] = ()
) -> AsyncIterator[Result]:
    """What the panel says on a machine where all is well; the real one would show whose it is."""
    del resolver, helo, outside
    server, name, took = "192.0.2.53:53", "probe.example.net", "4 ms"
    validates = say("{server} answers and validates DNSSEC ({took})", server=server, took=took)
    yield Result(id="resolver", label=say("resolver"), state=Mark.OK, words=validates)
    fits = say("{now} fits the root's signature", now=f"{clock.now():%Y-%m-%d %H:%M} UTC")
    yield Result(id="clock", label=say("clock"), state=Mark.OK, words=fits)
    no_route = say("no route: IPv6 addresses will not be reached")
    yield Result(id="ipv6", label="IPv6", state=Mark.INFO, words=no_route)
    yield Result(id="helo", label=say("HELO name"), state=Mark.OK, words=name)
    confirmed = say("{source} is {name}, forward-confirmed", source="198.51.100.7", name=name)
    yield Result(id="ptr", label=say("own PTR"), state=Mark.OK, words=confirmed)


def path_of(name: str, code: str) -> Path:
    """Return where a picture is in a language."""
    folder = FOLDER if code == ENGLISH else FOLDER / code
    return folder / f"{name}.svg"


def main(names: Sequence[str]) -> None:
    """Make all pictures, or those named, in every language."""
    unknown = set(names) - {picture.name for picture in PICTURES}
    if unknown:
        raise SystemExit(f"there is no picture {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        platformdirs.user_config_path = lambda *_a, **_k: home / "config"  # type: ignore[assignment]
        platformdirs.user_state_path = lambda *_a, **_k: home / "state"  # type: ignore[assignment]
        own.self_check = _checks
        for hint in ("start", "walk"):
            put_away(hint)
        for picture in PICTURES:
            if not names or picture.name in names:
                for code in LANGUAGES:
                    use_language(code)
                    path = path_of(picture.name, code)
                    path.parent.mkdir(exist_ok=True)
                    path.write_text(asyncio.run(take(picture)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
