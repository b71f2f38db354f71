"""What an OCSP response is worth for a certificate at a time (RFC 6960 3.2)."""

from datetime import datetime

from mxwalk.evidence.revocation import OcspAsked, RevocationOf
from mxwalk.language import noted, say
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
    ResponseStatus.MALFORMED_REQUEST: noted("it says that the request is malformed"),
    ResponseStatus.INTERNAL_ERROR: noted("it reports an internal error"),
    ResponseStatus.TRY_LATER: noted("it says to try again later"),
    ResponseStatus.SIG_REQUIRED: noted("it answers signed requests only"),
    ResponseStatus.UNAUTHORIZED: noted("it does not answer for this certificate (unauthorized)"),
    ResponseStatus.OTHER: noted("it answers with a status that RFC 6960 does not know"),
}


def judge_ocsp(asked: OcspAsked, of: RevocationOf, at: datetime) -> SourceStanding:
    """Say what a responder's or the server's response is worth for ``of.certificate`` at ``at``."""
    kind = SourceKind.OCSP if asked.fetch else SourceKind.STAPLE
    url = visible(asked.fetch.url, _URL_CHARS) if asked.fetch else ""
    if not asked.response:
        problem = visible(asked.fetch.problem) if asked.fetch else ""
        sentence = say(
            "no response could be had: {problem}", problem=problem or say("nothing usable came")
        )
        return SourceStanding(
            kind=kind,
            url=url,
            standing=Standing.UNREACHABLE,
            sentence=sentence,
            fault=Fault.RESOLVER if asked.fetch and asked.fetch.untold else Fault.NO_ANSWER,
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
        return Worth(Standing.UNKNOWN, say(_STATUSES[read.status]), Fault.REFUSED)
    untrusted = _untrusted(read, at)
    if untrusted is not None:
        return untrusted
    if read.answer is None:
        return _about_others(read)
    critical = read.unhandled + read.answer.unhandled
    if critical:
        names = visible(", ".join(critical))
        said = say("it has critical extensions that nobody here understands: {names}", names=names)
        return Worth(Standing.UNKNOWN, said, Fault.CRITICAL)
    return _answered(read.answer, at)


def _untrusted(read: OcspRead, at: datetime) -> Worth | None:
    """Say why the signature does not carry the answer; ``None`` if it does (RFC 6960 3.2)."""
    if read.signature is SignatureCheck.WRONG:
        said = say("its signature is wrong: {responder} did not make it", responder=read.responder)
        return Worth(Standing.INVALID, said, Fault.SIGNATURE)
    if read.signer is Signer.UNKNOWN:
        said = say(
            "its signature cannot be checked: {signer_problem}", signer_problem=read.signer_problem
        )
        return Worth(Standing.UNKNOWN, said, Fault.UNVERIFIABLE)
    if read.signer is Signer.UNAUTHORIZED:
        said = say(
            "its signer has no authority: {signer_problem}", signer_problem=read.signer_problem
        )
        return Worth(Standing.INVALID, said, Fault.SIGNER)
    if read.signature is SignatureCheck.UNKNOWN:
        kind = read.signature_algorithm or say("an unreadable algorithm")
        said = say("its signature cannot be checked: {kind}", kind=kind)
        return Worth(Standing.UNKNOWN, said, Fault.UNVERIFIABLE)
    if read.signer is Signer.DELEGATED:
        facts = read_certificate(read.signer_certificate)
        if facts.not_after is None or at - facts.not_after > CLOCK_SKEW:
            said = say("the responder's certificate ended on {day}", day=day(facts.not_after))
            return Worth(Standing.INVALID, said, Fault.SIGNER)
        if facts.not_before is None or facts.not_before - at > CLOCK_SKEW:
            said = say("the responder's certificate begins on {day}", day=day(facts.not_before))
            return Worth(Standing.INVALID, said, Fault.SIGNER)
    return None


def _about_others(read: OcspRead) -> Worth:
    if not read.answers:
        return Worth(Standing.INVALID, say("it holds no status at all"), Fault.MALFORMED)
    first = read.answers[0]
    match first.match:
        case CertIdMatch.OTHER_CERTIFICATE:
            said = say(
                "it is about another certificate, serial number {serial}", serial=first.serial
            )
            return Worth(Standing.INVALID, said, Fault.OTHER_SUBJECT)
        case CertIdMatch.OTHER_ISSUER:
            said = say("it is about a certificate of another issuer")
            return Worth(Standing.INVALID, said, Fault.OTHER_SUBJECT)
        case CertIdMatch.UNKNOWN | CertIdMatch.THIS:
            said = say(
                "it names certificates with {hash_algorithm}, which cannot be compared here",
                hash_algorithm=first.hash_algorithm,
            )
            return Worth(Standing.UNKNOWN, said, Fault.UNVERIFIABLE)


def _answered(answer: SingleResponse, at: datetime) -> Worth:
    made = age(answer.this_update, answer.next_update, at)
    revoked = answer.revocation
    if answer.status is CertStatus.REVOKED and revoked is not None:
        if _never_issued(revoked):
            said = say("it was never issued (the responder's way to say so, RFC 6960 2.2)")
            return Worth(Standing.REVOKED, f"{said}; {made.text}", made.fault)
        # A hold may have been lifted since; every other revocation is final (RFC 5280 5.3.1).
        if made.current or revoked.reason != HOLD:
            return Worth(Standing.REVOKED, f"{why(revoked)}; {made.text}", made.fault)
        said = say("{made}; at that time: {why}", made=made.text, why=why(revoked))
        return Worth(Standing.EXPIRED_DATA, said, made.fault)
    if not made.current:
        said = say("{made}; it said {status}", made=made.text, status=answer.status.value)
        return Worth(Standing.EXPIRED_DATA, said, made.fault)
    if answer.status is CertStatus.UNKNOWN:
        said = say("the responder does not know the certificate; {made}", made=made.text)
        return Worth(Standing.UNKNOWN, said, Fault.STATUS_UNKNOWN)
    return Worth(Standing.GOOD, say("good; {made}", made=made.text))


def _never_issued(revoked: Revocation) -> bool:
    """RFC 6960 2.2: on hold since the first of January 1970."""
    moment = revoked.revoked_at
    return revoked.reason == HOLD and moment is not None and moment.timestamp() == 0
