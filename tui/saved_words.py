"""What tells saved walks apart: of what, when, what became of the mail, and whether all is there."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from textual.content import Content

from mxwalk.delivery.build import build_delivery
from mxwalk.evidence.journal import read_trace
from mxwalk.evidence.trace import Header, Trace
from mxwalk.files import refusal, without_home
from mxwalk.language import say
from mxwalk.limits import SAVED_WALK_TOLD_BYTES
from mxwalk.receivers.registry import judge_or_first
from mxwalk.saved import port_of
from mxwalk.senders.model import Outcome
from mxwalk.session import traces_directory
from mxwalk.text import visible
from mxwalk.walk.ending import is_unfinished
from mxwalk.wordings import system_words
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


@dataclass(frozen=True, slots=True)
class _Judged:
    """What a saved walk comes to, in no language: what became of the mail, and what is missing."""

    outcome: Outcome | None  # nothing was walked
    unfinished: bool = False
    damaged: bool = False


def came_of(trace: Trace) -> Content:
    """Return what became of the mail, behind what is missing of the walk."""
    return _came(_judged(trace))


def _judged(trace: Trace) -> _Judged:
    header = trace.header
    if not trace.steps:
        return _Judged(None)
    delivery = build_delivery(trace)
    judge = judge_or_first(header.purpose, header.options.sender)
    outcome = judge.judge(delivery).outcome
    return _Judged(outcome, is_unfinished(delivery), bool(trace.damage))


def _came(judged: _Judged) -> Content:
    if judged.outcome is None:
        return line((say("nothing walked"), Look.DIM))
    symbol, look = mark(outcome_mark(judged.outcome))
    came = line((f"{symbol} {outcome_words(judged.outcome, over=True)}", look))
    if not judged.unfinished and not judged.damaged:
        return came
    return _missing(judged) + came


def _missing(judged: _Judged) -> Content:
    missing = say("damaged") if judged.damaged else say("unfinished")
    return line((f"{missing}: ", Look.WARN))


def _in_short(judged: _Judged) -> Content:
    """Return the same where there is little room: what is missing, and the outcome's symbol."""
    if judged.outcome is None or not (judged.unfinished or judged.damaged):
        return _came(judged)
    return _missing(judged) + line(mark(outcome_mark(judged.outcome)))


@dataclass(frozen=True, slots=True)
class Told:
    """A saved walk in a line."""

    name: str
    when: str
    came: Content
    short: Content  # the same, where there is little room


def told_of(path: Path) -> Told | None:
    """Return what a file holds; ``None`` for one that takes long to judge.

    Raises ``TraceError`` and ``OSError`` for one that cannot be read.
    """
    found = path.stat()
    if found.st_size > SAVED_WALK_TOLD_BYTES:
        return None
    name, when, judged = _read(path, found.st_ino, found.st_size, found.st_mtime_ns)
    return Told(name, when, _came(judged), _in_short(judged))


@lru_cache(maxsize=16)
def _read(path: Path, *_as_found: int) -> tuple[str, str, _Judged]:
    """Read and judge a file once, as long as it is the same: the list is drawn at every return."""
    trace = read_trace(path)
    return name_of(trace.header), begun(trace.header), _judged(trace)


def none_yet() -> str:
    """Return what is said where there are no saved walks: that there will be, or why not."""
    return not_saved() or say("none yet: every walk is saved as it goes")


def not_saved() -> str:
    """Return why no walk would be saved now; empty where it would."""
    refused = refusal(traces_directory())
    if refused is None:
        return ""
    path = visible(without_home(str(refused.filename or traces_directory())), 200)
    return say("walks are not saved: {why} ({path})", why=system_words(refused), path=path)
