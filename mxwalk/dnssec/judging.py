"""One hop of an answer: its records and their RRSIGs, or its denial, against the keys of its zone.

RFC 4035 5.3 for what exists, 5.4 for what does not, 5.3.4 for what a wildcard gave.
"""

from dataclasses import dataclass, replace

import dns.name

from mxwalk.dnssec import resolver_faults
from mxwalk.dnssec.chain import go_down
from mxwalk.dnssec.denial import Claim, Claimed, Denied, prove
from mxwalk.dnssec.link import Context, Place
from mxwalk.dnssec.message import Message, SignedSet
from mxwalk.dnssec.model import Denial, Hop, HopKind, Need, Question, SignatureCheck, Status
from mxwalk.dnssec.names import Name, is_below_or_at, show, type_text
from mxwalk.dnssec.proof import DS, Case
from mxwalk.dnssec.reasons import Cause, Reason
from mxwalk.dnssec.signatures import Checked, cause_of, check_set

_SOA, _NSEC, _NSEC3 = 6, 47, 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is to be judged: the records at ``name``, or the claim that ``rtype`` is not there."""

    name: Name
    rtype: int
    kind: HopKind
    source: Question
    message: Message
    rrset: SignedSet | None = None
    claim: Claim = Claim.NO_DATA
    target: str = ""

    @property
    def owner(self) -> Name:
        """The name the records have; for a DNAME it is above the hop's."""
        return self.rrset.name if self.rrset is not None else self.name

    @property
    def type_asked(self) -> int:
        """The type of the records, or the one that is denied."""
        return self.rrset.rdtype if self.rrset is not None else self.rtype

    @property
    def words(self) -> str:
        """The subject in a sentence."""
        return f"{show(self.owner)} {type_text(self.type_asked)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the judgement rests on."""

    place: Place | None = None
    signatures: tuple[SignatureCheck, ...] = ()
    denial: Denial | None = None


def make_hop(
    subject: Subject, status: Status, cause: Cause | None = None, found: Found | None = None
) -> Hop:
    """Return the hop with the words of its cause."""
    found = found or Found()
    place = found.place
    return with_cause(
        Hop(
            name=show(subject.name),
            kind=subject.kind,
            status=status,
            target=subject.target,
            signatures=found.signatures,
            denial=found.denial,
            zone=show(place.zone) if place else "",
            links=place.links if place else (),
        ),
        cause,
    )


def with_cause(hop: Hop, cause: Cause | None) -> Hop:
    """Return the hop with the words of its cause."""
    if cause is None:
        return hop
    return replace(
        hop, reason=cause.reason, sentence=cause.sentence, fix=cause.fix, culprit=cause.who
    )


def unknown_hop(name: str, cause: Cause) -> Hop:
    """Return a hop of which nothing can be said."""
    hop = Hop(name=name, kind=HopKind.UNKNOWN, status=Status.INDETERMINATE)
    return with_cause(hop, cause)


def judge(context: Context, subject: Subject) -> Hop | Need:
    """Return the hop with its status, or what must be asked first."""
    signer = _signer(subject)
    start = signer if signer is not None else subject.owner
    if signer is None and subject.type_asked == DS and start != dns.name.root:
        start = start.parent()  # RFC 4035 3.1.4.1: the parent answers for DS
    place = go_down(context, start)
    if isinstance(place, Need):
        return place
    if place.status is not Status.SECURE:
        return make_hop(subject, place.status, place.cause, Found(place=place))
    if subject.rrset is not None:
        return _records(context, subject, subject.rrset, place)
    claimed = Claimed(
        case=Case(subject.name, subject.rtype, place.zone),
        claim=subject.claim,
        what=subject.words,
        zone=show(place.zone),
    )
    return _denied(context, subject, _proof(context, subject, place, claimed), Found(place=place))


def _signer(subject: Subject) -> Name | None:
    """Return the deepest zone that signs and may hold the name; ``None`` without one."""
    sets = [subject.rrset] if subject.rrset is not None else _denying(subject)
    owner = subject.owner
    of_parent = subject.type_asked == DS and owner != dns.name.root
    signers = {
        rrsig.signer.canonicalize()
        for each in sets
        for rrsig in each.signatures
        if is_below_or_at(owner, rrsig.signer) and not (of_parent and rrsig.signer == owner)
    }
    return max(signers, key=lambda each: len(each.labels), default=None)


def _denying(subject: Subject) -> list[SignedSet]:
    """Return the sets whose signer denies the name: the SOA record's, which names the zone.

    Other proofs in the section may be those of an earlier hop's wildcard, of another zone.
    """
    authority = subject.message.authority
    soas = [
        each
        for (owner, rtype), each in authority.items()
        if rtype == _SOA and is_below_or_at(subject.name, owner)
    ]
    if soas:
        return [max(soas, key=lambda each: len(each.name.labels))]
    return [each for (_, rtype), each in authority.items() if rtype in {_NSEC, _NSEC3}]


def _records(context: Context, subject: Subject, rrset: SignedSet, place: Place) -> Hop:
    assert place.keys is not None
    checked = check_set(rrset, place.keys, context.at, context.budget)
    found = Found(place=place, signatures=checked.checks)
    if checked.valid is None:
        cause = cause_of(checked, subject.words, show(place.zone), context.at)
        return _bogus(context, subject, cause, found)
    if not checked.wildcard:
        return make_hop(subject, Status.SECURE, None, found)
    return _denied(context, subject, _no_exact_match(context, subject, place, checked), found)


def _no_exact_match(context: Context, subject: Subject, place: Place, checked: Checked) -> Denied:
    """RFC 4035 5.3.4: a wildcard's answer needs the proof that nothing closer exists."""
    assert checked.valid is not None
    claimed = Claimed(
        case=Case(subject.owner, subject.type_asked, place.zone),
        claim=Claim.NO_EXACT_MATCH,
        what=subject.words,
        zone=show(place.zone),
        encloser=subject.owner.split(checked.valid.labels + 1)[1],
    )
    denied = _proof(context, subject, place, claimed)
    if denied.cause is not None and denied.cause.reason is Reason.DENIAL_MISSING:
        return replace(denied, cause=replace(denied.cause, reason=Reason.DENIAL_WILDCARD_ANSWER))
    return denied


def _proof(context: Context, subject: Subject, place: Place, claimed: Claimed) -> Denied:
    assert place.keys is not None
    return prove(subject.message, claimed, place.keys, context.at, context.budget)


def _denied(context: Context, subject: Subject, denied: Denied, found: Found) -> Hop:
    found = replace(found, denial=denied.denial)
    if denied.cause is None:
        return make_hop(subject, Status.SECURE, None, found)
    if denied.insecure:
        return make_hop(subject, Status.INSECURE, denied.cause, found)
    return _bogus(context, subject, denied.cause, found)


def _bogus(context: Context, subject: Subject, cause: Cause, found: Found) -> Hop:
    """Return a bogus hop, unless it is the resolver that keeps the proof from us."""
    assert found.place is not None
    zone = show(found.place.zone)
    blamed = resolver_faults.instead(context.book, subject.source, cause, zone)
    if blamed is not None:
        return make_hop(subject, Status.INDETERMINATE, blamed, found)
    return make_hop(subject, Status.BOGUS, cause, found)
