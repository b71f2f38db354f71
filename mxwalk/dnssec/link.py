"""Where the way down has come to, and the link that is being worked out there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rdtypes.ANY.DS import DS

from mxwalk.dnssec import resolver_faults
from mxwalk.dnssec.anchors import TrustAnchors
from mxwalk.dnssec.book import AnswerBook, is_answer, is_conclusive
from mxwalk.dnssec.denial import Denied
from mxwalk.dnssec.keys import ds_records, key_records
from mxwalk.dnssec.model import Question, Status, ZoneLink
from mxwalk.dnssec.names import Name, show
from mxwalk.dnssec.reasons import Cause, Culprit, Reason
from mxwalk.dnssec.signatures import Budget, Checked, Keys
from mxwalk.evidence.dns import DnsStatus
from mxwalk.evidence.told import no_answer_words
from mxwalk.language import say

_OUR_SIDE = frozenset({DnsStatus.CANCELLED, DnsStatus.UNREACHABLE})  # no zone has a part in it


@dataclass(frozen=True, slots=True)
class Place:
    """Where the way down has come to: the zone, its keys while it is secure, the links so far.

    ``ended`` says that no name below exists, so that there is no further cut.
    """

    zone: Name
    status: Status
    keys: Keys | None = None
    cause: Cause | None = None
    links: tuple[ZoneLink, ...] = ()
    used: tuple[Question, ...] = ()
    ended: bool = False


@dataclass(slots=True)
class Context:
    """What a validation works with."""

    book: AnswerBook
    anchors: TrustAnchors
    at: datetime
    budget: Budget
    used: dict[Question, None] = field(default_factory=dict)

    def failure(self, question: Question) -> Cause | None:
        """Return why the answer to a question cannot be used; ``None`` when it can."""
        answer = self.book.get(question)
        assert answer is not None
        if is_conclusive(answer) and self.book.message(question).readable:
            return None
        what = f"{question.qname} {question.rtype}"
        if is_conclusive(answer):
            detail = say("the message breaks off, or is none")
            return Cause(reason=Reason.UNREADABLE, what=what, detail=detail)
        if is_answer(answer):  # the message was not kept, as in a redacted trace
            return Cause(reason=Reason.ANSWERS_MISSING, what=what, detail=what)
        detail = no_answer_words(answer.error) or say(
            "the answer is {rcode}", rcode=answer.rcode or answer.status.value
        )
        culprit = Culprit.YOU if answer.status in _OUR_SIDE else None
        return Cause(reason=Reason.LOOKUP_FAILED, what=what, detail=detail, culprit=culprit)


@dataclass(slots=True)
class LinkDraft:
    """A link while it is being worked out."""

    zone: Name
    parent: str
    used: tuple[Question, ...]
    links: tuple[ZoneLink, ...] = ()
    ds: Sequence[DS] = ()
    matches: dict[DS, list[tuple[int, DNSKEY]]] = field(default_factory=dict)
    ds_checked: Checked | None = None
    keys: tuple[tuple[int, DNSKEY], ...] = ()
    entries: list[tuple[int, DNSKEY]] = field(default_factory=list)
    keys_checked: Checked | None = None
    denied: Denied | None = None

    def cause(self, reason: Reason, detail: str = "") -> Cause:
        """Return a cause that names this link's zone and parent."""
        zone = show(self.zone)
        return Cause(reason=reason, what=zone, zone=zone, parent=self.parent, detail=detail)

    def secure(self, keys: Keys) -> Place:
        """The link holds."""
        links = (*self.links, self._link(Status.SECURE, None))
        return Place(self.zone, Status.SECURE, keys, links=links, used=self.used)

    def bogus(self, context: Context, question: Question, cause: Cause) -> Place:
        """The link is broken, unless it is the resolver that keeps the proof from us."""
        blamed = resolver_faults.instead(context.book, question, cause, self.parent)
        if blamed is not None:
            return self.ended(Status.INDETERMINATE, blamed)
        return self.ended(Status.BOGUS, cause)

    def ended(self, status: Status, cause: Cause) -> Place:
        """The way down ends here."""
        links = (*self.links, self._link(status, cause))
        return Place(self.zone, status, cause=cause, links=links, used=self.used)

    def _link(self, status: Status, cause: Cause | None) -> ZoneLink:
        signers = self.keys_checked.signers if self.keys_checked else frozenset()
        return ZoneLink(
            zone=show(self.zone),
            parent=self.parent,
            status=status,
            reason=cause.reason if cause else None,
            sentence=cause.sentence if cause else "",
            fix=cause.fix if cause else "",
            ds=ds_records(self.ds, self.matches),
            ds_signatures=self.ds_checked.checks if self.ds_checked else (),
            keys=key_records(self.keys, self.entries, signers),
            key_signatures=self.keys_checked.checks if self.keys_checked else (),
            denial=self.denied.denial if self.denied else None,
        )
