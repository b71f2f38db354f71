"""``mxwalk lab --tour`` without a terminal: the tour as text, with what came of each walk."""

from collections.abc import Iterator

import msgspec

from mxwalk.commands.ending import run as run_to_end
from mxwalk.commands.streams import print_lines
from mxwalk.delivery.build import build_delivery
from mxwalk.evidence.trace import Trace
from mxwalk.findings.model import Severity
from mxwalk.findings.registry import check
from mxwalk.lab.scenario import load_scenario
from mxwalk.lab.tour import Stop, stops
from mxwalk.language import say
from mxwalk.receivers.registry import judge
from mxwalk.senders.outcomes import words_of
from mxwalk.session import lab_options, walk_scenario
from mxwalk.wrapping import fill

_WIDTH = 96
_INDENT = "    "


def run(*, ascii_only: bool) -> int:
    """Walk every stop, print its text and its outcome, and return the exit code."""
    return run_to_end(_run(ascii_only=ascii_only))


async def _run(*, ascii_only: bool) -> int:
    course = stops()
    for number, stop in enumerate(course, start=1):
        trace = await walk_stop(stop)
        lines = list(told(number, len(course), stop, trace))
        print_lines([*lines, ""], ascii_only=ascii_only)
    print_lines([say("On screen: {command}", command="mxwalk lab --tour")], ascii_only=ascii_only)
    return 0


async def walk_stop(stop: Stop) -> Trace:
    """Walk a stop's scenario to its end, judged as its sender."""
    options = msgspec.structs.replace(lab_options(stop.scenario), sender=stop.sender)
    return await walk_scenario(stop.scenario, options)


def told(number: int, of: int, stop: Stop, trace: Trace) -> Iterator[str]:
    """Yield the lines of a stop: its words, and what its walk came to."""
    delivery = build_delivery(trace)
    profile = judge(load_scenario(stop.scenario).purpose, stop.sender)
    verdict = profile.judge(delivery)
    yield f"{number}/{of}  {stop.title}   ({stop.scenario}, {stop.sender})"
    yield from _paragraph(_plain(stop.intro))
    for task in stop.tasks:
        yield f"{_INDENT}{task.key:<4}{task.words}"
    yield f"  > {say(profile.label)}: {words_of(verdict.outcome)}"
    for finding in check(delivery):
        if finding.level is Severity.ERROR:
            yield from _paragraph(f"{finding.code}: {finding.sentence}", indent="    ")
    yield from _paragraph(_plain(stop.see))
    yield from _paragraph("? " + _plain(stop.question))
    yield from _paragraph(_plain(stop.answer), indent="    ")


def _plain(text: str) -> str:
    """Return a text of the tour without the marks around names."""
    return text.replace("`", "")


def _paragraph(text: str, indent: str = "  ") -> list[str]:
    """Return a text in lines."""
    return fill(text, _WIDTH, indent)
