"""The chain as it was sent and as OpenSSL judged it: issuer, order, extras, trust store.

RFC 5280 6, RFC 8446 4.4.2 (each certificate certifies the one before it).  What concerns a single
certificate is told in ``certificate``.
"""

from collections.abc import Iterator

from mxwalk.dane.matching import association_data
from mxwalk.dane.tlsa import DANE_TA
from mxwalk.delivery.model import Delivery
from mxwalk.evidence.tls import TrustStore, VerifyError
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.presented import Presented, cases, named
from mxwalk.findings.raising import count, entry, found, show
from mxwalk.findings.rules.certificate import told_here
from mxwalk.tls.certificate import CertificateFacts

_R, _CA = Owner.RECEIVER, Owner.RECEIVER_CA
TRUSTED = entry("CERT001", Severity.OK, Owner.NOBODY, "the chain is trusted", "RFC 5280 6.1")
SELF_SIGNED = entry("CERT005", Severity.ERROR, _R, "a self-signed certificate", "RFC 5280 6.1")
INTERMEDIATE_MISSING = entry(
    "CERT006", Severity.ERROR, _R, "the issuer of the certificate was not sent", "RFC 8446 4.4.2"
)
ISSUER_UNKNOWN = entry(
    "CERT007", Severity.ERROR, _R, "an issuer the store does not know", "RFC 5280 6.1"
)
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
    SELF_SIGNED,
    INTERMEDIATE_MISSING,
    ISSUER_UNKNOWN,
    WRONG_ORDER,
    ROOT_SENT,
    UNRELATED,
    DUPLICATE,
    NAME_CONSTRAINTS,
    OTHER_ERROR,
    EMPTY_STORE,
)

# OpenSSL's numbers (x509_vfy.h).  No issuer: 2, 20, 21; a root nobody knows: 19; not trusted: 27.
_DEPTH_ZERO_SELF_SIGNED = 18
_ISSUER_ERRORS = (2, _DEPTH_ZERO_SELF_SIGNED, 19, 20, 21, 27)
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


def _store(store: TrustStore) -> str:
    where = f" {show(store.path, 80)}" if store.path else ""
    return f"{show(store.kind)} store{where} ({count(store.roots, 'root')})"


def _errors(case: Presented) -> Iterator[Finding]:
    errors, store = case.chain.errors, case.chain.store
    if not errors and store.roots:
        names = " <- ".join(named(facts) for facts in case.path[:6])
        yield found(
            TRUSTED,
            case.where,
            f"the chain of {case.where.name} is trusted by the {_store(store)}: {names}",
            "nothing to do",
            case.command,
        )
    issuer = [error for error in errors if error.code in _ISSUER_ERRORS]
    if not store.roots:
        yield found(
            EMPTY_STORE,
            case.where,
            f"the {_store(store)} holds no root: no chain can be trusted with it",
            "install ca-certificates, or name a file: --ca-file /etc/ssl/certs/ca-certificates.crt",
            case.command,
        )
    elif issuer:
        yield _no_issuer(case, issuer)
    for error in errors:
        if error.code in _CONSTRAINT_ERRORS:
            yield found(
                NAME_CONSTRAINTS,
                case.where,
                f"{case.called(error.depth)} of {case.where.name}: a CA above it may not certify"
                f" its names ({_shown(error)})",
                "have it issued by a CA whose name constraints permit the names",
                case.reading(error.depth, "-text"),
            )
        elif error.code not in _ISSUER_ERRORS and not told_here(error.code, error.depth):
            yield found(
                OTHER_ERROR,
                case.where,
                f"OpenSSL objects to {case.called(error.depth)} of {case.where.name}:"
                f" {_shown(error)}",
                "replace the certificate; openssl verify -show_chain -untrusted chain.pem leaf.pem"
                " tells when it is right",
                case.command,
            )


def _shown(error: VerifyError) -> str:
    return f"{show(error.name or str(error.code), 80)}: {show(error.text)}"


def _no_issuer(case: Presented, errors: list[VerifyError]) -> Finding:
    order = case.order
    end = case.facts[order.path[-1]]
    codes = ", ".join(dict.fromkeys(show(error.name or str(error.code), 80) for error in errors))
    alone = len(order.path) == 1
    self_signed = end.self_issued or any(e.code == _DEPTH_ZERO_SELF_SIGNED for e in errors)
    if alone and self_signed:
        return found(
            SELF_SIGNED,
            case.where,
            f"{case.called(0)} of {case.where.name} is self-signed: no CA vouches for it ({codes})",
            "have it issued by a CA: certbot certonly --standalone -d"
            f" {show(case.attempt.host.name)}",
            case.command,
        )
    if alone:
        return _not_sent(case, end, codes)
    what = (
        f"ends in the root {named(end)}, which"
        if end.self_signed
        else f"ends in {named(end)}, whose issuer {show(end.issuer, 100)}"
    )
    return found(
        ISSUER_UNKNOWN,
        case.where,
        f"the chain of {case.where.name} {what} the {_store(case.chain.store)} does not know"
        f" ({codes})",
        "receiver: use a public CA; sender, for a private CA: put its root into the trust store"
        " (mxwalk --ca-file root.pem; ESA: certconfig / CERTAUTHORITY)",
        case.command,
    )


def _not_sent(case: Presented, leaf: CertificateFacts, codes: str) -> Finding:
    url = show(leaf.ca_issuer_urls[0]) if leaf.ca_issuer_urls else ""
    issuer = show(leaf.issuer, 100) or "without name"
    return found(
        INTERMEDIATE_MISSING,
        case.where,
        f"{case.where.name} sent its own certificate but not that of its issuer {issuer}"
        + (
            f", though it says where that is ({url})"
            if url
            else ", which the store does not know either"
        )
        + f" ({codes})",
        "append the intermediate to the chain file: cat leaf.pem intermediate.pem > fullchain.pem;"
        " Postfix: smtpd_tls_chain_files; Exim: tls_certificate; Exchange: import it into the"
        " intermediate store",
        case.command,
    )


def _root(delivery: Delivery, case: Presented) -> Iterator[Finding]:
    root = case.order.root
    if root is not None and not _is_dane_anchor(delivery, case, root):
        yield found(
            ROOT_SENT,
            case.where,
            f"{case.where.name} sent the root {named(case.facts[root])}, too: senders must know it"
            " already",
            "leave the root out of the chain file (keep it if a TLSA record 2 x x names it)",
            case.command,
        )


def _form(case: Presented) -> Iterator[Finding]:
    order = case.order
    if not order.in_order:
        numbers = ", ".join(str(index + 1) for index in order.path[:8])
        yield found(
            WRONG_ORDER,
            case.where,
            f"{case.where.name} sent its chain out of order: from the server's certificate up it is"
            f" {numbers} of {len(case.sent)}",
            "the server's certificate first, then each one's issuer: cat leaf.pem intermediate.pem"
            " > fullchain.pem",
            case.command,
        )
    for indexes, what, text in (
        (order.extras, UNRELATED, "that do not belong to the chain"),
        (order.duplicates, DUPLICATE, "that had been sent before"),
    ):
        if indexes:
            names = ", ".join(named(case.facts[index]) for index in indexes[:3])
            yield found(
                what,
                case.where,
                f"{case.where.name} sent {count(len(indexes), 'certificate')} {text}: {names}",
                "keep only the server's certificate and its intermediates in the chain file",
                case.command,
            )
