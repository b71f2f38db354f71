"""What single certificates say of their time, key and signature (RFC 5280, RFC 9325 4.5).

Objections of OpenSSL that concern one certificate are told here and in ``fitness`` together with its
own facts; those about issuers and the chain in ``issuers``, ``missing`` and ``chain``.  Between them
every objection is told exactly once.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from mxwalk.delivery.model import Delivery
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.presented import Presented, cases
from mxwalk.findings.raising import entry, found, show
from mxwalk.language import say, say_many
from mxwalk.tls.certificate import CertificateFacts

SOON = timedelta(days=14)
MAX_TOLD = 8  # certificates of one chain that are told one by one

_R, _CA = Owner.RECEIVER, Owner.RECEIVER_CA
EXPIRED = entry("CERT002", Severity.ERROR, _R, "an expired certificate", "RFC 5280 4.1.2.5")
NOT_YET = entry("CERT003", Severity.ERROR, _R, "a certificate not yet valid", "RFC 5280 4.1.2.5")
EXPIRES_SOON = entry(
    "CERT004", Severity.WARNING, _R, "a certificate expires within 14 days", "RFC 5280 4.1.2.5"
)
WEAK_KEY = entry("CERT012", Severity.ERROR, _R, "a weak key", "RFC 9325 4.5")
WEAK_SIGNATURE = entry("CERT013", Severity.ERROR, _CA, "a weak signature", "RFC 9325 4.5")

ENTRIES = (
    EXPIRED,
    NOT_YET,
    EXPIRES_SOON,
    WEAK_KEY,
    WEAK_SIGNATURE,
)

# OpenSSL's numbers (x509_vfy.h) of what is told here.
_NOT_YET_VALID, _HAS_EXPIRED = 9, 10
_EE_KEY_TOO_SMALL, _CA_KEY_TOO_SMALL, _CA_MD_TOO_WEAK = 66, 67, 68
_TOLD = frozenset(
    {
        _NOT_YET_VALID,
        _HAS_EXPIRED,
        _EE_KEY_TOO_SMALL,
        _CA_KEY_TOO_SMALL,
        _CA_MD_TOO_WEAK,
    }
)
_WEAK_HASHES = ("md2", "md5", "sha1")
_RSA_BITS, _EC_BITS = 2_048, 224


def tells(code: int) -> bool:
    """Say whether an objection of OpenSSL is told by this module."""
    return code in _TOLD


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what the certificates of each connection say."""
    for case in cases(delivery):
        yield from _times(case)
        yield from _strength(case)


def _day(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d") if moment else say("a date that cannot be read")


def _ago(span: timedelta) -> str:
    if span < timedelta(days=1):
        return say_many("{n} hour", "{n} hours", max(int(span.total_seconds() // 3_600), 0))
    return say_many("{n} day", "{n} days", span.days)


def _times(case: Presented) -> Iterator[Finding]:
    expired, early = case.depths(_HAS_EXPIRED), case.depths(_NOT_YET_VALID)
    leaf, at = case.facts[0], case.at
    if at and leaf.not_after and leaf.not_after < at and 0 not in expired:
        expired = [0, *expired]
    if at and leaf.not_before and leaf.not_before > at and 0 not in early:
        early = [0, *early]
    for depth in expired:
        facts = case.at_depth(depth)
        end = facts.not_after if facts else None
        ago = (
            say(", {ago} before {day}", ago=_ago(at - end), day=_day(at))
            if at and end and end < at
            else ""
        )
        yield found(
            EXPIRED,
            case.where,
            say(
                "{called} of {where} expired on {day}{ago}",
                called=case.called(depth),
                where=case.where.name,
                day=_day(end),
                ago=ago,
            ),
            say(
                "renew it and reload the mail server: certbot renew --deploy-hook 'systemctl"
                " reload postfix'"
            )
            if depth == 0
            else say("send the current intermediate of the CA instead of the expired one"),
            case.reading(depth, "-dates"),
        )
    for depth in early:
        facts = case.at_depth(depth)
        start = facts.not_before if facts else None
        left = (
            say(", {ago} after {day}", ago=_ago(start - at), day=_day(at))
            if at and start and start > at
            else ""
        )
        yield found(
            NOT_YET,
            case.where,
            say(
                "{called} of {where} is valid only from {day}{left}",
                called=case.called(depth),
                where=case.where.name,
                day=_day(start),
                left=left,
            ),
            say(
                "install a certificate that is valid now; check the clocks of the CA and of"
                " this machine (chronyc tracking)"
            ),
            case.reading(depth, "-dates"),
        )
    for depth, facts in enumerate(case.path[:MAX_TOLD]):
        end = facts.not_after
        if at and end and depth not in expired and timedelta(0) <= end - at <= SOON:
            yield found(
                EXPIRES_SOON,
                case.where,
                say(
                    "{called} of {where} expires on {day}, in {ago}",
                    called=case.called(depth),
                    where=case.where.name,
                    day=_day(end),
                    ago=_ago(end - at),
                ),
                say(
                    "renew it now and reload the mail server; find out why the renewal did not run"
                ),
                case.reading(depth, "-dates"),
            )


def _weakness(facts: CertificateFacts) -> str:
    key = facts.key
    if key.type in ("RSA", "RSA-PSS", "DSA") and 0 < key.bits < _RSA_BITS:
        return say("{type} with {bits} bits", type=show(key.type), bits=key.bits)
    if key.type == "EC" and 0 < key.bits < _EC_BITS:
        return say("EC with {bits} bits", bits=key.bits)
    return ""


def _strength(case: Presented) -> Iterator[Finding]:
    small = case.depths(_EE_KEY_TOO_SMALL, _CA_KEY_TOO_SMALL)
    known = {depth: _weakness(facts) for depth, facts in enumerate(case.path[:MAX_TOLD])}
    for depth in sorted({*small, *(d for d, weak in known.items() if weak)}):
        weak = known.get(depth) or say("too small for OpenSSL's security level")
        yield found(
            WEAK_KEY,
            case.where,
            say(
                "{called} of {where} has a weak key: {weak}",
                called=case.called(depth),
                where=case.where.name,
                weak=weak,
            ),
            say(
                "make a new key: openssl ecparam -name prime256v1 -genkey -noout -out"
                " key.pem, and have it certified"
            ),
            case.reading(depth, "-text"),
        )
    weak_md = {
        depth: show(facts.signature_algorithm)
        for depth, facts in enumerate(case.path[:MAX_TOLD])
        if facts.signature_hash in _WEAK_HASHES and not facts.self_signed  # a root is trusted as is
    }
    for depth in sorted({*case.depths(_CA_MD_TOO_WEAK), *weak_md}):
        facts = case.at_depth(depth)
        algorithm = show(facts.signature_algorithm) if facts else say("an old hash")
        yield found(
            WEAK_SIGNATURE,
            case.where,
            say(
                "{called} of {where} is signed with {algorithm}: such signatures can be forged",
                called=case.called(depth),
                where=case.where.name,
                algorithm=algorithm,
            ),
            say("have it issued again with SHA-256 (every public CA does)"),
            case.reading(depth, "-text"),
        )
