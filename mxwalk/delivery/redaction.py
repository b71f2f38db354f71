"""Redaction with results that stay: the entry for everyone who writes a trace for others.

A macro of SPF can put the sender's local part into the names it asks (RFC 7208 7.2).  The evaluation is
therefore run twice side by side, for the real sender and for the replaced one, and the real answers are
kept under the names that the replaced sender leads to.  The hosts of the receiving side are the own
ones of whoever walks a message; which they are is read from its trace fields here.
"""

import re
from typing import TYPE_CHECKING

import msgspec

from mxwalk.clock import from_rfc3339
from mxwalk.evidence import redact as evidence
from mxwalk.evidence.dns import DnsAnswer, DnsStatus, RRset
from mxwalk.evidence.mailauth import SpfChecked
from mxwalk.evidence.trace import Header, Trace
from mxwalk.limits import MESSAGE_CLAIMS_READ
from mxwalk.names import is_address

if TYPE_CHECKING:  # only a message walk needs them, and they take long to load
    from mxwalk.mailauth.asking import Asking, Question
    from mxwalk.mailauth.spf.model import Evaluation


_SIGNER = re.compile(r"(?:^|;)\s*d\s*=\s*([^;\s]+)")


def redact(trace: Trace, *, with_notes: bool = False) -> Trace:
    """Return the trace with every secret replaced, and marked as redacted.

    The administrator's notes are emptied unless ``with_notes`` asks for them.
    """
    return evidence.redact(trace, renamed, own_hosts(trace), with_notes=with_notes)


def own_hosts(trace: Trace) -> frozenset[bytes]:
    """Return the hosts of the receiving side, in lower case: given, or named by its trace fields.

    These are the host that took the message in, those behind it, and the id under which they write
    results (RFC 8601 2.5).  A name that the report is about is none of them.
    """
    given = trace.header.message
    if given is None:
        return frozenset()
    from mxwalk.mailauth.envelope import arrival
    from mxwalk.mailauth.message import read_message

    message = read_message(given.raw, whole=given.whole)
    found = arrival(message, given)
    border = found.hop.number if found.hop is not None else 0
    names = {given.receiver, found.receiver.value}
    for hop in message.hops:
        if hop.number <= border:
            names.add(hop.by)
        if hop.number < border:
            names |= {hop.helo, hop.rdns}
    own = {name for one in names if _is_host(name := one.lower().strip(".[] "))}
    ids = {
        _authserv_id(field.value)
        for field in message.named("Authentication-Results")[:MESSAGE_CLAIMS_READ]
    }
    own |= {one for one in ids if _is_host(one) and _organization(one) in map(_organization, own)}
    about = {found.helo.value, found.mail_from.value.rpartition("@")[2], *message.author_domains}
    about |= {found.hop.rdns} if found.hop is not None else set()
    for field in message.signatures:
        about |= set(_SIGNER.findall(field.value))
    told = {one.lower().strip(".<> ") for one in about}
    return frozenset(
        name.encode()
        for name in own
        if not any(one == name or one.endswith(f".{name}") for one in told)
    )


def _is_host(name: str) -> bool:
    return "." in name and name.isascii() and not is_address(name)


def _authserv_id(value: str) -> str:
    return (value.partition(";")[0].split() or [""])[0].lower()


def _organization(name: str) -> str:
    from mxwalk.identity.suffixes import organizational_domain

    return organizational_domain(name)


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
