"""What every receiver reads from a message walk: DMARC with its own limits, and the words for it."""

from mxwalk.evidence.step import StepKind
from mxwalk.language import say
from mxwalk.mailauth.case import MessageCase
from mxwalk.mailauth.dkim.model import DkimResult, SignatureVerdict
from mxwalk.mailauth.dmarc.assess import assess
from mxwalk.mailauth.dmarc.discovery import domain_key
from mxwalk.mailauth.dmarc.model import (
    Assessment,
    Method,
    Policy,
    PolicyFound,
    Reading,
)
from mxwalk.mailauth.open_points import looked_at
from mxwalk.text import visible

LOG_CHARS = 4_000  # a field with every signature that the limits let in
_SHOWN = 20
_NAME = 120
_LAST = (StepKind.DISPOSITION, StepKind.ALIGNMENT, StepKind.DMARC)


def assessed(case: MessageCase, reading: Reading, limit: int = 0) -> Assessment | None:
    """Return DMARC as a receiver with this limit of signatures sees it; ``None`` before discovery."""
    if not limit or len(case.verdicts) <= limit or reading not in case.assessments:
        return case.assessments.get(reading)
    mailfrom = case.mailfrom.evaluation if case.mailfrom else None
    return assess(
        reading,
        tuple(dict.fromkeys(map(domain_key, case.message.author_domains))),
        (mailfrom.result.value, mailfrom.domain) if mailfrom else None,
        [
            (one.signature.number, one.signature.domain, one.result.value)
            for one in looked_at(case, limit)
            if one.signature.domain and one.step is not None
        ],
        case.discoveries,
    )


def decisive_step(case: MessageCase) -> int | None:
    """Return the seq of the step that DMARC was decided in: the last of those that were made."""
    return next((case.steps[kind.value] for kind in _LAST if kind.value in case.steps), None)


def authenticated(assessment: Assessment) -> bool:
    """Say whether an aligned identifier passes, whether or not a policy is published."""
    return any(one.counts and not one.uncertain for one in assessment.alignments)


def how_authenticated(assessment: Assessment) -> str:
    """Return which identifier it was, empty without one."""
    for one in assessment.alignments:
        if one.counts and not one.uncertain:
            what = (
                "SPF"
                if one.method is Method.SPF
                else say("DKIM signature {number}", number=one.number)
            )
            return say("{what} passes for {domain}", what=what, domain=one.domain)
    return ""


def receiver_name(case: MessageCase) -> str:
    """Return the name in the headers the receiver writes; a documentation name if none is known."""
    known = case.given.receiver or case.arrival.receiver.value
    return visible(known, _NAME) or "receiver.example"


def dmarc_words(assessment: Assessment, disposition: Policy | None) -> str:
    """Return the ``dmarc=`` part of Authentication-Results, with policy and disposition as comment.

    RFC 8601 2.7.6 with RFC 9989 9.2; the comment is what receivers write by custom.
    """
    asked = assessment.policy.asked
    comment = ""
    if asked is not None:
        done = (disposition or Policy.NONE).value
        comment = f" ({_tag(assessment.policy)}={asked.value} dis={done})"
    return f"dmarc={assessment.result.value}{comment} header.from={assessment.author_domain}"


def _tag(policy: PolicyFound) -> str:
    return policy.tag or "p"


def results_words(
    case: MessageCase, assessment: Assessment, disposition: Policy | None, limit: int = 0
) -> str:
    """Return an Authentication-Results field on one line: SPF, signatures, DMARC (RFC 8601 2.2)."""
    parts = [receiver_name(case)]
    if case.mailfrom is not None:
        mailfrom = case.mailfrom.evaluation
        parts.append(f"spf={mailfrom.result.value} smtp.mailfrom={visible(mailfrom.domain, _NAME)}")
    signatures = looked_at(case, limit)
    parts += [_dkim_words(one) for one in signatures[:_SHOWN]]
    if len(signatures) > _SHOWN:
        parts.append(f"... ({len(signatures) - _SHOWN} more)")
    if not signatures:
        parts.append(f"dkim={DkimResult.NONE.value}")
    parts.append(dmarc_words(assessment, disposition))
    return f"Authentication-Results: {'; '.join(parts)}"


def _dkim_words(one: SignatureVerdict) -> str:
    domain = visible(one.signature.domain, _NAME)
    selector = visible(one.signature.selector, _NAME)
    where = f" header.d={domain} header.s={selector}" if domain else ""
    return f"dkim={one.result.value}{where}"
