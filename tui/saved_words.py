"""What tells saved walks apart: of what, when, what became of the mail, and whether all is there."""

from dataclasses import dataclass
from pathlib import Path

from textual.content import Content

from mxwalk.delivery.build import build_delivery
from mxwalk.evidence.journal import read_trace
from mxwalk.evidence.trace import Header, Trace
from mxwalk.files import takes_files
from mxwalk.language import say
from mxwalk.limits import SAVED_WALK_TOLD_BYTES
from mxwalk.receivers.registry import judge_or_first
from mxwalk.saved import port_of
from mxwalk.session import traces_directory
from mxwalk.text import visible
from mxwalk.walk.ending import is_unfinished
from widgets.plain import Look, line, mark, outcome_mark, outcome_words

_NAME = 60
_SMTP = 25


def name_of(header: Header) -> str:
    """Return what was walked: the scenario, or the target with its port where that is not 25."""
    if header.scenario:
        return visible(header.scenario, _NAME)
    name, port = header.target.text, port_of(header)
    if port and port != _SMTP and not name.endswith(f":{port}"):
        name = f"{name} :{port}" if header.target.domain else f"{name}:{port}"
    return visible(name, _NAME)


def begun(header: Header) -> str:
    """Return when, to the minute, in UTC."""
    return visible(header.started_at, 20)[:16].replace("T", " ")


def came_of(trace: Trace) -> Content:
    """Return what became of the mail, behind what is missing of the walk."""
    header, delivery = trace.header, build_delivery(trace)
    missing = say("unfinished") if is_unfinished(delivery) else ""
    if trace.damage and not missing:
        missing = say("damaged")
    if not trace.steps:
        return line((say("nothing walked"), Look.DIM))
    judge = judge_or_first(header.purpose, header.options.sender)
    outcome = judge.judge(delivery).outcome
    symbol, look = mark(outcome_mark(outcome))
    came = line((f"{symbol} {outcome_words(outcome, over=True)}", look))
    return line((f"{missing}: ", Look.WARN)) + came if missing else came


@dataclass(frozen=True, slots=True)
class Told:
    """A saved walk in a line."""

    name: str
    when: str
    came: Content


def told_of(path: Path) -> Told | None:
    """Return what a file holds; ``None`` for one that takes long to judge.

    Raises ``TraceError`` and ``OSError`` for one that cannot be read.
    """
    if path.stat().st_size > SAVED_WALK_TOLD_BYTES:
        return None
    trace = read_trace(path)
    return Told(name_of(trace.header), begun(trace.header), came_of(trace))


def none_yet() -> str:
    """Return what is said where there are no saved walks: that there will be, or why not."""
    return not_saved() or say("none yet: every walk is saved as it goes")


def not_saved() -> str:
    """Return why no walk would be saved now; empty where it would."""
    path = traces_directory()
    if takes_files(path):
        return ""
    return say("walks are not saved: {path} takes no files", path=visible(str(path), 200))
