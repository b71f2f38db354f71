"""What the TLSA records say of a presented chain: RFC 7671 5.1 (DANE-EE) and 5.2 (DANE-TA).

Any one record that authenticates suffices; every other record keeps its own result, so that a stale
record is seen beside the good one.  DANE-EE looks at the leaf alone and ignores its names, validity
and issuer (RFC 7672 3.1.1); DANE-TA checks the way from the leaf to the anchor and the names
(RFC 7672 3.1.2, 3.2).  What PKIX says is the chain step's matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import islice

from mxwalk.dane.matching import CellState, Grid, association_data, compare_all
from mxwalk.dane.path import (
    PathFault,
    called,
    issuer_paths,
    named_issuer_without_signature,
    path_faults,
    signed_by_anchor,
)
from mxwalk.dane.result import Authentication, DaneResult, RecordOutcome, RecordResult
from mxwalk.dane.tlsa import CERT, DANE_EE, DANE_TA, FULL, TlsaRecord, outranked
from mxwalk.identity.matching import compare
from mxwalk.identity.model import Comparison, PresentedId, PresentedKind, ReferenceId
from mxwalk.identity.presented import presented_ids
from mxwalk.language import per_language, say
from mxwalk.limits import DANE_FORMS_TRIED, DANE_FULL_ANCHORS
from mxwalk.text import visible
from mxwalk.tls.certificate import CertificateFacts, read_certificate

_OF_FAULT = {
    PathFault.EXPIRED: RecordOutcome.EXPIRED,
    PathFault.NOT_YET_VALID: RecordOutcome.NOT_YET_VALID,
    PathFault.NOT_A_CA: RecordOutcome.NOT_A_CA,
    PathFault.WRONG_PURPOSE: RecordOutcome.WRONG_PURPOSE,
    PathFault.NAME_CONSTRAINT: RecordOutcome.NAME_CONSTRAINT,
    PathFault.UNREADABLE: RecordOutcome.CHAIN_BROKEN,
}
# How far a failing record came: the farthest one says why the whole failed.
_PROGRESS = (
    RecordOutcome.UNUSABLE,
    RecordOutcome.OUTRANKED,
    RecordOutcome.MISMATCH,
    RecordOutcome.ANCHOR_NOT_SENT,
    RecordOutcome.CHAIN_BROKEN,
    RecordOutcome.NOT_A_CA,
    RecordOutcome.WRONG_PURPOSE,
    RecordOutcome.NAME_CONSTRAINT,
    RecordOutcome.NOT_YET_VALID,
    RecordOutcome.EXPIRED,
    RecordOutcome.NAME_MISMATCH,
    RecordOutcome.AUTHENTICATES,
)


def authenticate(
    records: Sequence[TlsaRecord],
    chain: Sequence[bytes],
    names: Sequence[ReferenceId],
    at: datetime,
    supplied: Sequence[bytes] = (),
) -> DaneResult:
    """Judge a presented chain (DER, leaf first) by TLSA records that are known to be authentic.

    ``names`` are the reference identifiers for DANE-TA, ``at`` the time of the judgement;
    ``supplied`` are certificates the server did not send but a trust store has, so that an anchor
    that was not sent can be told from one that is wrong.  The same question asked again, as every
    sender and every view does, costs nothing.
    """
    return _authenticated(tuple(records), tuple(chain), tuple(names), at, tuple(supplied))


@per_language(maxsize=64)
def _authenticated(
    records: tuple[TlsaRecord, ...],
    chain: tuple[bytes, ...],
    names: tuple[ReferenceId, ...],
    at: datetime,
    supplied: tuple[bytes, ...],
) -> DaneResult:
    grid = compare_all(records, chain)
    case = _Case(grid, names, at, supplied)
    results = tuple(case.judge(number) for number in range(len(grid.records)))
    if not any(record.usable for record in grid.records):
        # RFC 7672 2.2: TLS is required, nothing can be authenticated
        count = len(grid.records)
        reason = (
            say("none of the {count} TLSA records is usable for SMTP", count=count)
            if count != 1
            else say("the only TLSA record is not usable for SMTP: {why}", why=grid.records[0].why)
        )
        return DaneResult(
            authentication=Authentication.UNUSABLE, reason=reason, grid=grid, results=results
        )
    if not grid.chain:
        return DaneResult(
            authentication=Authentication.NO_CERTIFICATE,
            reason=say("the server presented no certificate"),
            grid=grid,
            results=results,
        )
    best = max(results, key=lambda result: _PROGRESS.index(result.outcome))
    good = best.outcome is RecordOutcome.AUTHENTICATES
    record = grid.records[best.record]
    return DaneResult(
        authentication=Authentication.AUTHENTICATED if good else Authentication.FAILED,
        reason=f"TLSA {record.parameters}: {best.reason}",
        grid=grid,
        results=results,
        deciding=best,
    )


def compare_names(leaf: bytes, names: Sequence[ReferenceId]) -> tuple[Comparison, ...]:
    """Compare every presented identifier with every name.

    The CN counts only in a certificate without DNS-ID (RFC 7672 3.2.3).
    """
    presented = presented_ids(leaf)
    dns = [one for one in presented if one.kind is PresentedKind.DNS_ID]
    chosen: Sequence[PresentedId] = dns or presented
    return tuple(compare(one, name) for name in names for one in chosen)


@dataclass(frozen=True)
class _Case:
    grid: Grid
    names: tuple[ReferenceId, ...]
    at: datetime
    supplied: tuple[bytes, ...]

    @cached_property
    def paths(self) -> dict[int, tuple[int, ...]]:
        """The ways from the leaf up, the same for every record."""
        return issuer_paths(self.grid.chain, self.at)

    @cached_property
    def beaten(self) -> frozenset[int]:
        """The records that a stronger digest puts out of use."""
        return outranked(self.grid.records)

    @cached_property
    def anchors_tried(self) -> frozenset[int]:
        """The records whose anchor, given in full, is held against signatures: a bounded number."""
        full = (
            number
            for number, record in enumerate(self.grid.records)
            if record.usable and record.usage == DANE_TA and record.matching_type == FULL
        )
        return frozenset(islice(full, DANE_FULL_ANCHORS))

    def judge(self, number: int) -> RecordResult:
        record = self.grid.records[number]
        if not record.usable:
            return RecordResult(record=number, outcome=RecordOutcome.UNUSABLE, reason=record.why)
        if number in self.beaten:
            reason = say("a stronger digest is published for this usage and selector (RFC 7671 9)")
            return RecordResult(record=number, outcome=RecordOutcome.OUTRANKED, reason=reason)
        if not self.grid.chain:
            return self._result(
                number, RecordOutcome.MISMATCH, say("there is no certificate to match")
            )
        return self._end_entity(number) if record.usage == DANE_EE else self._anchor(number)

    def _result(self, number: int, outcome: RecordOutcome, reason: str) -> RecordResult:
        return RecordResult(record=number, outcome=outcome, reason=reason)

    def _end_entity(self, number: int) -> RecordResult:
        """RFC 7672 3.1.1: the leaf matches or not; nothing else is looked at."""
        if self.grid.cell(number, 0).state is CellState.MATCH:
            return RecordResult(
                record=number,
                outcome=RecordOutcome.AUTHENTICATES,
                reason=say("the server's certificate matches; names and dates are not looked at"),
                certificate=0,
                path=(0,),
            )
        note = self._issuer_note(number)
        return self._result(
            number,
            RecordOutcome.MISMATCH,
            say("the server's certificate does not match{note}", note=note),
        )

    def _issuer_note(self, number: int) -> str:
        row = self.grid.cells[number]
        if any(cell.equal and cell.certificate > 0 for cell in row):
            return say("; its data is that of an issuer: usage 2 would be right")
        return ""

    def _anchor(self, number: int) -> RecordResult:
        """RFC 7672 3.1.2: an issuer matches, and the way to it and the names are good."""
        paths = self.paths
        matching = self.grid.matching(number)
        reached = [index for index in matching if index in paths][:DANE_FORMS_TRIED]
        if reached:  # one key may be in several forms of a CA's certificate: any may do
            each = [self._checked(number, paths[index], index, None) for index in reached]
            return max(each, key=lambda one: _PROGRESS.index(one.outcome))
        record = self.grid.records[number]
        if number in self.anchors_tried:
            signed = signed_by_anchor(self.grid.chain, record, paths)
            if signed is not None:
                anchor = record.data if record.selector == CERT else None
                return self._checked(number, paths[signed], None, anchor)
        if matching:
            return self._unreached(number, matching[0])
        return self._no_anchor(number, record)

    def _unreached(self, number: int, matched: int) -> RecordResult:
        chain = self.grid.chain
        unsigned = named_issuer_without_signature(chain, matched)
        if unsigned is not None:
            reason = say(
                "{called} names the anchor as its issuer, but the signature is not the anchor's",
                called=called(unsigned, read_certificate(chain[unsigned])),
            )
        else:
            reason = say(
                "certificate {matched} matches, but the certificates sent do not lead"
                " from the server's certificate to it",
                matched=matched + 1,
            )
        return RecordResult(
            record=number,
            outcome=RecordOutcome.CHAIN_BROKEN,
            reason=reason,
            certificate=matched,
        )

    def _no_anchor(self, number: int, record: TlsaRecord) -> RecordResult:
        if any(
            association_data(der, record.selector, record.matching_type) == record.data
            for der in self.supplied
            if der not in self.grid.chain
        ):
            reason = say(
                "it matches a CA that the trust store knows, but the server does not send"
                " that certificate (RFC 7672 3.1.2)"
            )
            return self._result(number, RecordOutcome.ANCHOR_NOT_SENT, reason)
        facts = [read_certificate(der) for der in self.grid.chain]
        if len(facts) == 1 and not facts[0].self_issued:
            reason = say(
                "the server sends only its own certificate: the trust anchor must be"
                " sent, too (RFC 7672 3.1.2)"
            )
            return self._result(number, RecordOutcome.ANCHOR_NOT_SENT, reason)
        if self.grid.cell(number, 0).equal:
            reason = say("its data is that of the server's certificate: usage 3 would be right")
        else:
            reason = say("no issuer sent matches") + _top_note(facts)
        return self._result(number, RecordOutcome.MISMATCH, reason)

    def _checked(
        self, number: int, path: tuple[int, ...], matched: int | None, anchor: bytes | None
    ) -> RecordResult:
        certificates = [self.grid.chain[index] for index in path]
        if anchor is not None:
            certificates.append(anchor)
        names = compare_names(self.grid.chain[0], self.names)
        anchored = matched is not None or anchor is not None
        faults = path_faults(certificates, self.at, anchored=anchored)
        if faults:
            outcome, reason = _OF_FAULT[faults[0].kind], faults[0].sentence
        elif not any(name.matched for name in names):
            accepted = ", ".join(dict.fromkeys(visible(one.text, 100) for one in self.names))
            outcome = RecordOutcome.NAME_MISMATCH
            reason = say(
                "the certificate names none of {accepted} (RFC 7672 3.2.2)", accepted=accepted
            )
        else:
            outcome = RecordOutcome.AUTHENTICATES
            hit = next(name for name in names if name.matched)
            reason = say("the chain leads to the anchor, and {reason}", reason=hit.reason)
        return RecordResult(
            record=number,
            outcome=outcome,
            reason=reason,
            certificate=matched,
            path=path,
            names=names,
        )


def _top_note(facts: Sequence[CertificateFacts]) -> str:
    top = facts[-1]
    if top.readable and not top.self_issued:
        return say(
            "; the issuer {issuer} of the last one was not sent", issuer=visible(top.issuer, 80)
        )
    return ""
