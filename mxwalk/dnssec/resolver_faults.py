"""When it is the resolver that keeps DNSSEC records from us, and not the zone that lacks them.

The signs: no EDNS in the answer (the DO bit was ignored); no RRSIG in anything the resolver gave;
records of the root missing, which the root does have; an AD bit, which claims a validation whose
records are not passed on; and a failure as soon as the root's keys are asked for.
"""

from mxwalk.dnssec.book import AnswerBook
from mxwalk.dnssec.model import Question
from mxwalk.dnssec.reasons import Cause, Culprit, Reason
from mxwalk.evidence.dns import DnsStatus
from mxwalk.language import say

_MISSING = frozenset({Reason.RRSIG_MISSING, Reason.DENIAL_MISSING, Reason.DENIAL_WILDCARD_ANSWER})
_SAYS_NO = frozenset({DnsStatus.SERVFAIL, DnsStatus.REFUSED, DnsStatus.OTHER_RCODE})


def at_the_top(book: AnswerBook, failure: Cause) -> Cause:
    """Return what a failed question for the anchored zone's keys says of the resolver."""
    qname, _, rtype = failure.what.rpartition(" ")
    answer = book.get(Question(qname, rtype))
    if answer is not None and answer.status in _SAYS_NO:
        detail = say(
            "{server} answers {rcode} to {what}",
            server=answer.server,
            rcode=answer.rcode,
            what=failure.what,
        )
        return Cause(reason=Reason.RESOLVER_FAILS_DO, what=failure.what, detail=detail)
    return Cause(
        reason=failure.reason,
        what=failure.what,
        detail=failure.detail,
        culprit=Culprit.RESOLVER,
    )


def stripped(book: AnswerBook, question: Question) -> Cause:
    """Return that the resolver leaves DNSSEC records out of this answer."""
    answer = book.get(question)
    server = answer.server if answer is not None else ""
    edns = book.message(question).edns
    reason = Reason.RESOLVER_STRIPS if edns else Reason.RESOLVER_IGNORES_DO
    return Cause(reason=reason, what=str(question), detail=server)


def instead(book: AnswerBook, question: Question, cause: Cause, zone: str) -> Cause | None:
    """Return the resolver's fault when the records that ``cause`` misses were kept from us."""
    if cause.reason not in _MISSING:
        return None
    message = book.message(question)
    whole = message.edns and (message.is_signed or not message.ad) and zone != "."
    return None if whole else stripped(book, question)
