"""What an OCSP response is worth for a certificate at a time (RFC 6960 3.2)."""

from datetime import datetime

from mxwalk.evidence.revocation import OcspAsked, RevocationOf
from mxwalk.revocation.freshness import CLOCK_SKEW, age
from mxwalk.revocation.model import (
    Fault,
    Revocation,
    SourceKind,
    SourceStanding,
    Standing,
    Worth,
)
from mxwalk.revocation.ocsp import read_ocsp
from mxwalk.revocation.ocsp_model import (
    CertIdMatch,
    CertStatus,
    OcspRead,
    ResponseStatus,
    Signer,
    SingleResponse,
)
from mxwalk.revocation.reasons import HOLD
from mxwalk.revocation.words import day, weakness, why
from mxwalk.text import visible
from mxwalk.tls.certificate import read_certificate
from mxwalk.tls.keys import SignatureCheck

_URL_CHARS = 300
_STATUSES = {
    ResponseStatus.MALFORMED_REQUEST: "it says that the request is malformed",
    ResponseStatus.INTERNAL_ERROR: "it reports an internal error",
    ResponseStatus.TRY_LATER: "it says to try again later",
    ResponseStatus.SIG_REQUIRED: "it answers signed requests only",
    ResponseStatus.UNAUTHORIZED: "it does not answer for this certificate (unauthorized)",
    ResponseStatus.OTHER: "it answers with a status that RFC 6960 does not know",
}


def judge_ocsp(asked: OcspAsked, of: RevocationOf, at: datetime) -> SourceStanding:
    """Say what a responder's or the server's response is worth for ``of.certificate`` at ``at``."""
    kind = SourceKind.OCSP if asked.fetch else SourceKind.STAPLE
    url = visible(asked.fetch.url, _URL_CHARS) if asked.fetch else ""
    if not asked.response:
        problem = visible(asked.fetch.problem) if asked.fetch else ""
        sentence = f"no response could be had: {problem or 'nothing usable came'}"
        return SourceStanding(
            kind=kind,
            url=url,
            standing=Standing.UNREACHABLE,
            sentence=sentence,
            fault=Fault.NO_ANSWER,
        )
    read = read_ocsp(asked.response, of.certificate, of.issuer)
    worth = _judged(read, at)
    answer = read.answer
    return SourceStanding(
        kind=kind,
        url=url,
        standing=worth.standing,
        sentence=worth.sentence,
        fault=worth.fault,
        this_update=answer.this_update if answer else None,
        next_update=answer.next_update if answer else None,
        revocation=answer.revocation if answer else None,
        remarks=read.remarks + weakness(read.signature_algorithm),
    )


def _judged(read: OcspRead, at: datetime) -> Worth:
    if read.status is ResponseStatus.UNREADABLE:
        return Worth(Standing.INVALID, read.problem, Fault.MALFORMED)
    if read.status is not ResponseStatus.SUCCESSFUL:
        return Worth(Standing.UNKNOWN, _STATUSES[read.status], Fault.REFUSED)
    untrusted = _untrusted(read, at)
    if untrusted is not None:
        return untrusted
    if read.answer is None:
        return _about_others(read)
    critical = read.unhandled + read.answer.unhandled
    if critical:
        names = visible(", ".join(critical))
        said = f"it has critical extensions that nobody here understands: {names}"
        return Worth(Standing.UNKNOWN, said, Fault.CRITICAL)
    return _answered(read.answer, at)


def _untrusted(read: OcspRead, at: datetime) -> Worth | None:
    """Say why the signature does not carry the answer; ``None`` if it does (RFC 6960 3.2)."""
    if read.signature is SignatureCheck.WRONG:
        said = f"its signature is wrong: {read.responder} did not make it"
        return Worth(Standing.INVALID, said, Fault.SIGNATURE)
    if read.signer is Signer.UNKNOWN:
        said = f"its signature cannot be checked: {read.signer_problem}"
        return Worth(Standing.UNKNOWN, said, Fault.UNVERIFIABLE)
    if read.signer is Signer.UNAUTHORIZED:
        said = f"its signer has no authority: {read.signer_problem}"
        return Worth(Standing.INVALID, said, Fault.SIGNER)
    if read.signature is SignatureCheck.UNKNOWN:
        kind = read.signature_algorithm or "an unreadable algorithm"
        said = f"its signature cannot be checked: {kind}"
        return Worth(Standing.UNKNOWN, said, Fault.UNVERIFIABLE)
    if read.signer is Signer.DELEGATED:
        facts = read_certificate(read.signer_certificate)
        if facts.not_after is None or at - facts.not_after > CLOCK_SKEW:
            said = f"the responder's certificate ended on {day(facts.not_after)}"
            return Worth(Standing.INVALID, said, Fault.SIGNER)
        if facts.not_before is None or facts.not_before - at > CLOCK_SKEW:
            said = f"the responder's certificate begins on {day(facts.not_before)}"
            return Worth(Standing.INVALID, said, Fault.SIGNER)
    return None


def _about_others(read: OcspRead) -> Worth:
    if not read.answers:
        return Worth(Standing.INVALID, "it holds no status at all", Fault.MALFORMED)
    first = read.answers[0]
    match first.match:
        case CertIdMatch.OTHER_CERTIFICATE:
            said = f"it is about another certificate, serial number {first.serial}"
            return Worth(Standing.INVALID, said, Fault.OTHER_SUBJECT)
        case CertIdMatch.OTHER_ISSUER:
            said = "it is about a certificate of another issuer"
            return Worth(Standing.INVALID, said, Fault.OTHER_SUBJECT)
        case CertIdMatch.UNKNOWN | CertIdMatch.THIS:
            named = f"it names certificates with {first.hash_algorithm}"
            said = f"{named}, which cannot be compared here"
            return Worth(Standing.UNKNOWN, said, Fault.UNVERIFIABLE)


def _answered(answer: SingleResponse, at: datetime) -> Worth:
    made = age(answer.this_update, answer.next_update, at)
    revoked = answer.revocation
    if answer.status is CertStatus.REVOKED and revoked is not None:
        if _never_issued(revoked):
            said = "it was never issued (the responder's way to say so, RFC 6960 2.2)"
            return Worth(Standing.REVOKED, f"{said}; {made.text}", made.fault)
        # A hold may have been lifted since; every other revocation is final (RFC 5280 5.3.1).
        if made.current or revoked.reason != HOLD:
            return Worth(Standing.REVOKED, f"{why(revoked)}; {made.text}", made.fault)
        said = f"{made.text}; at that time: {why(revoked)}"
        return Worth(Standing.EXPIRED_DATA, said, made.fault)
    if not made.current:
        said = f"{made.text}; it said {answer.status.value}"
        return Worth(Standing.EXPIRED_DATA, said, made.fault)
    if answer.status is CertStatus.UNKNOWN:
        said = f"the responder does not know the certificate; {made.text}"
        return Worth(Standing.UNKNOWN, said, Fault.STATUS_UNKNOWN)
    return Worth(Standing.GOOD, f"good; {made.text}")


def _never_issued(revoked: Revocation) -> bool:
    """RFC 6960 2.2: on hold since the first of January 1970."""
    moment = revoked.revoked_at
    return revoked.reason == HOLD and moment is not None and moment.timestamp() == 0
