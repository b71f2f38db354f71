"""Validation from what a trace holds, without asking anybody."""

from datetime import datetime

from mxwalk.dnssec.anchors import TrustAnchors
from mxwalk.dnssec.book import AnswerBook
from mxwalk.dnssec.judging import unknown_hop
from mxwalk.dnssec.model import Need, Question, Validation
from mxwalk.dnssec.reasons import Cause, Reason
from mxwalk.dnssec.validator import validate
from mxwalk.language import say
from mxwalk.text import visible

_NAMED = 3


def validate_saved(
    question: Question, book: AnswerBook, anchors: TrustAnchors, at: datetime
) -> Validation:
    """Return the status by the answers in the book; INDETERMINATE when some are not there."""
    outcome = validate(question, book, anchors, at)
    if isinstance(outcome, Validation):
        return outcome
    return Validation(
        question=question, at=at, hops=(unknown_hop(question.qname, _cause(outcome, question)),)
    )


def _cause(need: Need, question: Question) -> Cause:
    names = [visible(str(each), 120) for each in need.questions[:_NAMED]]
    more = len(need.questions) - len(names)
    detail = ", ".join(names) + (say(" and {more} more", more=more) if more else "")
    what = visible(str(question), 300)
    return Cause(reason=Reason.ANSWERS_MISSING, what=what, detail=detail)
