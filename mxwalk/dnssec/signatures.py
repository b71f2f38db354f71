"""One RRset against the keys of its zone (RFC 4035 5.3), every RRSIG with its verdict.

dnspython builds the signed data in canonical form (RFC 4034 6) and verifies; times, labels, signer
and key are told apart here.  One valid RRSIG suffices (RFC 4035 5.3.3); the number of
verifications is bounded per RRset, per question and per walk, because keys may share a tag
(CVE-2023-50387).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import dns.dnssec
import dns.exception
import dns.rdataset
from cryptography.exceptions import UnsupportedAlgorithm
from dns.rdtypes.ANY.DNSKEY import DNSKEY
from dns.rdtypes.ANY.RRSIG import RRSIG

from mxwalk.dnssec.algorithms import ALGORITHMS
from mxwalk.dnssec.book import AnswerBook
from mxwalk.dnssec.message import SignedSet
from mxwalk.dnssec.model import SignatureCheck, SignatureVerdict
from mxwalk.dnssec.names import Name, is_below_or_at, show, type_text
from mxwalk.dnssec.reasons import Cause, Reason
from mxwalk.language import say
from mxwalk.limits import (
    DNSSEC_CHECKS_PER_QUESTION,
    DNSSEC_CHECKS_PER_RRSET,
    DNSSEC_SIGNATURES_SHOWN,
)

_ZONE_KEY, _REVOKED = 0x0100, 0x0080  # RFC 4034 2.1.1, RFC 5011 2.1
_DNSSEC = 3  # RFC 4034 2.1.2
_VERIFY_FAULTS = (
    dns.exception.DNSException,
    UnsupportedAlgorithm,
    ValueError,
    IndexError,
    OverflowError,
)
_REASONS = {
    SignatureVerdict.EXPIRED: Reason.RRSIG_EXPIRED,
    SignatureVerdict.NOT_YET_VALID: Reason.RRSIG_NOT_YET_VALID,
    SignatureVerdict.WRONG: Reason.RRSIG_WRONG,
    SignatureVerdict.KEY_NOT_IN_SET: Reason.RRSIG_KEY_NOT_IN_SET,
    SignatureVerdict.KEY_UNUSABLE: Reason.RRSIG_KEY_UNUSABLE,
    SignatureVerdict.LABELS_WRONG: Reason.RRSIG_LABELS_WRONG,
    SignatureVerdict.SIGNER_WRONG: Reason.RRSIG_SIGNER_WRONG,
    SignatureVerdict.NOT_CHECKED: Reason.TOO_EXPENSIVE,
    SignatureVerdict.ALGORITHM_UNSUPPORTED: Reason.RRSIG_ALGORITHM_UNSUPPORTED,
}  # the most telling first


@dataclass(slots=True)
class Budget:
    """How many verifications this question and this walk may still take."""

    book: AnswerBook
    left: int = DNSSEC_CHECKS_PER_QUESTION

    @property
    def exhausted(self) -> bool:
        """Whether none is left; what is found then holds for this question only."""
        return self.left <= 0 or self.book.checks_left <= 0

    def take(self) -> bool:
        """Use one; false when none is left."""
        if self.exhausted:
            return False
        self.left -= 1
        self.book.checks_left -= 1
        return True


@dataclass(frozen=True, slots=True)
class Keys:
    """DNSKEYs of a zone with their tags: those that may be used for what is checked."""

    zone: Name
    keys: tuple[tuple[int, DNSKEY], ...]

    def candidates(self, rrsig: RRSIG) -> list[DNSKEY]:
        """Return the keys of the RRSIG's tag and algorithm."""
        return [
            key
            for tag, key in self.keys
            if tag == rrsig.key_tag and key.algorithm == rrsig.algorithm
        ]


