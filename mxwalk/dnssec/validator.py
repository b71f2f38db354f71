"""The validator: a question, the answers fetched so far, and either what is missing or the result.

It is a pure function of the answers (RFC 4035 5): a saved trace validates again offline.  Chains of
CNAME and DNAME are validated hop by hop; what a resolver left out of a chain is asked for.
"""

from dataclasses import replace
from datetime import datetime

import dns.exception
import dns.name
import dns.rdatatype
import dns.rdtypes.ANY.CNAME
import dns.rdtypes.ANY.DNAME

from mxwalk.dnssec.anchors import TrustAnchors
from mxwalk.dnssec.book import AnswerBook
from mxwalk.dnssec.denial import Claim
from mxwalk.dnssec.judging import Subject, judge, unknown_hop, with_cause
from mxwalk.dnssec.link import Context
from mxwalk.dnssec.message import Message, SignedSet
from mxwalk.dnssec.model import Hop, HopKind, Need, Question, Status, Validation
from mxwalk.dnssec.names import Name, is_below_or_at, show, to_name
from mxwalk.dnssec.proof import CNAME, DNAME
from mxwalk.dnssec.reasons import Cause, Reason
from mxwalk.dnssec.signatures import Budget
from mxwalk.language import say
from mxwalk.limits import CNAME_HOPS
from mxwalk.text import visible

_NXDOMAIN, _YXDOMAIN = 3, 6
_SOA = 6


def validate(
    question: Question, book: AnswerBook, anchors: TrustAnchors, at: datetime
) -> Need | Validation:
    """Return the status of the answer to ``question``, or the questions to ask first.

    ``at`` is the time of the check; ``anchors`` where it begins.  Never raises on what a message
    holds; the work is bounded by ``limits``.
    """
    context = Context(book, anchors, at, Budget(book))
    name, rtype = to_name(question.qname), _type_number(question.rtype)
    if name is None or not rtype:
        shown = f"{visible(question.qname, 80)!r} {visible(question.rtype, 20)}"
        cause = Cause(reason=Reason.UNREADABLE, what=shown, detail=say("it is no question"))
        hop = unknown_hop(visible(question.qname, 300), cause)
        return Validation(question=question, at=at, hops=(hop,))
    walk = _Walk(context, Question(show(name), question.rtype), name, rtype)
    outcome = walk.run()
    if isinstance(outcome, Need):
        return outcome
    answer = book.get(walk.question)
    return Validation(
        question=walk.question,
        at=at,
        hops=outcome,
        used=tuple(context.used),
        source=walk.source,
        ad=answer is not None and answer.authentic,
    )


def _type_number(text: str) -> int:
    try:
        return int(dns.rdatatype.from_text(text))
    except (dns.exception.DNSException, ValueError):
        return 0


