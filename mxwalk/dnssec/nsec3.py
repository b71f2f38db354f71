"""Proofs by NSEC3 records (RFC 5155 8): closest encloser, next closer name, wildcard, opt-out.

All records of one proof share hash algorithm 1, salt and iterations.  Above
``limits.NSEC3_ITERATIONS`` nothing is hashed and what is denied counts as insecure (RFC 9276 3.2);
the hashes of one question are bounded (CVE-2023-50868).
"""

from collections.abc import Callable, Sequence

import dns.dnssec
from dns.rdtypes.ANY.NSEC3 import NSEC3

from mxwalk.dnssec.model import Denial, DenialKind, DenialRecord
from mxwalk.dnssec.names import Name, is_below_or_at, show
from mxwalk.dnssec.proof import DNAME, Case, Outcome, Span, kind_at, nothing, wildcard_of
from mxwalk.dnssec.reasons import Reason
from mxwalk.language import say
from mxwalk.limits import NSEC3_HASHES_PER_QUESTION, NSEC3_ITERATIONS

_SHA1 = 1
_OPT_OUT = 1
_Proof = Callable[[Case], Outcome]


class _TooManyHashes(Exception):
    """The bound on hashing was reached; caught where the proof began."""


class Nsec3Proof:
    """The verified NSEC3 records of one answer."""

    def __init__(self, spans: Sequence[Span], zone: Name) -> None:
        known = [span for span in spans if _is_known(span, zone)]
        self._unknown = bool(spans) and not known
        self._parameters = {_parameters(span) for span in known}
        self._by_hash = {_owner_hash(span): span for span in known}
        self._hashes: dict[Name, str] = {}

    @property
    def iterations(self) -> int:
        """The highest number of extra iterations asked for."""
        return max((iterations for _, iterations in self._parameters), default=0)

    def no_data(self, case: Case) -> Outcome:
        """RFC 5155 8.5, 8.6, 8.7."""
        return self._guarded(self._no_data, case)

    def no_name(self, case: Case) -> Outcome:
        """RFC 5155 8.4."""
        return self._guarded(self._no_name, case)

    def no_exact_match(self, case: Case, encloser: Name) -> Outcome:
        """RFC 5155 8.8: the next closer name below the wildcard's parent does not exist."""

        def proof(case: Case) -> Outcome:
            closer = _next_closer(case.name, encloser)
            span = self._cover(closer)
            if span is None:
                return self._failed(case, Reason.DENIAL_WILDCARD_ANSWER)
            record = span.record(say("covers {closer}", closer=show(closer)))
            return self._proved(
                case, DenialKind.NO_EXACT_MATCH, [record], encloser, opt_out=_is_opt_out(span)
            )

        return self._guarded(proof, case)

    def _guarded(self, proof: _Proof, case: Case) -> Outcome:
        if self._unknown:
            return self._failed(
                case, Reason.DENIAL_NSEC3_PARAMETERS, say("an unknown hash or flag")
            )
        if len(self._parameters) > 1:  # RFC 5155 8.2
            return self._failed(case, Reason.DENIAL_NSEC3_PARAMETERS, say("different parameters"))
        if self.iterations > NSEC3_ITERATIONS:
            words = say("{iterations} extra hash iterations", iterations=self.iterations)
            return self._failed(case, Reason.NSEC3_ITERATIONS, words)
        try:
            return proof(case)
        except _TooManyHashes:
            words = say(
                "{nsec3_hashes_per_question} names to hash",
                nsec3_hashes_per_question=NSEC3_HASHES_PER_QUESTION,
            )
            return self._failed(case, Reason.TOO_EXPENSIVE, words)

    def _no_data(self, case: Case) -> Outcome:
        if (span := self._match(case.name)) is not None:
            return self._at_name(span, case, say("matches {case}", case=show(case.name)))
        found = self._closest_encloser(case)
        if found is None:
            return self._failed(case, Reason.DENIAL_NAME)
        encloser, cover, records = found
        wildcard = wildcard_of(encloser)
        if (span := self._match(wildcard)) is not None:
            outcome = self._at_name(span, case, say("matches {wildcard}", wildcard=show(wildcard)))
            if outcome.reason is not None:
                return outcome
            records = [*records, *outcome.denial.records]
            kind = DenialKind.WILDCARD_NO_DATA
            return self._proved(case, kind, records, encloser, opt_out=_is_opt_out(cover))
        if _is_opt_out(cover):  # RFC 5155 8.6; for other types its erratum 3441
            return self._proved(case, DenialKind.OPT_OUT, records, encloser, opt_out=True)
        reason = Reason.DENIAL_OPT_OUT if case.rtype == 43 else Reason.DENIAL_NAME
        return self._failed(case, reason, records=records)

    def _no_name(self, case: Case) -> Outcome:
        if (match := self._match(case.name)) is not None:
            records = [match.record(say("matches {case}", case=show(case.name)))]
            reason = Reason.DENIAL_NAME if match.types else Reason.DENIAL_EMPTY_NON_TERMINAL
            return self._failed(case, reason, records=records)
        found = self._closest_encloser(case)
        if found is None:
            return self._failed(case, Reason.DENIAL_NAME)
        encloser, cover, records = found
        wildcard = wildcard_of(encloser)
        span = self._cover(wildcard)
        if span is None:
            return self._failed(case, Reason.DENIAL_WILDCARD, records=records)
        records = [*records, span.record(say("covers {wildcard}", wildcard=show(wildcard)))]
        kind = DenialKind.OPT_OUT if _is_opt_out(cover) else DenialKind.NO_NAME
        return self._proved(case, kind, records, encloser, opt_out=_is_opt_out(cover))

    def _closest_encloser(self, case: Case) -> tuple[Name, Span, list[DenialRecord]] | None:
        """RFC 5155 8.3: the deepest name that exists, and the span over the next closer name."""
        closer, name = case.name, case.name.parent() if case.name != case.zone else case.name
        while is_below_or_at(name, case.zone) and name != closer:
            if (span := self._match(name)) is not None:
                cover = self._cover(closer)
                if cover is None or span.is_delegation or DNAME in span.types:
                    return None
                records = [
                    span.record(say("matches {name}", name=show(name))),
                    cover.record(say("covers {closer}", closer=show(closer))),
                ]
                return name, cover, records
            if name == case.zone:
                return None
            closer, name = name, name.parent()
        return None

    def _match(self, name: Name) -> Span | None:
        return self._by_hash.get(self._hash(name))

    def _cover(self, name: Name) -> Span | None:
        wanted = self._hash(name)
        for owner, span in self._by_hash.items():
            following = span.following.upper()
            wraps = following <= owner
            if owner < wanted < following or (wraps and (wanted > owner or wanted < following)):
                return span
        return None

    def _hash(self, name: Name) -> str:
        if name not in self._hashes:
            if len(self._hashes) >= NSEC3_HASHES_PER_QUESTION:
                raise _TooManyHashes
            ((salt, iterations),) = self._parameters
            self._hashes[name] = dns.dnssec.nsec3_hash(name, salt, iterations, _SHA1).upper()
        return self._hashes[name]

    def _at_name(self, span: Span, case: Case, role: str) -> Outcome:
        records = [span.record(role)]
        if span.is_wrong_side(case):
            return self._failed(case, Reason.DENIAL_WRONG_SIDE, records=records)
        if not span.lacks(case.rtype):
            return self._failed(case, Reason.DENIAL_TYPE, records=records)
        return self._proved(case, kind_at(span, case), records)

    def _failed(
        self, case: Case, reason: Reason, detail: str = "", records: Sequence[DenialRecord] = ()
    ) -> Outcome:
        denial = nothing(case, "NSEC3", records)
        return Outcome(denial=denial, reason=reason, detail=detail or "NSEC3")

    def _proved(
        self,
        case: Case,
        kind: DenialKind,
        records: Sequence[DenialRecord],
        encloser: Name | None = None,
        *,
        opt_out: bool = False,
    ) -> Outcome:
        denial = Denial(
            name=show(case.name),
            kind=kind,
            rtype="NSEC3",
            records=tuple(records),
            closest_encloser=show(encloser) if encloser is not None else "",
            iterations=self.iterations,
        )
        return Outcome(denial=denial, opt_out=opt_out)


def _nsec3(span: Span) -> NSEC3:
    assert isinstance(span.rdata, NSEC3)
    return span.rdata


def _is_known(span: Span, zone: Name) -> bool:
    """RFC 5155 8.1, 8.2: other hashes and flags are ignored, and so are strange owners."""
    rdata, owner = _nsec3(span), span.source.name
    in_zone = len(owner.labels) == len(zone.labels) + 1 and is_below_or_at(owner, zone)
    return rdata.algorithm == _SHA1 and not rdata.flags & ~_OPT_OUT and in_zone


def _parameters(span: Span) -> tuple[bytes, int]:
    return _nsec3(span).salt, _nsec3(span).iterations


def _owner_hash(span: Span) -> str:
    return span.source.name.labels[0].decode("ascii", "replace").upper()


def _is_opt_out(span: Span) -> bool:
    return bool(_nsec3(span).flags & _OPT_OUT)


def _next_closer(name: Name, encloser: Name) -> Name:
    return name.split(len(encloser.labels) + 1)[1]