@dataclass(frozen=True, slots=True)
class Checked:
    """The RRSIGs over one RRset; ``valid`` is the one that verified."""

    checks: tuple[SignatureCheck, ...]
    valid: RRSIG | None
    signers: frozenset[int] = frozenset()  # tags of the keys that verified

    @property
    def wildcard(self) -> bool:
        """Whether the RRset was made from a wildcard (RFC 4035 5.3.4)."""
        return any(each.wildcard for each in self.checks if each.verdict is SignatureVerdict.VALID)


def check_set(
    rrset: SignedSet, keys: Keys, at: datetime, budget: Budget, *, every: bool = False
) -> Checked:
    """Check the RRSIGs over ``rrset`` with ``keys`` until one is valid, or ``every`` one."""
    memo_key = ("set", id(rrset), id(keys), at, every)
    memo = budget.book.memo
    if memo_key in memo:
        known: Checked = memo[memo_key][0]
        return known
    checked = _check_set(rrset, keys, at, budget, every=every)
    if not budget.exhausted:
        memo[memo_key] = (checked, rrset, keys)
    return checked


def _check_set(
    rrset: SignedSet, keys: Keys, at: datetime, budget: Budget, *, every: bool
) -> Checked:
    tries = _Tries(budget)
    checks: list[SignatureCheck] = []
    valid: RRSIG | None = None
    signers = set()
    for rrsig in rrset.signatures[:DNSSEC_SIGNATURES_SHOWN]:
        if valid is not None and not every:
            verdict = SignatureVerdict.NOT_CHECKED
        else:
            verdict = _verdict(rrset, rrsig, keys, at, tries)
        if verdict is SignatureVerdict.VALID:
            valid = valid or rrsig
            signers.add(rrsig.key_tag)
        checks.append(_described(rrset, rrsig, verdict))
    return Checked(tuple(checks), valid, frozenset(signers))


@dataclass(slots=True)
class _Tries:
    budget: Budget
    left: int = DNSSEC_CHECKS_PER_RRSET

    def take(self) -> bool:
        self.left -= 1
        return self.left >= 0 and self.budget.take()


def _verdict(
    rrset: SignedSet, rrsig: RRSIG, keys: Keys, at: datetime, tries: _Tries
) -> SignatureVerdict:
    if rrsig.signer != keys.zone or not is_below_or_at(rrset.name, rrsig.signer):
        return SignatureVerdict.SIGNER_WRONG
    if rrsig.labels > label_count(rrset.name) or rrsig.labels < len(keys.zone.labels) - 1:
        return SignatureVerdict.LABELS_WRONG
    if rrsig.algorithm not in ALGORITHMS:
        return SignatureVerdict.ALGORITHM_UNSUPPORTED
    now = int(at.timestamp())
    if (untimely := _untimely(rrsig, now)) is not None:
        return untimely
    candidates = keys.candidates(rrsig)
    if not candidates:
        return SignatureVerdict.KEY_NOT_IN_SET
    usable = [key for key in candidates if is_zone_key(key, of_key_set=rrset.rdtype == 48)]
    if not usable:
        return SignatureVerdict.KEY_UNUSABLE
    for key in usable:
        if not tries.take():
            return SignatureVerdict.NOT_CHECKED
        if _verifies(rrset, rrsig, key, now):
            return SignatureVerdict.VALID
    return SignatureVerdict.WRONG


def _untimely(rrsig: RRSIG, now: int) -> SignatureVerdict | None:
    """RFC 4034 3.1.5: the times are compared in serial number arithmetic."""
    if _serial_difference(rrsig.expiration, now) < 0:
        return SignatureVerdict.EXPIRED
    if _serial_difference(now, rrsig.inception) < 0:
        return SignatureVerdict.NOT_YET_VALID
    return None


def _verifies(rrset: SignedSet, rrsig: RRSIG, key: DNSKEY, now: int) -> bool:
    key_set = dns.rdataset.from_rdata(0, key)
    try:
        dns.dnssec.validate_rrsig(
            (rrset.name, rrset.data), rrsig, {rrsig.signer: key_set}, now=float(now)
        )
    except _VERIFY_FAULTS:
        return False
    return True


