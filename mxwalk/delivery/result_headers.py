"""What a message claims of its authentication, and what a receiver would write on top of it.

A claim is worth what its writer is worth: only a field in the name of the receiver itself counts (RFC
8601 5).  The others are read all the same, and the topmost is held against what was found here.
"""

from collections.abc import Iterator

from mxwalk.evidence.mailauth import SpfIdentity
from mxwalk.limits import MESSAGE_CLAIMS_COMPARED
from mxwalk.mailauth.case import MessageCase, SpfCheck, WrittenHeader
from mxwalk.mailauth.dkim.model import Reason, SignatureVerdict
from mxwalk.mailauth.dmarc.model import Assessment, DmarcResult, Reading
from mxwalk.mailauth.message import HeaderField, Message
from mxwalk.mailauth.open_points import open_points
from mxwalk.mailauth.results.comparing import Around, Difference, Ours, compare, is_trusted
from mxwalk.mailauth.results.model import FIELD, AuthResults
from mxwalk.mailauth.results.reading import read
from mxwalk.mailauth.results.writing import (
    arc_result,
    dkim_result,
    dmarc_result,
    spf_result,
    write,
)
from mxwalk.mailauth.spf.headers import received_spf
from mxwalk.text import visible

RECEIVER = "receiver.example"
_NAME = 253
_GONE = (Reason.KEY_MISSING, Reason.KEY_REVOKED)
_CHANGED = (Reason.BODY_HASH, Reason.HEADER)


def claims_of(message: Message) -> tuple[AuthResults, ...]:
    """Return the message's own Authentication-Results fields as read, from the top."""
    return tuple(read(field.value) for field in _fields(message))


def written_headers(case: MessageCase) -> tuple[WrittenHeader, ...]:
    """Return the fields a receiver would put on top: Received-SPF for each identity, then results."""
    name = receiver_of(case) or RECEIVER
    checks = [case.spf[identity] for identity in SpfIdentity if identity in case.spf]
    lines = [received_spf(one.evaluation, one.identity, name) for one in checks]
    lines.append(write(name, tuple(one.result for one in our_results(case))))
    return tuple(_header(line) for line in lines)


def differences_of(case: MessageCase) -> tuple[Difference, ...]:
    """Return where the field of the receiver, or else the topmost, differs from what was found."""
    name = receiver_of(case)
    pairs = list(zip(_fields(case.message), case.claims, strict=False))
    ours = tuple(our_results(case))
    if not pairs or not ours:
        return ()
    trusted = Around(trusted=(name,) if name else ())
    field, claimed = next((pair for pair in pairs if is_trusted(pair[1], trusted)), pairs[0])
    received = case.message.named("Received")
    above = sum(one.number < field.number for one in received)
    asked = [one for one in ours if _is_comparable(one, claimed)]
    return compare(asked, claimed, Around(trusted=trusted.trusted, hops_since=above))


def _is_comparable(one: Ours, claimed: AuthResults) -> bool:
    """Leave out HELO where the field has no result for it: most receivers tell of MAIL FROM alone."""
    if not one.result.get("smtp.helo"):
        return True
    return any(
        other.get("smtp.helo") and not other.get("smtp.mailfrom") for other in claimed.of("spf")
    )


def receiver_of(case: MessageCase) -> str:
    """Return the name of the receiving host, empty where it is not known."""
    return visible(case.given.receiver or case.arrival.receiver.value, _NAME)


def our_results(case: MessageCase) -> Iterator[Ours]:
    """Yield each result of this walk with what may explain that a claim differs."""
    for identity in SpfIdentity:
        if identity in case.spf:
            yield _spf(case.spf[identity])
    for verdict in case.verdicts:
        if verdict.step is not None:
            yield _dkim(verdict)
    if case.arc is not None and not case.arc.open:
        yield Ours(result=arc_result(case.arc.evidence.result))
    assessment = case.assessment()
    if assessment is not None and not _is_open(case, assessment):
        yield _dmarc(assessment, case.assessment(Reading.RFC7489))


def _is_open(case: MessageCase, assessment: Assessment) -> bool:
    """Say whether DMARC fails only as far as it was looked at: then nothing is said of it."""
    return assessment.result is DmarcResult.FAIL and bool(open_points(case, assessment))


def _fields(message: Message) -> tuple[HeaderField, ...]:
    return message.named(FIELD)[:MESSAGE_CLAIMS_COMPARED]


def _header(line: str) -> WrittenHeader:
    name, _, value = line.partition(":")
    return WrittenHeader(name=name, value=value.removeprefix(" "))


def _spf(check: SpfCheck) -> Ours:
    found = check.evaluation
    if check.identity is SpfIdentity.HELO:
        return Ours(result=spf_result(found.result.value, helo=found.domain))
    return Ours(result=spf_result(found.result.value, mailfrom=found.sender or found.domain))


def _dkim(verdict: SignatureVerdict) -> Ours:
    signature = verdict.signature
    passed = verdict.reason is Reason.VALID
    result = dkim_result(
        verdict.result.value,
        domain=signature.domain,
        selector=signature.selector,
        identity=signature.identity,
        algorithm=signature.algorithm,
        signature=signature.tags.get("b") or "",
        comment="" if passed else verdict.reason.value,
    )
    return Ours(
        result=result,
        key_gone=verdict.reason in _GONE,
        expired=verdict.reason is Reason.EXPIRED,
        changed=verdict.reason in _CHANGED,
        beyond_limit=verdict.reason is Reason.BEYOND_LIMIT,
    )


def _dmarc(assessment: Assessment, other: Assessment | None) -> Ours:
    asked = assessment.policy.asked
    result = dmarc_result(
        assessment.result.value,
        from_domain=assessment.author_domain,
        policy=asked.value if asked else "",
    )
    return Ours(result=result, other_reading=other.result.value if other else "")
