"""Proofs by NSEC records (RFC 4034 4, RFC 4035 5.4), in canonical name order (RFC 4034 6.1)."""

from collections.abc import Sequence

from dns.rdtypes.ANY.NSEC import NSEC

from mxwalk.dnssec.model import Denial, DenialKind, DenialRecord
from mxwalk.dnssec.names import Name, common_ancestor, is_below_or_at, show
from mxwalk.dnssec.proof import DNAME, Case, Outcome, Span, kind_at, nothing, wildcard_of
from mxwalk.dnssec.reasons import Reason
from mxwalk.language import say


class NsecProof:
    """The verified NSEC records of one answer."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = spans

    def no_data(self, case: Case) -> Outcome:
        """RFC 4035 5.4: the name exists (or a wildcard matches) and the type does not."""
        if (span := self._match(case.name)) is not None:
            return _at_name(span, case, say("matches the name"))
        cover = self._cover(case)
        if cover is None:
            return _failed(case, Reason.DENIAL_NAME)
        record = cover.record(say("covers {case}", case=show(case.name)))
        if _is_above_names(cover, case.name):
            return _proved(case, DenialKind.EMPTY_NON_TERMINAL, [record])
        encloser = _encloser(cover, case.name)
        span = self._match(wildcard_of(encloser))
        if span is None:
            return _failed(case, Reason.DENIAL_WILDCARD, [record])
        outcome = _at_name(span, case, say("matches the wildcard"))
        if outcome.reason is not None:
            return outcome
        records = [record, *outcome.denial.records]
        return _proved(case, DenialKind.WILDCARD_NO_DATA, records, encloser)

    def no_name(self, case: Case) -> Outcome:
        """RFC 4035 5.4: neither the name nor a wildcard for it exists."""
        cover = self._cover(case)
        if cover is None:
            return _failed(case, Reason.DENIAL_NAME)
        records = [cover.record(say("covers {case}", case=show(case.name)))]
        if _is_above_names(cover, case.name):
            return _failed(case, Reason.DENIAL_EMPTY_NON_TERMINAL, records)
        encloser = _encloser(cover, case.name)
        wildcard = wildcard_of(encloser)
        second = self._cover(Case(wildcard, case.rtype, case.zone))
        if second is None:
            return _failed(case, Reason.DENIAL_WILDCARD, records)
        if second is not cover:
            records.append(second.record(say("covers {wildcard}", wildcard=show(wildcard))))
        return _proved(case, DenialKind.NO_NAME, records, encloser)

    def no_exact_match(self, case: Case, encloser: Name) -> Outcome:
        """RFC 4035 5.3.4: the wildcard below ``encloser`` was the closest match."""
        cover = self._cover(case)
        if cover is None or _encloser(cover, case.name) != encloser:
            return _failed(case, Reason.DENIAL_WILDCARD_ANSWER)
        record = cover.record(say("covers {case}", case=show(case.name)))
        return _proved(case, DenialKind.NO_EXACT_MATCH, [record], encloser)

    def _match(self, name: Name) -> Span | None:
        return next((span for span in self._spans if span.source.name == name), None)

    def _cover(self, case: Case) -> Span | None:
        return next((span for span in self._spans if _covers(span, case)), None)


def _next(span: Span) -> Name:
    assert isinstance(span.rdata, NSEC)
    following: Name = span.rdata.next
    return following


def _covers(span: Span, case: Case) -> bool:
    owner, following, name = span.source.name, _next(span), case.name
    if not (is_below_or_at(name, case.zone) and owner < name):
        return False
    if is_below_or_at(name, owner) and (span.is_delegation or DNAME in span.types):
        return False  # RFC 6840 4.1: names below the cut or the DNAME are none of its business
    return bool(name < following) or following == case.zone


def _is_above_names(span: Span, name: Name) -> bool:
    """Whether the next name is below ``name``, which makes that an empty non-terminal."""
    return is_below_or_at(_next(span), name)


def _encloser(span: Span, name: Name) -> Name:
    """Return the closest encloser the record proves (RFC 4592 3.3.1)."""
    ancestors = [common_ancestor(name, other) for other in (span.source.name, _next(span))]
    return max(ancestors, key=lambda each: len(each.labels))


def _at_name(span: Span, case: Case, role: str) -> Outcome:
    record = span.record(role)
    if span.is_wrong_side(case):
        return _failed(case, Reason.DENIAL_WRONG_SIDE, [record])
    if not span.lacks(case.rtype):
        return _failed(case, Reason.DENIAL_TYPE, [record])
    return _proved(case, kind_at(span, case), [record])


def _failed(case: Case, reason: Reason, records: Sequence[DenialRecord] = ()) -> Outcome:
    return Outcome(denial=nothing(case, "NSEC", records), reason=reason, detail="NSEC")


def _proved(
    case: Case, kind: DenialKind, records: Sequence[DenialRecord], encloser: Name | None = None
) -> Outcome:
    denial = Denial(
        name=show(case.name),
        kind=kind,
        rtype="NSEC",
        records=tuple(records),
        closest_encloser=show(encloser) if encloser is not None else "",
    )
    return Outcome(denial=denial)
