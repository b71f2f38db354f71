"""Make the pictures of the README from the real application on the lab: ``python -m screenshots.make``.

Each picture is a scenario, a terminal size and the keys pressed; nothing in them is drawn by hand.
"""

import asyncio
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from textual.pilot import Pilot

from mxwalk.clock import Clock
from mxwalk.commands import own
from mxwalk.delivery.mark import Mark
from mxwalk.ownside.result import Result
from tui.app import MxwalkApp
from tui.bridge import Phase
from tui.request import Request
from tui.screens.walk import Walking
from tui.settings import Settings

FOLDER = Path(__file__).parent
WAIT = "<wait>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A name, what to walk, the size, and the keys; ``<wait>`` waits until the walk pauses."""

    name: str
    keys: Sequence[str]
    size: tuple[int, int] = (120, 36)
    scenario: str | None = None
    sender: str = "esa:5"


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
    Picture(name="80x24", scenario="ehlo-1869", size=(80, 24), keys=[*(["n", WAIT] * 9), "2"]),
)


async def take(picture: Picture) -> str:
    """Run the application, press the keys, and return the SVG."""
    request = (
        Request(scenario=picture.scenario, sender=picture.sender) if picture.scenario else None
    )
    app = MxwalkApp(request, Settings(glyphs="unicode"))
    async with app.run_test(size=picture.size) as pilot:
        await _settle(pilot)
        for key in picture.keys:
            if key == WAIT:
                await _settle(pilot)
            else:
                await pilot.press(key)
                await pilot.pause()
        await pilot.pause(0.3)
        return plain_svg(app.export_screenshot(title="mxwalk"))


async def _settle(pilot: Pilot[None]) -> None:
    async with asyncio.timeout(30):
        while True:
            await pilot.pause(0.02)
            screen = pilot.app.screen
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


async def _checks(resolver: str, helo: str, clock: Clock) -> AsyncIterator[Result]:
    """What the panel says on a machine where all is well; the real one would show whose it is."""
    del resolver, helo
    yield Result(
        id="resolver",
        label="resolver",
        state=Mark.OK,
        words="192.0.2.53:53 answers and validates DNSSEC",
    )
    fits = f"{clock.now():%Y-%m-%d} fits the root's signature"
    yield Result(id="clock", label="clock", state=Mark.OK, words=fits)
    yield Result(
        id="ipv6",
        label="IPv6",
        state=Mark.INFO,
        words="no route: IPv6 addresses will not be reached",
    )
    yield Result(id="helo", label="HELO name", state=Mark.OK, words="probe.example.net")
    confirmed = "198.51.100.7 is probe.example.net, forward-confirmed"
    yield Result(id="ptr", label="own PTR", state=Mark.OK, words=confirmed)


def main(names: Sequence[str]) -> None:
    """Make all pictures, or those named."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        platformdirs.user_config_path = lambda *_a, **_k: home / "config"  # type: ignore[assignment]
        platformdirs.user_state_path = lambda *_a, **_k: home / "state"  # type: ignore[assignment]
        own.self_check = _checks
        for picture in PICTURES:
            if not names or picture.name in names:
                svg = asyncio.run(take(picture))
                (FOLDER / f"{picture.name}.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
