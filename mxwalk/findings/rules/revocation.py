"""Revocation as asked of CRLs and OCSP responders.

RFC 5280 6.3, RFC 6960.  Nobody to ask raises nothing, and nothing of it is ever called
good.  Which senders notice a revocation at all is told with it: few mail servers look.
"""

from collections.abc import Iterator

from mxwalk.delivery.attempt import Attempt
from mxwalk.delivery.looks import examined
from mxwalk.delivery.model import Delivery
from mxwalk.delivery.revocation import lists_unasked, products, unasked
from mxwalk.evidence.revocation import NotAsked
from mxwalk.evidence.step import StepKind
from mxwalk.findings.commands import s_client
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.pki_commands import read_list
from mxwalk.findings.presented import named
from mxwalk.findings.raising import at_attempt, current, found, show
from mxwalk.findings.revocation_case import RevocationCase, cases
from mxwalk.findings.rules.revocation_codes import (
    DISAGREE,
    ENTRIES,
    NOBODY_OUTSIDE,
    NOT_CHECKED,
    NOT_REVOKED,
    REVOKED,
    TROUBLE,
)
from mxwalk.language import noted, say, say_many
from mxwalk.revocation.model import (
    CertificateStanding,
    Fault,
    SourceKind,
    Standing,
)
from mxwalk.revocation.plan import Pointers
from mxwalk.revocation.products import Product
from mxwalk.revocation.readings import Reading
from mxwalk.revocation.words import source_name, why
from mxwalk.tls.certificate import read_certificate

__all__ = ["ENTRIES", "check"]

