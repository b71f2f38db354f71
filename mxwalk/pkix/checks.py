"""What speaks against a path, in the order in which OpenSSL looks for it (crypto/x509/x509_vfy.c).

First whether the path ends in an anchor; then what each certificate says, from the leaf up; then
signatures and times from the top down; name constraints last.  Each rule that is not RFC 5280's says
so where it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mxwalk.language import say
from mxwalk.limits import PATH_CERTIFICATES
from mxwalk.pkix import fixes
from mxwalk.pkix.constraints import Violation
from mxwalk.pkix.ending import Ending
from mxwalk.pkix.model import Objection, PathEnd, Reason
from mxwalk.pkix.naming import instant, placed
from mxwalk.pkix.signatures import check_signature
from mxwalk.pkix.traits import (
    has,
    is_ca,
    likely_issued,
    may_sign,
    purpose_problem,
    self_issued,
    spoiled_by,
    unsupported_critical,
)
from mxwalk.tls.certificate import CertificateFacts, read_certificate
from mxwalk.tls.keys import SignatureCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A path with where it ends, the time, and the names that broke constraints."""

    ders: tuple[bytes, ...]
    ending: Ending
    at: datetime
    violations: tuple[Violation, ...] = ()

    @property
    def facts(self) -> tuple[CertificateFacts, ...]:
        """What the certificates say."""
        return tuple(read_certificate(der) for der in self.ders)


def objections(path: Examined) -> tuple[Objection, ...]:
    """Return everything that speaks against a path; the first is what OpenSSL reports."""
    facts = path.facts
    if path.ending.reason is Reason.UNREADABLE:
        return tuple(_ending(path, facts))
    return (
        *_ending(path, facts),
        *_contents(facts),
        *_signatures_and_times(path, facts),
        *_names(path, facts),
    )


def _ending(path: Examined, facts: tuple[CertificateFacts, ...]) -> Iterator[Objection]:
    top, end = len(facts) - 1, path.ending
    if len(facts) > PATH_CERTIFICATES and end.end is not PathEnd.ANCHOR:
        sentence = say(
            "the path is longer than the {path_certificates} issuers OpenSSL follows",
            path_certificates=PATH_CERTIFICATES - 1,
        )
        yield Objection(
            depth=top, reason=Reason.TOO_LONG, sentence=sentence, fix=say(fixes.SHORTEN)
        )
    if end.end is not PathEnd.ANCHOR:
        yield Objection(depth=top, reason=end.reason, sentence=end.text, fix=end.fix)


def _contents(facts: tuple[CertificateFacts, ...]) -> Iterator[Objection]:
    last = len(facts) - 1
    below = 0  # CA certificates below, self-issued ones not counted (RFC 5280 6.1.4 (l))
    for depth, one in enumerate(facts):
        who = placed(depth, one, last=last)
        if critical := unsupported_critical(one):
            sentence = say(
                "{who} has the critical extension {critical}, which OpenSSL does not process",
                who=who,
                critical=critical,
            )
            yield Objection(
                depth=depth,
                reason=Reason.CRITICAL_EXTENSION,
                sentence=sentence,
                fix=say(fixes.REISSUE),
            )
        if has(one, "proxyCertInfo"):
            sentence = say(
                "{who} is a proxy certificate (RFC 3820), which a TLS client does not take", who=who
            )
            yield Objection(
                depth=depth, reason=Reason.OTHER, sentence=sentence, fix=say(fixes.REISSUE)
            )
        no_ca = depth > 0 and not is_ca(one, top=depth == last)
        if no_ca:
            yield Objection(
                depth=depth,
                reason=Reason.NOT_A_CA,
                sentence=_no_ca(who, one),
                fix=say(fixes.WRONG_CA),
            )
        yield from _key(depth, one, who, alone=last == 0)
        problem = "" if no_ca else purpose_problem(one, authority=depth > 0)
        if problem:
            sentence = say("{who} is not for TLS servers: {problem}", who=who, problem=problem)
            fix = say(fixes.PURPOSE_CA) if depth else say(fixes.PURPOSE)
            yield Objection(depth=depth, reason=Reason.PURPOSE, sentence=sentence, fix=fix)
        limit = one.path_length
        if depth > 1 and limit is not None and below > limit:
            sentence = say(
                "{who} allows {limit} CA certificates below it; there are {below}",
                who=who,
                limit=limit,
                below=below,
            )
            yield Objection(
                depth=depth, reason=Reason.PATH_LENGTH, sentence=sentence, fix=say(fixes.OTHER_CA)
            )
        if depth and not self_issued(one):
            below += 1


def _key(depth: int, one: CertificateFacts, who: str, *, alone: bool) -> Iterator[Objection]:
    if one.explicit_curve and not alone:  # RFC 5480 2.1.1
        sentence = say("{who} spells out its elliptic curve instead of naming it", who=who)
        yield Objection(depth=depth, reason=Reason.OTHER, sentence=sentence, fix=say(fixes.NEW_KEY))
    elif not one.key.readable and not one.explicit_curve and (not alone or depth == 0):
        sentence = say("the public key of {who} cannot be read", who=who)
        yield Objection(
            depth=depth, reason=Reason.UNREADABLE, sentence=sentence, fix=say(fixes.NEW_KEY)
        )


