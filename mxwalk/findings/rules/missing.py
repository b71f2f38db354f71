"""A chain that leads to no trusted root: self-signed, an issuer not sent, or one nobody knows.

RFC 5280 6.1, RFC 8446 4.4.2.  OpenSSL's objections of this kind come in twos and threes and are told
as one finding: which certificate is missing, where it lies, and who does without it; or, where none
is missing, which one OpenSSL does not take and why.
"""

from collections.abc import Iterator

from mxwalk.delivery.model import Delivery
from mxwalk.findings.model import Finding, Owner, Severity
from mxwalk.findings.pki_commands import append_issuer, request_certificate
from mxwalk.findings.presented import Presented, cases, named, store_named
from mxwalk.findings.raising import entry, found, show
from mxwalk.pkix import fixes
from mxwalk.pkix.model import Candidate, KeyIds, PathEnd, Source
from mxwalk.pkix.naming import issuer_address
from mxwalk.pkix.order import sent_order
from mxwalk.pkix.traits import key_ids, likely_issued, looks_self_signed
from mxwalk.tls.certificate import CertificateFacts, read_certificate

_R = Owner.RECEIVER
SELF_SIGNED = entry("CERT005", Severity.ERROR, _R, "a self-signed certificate", "RFC 5280 6.1")
INTERMEDIATE_MISSING = entry(
    "CERT006", Severity.ERROR, _R, "the issuer of the certificate was not sent", "RFC 8446 4.4.2"
)
ISSUER_UNKNOWN = entry(
    "CERT007", Severity.ERROR, _R, "an issuer the store does not know", "RFC 5280 6.1"
)
OTHER_KEY = entry(
    "CERT025", Severity.ERROR, _R, "an issuer of that name with another key", "RFC 5280 4.2.1.1"
)
LEADS_NOWHERE = entry(
    "CERT031", Severity.ERROR, _R, "a certificate that leads to no issuer", "RFC 5280 6.1.3"
)

ENTRIES = (SELF_SIGNED, INTERMEDIATE_MISSING, ISSUER_UNKNOWN, OTHER_KEY, LEADS_NOWHERE)

# OpenSSL's numbers (x509_vfy.h).  No issuer: 2, 20, 21; a root nobody knows: 19; not trusted: 27.
_DEPTH_ZERO_SELF_SIGNED = 18
CODES = frozenset({2, _DEPTH_ZERO_SELF_SIGNED, 19, 20, 21, 27})
_CHAIN_FILE = (
    "Postfix: smtpd_tls_chain_files; Exim: tls_certificate; Exchange: import it into the intermediate"
    " store"
)


def check(delivery: Delivery) -> Iterator[Finding]:
    """Yield one finding for each chain that ends nowhere."""
    for case in cases(delivery):
        if case.chain.store.roots and any(error.code in CODES for error in case.chain.errors):
            yield _no_issuer(case)


def _no_issuer(case: Presented) -> Finding:
    errors = [error for error in case.chain.errors if error.code in CODES]
    codes = ", ".join(dict.fromkeys(show(error.name or str(error.code), 80) for error in errors))
    path = case.order.path
    end = case.facts[path[-1]]
    alone = len(path) == 1
    refused_alone = any(error.code == _DEPTH_ZERO_SELF_SIGNED for error in errors)
    if alone and (refused_alone or looks_self_signed(end)):
        return found(
            SELF_SIGNED,
            case.where,
            f"{case.called(0)} of {case.where.name} is self-signed: no CA vouches for it ({codes})",
            f"have it issued by a CA: {request_certificate(case.attempt.host.name)}",
            case.command,
        )
    namesake = _namesake(case, end)
    if namesake is not None:
        return _other_key(case, end, namesake, codes)
    chosen = case.explained.chosen if case.explained else None
    if chosen is not None and chosen.dead_end:
        return _leads_nowhere(case, chosen, codes)
    if chosen is not None and _ends_in_store(chosen):
        return _root_not_stored(case, chosen, codes)
    above = _fetched_above(case, path[-1])
    absent = [facts for facts in above if not looks_self_signed(facts)]
    if absent or (alone and not above):
        return _not_sent(case, end, absent, codes)
    return _unknown(case, end, above, codes)


def _namesake(case: Presented, end: CertificateFacts) -> CertificateFacts | None:
    """Return a certificate sent that has the issuer's name but is not the issuer named."""
    if not end.readable or looks_self_signed(end):
        return None
    return next(
        (
            facts
            for facts in case.facts
            if facts.readable
            and facts.sha256 != end.sha256
            and facts.subject_canonical == end.issuer_canonical
            and key_ids(facts, end) is KeyIds.DIFFER
            and not likely_issued(facts, end)
        ),
        None,
    )


def _fetched_above(case: Presented, index: int) -> list[CertificateFacts]:
    """Return the fetched certificates that lead on from the last one sent, in order."""
    fetched = case.issuers.certificates if case.issuers else ()
    together = (case.sent[index], *fetched)
    return [read_certificate(together[number]) for number in sent_order(together).path[1:]]


