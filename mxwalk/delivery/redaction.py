"""Redaction with results that stay: the entry for everyone who writes a trace for others.

A macro of SPF can put the sender's local part into the names it asks (RFC 7208 7.2).  The evaluation is
therefore run twice side by side, for the real sender and for the replaced one, and the real answers are
kept under the names that the replaced sender leads to.
"""

from typing import TYPE_CHECKING

import msgspec

from mxwalk.clock import from_rfc3339
from mxwalk.evidence import redact as evidence
from mxwalk.evidence.dns import DnsAnswer, DnsStatus, RRset
from mxwalk.evidence.mailauth import SpfChecked
from mxwalk.evidence.trace import Header, Trace


if TYPE_CHECKING:  # only a message walk needs them, and they take long to load
    from mxwalk.mailauth.asking import Asking, Question
    from mxwalk.mailauth.spf.model import Evaluation


def redact(trace: Trace) -> Trace:
    """Return the trace with every secret replaced, and marked as redacted."""
    return evidence.redact(trace, renamed)


def renamed(checked: SpfChecked, sender: str, header: Header) -> SpfChecked:
    """Return the evidence of an evaluation as that of another sender at the same domain.

    Where both would ask differently (a limit on the length of a label, say), the answers end: what
    cannot be told any more is then a temporary error, never another result.
    """
    kept = {_key(answer.qname, answer.rtype): answer for answer in checked.answers}
    real, other = _asking(checked, checked.sender, header), _asking(checked, sender, header)
    answers: dict[tuple[str, str], DnsAnswer] = {}
    dropped: set[str] = set()
    try:
        asked, told = next(real), next(other)
        while [one.rtype for one in asked] == [one.rtype for one in told]:
            real_answers, told_answers = [], []
            for question, new in zip(asked, told, strict=True):
                answer = kept.get(_key(*question)) or _unknown(question)
                renamed_answer = _under(answer, question.qname, new.qname)
                real_answers.append(answer)
                told_answers.append(renamed_answer)
                dropped.update(_names_below(question.qname, new.qname))
                if _key(*question) in kept:
                    answers.setdefault(_key(*new), renamed_answer)
            try:
                told = other.send(tuple(told_answers))
            finally:  # both go on, whoever ends first
                asked = real.send(tuple(real_answers))
    except StopIteration:
        pass
    return msgspec.structs.replace(
        checked,
        sender=sender,
        answers=tuple(answers.values()),
        support=tuple(one for one in checked.support if one.qname.lower() not in dropped),
    )


def _asking(checked: SpfChecked, sender: str, header: Header) -> "Asking[Evaluation]":
    from mxwalk.mailauth.spf.evaluate import evaluate

    return evaluate(
        checked.client_ip,
        checked.domain,
        sender,
        checked.helo,
        receiver=(header.message.receiver if header.message else "") or "unknown",
        now=from_rfc3339(header.started_at),
    )


def _key(qname: str, rtype: str) -> "Question":
    from mxwalk.mailauth.asking import Question

    return Question(qname.lower(), rtype)


def _unknown(question: "Question") -> DnsAnswer:
    return DnsAnswer(qname=question.qname, rtype=question.rtype, status=DnsStatus.CANCELLED)


def _under(answer: DnsAnswer, old: str, new: str) -> DnsAnswer:
    """Return the answer under another name; the message as it came holds the old one and goes."""
    if old.lower() == new.lower():
        return answer

    def name(text: str) -> str:
        return new if text.lower() == old.lower() else text

    def sets(given: tuple[RRset, ...]) -> tuple[RRset, ...]:
        return tuple(msgspec.structs.replace(one, name=name(one.name)) for one in given)

    return msgspec.structs.replace(
        answer,
        qname=new,
        answer=sets(answer.answer),
        authority=sets(answer.authority),
        cname_hops=tuple(name(hop) for hop in answer.cname_hops),
        wire=b"",
    )


def _names_below(old: str, new: str) -> set[str]:
    """Return the names of ``old`` that hold something ``new`` has not: DNSSEC asked some of them."""
    labels, others = old.lower().split("."), new.lower().split(".")
    common = 0
    while common < min(len(labels), len(others)) and labels[-1 - common] == others[-1 - common]:
        common += 1
    return {".".join(labels[at:]) for at in range(len(labels) - common)}
