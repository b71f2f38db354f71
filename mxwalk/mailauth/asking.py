"""Evaluations that ask DNS, written as generators: questions come out, answers go in.

The evaluation itself never touches a resolver.  ``ask`` runs it live and keeps every answer;
``replay`` runs it again over answers that were kept, which is how a saved trace is read.  Questions
yielded together do not depend on each other and are asked together.
"""

import asyncio
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import Generic, NamedTuple, Protocol, TypeVar

from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.language import say


class Question(NamedTuple):
    """One DNS question: a name in A-labels without trailing dot, and a record type."""

    qname: str
    rtype: str


T = TypeVar("T")
Questions = tuple[Question, ...]
Answers = tuple[DnsAnswer, ...]
# An evaluation: yields questions, is sent their answers in the same order, returns its result.
Asking = Generator[Questions, Answers, T]


class Asked(Protocol):
    """What an evaluation is run over: the resolver of a walk, a test's zone, a published suite."""

    async def query(self, qname: str, rtype: str) -> DnsAnswer:
        """Ask for the records of a type at a name; every outcome is an answer."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """A finished evaluation and every answer it rested on, each question once, in order."""

    result: T
    answers: Answers


async def ask(
    asking: Asking[T], resolver: Asked, on_answer: Callable[[DnsAnswer], None] | None = None
) -> Outcome[T]:
    """Run an evaluation over a resolver; ``on_answer`` is called as answers come."""
    kept: dict[Question, DnsAnswer] = {}

    async def put(question: Question) -> None:
        if question not in kept:
            answer = await resolver.query(*question)
            kept[question] = answer
            if on_answer is not None:
                on_answer(answer)

    try:
        questions = next(asking)
        while True:
            async with asyncio.TaskGroup() as group:
                for question in dict.fromkeys(questions):
                    group.create_task(put(question))
            questions = asking.send(tuple(kept[question] for question in questions))
    except StopIteration as stop:
        return Outcome(stop.value, tuple(kept.values()))


def replay(asking: Asking[T], answers: Iterable[DnsAnswer]) -> T:
    """Run an evaluation over answers that were kept.

    A question nobody asked then is answered by ``CANCELLED``: a step that was broken off, or a newer
    version that asks more, knows no more than what was seen.
    """
    return replay_whole(asking, answers)[0]


def replay_whole(asking: Asking[T], answers: Iterable[DnsAnswer]) -> tuple[T, bool]:
    """Run an evaluation over answers that were kept; return too whether all it asked were there."""
    kept = {Question(answer.qname.lower(), answer.rtype): answer for answer in answers}
    whole = True
    try:
        questions = next(asking)
        while True:
            found = tuple(_kept(kept, question) for question in questions)
            whole = whole and all(one.status is not DnsStatus.CANCELLED for one in found)
            questions = asking.send(found)
    except StopIteration as stop:
        result: T = stop.value
        return result, whole


def _kept(kept: dict[Question, DnsAnswer], question: Question) -> DnsAnswer:
    found = kept.get(Question(question.qname.lower(), question.rtype))
    return found or DnsAnswer(
        qname=question.qname,
        rtype=question.rtype,
        status=DnsStatus.CANCELLED,
        error=say("this was not asked"),
    )
