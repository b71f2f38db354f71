"""A chain that holds here and not everywhere: a private CA, an expired way round.

A verdict is one store's and one path's.  What other trust stores made of the chain is in the
evidence; what other clients do follows from the candidate paths (RFC 4158).
"""

from collections.abc import Iterator

from mxwalk.delivery.model import Delivery
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.presented import Presented, cases, named, store_named
from mxwalk.findings.raising import entry, found, show
from mxwalk.findings.rules.missing import CODES as END_CODES
from mxwalk.pkix.clients import judge_clients
from mxwalk.pkix.model import ClientResult
from mxwalk.pkix.naming import day
from mxwalk.tls.certificate import CertificateFacts

PRIVATE_CA = entry("CERT026", Severity.NOTICE, Owner.RECEIVER, "a private CA", "RFC 5280 6.1.1")
EXPIRED_WAY = entry(
    "CERT027",
    Severity.WARNING,
    Owner.RECEIVER,
    "an expired certificate that some clients follow",
    "RFC 5280 6.1",
)

ENTRIES = (PRIVATE_CA, EXPIRED_WAY)

_PUBLIC = "certifi"  # Mozilla's list of public roots
# Stores that people put roots of their own into.
_KEPT_BY_PEOPLE = ("system", "file")


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield for each chain that is trusted what makes it fail elsewhere."""
    for case in cases(delivery):
        if case.chain.store.roots and not case.chain.errors:
            yield from _private(case)
            yield from _expired_way(case)


def _private(case: Presented) -> Iterator[Finding]:
    if case.chain.store.kind not in _KEPT_BY_PEOPLE:
        return
    public = next((one for one in case.chain.beside if one.store.kind == _PUBLIC), None)
    if public is None or not any(error.code in END_CODES for error in public.errors):
        return
    root = named(case.path[-1])
    yield found(
        PRIVATE_CA,
        case.where,
        f"the chain of {case.where.name} ends in {root}, which is trusted by the"
        f" {store_named(case.chain.store)} and not by public roots ({store_named(public.store)}):"
        " only senders that were given this root can verify it",
        "for mail from anybody use a public CA; among partners hand out the root, and they put it"
        " into their trust stores (ESA: certconfig / CERTAUTHORITY; Postfix: smtp_tls_CAfile)",
        case.command,
    )


def _expired_way(case: Presented) -> Iterator[Finding]:
    on_path = {facts.sha256 for facts in case.path}
    twins = {(facts.subject_canonical, facts.spki_sha256) for facts in case.path}
    for index, facts in enumerate(case.facts):
        aside = facts.readable and facts.sha256 not in on_path
        on_the_way = (
            index in case.order.path or (facts.subject_canonical, facts.spki_sha256) in twins
        )
        if aside and on_the_way and _is_over(case, facts):
            yield _expired(case, facts)
            return


def _is_over(case: Presented, facts: CertificateFacts) -> bool:
    return case.at is not None and facts.not_after is not None and facts.not_after < case.at


def _expired(case: Presented, facts: CertificateFacts) -> Finding:
    views = judge_clients(case.explained) if case.explained else ()
    others = [view.title for view in views if view.result is not ClientResult.TRUSTS]
    who = f", {', '.join(others)} may fail" if others else ""
    return found(
        EXPIRED_WAY,
        case.where,
        f"{case.where.name} sends {named(facts)}, issued by {show(facts.issuer, 100)}, which"
        f" expired on {day(facts.not_after)}; OpenSSL reaches"
        f" {named(case.path[-1])} without it{who}, and old clients (OpenSSL 1.0) do fail",
        "leave the expired certificate out of the chain file; certbot renew --preferred-chain"
        f" {_quoted(case.path[-1])}",
        case.command,
    )


def _quoted(facts: CertificateFacts) -> str:
    return f"'{named(facts)}'" if "'" not in named(facts) else "the root's name"