def _no_ca(who: str, one: CertificateFacts) -> str:
    if spoiled := spoiled_by(one):
        return say("{who} is no CA: {spoiled}", who=who, spoiled=spoiled)
    if not may_sign(one):
        return say("{who} is no CA: its key usage does not allow signing certificates", who=who)
    if has(one, "basicConstraints"):
        return say("{who} is no CA: its basic constraints say so", who=who)
    return say("{who} is no CA: it has no basic constraints", who=who)


def _signatures_and_times(
    path: Examined, facts: tuple[CertificateFacts, ...]
) -> Iterator[Objection]:
    last = len(facts) - 1
    # A top that did not issue itself lends its key only; OpenSSL does not look at its time.
    lends_only = last > 0 and not likely_issued(facts[last], facts[last])
    for depth in range(last - 1 if lends_only else last, -1, -1):
        one = facts[depth]
        if depth < last:
            yield from _signature(path, facts, depth)
        yield from _time(path, one, depth, last)


def _signature(
    path: Examined, facts: tuple[CertificateFacts, ...], depth: int
) -> Iterator[Objection]:
    last = len(facts) - 1
    issuer = facts[depth + 1]
    above, below = placed(depth + 1, issuer, last=last), placed(depth, facts[depth], last=last)
    if not may_sign(issuer):  # RFC 5280 6.1.4 (n)
        sentence = say("the key usage of {above} does not allow signing certificates", above=above)
        yield Objection(
            depth=depth + 1, reason=Reason.KEY_USAGE, sentence=sentence, fix=say(fixes.WRONG_CA)
        )
    if not issuer.key.readable:
        if not issuer.explicit_curve:
            sentence = say("the key of {above} cannot be read, so it verifies nothing", above=above)
            yield Objection(
                depth=depth + 1, reason=Reason.UNREADABLE, sentence=sentence, fix=say(fixes.NEW_KEY)
            )
        return
    match check_signature(path.ders[depth], path.ders[depth + 1]):
        case SignatureCheck.VERIFIED:
            return
        case SignatureCheck.WRONG:
            sentence = say(
                "the signature of {below} was not made by the key of {above}",
                below=below,
                above=above,
            )
            yield Objection(
                depth=depth, reason=Reason.SIGNATURE, sentence=sentence, fix=say(fixes.SIGNATURE)
            )
        case SignatureCheck.UNKNOWN:
            sentence = say(
                "the signature of {below} cannot be verified ({signature_algorithm})",
                below=below,
                signature_algorithm=facts[depth].signature_algorithm,
            )
            yield Objection(
                depth=depth, reason=Reason.SIGNATURE, sentence=sentence, fix=say(fixes.REISSUE)
            )


def _time(path: Examined, one: CertificateFacts, depth: int, last: int) -> Iterator[Objection]:
    who, now = placed(depth, one, last=last), path.at.replace(microsecond=0)
    if one.not_before is None or one.not_after is None:
        sentence = say("the validity of {who} cannot be read", who=who)
        yield Objection(
            depth=depth, reason=Reason.UNREADABLE, sentence=sentence, fix=say(fixes.REISSUE)
        )
    if one.not_before is not None and now < one.not_before:
        sentence = say(
            "{who} is valid only from {instant} on", who=who, instant=instant(one.not_before)
        )
        yield Objection(
            depth=depth, reason=Reason.NOT_YET_VALID, sentence=sentence, fix=say(fixes.NOT_YET)
        )
    if one.not_after is not None and now > one.not_after:
        sentence = say("{who} expired on {instant}", who=who, instant=instant(one.not_after))
        fix = say(fixes.RENEW) if depth == 0 else say(fixes.RENEW_CA)
        yield Objection(depth=depth, reason=Reason.EXPIRED, sentence=sentence, fix=fix)


def _names(path: Examined, facts: tuple[CertificateFacts, ...]) -> Iterator[Objection]:
    last = len(facts) - 1
    for broken in path.violations:
        who = placed(broken.depth, facts[broken.depth], last=last)
        above = placed(broken.ca_depth, facts[broken.ca_depth], last=last)
        if broken.first is None:
            sentence = say(
                "{who} has too many names to hold against the constraints of {above}",
                who=who,
                above=above,
            )
            reason = Reason.UNREADABLE
        else:
            sentence = say(
                "{above} may not certify {first} of {who} ({constraint}): {reason}",
                above=above,
                first=broken.first.name,
                who=who,
                constraint=broken.first.constraint,
                reason=broken.first.reason,
            )
            reason = Reason.NAME_CONSTRAINT
        yield Objection(depth=broken.depth, reason=reason, sentence=sentence, fix=say(fixes.NAMES))
