"""The validator: a question, the answers fetched so far, and either what is missing or the result.

It is a pure function of the answers (RFC 4035 5): a saved trace validates again offline.  Chains of
CNAME and DNAME are validated hop by hop; what a resolver left out of a chain is asked for.
"""

from dataclasses import dataclass, replace
from datetime import datetime

import dns.exception
import dns.name
import dns.rdatatype
import dns.rdtypes.ANY.CNAME
import dns.rdtypes.ANY.DNAME

from mxwalk.dnssec import resolver_faults
from mxwalk.dnssec.anchors import TrustAnchors
from mxwalk.dnssec.book import AnswerBook
from mxwalk.dnssec.chain import Context, Place, go_down
from mxwalk.dnssec.denial import Claim, Claimed, Denied, prove
from mxwalk.dnssec.message import Message, SignedSet
from mxwalk.dnssec.model import (
    Denial,
    Hop,
    HopKind,
    Need,
    Question,
    SignatureCheck,
    Status,
    Validation,
)
from mxwalk.dnssec.names import Name, is_below_or_at, show, to_name, type_text
from mxwalk.dnssec.proof import CNAME, DNAME, DS, Case
from mxwalk.dnssec.reasons import Cause, Reason
from mxwalk.dnssec.signatures import Budget, Checked, cause_of, check_set
from mxwalk.limits import CNAME_HOPS
from mxwalk.text import visible

_NXDOMAIN, _YXDOMAIN = 3, 6
_SOA, _NSEC, _NSEC3 = 6, 47, 50


def validate(
    question: Question, book: AnswerBook, anchors: TrustAnchors, at: datetime
) -> Need | Validation:
    """Return the status of the answer to ``question``, or the questions to ask first.

    ``at`` is the time of the check; ``anchors`` where it begins.  Never raises on what a message
    holds; the work is bounded by ``limits``.
    """
    context = Context(book, anchors, at, Budget(book))
    name = to_name(question.qname)
    rtype = _type_number(question.rtype)
    if name is None or not rtype:
        detail = f"{visible(question.qname, 80)!r} {visible(question.rtype, 20)} is no question"
        cause = Cause(reason=Reason.UNREADABLE, what=visible(str(question), 120), detail=detail)
        return Validation(question=question, at=at, hops=(_unknown(question.qname, cause),))
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
        ad=answer is not None and answer.authentic,
    )


def _type_number(text: str) -> int:
    try:
        return int(dns.rdatatype.from_text(text))
    except (dns.exception.DNSException, ValueError):
        return 0


def _unknown(name: str, cause: Cause) -> Hop:
    return _hop(_Found(HopKind.UNKNOWN, visible(name, 300)), Status.INDETERMINATE, cause)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signed:
    """What is to be checked of a hop: its records, or its denial when ``rrset`` is ``None``."""

    source: Question
    message: Message
    rrset: SignedSet | None
    claim: Claim = Claim.NO_DATA


@dataclass(slots=True)
class _Found:
    """A hop while it is being worked out."""

    kind: HopKind
    name: str
    target: str = ""
    place: Place | None = None
    signatures: tuple[SignatureCheck, ...] = ()
    denial: Denial | None = None


def _hop(found: _Found, status: Status, cause: Cause | None = None) -> Hop:
    hop = Hop(
        name=found.name,
        kind=found.kind,
        status=status,
        target=found.target,
        signatures=found.signatures,
        denial=found.denial,
        zone=show(found.place.zone) if found.place else "",
        links=found.place.links if found.place else (),
    )
    if cause is None:
        return hop
    return replace(
        hop, reason=cause.reason, sentence=cause.sentence, fix=cause.fix, culprit=cause.who
    )


