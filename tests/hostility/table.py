"""The table: every door, every text, every way, and the parts of the product that are tried otherwise.

A case has a name, which replays it.
"""

import signal
import tempfile
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from mxwalk.evidence.trace import Purpose, Trace
from mxwalk.reports.render import render
from tests.hostile import BUNDLES, CORPUS, HUGE, huge
from tests.hostility import browser, played, ways, words
from tests.hostility.doors import DOORS, Door, Kind

TEXTS = {**BUNDLES, **{one.name: one.octets for one in CORPUS}}
PARTS = ("documents", "words", "long", "screens", "terminal", "browser")
# Where ten megabytes come in: files of commands, the wire, a trace's strings, and what is pasted.
LONG = ("files", "banner", "EHLO", "policy", "trace", "paste")
_BUNDLES = tuple(BUNDLES)
_MOST_S = 600  # of one case; the longest takes half a minute on a slow machine


@dataclass(frozen=True, slots=True)
class Case:
    """One text at one door, and how it is looked at."""

    part: str
    door: str
    text: str

    def __str__(self) -> str:
        return f"{self.part}/{self.door}/{self.text}"

    @classmethod
    def parse(cls, written: str) -> "Case":
        """Read what ``str`` writes."""
        part, _, rest = written.partition("/")
        door, _, text = rest.rpartition("/")
        return cls(part, door, text)


def cases(part: str) -> Iterator[Case]:
    """Yield the cases of a part.

    Documents are made of every text at every door.  What takes seconds is tried with texts that hold
    some of each family (``BUNDLES``): screens and plays with one, in turn, words and pages with all.
    """
    match part:
        case "documents":
            for door in DOORS:
                for text in TEXTS:
                    yield Case(part, door.name, text)
        case "words":
            for name in dict.fromkeys(name for name, _ in words.places()):
                for text in TEXTS:
                    yield Case(part, name, text)
            for text in TEXTS:
                yield Case(part, "others", text)
        case "long":
            for text in HUGE:
                for name in LONG:
                    yield Case(part, name, text)
        case "screens":
            for at, door in enumerate(DOORS):
                yield Case(part, door.name, _BUNDLES[at % len(_BUNDLES)])
        case "terminal":
            for at, name in enumerate(played.PLAYS):
                for turn in range(2):
                    yield Case(part, name, _BUNDLES[(at + turn) % len(_BUNDLES)])
        case "browser":
            for door in DOORS:
                if door.brings is Kind.WALK:
                    for text in ("pages", "markup"):
                        yield Case(part, door.name, text)


def door_named(name: str) -> Door:
    """Return a door."""
    return next(door for door in DOORS if door.name == name)


@lru_cache(maxsize=1)
def _entered(door: str, text: str) -> Trace | bytes:
    return door_named(door).enter(TEXTS[text])


def faults(case: Case) -> Iterator[str]:
    """Try a case, and yield what is wrong."""
    text = huge(case.text) if case.part == "long" else TEXTS[case.text]
    match case.part:
        case "documents":
            door = door_named(case.door)
            brought = _entered(case.door, case.text)
            for way in ways.WAYS:
                if way.takes is door.brings:
                    yield from (f"{way.name}: {one}" for one in ways.faults(way, brought))
        case "words":
            yield from _of_words(case.door, text)
        case "long" if case.door == "files":
            yield from _said_of(words.long_files(text))
        case "long" if case.door == "trace":
            yield from _said_of(words.long_traces(text))
        case "long" if case.door == "paste":
            yield from _of_a_paste(text)
        case "long":
            trace = door_named(case.door).enter(text)
            for way in ways.WAYS:
                if way.takes is Kind.WALK:
                    yield from (f"{way.name}: {one}" for one in ways.faults(way, trace))
        case "screens":
            yield from _of_screens(case, text)
        case "terminal":
            yield from played.faults(case.door, text)
        case "browser":
            yield from _of_pages(case)


class _EndlessError(BaseException):
    """A case that does not end; nothing that is tried catches it."""


def tried(case: Case) -> list[str]:
    """Return what is wrong in a case; what it raises is, and that it does not end.

    In the main thread of a process, for that is where a signal is heard.
    """
    before = signal.signal(signal.SIGALRM, _ends)
    signal.setitimer(signal.ITIMER_REAL, _MOST_S)
    try:
        return list(faults(case))
    except _EndlessError:
        return [f"it did not end within {_MOST_S} seconds: {traceback.format_exc()[-800:]}"]
    except Exception as error:  # noqa: BLE001 - that none escapes is part of what is tried
        return [f"it raised {error!r}"[:1_000]]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _ends(*_: object) -> None:
    raise _EndlessError


def _of_words(name: str, text: bytes) -> Iterator[str]:
    if name == "others":
        lines = list(words.others(text))
    else:
        lines = [
            line
            for command, param in words.places()
            if command == name
            for line in words.typed(name, param, text)
        ]
    yield from _said_of(lines)


def _said_of(lines: Iterable[words.Typed]) -> Iterator[str]:
    for line in lines:
        yield from (f"{line.name}: {one}" for one in words.faults(line))


def _of_screens(case: Case, text: bytes) -> Iterator[str]:
    import asyncio

    from tests.hostility.screens import HostileWalk

    brought = _entered(case.door, case.text)
    walk = HostileWalk(door_named(case.door), case.text, brought, whole=True)
    yield from asyncio.run(walk.run()).wrong


def _of_a_paste(text: bytes) -> Iterator[str]:
    import asyncio

    from tests.hostility.screens import pasted

    yield from asyncio.run(pasted(text.decode("utf-8", "replace")))


def _of_pages(case: Case) -> Iterator[str]:
    trace = _entered(case.door, case.text)
    assert isinstance(trace, Trace)
    judge = "esa:5" if trace.header.purpose is Purpose.DELIVERY else "standard"
    with tempfile.TemporaryDirectory(prefix="hostility-") as folder:
        yield from browser.faults(render(trace, "html", sender=judge), Path(folder))
        for page in ways.pages_of_comparison(trace):
            yield from browser.faults(page, Path(folder))
