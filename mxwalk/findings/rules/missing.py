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
from mxwalk.language import noted, say
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
_CHAIN_FILE = noted(
    "Postfix: smtpd_tls_chain_files; Exim: tls_certificate; Exchange: import it into the"
    " intermediate store"
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
            say(
                "{called} of {where} is self-signed: no CA vouches for it ({codes})",
                called=case.called(0),
                where=case.where.name,
                codes=codes,
            ),
            say(
                "have it issued by a CA: {request_certificate}",
                request_certificate=request_certificate(case.attempt.host.name),
            ),
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
        say(
            "{named}, sent by {where}, names an issuer with the key {authority_key_id}; the"
            " {named_2} that was sent has the key {subject_key_id}: an older or newer CA"
            " certificate of the same name ({codes})",
            named=named(end),
            where=case.where.name,
            authority_key_id=show(end.authority_key_id, 50),
            named_2=named(namesake),
            subject_key_id=show(namesake.subject_key_id, 50),
            codes=codes,
        ),
        say("replace the intermediate in the chain file by the one that came with the certificate")
        + (f": {command}" if (command := append_issuer(url)) else "")
        + f"; {say(_CHAIN_FILE)}",
        case.command,
    )


def _not_sent(
    case: Presented, end: CertificateFacts, absent: list[CertificateFacts], codes: str
) -> Finding:
    url = issuer_address(end.ca_issuer_urls)
    issuer = show(end.issuer, 100) or say("without name")
    what = (
        say("its own certificate")
        if end is case.facts[0]
        else say("its chain up to {named}", named=named(end))
    )
    if absent:
        whole = say(" and ").join(named(facts) for facts in absent[:3])
        where = say(
            "; it lies at {url}, where Windows and browsers fetch it; mail servers fetch"
            " nothing and do not trust the chain",
            url=show(url),
        )
        fix = say(
            "append {whole} to the chain file: {append}; {chain_file}",
            whole=whole,
            append=_append(end, absent),
            chain_file=say(_CHAIN_FILE),
        )
    else:
        problems = (
            [one.problem for one in case.issuers.fetched if one.problem] if case.issuers else []
        )
        failed = (
            say("; fetching it failed: {problems}", problems=show(problems[0])) if problems else ""
        )
        where = (
            say(", though it says where that is ({url}{failed})", url=show(url), failed=failed)
            if url
            else say(", which the store does not know either")
        )
        fix = say(
            "append the intermediate to the chain file: cat leaf.pem intermediate.pem >"
            " fullchain.pem; {chain_file}",
            chain_file=say(_CHAIN_FILE),
        )
    return found(
        INTERMEDIATE_MISSING,
        case.where,
        say(
            "{where} sent {what} but not that of its issuer {issuer}{where_2} ({codes})",
            where=case.where.name,
            what=what,
            issuer=issuer,
            where_2=where,
            codes=codes,
        ),
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
    fix = ours.fix if ours else say(fixes.REISSUE)
    owner = Owner.RECEIVER_CA if fix == say(fixes.REISSUE) else None
    return found(
        LEADS_NOWHERE,
        case.where,
        say(
            "the chain of {where} leads nowhere: {end_text} ({codes})",
            where=case.where.name,
            end_text=chosen.end_text,
            codes=codes,
        ),
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
        say(
            "the chain of {where} leads to {named}, which the {store_named} holds without the"
            " root above it, {issuer}: OpenSSL trusts roots only ({codes})",
            where=case.where.name,
            named=named(top),
            store_named=store_named(case.chain.store),
            issuer=show(top.issuer, 100),
            codes=codes,
        ),
        say(fixes.STORE_INCOMPLETE),
        case.command,
        owner=Owner.YOU,
    )


def _unknown(
    case: Presented, end: CertificateFacts, above: list[CertificateFacts], codes: str
) -> Finding:
    if end.self_signed:
        what = say("ends in the root {named}, which", named=named(end))
    elif above:  # the issuer was fetched, and it is a root
        what = say(
            "ends in {named}, whose issuer is the root {named_2}, which",
            named=named(end),
            named_2=named(above[0]),
        )
    else:
        what = say(
            "ends in {named}, whose issuer {issuer}", named=named(end), issuer=show(end.issuer, 100)
        )
    knowing = [verdict.store for verdict in case.chain.beside if not verdict.errors]
    others = (
        say("; the {store_named} trusts it", store_named=store_named(knowing[0])) if knowing else ""
    )
    return found(
        ISSUER_UNKNOWN,
        case.where,
        say(
            "the chain of {where} {what} the {store_named} does not know{others} ({codes})",
            where=case.where.name,
            what=what,
            store_named=store_named(case.chain.store),
            others=others,
            codes=codes,
        ),
        say(
            "receiver: use a public CA; sender, for a private CA: put its root into the trust"
            " store (mxwalk --ca-file root.pem; ESA: certconfig / CERTAUTHORITY)"
        ),
        case.command,
        owner=Owner.YOU if knowing else None,
    )