class _Walk:
    """Goes from name to name along the aliases."""

    def __init__(self, context: Context, question: Question, name: Name, rtype: int) -> None:
        self.question = question
        self._context = context
        self._name = name
        self._rtype = rtype
        self._hops: list[Hop] = []
        self._needs: list[Question] = []

    def run(self) -> Need | tuple[Hop, ...]:
        """Return the hops, or everything that is needed for any of them."""
        source = self.question
        seen = {self._name}
        while True:
            if self._context.book.get(source) is None:
                self._needs.append(source)
                break
            self._context.used[source] = None
            following = self._step(source)
            if following is None:
                break
            source, target = following
            if target is None:
                continue
            if target in seen or len(seen) > CNAME_HOPS:
                cause = Cause(reason=Reason.ALIAS_LOOP, what=str(self.question))
                self._hops.append(_unknown(show(target), cause))
                break
            seen.add(target)
            self._name = target
        if self._needs:
            return Need(questions=tuple(dict.fromkeys(self._needs)))
        return tuple(self._hops)

    def _step(self, source: Question) -> tuple[Question, Name | None] | None:
        """Judge the hop at the current name; return where its alias leads and what says so.

        A target of ``None`` asks the same hop again of another answer.
        """
        context, name = self._context, self._name
        if (cause := context.failure(source)) is not None:
            self._hops.append(_unknown(show(name), self._words(cause)))
            return None
        message = context.book.message(source)
        alone = Question(show(name), self.question.rtype)
        if not message.is_answer_to(_asked(source), _type_number(source.rtype)):
            # The answer was put together from several; each alias is asked for on its own.
            alias = Question(show(name), "CNAME")
            if source == alias or self.question.rtype == "CNAME":
                detail = "the message answers another question"
                unfit = Cause(reason=Reason.UNREADABLE, what=str(source), detail=detail)
                self._hops.append(_unknown(show(name), unfit))
                return None
            return alias, None
        rrset = message.answer.get((name, self._rtype))
        if rrset is not None:
            kind = _Found(HopKind.ANSWER, show(name))
            self._judge(kind, _Signed(source=source, message=message, rrset=rrset))
            return None
        alias_hop = self._alias(source, message)
        if alias_hop is not None:
            return source, alias_hop
        if self._hops and source != alone and not _denies(message):
            return alone, None  # the resolver did not follow the alias to its end
        if source.rtype == "CNAME" and source != alone:
            return alone, None
        absent = message.rcode == _NXDOMAIN
        found = _Found(HopKind.NXDOMAIN if absent else HopKind.NODATA, show(name))
        claim = Claim.NO_NAME if absent else Claim.NO_DATA
        self._judge(found, _Signed(source=source, message=message, rrset=None, claim=claim))
        return None

    def _words(self, cause: Cause) -> Cause:
        return replace(cause, zone=cause.zone or show(self._name))

    # -- aliases ----------------------------------------------------------------------------------

    def _alias(self, source: Question, message: Message) -> Name | None:
        """Judge the CNAME or DNAME at the current name and return its target."""
        if self._rtype == CNAME:
            return None
        name = self._name
        cname = message.answer.get((name, CNAME))
        if cname is not None and cname.signatures:
            return self._cname(source, message, cname)
        dname = _dname_above(message, name)
        if dname is not None:
            return self._dname(source, message, dname, cname)
        return self._cname(source, message, cname) if cname is not None else None

    def _cname(self, source: Question, message: Message, cname: SignedSet) -> Name | None:
        data = cname.data[0]
        if not isinstance(data, dns.rdtypes.ANY.CNAME.CNAME):
            return None
        target: Name = data.target.canonicalize()
        found = _Found(HopKind.CNAME, show(self._name), show(target))
        self._judge(found, _Signed(source=source, message=message, rrset=cname))
        return target

    def _dname(
        self, source: Question, message: Message, dname: SignedSet, cname: SignedSet | None
    ) -> Name | None:
        """RFC 6672 5.3.1: the DNAME is signed, the CNAME made from it is not."""
        data = dname.data[0]
        assert isinstance(data, dns.rdtypes.ANY.DNAME.DNAME)
        found = _Found(HopKind.DNAME, show(self._name))
        try:
            prefix = self._name.relativize(dname.name)
            target = prefix.concatenate(data.target).canonicalize()
        except dns.name.NameTooLong:
            target = None
        made = (
            cname.data[0].target
            if cname and isinstance(cname.data[0], dns.rdtypes.ANY.CNAME.CNAME)
            else target
        )
        found.target = show(target) if target is not None else ""
        self._judge(found, _Signed(source=source, message=message, rrset=dname))
        if made != target and self._hops:
            cause = Cause(reason=Reason.ALIAS_WRONG, what=show(self._name), zone=show(dname.name))
            found.place = None
            self._hops[-1] = _hop(found, Status.BOGUS, cause)
        return target

    # -- one hop ----------------------------------------------------------------------------------

    def _judge(self, found: _Found, signed: _Signed) -> None:
        """Append the hop, or note what is needed for it."""
        signer = self._signer(signed)
        owner = signed.rrset.name if signed.rrset is not None else self._name
        if signer is None and self._of_rtype(signed) == DS and owner != dns.name.root:
            owner = owner.parent()  # RFC 4035 3.1.4.1: the parent answers for DS
        place = go_down(self._context, signer if signer is not None else owner)
        if isinstance(place, Need):
            self._needs += place.questions
            return
        found.place = place
        if place.status is not Status.SECURE:
            self._hops.append(_hop(found, place.status, place.cause))
            return
        if signed.rrset is not None:
            self._judge_records(found, signed, signed.rrset, place)
        else:
            self._judge_denial(found, signed, place)

    def _of_rtype(self, signed: _Signed) -> int:
        return signed.rrset.rdtype if signed.rrset is not None else self._rtype

    def _signer(self, signed: _Signed) -> Name | None:
        """Return the deepest zone that signs and may hold the name; ``None`` without one."""
        if signed.rrset is not None:
            sets, owner = [signed.rrset], signed.rrset.name
        else:
            owner = self._name
            sets = [
                each
                for (_, rtype), each in signed.message.authority.items()
                if rtype in {_SOA, _NSEC, _NSEC3}
            ]
        of_parent = self._of_rtype(signed) == DS
        signers = {
            rrsig.signer.canonicalize()
            for each in sets
            for rrsig in each.signatures
            if is_below_or_at(owner, rrsig.signer)
            and not (of_parent and rrsig.signer == owner and owner != dns.name.root)
        }
        return max(signers, key=lambda each: len(each.labels), default=None)

    def _judge_records(
        self, found: _Found, signed: _Signed, rrset: SignedSet, place: Place
    ) -> None:
        assert place.keys is not None
        context = self._context
        checked = check_set(rrset, place.keys, context.at, context.budget)
        found.signatures = checked.checks
        what = f"{show(rrset.name)} {type_text(rrset.rdtype)}"
        if checked.valid is None:
            cause = cause_of(checked, what, show(place.zone), context.at)
            self._bogus(found, signed, cause)
            return
        if not checked.wildcard:
            self._hops.append(_hop(found, Status.SECURE))
            return
        denied = self._no_exact_match(signed, rrset, place, checked)
        found.denial = denied.denial
        self._append_denied(found, signed, denied)

    def _no_exact_match(
        self, signed: _Signed, rrset: SignedSet, place: Place, checked: Checked
    ) -> Denied:
        """RFC 4035 5.3.4: a wildcard's answer needs the proof that nothing closer exists."""
        assert place.keys is not None
        assert checked.valid is not None
        claimed = Claimed(
            case=Case(rrset.name, rrset.rdtype, place.zone),
            claim=Claim.NO_EXACT_MATCH,
            what=f"{show(rrset.name)} {type_text(rrset.rdtype)}",
            zone=show(place.zone),
            encloser=rrset.name.split(checked.valid.labels + 1)[1],
        )
        denied = prove(signed.message, claimed, place.keys, self._context.at, self._context.budget)
        if denied.cause is not None and denied.cause.reason is Reason.DENIAL_MISSING:
            cause = replace(denied.cause, reason=Reason.DENIAL_WILDCARD_ANSWER)
            return replace(denied, cause=cause)
        return denied

    def _judge_denial(self, found: _Found, signed: _Signed, place: Place) -> None:
        assert place.keys is not None
        claimed = Claimed(
            case=Case(self._name, self._rtype, place.zone),
            claim=signed.claim,
            what=f"{show(self._name)} {self.question.rtype}",
            zone=show(place.zone),
        )
        denied = prove(signed.message, claimed, place.keys, self._context.at, self._context.budget)
        found.denial = denied.denial
        self._append_denied(found, signed, denied)

    def _append_denied(self, found: _Found, signed: _Signed, denied: Denied) -> None:
        if denied.cause is None:
            self._hops.append(_hop(found, Status.SECURE))
        elif denied.insecure:
            self._hops.append(_hop(found, Status.INSECURE, denied.cause))
        else:
            self._bogus(found, signed, denied.cause)

    def _bogus(self, found: _Found, signed: _Signed, cause: Cause) -> None:
        assert found.place is not None
        zone = show(found.place.zone)
        blamed = resolver_faults.instead(self._context.book, signed.source, cause, zone)
        if blamed is not None:
            self._hops.append(_hop(found, Status.INDETERMINATE, blamed))
        else:
            self._hops.append(_hop(found, Status.BOGUS, cause))


def _asked(source: Question) -> Name:
    name = to_name(source.qname)
    assert name is not None
    return name


def _denies(message: Message) -> bool:
    """Whether the message goes on to deny, rather than stop at an alias (RFC 2308 2.2)."""
    return message.rcode in {_NXDOMAIN, _YXDOMAIN} or any(
        rtype == _SOA for _, rtype in message.authority
    )


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