def is_zone_key(key: DNSKEY, *, of_key_set: bool = False) -> bool:
    """Say whether the key may verify; a revoked one only its own set (RFC 5011 2.1)."""
    usable = bool(key.flags & _ZONE_KEY) and key.protocol == _DNSSEC
    return usable and (of_key_set or not key.flags & _REVOKED)


def label_count(name: Name) -> int:
    """Count labels without the root and a leading asterisk (RFC 4034 3.1.3)."""
    return len(name.labels) - 1 - name.is_wild()


def _serial_difference(one: int, other: int) -> int:
    """Return ``one - other`` in RFC 1982 arithmetic."""
    return (one - other + 2**31) % 2**32 - 2**31


def _described(rrset: SignedSet, rrsig: RRSIG, verdict: SignatureVerdict) -> SignatureCheck:
    return SignatureCheck(
        owner=show(rrset.name),
        covered=type_text(rrset.rdtype),
        signer=show(rrsig.signer),
        key_tag=rrsig.key_tag,
        algorithm=int(rrsig.algorithm),
        labels=rrsig.labels,
        original_ttl_s=rrsig.original_ttl,
        inception=datetime.fromtimestamp(rrsig.inception, UTC),
        expiration=datetime.fromtimestamp(rrsig.expiration, UTC),
        verdict=verdict,
        wildcard=rrsig.labels < label_count(rrset.name),
        ttl_lowered=rrset.data.ttl > rrsig.original_ttl,
    )


def cause_of(checked: Checked, what: str, zone: str, at: datetime) -> Cause:
    """Return why no RRSIG is valid: the most telling of the verdicts."""
    if not checked.checks:
        return Cause(reason=Reason.RRSIG_MISSING, what=what, zone=zone)
    for verdict, reason in _REASONS.items():
        for check in checked.checks:
            if check.verdict is verdict:
                detail = _detail(check, at, checked.checks)
                return Cause(reason=reason, what=what, zone=zone, detail=detail)
    return Cause(reason=Reason.RRSIG_WRONG, what=what, zone=zone)


def _detail(check: SignatureCheck, at: datetime, checks: Sequence[SignatureCheck]) -> str:
    match check.verdict:
        case SignatureVerdict.EXPIRED:
            return say("expired at {moment}", moment=_moment(check.expiration)) + _skew(
                check.expiration, at
            )
        case SignatureVerdict.NOT_YET_VALID:
            return say("is valid only from {moment}", moment=_moment(check.inception)) + _skew(
                check.inception, at
            )
        case SignatureVerdict.SIGNER_WRONG:
            return say("signer {signer}", signer=check.signer)
        case SignatureVerdict.NOT_CHECKED:
            return say("{checks} signatures, keys that share a tag", checks=len(checks))
        case SignatureVerdict.ALGORITHM_UNSUPPORTED:
            return say("algorithm {algorithm}", algorithm=check.algorithm)
        case _:
            algorithm = ALGORITHMS.get(check.algorithm, str(check.algorithm))
            return say("key tag {key_tag}, {algorithm}", key_tag=check.key_tag, algorithm=algorithm)


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _skew(bound: datetime, at: datetime) -> str:
    """Say how far off it is, and that our clock may be the one that is wrong."""
    seconds = abs((at - bound).total_seconds())
    if seconds < 3600:
        words = say("{seconds:.0f} minutes", seconds=seconds / 60)
    elif seconds < 2 * 86400:
        words = say("{seconds:.0f} hours", seconds=seconds / 3600)
    else:
        words = say("{seconds:.0f} days", seconds=seconds / 86400)
    sentence = (
        say(", {words} before the time of this check ({moment})", words=words, moment=_moment(at))
        if bound < at
        else say(
            ", {words} after the time of this check ({moment})", words=words, moment=_moment(at)
        )
    )
    if seconds < 86400:  # some validators allow for a clock that is off by an hour to a day
        sentence += say("; so little may be a clock that is wrong, and some validators let it pass")
    return sentence
