"""The answers a validation may use, and what was already worked out from them.

One book serves a whole walk: zone keys are fetched and checked once, and the signatures checked are
counted, so that no set of answers can keep us busy (CVE-2023-50387).  The same answers give the same
result, whatever the order in which they came.
"""

from collections.abc import Iterable
from typing import Any, Self

from mxwalk.dnssec.message import Message, read_message
from mxwalk.dnssec.model import Question
from mxwalk.evidence.dns import DnsAnswer, DnsStatus
from mxwalk.limits import DNSSEC_CHECKS_PER_WALK

_CONCLUSIVE = frozenset({DnsStatus.OK, DnsStatus.NODATA, DnsStatus.NXDOMAIN, DnsStatus.LOOP})


def is_answer(answer: DnsAnswer) -> bool:
    """Say whether an answer came, kept whole or not."""
    return answer.status in _CONCLUSIVE


def is_conclusive(answer: DnsAnswer) -> bool:
    """Say whether an answer came that can be validated."""
    return is_answer(answer) and bool(answer.wire)


class AnswerBook:
    """Answers by question; a conclusive one replaces one that is not, and stays."""

    def __init__(self) -> None:
        self._answers: dict[Question, DnsAnswer] = {}
        self._messages: dict[Question, Message] = {}
        self.memo: dict[Any, Any] = {}
        self.checks_left = DNSSEC_CHECKS_PER_WALK

    @classmethod
    def of(cls, answers: Iterable[DnsAnswer]) -> Self:
        """Return a book of the answers of a saved trace."""
        book = cls()
        for answer in answers:
            book.add(answer)
        return book

    def grown(self, answers: Iterable[DnsAnswer]) -> "AnswerBook | None":
        """Return this book with more answers; ``None`` when one is to a question in it."""
        book = AnswerBook()
        book._answers = dict(self._answers)
        book._messages = dict(self._messages)
        book.memo = dict(self.memo)  # an answer more changes nothing in what rests on others
        book.checks_left = self.checks_left
        for answer in answers:
            if _question(answer) in self._answers:
                return None
            book.add(answer)
        return book

    def add(self, answer: DnsAnswer) -> None:
        """Take an answer in."""
        question = _question(answer)
        known = self._answers.get(question)
        if known is not None and (is_conclusive(known) or not is_conclusive(answer)):
            return
        self._answers[question] = answer
        if known is not None:  # a failure gave way to an answer: what rested on it is judged anew
            self._messages.pop(question, None)
            self.memo.clear()

    def get(self, question: Question) -> DnsAnswer | None:
        """Return the answer to a question."""
        return self._answers.get(question)

    def message(self, question: Question) -> Message:
        """Return the answer's message, read once; an unreadable one when there is none."""
        if question not in self._messages:
            answer = self._answers.get(question)
            self._messages[question] = read_message(answer.wire if answer else b"")
        return self._messages[question]

    def answers(self, questions: Iterable[Question]) -> tuple[DnsAnswer, ...]:
        """Return the answers to those of ``questions`` that are in the book."""
        return tuple(self._answers[each] for each in questions if each in self._answers)


def _question(answer: DnsAnswer) -> Question:
    return Question(answer.qname.lower(), answer.rtype)
