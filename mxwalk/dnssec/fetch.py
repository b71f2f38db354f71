"""Drives the validator live: what it needs is asked together, and kept in the walk's book."""

import asyncio
from dataclasses import replace
from datetime import datetime

import msgspec

from mxwalk.dns.resolver import Resolver
from mxwalk.dnssec.anchors import TrustAnchors
from mxwalk.dnssec.binding import bound
from mxwalk.dnssec.book import AnswerBook, is_conclusive
from mxwalk.dnssec.model import Hop, HopKind, Need, Question, Status, Validation
from mxwalk.dnssec.reasons import Cause, Reason
from mxwalk.dnssec.validator import validate
from mxwalk.evidence.dns import DnsAnswer
from mxwalk.limits import DNSSEC_QUESTIONS


async def validate_live(
    resolver: Resolver,
    asked: DnsAnswer | Question | tuple[str, str],
    anchors: TrustAnchors,
    at: datetime,
    book: AnswerBook,
) -> tuple[Validation, tuple[DnsAnswer, ...]]:
    """Validate an answer, or ask first; return the result and the answers it rests on.

    ``resolver`` sets CD, so that bogus data is seen (RFC 6840 5.9).  An ``asked`` answer that is no
    answer (SERVFAIL from a validating resolver) is asked again.  At most
    ``limits.DNSSEC_QUESTIONS`` questions are asked.
    """
    question = _question(asked)
    if isinstance(asked, DnsAnswer) and is_conclusive(asked):
        book.add(asked)
    left = DNSSEC_QUESTIONS
    while isinstance(outcome := validate(question, book, anchors, at), Need):
        left -= len(outcome.questions)
        if left < 0:
            outcome = _too_many(question, at)
            break
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_ask(resolver, each)) for each in outcome.questions]
        for task in tasks:
            book.add(task.result())
    if isinstance(asked, DnsAnswer):
        outcome = bound(outcome, asked, book)
    return outcome, book.answers(outcome.used)


async def _ask(resolver: Resolver, question: Question) -> DnsAnswer:
    answer = await resolver.query(question.qname, question.rtype)
    if (answer.qname, answer.rtype) == (question.qname, question.rtype):
        return answer
    return msgspec.structs.replace(answer, qname=question.qname, rtype=question.rtype)


def _question(asked: DnsAnswer | Question | tuple[str, str]) -> Question:
    match asked:
        case DnsAnswer():
            question = Question(asked.qname, asked.rtype)
        case Question():
            question = asked
        case _:
            question = Question(*asked)
    return replace(question, qname=question.qname.rstrip(".").lower() or ".")


def _too_many(question: Question, at: datetime) -> Validation:
    cause = Cause(
        reason=Reason.TOO_MANY_QUESTIONS, what=str(question), detail=str(DNSSEC_QUESTIONS)
    )
    hop = Hop(
        name=question.qname,
        kind=HopKind.UNKNOWN,
        status=Status.INDETERMINATE,
        reason=cause.reason,
        sentence=cause.sentence,
        fix=cause.fix,
        culprit=cause.who,
    )
    return Validation(question=question, at=at, hops=(hop,))
