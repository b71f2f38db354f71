"""The chain as it was sent and as OpenSSL judged it: issuer, order, extras, trust store.

RFC 5280 6, RFC 8446 4.4.2 (each certificate certifies the one before it).  What concerns a single
certificate is told in ``certificate``.
"""

from collections.abc import Iterator

from mxwalk.dane.matching import association_data
from mxwalk.dane.tlsa import DANE_TA
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.tls import VerifyError
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.presented import Presented, cases, named, store_named
from mxwalk.findings.raising import entry, found, show
from mxwalk.findings.rules import certificate, fitness, issuers, missing
from mxwalk.language import say, say_many
from mxwalk.pkix.clients import judge_clients
from mxwalk.pkix.model import ClientResult, Reason

_R, _CA = Owner.RECEIVER, Owner.RECEIVER_CA
TRUSTED = entry("CERT001", Severity.OK, Owner.NOBODY, "the chain is trusted", "RFC 5280 6.1")
WRONG_ORDER = entry("CERT008", Severity.WARNING, _R, "a chain in the wrong order", "RFC 8446 4.4.2")
ROOT_SENT = entry("CERT009", Severity.NOTICE, _R, "the root was sent", "RFC 8446 4.4.2")
UNRELATED = entry("CERT010", Severity.NOTICE, _R, "certificates beside the chain", "RFC 8446 4.4.2")
DUPLICATE = entry("CERT011", Severity.NOTICE, _R, "a certificate sent twice", "RFC 8446 4.4.2")
NAME_CONSTRAINTS = entry(
    "CERT016", Severity.ERROR, _CA, "a name the CA may not certify", "RFC 5280 4.2.1.10"
)
OTHER_ERROR = entry("CERT017", Severity.ERROR, _R, "another verification error", "RFC 5280 6.1")
EMPTY_STORE = entry("CERT019", Severity.ERROR, Owner.YOU, "an empty trust store", "RFC 5280 6.1.1")

ENTRIES = (
    TRUSTED,
    WRONG_ORDER,
    ROOT_SENT,
    UNRELATED,
    DUPLICATE,
    NAME_CONSTRAINTS,
    OTHER_ERROR,
    EMPTY_STORE,
)

# OpenSSL's numbers (x509_vfy.h).
_CONSTRAINT_ERRORS = (47, 48, 49, 51, 52, 53)


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield what each connection's chain shows."""
    for case in cases(delivery):
        yield from _errors(case)
        yield from _form(case)
        yield from _root(delivery, case)


def _is_dane_anchor(delivery: Delivery, case: Presented, index: int) -> bool:
    """Say whether a TLSA record names the certificate: then it must be sent (RFC 7672 3.1.2)."""
    host = next((h for h in delivery.hosts if h.planned.name == case.attempt.host.name), None)
    records = host.dane.records if host is not None and host.dane is not None else ()
    return any(
        record.usable
        and record.usage == DANE_TA
        and association_data(case.sent[index], record.selector, record.matching_type) == record.data
        for record in records
    )


def _errors(case: Presented) -> Iterator[Finding]:
    errors, store = case.chain.errors, case.chain.store
    if not errors and store.roots:
        names = " <- ".join(named(facts) for facts in case.path[:6])
        yield found(
            TRUSTED,
            case.where,
            say(
                "the chain of {where} is trusted by the {store_named}: {names}",
                where=case.where.name,
                store_named=store_named(store),
                names=names,
            ),
            say("nothing to do"),
            case.command,
        )
    if not store.roots:
        yield found(
            EMPTY_STORE,
            case.where,
            say(
                "the {store_named} holds no root: no chain can be trusted with it",
                store_named=store_named(store),
            ),
            say(
                "install ca-certificates, or name a file: --ca-file"
                " /etc/ssl/certs/ca-certificates.crt"
            ),
            case.command,
        )
    for error in errors:
        if error.code in _CONSTRAINT_ERRORS:
            yield found(
                NAME_CONSTRAINTS,
                case.where,
                say(
                    "{called} of {where}: {not_permitted}",
                    called=case.called(error.depth),
                    where=case.where.name,
                    not_permitted=_not_permitted(case, error),
                ),
                say("have it issued by a CA whose name constraints permit the names"),
                case.reading(error.depth, "-text"),
            )
        elif not _told_elsewhere(error.code):
            yield found(
                OTHER_ERROR,
                case.where,
                say(
                    "OpenSSL objects to {called} of {where}: {shown}",
                    called=case.called(error.depth),
                    where=case.where.name,
                    shown=_shown(error),
                ),
                say(
                    "replace the certificate; openssl verify -show_chain -untrusted chain.pem"
                    " leaf.pem tells when it is right"
                ),
                case.command,
            )