def _other_key(
    case: Presented, end: CertificateFacts, namesake: CertificateFacts, codes: str
) -> Finding:
    url = issuer_address(end.ca_issuer_urls)
    return found(
        OTHER_KEY,
        case.where,
        f"{named(end)}, sent by {case.where.name}, names an issuer with the key"
        f" {show(end.authority_key_id, 50)}; the {named(namesake)} that was sent has the key"
        f" {show(namesake.subject_key_id, 50)}: an older or newer CA certificate of the same name"
        f" ({codes})",
        "replace the intermediate in the chain file by the one that came with the certificate"
        + (f": {command}" if (command := append_issuer(url)) else "")
        + f"; {_CHAIN_FILE}",
        case.command,
    )


def _not_sent(
    case: Presented, end: CertificateFacts, absent: list[CertificateFacts], codes: str
) -> Finding:
    url = issuer_address(end.ca_issuer_urls)
    issuer = show(end.issuer, 100) or "without name"
    what = "its own certificate" if end is case.facts[0] else f"its chain up to {named(end)}"
    if absent:
        whole = " and ".join(named(facts) for facts in absent[:3])
        where = (
            f"; it lies at {show(url)}, where Windows and browsers fetch it; mail servers fetch"
            " nothing and do not trust the chain"
        )
        fix = f"append {whole} to the chain file: {_append(end, absent)}; {_CHAIN_FILE}"
    else:
        problems = (
            [one.problem for one in case.issuers.fetched if one.problem] if case.issuers else []
        )
        failed = f"; fetching it failed: {show(problems[0])}" if problems else ""
        where = (
            f", though it says where that is ({show(url)}{failed})"
            if url
            else ", which the store does not know either"
        )
        fix = (
            "append the intermediate to the chain file: cat leaf.pem intermediate.pem >"
            f" fullchain.pem; {_CHAIN_FILE}"
        )
    return found(
        INTERMEDIATE_MISSING,
        case.where,
        f"{case.where.name} sent {what} but not that of its issuer {issuer}{where} ({codes})",
        fix,
        case.command,
    )


def _append(end: CertificateFacts, absent: list[CertificateFacts]) -> str:
    """Return what appends each issuer that was not sent, each fetched from where the one below says."""
    below = (end, *absent[:-1])
    commands = (append_issuer(issuer_address(one.ca_issuer_urls)) for one in below[:3])
    return "; ".join(command for command in commands if command)


def _leads_nowhere(case: Presented, chosen: Candidate, codes: str) -> Finding:
    ours = next((one for one in chosen.objections if one.sentence == chosen.end_text), None)
    fix = ours.fix if ours else fixes.REISSUE
    owner = Owner.RECEIVER_CA if fix == fixes.REISSUE else None
    return found(
        LEADS_NOWHERE,
        case.where,
        f"the chain of {case.where.name} leads nowhere: {chosen.end_text} ({codes})",
        fix,
        case.command,
        owner=Owner.YOU if chosen.members[-1].source is Source.STORE else owner,
    )


def _ends_in_store(chosen: Candidate) -> bool:
    return chosen.end is PathEnd.ISSUER_MISSING and chosen.members[-1].source is Source.STORE


def _root_not_stored(case: Presented, chosen: Candidate, codes: str) -> Finding:
    top = read_certificate(chosen.members[-1].der)
    return found(
        ISSUER_UNKNOWN,
        case.where,
        f"the chain of {case.where.name} leads to {named(top)}, which the"
        f" {store_named(case.chain.store)} holds without the root above it, {show(top.issuer, 100)}:"
        f" OpenSSL trusts roots only ({codes})",
        fixes.STORE_INCOMPLETE,
        case.command,
        owner=Owner.YOU,
    )


def _unknown(
    case: Presented, end: CertificateFacts, above: list[CertificateFacts], codes: str
) -> Finding:
    if end.self_signed:
        what = f"ends in the root {named(end)}, which"
    elif above:  # the issuer was fetched, and it is a root
        what = f"ends in {named(end)}, whose issuer is the root {named(above[0])}, which"
    else:
        what = f"ends in {named(end)}, whose issuer {show(end.issuer, 100)}"
    knowing = [verdict.store for verdict in case.chain.beside if not verdict.errors]
    others = f"; the {store_named(knowing[0])} trusts it" if knowing else ""
    return found(
        ISSUER_UNKNOWN,
        case.where,
        f"the chain of {case.where.name} {what} the {store_named(case.chain.store)} does not know"
        f"{others} ({codes})",
        "receiver: use a public CA; sender, for a private CA: put its root into the trust store"
        " (mxwalk --ca-file root.pem; ESA: certconfig / CERTAUTHORITY)",
        case.command,
        owner=Owner.YOU if knowing else None,
    )