# Readings of a tool are for the chain view; a postmaster asks which mail servers notice.
_TOOLS = {Product.OPENSSL_CRL_CHECK, Product.OPENSSL_CRL_CHECK_ALL}
# In which words; the address stands in the command.
_KNOWN_FROM = {
    SourceKind.CRL: noted("a CRL"),
    SourceKind.OCSP: noted("an OCSP responder"),
    SourceKind.STAPLE: noted("a stapled OCSP response"),
}
# What a walk does on the same connection behind the question, so that it was left out.
_BEHIND = {StepKind.IDENTITY, StepKind.EHLO_TLS, StepKind.MAIL, StepKind.RCPT, StepKind.QUIT}


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what is known of revocation on each connection."""
    for case in cases(delivery):
        yield from _judged(case)
    for attempt in current(delivery):
        yield from _not_asked(delivery, attempt)


def _judged(case: RevocationCase) -> Iterator[Finding]:
    for one in case.standings:
        if one.standing is Standing.REVOKED:
            yield _revoked(case, one)
        yield from _sources(case, one)
        yield from _inside_only(case, one)
        if one.disagreement:
            decided = one.decided_by
            yield found(
                DISAGREE,
                case.where,
                f"{case.called(one)}: {one.disagreement}",
                say(
                    "the CA makes list and responder say the same; take the certificate for"
                    " revoked until then"
                ),
                case.command(one, decided),
            )
    good = [one for one in case.standings if one.standing is Standing.GOOD]
    fine = {Standing.GOOD, Standing.NOT_APPLICABLE}
    if good and good[0].depth == 0 and all(one.standing in fine for one in case.standings):
        names = ", ".join(named(read_certificate(one.certificate)) for one in good[:4])
        yield found(
            NOT_REVOKED,
            case.where,
            say(
                "{good} of {where} not revoked: {names}; {sentence}",
                good=say_many("{n} certificate", "{n} certificates", len(good)),
                where=case.where.name,
                names=names,
                sentence=show(good[0].sentence, 300),
            ),
            say("nothing to do"),
            case.command(good[0], good[0].decided_by),
        )


def _revoked(case: RevocationCase, one: CertificateStanding) -> Finding:
    by = (
        say(", known from {known_from}", known_from=say(_KNOWN_FROM[one.decided_by.kind]))
        if one.decided_by
        else ""
    )
    said = why(one.revocation) if one.revocation else one.sentence
    return found(
        REVOKED,
        case.where,
        say(
            "{said}{by}: {called}; {who_notices}; serial number {serial}",
            said=show(said, 300),
            by=by,
            called=case.called(one),
            who_notices=_who_notices(case.attempt),
            serial=show(read_certificate(one.certificate).serial, 50),
        ),
        say(
            "find out why it was revoked, then make a new key, have it certified and install"
            " both: certbot renew --force-renewal (without --reuse-key)"
        )
        if one.depth == 0
        else say("take a certificate from another CA: everything this one issued is void"),
        case.command(one, one.decided_by),
    )


def _who_notices(attempt: Attempt) -> str:
    """Name the mail servers that refuse a revoked certificate, and those that do not notice."""
    readings = [one for one in products(attempt) if one.product not in _TOOLS]
    refuse = [one.title for one in readings if one.reading in {Reading.REVOKED, Reading.REFUSED}]
    blind = [one.title for one in readings if one.reading and one.reading.passes]
    unknown = [one.title for one in readings if one.reading is None]
    parts = (
        say("refused by {refuse}", refuse=", ".join(refuse)) if refuse else "",
        say("not noticed by {blind}", blind=", ".join(blind)) if blind else "",
        say("{unknown}: not known", unknown=", ".join(unknown)) if unknown else "",
    )
    return "; ".join(part for part in parts if part)


def _sources(case: RevocationCase, one: CertificateStanding) -> Iterator[Finding]:
    """Yield each kind of trouble once a certificate; where another source answers, as a notice."""
    decided = one.standing in {Standing.GOOD, Standing.REVOKED}
    for standing, (what, words) in TROUBLE.items():
        sources = [source for source in one.sources if source.standing is standing]
        if not sources:
            continue
        first = sources[0]
        more = (
            say(
                " (and {sources})",
                sources=say_many("{n} more source", "{n} more sources", len(sources) - 1),
            )
            if len(sources) > 1
            else ""
        )
        fix, owner = say(words), Owner.RECEIVER if first.kind is SourceKind.STAPLE else None
        if first.fault is Fault.RESOLVER:
            fix = say("use a resolver that tells the address: --resolver ADDRESS[:PORT]")
            owner = Owner.YOU
        instead = say("; another source answers") if decided else say("; nobody else could tell")
        yield found(
            what,
            case.where,
            say(
                "{source_name}: {sentence}{more}; asked about {called}{instead}",
                source_name=show(source_name(first), 330),
                sentence=show(first.sentence, 300),
                more=more,
                called=case.called(one),
                instead=instead,
            ),
            fix,
            case.command(one, first),
            Severity.NOTICE if decided else None,
            owner=owner,
        )


def _inside_only(case: RevocationCase, one: CertificateStanding) -> Iterator[Finding]:
    """Yield where only addresses are named that are not for HTTP; none at all is nothing to tell."""
    facts = read_certificate(one.certificate)
    urls = (*facts.crl_urls, *facts.ocsp_urls)
    if one.standing is Standing.NOT_APPLICABLE and urls and not one.sources:
        yield found(
            NOBODY_OUTSIDE,
            case.where,
            say(
                "{called} names {urls} to ask about its revocation, which is not for HTTP:"
                " nobody outside the CA's own network can ask",
                called=case.called(one),
                urls=show(urls[0], 200),
            ),
            say(
                "publish the list over HTTP, and name that address first: AD CS: CA"
                " properties, Extensions, CDP; then have the certificate issued again"
            ),
            case.command(one, None),
        )


def _not_asked(delivery: Delivery, attempt: Attempt) -> Iterator[Finding]:
    """Yield the first certificate of a path that names whom to ask, where nobody was."""
    reason = _why_not(delivery, attempt)
    shown = examined(attempt)
    lacking = unasked(shown) if reason is not None else ()
    if reason is None or not lacking:
        return
    one, (because, fix) = lacking[0], reason
    where = at_attempt(
        attempt, StepKind.CHAIN if attempt.revocation is None else StepKind.REVOCATION
    )
    facts = read_certificate(one.certificate)
    whose = say("the server's") if one.depth == 0 else say("the CA")
    trusted = shown.chain is not None and not shown.chain.errors
    listed = trusted and lists_unasked(shown)
    yield found(
        NOT_CHECKED,
        where,
        say(
            "nobody was asked whether {whose} certificate {named} of {where} is revoked:"
            " {because}; it names {whom}{value}",
            whose=whose,
            named=named(facts),
            where=where.name,
            because=because,
            whom=_whom(one),
            value=say("; the Cisco ESA reads such lists") if listed else "",
        ),
        fix,
        read_list(one.crl_urls[0])
        if one.crl_urls
        else s_client(attempt.place, attempt.port, attempt.host.name, "-status"),
        Severity.WARNING if listed else None,
    )


def _whom(one: Pointers) -> str:
    if one.crl_urls:
        return say("the CRL {crl_urls}", crl_urls=show(one.crl_urls[0], 300))
    return say("the OCSP responder {ocsp_urls}", ocsp_urls=show(one.ocsp_urls[0], 300))


def _why_not(delivery: Delivery, attempt: Attempt) -> tuple[str, str] | None:
    """Return why nobody was asked, and what to do; ``None`` where they were, or are yet to be."""
    checked, step = attempt.revocation, attempt.step(StepKind.REVOCATION)
    if checked is None or step is None:
        past = any(one.kind in _BEHIND for one in attempt.steps) or _is_skipped(delivery, attempt)
        return (
            (say("the step was left out"), say("walk again without leaving it out"))
            if past
            else None
        )
    if checked.not_asked is NotAsked.OFFLINE:
        return say("offline"), say("walk again without --offline")
    if step.cancelled:
        return say("the step was broken off"), say("walk again and let the step finish")
    return None


def _is_skipped(delivery: Delivery, attempt: Attempt) -> bool:
    return StepKind.REVOCATION in delivery.left_out.get(attempt.scope, frozenset())
