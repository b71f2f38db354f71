"""The guided tour: a course through the lab's scenarios that teaches one thing at each stop.

``tour.toml`` has the stops, ``texts.LANGUAGE.toml`` their words in a language.  What the words claim of
a walk stands beside them as ``claims``, so that a test can hold it against the walk.
"""

import tomllib
from functools import lru_cache
from importlib import resources

import msgspec

from mxwalk.errors import ScenarioError
from mxwalk.findings.model import Owner
from mxwalk.language import LANGUAGES, language
from mxwalk.senders.model import Outcome


class Task(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key to press: its action's id, and what of the screen shows that it was done."""

    key: str
    action: str
    done: str
    words: str = ""


class Claims(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the words say of the walk: findings and who must act, verdicts, codes by sender."""

    findings: dict[str, Owner] = msgspec.field(default_factory=dict)
    verdicts: dict[str, Outcome] = msgspec.field(default_factory=dict)
    codes: dict[str, str] = msgspec.field(default_factory=dict)


class Stop(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One scenario, judged as ``sender``; what to do, what is seen then, a question and its answer."""

    id: str
    scenario: str
    sender: str
    tasks: tuple[Task, ...]
    claims: Claims
    title: str = ""
    intro: str = ""
    see: str = ""
    question: str = ""
    answer: str = ""


class Words(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words of a stop in one language; those of the tasks in their order."""

    title: str
    intro: str
    tasks: tuple[str, ...]
    see: str
    question: str
    answer: str


class _Course(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    stops: tuple[Stop, ...]


def stops() -> tuple[Stop, ...]:
    """Return the stops in the language spoken.  Raises ``ScenarioError`` for a file in disorder."""
    return _stops(language())


@lru_cache(maxsize=len(LANGUAGES))
def _stops(code: str) -> tuple[Stop, ...]:
    course = msgspec.convert(_read("tour.toml"), _Course)
    words = msgspec.convert(_read(f"texts.{code}.toml"), dict[str, Words])
    return tuple(_spoken(stop, words) for stop in course.stops)


def _read(name: str) -> object:
    file = resources.files("mxwalk.lab.tour") / name
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ScenarioError(f"tour: {name}: {error}") from error


def _spoken(stop: Stop, words: dict[str, Words]) -> Stop:
    """Return the stop with its words."""
    told = words.get(stop.id)
    if told is None or len(told.tasks) != len(stop.tasks):
        raise ScenarioError(f"tour: the stop {stop.id} lacks words")
    tasks = tuple(
        msgspec.structs.replace(task, words=said)
        for task, said in zip(stop.tasks, told.tasks, strict=True)
    )
    return msgspec.structs.replace(
        stop,
        tasks=tasks,
        title=told.title,
        intro=told.intro,
        see=told.see,
        question=told.question,
        answer=told.answer,
    )
