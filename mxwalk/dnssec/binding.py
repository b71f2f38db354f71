"""Whether an answer is the one that was validated.

Where a resolver leaves an alias open, its target is asked for twice: for the records, and for their
signatures.  Somebody on the way may answer the two differently: what holds for the one says nothing of
the other.
"""

from dataclasses import replace

from mxwalk.dnssec.book import AnswerBook, is_answer
from mxwalk.dnssec.judging import with_cause
from mxwalk.dnssec.model import Status, Validation
from mxwalk.dnssec.names import show, to_name
from mxwalk.dnssec.reasons import Cause, Reason
from mxwalk.evidence.dns import DnsAnswer, DnsStatus


def bound(validation: Validation, answer: DnsAnswer, book: AnswerBook) -> Validation:
    """Return the validation, INDETERMINATE if it holds for other records than those of ``answer``."""
    source = validation.source
    held = book.get(source) if source is not None else None
    if validation.status is not Status.SECURE or held is None or held is answer:
        return validation
    last = validation.hops[-1]
    if not is_answer(answer) or (_end(answer) == last.name and _says(answer) == _says(held)):
        return validation
    cause = Cause(
        reason=Reason.ANSWERS_DIFFER,
        what=str(validation.question),
        zone=last.zone,
        detail=held.server,
    )
    differing = with_cause(replace(last, status=Status.INDETERMINATE), cause)
    return replace(validation, hops=(*validation.hops[:-1], differing))


def _end(answer: DnsAnswer) -> str:
    end = answer.cname_hops[-1] if answer.cname_hops else answer.qname
    name = to_name(end)
    return end if name is None else show(name)


def _says(answer: DnsAnswer) -> frozenset[str]:
    """Return the records; names in them are compared without case."""
    if answer.status is not DnsStatus.OK:
        return frozenset()
    exact = answer.rtype == "TXT"
    return frozenset(each if exact else each.lower() for each in answer.records())
