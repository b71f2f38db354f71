"""The names in a certificate, whoever looks for them: wildcards, missing and unusable ones.

RFC 9525 (wildcards, no CN), RFC 5280 4.2.1.6 (what a dNSName may be).
"""

from collections.abc import Iterator

from mxwalk.delivery.model import Delivery
from mxwalk.findings.identity_case import IdentityCase, cases
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.raising import entry, found, show
from mxwalk.identity.model import PresentedKind, ReferenceKind
from mxwalk.identity.patterns import Pattern, Unusable, read_presented, read_reference
from mxwalk.language import say

MAX_NAMES = 5  # a certificate of thousands of odd names is said once a handful of times

_R, _CA = Owner.RECEIVER, Owner.RECEIVER_CA
ONE_LABEL = entry("IDENT005", Severity.NOTICE, _R, "a wildcard covers one label", "RFC 9525 6.3")
BAD_WILDCARD = entry("IDENT006", Severity.WARNING, _CA, "an invalid wildcard", "RFC 9525 6.3")
NO_DNS_ID = entry("IDENT007", Severity.WARNING, _R, "a certificate without dNSName", "RFC 9525 2")
CN_LABEL = entry("IDENT008", Severity.WARNING, _R, "a CN that is no name", "RFC 6125 6.4.4")
NOT_NAMED = entry(
    "IDENT009",
    Severity.NOTICE,
    _R,
    "the recipient domain is not in the certificate",
    "RFC 6125 6.2",
)
BAD_NAME = entry("IDENT013", Severity.NOTICE, _CA, "a dNSName that is no name", "RFC 5280 4.2.1.6")

ENTRIES = (ONE_LABEL, BAD_WILDCARD, NO_DNS_ID, CN_LABEL, NOT_NAMED, BAD_NAME)


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what is to be said of the names in each server's certificate."""
    for case in cases(delivery):
        yield from _names(case)
        yield from _wildcards(case)


def _names(case: IdentityCase) -> Iterator[Finding]:
    domain = case.gathered.recipient_domain
    if not case.dns_ids:
        yield found(
            NO_DNS_ID,
            case.where,
            say("the certificate of {where} has no dNSName", where=case.where.name)
            + (
                say(", only the CN {cn_id}", cn_id=show(case.cn_id.text, 80))
                if case.cn_id
                else say(" and no CN")
            ),
            case.san,
            case.command,
        )
        cn = case.cn_id
        read = read_presented(cn.kind, cn.text) if cn else None
        if cn is not None and isinstance(read, Unusable) and "*" not in cn.text:
            yield found(
                CN_LABEL,
                case.where,
                say(
                    "the CN of the certificate of {where} is no name: {reason}",
                    where=case.where.name,
                    reason=show(read.reason),
                ),
                case.san,
                case.command,
            )
    in_it = any(
        cell.matched
        for cell in (*case.verify.comparisons, *case.hosted.comparisons)
        if cell.reference.kind is ReferenceKind.RECIPIENT_DOMAIN
    )
    # where Verify fails (IDENT001) the domain is among the names it says are missing
    if domain and not in_it and case.verify.verified:
        texts = list(dict.fromkeys(p.text for p in case.presented))
        names = ", ".join(show(text, 60) for text in texts[:4]) or say("no name at all")
        more = say(" and {texts} more", texts=len(texts) - 4) if len(texts) > 4 else ""
        yield found(
            NOT_NAMED,
            case.where,
            say(
                "the certificate of {where} names {names}{more}, not the recipient domain {domain}",
                where=case.where.name,
                names=names,
                more=more,
                domain=show(domain, 80),
            ),
            case.san,
            case.command,
        )


def _wildcards(case: IdentityCase) -> Iterator[Finding]:
    said = {"bad": 0, "odd": 0, "far": 0}
    texts = dict.fromkeys((p.kind, p.text) for p in case.presented)
    for kind, text in texts:
        read = read_presented(kind, text)
        if isinstance(read, Unusable):
            wild = "*" in text
            if kind is PresentedKind.CN_ID and not wild:
                continue
            said["bad" if wild else "odd"] += 1
            if said["bad" if wild else "odd"] <= MAX_NAMES:
                yield found(
                    BAD_WILDCARD if wild else BAD_NAME,
                    case.where,
                    say(
                        "{kind} {text} matches nothing: {reason}",
                        kind=kind.value,
                        text=show(text, 80),
                        reason=show(read.reason),
                    ),
                    case.san,
                    case.command,
                )
        elif read.wildcard:
            for name in _too_far(read, case.unnamed):
                said["far"] += 1
                if said["far"] <= MAX_NAMES:
                    yield _one_label(case, text, name)


def _too_far(wildcard: Pattern, wanted: tuple[str, ...]) -> Iterator[str]:
    """Yield the wanted names under the wildcard's suffix that are not exactly one label longer."""
    suffix = wildcard.labels[1:]
    for name in wanted:
        read = read_reference(name)
        if isinstance(read, Pattern) and read.labels[-len(suffix) :] == suffix:
            extra = len(read.labels) - len(suffix)
            if extra != 1:  # RFC 9525 6.3: the wildcard stands for exactly one label
                yield name


def _one_label(case: IdentityCase, wildcard: str, name: str) -> Finding:
    return found(
        ONE_LABEL,
        case.where,
        say(
            "{wildcard} does not cover {name}: * stands for exactly one label",
            wildcard=show(wildcard, 80),
            name=show(name, 80),
        ),
        say("add DNS:{name} to subjectAltName", name=show(name, 80)),
        case.command,
        None if case.verify.verified and case.hosted.verified else Severity.WARNING,
    )