class _Walk:
    """Goes from name to name along the aliases."""

    def __init__(self, context: Context, question: Question, name: Name, rtype: int) -> None:
        self.question = question
        self._context = context
        self._first = self._name = name
        self._rtype = rtype
        self._hops: list[Hop] = []
        self._needs: list[Question] = []
        self.source = question  # whose answer was judged last

    def run(self) -> Need | tuple[Hop, ...]:
        """Return the hops, or everything that is needed for any of them."""
        source: Question | None = self.question
        seen = {self._name}
        while source is not None:
            if self._context.book.get(source) is None:
                self._needs.append(source)
                break
            self._context.used[source] = None
            at, self.source = self._name, source
            source = self._step(source)
            if self._name == at:
                continue
            if self._name in seen or len(seen) > CNAME_HOPS:
                self._unknown(Cause(reason=Reason.ALIAS_LOOP, what=str(self.question)))
                break
            seen.add(self._name)
        if self._needs:
            return Need(questions=tuple(dict.fromkeys(self._needs)))
        return tuple(self._hops)

    def _step(self, source: Question) -> Question | None:
        """Judge the hop at the current name; return the answer to go on with, if any.

        An alias moves on to its target.
        """
        context, name = self._context, self._name
        if (cause := context.failure(source)) is not None:
            self._unknown(replace(cause, zone=show(name)))
            return None
        message = context.book.message(source)
        if not message.is_answer_to(_asked(source), _type_number(source.rtype)):
            return self._unfit(source)
        rrset = message.answer.get((name, self._rtype))
        if rrset is not None:
            self._answer(source, message, rrset)
            return None
        if self._follow(source, message):
            return source
        alone = Question(show(name), self.question.rtype)
        left_open = name != self._first and not _denies(message)
        if source != alone and (left_open or source.rtype == "CNAME"):
            return alone  # the resolver did not follow the alias to its end
        if message.rcode == _NXDOMAIN:
            self._judge(self._subject(HopKind.NXDOMAIN, source, claim=Claim.NO_NAME))
        else:
            self._judge(self._subject(HopKind.NODATA, source))
        return None

    def _unfit(self, source: Question) -> Question | None:
        """Ask alias by alias when the answer was put together from several messages."""
        alias = Question(show(self._name), "CNAME")
        if source != alias and self.question.rtype != "CNAME":
            return alias
        detail = say("the message answers another question")
        self._unknown(Cause(reason=Reason.UNREADABLE, what=str(source), detail=detail))
        return None

    def _answer(self, source: Question, message: Message, rrset: SignedSet) -> None:
        """Judge the records asked for; a CNAME made from a DNAME by that (RFC 6672 5.3.1)."""
        dname = _dname_above(message, self._name)
        if rrset.rdtype == CNAME and not rrset.signatures and dname is not None:
            self._substitute(HopKind.ANSWER, source, dname, rrset)
        else:
            self._judge(self._subject(HopKind.ANSWER, source, rrset=rrset))

    # -- aliases ----------------------------------------------------------------------------------

    def _follow(self, source: Question, message: Message) -> bool:
        """Judge the CNAME or DNAME at the current name and move on; false when there is none."""
        if self._rtype == CNAME:
            return False
        cname = message.answer.get((self._name, CNAME))
        dname = _dname_above(message, self._name)
        if dname is not None and (cname is None or not cname.signatures):
            target = self._substitute(HopKind.DNAME, source, dname, cname)
            self._name = target or self._name
            return target is not None
        target = _cname_target(cname)
        if target is None:
            return False
        self._judge(self._subject(HopKind.CNAME, source, rrset=cname, target=show(target)))
        self._name = target
        return True

    def _substitute(
        self, kind: HopKind, source: Question, dname: SignedSet, cname: SignedSet | None
    ) -> Name | None:
        """Judge a DNAME, which is signed, and the CNAME made from it; return the name it gives."""
        target = _substituted(self._name, dname)
        shown = show(target) if target is not None else ""
        judged = self._judge(self._subject(kind, source, rrset=dname, target=shown))
        made = _cname_target(cname)
        if judged and made is not None and made != target:
            cause = Cause(reason=Reason.ALIAS_WRONG, what=show(self._name), zone=show(dname.name))
            self._hops[-1] = with_cause(replace(self._hops[-1], status=Status.BOGUS), cause)
        return target

    # -- one hop ----------------------------------------------------------------------------------

    def _subject(
        self,
        kind: HopKind,
        source: Question,
        *,
        rrset: SignedSet | None = None,
        claim: Claim = Claim.NO_DATA,
        target: str = "",
    ) -> Subject:
        return Subject(
            name=self._name,
            rtype=self._rtype,
            kind=kind,
            source=source,
            message=self._context.book.message(source),
            rrset=rrset,
            claim=claim,
            target=target,
        )

    def _judge(self, subject: Subject) -> bool:
        """Add the hop; false when something must be asked first."""
        outcome = judge(self._context, subject)
        if isinstance(outcome, Need):
            self._needs += outcome.questions
            return False
        self._hops.append(outcome)
        return True

    def _unknown(self, cause: Cause) -> None:
        self._hops.append(unknown_hop(show(self._name), cause))


def _asked(source: Question) -> Name:
    name = to_name(source.qname)
    assert name is not None
    return name


def _denies(message: Message) -> bool:
    """Whether the message goes on to deny, rather than stop at an alias (RFC 2308 2.2)."""
    return message.rcode in {_NXDOMAIN, _YXDOMAIN} or any(
        rtype == _SOA for _, rtype in message.authority
    )


def _cname_target(cname: SignedSet | None) -> Name | None:
    data = cname.data[0] if cname is not None else None
    if not isinstance(data, dns.rdtypes.ANY.CNAME.CNAME):
        return None
    target: Name = data.target.canonicalize()
    return target


def _dname_above(message: Message, name: Name) -> SignedSet | None:
    """Return the DNAME set above the name, the closest (RFC 6672 3.2)."""
    found = [
        each
        for (owner, rtype), each in message.answer.items()
        if rtype == DNAME
        and owner != name
        and is_below_or_at(name, owner)
        and isinstance(each.data[0], dns.rdtypes.ANY.DNAME.DNAME)
    ]
    return max(found, key=lambda each: len(each.name.labels), default=None)


def _substituted(name: Name, dname: SignedSet) -> Name | None:
    """Return the name that the DNAME makes of ``name``; ``None`` when it is too long."""
    data = dname.data[0]
    assert isinstance(data, dns.rdtypes.ANY.DNAME.DNAME)
    try:
        target: Name = name.relativize(dname.name).concatenate(data.target).canonicalize()
    except dns.name.NameTooLong:
        return None
    return target
