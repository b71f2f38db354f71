"""What a CRL is worth for a certificate at a time (RFC 5280 6.3.3).

A delta CRL is named and not applied.  A list for some reasons only can say "revoked", never "good".
"""

from datetime import datetime

from mxwalk.clock import from_rfc3339
from mxwalk.evidence.revocation import (
    CrlAsked,
    CrlEntry,
    CrlExtract,
    CrlSignature,
    RevocationOf,
)
from mxwalk.language import say, say_many
from mxwalk.revocation.freshness import age
from mxwalk.revocation.model import (
    Fault,
    Revocation,
    SourceKind,
    SourceStanding,
    Standing,
    Worth,
)
from mxwalk.revocation.names import same_name
from mxwalk.revocation.reasons import HOLD, REMOVED, reason_meaning
from mxwalk.revocation.scope import Cover, cover
from mxwalk.revocation.words import weakness, why
from mxwalk.text import visible
from mxwalk.tls.authority_names import name_text
from mxwalk.tls.certificate import read_certificate

_URL_CHARS = 300


def judge_crl(asked: CrlAsked, of: RevocationOf, at: datetime) -> SourceStanding:
    """Say what a distribution point's answer is worth for ``of.certificate`` at ``at``."""
    extract = asked.extract
    if extract is None:
        problem = visible(asked.fetch.problem) or say("nothing usable came")
        worth = Worth(
            Standing.UNREACHABLE,
            say("it could not be had: {problem}", problem=problem),
            Fault.RESOLVER if asked.fetch.untold else Fault.NO_ANSWER,
        )
        extract = CrlExtract()
    else:
        worth = _judged(extract, of, at)
    return SourceStanding(
        kind=SourceKind.CRL,
        url=visible(asked.fetch.url, _URL_CHARS),
        standing=worth.standing,
        sentence=worth.sentence,
        fault=worth.fault,
        this_update=_time(extract.this_update),
        next_update=_time(extract.next_update),
        revocation=_revocation(extract.entry) if extract.entry else None,
        remarks=_remarks(extract),
    )


def _remarks(extract: CrlExtract) -> tuple[str, ...]:
    found = [visible(say(remark)) for remark in extract.remarks]
    if extract.freshest:  # RFC 5280 5.2.6
        where = visible(", ".join(extract.freshest), _URL_CHARS)
        found.append(
            say(
                "newer entries may be in a delta CRL, which is not applied here: {where}",
                where=where,
            )
        )
    found += weakness(visible(extract.signature_algorithm))
    return tuple(found)


def _judged(extract: CrlExtract, of: RevocationOf, at: datetime) -> Worth:
    unusable = _unusable(extract, of)
    if unusable is not None:
        return unusable
    covered, limits = cover(extract.scope, extract.issuer, of.certificate)
    match covered:
        case Cover.OTHER_ISSUER | Cover.OTHER_POINT | Cover.OTHER_KIND | Cover.UNREADABLE:
            said = say("it is not for this certificate: {limits}", limits=limits)
            return Worth(Standing.INVALID, said, Fault.OTHER_SUBJECT)
        case Cover.ALL_REASONS | Cover.SOME_REASONS:
            pass
    made = age(_time(extract.this_update), _time(extract.next_update), at)
    if extract.entry is not None and extract.entry.reason != REMOVED:
        said = why(_revocation(extract.entry))
        # A hold may have been lifted since; every other revocation is final (RFC 5280 5.3.1).
        if made.current or extract.entry.reason != HOLD:
            return Worth(Standing.REVOKED, f"{said}; {made.text}", made.fault)
        return Worth(
            Standing.EXPIRED_DATA,
            say("{made}; at that time: {said}", made=made.text, said=said),
            made.fault,
        )
    if not made.current:
        said = say("{made}; it does not list the certificate", made=made.text)
        return Worth(Standing.EXPIRED_DATA, said, made.fault)
    if covered is Cover.SOME_REASONS:
        said = say("not listed, but {limits}; {made}", limits=limits, made=made.text)
        return Worth(Standing.UNKNOWN, said, Fault.SOME_REASONS)
    where = (
        say_many("not among its {n:,} entry", "not among its {n:,} entries", extract.entries)
        if extract.entries
        else say("the list is empty")
    )
    return Worth(Standing.GOOD, f"{where}; {made.text}")


def _unusable(extract: CrlExtract, of: RevocationOf) -> Worth | None:
    """Say why the list counts for nothing; ``None`` if it counts."""
    if extract.problem:
        return Worth(Standing.INVALID, visible(say(extract.problem)), Fault.MALFORMED)
    if extract.unhandled:  # RFC 5280 5.2 and 5.3: it must not be used
        names = visible(", ".join(extract.unhandled))
        said = say("it has critical extensions that nobody here understands: {names}", names=names)
        return Worth(Standing.UNKNOWN, said, Fault.CRITICAL)
    match extract.signature:
        case CrlSignature.WRONG:
            said = _wrong_signature(extract, of.issuer)
            return Worth(Standing.INVALID, said, Fault.SIGNATURE)
        case CrlSignature.UNKNOWN:
            said = _unknown_signature(extract, of.issuer)
            return Worth(Standing.UNKNOWN, said, Fault.UNVERIFIABLE)
        case CrlSignature.VERIFIED:
            pass
    usage = read_certificate(of.issuer).key_usage
    if usage and "cRLSign" not in usage:  # RFC 5280 6.3.3 (f)
        said = say("the issuer's certificate does not allow its key to sign CRLs")
        return Worth(Standing.INVALID, said, Fault.SIGNER)
    if extract.base:
        base = visible(extract.base)
        if extract.entry:
            said = say(
                "it is a delta CRL for number {base}, which is not applied here, and lists it: {why}",
                base=base,
                why=why(_revocation(extract.entry)),
            )
        else:
            said = say("it is a delta CRL for number {base}, which is not applied here", base=base)
        return Worth(Standing.UNKNOWN, said, Fault.DELTA)
    return None


def _wrong_signature(extract: CrlExtract, issuer: bytes) -> str:
    ours, theirs = read_certificate(issuer).subject_key_id, visible(extract.authority_key_id)
    if ours and theirs and ours != theirs:
        return say(
            "the issuer's key did not sign it: it names key {theirs}, the issuer's is {ours}",
            theirs=theirs,
            ours=ours,
        )
    return say("its signature is wrong: the issuer's key did not make it")


def _unknown_signature(extract: CrlExtract, issuer: bytes) -> str:
    if not issuer:
        return say("its signature cannot be checked without the issuer's certificate")
    if not same_name(extract.issuer, read_certificate(issuer).subject_der):
        name = name_text(extract.issuer) or say("an issuer whose name cannot be read")
        return say(
            "its signature cannot be checked: it was made by {name}, whose key is not at hand",
            name=name,
        )
    kind = visible(extract.signature_algorithm) or say("an unreadable algorithm")
    return say("its signature cannot be checked: {kind}", kind=kind)


def _revocation(entry: CrlEntry) -> Revocation:
    return Revocation(
        revoked_at=_time(entry.revoked_at),
        reason=visible(entry.reason),
        meaning=reason_meaning(entry.reason),
        invalid_since=_time(entry.invalid_since),
    )


def _time(text: str) -> datetime | None:
    try:
        return from_rfc3339(text)
    except ValueError:
        return None