def _not_permitted(case: Presented, error: VerifyError) -> str:
    ours = case.objection(error.depth, Reason.NAME_CONSTRAINT)
    said = ours.sentence if ours else say("a CA above it may not certify its names")
    return f"{said} ({_shown(error)})"


def _told_elsewhere(code: int) -> bool:
    return code in missing.CODES or any(
        module.tells(code) for module in (certificate, fitness, issuers)
    )


def _shown(error: VerifyError) -> str:
    return f"{show(error.name or str(error.code), 80)}: {show(error.text)}"


def _root(delivery: Delivery, case: Presented) -> Iterator[Finding]:
    root = case.order.root
    if root is not None and not _is_dane_anchor(delivery, case, root):
        yield found(
            ROOT_SENT,
            case.where,
            say(
                "{where} sent the root {named}, too: senders must know it already",
                where=case.where.name,
                named=named(case.facts[root]),
            ),
            say("leave the root out of the chain file (keep it if a TLSA record 2 x x names it)"),
            case.command,
        )


def _unrelated(case: Presented) -> tuple[int, ...]:
    """Return what belongs to no path; an issuer with the right name and the wrong key is told so."""
    end = case.facts[case.order.path[-1]]
    return tuple(
        index
        for index in case.order.extras
        if not (
            case.facts[index].readable
            and case.facts[index].subject_canonical == end.issuer_canonical
        )
    )


def _who_sorts(case: Presented) -> str:
    """Say which clients put up with the order, where it is all that is wrong."""
    views = judge_clients(case.explained) if case.explained and not case.chain.errors else ()
    sorting = [view.title for view in views if view.result is ClientResult.TRUSTS]
    refusing = [view.title for view in views if view.result is ClientResult.REFUSES]
    if not sorting or not refusing:
        return ""
    return say(
        "; {sorting} sort it, {refusing} refuses it",
        sorting=", ".join(sorting),
        refusing=", ".join(refusing),
    )


def _form(case: Presented) -> Iterator[Finding]:
    order = case.order
    if not order.in_order:
        numbers = ", ".join(str(index + 1) for index in order.path[:8])
        yield found(
            WRONG_ORDER,
            case.where,
            say(
                "{where} sent its chain out of order: from the server's certificate up it is"
                " {numbers} of {sent}{who_sorts}",
                where=case.where.name,
                numbers=numbers,
                sent=len(case.sent),
                who_sorts=_who_sorts(case),
            ),
            say(
                "the server's certificate first, then each one's issuer: cat leaf.pem"
                " intermediate.pem > fullchain.pem"
            ),
            case.command,
        )
    for indexes, what, text in (
        (_unrelated(case), UNRELATED, say("besides those of the chain")),
        (order.duplicates, DUPLICATE, say("more than once")),
    ):
        if indexes:
            names = ", ".join(named(case.facts[index]) for index in indexes[:3])
            yield found(
                what,
                case.where,
                say(
                    "{where} sent {indexes} {text}: {names}",
                    where=case.where.name,
                    indexes=say_many("{n} certificate", "{n} certificates", len(indexes)),
                    text=text,
                    names=names,
                ),
                say("keep only the server's certificate and its intermediates in the chain file"),
                case.command,
            )
