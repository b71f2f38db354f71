"""What a server sent, in which order, and what is too much or too little (RFC 8446 4.4.2).

The server's own certificate comes first, then each one that certifies the one before it; the root
may be left out.  Today's clients sort what they get; each fact here still costs bytes or breaks an
old one.
"""

from dataclasses import replace

from mxwalk.language import say, say_many
from mxwalk.limits import PATH_CERTIFICATES, PATH_ISSUERS_TRIED
from mxwalk.pkix import fixes
from mxwalk.pkix.model import ChainExplained, OrderFacts, Reason
from mxwalk.pkix.naming import called, issuer_address
from mxwalk.pkix.signatures import check_signature
from mxwalk.pkix.traits import likely_issued, looks_self_signed
from mxwalk.text import visible
from mxwalk.tls.certificate import CertificateFacts, read_certificate
from mxwalk.tls.keys import SignatureCheck


def sent_order(presented: tuple[bytes, ...], known: tuple[bytes, ...] = ()) -> OrderFacts:
    """Follow issuers from the first certificate through the others; names and signatures decide.

    ``known`` are certificates the client has; an issuer among them is not missing.
    """
    if not presented:
        return OrderFacts(
            sentences=((say("no certificate was sent"), say("configure a certificate")),)
        )
    facts = [read_certificate(der) for der in presented]
    first: dict[bytes, int] = {}
    duplicates: list[int] = []
    by_subject: dict[tuple[bytes, ...], list[int]] = {}
    for index, der in enumerate(presented):
        if der in first:
            duplicates.append(index)
            continue
        first[der] = index
        by_subject.setdefault(facts[index].subject_canonical, []).append(index)
    path = _follow(presented, facts, by_subject)
    top = facts[path[-1]]
    missing = (
        top.readable
        and not looks_self_signed(top)
        and not any(likely_issued(read_certificate(der), top) for der in known)
    )
    found = OrderFacts(
        path=tuple(path),
        extras=tuple(index for index in first.values() if index not in set(path)),
        duplicates=tuple(duplicates),
        root=path[-1] if len(path) > 1 and looks_self_signed(top) else None,
        missing=missing,
        missing_issuer=top.issuer if missing else "",
        missing_urls=top.ca_issuer_urls if missing else (),
    )
    return replace(found, sentences=tuple(_sentences(found, facts)))


def remarks(chain: ChainExplained) -> tuple[tuple[str, str], ...]:
    """Return the sentences on what was sent that say more than the objections do, with their fixes.

    An issuer that is missing, or stands aside, is the last of them; where the chain fails for it, the
    objection has said so.
    """
    objected = any(one.reason is Reason.ISSUER_MISSING for one in chain.chosen.objections)
    said = chain.order.sentences
    return said[:-1] if chain.order.missing and objected else said


def _follow(
    presented: tuple[bytes, ...],
    facts: list[CertificateFacts],
    by_subject: dict[tuple[bytes, ...], list[int]],
) -> list[int]:
    path, seen = [0], {0}
    while not looks_self_signed(facts[path[-1]]) and len(path) < PATH_CERTIFICATES:
        here = path[-1]
        named = by_subject.get(facts[here].issuer_canonical, ())[:PATH_ISSUERS_TRIED]
        issuers = [
            index
            for index in named
            if index not in seen
            and likely_issued(facts[index], facts[here])
            and check_signature(presented[here], presented[index]) is not SignatureCheck.WRONG
        ]
        if not issuers:
            break
        path.append(issuers[0])
        seen.add(issuers[0])
    return path


def _sentences(order: OrderFacts, facts: list[CertificateFacts]) -> list[tuple[str, str]]:
    said: list[tuple[str, str]] = []
    if not order.in_order:
        numbers = ", ".join(str(index + 1) for index in order.path[:8])
        what = say(
            "the chain was sent out of order: from the server's certificate up it is"
            " {numbers} of {facts}",
            numbers=numbers,
            facts=len(facts),
        )
        fix = say("put the server's own certificate first and each one's issuer behind it")
        said.append((what, fix))
    if order.duplicates:
        what = say_many(
            "{n} certificate sent before: {names}",
            "{n} certificates sent before: {names}",
            len(order.duplicates),
            names=_names(facts, order.duplicates),
        )
        said.append((what, say("name each certificate once")))
    if order.extras:
        what = say_many(
            "{n} certificate beside the chain: {names}",
            "{n} certificates beside the chain: {names}",
            len(order.extras),
            names=_names(facts, order.extras),
        )
        fix = say("keep only the server's certificate and its intermediates in the chain file")
        said.append((what, fix))
    if order.root is not None:
        root = called(facts[order.root])
        said.append(
            (
                say("the root {root} was sent, too; a client must know it already", root=root),
                say("leave the root out, unless a TLSA record with usage 2 names it"),
            )
        )
    if order.missing:
        top = facts[order.path[-1]]
        sent = (facts[index] for index in order.extras)
        namesake = next((one for one in sent if _has_the_name(one, top)), None)
        said.append(_passed_over(top, namesake) if namesake else _missing(order, top))
    return said


def _names(facts: list[CertificateFacts], indexes: tuple[int, ...]) -> str:
    return ", ".join(called(facts[index]) for index in indexes[:3])


def _has_the_name(facts: CertificateFacts, child: CertificateFacts) -> bool:
    return facts.readable and facts.subject_canonical == child.issuer_canonical


def _passed_over(top: CertificateFacts, namesake: CertificateFacts) -> tuple[str, str]:
    """Say that a certificate with the issuer's name was sent and is not the issuer."""
    sentence = say(
        "what was sent leads to {called}; {called_2}, which was sent, has its issuer's"
        " name and cannot stand above it",
        called=called(top),
        called_2=called(namesake),
    )
    return sentence, say(fixes.REPLACE_CHAIN)


def _missing(order: OrderFacts, top: CertificateFacts) -> tuple[str, str]:
    """Say what the last certificate sent needs above it, a root or an intermediate."""
    last, where = called(top), ""
    if order.missing_urls:
        where = visible(issuer_address(order.missing_urls), 200)
    if not order.missing_issuer:
        sentence = say(
            "what was sent ends in {called}, and its issuer without name was not sent", called=last
        )
    else:
        sentence = say(
            "what was sent ends in {called}, and its issuer {issuer} was not sent",
            called=last,
            issuer=f'"{visible(order.missing_issuer, 120)}"',
        )
    if where:
        sentence = say(
            "{sentence} (the CA offers it at {address})", sentence=sentence, address=where
        )
    return sentence, say(
        "unless that issuer is a root that clients know, append it to the chain file behind the"
        " server's own: cat leaf.pem intermediate.pem > fullchain.pem"
    )
