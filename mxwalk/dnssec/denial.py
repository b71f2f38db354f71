"""The denial in an answer: its NSEC or NSEC3 records verified, then put to the proof.

Only records signed by the zone itself, and not made from a wildcard, take part (RFC 4035 5.4).
"""

import enum
from dataclasses import dataclass, replace
from datetime import datetime

from dns.rdtypes.ANY.NSEC import NSEC
from dns.rdtypes.ANY.NSEC3 import NSEC3

from mxwalk.dnssec.message import Message, SignedSet
from mxwalk.dnssec.model import Denial
from mxwalk.dnssec.names import Name
from mxwalk.dnssec.nsec import NsecProof
from mxwalk.dnssec.nsec3 import Nsec3Proof
from mxwalk.dnssec.proof import Case, Outcome, Span, nothing, types_in
from mxwalk.dnssec.reasons import Cause, Reason
from mxwalk.dnssec.signatures import Budget, Checked, Keys, cause_of, check_set, label_count
from mxwalk.language import say
from mxwalk.limits import DNSSEC_DENIAL_RECORDS

_DENIALS = (47, 50)  # NSEC, NSEC3
_SOA = 6
_SHOWN = 6  # records of a proof that fails
_INSECURE = frozenset({Reason.NSEC3_ITERATIONS})


class Claim(enum.Enum):
    """What the answer says."""

    NO_DATA = "no data"
    NO_NAME = "no such name"
    NO_EXACT_MATCH = "a wildcard's answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """The proof; ``cause`` says why it is bogus, or insecure when ``insecure`` is set."""

    denial: Denial
    cause: Cause | None = None
    insecure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """What is to be proved: the case, the claim, words for it, and a wildcard's parent.

    ``whole`` asks that the SOA record verifies as well: of an answer, not of a DS set on the way.
    """

    case: Case
    claim: Claim
    what: str
    zone: str
    encloser: Name | None = None
    whole: bool = True


def prove(message: Message, claimed: Claimed, keys: Keys, at: datetime, budget: Budget) -> Denied:
    """Prove what the answer claims with the records of its authority section."""
    spans, failed = _verified(message, keys, at, budget)
    if not spans:
        if failed is not None:
            cause = cause_of(
                failed[1], say("the denial of {what}", what=claimed.what), claimed.zone, at
            )
        else:
            cause = Cause(reason=Reason.DENIAL_MISSING, what=claimed.what, zone=claimed.zone)
        return Denied(denial=nothing(claimed.case, ""), cause=cause)
    is_answer = claimed.whole and claimed.claim is not Claim.NO_EXACT_MATCH
    spoilt = _spoilt_soa(message, keys, at, budget) if is_answer else None
    if spoilt is not None:
        words = say("the SOA record that came with the denial of {what}", what=claimed.what)
        return Denied(
            denial=nothing(claimed.case, ""), cause=cause_of(spoilt, words, claimed.zone, at)
        )
    outcome = _outcome(spans, claimed)
    if outcome.reason is not None and not outcome.denial.records:
        records = tuple(span.record(say("beside the point")) for span in spans[:_SHOWN])
        outcome = replace(outcome, denial=replace(outcome.denial, records=records))
    if outcome.reason is None and not outcome.opt_out:
        return Denied(denial=outcome.denial)
    cause = Cause(
        reason=outcome.reason or Reason.OPT_OUT,
        what=claimed.what,
        zone=claimed.zone,
        detail=outcome.detail,
    )
    insecure = outcome.reason is None or outcome.reason in _INSECURE
    return Denied(denial=outcome.denial, cause=cause, insecure=insecure)


def _verified(
    message: Message, keys: Keys, at: datetime, budget: Budget
) -> tuple[list[Span], tuple[SignedSet, Checked] | None]:
    """Return the records that verify, and the first that does not."""
    spans: list[Span] = []
    failed: tuple[SignedSet, Checked] | None = None
    candidates = [each for (_, rtype), each in message.authority.items() if rtype in _DENIALS]
    for rrset in candidates[:DNSSEC_DENIAL_RECORDS]:
        checked = check_set(rrset, keys, at, budget)
        if checked.valid is None:
            failed = failed or (rrset, checked)
        elif checked.valid.labels == label_count(rrset.name):
            spans += [
                Span(rrset, rdata, types_in(rdata), checked.checks)
                for rdata in rrset.data
                if isinstance(rdata, (NSEC, NSEC3))
            ]
    return spans, failed


def _spoilt_soa(message: Message, keys: Keys, at: datetime, budget: Budget) -> Checked | None:
    """Return the check of a SOA record that does not verify (RFC 4035 3.1.1: it is signed too)."""
    for (_, rtype), rrset in message.authority.items():
        if rtype == _SOA:
            checked = check_set(rrset, keys, at, budget)
            if checked.valid is None:
                return checked
    return None


def _outcome(spans: list[Span], claimed: Claimed) -> Outcome:
    plain = [span for span in spans if isinstance(span.rdata, NSEC)]
    hashed = [span for span in spans if isinstance(span.rdata, NSEC3)]
    proofs: list[NsecProof | Nsec3Proof] = []
    if plain:
        proofs.append(NsecProof(plain))
    if hashed:
        proofs.append(Nsec3Proof(hashed, claimed.case.zone))
    outcomes = [_by(proof, claimed) for proof in proofs]
    return next((each for each in outcomes if each.reason is None), outcomes[0])


def _by(proof: NsecProof | Nsec3Proof, claimed: Claimed) -> Outcome:
    case = claimed.case
    if claimed.claim is Claim.NO_EXACT_MATCH:
        assert claimed.encloser is not None
        return proof.no_exact_match(case, claimed.encloser)
    if claimed.claim is Claim.NO_DATA:
        return proof.no_data(case)
    outcome = proof.no_name(case)
    if outcome.reason is None:
        return outcome
    other = proof.no_data(case)  # NXDOMAIN with a sound proof of no data: the type is denied
    if other.reason is not None:
        return outcome
    return replace(other, denial=replace(other.denial, note=outcome.reason))
