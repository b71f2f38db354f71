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
from mxwalk.language import say
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
        say(
            "the chain of {where} ends in {root}, which is trusted by the {store_named} and"
            " not by public roots ({store_named_2}): only senders that were given this root"
            " can verify it",
            where=case.where.name,
            root=root,
            store_named=store_named(case.chain.store),
            store_named_2=store_named(public.store),
        ),
        say(
            "for mail from anybody use a public CA; among partners hand out the root, and"
            " they put it into their trust stores (ESA: certconfig / CERTAUTHORITY; Postfix:"
            " smtp_tls_CAfile)"
        ),
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
    who = say(", {others} may fail", others=", ".join(others)) if others else ""
    return found(
        EXPIRED_WAY,
        case.where,
        say(
            "{where} sends {named}, issued by {issuer}, which expired on {day}; OpenSSL"
            " reaches {named_2} without it{who}, and old clients (OpenSSL 1.0) do fail",
            where=case.where.name,
            named=named(facts),
            issuer=show(facts.issuer, 100),
            day=day(facts.not_after),
            named_2=named(case.path[-1]),
            who=who,
        ),
        say(
            "leave the expired certificate out of the chain file; certbot renew"
            " --preferred-chain {quoted}",
            quoted=_quoted(case.path[-1]),
        ),
        case.command,
    )


def _quoted(facts: CertificateFacts) -> str:
    return f"'{named(facts)}'" if "'" not in named(facts) else say("the root's name")
