"""Where a path ends, why it ends there, and what would take it on.

A path ends in a trust anchor, in a root nobody here trusts, or in a certificate whose issuer is not
at hand.  For the last it matters whether a certificate with the issuer's name was there and why it
was not taken.
"""

from dataclasses import dataclass

from mxwalk.language import say
from mxwalk.limits import PATH_CERTIFICATES, PATH_ISSUERS_TRIED
from mxwalk.pkix import fixes
from mxwalk.pkix.model import KeyIds, PathEnd, Reason
from mxwalk.pkix.naming import called, issuer_address
from mxwalk.pkix.traits import (
    algorithm_matches,
    key_ids,
    key_usable,
    likely_issued,
    looks_self_signed,
    self_issued,
    spoiled_by,
)
from mxwalk.text import visible
from mxwalk.tls.certificate import CertificateFacts, read_certificate


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of a path, in words, with what to do about it."""

    end: PathEnd
    text: str
    fix: str
    reason: Reason = Reason.ISSUER_MISSING
    dead_end: bool = False  # nothing is missing: a certificate itself keeps OpenSSL from going on


def ending(
    path: tuple[bytes, ...],
    *,
    trusted: bool,
    top_from_store: bool,
    others: tuple[bytes, ...] = (),
    store: tuple[bytes, ...] = (),
) -> Ending:
    """Say where a path ends; ``others`` are the certificates at hand that are not on it."""
    top = read_certificate(path[-1])
    if trusted:
        return Ending(
            PathEnd.ANCHOR, say("it ends in the trusted root {called}", called=called(top)), ""
        )
    if looks_self_signed(top):
        if len(path) == 1:
            text = say("the server's certificate is signed by its own key; no CA vouches for it")
            return Ending(
                PathEnd.UNTRUSTED_ROOT, text, say(fixes.SELF_SIGNED), Reason.SELF_SIGNED_LEAF
            )
        text = say(
            "it ends in the root {called}, which is not among the trusted ones", called=called(top)
        )
        return Ending(PathEnd.UNTRUSTED_ROOT, text, say(fixes.UNKNOWN_ROOT), Reason.UNTRUSTED_ROOT)
    if len(path) > PATH_CERTIFICATES:
        text = say(
            "it is longer than {path_certificates} certificates and was not followed further",
            path_certificates=PATH_CERTIFICATES,
        )
        return Ending(PathEnd.LIMIT, text, say(fixes.SHORTEN))
    if not key_usable(top) and any(likely_issued(read_certificate(der), top) for der in store):
        text = say(
            "the public key of {called} cannot be read; OpenSSL gives up there", called=called(top)
        )
        return _dead_end(text, say(fixes.NEW_KEY), Reason.UNREADABLE)
    if top_from_store and self_issued(top):
        text = say(
            "the trust store holds {called}, which names itself as its issuer, but"
            " {not_taken}; OpenSSL does not take it for a root",
            called=called(top),
            not_taken=_not_taken(top, top),
        )
        return _dead_end(text, say(fixes.NO_ROOT))
    if top_from_store:
        text = say(
            "the trust store holds {called} but not its issuer {issuer}; OpenSSL trusts roots only",
            called=called(top),
            issuer=_issuer(top),
        )
        return Ending(PathEnd.ISSUER_MISSING, text, say(fixes.STORE_INCOMPLETE))
    return _issuer_missing(
        top, others, say(fixes.APPEND) if len(path) == 1 else say(fixes.APPEND_OR_TRUST)
    )


def _dead_end(text: str, fix: str, reason: Reason = Reason.ISSUER_MISSING) -> Ending:
    return Ending(PathEnd.ISSUER_MISSING, text, fix, reason, dead_end=True)


def _issuer_missing(top: CertificateFacts, others: tuple[bytes, ...], fix: str) -> Ending:
    who = called(top)
    if spoiled := spoiled_by(top):
        text = say(
            "OpenSSL looks for no issuer of {who}, because {spoiled}", who=who, spoiled=spoiled
        )
        return _dead_end(text, say(fixes.REISSUE))
    if not top.readable:
        text = say("the server's certificate cannot be read")
        return _dead_end(text, say(fixes.REISSUE))
    named = [
        facts
        for facts in map(read_certificate, others)
        if facts.readable and facts.subject_canonical == top.issuer_canonical
    ][:PATH_ISSUERS_TRIED]
    for facts in named:
        if why := _not_taken(facts, top):
            text = say(
                "the issuer of {who} by name, {called}, was there but not taken: {why}",
                who=who,
                called=called(facts),
                why=why,
            )
            return _dead_end(text, say(fixes.REPLACE_CHAIN))
    if self_issued(top):
        text = say(
            "{who} names itself as its issuer, but {not_taken}",
            who=who,
            not_taken=_not_taken(top, top),
        )
        return _dead_end(text, say(fixes.REISSUE))
    if top.issuer:
        text = say(
            "the issuer of {who}, {issuer}, was neither sent nor is it in the trust store",
            who=who,
            issuer=_issuer(top),
        )
    else:
        text = say(
            "the issuer of {who}, which has no name, was neither sent nor is it in the trust store",
            who=who,
        )
    if not top.ca_issuer_urls:
        return Ending(PathEnd.ISSUER_MISSING, text, fix)
    url = visible(issuer_address(top.ca_issuer_urls), 200)
    return Ending(
        PathEnd.ISSUER_MISSING, text, say("{fix}; the CA offers it at {url}", fix=fix, url=url)
    )


def _not_taken(issuer: CertificateFacts, child: CertificateFacts) -> str:
    if likely_issued(issuer, child):
        return ""
    if spoiled := spoiled_by(issuer):
        return spoiled
    if not key_usable(issuer):
        return say("its public key cannot be read")
    if key_ids(issuer, child) is KeyIds.DIFFER:
        return say("its key identifier is not the one the certificate names")
    if not algorithm_matches(issuer, child):
        return say(
            "a key of its type ({type}) cannot have made the signature", type=issuer.key.type
        )
    return say("its issuer and serial number are not those the certificate names")


def _issuer(facts: CertificateFacts) -> str:
    return f'"{visible(facts.issuer, 160)}"' if facts.issuer else say("which has no name")
